/**
 * Reading what the user named: a file or standard input, plain or gzip. Bad input is an
 * `InputError` with one line; it ends the command with exit code 2.
 */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { textOf } from '../mail/byte-text.js';
import { decodeMail } from '../mail/decoded.js';

/** One line for standard error; exit code 2. */
export class InputError extends Error {}

const NUL_WINDOW = 8192;
const MAX_BYTES = 256 * 1024 * 1024;

export interface InputText {
  /** As the user wrote it; `-` for standard input. */
  readonly name: string;
  /** One character for each byte when they are not UTF-8, so that positions stay exact. */
  readonly text: string;
  readonly isBytes: boolean;
}

function message(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known: Record<string, string> = {
    ENOENT: 'no such file',
    EISDIR: 'is a directory',
    EACCES: 'permission denied',
  };
  return known[code] ?? (error instanceof Error ? error.message : 'cannot be read');
}

function readBytes(name: string): Uint8Array {
  if (name === '-') return readFileSync(0);
  const fd = openSync(name, 'r');
  try {
    const stat = fstatSync(fd);
    if (stat.isDirectory()) throw new InputError(`${name}: is a directory`);
    if (stat.size > MAX_BYTES) throw new InputError(`${name}: larger than 256 MiB`);
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

function unzip(name: string, bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  // Loaded when there is something to unpack: that takes longer than most reads.
  const { gunzipSync } = process.getBuiltinModule('node:zlib');
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BYTES });
  } catch (e) {
    throw new InputError(
      `${name}: broken gzip data (${e instanceof Error ? e.message : 'unreadable'})`,
    );
  }
}

/** @throws {InputError} */
export function readInput(name: string): InputText {
  let bytes: Uint8Array;
  try {
    bytes = readBytes(name);
  } catch (e) {
    throw e instanceof InputError ? e : new InputError(`${name}: ${message(e)}`);
  }
  const label = name === '-' ? '<stdin>' : name;
  bytes = unzip(label, bytes);
  if (bytes.length === 0) throw new InputError(`${label}: empty`);
  const nul = bytes.subarray(0, NUL_WINDOW).indexOf(0);
  if (nul >= 0) throw new InputError(`${label}: binary data (NUL at byte ${nul})`);
  return { name, ...textOf(bytes) };
}

export interface MailInput {
  /** What is analysed: with its encoded texts decoded. */
  readonly text: string;
  /** 0-based line of the file for each line of `text`; undefined when they are the same. */
  readonly rawLine: readonly number[] | undefined;
}

/** A mail as it was written. @throws {InputError} */
export function readMailInput(name: string): MailInput {
  const { text, isBytes } = readInput(name);
  const decoded = decodeMail(text, name, isBytes);
  return { text: decoded?.text ?? text, rawLine: decoded?.rawLine };
}
