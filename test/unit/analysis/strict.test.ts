import { describe, expect, it } from 'vitest';
import { runFiles } from '../../../server/analysis/files.js';
import { ModelKernel, NO_SWITCHES } from '../../../server/analysis/model.js';
import { usableScenarios } from '../../../server/analysis/own-scenarios.js';
import { strictProblems } from '../../../server/analysis/strict.js';
import { readGrammar, readKernel } from '../../../server/assets.js';
import { CParser } from '../../../server/csource/parser.js';

const { core, grammar } = readGrammar();
const parser = await CParser.load(core, grammar);
const kernel = new ModelKernel(parser, readKernel());

/** `line:col message` of each error. */
function errorsOf(text: string): readonly string[] | string {
  const files = [{ name: 'own.c', uri: 'file:own.c', text }];
  const budget = { states: 10_000, expired: (): boolean => false };
  const result = runFiles(parser, files, { with: [], without: [], kernel: () => kernel }, budget);
  if (typeof result === 'string') return result;
  const errors = result.problems.filter((p) => p.severity === 'error');
  expect(result.ran === undefined).toBe(errors.length > 0);
  return errors.map((p) => `${p.at.line + 1}:${p.at.character + 1} ${p.message}`);
}

const A = 'int n; __thread("a") void a(void) { n = 1; }\n';

/** What the run of a file says in the end. */
function verdictOf(text: string): string {
  const files = [{ name: 'own.c', uri: 'file:own.c', text }];
  const budget = { states: 100_000, expired: (): boolean => false };
  const result = runFiles(parser, files, { with: [], without: [], kernel: () => kernel }, budget);
  if (typeof result === 'string' || !result.ran) throw new Error('nothing was run');
  expect(result.ran.verdict.kind === 'error').toBe(
    result.ran.verdict.text.startsWith('model error'),
  );
  return result.ran.verdict.text;
}

describe('an error of the model', () => {
  it.each([
    ['int a __range(0, 1) = 5;', '23: initialiser of a: value 5 is out of range 0..1'],
    ['long long a = 1LL << 40;', '15: initialiser of a: value 1099511627776 does not fit a cell'],
    ['int a = 1 / 0;', '9: initialiser of a: division by zero'],
    ['struct { unsigned b : 2; } a = { 9 };', '34: initialiser of a: value 9 is out of range 0..3'],
    [
      'int f(void) { static int k __range(0, 1) = 4; return k; }',
      '44: initialiser of f.k: value 4 is out of range 0..1',
    ],
    ['int a[1]; int f(void) { return a[n]; }', '25: index 1 is outside an array of 1 (in f)'],
  ])('has its place: %s', (text, error) => {
    const call = text.includes('f(') ? 'f();' : '';
    const thread = `int n; __thread("x") void x(void) { n = 1; ${call} }`;
    expect(verdictOf(`${text}\n${thread}`)).toBe(`model error: own.c:1:${error}`);
  });

  it('says how many ways of a crash are too many', () => {
    const crash = (cells: number): string => `__crashes(1); u8 d[${cells}] __wcache;
__thread("a") void a(void) { for (int i = 0; i < ${cells}; i++) d[i] = 1; }
__after_crash("x") bool ok(void) { int s = 0; for (int i = 0; i < ${cells}; i++) s += d[i]; return s < 99; }`;
    expect(verdictOf(crash(13))).toBe(
      'model error: own.c:3:25: a crash can go in more than 4096 ways (in ok)',
    );
    expect(verdictOf(crash(12))).toMatch(/^none within bounds/);
  });
});

describe('a file of Model C', () => {
  it.each([
    [
      'an invariant',
      '__invarient("x") bool inv(void) { return n == 0; }',
      '__invarient is no attribute of Model C or the kernel',
    ],
    [
      'a check at the end',
      '__finaly void fin(void) { __assert(0, "never"); }',
      '__finaly is no attribute of Model C or the kernel',
    ],
    [
      'a thread',
      '__threads("c") void c(void) { n = 3; }',
      '__threads is no attribute of Model C or the kernel',
    ],
    [
      'a thread with one underscore',
      '_thread("b") void b(void) { n = 2; }',
      '_thread is no attribute or declaration of Model C',
    ],
    [
      'a thread on a line of its own',
      'thread("b")\nvoid b(void) { n = 2; }',
      'thread is no attribute or declaration of Model C',
    ],
    [
      'a member',
      'struct s { int x __rnge(0, 1); };',
      '__rnge is no attribute of Model C or the kernel',
    ],
    ['a bound', '__bounds("2 blocks");', '__bounds is no attribute or declaration of Model C'],
  ])('does not pass over the misspelt attribute of %s', (_, text, message) => {
    const column = text.indexOf(message.slice(0, message.indexOf(' '))) + 1;
    expect(errorsOf(`${A}${text}\n`)).toEqual([`2:${column} ${message}`]);
  });

  it('knows the annotations of the kernel, empty macros, and macro calls at file scope', () => {
    const text = `#define __mine\nstatic noinline __must_check int f(void) __must_hold(&n) { return 1; }
      __mine int g(void) { return f(); }\nEXPORT_SYMBOL_GPL(g);\n`;
    expect(errorsOf(A + text)).toEqual([]);
  });

  it('closes its comments, strings and conditionals', () => {
    const fin = '__finally void fin(void) { __assert(n == 2, "wrong"); }\n';
    expect(errorsOf(`${A}/* the check\n${fin}`)).toEqual(['2:1 this comment has no end']);
    expect(errorsOf(`${A}/* the check */\n${fin}`)).toEqual([]);
    expect(errorsOf(`${A}#define TWO 2 /* two\n${fin}`)).toEqual(['2:15 this comment has no end']);
    expect(errorsOf(A + fin.replace('wrong"', 'wrong'))).toContain(
      '2:45 this string has no end in its line',
    );
    expect(errorsOf(A + fin.replace('wrong', 'a \\"wrong\\\\'))).toEqual([]);
    expect(errorsOf(`${A}#ifdef FIN\n${fin}`)).toEqual(['2:1 no #endif for this']);
    expect(errorsOf(`${A}#if 0\nnobody's "text\n#endif\n#endif\n`)).toEqual([
      '5:1 #endif without #if',
    ]);
  });

  it('is read as a whole', () => {
    expect(errorsOf(`${A}void f(void { n = 2; }`)).toEqual(['2:12 expected ) here']);
  });

  it('calls no function that nobody defines', () => {
    const text = `struct mutex m; int given(int x);
__thread("b") void b(void) { mutex_lok(&m); mutex_lock(&m); __asert(n == 1, "x"); given(1); }`;
    expect(errorsOf(A + text)).toEqual([
      '3:30 function mutex_lok is defined nowhere',
      '3:61 function __asert is defined nowhere',
      '3:83 function given is defined nowhere',
    ]);
  });

  it('names switches and profiles that there are', () => {
    const on = 'struct mutex m; void f(void) { mutex_lock(&m); }\n';
    const [first = ''] = kernel.switchIds;
    expect(errorsOf(`${A}${on}__with("${first}"); __on("${kernel.latest.name}");`)).toEqual([]);
    const names = kernel.profiles.map((p) => p.name).join(', ');
    expect(
      errorsOf(`${A}${on}__with("no-such"); __fixed_by("nor this", "x"); __on("9.9");`),
    ).toEqual([
      '3:8 nothing asks __since or __fix about no-such',
      '3:31 nothing asks __since or __fix about nor this',
      `3:54 no profile is called 9.9; there are: ${names}`,
    ]);
    expect(errorsOf(`${A}bool f(void) { return __fix("own"); }\n__with("own");`)).toEqual([]);
  });

  it('has kernel versions of its own', () => {
    const text = `__profile("old", "2020-01-01"); __profile("new", "2024-01-01");
int n; __thread("a") void a(void) { n = __since("x", "2022-01-01") ? 1 : 2; }
__finally void f(void) { __assert(n == 2, "old"); }\n`;
    expect(verdictOf(`${text}__on("old");`)).toMatch(/^none/);
    expect(verdictOf(`${text}__on("new");`)).toMatch(/^race found/);
    expect(errorsOf(`${text}__on("older");`)).toEqual([
      '4:6 no profile is called older; there are: old, new',
    ]);
    expect(errorsOf(`${A}__on("old");`)).toEqual(['2:6 no profile is called old; there are: none']);
  });

  it('starts from one of several named states, the first when nobody asks', () => {
    const text = `int n, m; __start("clean") void clean(void) { n = 0; }
__setup void both(void) { m = n; }
__start("dirty") void dirty(void) { n = 1; }
__thread("t") void t(void) { __assert(n == 0 && m == 0, "clean"); }\n`;
    expect(verdictOf(text)).toMatch(/^none/);
    expect(verdictOf(`${text}__with("dirty");`)).toMatch(/^race found/);
    expect(errorsOf(`${text}__with("dirtier");`)).toEqual([
      '5:8 nothing asks __since or __fix about dirtier',
    ]);
    expect(errorsOf(`${A}__start("x") void s(int k) { n = k; }`)).toEqual([
      '2:19 s is __start: it takes no arguments',
    ]);
  });

  it('has a row in the table for each further start', () => {
    const text = '__scenario("S", "s"); int n; __thread("t") void t(void) { n = 1; }\n';
    const starts = '__start("clean") void a(void) {} __start("dirty") void b(void) { n = 2; }';
    const files = [...readKernel(), { name: 'scenarios/own/s.c', text: text + starts }];
    const own = new ModelKernel(parser, files).scenario('S');
    expect(own?.fixes).toEqual([{ id: 'dirty', text: 'starts there, not at clean' }]);
  });

  it('takes no pointer for another', () => {
    const head = `struct x { int a; }; struct y { struct x x; int b; }; struct x x; struct y y; void *any;
int use(struct x *p) { return p->a; } struct x *get(void) { return any; }\n`;
    const bad = (body: string): readonly string[] | string =>
      errorsOf(`${head}__thread("t") void t(void) { ${body} }`);
    expect(bad('use(&y);')).toEqual(['3:34 struct y * where struct x * is meant']);
    expect(bad('struct y *p = get();')).toEqual(['3:44 struct x * where struct y * is meant']);
    expect(bad('struct y *p = &y; p = &x;')).toEqual(['3:52 struct x * where struct y * is meant']);
    expect(bad('int n = &x;')).toEqual(['3:38 struct x * where s32 is meant']);
    expect(bad('struct x *p = 5;')).toEqual(['3:44 s32 where struct x * is meant']);
    expect(bad('int (*f)(struct x *) = use;')).toEqual([]);
    expect(bad('void (*f)(void) = use;')).toEqual([
      '3:48 a function of 1 arguments where a function of 0 arguments is meant',
    ]);
  });

  it('may have pointers to anything, NULL, and what is inside', () => {
    const text = `struct x { int a; struct x *next; }; struct x x, xs[2]; u8 bytes[4]; bool set;
int use(struct x *p) { u8 *b = bytes; return p ? p->a + b[0] : 0; }
__thread("t") void t(void) { void *any = &x; struct x *p = any, *q = 0; const struct x *c = p;
use(xs); use(NULL); use(q ? q : NULL); use((struct x *)any); set = p; p = set ? NULL : p; p->next = &xs[1];
q = container_of(&c->a, struct x, a); p = ERR_PTR(-5); if (IS_ERR(p)) p = 0; }`;
    expect(errorsOf(text)).toEqual([]);
  });

  it('keeps to ranges that have a value', () => {
    expect(errorsOf(`${A}#define TOP 1\nint m __range(5, TOP), k __range(0, TOP);`)).toEqual([
      '3:15 range of m is empty: 5 is more than 1',
    ]);
    expect(errorsOf(`${A}struct s { int m __range(2, 1); } s; int k __range(0, n);`)).toEqual([
      '2:52 range of k is not constant',
      '2:26 range of m is empty: 2 is more than 1',
    ]);
    expect(errorsOf(`${A}void f(void) { int k __range(0, 1) = 2; n = k; }`)).toEqual([
      '2:22 __range is for members and for variables that are not automatic',
    ]);
  });

  it('finds NULL in a task, and takes it for a slip of the model where code runs alone', () => {
    const text = 'struct s { int a; } *p;\n__thread("t") void t(void)\n{\n\tp->a = 1;\n}';
    expect(verdictOf(text)).toMatch(/^race found \(null-dereference/);
    expect(verdictOf(`${text} __setup void s(void) { p->a = 1; }`)).toBe(
      'model error: own.c:5:26: NULL is dereferenced (in s)',
    );
  });

  it('gives each thread one role and a name of its own', () => {
    expect(errorsOf(`${A}__thread("a") void b(void) { n = 2; }`)).toEqual([
      '2:10 a thread is called a already',
    ]);
    expect(errorsOf(`${A}__thread void b(void) { n = 2; }`)).toEqual([
      '2:1 __thread takes a name: __thread("name")',
    ]);
    expect(errorsOf(`${A}__thread() void b(void) { n = 2; }`)).toEqual([
      '2:1 __thread takes a name: __thread("name")',
    ]);
    expect(errorsOf(`${A}__thread("b") __irq("b") void b(void) { n = 2; }`)).toEqual([
      '2:15 b is __thread already',
    ]);
  });

  it('is no scenario of a user when it has a slip', () => {
    const text = `__scenario("MINE", "mine");\n${A}__finaly void fin(void) { __assert(0, "never"); } }`;
    const own = [{ name: 'mine.c', uri: 'file:mine.c', text }];
    const { good, problems } = usableScenarios(parser, kernel, readKernel(), own);
    expect(good).toEqual([]);
    expect(problems.map((p) => `${p.at.line + 1}:${p.at.character + 1} ${p.message}`)).toEqual(
      expect.arrayContaining([
        '3:1 __finaly is no attribute of Model C or the kernel',
        '3:51 not understood: }',
      ]),
    );
  });

  it('may be any file of the model itself', () => {
    for (const scenario of kernel.scenarios) {
      const profile = kernel.profile(scenario.profile ?? '') ?? kernel.latest;
      const problems = strictProblems({
        units: [scenario.unit, ...kernel.kernelUnits],
        program: kernel.link(profile, NO_SWITCHES, [], scenario),
        table: kernel.table,
        below: [],
        switchIds: new Set(kernel.switchIds),
        profiles: kernel.profiles.map((p) => p.name),
      });
      expect(
        problems
          .filter((p) => p.severity === 'error')
          .map((p) => `${kernel.table.get(p.loc.src).name} ${p.message}`),
      ).toEqual([]);
    }
  });
});
