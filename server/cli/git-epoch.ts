/**
 * A public-inbox epoch (format v2): a bare git repository with one commit a mail, the mail in its file `m`.
 * Objects come from git itself, `git cat-file --batch`; nothing is checked out and nothing is fetched.
 */
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { InputError } from './input.js';
import type { StoredMail } from './mailbox.js';

type Git = ChildProcessByStdio<Writable, Readable, Readable>;

/** Larger objects are no mails; git says the size before it sends one. */
const LARGEST = 64 * 1024 * 1024;

/** A repository whose first commits have no mail is something else. */
const MOST_WITHOUT = 1000;

/** The repository is not ours: no hooks, no prompts, no transport whatever its configuration says. */
function git(dir: string, args: readonly string[]): Git {
  const env = {
    ...process.env,
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  };
  // Loaded when there is an epoch: most runs read a file.
  const { spawn } = process.getBuiltinModule('node:child_process');
  return spawn('git', [`--git-dir=${dir}`, ...args], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** Waits for its end. @throws {InputError} with what git said. */
async function ended(dir: string, child: Git): Promise<void> {
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += said.length < 1000 ? chunk.toString() : ''));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', () => reject(new InputError(`${dir}: git is needed to read it`)));
    child.on('close', resolve);
  });
  const lines = said.trim().split('\n');
  const line = lines.find((l) => l.startsWith('fatal: ')) ?? lines[0] ?? '';
  if (code !== 0 && !child.killed)
    throw new InputError(`${dir}: ${line === '' ? 'git failed' : line}`);
}

/** Reads exactly so many bytes, or lines, of a stream that comes in chunks. */
class Chunks {
  readonly #source: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);
  #at = 0;

  constructor(stream: Readable) {
    this.#source = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  async #more(): Promise<boolean> {
    const next = await this.#source.next();
    if (next.done === true) return false;
    const rest = this.#held.subarray(this.#at);
    this.#held = rest.length === 0 ? next.value : Buffer.concat([rest, next.value]);
    this.#at = 0;
    return true;
  }

  /** Without its line end; undefined at the end. */
  async line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#held.indexOf(10, this.#at);
      if (end >= 0) {
        const text = this.#held.toString('latin1', this.#at, end);
        this.#at = end + 1;
        return text;
      }
      if (!(await this.#more())) return undefined;
    }
  }

  async bytes(size: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let left = size;
    while (left > 0) {
      const part = this.#held.subarray(this.#at, this.#at + left);
      this.#at += part.length;
      left -= part.length;
      if (part.length > 0) parts.push(part);
      if (left > 0 && !(await this.#more())) break;
    }
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  }
}

/** Asks for each object without running ahead of what git can take. */
async function ask(objects: AsyncIterable<string> | Iterable<string>, child: Git): Promise<void> {
  try {
    for await (const object of objects) {
      if (!child.stdin.write(`${object}\n`))
        await new Promise<void>((resolve) => child.stdin.once('drain', resolve));
    }
  } finally {
    child.stdin.end();
  }
}

/** Keeps a rejection until it is awaited. */
function later<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** The mail of each commit, as git names objects. */
async function* commitsOf(dir: string): AsyncGenerator<string> {
  const child = git(dir, ['rev-list', '--reverse', 'HEAD']);
  child.stdin.end();
  const end = later(ended(dir, child));
  const lines = new Chunks(child.stdout);
  for (let line = await lines.line(); line !== undefined; line = await lines.line())
    yield `${line}:m`;
  await end;
}

/** Mails of an epoch, oldest first. @param only objects that are wanted, in this order. */
export async function* mailsOfEpoch(
  dir: string,
  only?: readonly string[],
): AsyncGenerator<StoredMail> {
  const child = git(dir, ['cat-file', '--batch', '--buffer']);
  const end = later(ended(dir, child));
  child.stdin.on('error', () => undefined);
  const asked = later(ask(only ?? commitsOf(dir), child));
  const replies = new Chunks(child.stdout);
  let without = 0;
  try {
    for (let head = await replies.line(); head !== undefined; head = await replies.line()) {
      const m = /^([0-9a-f]{40,64}) blob (\d+)$/.exec(head);
      // Commits that take a mail back have a file `d` and no `m`.
      if (!m) {
        if (++without > MOST_WITHOUT) throw new InputError(`${dir}: git, but no public-inbox`);
        continue;
      }
      without = -Infinity;
      const size = Number(m[2]);
      if (size > LARGEST) throw new InputError(`${dir}: a mail of ${size} bytes`);
      const bytes = await replies.bytes(size);
      await replies.bytes(1);
      yield { name: m[1] ?? '', bytes };
    }
    await asked;
    await end;
  } finally {
    child.kill();
  }
}
