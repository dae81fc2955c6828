import { decodeBytes } from './charset.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function fromBase64(text: string): number[] | undefined {
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const c of text.replace(/=+$/, '')) {
    const value = ALPHABET.indexOf(c);
    if (value < 0) return undefined;
    bits = ((bits << 6) | value) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push((bits >> count) & 255);
  }
  return bytes;
}

function fromQ(text: string): number[] | undefined {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (c !== '=') {
      bytes.push(c === '_' ? 32 : c.charCodeAt(0) & 255);
      continue;
    }
    const hex = text.slice(i + 1, i + 3);
    if (!/^[0-9A-Fa-f]{2}$/.test(hex)) return undefined;
    bytes.push(Number.parseInt(hex, 16));
    i += 2;
  }
  return bytes;
}

/** `=?charset*language?encoding?text?=` (RFC 2047, RFC 2231); some writers leave spaces inside. */
const WORD = /=\?([\w.:-]{1,40})(?:\*[\w-]{0,20})?\?([BbQq])\?([^?\n]{0,1000})\?=/g;

interface Run {
  readonly charset: string;
  readonly bytes: number[];
  readonly raw: string;
}

function textOf(run: Run): string {
  if (run.charset === '') return run.raw;
  return decodeBytes(Uint8Array.from(run.bytes), run.charset);
}

/**
 * Header text with its encoded words (RFC 2047) decoded; a character may be split over two words. Words
 * that are no valid base64 or quoted text stay as they are.
 */
export function decodeWords(text: string): string {
  if (!text.includes('=?')) return text;
  let out = '';
  let at = 0;
  let run: Run | undefined;
  for (const m of text.matchAll(WORD)) {
    const [raw, charset = '', kind = '', data = ''] = m;
    const bytes = (kind.toUpperCase() === 'B' ? fromBase64(data) : fromQ(data)) ?? undefined;
    const between = text.slice(at, m.index);
    const name = bytes ? charset.toLowerCase() : '';
    if (run && run.charset === name && between.trim() === '')
      run = { charset: name, bytes: run.bytes.concat(bytes ?? []), raw: run.raw + between + raw };
    else {
      out += (run ? textOf(run) : '') + (run && between.trim() === '' ? '' : between);
      run = { charset: name, bytes: bytes ?? [], raw };
    }
    at = m.index + raw.length;
  }
  return out + (run ? textOf(run) : '') + text.slice(at);
}
