import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A directory that is gone after the test. */
export function scratch(): string {
  const dir = mkdtempSync(join(tmpdir(), 'racelore-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export function mail(id: string, subject: string, more = '', body = 'Hello.'): string {
  return `From: Ann <ann@example.org>\nDate: Mon, 1 Jun 2026 10:00:00 +0000\nSubject: ${subject}\nMessage-ID: <${id}>\n${more}\n${body}\n`;
}

/** Files of a maildir by their paths below it. */
export function maildir(files: ReadonlyMap<string, string | Buffer>): string {
  const dir = scratch();
  for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(dir, part));
  for (const [path, content] of files) writeFileSync(join(dir, path), content);
  return dir;
}

/** A public-inbox epoch: each mail one commit with the file `m`; undefined is a commit that takes one back. */
export function epoch(...mails: readonly (string | Buffer | undefined)[]): string {
  const dir = join(scratch(), '0.git');
  const git = (args: readonly string[], input = Buffer.alloc(0)): Buffer =>
    execFileSync('git', [`--git-dir=${dir}`, ...args], { input });
  execFileSync('git', ['init', '-q', '--bare', dir]);
  git(['symbolic-ref', 'HEAD', 'refs/heads/main']);
  const commits = mails.flatMap((content) => {
    const bytes = Buffer.from(content ?? 'gone');
    const file = content === undefined ? 'd' : 'm';
    const head = `commit refs/heads/main\ncommitter A <a@b> 1 +0000\ndata 0\ndeleteall\nM 100644 inline ${file}\ndata ${bytes.length}\n`;
    return [Buffer.from(head), bytes, Buffer.from('\n')];
  });
  git(['fast-import', '--quiet'], Buffer.concat(commits));
  return dir;
}
