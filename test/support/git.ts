/** A git repository of a test, with authors and dates that are always the same. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class Repository {
  readonly dir = mkdtempSync(join(tmpdir(), 'racelore-git-'));
  #commits = 0;

  constructor() {
    this.run('init', '-q', '-b', 'main');
  }

  /** Output of a git command that must not fail. */
  run(...args: readonly string[]): string {
    return this.fed('', ...args);
  }

  /** The same with something on standard input. */
  fed(input: string | Uint8Array, ...args: readonly string[]): string {
    const env = {
      PATH: process.env['PATH'],
      HOME: this.dir,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'Ann Author',
      GIT_AUTHOR_EMAIL: 'ann@example.org',
      GIT_COMMITTER_NAME: 'Ann Author',
      GIT_COMMITTER_EMAIL: 'ann@example.org',
      GIT_AUTHOR_DATE: `${1_780_000_000 + this.#commits} +0000`,
      GIT_COMMITTER_DATE: `${1_780_000_000 + this.#commits} +0000`,
    };
    const done = spawnSync('git', args, { cwd: this.dir, env, input, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`git ${args.join(' ')}: ${done.stderr}`);
    return done.stdout;
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.dir, name), text);
  }

  commit(message: string): string {
    this.#commits++;
    this.run('add', '-A');
    this.run('commit', '-q', '-m', message);
    return this.run('rev-parse', 'HEAD').trim();
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}
