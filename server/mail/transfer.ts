/** Content transfer encodings (RFC 2045) line by line, so that every decoded line keeps its place. */
import { decodeBytes, hasByteLines } from './charset.js';

export type TransferEncoding = 'base64' | 'quoted-printable';

interface DecodedLines {
  readonly lines: readonly string[];
  /** 0-based line of the encoded text on which each of them begins. */
  readonly from: readonly number[];
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Int8Array(128).fill(-1);
for (let i = 0; i < ALPHABET.length; i++) VALUES[ALPHABET.charCodeAt(i)] = i;

/** Bytes that grow, and where each encoded line begins in them. */
class Bytes {
  #bytes = new Uint8Array(4096);
  length = 0;
  readonly starts: number[] = [];

  push(byte: number): void {
    if (this.length === this.#bytes.length) {
      const grown = new Uint8Array(this.length * 2);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes[this.length++] = byte;
  }

  done(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }
}

function fromBase64(encoded: Iterable<string>): Bytes {
  const out = new Bytes();
  let bits = 0;
  let count = 0;
  for (const line of encoded) {
    out.starts.push(out.length);
    for (let i = 0; i < line.length; i++) {
      const value = VALUES[line.charCodeAt(i)] ?? -1;
      if (value < 0) continue;
      bits = ((bits << 6) | value) & 0xffff;
      count += 6;
      if (count < 8) continue;
      count -= 8;
      out.push((bits >> count) & 255);
    }
    if (line.includes('=')) [bits, count] = [0, 0];
  }
  return out;
}

function digit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

/** Value of the two hex digits at a place; negative when there are none. */
function hexAt(line: string, at: number): number {
  const [high, low] = [digit(line.charCodeAt(at)), digit(line.charCodeAt(at + 1))];
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/** A character that is no byte stays what it is in UTF-8: such a mail was not encoded as it says. */
function pushChar(out: Bytes, code: number, isBytes: boolean): void {
  if (code < 0x80 || (isBytes && code < 0x100)) out.push(code);
  else for (const b of new TextEncoder().encode(String.fromCharCode(code))) out.push(b);
}

function fromQuotedPrintable(encoded: Iterable<string>, isBytes: boolean): Bytes {
  const out = new Bytes();
  let hard = false;
  for (const raw of encoded) {
    if (hard) out.push(10);
    out.starts.push(out.length);
    const line = raw.trimEnd();
    const soft = line.endsWith('=');
    const end = soft ? line.length - 1 : line.length;
    for (let i = 0; i < end; i++) {
      const code = line.charCodeAt(i);
      const byte = code === 0x3d ? hexAt(line, i + 1) : -1;
      if (byte < 0) pushChar(out, code, isBytes);
      else {
        out.push(byte);
        i += 2;
      }
    }
    hard = !soft;
  }
  return out;
}

/** Gives the encoded line of each place in the bytes; places must not go down. */
function lineFinder(starts: readonly number[]): (place: number) => number {
  let n = 0;
  return (place) => {
    while ((starts[n + 1] ?? Infinity) <= place) n++;
    return n;
  };
}

function splitBytes(
  bytes: Uint8Array,
  charset: string,
  lineOf: (at: number) => number,
): DecodedLines {
  const lines: string[] = [];
  const from: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const next = bytes.indexOf(10, at);
    const end = next < 0 ? bytes.length : next;
    const cut = end > at && bytes[end - 1] === 13 ? end - 1 : end;
    lines.push(decodeBytes(bytes.subarray(at, cut), charset));
    from.push(lineOf(at));
    at = end + 1;
  }
  return { lines, from };
}

/** Two bytes a character: the whole is decoded before it is split. */
function splitText(
  bytes: Uint8Array,
  charset: string,
  lineOf: (at: number) => number,
): DecodedLines {
  const lines = decodeBytes(bytes, charset).split('\n');
  if (lines.at(-1) === '') lines.pop();
  let at = 0;
  const from = lines.map((line) => {
    const place = lineOf(at);
    at += 2 * (line.length + 1);
    return place;
  });
  return { lines: lines.map((line) => line.replace(/\r$/, '')), from };
}

function isUtf16(bytes: Uint8Array): boolean {
  const [a, b] = bytes;
  return (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff);
}

/**
 * @param charset as the header names it, empty when it does not.
 * @param isBytes the text has one character for each byte of the file.
 */
export function decodeLines(
  encoded: Iterable<string>,
  encoding: TransferEncoding,
  charset: string,
  isBytes: boolean,
): DecodedLines {
  const out = encoding === 'base64' ? fromBase64(encoded) : fromQuotedPrintable(encoded, isBytes);
  const bytes = out.done();
  const lineOf = lineFinder(out.starts);
  if (isUtf16(bytes)) return splitText(bytes, bytes[0] === 0xff ? 'utf-16le' : 'utf-16be', lineOf);
  const split = hasByteLines(charset) ? splitBytes : splitText;
  return split(bytes, charset, lineOf);
}
