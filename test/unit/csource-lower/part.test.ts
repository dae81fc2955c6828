import { expect, test } from 'vitest';
import { LoweredFunctions } from '../../../server/csource/lowered.js';
import { environmentOf, linkEnvironment } from '../../../server/csource/link.js';
import { parse, program } from './support.js';

const KERNEL = `
struct ops { int (*get)(void); };
int count;
static int get_one(void)
{
	static int calls;
	calls++;
	return 1;
}
static int get_two(void)
{
	static int calls;
	calls++;
	return 2;
}
const struct ops one = { .get = get_one };
const struct ops two = { .get = get_two };
int unused(void)
{
	return undeclared_name;
}
`;
const SCENARIO = `
static void inner(void)
{
	count = one.get();
}
__thread("t") void t(void)
{
	inner();
}
`;

test('what runs is what begins by itself and what that names, in the order of the program', () => {
  const { part } = program([KERNEL, SCENARIO]).program;
  expect([...part.functions.keys()]).toEqual(['get_one', 'inner', 't']);
  expect([...part.globals.keys()]).toEqual(['count', 'one', 'two', 'get_one.calls']);
});

test('a table that nobody uses has no functions', () => {
  const { part } = program([KERNEL, SCENARIO]).program;
  expect(part.globals.get('one')?.init).toHaveLength(1);
  expect(part.globals.get('two')?.init).toEqual([]);
});

test('nothing else is lowered until the whole program is asked for', () => {
  const lowered = new LoweredFunctions();
  const units = [KERNEL, SCENARIO].map((text) => parse(text).unit);
  const env = environmentOf(units, { since: () => false, fix: () => false });
  const linked = linkEnvironment(env, lowered);
  expect(lowered.count).toBe(0);
  expect(linked.part.functions.size).toBe(3);
  expect(lowered.count).toBe(3);
  expect(linked.functions.size).toBe(5);
  expect(lowered.count).toBe(5);
});

test('problems are those of the whole program', () => {
  const linked = program([KERNEL, SCENARIO]);
  expect(linked.program.part.functions.has('unused')).toBe(false);
  expect(linked.problems).toEqual(['20:9: error: undeclared_name is not declared']);
});

const ALLOCATORS = (more: string): string => `
struct a { int x; };
static struct a spare[1] __pool;
__allocator(2) void *get(int size)
{
	return __alloc(spare);
}
${more}
struct b { int x; };
void never(void)
{
	struct b *p = other(sizeof(*p));
}
__thread("t") void t(void)
{
	struct b *p = get(sizeof(*p));
}
`;

test('pools are made for the part as for the program', () => {
  const same = program(ALLOCATORS('#define other(n) get(n)')).program;
  expect([...same.part.functions.keys()]).toEqual(['get', 't', 'get<b>']);
  expect(same.part.globals.get('b objects')).toEqual(same.globals.get('b objects'));
  // Who asks first decides how many objects there are: that may be a function that never runs.
  const two = program(
    ALLOCATORS('__allocator(3) void *other(int n)\n{\n\treturn __alloc(spare);\n}'),
  );
  expect(two.program.part.functions.has('never')).toBe(true);
  expect(two.program.part.globals.get('b objects')).toEqual(two.program.globals.get('b objects'));
});
