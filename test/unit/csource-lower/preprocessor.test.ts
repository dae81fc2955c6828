/** `##`, `#`, conditionals and initialisers as C has them, by what the machine computes. */
import { describe, expect, it } from 'vitest';
import { finalValue } from '../machine/support.js';
import { program } from './support.js';

/** Value of `x` at the end of a thread with this body. */
const x = (globals: string, body: string): string =>
  finalValue(`${globals}\nint x;\n__thread("t") void t(void) { ${body} }`, 'x');

/** Value of a cell that an initialiser of file scope has given. */
const cell = (globals: string, name: string): string =>
  finalValue(`${globals}\n__thread("t") void t(void) { }`, name);

describe('## in a macro', () => {
  it('makes names of variables, members, functions, labels and constants', () => {
    expect(x('int ab = 7;\n#define CAT(a, b) a##b', 'x = CAT(a, b);')).toBe('7');
    expect(x('enum { FLAG_UP = 5 };\n#define FLAG(n) FLAG_##n', 'x = FLAG(UP);')).toBe('5');
    expect(
      x(
        'struct s { int up_cnt; } s;\n#define CNT(s, n) ((s)->n##_cnt)',
        'CNT(&s, up) = 4; x = s.up_cnt;',
      ),
    ).toBe('4');
    expect(
      x('int get_up(int v) { return v + 1; }\n#define GET(n, v) get_##n(v)', 'x = GET(up, 4);'),
    ).toBe('5');
    const wait =
      '#define TWICE(n) do { int n##_i = 2; n##_again: x++; if (--n##_i) goto n##_again; } while (0)';
    expect(x(`extern int x;\n${wait}`, 'TWICE(a); TWICE(b);')).toBe('4');
  });

  it('puts more than two parts and numbers together, and what it makes may be a macro', () => {
    expect(x('int v_1_end = 3;\n#define NAME(a, b) a##_##b##_end', 'x = NAME(v, 1);')).toBe('3');
    expect(x('#define TWO 2\n#define MAKE(a, b) a##b', 'x = MAKE(T, WO);')).toBe('2');
  });

  it('drops the comma before no further arguments', () => {
    const log = 'void log1(int a) { x += a; } void log2(int a, int b) { x += a * b; }';
    const call = '#define CALL(f, a, args...) f(a, ##args)\n#define VA(f, ...) f(__VA_ARGS__)';
    expect(
      x(`extern int x;\n${log}\n${call}`, 'CALL(log1, 1); CALL(log2, 2, 3); VA(log2, 2, 5);'),
    ).toBe('17');
  });

  it('that makes no name is an error at the use', () => {
    const linked = program('#define BAD(a) a##1\nint x; void f(void) { x = BAD(x + 2); }');
    expect(linked.problems[0]).toBe('2:27: error: what ## makes in macro BAD is no name');
  });
});

describe('# in a macro', () => {
  it('is the text of the argument', () => {
    const check = '#define CHECK(c) __assert(c, "must: " #c)';
    expect(x(check, 'x = 1; CHECK(x == 2);')).toBe('assert: must: x == 2');
    expect(x('#define CHECK(c) __assert(c, #c)', 'x = 1; CHECK(x==2);')).toBe('assert: x == 2');
  });
});

describe('conditionals of a file', () => {
  const value = (text: string): string => cell(text, 'v');

  it('leave one branch', () => {
    expect(value('#define A 1\n#if A\nint v = 1;\n#else\nint v = 2;\n#endif')).toBe('1');
    expect(value('#define A 0\n#if A\nint v = 1;\n#else\nint v = 2;\n#endif')).toBe('2');
    expect(value('#ifdef NOBODY_KNOWS\nint v = 1;\n#else\nint v = 2;\n#endif')).toBe('1');
    expect(value('#define A\n#ifndef A\nint v = 1;\n#else\nint v = 2;\n#endif')).toBe('2');
    expect(
      value(
        '#define A 0\n#define B 1\n#if A && B\nint v = 1;\n#elif !A || B\nint v = 2;\n#else\nint v = 3;\n#endif',
      ),
    ).toBe('2');
    expect(
      value('#define A 1\n#if defined(A)\n#define V 4\n#else\n#define V 5\n#endif\nint v = V;'),
    ).toBe('4');
    expect(
      value(
        '#if 0\n#define A 1\n#endif\n#define B\n#ifdef B\n#ifndef A\nint v = 6;\n#endif\n#endif',
      ),
    ).toBe('6');
  });

  it('leave one branch inside a function', () => {
    expect(x('', '\n#ifdef CONFIG_A\nx += 1;\n#else\nx += 10;\n#endif\n')).toBe('1');
  });
});

describe('initialisers', () => {
  it('may leave out the braces of what is inside', () => {
    const pairs = 'struct p { int a, b; }; struct p ps[2] = { 1, 2, 3, 4 };';
    expect(cell(pairs, 'ps[1].a')).toBe('3');
    expect(cell('int m[2][2] = { 1, 2, 3 };', 'm[1][0]')).toBe('3');
    expect(cell('struct p { int a[2]; int b; } p = { 1, 2, 3 };', 'p.b')).toBe('3');
    expect(
      x(
        'struct p { int a, b; }; struct q { struct p p; int c; };',
        'struct q l = { 1, 2, 3 }; x = l.c * 10 + l.p.b;',
      ),
    ).toBe('32');
    expect(
      x(
        'struct p { int a, b; }; struct q { struct p p; int c; };',
        'struct p p = { 1, 2 }; struct q l = { p, 3 }; x = l.c * 10 + l.p.b;',
      ),
    ).toBe('32');
  });

  it('may give one value to a range, and go on behind it', () => {
    const a = 'int a[6] = { [1 ... 3] = 7, 8, [0] = 1 };';
    expect(['a[0]', 'a[1]', 'a[3]', 'a[4]', 'a[5]'].map((n) => cell(a, n))).toEqual([
      '1',
      '7',
      '7',
      '8',
      '0',
    ]);
    expect(x('', 'int a[] = { [0 ... 4] = 2 }; x = sizeof(a) / sizeof(a[0]) * a[4];')).toBe('10');
  });

  it('follow paths', () => {
    const o = 'struct in { int v[3]; int w; }; struct o { struct in in; int z; };';
    expect(cell(`${o} struct o o = { .in.v[1] = 3, .in.w = 4 };`, 'o.in.v[1]')).toBe('3');
    expect(cell(`${o} struct o os[2] = { [1].in = { .w = 9 } };`, 'os[1].in.w')).toBe('9');
  });

  it.each([
    ['int a[2] = { 1, 2, 3 };', '1:20: error: too many initialisers for an array of 2'],
    ['int a[2] = { [2] = 1 };', '1:20: error: no such element for an array of 2'],
    ['int a[2] = { [1 ... 5] = 1 };', '1:26: error: no such element for an array of 2'],
    ['struct s { int a; } s = { 1, 2 };', '1:30: error: no member for this initialiser'],
    ['int a = { 1, 2 };', '1:9: error: more than one value for a scalar'],
    [
      'struct s { struct { int a, b; } i; } s = { .i.a = 1, 2 };',
      '1:54: error: initialiser behind a nested designator',
    ],
  ])('%s', (text, message) => {
    expect(program(text).problems).toContain(message);
  });

  it('are not numbers where a struct is meant', () => {
    const text = 'struct s { int a; } s; int y;\nvoid f(void) { s = y; y = s; }';
    expect(program(text).problems).toEqual([
      '2:20: error: a number is assigned to a struct',
      '2:27: error: a struct is assigned to a number',
    ]);
  });
});
