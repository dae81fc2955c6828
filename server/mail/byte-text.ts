import { decodeBytes, decodeUtf8, isSevenBit, latin1 } from './charset.js';

/**
 * The text of a file as far as it can be told before its headers are read: UTF-8 where the whole is
 * valid, else one character for each byte, so that each mail in it can be decoded as it says.
 * @param perByte makes that text, for callers that have a faster way.
 */
export function textOf(
  bytes: Uint8Array,
  perByte: (bytes: Uint8Array) => string = latin1,
): { readonly text: string; readonly isBytes: boolean } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, isBytes: false };
  } catch {
    return { text: perByte(bytes), isBytes: true };
  }
}

/** Longer lines are no text that anybody reads; they stay as they are. */
const LONGEST = 1024 * 1024;
/** Bytes above 127, which a text with one character a byte has as they were sent. */
const HIGH = /[\u0080-\u00ff]/;

function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/**
 * One line of a body that has no transfer encoding, in its charset. UTF-8 comes first: many mails in it
 * name another set or none, and hardly any text in another set is valid UTF-8.
 * @param isBytes the line has one character for each byte of the file.
 */
export function decodeLine(line: string, charset: string, isBytes: boolean): string {
  if (line.length > LONGEST) return line;
  if (isSevenBit(charset) && line.includes('\u001b')) return decodeBytes(bytesOf(line), charset);
  if (!isBytes || !HIGH.test(line)) return line;
  const bytes = bytesOf(line);
  return decodeUtf8(bytes) ?? decodeBytes(bytes, charset);
}
