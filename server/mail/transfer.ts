/** Content transfer encodings (RFC 2045) line by line, so that every decoded line keeps its place. */

export type TransferEncoding = 'base64' | 'quoted-printable';

export interface DecodedLines {
  readonly lines: readonly string[];
  /** 0-based line of the encoded text on which each of them begins. */
  readonly from: readonly number[];
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Map(Array.from(ALPHABET, (c, i) => [c.charCodeAt(0), i] as const));

/** Bytes, and for each of them the line it came from. */
interface Bytes {
  readonly values: number[];
  readonly lines: number[];
}

function fromBase64(encoded: readonly string[]): Bytes {
  const out: Bytes = { values: [], lines: [] };
  let bits = 0;
  let count = 0;
  encoded.forEach((line, n) => {
    for (let i = 0; i < line.length; i++) {
      const value = VALUES.get(line.charCodeAt(i));
      if (value === undefined) continue;
      bits = ((bits << 6) | value) & 0xffff;
      count += 6;
      if (count < 8) continue;
      count -= 8;
      out.values.push((bits >> count) & 255);
      out.lines.push(n);
    }
    if (line.includes('=')) [bits, count] = [0, 0];
  });
  return out;
}

function hexAt(line: string, at: number): number | undefined {
  const hex = line.slice(at, at + 2);
  return /^[0-9A-Fa-f]{2}$/.test(hex) ? Number.parseInt(hex, 16) : undefined;
}

/** A character that is no byte stays what it is in UTF-8: such a mail was not encoded as it says. */
function push(out: Bytes, char: number, n: number): void {
  if (char < 0x80) out.values.push(char);
  else for (const b of new TextEncoder().encode(String.fromCharCode(char))) out.values.push(b);
  while (out.lines.length < out.values.length) out.lines.push(n);
}

function fromQuotedPrintable(encoded: readonly string[]): Bytes {
  const out: Bytes = { values: [], lines: [] };
  encoded.forEach((raw, n) => {
    const line = raw.replace(/[ \t]+$/, '');
    const soft = line.endsWith('=');
    const end = soft ? line.length - 1 : line.length;
    for (let i = 0; i < end; i++) {
      const byte = line.charCodeAt(i) === 0x3d ? hexAt(line, i + 1) : undefined;
      push(out, byte === undefined ? line.charCodeAt(i) : 0, n);
      if (byte === undefined) continue;
      out.values[out.values.length - 1] = byte;
      i += 2;
    }
    if (soft || n === encoded.length - 1) return;
    out.values.push(10);
    out.lines.push(n);
  });
  return out;
}

/** Decoders by the names of the Encoding standard; a charset that is unknown or wrong is Latin-1. */
function textOf(bytes: Uint8Array, charset: string): string {
  for (const name of [charset === '' ? 'utf-8' : charset, 'utf-8']) {
    try {
      return new TextDecoder(name, { fatal: true }).decode(bytes);
    } catch {
      // The next one.
    }
  }
  return Array.from(bytes, (b) => String.fromCharCode(b)).join('');
}

/** `charset`: as the header names it, empty when it does not. */
export function decodeLines(
  encoded: readonly string[],
  encoding: TransferEncoding,
  charset: string,
): DecodedLines {
  const { values, lines: of } =
    encoding === 'base64' ? fromBase64(encoded) : fromQuotedPrintable(encoded);
  const lines: string[] = [];
  const from: number[] = [];
  for (let at = 0; at < values.length;) {
    const next = values.indexOf(10, at);
    const end = next < 0 ? values.length : next;
    const cut = end > at && values[end - 1] === 13 ? end - 1 : end;
    lines.push(textOf(Uint8Array.from(values.slice(at, cut)), charset));
    from.push(of[at] ?? 0);
    at = end + 1;
  }
  return { lines, from };
}
