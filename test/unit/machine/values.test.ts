import { describe, expect, it } from 'vitest';
import { finalValue } from './support.js';

/** Value that `expr` gives when it is stored into a variable of the given type. */
function value(expr: string, type = 'long long', before = ''): string {
  return finalValue(
    `typedef unsigned char u8; typedef unsigned int u32; typedef unsigned long long u64; typedef long long s64; u32 large = -1;
     ${type} result; ${before}
     __thread("t") void t(void) { result = ${expr}; }`,
    'result',
  );
}

describe('C arithmetic', () => {
  it.each([
    ['7 / 2', '3'],
    ['-7 / 2', '-3'],
    ['-7 % 3', '-1'],
    ['(u8)300', '44'],
    ['(s64)large > 0', '1'],
    ['-1 < 1u', '0'],
    ['(s64)-1 < 1u', '1'],
    ['1 << 4', '16'],
    ['-8 >> 1', '-4'],
    ['~0', '-1'],
    ['!5', '0'],
    ['5 > 3 && 2 > 1', '1'],
    ['0x7fffffffffffffffLL > 1000000', '1'],
    ['(u64)-1 > 5', '1'],
    ['(unsigned long)-12 >= (unsigned long)-4095', '1'],
    ['13 & ~3', '12'],
    ['0 ? 1 : 2', '2'],
    ['(u32)2147483647 + 1 == 2147483648u', '1'],
    ['3 * -4', '-12'],
    ["'a'", '97'],
  ])('%s is %s', (expr, expected) => expect(value(expr)).toBe(expected));

  it('wraps in narrow types', () => {
    expect(value('255 + 1', 'u8')).toBe('0');
    expect(value('-1', 'u32')).toBe('4294967295');
    expect(value('200', 'signed char')).toBe('-56');
    expect(value('2', 'bool')).toBe('true');
  });

  it('keeps extreme constants as one symbol and refuses what does not fit', () => {
    expect(value('0x7fffffffffffffffLL')).toBe('MAX');
    expect(value('100000LL * 100000')).toBe('model-error: value 10000000000 does not fit a cell');
  });

  it('reports undefined arithmetic', () => {
    expect(value('1 / zero', 'int', 'int zero;')).toBe('arithmetic: division by zero');
    expect(value('1 << far', 'int', 'int far = 32;')).toBe(
      'arithmetic: shift exponent 32 is too large for 32 bits',
    );
  });

  it.each([
    ['max + 1', '+'],
    ['min - 1', '-'],
    ['65536 * (max / 32767)', '*'],
    ['min / -1', '/'],
    ['-min', '-'],
    ['2147483647 + 1', '+'],
  ])('reports that %s overflows', (expr, op) =>
    expect(value(expr, 'int', 'int max = 2147483647, min = -2147483647 - 1;')).toBe(
      `arithmetic: signed integer overflow: the result of ${op} is no int`,
    ),
  );

  it.each([
    ['max + 1u', 'unsigned', '2147483648'],
    ['255 + (u8)1', 'u8', '0'],
    ['-1 * max - 1', 'int', '-2147483648'],
    ['1 << 31', 'int', '-2147483648'],
  ])('%s is no overflow of an int', (expr, type, expected) =>
    expect(value(expr, type, 'int max = 2147483647;')).toBe(expected),
  );

  it.each([
    ['max > 5', '1'],
    ['max == 0x7fffffffffffffffLL', '1'],
    ['max >= max', '1'],
    ['(n < max ? n : max) == 7', '1'],
    ['(n > max ? n : max) == max', '1'],
    ['max - n < max', '1'],
    ['n - 8 < max', '1'],
    ['(u64)n - 8 > max', '1'],
  ])('%s with the largest number', (expr, expected) =>
    expect(value(expr, 'int', 'long long max = 0x7fffffffffffffffLL, n = 7;')).toBe(expected),
  );

  it.each(['max + n > max', 'max == max + 1', 'n + 2147483647LL < max + 2'])(
    'does not guess %s',
    (expr) =>
      expect(value(expr, 'int', 'long long max = 0x7fffffffffffffffLL, n = 7;')).toBe(
        'model-error: comparison of two numbers that are above every range',
      ),
  );

  it('reports shifts by a negative number', () =>
    expect(value('1 << far', 'int', 'int far = -1;')).toBe(
      'arithmetic: shift exponent -1 is negative',
    ));

  it.each([
    ['(s64)(u32)-1', '4294967295'],
    ['(s64)(u32)-1 + 1', '4294967296'],
    ['(u8)(s64)(u32)-1', '255'],
    ['2 * (s64)(u8)-1', '510'],
    ['2 * (u8)-1 + 1', '511'],
    ['(s64)(u32)(1) - 1', '0'],
  ])('the casts of %s bind before the sign', (expr, expected) =>
    expect(value(`(${expr}) == ${expected}LL`, 'int')).toBe('1'),
  );

  it('types a statement expression by the variables of its block', () => {
    const wide = 'typeof(({ long z = 1; z; })) w = -1; w < 1u';
    expect(value(`({ ${wide}; })`, 'int')).toBe('1');
    expect(value('({ typeof(({ u8 z = 1; z; })) w = 256; w; })', 'int', 'long z;')).toBe('0');
  });

  it('checks the range of every element of an array', () => {
    expect(
      finalValue('int a[2] __range(0, 1); __thread("t") void t(void) { a[1] = 2; }', 'a[1]'),
    ).toBe('range: value 2 is out of range 0..1');
  });

  it('checks declared ranges', () => {
    expect(
      finalValue(
        'struct s { int a __range(0, 3); }; struct s x; __thread("t") void t(void) { x.a = 4; }',
        'x.a',
      ),
    ).toBe('range: value 4 is out of range 0..3');
  });

  it('prints enum constants, bools and pointers as the source writes them', () => {
    const text = `
      enum st { IDLE, BUSY }; struct s { enum st st; bool on; struct s *next; void (*fn)(void); };
      struct s x, y[2]; void hello(void) { }
      __thread("t") void t(void) { x.st = BUSY; x.on = true; x.next = &y[1]; x.fn = hello; }`;
    expect(finalValue(text, 'x.st')).toBe('BUSY');
    expect(finalValue(text, 'x.on')).toBe('true');
    expect(finalValue(text, 'x.next')).toBe('&y[1]');
    expect(finalValue(text, 'x.fn')).toBe('hello');
    expect(finalValue(text, 'y[0].next')).toBe('NULL');
  });
});

describe('memory', () => {
  it('copies structs', () => {
    const text = `struct in { int a, b; }; struct out { int x; struct in in; };
      struct out p, q; int r;
      __thread("t") void t(void) { struct out l; p.x = 1; p.in.b = 7; l = p; l.x = 2; q = l; r = q.in.b * 10 + q.x + p.x; }`;
    expect(finalValue(text, 'r')).toBe('73');
  });

  it('passes a struct of one member by value', () => {
    const text = `struct one { int v; }; int r; int get(struct one o) { o.v++; return o.v; }
      __thread("t") void t(void) { struct one x = { 4 }; r = get(x) * 10 + x.v; }`;
    expect(finalValue(text, 'r')).toBe('54');
  });

  it('passes and returns structs', () => {
    const text = `struct p { int a, b; }; int r;
      struct p swap(struct p in) { struct p out; out.a = in.b; out.b = in.a; return out; }
      __thread("t") void t(void) { struct p x = { 1, 2 }; struct p y = swap(x); r = y.a * 10 + y.b; }`;
    expect(finalValue(text, 'r')).toBe('21');
  });

  it('finds the container of a member', () => {
    const text = `#define container_of(ptr, type, member) ((type *)((char *)(ptr) - offsetof(type, member)))
      struct list { struct list *next; }; struct obj { int a; struct list link; int b; }; struct obj o; struct list *head; int r;
      __thread("t") void t(void) { o.b = 9; head = &o.link; r = container_of(head, struct obj, link)->b; }`;
    expect(finalValue(text, 'r')).toBe('9');
  });

  it('calls through function pointers and tables', () => {
    const text = `struct ops { int (*get)(int x); }; int twice(int x) { return 2 * x; } int thrice(int x) { return 3 * x; }
      const struct ops a = { .get = twice }, b = { .get = thrice }; const struct ops *ops[2] = { &a, &b }; int r;
      __thread("t") void t(void) { int i; for (i = 0; i < 2; i++) r += ops[i]->get(5); }`;
    expect(finalValue(text, 'r')).toBe('25');
  });

  it('shares the cells of a union', () => {
    expect(
      finalValue(
        'union u { int a; unsigned b; }; union u u; int r; __thread("t") void t(void) { u.a = 5; r = u.b; }',
        'r',
      ),
    ).toBe('5');
  });

  it.each([
    ['int *p; __thread("t") void t(void) { *p = 1; }', 'null-dereference: NULL is dereferenced'],
    [
      'struct s { int a, b; }; struct s *p; int r; __thread("t") void t(void) { r = p->b; }',
      'null-dereference: member of NULL is accessed',
    ],
    [
      'int a[3]; int i = 3; __thread("t") void t(void) { a[i] = 1; }',
      'model-error: index 3 is outside an array of 3',
    ],
    [
      'void (*f)(void); __thread("t") void t(void) { f(); }',
      'null-dereference: call through a NULL pointer',
    ],
    [
      'int *keep; void f(void) { int x = 1; keep = &x; } __thread("t") void t(void) { f(); *keep = 2; }',
      'lifetime: use of a local variable after its function returned',
    ],
    [
      'int f(int n) { return f(n + 1) + 1; } int r; __thread("t") void t(void) { r = f(0); }',
      'model-error: stack overflow in f',
    ],
    [
      'int r; __thread("t") void t(void) { r = 1; for (;;) ; }',
      'model-error: no visible operation in t',
    ],
    [
      'int r; __thread("t") void t(void) { __atomic { r = 1; __wait(r); } }',
      'model-error: wait is not the first thing in its atomic region',
    ],
  ])('%s', (text, expected) => expect(finalValue(text, 'r')).toBe(expected));

  it('finds use after free, double free and an exhausted pool', () => {
    const pool = 'struct obj { int a; }; struct obj pool[2] __pool; int r;';
    expect(
      finalValue(
        `${pool} __thread("t") void t(void) { struct obj *p = __alloc(pool); p->a = 4; r = p->a; __free(p); }`,
        'r',
      ),
    ).toBe('4');
    expect(
      finalValue(
        `${pool} __thread("t") void t(void) { struct obj *p = __alloc(pool); __free(p); r = p->a; }`,
        'r',
      ),
    ).toBe('use-after-free: use after free of struct obj: freed in t');
    expect(
      finalValue(
        `${pool} __thread("t") void t(void) { struct obj *p = __alloc(pool); __free(p); __free(p); }`,
        'r',
      ),
    ).toBe('double-free: double free of struct obj: freed in t before');
    expect(
      finalValue(
        `${pool} __thread("t") void t(void) { int i; for (i = 0; i < 3; i++) __alloc(pool); }`,
        'r',
      ),
    ).toBe('model-error: pool pool is exhausted: 2 of struct obj in use');
  });
});

describe('what has no definition', () => {
  it('is 0 and an assumption', async () => {
    const { make } = await import('./support.js');
    const { machine } = make(
      'struct s; int r; extern int other(int x); __thread("t") void t(void) { r = other(3) + 1; }',
      0,
      true,
    );
    const [step] = machine.successors(machine.initial, 0);
    expect(step?.kind).toBe('moved');
    expect(machine.assumptions).toEqual(['unknown: other']);
  });
});
