import { expect, test } from 'vitest';
import { code, program } from './support.js';

test('conditional as value has the type of the whole, also in GNU form', () => {
  expect(
    code(`struct s { int v; } a;
struct s *g(void);
int f(int n)
{
	struct s *p = n ? 0 : &a;
	struct s *q = g() ?: p;
	return (n ? 0 : p)->v + q->v;
}`),
  ).toMatchInlineSnapshot(`
    "f(n)
      p: struct s *
      q: struct s *
      [5] struct s *p = n ? 0 : &a;
          0: branch n ? 1 : 3
          1: t1 = 0
          2: jump 4
          3: t1 = &a
          4: p = t1
      [6] struct s *q = g() ?: p;
          5: t3 = call g()
          6: t4 = t3
          7: branch t4 ? 8 : 10
          8: t2 = t4
          9: jump 11
         10: t2 = p
         11: q = t2
      [7] return (n ? 0 : p)->v + q->v;
         12: branch n ? 13 : 15
         13: t5 = 0
         14: jump 16
         15: t5 = p
         16: return t5->v + q->v"
  `);
});

test('types of temporaries', () => {
  const { program: p } = program(`struct s { int v; } a;
struct s *g(void);
long h(void);
u8 f(int n)
{
	struct s *p = n ? 0 : &a;
	return g()->v + h() + (n && p);
}`);
  const fn = p.functions.get('f');
  const types = fn?.locals
    .filter((l) => l.temp)
    .map((l) => [
      l.name,
      p.types.typeOf({ kind: 'local', local: fn.locals.indexOf(l), name: l.name, loc: l.loc }, fn)
        .kind,
    ]);
  expect(types).toEqual([
    ['t1', 'pointer'],
    ['t2', 'pointer'],
    ['t3', 'int'],
    ['t4', 'int'],
  ]);
});

test('++ and -- on locals and on memory: old value, new value, no value', () => {
  expect(
    code(`struct s { int v; struct s *next; };
int f(struct s *p, int i)
{
	int a = i++;
	int b = --i;
	p->next->v++;
	a = p->v++;
	return ++p->v + a + b;
}`),
  ).toMatchInlineSnapshot(`
    "f(p, i)
      a: int
      b: int
      [4] int a = i++;
          0: t1 = i
          1: i = t1 + 1
          2: a = t1
      [5] int b = --i;
          3: i = i - 1
          4: b = i
      [6] p->next->v++;
          5: t2 = p->next
          6: t2->v = t2->v + 1
      [7] a = p->v++;
          7: t3 = p->v
          8: p->v = t3 + 1
          9: a = t3
      [8] return ++p->v + a + b;
         10: t4 = p->v + 1
         11: p->v = t4
         12: return t4 + a + b"
  `);
});

test('the target of a compound assignment is reached once', () => {
  expect(
    code(`struct s { int v[4]; struct s *next; };
struct s *g(void);
void f(struct s *p, int i)
{
	g()->v[i++] += 2;
	p->next->v[p->v[0]] |= 1 << i;
	i <<= 2;
}`),
  ).toMatchInlineSnapshot(`
    "f(p, i)
      [5] g()->v[i++] += 2;
          0: t1 = call g()
          1: t2 = i
          2: i = t2 + 1
          3: t1->v[t2] = t1->v[t2] + 2
      [6] p->next->v[p->v[0]] |= 1 << i;
          4: t3 = p->next
          5: t4 = p->v[0]
          6: t3->v[t4] = t3->v[t4] | (1 << i)
      [7] i <<= 2;
          7: i = i << 2
      [8] }
          8: return"
  `);
});

test('assignments as values: a local is read again, memory is not', () => {
  expect(
    code(`struct s { u8 v; int w; };
int g(void);
int f(struct s *p, int x)
{
	if ((x = g()) < 0)
		return x;
	p->w = p->v = x;
	p->w = p->v = 0;
	while ((x = p->w))
		g();
	return x;
}`),
  ).toMatchInlineSnapshot(`
    "f(p, x)
      [5] if ((x = g()) < 0)
          0: x = call g()
          1: branch x < 0 ? 2 : 3
        [6] return x;
          2: return x
      [7] p->w = p->v = x;
          3: t1 = x
          4: p->v = t1
          5: p->w = t1
      [8] p->w = p->v = 0;
          6: p->v = 0
          7: p->w = 0
      [9] while ((x = p->w)
          8: x = p->w
          9: branch x ? 10 : 12
        [10] g();
         10: call g()
      [9] while ((x = p->w)
         11: jump 8
      [11] return x;
         12: return x"
  `);
});

test('statement expressions, comma, casts to void', () => {
  expect(
    code(`int g(int);
int f(int a)
{
	int b = ({ int a = g(1); a += 2; a; });

	(void)g(2);
	b = (g(3), a);
	return b;
}`),
  ).toMatchInlineSnapshot(`
    "f(a)
      b: int
      a: int
      [4] int b = ({ int a = g(1); a += 2; a; });
          0: a = call g(1)
          1: a = a + 2
          2: b = a
      [6] (void)g(2);
          3: call g(2)
      [7] b = (g(3), a);
          4: call g(3)
          5: b = a
      [8] return b;
          6: return b"
  `);
});

test('shadowed names are locals of their own', () => {
  const { program: p } = program(`int x;
int f(int x)
{
	int y = x;
	{
		long x = y;
		y = x;
	}
	return x;
}`);
  const fn = p.functions.get('f');
  expect(fn?.locals.map((l) => [l.name, l.param])).toEqual([
    ['x', true],
    ['y', false],
    ['x', false],
  ]);
  const last = fn?.code.at(-1);
  expect(last?.op === 'return' && last.value).toMatchObject({ kind: 'local', local: 0 });
});

test('initialisers: designated, positional, nested, arrays, strings, zero', () => {
  expect(
    code(`struct in { int x, y; };
struct s { int a; struct in in[2]; union { int u; long v; }; int z; };
void f(int n)
{
	struct s s = { .in[1].y = n, .z = 3 };
	struct s t = { 1, { { 2, 3 }, { .y = 4 } }, 5, 6 };
	int arr[] = { 1, [3] = n, 5 };
	char name[] = "ab";
	struct s zero = { 0 };
	struct s copy = s;
	struct s none;
}`),
  ).toMatchInlineSnapshot(`
    "f(n)
      s: struct s
      t: struct s
      arr: int [5]
      name: char [3]
      zero: struct s
      copy: struct s
      none: struct s
      [5] struct s s = { .in[1].y = n, .z = 3 };
          0: zero s
          1: s.in[1].y = n
          2: s.z = 3
      [6] struct s t = { 1, { { 2, 3 }, { .y = 4 } }, 5, 6 };
          3: zero t
          4: t.a = 1
          5: t.in[0].x = 2
          6: t.in[0].y = 3
          7: t.in[1].y = 4
          8: t.u = 5
          9: t.z = 6
      [7] int arr[] = { 1, [3] = n, 5 };
         10: zero arr
         11: arr[0] = 1
         12: arr[3] = n
         13: arr[4] = 5
      [8] char name[] = "ab";
         14: zero name
         15: name[0] = 97
         16: name[1] = 98
      [9] struct s zero = { 0 };
         17: zero zero
      [10] struct s copy = s;
         18: copy = s
      [12] }
         19: return"
  `);
});

test('compound literals and struct assignment', () => {
  expect(
    code(`struct in { int x, y; };
void g(struct in *);
void f(struct in *p, int n)
{
	*p = (struct in){ .y = n };
	g(&(struct in){ 1, 2 });
}`),
  ).toMatchInlineSnapshot(`
    "f(p, n)
      [5] *p = (struct in){ .y = n };
          0: zero t1
          1: t1.y = n
          2: *p = t1
      [6] g(&(struct in){ 1, 2 });
          3: zero t2
          4: t2.x = 1
          5: t2.y = 2
          6: call g(&t2)
      [7] }
          7: return"
  `);
});

test('calls through pointers; a local hides a function', () => {
  expect(
    code(`struct ops { int (*go)(int); };
int go(int);
int f(struct ops *ops, int (*go)(int))
{
	(*ops->go)(1);
	return go(2) + ops->go(3);
}`),
  ).toMatchInlineSnapshot(`
    "f(ops, go)
      [5] (*ops->go)(1);
          0: call (*ops->go)(1)
      [6] return go(2) + ops->go(3);
          1: t1 = call go(2)
          2: t2 = call ops->go(3)
          3: return t1 + t2"
  `);
});

test('a void function may return a void call', () => {
  expect(code('void g(void);\nvoid f(void)\n{\n\treturn g();\n}')).toMatchInlineSnapshot(`
    "f()
      [4] return g();
          0: call g()
          1: return"
  `);
});

test('what cannot be read keeps its calls', () => {
  const linked = program(
    'void g(int);\nint f(int a)\n{\n\ta = 1;\n\tif (a) { g(a) + ] ; }\n\treturn a;\n}',
  );
  expect(linked.dump('f')).toContain('call g(a)');
  expect(linked.dump('f')).toContain('unknown: ');
  expect(linked.problems.length).toBeGreaterThan(0);
});
