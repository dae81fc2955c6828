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

function git(dir: string, args: readonly string[], input?: string | Buffer): string {
  const identity = ['-c', 'user.name=A', '-c', 'user.email=a@b', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [`--git-dir=${dir}`, ...identity, ...args], {
    input,
    encoding: 'utf8',
  });
}

/** A public-inbox epoch: each mail one commit with the file `m`; undefined is a commit that takes one back. */
export function epoch(...mails: readonly (string | Buffer | undefined)[]): string {
  const dir = join(scratch(), '0.git');
  execFileSync('git', ['init', '-q', '--bare', dir]);
  let parent = '';
  for (const content of mails) {
    const blob = git(dir, ['hash-object', '-w', '--stdin'], content ?? 'gone').trim();
    const name = content === undefined ? 'd' : 'm';
    const tree = git(dir, ['mktree'], `100644 blob ${blob}\t${name}\n`).trim();
    const on = parent === '' ? [] : ['-p', parent];
    parent = git(dir, ['commit-tree', tree, ...on], 'mail').trim();
  }
  git(dir, ['update-ref', 'HEAD', parent]);
  return dir;
}
