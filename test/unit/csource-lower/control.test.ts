import { expect, test } from 'vitest';
import { code, program } from './support.js';

test('if, else if, else: one statement a header, else if no deeper', () => {
  expect(
    code(`int f(int a)
{
	if (a > 1)
		return 1;
	else if (a)
		a = 2;
	else
		a = 3;
	return a;
}`),
  ).toMatchInlineSnapshot(`
    "f(a)
      [3] if (a > 1)
          0: branch a > 1 ? 1 : 2
        [4] return 1;
          1: return 1
      [5] if (a)
          2: branch a ? 3 : 5
        [6] a = 2;
          3: a = 2
          4: jump 6
        [8] a = 3;
          5: a = 3
      [9] return a;
          6: return a"
  `);
});

test('short circuits and ! are branches, in order', () => {
  expect(
    code(`int g(void);
void f(int a, int b)
{
	if (!(a && g()) || b)
		g();
}`),
  ).toMatchInlineSnapshot(`
    "f(a, b)
      [4] if (!(a && g()) || b)
          0: branch a ? 1 : 4
          1: t1 = call g()
          2: branch t1 ? 3 : 4
          3: branch b ? 4 : 5
        [5] g();
          4: call g()
      [6] }
          5: return"
  `);
});

test('for with declaration, continue goes to the step, break behind the loop', () => {
  expect(
    code(`int g(int);
void f(int n)
{
	for (int i = 0; i < n; i++) {
		if (g(i))
			continue;
		if (i == 3)
			break;
		g(n);
	}
}`),
  ).toMatchInlineSnapshot(`
    "f(n)
      i: int
      [4] for (int i = 0; i < n; i++)
          0: i = 0
          1: branch i < n ? 2 : 10
        [5] if (g(i))
          2: t1 = call g(i)
          3: branch t1 ? 4 : 5
          [6] continue;
          4: jump 8
        [7] if (i == 3)
          5: branch i == 3 ? 6 : 7
          [8] break;
          6: jump 10
        [9] g(n);
          7: call g(n)
      [4] for (int i = 0; i < n; i++)
          8: i = i + 1
          9: jump 1
      [11] }
         10: return"
  `);
});

test('do while: the condition is a statement behind the body, while (0) is none', () => {
  expect(
    code(`int g(void);
void f(int n)
{
	do {
		n--;
	} while (n > 0);
	do
		g();
	while (0);
}`),
  ).toMatchInlineSnapshot(`
    "f(n)
        [5] n--;
          0: n = n - 1
      [6] while (n > 0);
          1: branch n > 0 ? 0 : 2
        [8] g();
          2: call g()
      [10] }
          3: return"
  `);
});

test('switch: ranges, fall through, default in the middle', () => {
  expect(
    code(`int g(int);
int f(int n)
{
	switch (g(n)) {
	case 1 ... 3:
		n = 1;
		break;
	default:
		n = 2;
	case 7:
		n++;
		break;
	}
	return n;
}`),
  ).toMatchInlineSnapshot(`
    "f(n)
      [4] switch (g(n))
          0: t1 = call g(n)
          1: branch t1 >= 1 ? 2 : 3
          2: branch t1 <= 3 ? 5 : 3
          3: branch t1 == 7 ? 8 : 4
          4: jump 7
        [6] n = 1;
          5: n = 1
        [7] break;
          6: jump 10
        [9] n = 2;
          7: n = 2
        [11] n++;
          8: n = n + 1
        [12] break;
          9: jump 10
      [14] return n;
         10: return n"
  `);
});

test('switch over a constant goes to its case at once', () => {
  expect(
    code(`enum mode { A, B, C };
#define MODE B
int f(int n)
{
	switch (MODE) {
	case A: return 1;
	case B: n = 2;
	case C: return n;
	}
	return 4;
}`),
  ).toMatchInlineSnapshot(`
    "f(n)
        [7] n = 2;
          0: n = 2
        [8] return n;
          1: return n"
  `);
});

test('switch inside a loop: break leaves the switch, continue the loop', () => {
  expect(
    code(`void f(int n)
{
	while (n) {
		switch (n) {
		case 1:
			continue;
		case 2:
			break;
		}
		n--;
	}
}`),
  ).toMatchInlineSnapshot(`
    "f(n)
      [3] while (n)
          0: branch n ? 1 : 8
        [4] switch (n)
          1: branch n == 1 ? 4 : 2
          2: branch n == 2 ? 5 : 3
          3: jump 6
          [6] continue;
          4: jump 0
          [8] break;
          5: jump 6
        [10] n--;
          6: n = n - 1
      [3] while (n)
          7: jump 0
      [12] }
          8: return"
  `);
});

test('goto forwards and backwards', () => {
  expect(
    code(`int g(void);
int f(int n)
{
retry:
	if (g())
		goto out;
	n--;
	if (n)
		goto retry;
out:
	return n;
}`),
  ).toMatchInlineSnapshot(`
    "f(n)
      [5] if (g())
          0: t1 = call g()
          1: branch t1 ? 2 : 3
        [6] goto out;
          2: jump 6
      [7] n--;
          3: n = n - 1
      [8] if (n)
          4: branch n ? 5 : 6
        [9] goto retry;
          5: jump 0
      [11] return n;
          6: return n"
  `);
});

test('endless loop needs no return; a loop without body stays', () => {
  expect(
    code(`int g(void);
void f(int *p)
{
	while (*p)
		;
	for (;;)
		g();
}`),
  ).toMatchInlineSnapshot(`
    "f(p)
      [4] while (*p)
          0: branch *p ? 1 : 2
          1: jump 0
        [7] g();
          2: call g()
      [6] for (;;)
          3: jump 2"
  `);
});

test('a goto without its label is a problem at the goto', () => {
  expect(program('void f(void)\n{\n\tgoto out;\n}').problems).toEqual([
    '3:2: error: no label out in f',
    '3:2: error: label out is not in this text',
  ]);
});

test('break and case outside', () => {
  const { problems } = program('void f(int a)\n{\n\tbreak;\n\tcase 3: a = 1;\n}');
  expect(problems).toContain('3:2: error: break outside a loop');
  expect(problems).toContain('4:2: error: case outside a switch');
});
