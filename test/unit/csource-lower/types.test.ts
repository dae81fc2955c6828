import { expect, test } from 'vitest';
import type { CType, IrExpr, Program } from '../../../server/csource/ir.js';
import { program } from './support.js';

/** Value that `long f(void) { return <expr>; }` returns, as a constant. */
function constant(expr: string, before = ''): number | undefined {
  const { program: p } = program(`${before}\nlong f(void)\n{\n\treturn ${expr};\n}`);
  const value = returned(p);
  return value && p.types.constant(value);
}

function returned(p: Program): IrExpr | undefined {
  const last = p.functions.get('f')?.code.at(-1);
  return last?.op === 'return' ? last.value : undefined;
}

function show(type: CType): string {
  switch (type.kind) {
    case 'int':
      return type.bool ? 'bool' : `${type.signed ? 's' : 'u'}${String(type.bits)}`;
    case 'pointer':
      return `${show(type.to)} *`;
    case 'array':
      return `${show(type.of)}[${String(type.length)}]`;
    case 'struct':
      return type.layout.name;
    case 'function':
      return `${show(type.result)} (${type.params.map(show).join(', ')})`;
    case 'opaque':
      return `opaque ${type.name}`;
    case 'void':
      return 'void';
  }
}

/** Type of an expression over some variables of every width. */
function type(expr: string): string {
  const linked = program(`struct s { u8 a; int arr[3]; struct s *next; loff_t (*op)(int); };
u8 c; short h; int i; unsigned int u; long l; unsigned long ul; bool b; struct s s, *p; char name[4]; enum e { A, B = 1 << 20, BIG = 1ULL << 40 } e;
int g(long);
void f(void)
{
	typeof(${expr}) *x;
	x = 0;
}`);
  const fn = linked.program.functions.get('f');
  const local = fn?.locals[0]?.type;
  if (!local) return linked.problems.join();
  const pointer = linked.program.types.resolve(local);
  return pointer.kind === 'pointer' ? show(pointer.to) : show(pointer);
}

test.each([
  ['c + c', 's32'],
  ['c', 'u8'],
  ['~c', 's32'],
  ['h * u', 'u32'],
  ['i + l', 's64'],
  ['u + l', 's64'],
  ['l + ul', 'u64'],
  ['c << l', 's32'],
  ['l < ul', 's32'],
  ['!l', 's32'],
  ['b', 'bool'],
  ['b ? c : ul', 'u64'],
  ['1 ? 0 : p', 'struct s *'],
  ['p->arr', 's32[3]'],
  ['p->arr[1]', 's32'],
  ['*p->arr', 's32'],
  ['&p->a', 'u8 *'],
  ['*p->next', 'struct s'],
  ['p + 1', 'struct s *'],
  ['p - p', 's64'],
  ['name + 1', 's8 *'],
  ['g', 's32 (s64)'],
  ['g(1)', 's32'],
  ['p->op(2)', 's64'],
  ['(*p->op)(2)', 's64'],
  ['e', 's32'],
  ['A', 's32'],
  ['BIG', 's64'],
  ['sizeof(s)', 'u64'],
  ['3', 's32'],
  ['3U', 'u32'],
  ['3000000000', 's64'],
  ['18446744073709551615ULL', 'u64'],
  ['NULL', 'void *'],
  ['(u16)l', 'u16'],
  ['i = l', 's32'],
])('type of %s is %s', (expr, expected) => {
  expect(type(expr)).toBe(expected);
});

test.each([
  ['-7 / 2', -3],
  ['-7 % 2', -1],
  ['7u - 8', 4294967295],
  ['(u8)300', 44],
  ['(s8)200', -56],
  ['(bool)2', 1],
  ['2147483647 + 1', -2147483648],
  ['2147483647L + 1', 2147483648],
  ['1 << 31', -2147483648],
  ['1UL << 40', 2 ** 40],
  ['~0U', 4294967295],
  ['~0UL', 2 ** 64],
  ['-1 < 0u', 0],
  ['-1 < 0L', 1],
  ['(long)(~0UL >> 1)', 2 ** 63],
  ["'a' + 1", 98],
  ['1 ? 2 : 3', 2],
  ['0 && g', 0],
  ['!5', 0],
  ['0x10 ^ 3', 19],
])('%s is %d', (expr, expected) => {
  expect(constant(expr)).toBe(expected);
});

test.each(['1 / 0', '1 << 32', 'x + 1', 'g'])('%s is no constant', (expr) => {
  expect(constant(expr, 'int x;\nint g(void);')).toBeUndefined();
});

const LAYOUT = `enum size { ONE = 1, TWO, FOUR = TWO << 1, FIVE };
#define N (FOUR + 1)
typedef struct in { int x; u8 y; } in_t;
struct s {
	loff_t a;
	in_t in[TWO];
	union { int u; struct in whole; };
	unsigned int flag : 1, mode : 3;
	struct { int deep; };
	struct other *opaque;
	int (*op)(struct s *);
	int count __range(0, FIVE);
	u8 tail[N];
};
`;

test('layout in cells: arrays, unions, anonymous members, bit-fields, ranges', () => {
  const { program: p, problems } = program(`${LAYOUT}struct s s;`);
  expect(problems).toEqual([]);
  const global = p.globals.get('s');
  const s = global && p.types.resolve(global.type);
  const fields = s?.kind === 'struct' ? [...s.layout.fields.values()] : [];
  expect(
    fields.map(
      (f) =>
        `${String(f.offset)} ${f.name}: ${show(f.type)}${f.range ? ` ${f.range.join('..')}` : ''}`,
    ),
  ).toEqual([
    '0 a: s64',
    '1 in: struct in[2]',
    '5 u: s32',
    '5 whole: struct in',
    '7 flag: u32 0..1',
    '8 mode: u32 0..7',
    '9 deep: s32',
    '10 opaque: opaque struct other *',
    '11 op: s32 (struct s *) *',
    '12 count: s32 0..5',
    '13 tail: u8[5]',
  ]);
  expect(s && p.types.sizeOf(s)).toBe(18);
});

test('sizeof and offsetof count cells', () => {
  expect(constant('sizeof(struct s)', LAYOUT)).toBe(18);
  expect(constant('sizeof(in_t) * N', LAYOUT)).toBe(10);
  expect(constant('offsetof(struct s, in[1].y)', LAYOUT)).toBe(4);
  expect(constant('offsetof(struct s, deep)', LAYOUT)).toBe(9);
  expect(constant('FIVE', LAYOUT)).toBe(5);
  expect(constant('sizeof(loff_t)')).toBe(1);
});

test('structs may point to each other; one inside itself is an error', () => {
  const { program: p, problems } = program(`struct a { struct b *b; int x; };
struct b { struct a a; struct b *next; };
struct c { int y; struct c c; };
struct b b;`);
  const global = p.globals.get('b');
  expect(global && p.types.sizeOf(p.types.resolve(global.type))).toBe(3);
  expect(problems).toEqual(['3:28: error: struct c contains itself']);
});

test('what has no size, no member, no declaration, at its place', () => {
  const { problems } = program(`struct s { struct missing m; int a; };
struct unknown *u;
struct nowhere n;
int g(int);
int f(struct s *p)
{
	p->b = 1;
	p.a = u->x + y;
	h(3);
	return g(1, 2) + p->a->q;
}`);
  expect(problems).toEqual([
    '3:16: error: n has no known size: struct nowhere is not defined',
    '7:5: error: struct s has no member b',
    '8:4: error: . on a pointer',
    '8:11: error: struct unknown is not defined',
    '8:15: error: y is not declared',
    '9:2: note: function h is not declared',
    '10:9: error: g takes 1 arguments, not 2',
    '10:25: error: member q of something that is no struct',
    '1:27: error: member m has no known size: struct missing is not defined',
  ]);
});
