import { expect, test } from 'vitest';
import { code, program } from './support.js';

const GUARDS = `struct mutex { int m; };
void lock(struct mutex *);
void unlock(struct mutex *);
void put(int *);
int *get(void);
int g(void);
__guard("mutex", lock, unlock);
`;

test('guard holds to the end of its scope, also on return and break', () => {
  expect(
    code(`${GUARDS}
int f(struct mutex *m, int n)
{
	while (n--) {
		guard(mutex)(m);
		if (n == 3)
			break;
		if (n == 4)
			return m->m;
	}
	return 0;
}`),
  ).toMatchInlineSnapshot(`
    "f(m, n)
      [11] while (n--)
          0: t1 = n
          1: n = t1 - 1
          2: branch t1 ? 3 : 14
        [12] guard(mutex)(m);
          3: t2 = m
          4: call lock(t2)
        [13] if (n == 3)
          5: branch n == 3 ? 6 : 8
          [14] break;
          6: call unlock(t2)
          7: jump 14
        [15] if (n == 4)
          8: branch n == 4 ? 9 : 12
          [16] return m->m;
          9: t3 = m->m
         10: call unlock(t2)
         11: return t3
         12: call unlock(t2)
      [11] while (n--)
         13: jump 0
      [18] return 0;
         14: return 0"
  `);
});

test('scoped_guard covers its statement only', () => {
  expect(
    code(`${GUARDS}
int f(struct mutex *m)
{
	scoped_guard(mutex, m) {
		if (g())
			return 1;
		g();
	}
	return g();
}`),
  ).toMatchInlineSnapshot(`
    "f(m)
      [11] scoped_guard(mutex, m)
          0: t1 = m
          1: call lock(t1)
        [12] if (g())
          2: t2 = call g()
          3: branch t2 ? 4 : 6
          [13] return 1;
          4: call unlock(t1)
          5: return 1
        [14] g();
          6: call g()
          7: call unlock(t1)
      [16] return g();
          8: t3 = call g()
          9: return t3"
  `);
});

test('__free runs at every exit, last declared first, the value of return before', () => {
  expect(
    code(`${GUARDS}
int f(int n)
{
	int *a __free(put) = get();
	int *b __free(put) = get();

	if (n)
		goto out;
	return *a + *b;
out:
	g();
	return 0;
}`),
  ).toMatchInlineSnapshot(`
    "f(n)
      a: int *
      b: int *
      [11] int *a __free(put) = get();
          0: a = call get()
      [12] int *b __free(put) = get();
          1: b = call get()
      [14] if (n)
          2: branch n ? 3 : 4
        [15] goto out;
          3: jump 8
      [16] return *a + *b;
          4: t1 = *a + *b
          5: call put(b)
          6: call put(a)
          7: return t1
      [18] g();
          8: call g()
      [19] return 0;
          9: call put(b)
         10: call put(a)
         11: return 0"
  `);
});

test('goto out of scopes runs their ends, goto backwards those after the label', () => {
  expect(
    code(`${GUARDS}
void f(int n)
{
	{
again:
		int *a __free(put) = get();

		if (n)
			goto again;
		if (*a)
			goto out;
	}
out:
	g();
}`),
  ).toMatchInlineSnapshot(`
    "f(n)
      a: int *
        [13] int *a __free(put) = get();
          0: a = call get()
        [15] if (n)
          1: branch n ? 2 : 3
          [16] goto again;
          2: jump 8
        [17] if (*a)
          3: branch *a ? 4 : 5
          [18] goto out;
          4: jump 10
          5: call put(a)
      [21] g();
          6: call g()
      [22] }
          7: return
          [16] goto again;
          8: call put(a)
          9: jump 0
          [18] goto out;
         10: call put(a)
         11: jump 6"
  `);
});

test('a wait on its own is an atomic region with its condition', () => {
  expect(
    code(`struct s { int a, b; };
void f(struct s *s)
{
	__wait(s->a);
	__idle(s->a || s->b);
	__wait(!s->b, "writeback", s);
}`),
  ).toMatchInlineSnapshot(`
    "f(s)
      [4] __wait(s->a);
          0: atomic {
          1: __wait(s->a)
          2: atomic }
      [5] __idle(s->a || s->b);
          3: atomic {
          4: branch s->a ? 6 : 5
          5: branch s->b ? 6 : 8
          6: t1 = 1
          7: jump 9
          8: t1 = 0
          9: __idle(t1)
         10: atomic }
      [6] __wait(!s->b, "writeback", s);
         11: atomic {
         12: __wait(!s->b, "writeback", s)
         13: atomic }
      [7] }
         14: return"
  `);
});

test('inside __atomic a wait brings no region; leaving the block ends it', () => {
  expect(
    code(`struct s { int a, b; };
int f(struct s *s)
{
	__atomic {
		__wait(s->a && s->b);
		s->a = 0;
		if (s->b)
			return s->b;
		if (s->a)
			goto out;
	}
	s->b = 1;
out:
	return 0;
}`),
  ).toMatchInlineSnapshot(`
    "f(s)
      [4] __atomic
          0: atomic {
        [5] __wait(s->a && s->b);
          1: branch s->a ? 2 : 5
          2: branch s->b ? 3 : 5
          3: t1 = 1
          4: jump 6
          5: t1 = 0
          6: __wait(t1)
        [6] s->a = 0;
          7: s->a = 0
        [7] if (s->b)
          8: branch s->b ? 9 : 12
          [8] return s->b;
          9: t2 = s->b
         10: atomic }
         11: return t2
        [9] if (s->a)
         12: branch s->a ? 13 : 14
          [10] goto out;
         13: jump 17
         14: atomic }
      [12] s->b = 1;
         15: s->b = 1
      [14] return 0;
         16: return 0
          [10] goto out;
         17: atomic }
         18: jump 16"
  `);
});

test('intrinsics', () => {
  expect(
    code(`struct s { int a; } pool[4] __pool;
int f(struct s *s)
{
	struct s *n = __alloc(pool);
	int i = __choose(3) + __current();

	__acquire(&s->a, "lock");
	if (__fault("alloc"))
		__release(&s->a, "lock");
	__note("here");
	__free(n);
	return i;
}`),
  ).toMatchInlineSnapshot(`
    "f(s)
      n: struct s *
      i: int
      [4] struct s *n = __alloc(pool);
          0: n = __alloc(pool)
      [5] int i = __choose(3) + __current();
          1: t1 = __choose(3)
          2: t2 = __current()
          3: i = t1 + t2
      [7] __acquire(&s->a, "lock");
          4: __acquire(&s->a, "lock")
      [8] if (__fault("alloc"))
          5: t3 = __fault("alloc")
          6: branch t3 ? 7 : 8
        [9] __release(&s->a, "lock");
          7: __release(&s->a, "lock")
      [10] __note("here");
          8: __note("here")
      [11] __free(n);
          9: __free(n)
      [12] return i;
         10: return i"
  `);
});

test('static locals are globals of the program', () => {
  const linked = program(`int f(void)
{
	static int count = 3;
	static int seen[2];

	seen[0] = count++;
	return count;
}`);
  expect(linked.problems).toEqual([]);
  expect(linked.dump('f')).toMatchInlineSnapshot(`
    "f()
      static count: int
      static seen: int [2]
      [6] seen[0] = count++;
          0: t1 = f.count
          1: f.count = t1 + 1
          2: f.seen[0] = t1
      [7] return count;
          3: return f.count"
  `);
  expect([...linked.program.globals.keys()]).toEqual(['f.count', 'f.seen']);
  expect(linked.program.globals.get('f.count')?.init).toMatchObject([{ value: { value: 3 } }]);
});
