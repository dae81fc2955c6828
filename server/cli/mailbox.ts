/** Where mails are: a file, a maildir, or public-inbox epochs. Mails come one after the other. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { mailsOfEpoch } from './git-epoch.js';
import { InputError, readChecked, readStored } from './input.js';

export interface StoredMail {
  /** File, or object of an epoch. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Files of a maildir: `cur` and `new`, never `tmp`; undefined when the directory is none. */
function maildirFiles(dir: string): string[] | undefined {
  const parts = ['cur', 'new'].map((part) => join(dir, part)).filter(isDirectory);
  if (parts.length === 0) return undefined;
  return parts
    .flatMap((part) => readdirSync(part).map((name) => join(part, name)))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false)
    .sort();
}

/** Git directories of an epoch (`x.git`), or of an inbox with its epochs in `git/`. */
function epochs(dir: string): string[] | undefined {
  const isGit = (path: string): boolean =>
    existsSync(join(path, 'HEAD')) && isDirectory(join(path, 'objects'));
  if (isGit(dir)) return [dir];
  // Checked out, an epoch has its last mail beside it; a source tree has none.
  if (existsSync(join(dir, 'm')) && isGit(join(dir, '.git'))) return [join(dir, '.git')];
  const inside = join(dir, 'git');
  if (!isDirectory(inside)) return undefined;
  const found = readdirSync(inside)
    .filter((name) => /^\d+\.git$/.test(name))
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
    .map((name) => join(inside, name));
  return found.length === 0 ? undefined : found;
}

/** A place that holds mails. */
export interface Mailbox {
  /** A file is read as one document, however many mails are in it. */
  readonly isFile: boolean;
  /** @param only names of the mails that are wanted. */
  mails(only?: readonly string[]): AsyncIterable<StoredMail>;
}

async function* ofFiles(paths: readonly string[]): AsyncGenerator<StoredMail> {
  for (const path of paths) yield await Promise.resolve({ name: path, bytes: readStored(path) });
}

async function* ofEpochs(
  dirs: readonly string[],
  only?: readonly string[],
): AsyncGenerator<StoredMail> {
  for (const dir of dirs) yield* mailsOfEpoch(dir, only);
}

/** @throws {InputError} when it is not there or nothing that holds mails. */
export function mailbox(name: string): Mailbox {
  if (name === '-' || !isDirectory(name)) {
    return {
      isFile: true,
      async *mails() {
        yield await Promise.resolve({ name, bytes: readChecked(name) });
      },
    };
  }
  const files = maildirFiles(name);
  if (files) return { isFile: false, mails: (only) => ofFiles(only ?? files) };
  const dirs = epochs(name);
  if (dirs) return { isFile: false, mails: (only) => ofEpochs(dirs, only) };
  throw new InputError(`${name}: is a directory, and no maildir or public-inbox`);
}
