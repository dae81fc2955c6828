import { describe, expect, test } from 'vitest';
import { code, program } from './support.js';

test('object-like and function-like macros, nested, with arguments kept at their place', () => {
  const text = `#define SHIFT 2
#define SIZE (1 << SHIFT)
#define ROUND(x, y) (((x) + (y) - 1) & ~((y) - 1))
int f(int a, int b)
{
	return ROUND(a, SIZE) + ROUND(ROUND(a, 2), b);
}`;
  expect(code(text)).toMatchInlineSnapshot(`
    "f(a, b)
      [6] return ROUND(a, SIZE) + ROUND(ROUND(a, 2), b);
          0: return ((a + (1 << 2) - 1) & ~((1 << 2) - 1)) + ((((a + 2 - 1) & ~(2 - 1)) + b - 1) & ~(b - 1))"
  `);
  const { program: p, table } = program(text);
  const value = p.functions.get('f')?.code[0];
  const sum = value?.op === 'return' && value.value?.kind === 'binary' ? value.value : undefined;
  expect(sum && table.slice(sum.left.loc)).toBe('ROUND(a, SIZE)');
});

test('a macro does not expand inside itself', () => {
  expect(
    code(`int g(int);
#define g(x) (g(x) + 1)
#define a a
int f(int a)
{
	return g(g(a));
}`),
  ).toMatchInlineSnapshot(`
    "f(a)
      [6] return g(g(a));
          0: t1 = call g(a)
          1: t2 = call g(t1 + 1)
          2: return t2 + 1"
  `);
});

test('arguments as types: cast, declaration, sizeof, typeof, pointer', () => {
  expect(
    code(`struct s { int v, w; };
#define as(type, x) ((type)(x))
#define neg(type, x) ((type) -x)
#define min_t(type, x, y) ({ type __x = (x); type __y = (y); __x < __y ? __x : __y; })
#define cells(type) sizeof(type)
#define next(type, p) ((type *)(p) + 1)
long f(int a, void *p)
{
	struct s *s = next(struct s, p);
	a = as(u8, a) + neg(long, a);
	return min_t(loff_t, a, s->v) + cells(struct s) + cells(a);
}`),
  ).toMatchInlineSnapshot(`
    "f(a, p)
      s: struct s *
      __x: loff_t
      __y: loff_t
      [9] struct s *s = next(struct s, p);
          0: s = (struct s *)p + 1
      [10] a = as(u8, a) + neg(long, a);
          1: a = (u8)a + (long)-a
      [11] return min_t(loff_t, a, s->v) + cells(struct s) + cells(a);
          2: __x = a
          3: __y = s->v
          4: branch __x < __y ? 5 : 7
          5: t1 = __x
          6: jump 8
          7: t1 = __y
          8: return t1 + sizeof(struct s) + sizeof(a)"
  `);
});

test('typeof in nested statement expressions', () => {
  const { program: p, problems } =
    program(`#define min(x, y) ({ typeof(x) __x = (x); typeof(y) __y = (y); __x < __y ? __x : __y; })
struct s { u8 a; loff_t b; };
long f(struct s *s, int c)
{
	return min(min(s->a, s->b), c);
}`);
  expect(problems).toEqual([]);
  const fn = p.functions.get('f');
  const bits = fn?.locals.map((l, i) => {
    const type = p.types.typeOf({ kind: 'local', local: i, name: l.name, loc: l.loc }, fn);
    return `${l.name}: ${type.kind === 'int' ? String(type.bits) : type.kind}`;
  });
  expect(bits).toEqual([
    's: pointer',
    'c: 32',
    '__x: 64',
    '__x: 8',
    '__y: 64',
    't1: 64',
    '__y: 32',
    't2: 64',
  ]);
});

test('container_of with a member path, names of members, labels and variables as arguments', () => {
  expect(
    code(`struct in { int x; };
struct out { int a; struct in i[2]; };
#define container_of(ptr, type, member) ((type *)((char *)(ptr) - offsetof(type, member)))
#define get(p, field) ((p)->field)
#define DEFINE_THING(name) struct in name = { .x = 1 }
#define leave(label) goto label
int f(struct in *p)
{
	struct out *o = container_of(p, struct out, i[1]);
	DEFINE_THING(thing);
	if (get(o, i[0].x))
		leave(out);
	thing.x = 2;
out:
	return thing.x;
}`),
  ).toMatchInlineSnapshot(`
    "f(p)
      o: struct out *
      thing: struct in
      [9] struct out *o = container_of(p, struct out, i[1]);
          0: o = (struct out *)((char *)p - offsetof(struct out, i[1]))
      [10] DEFINE_THING(thing);
          1: zero thing
          2: thing.x = 1
      [11] if (get(o, i[0].x))
          3: branch o->i[0].x ? 4 : 5
        [12] leave(out);
          4: jump 6
      [13] thing.x = 2;
          5: thing.x = 2
      [15] return thing.x;
          6: return thing.x"
  `);
});

test('statement macros belong to the statement that uses them', () => {
  const text = `int g(int);
#define twice(x) do { g(x); g(x); } while (0)
#define pair(x) g(x); g(x)
void f(int a)
{
	twice(a);
	if (a)
		pair(a);
}`;
  expect(code(text)).toMatchInlineSnapshot(`
    "f(a)
      [6] twice(a);
          0: call g(a)
          1: call g(a)
      [7] if (a)
          2: branch a ? 3 : 5
        [8] pair(a);
          3: call g(a)
          4: call g(a)
      [9] }
          5: return"
  `);
  expect(program(text).program.functions.get('f')?.stmts).toHaveLength(4);
});

test('loop macros get the body of their use', () => {
  expect(
    code(`struct list { struct list *next; };
struct item { int v; struct list list; };
#define container_of(ptr, type, member) ((type *)((char *)(ptr) - offsetof(type, member)))
#define for_each(pos, head) for (pos = (head)->next; pos != (head); pos = pos->next)
#define for_each_set(pos, head) for_each(pos, head)
int f(struct list *head, struct list *p)
{
	int n = 0;
	for_each_set(p, head) {
		if (!p->next)
			break;
		n++;
	}
	for_each(p, head)
		n--;
	return n;
}`),
  ).toMatchInlineSnapshot(`
    "f(head, p)
      n: int
      [8] int n = 0;
          0: n = 0
      [9] for_each_set(p, head)
          1: p = head->next
          2: branch p != head ? 3 : 8
        [10] if (!p->next)
          3: branch p->next ? 5 : 4
          [11] break;
          4: jump 8
        [12] n++;
          5: n = n + 1
      [9] for_each_set(p, head)
          6: p = p->next
          7: jump 2
      [14] for_each(p, head)
          8: p = head->next
          9: branch p != head ? 10 : 13
        [15] n--;
         10: n = n - 1
      [14] for_each(p, head)
         11: p = p->next
         12: jump 9
      [16] return n;
         13: return n"
  `);
});

test('an unknown loop macro loops an unknown number of times', () => {
  const linked = program(`int g(int);
void f(int a)
{
	some_for_each(a, 3) {
		if (g(a))
			continue;
		break;
	}
}`);
  expect(linked.dump('f')).toMatchInlineSnapshot(`
    "f(a)
      [4] some_for_each(a, 3)
          0: call some_for_each(a, 3)
          1: branch <> ? 2 : 6
        [5] if (g(a))
          2: t1 = call g(a)
          3: branch t1 ? 4 : 5
          [6] continue;
          4: jump 0
        [7] break;
          5: jump 6
      [9] }
          6: return"
  `);
  expect(linked.problems).toEqual(['4:2: note: function some_for_each is not declared']);
});

test('variadic macros', () => {
  expect(
    code(`int g(int, int, int);
#define call(fn, ...) fn(1, __VA_ARGS__)
#define named(fn, rest...) fn(1, rest)
void f(int a)
{
	call(g, a, 2);
	named(g, 3, a);
}`),
  ).toMatchInlineSnapshot(`
    "f(a)
      [6] call(g, a, 2);
          0: call g(1, a, 2)
      [7] named(g, 3, a);
          1: call g(1, 3, a)
      [8] }
          2: return"
  `);
});

test('__assert and __warn keep the text of their condition as written', () => {
  expect(
    code(`#define WARN_ON(x) __warn(x)
#define LIMIT 3
#define BUG_ON(c) do { if (c) __assert(0, "BUG"); } while (0)
struct s { int v; };
void f(struct s *s)
{
	__assert(s->v  <
		 LIMIT, "limit");
	if (WARN_ON(s->v == LIMIT))
		BUG_ON(s->v);
}`),
  ).toMatchInlineSnapshot(`
    "f(s)
      [7] __assert(s->v < LIMIT, "limit");
          0: __assert(s->v < 3, "limit", "s->v < LIMIT")
      [9] if (WARN_ON(s->v == LIMIT))
          1: t1 = __warn(s->v == 3, "s->v == LIMIT")
          2: branch t1 ? 3 : 5
        [10] BUG_ON(s->v);
          3: branch s->v ? 4 : 5
          4: __assert(0, "BUG", "0")
      [11] }
          5: return"
  `);
});

test('__since and __fix are constants; what they switch off is gone', () => {
  const text = `int g(int);
#define NEW __since("abc", "2025-01-01")
int f(int a)
{
	if (NEW && a)
		return 1;
	if (!__fix("it") || a)
		g(1);
	a = NEW ? g(2) : g(3);
	return a;
}`;
  expect(code(text)).toMatchInlineSnapshot(`
    "f(a)
        [8] g(1);
          0: call g(1)
      [9] a = NEW ? g(2) : g(3);
          1: t1 = call g(3)
          2: a = t1
      [10] return a;
          3: return a"
  `);
  expect(code(text, ['abc', 'it'])).toMatchInlineSnapshot(`
    "f(a)
      [5] if (NEW && a)
          0: branch a ? 1 : 2
        [6] return 1;
          1: return 1
      [7] if (!__fix("it") || a)
          2: branch a ? 3 : 4
        [8] g(1);
          3: call g(1)
      [9] a = NEW ? g(2) : g(3);
          4: t1 = call g(2)
          5: a = t1
      [10] return a;
          6: return a"
  `);
});

test('wrong use of a macro is a problem at the use', () => {
  const { problems } = program(`#define two(a, b) ((a) + (b))
int f(int a)
{
	return two(a);
}`);
  expect(problems).toEqual([
    '4:9: error: macro two takes 2 arguments, not 1',
    '4:9: note: function two is not declared',
  ]);
});

describe('macros that would give more text than anyone can read', () => {
  const doubled = (body: (i: number) => string): string =>
    Array.from({ length: 60 }, (_, i) => `#define X${i + 1}${body(i)}`).join('\n');
  const use = 'int f(int a)\n{\n\treturn X60;\n}';

  test.each([
    [
      'a name that stands twice in the next',
      `#define X0 1\n${doubled((i) => ` (X${i} + X${i})`)}\n${use}`,
    ],
    [
      'an argument that is used twice, sixty deep',
      `#define D(x) ((x) + (x))\nint f(int a)\n{\n\treturn ${'D('.repeat(60)}a${')'.repeat(60)};\n}`,
    ],
    [
      'a chain of twenty thousand names',
      `#define X0 1\n${Array.from({ length: 20_000 }, (_, i) => `#define X${i + 1} X${i}`).join('\n')}\nint f(int a)\n{\n\treturn X20000;\n}`,
    ],
  ])('%s', (_, text) => {
    const { problems } = program(text);
    expect(problems.some((p) => p.includes('a macro gives too much text here'))).toBe(true);
  });

  test('what is only long is expanded', () => {
    const lines = Array.from({ length: 2000 }, () => '\ta += ONE(ONE(a));').join('\n');
    const text = `#define ONE(x) ((x) + 1)\nint f(int a)\n{\n${lines}\n\treturn a;\n}`;
    expect(program(text).problems).toEqual([]);
  });
});
