import { describe, expect, it } from 'vitest';
import { lex } from '../../../server/csource/lexer.js';
import { DEMO, misplaced, parser, source } from './support.js';

/** Small fixed generator (mulberry32): the same mutations in every run. */
function random(seed: number): () => number {
  let s = seed;
  return () => {
    s = (s + 0x6d2b79f5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const SPLINTERS = [
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ';',
  ',',
  '"',
  "'",
  '/*',
  '*/',
  '//',
  '\\\n',
  '#if 0\n',
  '#else\n',
  '#endif\n',
  '#define x(a) ',
  ' else ',
  ' case 1 ... 2:',
  ' __atomic {',
  ' typeof(',
  ' offsetof(',
  ' __must_hold(',
  ' struct x *',
  ' (x) - y * ',
  ' SYSCALL_DEFINE3(a, ',
  '\u00a0',
  '\u2028',
  '\u0000',
  '😀',
  '\ud83d',
  ' constructor ',
  ' __proto__ ',
  ' = { .a',
  ' ...',
  ' static ',
  '\r',
];

function mutate(text: string, next: () => number): string {
  const at = Math.floor(next() * text.length);
  const span = Math.floor(next() * 40);
  const splinter = SPLINTERS[Math.floor(next() * SPLINTERS.length)] ?? '';
  switch (Math.floor(next() * 4)) {
    case 0:
      return text.slice(0, at) + text.slice(at + span);
    case 1:
      return text.slice(0, at) + splinter + text.slice(at);
    case 2:
      return text.slice(0, at) + splinter + text.slice(at + span);
    default:
      return text.slice(0, at) + text.slice(at, at + span) + text.slice(at);
  }
}

describe('damaged input', () => {
  it('never throws, and what is read still stands where it says', async () => {
    const p = await parser();
    const next = random(2025);
    for (let round = 0; round < 150; round++) {
      const from = Math.floor(next() * DEMO.length * 0.8);
      let text = DEMO.slice(from, from + 200 + Math.floor(next() * 1200));
      for (let n = 1 + Math.floor(next() * 6); n > 0; n--) text = mutate(text, next);
      expect(misplaced(p.parseFile(source(text)), text), text).toEqual([]);
      expect(
        misplaced(
          p.parseHunk(source(text), mutate('static int f(struct page *page, loff_t pos)', next)),
          text,
        ),
        text,
      ).toEqual([]);
    }
  });

  it.each([
    ['parentheses', '('.repeat(20_000)],
    ['braces', `void f(void) ${'{'.repeat(20_000)}`],
    ['closing braces', '}\n'.repeat(5_000)],
    ['nested calls', `void f(void) { ${'g('.repeat(3_000)}${')'.repeat(3_000)}; }`],
    ['operators', `int x = ${'- '.repeat(5_000)}1;`],
    ['a long sum', `int x = ${'a + '.repeat(3_000)}1;`],
    ['else if', `void f(void) { ${'if (a) b(); else '.repeat(2_000)} c(); }`],
    ['a long word', 'x'.repeat(300_000)],
    ['an open string', `"${'x'.repeat(300_000)}`],
    ['an open comment', `/*${'x'.repeat(300_000)}`],
    ['an endless directive', `#define a ${'b \\\n'.repeat(20_000)}`],
    ['typeof', 'typeof('.repeat(2_000)],
    ['typeof of calls', 'void f(void) { typeof(g('.repeat(1_500)],
    ['attributes', '__must_hold(x) '.repeat(3_000)],
    ['prose', 'It is not C, but text. '.repeat(2_000)],
    ['empty', ''],
  ])('copes with %s', async (_what, text) => {
    const p = await parser();
    expect(misplaced(p.parseFile(source(text)), text)).toEqual([]);
    expect(misplaced(p.parseHunk(source(text), text.slice(0, 200)), text)).toEqual([]);
  });

  it('takes names like those of built-in properties as names', async () => {
    const unit = (await parser()).parseFile(
      source(
        'int constructor(int __proto__)\n{\n\treturn toString(__proto__, hasOwnProperty);\n}\n',
      ),
    );
    expect(unit.problems).toEqual([]);
    expect(unit.items).toMatchObject([
      { kind: 'function', name: 'constructor', params: [{ name: '__proto__' }] },
    ]);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });
});

describe('tokens', () => {
  it('cover the text between blanks, comments and directives', () => {
    const { tokens, comments, directives } = lex(DEMO);
    let rest = DEMO;
    for (const r of [...tokens, ...comments, ...directives])
      rest = rest.slice(0, r.start) + ' '.repeat(r.end - r.start) + rest.slice(r.end);
    expect(rest.trim()).toBe('');
    for (const t of tokens) expect(DEMO.slice(t.start, t.end)).toBe(t.text);
  });
});
