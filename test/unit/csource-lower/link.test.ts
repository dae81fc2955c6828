import { expect, test } from 'vitest';
import { liveLocals } from '../../../server/csource/liveness.js';
import { environmentOf, lowerFunction } from '../../../server/csource/link.js';
import { dumpIr, printIr } from '../../../server/csource/dump.js';
import { parse, program } from './support.js';

const CODE = (text: string): string =>
  text
    .split('\n')
    .filter((l) => /^\s+\d+: /.test(l))
    .map((l) => l.trim())
    .join('\n');

test('later files override macros and functions of earlier ones', () => {
  const linked = program([
    '#define BLOCKS 2\nint g(void)\n{\n\treturn 1;\n}\nint f(void)\n{\n\treturn BLOCKS;\n}\nint a[BLOCKS];',
    '#define BLOCKS 4\nint g(void)\n{\n\treturn 2;\n}',
  ]);
  expect(linked.problems).toEqual([]);
  expect(CODE(linked.dump('f'))).toBe('0: return 4');
  expect(CODE(linked.dump('g'))).toBe('0: return 2');
  const a = linked.program.globals.get('a');
  expect(a && linked.program.types.sizeOf(linked.program.types.resolve(a.type))).toBe(4);
});

const VERSIONS = `int g(void)
{
	return 1;
}
__since("b", "2025-01-01")
int g(void)
{
	return 2;
}
__since("c", "2025-02-01")
int g(void)
{
	return 3;
}
__since("c", "2025-02-01")
int only(void)
{
	return 0;
}`;

test.each([
  [[], 1],
  [['b'], 2],
  [['b', 'c'], 3],
  [['c'], 3],
])('with %j the last version that is on counts', (on, value) => {
  const linked = program(VERSIONS, on);
  expect(CODE(linked.dump('g'))).toBe(`0: return ${String(value)}`);
  expect(linked.program.functions.has('only')).toBe(on.includes('c'));
});

test('globals: initialisers by path, ops tables, completed arrays, addresses', () => {
  const linked = program(`struct ops { int (*go)(int); int flags; };
int go(int a)
{
	return a;
}
struct ops table = { .go = go, .flags = 1 << 3 };
struct ops *tables[] = { &table, NULL };
extern int later;
int later = 3;
int plain;
int wrong = plain + 1 ? go(1) : 0;`);
  const shown = [...linked.program.globals.values()].map(
    (g) =>
      `${g.name}: ${g.init.map((i) => `${printIr(i.target)} = ${printIr(i.value)}`).join('; ')}`,
  );
  expect(shown).toEqual([
    'table: table.go = go; table.flags = 1 << 3',
    'tables: tables[0] = &table; tables[1] = NULL',
    'later: later = 3',
    'plain: ',
    'wrong: ',
  ]);
  expect(linked.problems).toEqual(['11:13: error: initialiser of wrong is not constant']);
});

test('macros at file scope may declare variables', () => {
  const linked = program(`struct lock { int held; };
#define DEFINE_LOCK(name) struct lock name = { .held = 0 }
DEFINE_LOCK(big);
int f(void)
{
	return big.held;
}`);
  expect(linked.problems).toEqual([]);
  expect([...linked.program.globals.keys()]).toEqual(['big']);
});

test('contracts of prototypes and definitions, declarations in order', () => {
  const { program: p } = program(`__scenario("X1", "title");
__must_hold(x)
int f(int *x);
__acquires(x)
int f(int *x)
{
	return *x;
}
__rule("RL-1", "t", "a", "b");`);
  expect(p.contracts.get('f')?.flatMap((d) => d.attrs.map((a) => a.name))).toEqual([
    '__must_hold',
    '__acquires',
  ]);
  expect(p.declarations.map((d) => d.name)).toEqual(['__scenario', '__rule']);
});

test('a fragment is entered at its labels and cases too; what leaves it is unknown', () => {
  const { unit, table } = parse(`int f(int a)
{
	if (a)
		goto elsewhere;
	return 0;
out:
	return a;
}`);
  const def = unit.items[0];
  if (def?.kind !== 'function') throw new Error('no function');
  const env = environmentOf([unit], { since: () => true, fix: () => false });
  expect(CODE(dumpIr(lowerFunction({ ...def, extent: 'fragment' }, env), table)))
    .toMatchInlineSnapshot(`
    "0: jump 7
    1: branch a ? 2 : 3
    2: jump 5
    3: return 0
    4: return a
    5: unknown: label elsewhere is not in this text
    6: return
    7: branch <> ? 4 : 8
    8: jump 1"
  `);
});

test('unknown names and calls of a fragment do not stop lowering', () => {
  const { unit, table } = parse(`int f(struct what *w)
{
	struct unknown u = { .a = w->x };

	some_lock(&w->lock);
	w->count += weird(u.a, THING);
	return typo;
}`);
  const def = unit.items[0];
  if (def?.kind !== 'function') throw new Error('no function');
  const fn = lowerFunction(def, environmentOf([], { since: () => true, fix: () => false }));
  expect(fn.problems).toEqual([]);
  expect(CODE(dumpIr(fn, table))).toMatchInlineSnapshot(`
    "0: zero u
    1: u.a = w->x
    2: call some_lock(&w->lock)
    3: t1 = call weird(u.a, THING)
    4: w->count = w->count + t1
    5: return typo"
  `);
});

test('liveness: dead before the first and after the last use, addressed and array locals always live', () => {
  const linked = program(`struct s { int v, w; };
int g(int *);
int f(int n)
{
	int a = n, arr[2], out;
	struct s s = { 0 };

	arr[0] = 1;
	g(&out);
	while (a)
		a--;
	s.v = 3;
	g(arr);
	return s.w;
}`);
  const fn = linked.program.functions.get('f');
  if (!fn) throw new Error('no f');
  const live = liveLocals(fn, linked.program.types);
  const names = (pc: number): string => [...live(pc)].map((i) => fn.locals[i]?.name).join(' ');
  expect(fn.code.map((_, pc) => `${String(pc)}: ${names(pc)}`)).toMatchInlineSnapshot(`
    [
      "0: n arr out",
      "1: a arr out",
      "2: a arr out s",
      "3: a arr out s",
      "4: a arr out s",
      "5: a arr out s",
      "6: a arr out s",
      "7: arr out s",
      "8: arr out s",
      "9: arr out s",
    ]
  `);
});

test('nothing that parses makes lowering throw', () => {
  const pieces = [
    'goto x;',
    'x:',
    'case 3:',
    'break;',
    'if (a',
    ')',
    '({',
    '});',
    '{',
    '}',
    '#define a(b) b(a)\n',
    'a(1);',
    'guard(m)(&x);',
    'for_each(x) {',
    'struct s s = { { 1 } , .q[2].r = 3 };',
    '__wait();',
    'typeof(a) b = 1 ? : 2;',
    'switch (a) {',
    '__since(x);',
    'sizeof(',
    'return (int){ };',
  ];
  let seed = 7;
  const next = (n: number): number => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return seed % n;
  };
  for (let round = 0; round < 300; round++) {
    const body = Array.from({ length: 2 + next(8) }, () => pieces[next(pieces.length)]).join(' ');
    expect(() => program(`int f(int a)\n{\n${body}\n}`)).not.toThrow();
  }
});
