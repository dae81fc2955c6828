/** Values of C literals. */
import type { Loc, NumberLit } from './ast.js';

const ESCAPES: Readonly<Record<string, number>> = {
  n: 10,
  t: 9,
  r: 13,
  b: 8,
  f: 12,
  v: 11,
  a: 7,
  e: 27,
};

/** `0x1000UL`, `017`, `0b1`, `1'000` is not C. Anything unreadable is 0. */
export function readNumber(text: string, loc: Loc): NumberLit {
  const hex = /^0[xX]/.test(text);
  const suffix = /[uUlL]+$/.exec(text)?.[0] ?? '';
  const digits = text.slice(0, text.length - suffix.length);
  const flags = { unsigned: /u/i.test(suffix), long: /l/i.test(suffix) };
  if (!hex && /[.eE]/.test(digits))
    return { kind: 'number', value: Number.parseFloat(digits) || 0, ...flags, loc };
  const exact = toInteger(digits);
  const value = Number(exact);
  return {
    kind: 'number',
    value,
    ...flags,
    ...(Number.isSafeInteger(value) ? {} : { big: true }),
    loc,
  };
}

function toInteger(digits: string): bigint {
  if (/^0[xX][0-9a-fA-F]+$/.test(digits) || /^0[bB][01]+$/.test(digits)) return BigInt(digits);
  if (/^0[0-7]+$/.test(digits)) return BigInt(`0o${digits.slice(1)}`);
  return /^\d+$/.test(digits) ? BigInt(digits) : 0n;
}

/** Text between the quotes with escapes resolved. */
function unescape(body: string): string {
  return body.replace(
    /\\(?:x([0-9a-fA-F]+)|([0-7]{1,3})|\r?\n|([^]))/g,
    (_all, hex?: string, octal?: string, char?: string) => {
      if (hex) return String.fromCharCode(Number.parseInt(hex, 16) & 0xffff);
      if (octal) return String.fromCharCode(Number.parseInt(octal, 8));
      if (char === undefined) return '';
      const code = ESCAPES[char];
      return code === undefined ? char : String.fromCharCode(code);
    },
  );
}

/** Content of a string or character literal with its quotes (and prefix). */
export function unquote(text: string): string {
  const open = text.search(/["']/);
  const quote = text.charAt(open);
  const close = text.lastIndexOf(quote);
  return unescape(text.slice(open + 1, close > open ? close : text.length));
}

/** `'a'`, `'\n'` as a number. */
export function readCharacter(text: string, loc: Loc): NumberLit {
  return {
    kind: 'number',
    value: unquote(text).charCodeAt(0) || 0,
    unsigned: false,
    long: false,
    loc,
  };
}
