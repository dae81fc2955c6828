/** The plain reader gives the tree of the grammar or none: on files of ours, on pieces, and on damaged ones. */
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Language, Parser } from 'web-tree-sitter';
import { lex } from '../../../server/csource/lexer.js';
import { mask } from '../../../server/csource/mask.js';
import { readPlain } from '../../../server/csource/plain.js';
import { snapshot, type SNode } from '../../../server/csource/to-ast-tree.js';
import { ROOT } from '../../support/tools.mjs';

const require = createRequire(import.meta.url);
const read = (name: string): Uint8Array => readFileSync(require.resolve(name));
await Parser.init({ wasmBinary: read('web-tree-sitter/web-tree-sitter.wasm') });
const parser = new Parser();
parser.setLanguage(await Language.load(read('tree-sitter-c/tree-sitter-c.wasm')));

function byGrammar(text: string): readonly SNode[] {
  const tree = parser.parse(text);
  if (!tree) throw new Error('the grammar gave nothing');
  const cursor = tree.walk();
  const { children } = snapshot(cursor, 0);
  cursor.delete();
  tree.delete();
  return children;
}

/** As the grammar's tests write trees, with offsets. */
function shown(n: SNode): string {
  const name = n.named ? n.type : `'${n.type}'`;
  const inner = n.children.map(shown).join(' ');
  const field = n.field === undefined ? '' : `${n.field}:`;
  return `${field}${name}@${n.start}-${n.end}${n.missing ? '!' : ''}${inner === '' ? '' : `(${inner})`}`;
}

function expectSame(text: string): boolean {
  const plain = readPlain(text, 0);
  if (!plain) return false;
  expect(plain.children.map(shown), text).toEqual(byGrammar(text).map(shown));
  return true;
}

/** What a file is parsed as. */
function masked(text: string): string {
  return mask(text, (start, end) => ({ src: 0, start, end })).text;
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.c'))
    .map((name) => join(folder, name));
}

const KERNEL = filesIn('server/kernel');
const ANCHORS = filesIn('test/bench/models');

describe('the plain reader', () => {
  it.each([...KERNEL, ...ANCHORS, 'examples/journal.c'])('reads %s as the grammar does', (name) => {
    expectSame(masked(readFileSync(join(ROOT, name), 'utf8')));
  });

  it('reads the anchor models and most files of the model kernel', () => {
    const plain = (name: string): boolean =>
      readPlain(masked(readFileSync(join(ROOT, name), 'utf8')), 0) !== undefined;
    expect(ANCHORS.filter((name) => !plain(name))).toEqual([]);
    expect(KERNEL.filter(plain).length / KERNEL.length).toBeGreaterThan(0.5);
  });
});

const EXPRESSIONS = `
a | a + b * c - d | (a + b) * c | a = b = c | a ? b : c ? d : e | a ?: b | -1 | - 1 | a - 1 | a -1 | a - -1
!a && ~b || +c | *p++ | (*p)++ | &a[1].b->c | f() | f(a, b)(c) | f((a, b)) | sizeof(int) | sizeof a | sizeof(struct s)
sizeof(a) | sizeof(a) * b | (int)a + b | (struct s *)p | (t *)p | (t)p | (t)1 | (t)-1 | (a) - b | (a)(b) | (a) + b | (a) * b
(a) & b | (a) | (unsigned char)~x | (struct s){ 1, 2 } | (struct s){ .a = 1, .b[2] = 3 }.a | "a" "b" | "a" B | 'a' | '\\n' | L'a'
a, b, c | ({ int x = 1; x; }) | a[b, c] | a ? b, c : d | a ? b : c = d | a + b = c | 0x1fUL | 1.5 | 07 | 1e3 | true && NULL
a.b.c->d | ++*p | - -a | --a | !-1 | a < b == c | a << 1 + 2 | (const int)a | ((a)) | ((a)) - b | (f(a)) - b | (a)[b] | (a)->b
(a)++ | (a) ? b : c | (f)(a) | f(*p) | f(&a) | f(a * b) | f(t) | f(struct s) | f(int) | a b | a + | (a | f(a | offsetof(t, a)
(long long)a | (unsigned)a | (t **)p | (t const *)p | sizeof(t *) | sizeof(int *) | sizeof(t[2]) | _Generic(a, int: 1) | a->int
(a)~b | (a)!b | (a){ 1 } | (a)"x" | (a)sizeof b | (a)++b | &&label | a == b ? -1 : +1 | f(-1, - 1) | a[-1] | (-1) | 1-1 | 1 -1
`
  .split(/[|\n](?![|])/)
  .map((e) => e.trim())
  .filter((e) => e !== '');

const STATEMENTS = `
a; ## a b; ## a *b; ## a *b = c; ## a * b; ## a * b + c; ## a (*b); ## a(b); ## a(*b); ## (a) b; ## a b, *c; ## a b[2] = { 1, [1] = 2 }; ## int;
int a, b = 1, *c = &a; ## const int a; ## int const a; ## int *const a; ## static int a; ## extern int f(int, char *); ## unsigned a; ## unsigned long a;
long unsigned int a; ## unsigned t a; ## signed char a; ## struct s a; ## struct s *a; ## struct s { int b : 3; int c, d; } a; ## struct s; ## struct { int x; };
enum e { A, B = 2, } a; ## enum e; ## union u a; ## int (*f)(int); ## int *f(void); ## int (*f[2])(void); ## typedef int t; ## typedef struct s *t;
typedef int (*t)(int); ## typedef int bool; ## if (a) b; else if (c) d; else e; ## if (a) { } ## for (;;) ; ## for (int i = 0; i < 3; i++) a; ## for (i = 0, j = 1; i; i++, j++) { }
while (a) b; ## do a; while (b); ## do { } while (0) ## switch (a) { case 1: case 2: a; break; default: b; } ## switch (a) b; ## case 1: a;
switch (a) { int x; case 1: int y; z; } ## switch (a) { case 1: { case 2: b; } } ## switch (a) { case A ... B: b; } ## goto l; ## l: a; ## l: ## l: int a; ## l: m: a;
return; ## return a; ## return (a); ## return a, b; ## break; ## continue; ## ; ## ;; ## { } ## { a; } b; ## else a; ## int a ## a ## int f(void) { } ## t x y;
a: b: c; ## int a = ({ b; }); ## void *p = (void *)0; ## size_t n; ## u8 x; ## auto a = 1; ## register int a; ## inline int a; ## int a[]; ## int a[2][3]; ## t;
if (a) int b; ## if a; ## for (a; b) c; ## while () a; ## int 1a; ## a->b = c ? d : e; ## a = b, c = d; ## *a = b; ## (*a)(b); ## ++a; ## -1; ## "a"; ## x = (y) - 1;
volatile int v; ## int a, ; ## struct s { }; ## struct s { t; }; ## struct s { t a; t *b, c[2]; int (*f)(t); struct { int x; }; }; ## int f(t); ## int f(t *); ## int f(int a[2]);
int f(a, b); ## int f(t x, ...); ## int f(const t *x); ## int f(void (*g)(int)); ## int f(int (*)(int)); ## const struct s *f(struct s *const x); ## t *f(), g; ## int *a, f(void);
`
  .split(/##|\n/)
  .map((s) => s.trim())
  .filter((s) => s !== '');

describe('pieces', () => {
  it.each(EXPRESSIONS)('expression %s', (e) => {
    expectSame(`void f(void) {\n\tx = y;\n\t${e};\n}\n`);
    expectSame(`int a = ${e};\n`);
    expectSame(`void f(void) { g(${e}, 1); return ${e}; }\n`);
    expectSame(`void f(void) { if (${e}) return; z = ${e}; }\n`);
  });

  it.each(STATEMENTS)('statement %s', (s) => {
    expectSame(`void f(void)\n{\n\t${s}\n\tx = y;\n}\n`);
    expectSame(`${s}\nint after;\n`);
    expectSame(`void f(void) { if (x) ${s} }\n`);
    expectSame(`void f(void) { switch (x) { case 1: ${s} } }\n`);
  });
});

/** Numbers from a seed. */
function random(seed: number): (below: number) => number {
  let x = seed;
  return (below) => {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return Math.floor((x / 2 ** 32) * below);
  };
}

/** The text with tokens left out, doubled, replaced and moved. */
function damaged(text: string, below: (n: number) => number): string {
  const tokens = lex(text).tokens.map((t) => t.text);
  const from = below(tokens.length);
  const piece = tokens.slice(from, from + 30 + below(60));
  for (let n = below(4); n >= 0; n--) {
    const [at, other] = [below(piece.length), below(piece.length)];
    const token = piece[other] ?? ';';
    piece.splice(at, below(2), ...(below(3) === 0 ? [] : [token]));
  }
  return piece.join(' ');
}

describe('damaged texts', () => {
  const texts = [...KERNEL, ...ANCHORS].map((name) =>
    masked(readFileSync(join(ROOT, name), 'utf8')),
  );

  it('never give another tree than that of the grammar', () => {
    const below = random(20240607);
    let plain = 0;
    for (let n = 0; n < 3000; n++) {
      const piece = damaged(texts[below(texts.length)] ?? '', below);
      if (expectSame(`void f(void) { ${piece} }`)) plain++;
      if (expectSame(piece)) plain++;
    }
    expect(plain).toBeGreaterThan(30);
  });
});

describe('depth', () => {
  const deep: readonly (readonly [string, string])[] = [
    ['a sum', `int a = ${'a + '.repeat(50_000)}a;`],
    ['parentheses', `int a = ${'('.repeat(50_000)}a${')'.repeat(50_000)};`],
    ['blocks', `void f(void) ${'{'.repeat(50_000)}${'}'.repeat(50_000)}`],
    ['members', `int a = a${'.b'.repeat(50_000)};`],
    ['commas', `void f(void) { a${', a'.repeat(50_000)}; }`],
    ['pointers', `int ${'*'.repeat(50_000)}a;`],
    ['pointers without a name', `int f(int ${'*'.repeat(50_000)});`],
    ['structs', `${'struct { '.repeat(50_000)}int a;${' };'.repeat(50_000)}`],
    ['conditions', `void f(void) { ${'if (a) '.repeat(50_000)}; }`],
    ['signs', `int a = ${'!'.repeat(50_000)}a;`],
    ['alternatives', `int a = ${'a ? b : '.repeat(50_000)}a;`],
    ['assignments', `void f(void) { ${'a = '.repeat(50_000)}a; }`],
  ];

  it.each(deep)('beyond what people write is left to the grammar: %s', (_, text) => {
    expect(readPlain(text, 0)).toBeUndefined();
  });
});
