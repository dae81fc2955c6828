/** Character sets by the names of the Encoding standard. */

const DECODERS = new Map<string, TextDecoder>();

/** Only names that exist are kept: there are a few dozen. */
function decoder(name: string): TextDecoder | undefined {
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

function tryDecode(bytes: Uint8Array, name: string): string | undefined {
  try {
    return decoder(name)?.decode(bytes);
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
