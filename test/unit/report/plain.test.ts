import { describe, expect, it } from 'vitest';
import { clip, oneLine, plain, wrap } from '../../../server/report/plain.js';

describe('text that leaves for a terminal', () => {
  it('shows escape sequences instead of sending them', () => {
    expect(plain('a\u001b[31mred\u0007')).toBe('a\\x1b[31mred\\x07');
  });
  it('shows direction overrides and line separators', () => {
    expect(plain('x\u202ey\u2028z')).toBe('x\\u202ey\\u2028z');
  });
  it('keeps tabs and newlines, folds them in one line', () => {
    expect(plain('a\tb\n')).toBe('a\tb\n');
    expect(oneLine(' a\t\tb\n c ')).toBe('a b c');
  });
});

describe('wrap', () => {
  it('never exceeds the width and indents what follows', () => {
    const lines = wrap(
      'waits for writeback of folio[0] while the handle is held by this task',
      30,
      '  ',
    );
    expect(lines.every((l) => l.length <= 30)).toBe(true);
    expect(lines[1]?.startsWith('  ')).toBe(true);
    expect(lines.map((l) => l.trim()).join(' ')).toBe(
      'waits for writeback of folio[0] while the handle is held by this task',
    );
  });
  it('breaks a word that is too wide alone', () => {
    expect(wrap('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
    expect(wrap('abcdefgh', 4, '  ')).toEqual(['abcd', '  ef', '  gh']);
  });
  it('keeps every character', () => {
    for (const text of ['', 'a', 'aaaaaaaa b', 'a bbbbbbbbbbbb c']) {
      expect(wrap(text, 5, ' ').join('').replace(/ /g, '')).toBe(text.replace(/ /g, ''));
    }
  });
});

describe('clip', () => {
  it('marks what it left out', () => {
    expect(clip('abcdef', 4)).toBe('abc…');
    expect(clip('abcd', 4)).toBe('abcd');
  });
});
