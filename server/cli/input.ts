/**
 * Reading what the user named: a file or standard input, plain or gzip. Bad input is an
 * `InputError` with one line; it ends the command with exit code 2.
 */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { textOf } from '../mail/byte-text.js';

/** One line for standard error; exit code 2. */
export class InputError extends Error {}

const NUL_WINDOW = 8192;
const MAX_BYTES = 256 * 1024 * 1024;

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
    const large = e instanceof Error && 'code' in e && e.code === 'ERR_BUFFER_TOO_LARGE';
    const why = e instanceof Error ? e.message : 'unreadable';
    throw new InputError(
      `${name}: ${large ? 'unpacks to more than 256 MiB' : `broken gzip data (${why})`}`,
    );
  }
}

/** The bytes of a file, unpacked when it is gzip. @throws {InputError} */
export function readStored(name: string): Uint8Array {
  try {
    return unzip(name === '-' ? '<stdin>' : name, readBytes(name));
  } catch (e) {
    throw e instanceof InputError ? e : new InputError(`${name}: ${message(e)}`);
  }
}

/** @throws {InputError} also when it is empty or no text. */
export function readChecked(name: string): Uint8Array {
  const bytes = readStored(name);
  const label = name === '-' ? '<stdin>' : name;
  if (bytes.length === 0) throw new InputError(`${label}: empty`);
  const nul = bytes.subarray(0, NUL_WINDOW).indexOf(0);
  if (nul >= 0) throw new InputError(`${label}: binary data (NUL at byte ${nul})`);
  return bytes;
}

/** @throws {InputError} */
export function readInput(name: string): string {
  return textOf(readChecked(name)).text;
}
