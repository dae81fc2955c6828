/** Character sets by the names of the Encoding standard. */

type Decoder = InstanceType<typeof TextDecoder>;

const DECODERS = new Map<string, Decoder>();

/** Only names that exist are kept: there are a few dozen. */
function decoder(name: string): Decoder | undefined {
  const known = DECODERS.get(name);
  if (known) return known;
  try {
    const made = new TextDecoder(name, { fatal: true });
    DECODERS.set(name, made);
    return made;
  } catch {
    return undefined;
  }
}

const WINDOWS = 'windows-1252';
/** Its characters 0x80 to 0x9f. Own table: TextDecoder of Node 20 reads them as control characters. */
const C1 =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

function windows(bytes: Uint8Array): string {
  return latin1(bytes).replace(/[\u0080-\u009f]/g, (c) => C1.charAt(c.charCodeAt(0) - 0x80));
}

function tryDecode(bytes: Uint8Array, name: string): string | undefined {
  try {
    const found = decoder(name);
    return found?.encoding === WINDOWS ? windows(bytes) : found?.decode(bytes);
  } catch {
    return undefined;
  }
}

/** One character for each byte. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

/** Undefined when the bytes are no UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  return tryDecode(bytes, 'utf-8');
}

/**
 * Text in a charset as a header names it (empty: not named). A name that is unknown, or bytes that do not
 * fit it, are read as UTF-8 and, when they are not, as windows-1252, which has a character for every byte.
 */
export function decodeBytes(bytes: Uint8Array, charset: string): string {
  const name = charset === '' ? 'utf-8' : charset;
  return (
    tryDecode(bytes, name) ?? decodeUtf8(bytes) ?? tryDecode(bytes, 'windows-1252') ?? latin1(bytes)
  );
}

/** Whether its text has no bytes above 127 and is none yet: `ESC $ B` … */
export function isSevenBit(charset: string): boolean {
  return charset.startsWith('iso-2022-');
}

/** Whether a line of text ends at the byte 10 in it. */
export function hasByteLines(charset: string): boolean {
  return !charset.startsWith('utf-16');
}
