/** What is wrong with Model C is said at its place, not run as something else. */
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { program as linked } from './support.js';

const errors = (text: string): readonly string[] =>
  linked(text).problems.filter((p) => p.includes('error:'));

/** Errors of the body of a thread; `x`, `y` and `s` are there. */
const inBody = (body: string, globals = ''): readonly string[] =>
  errors(`struct s { int a; } s; int x, y; ${globals}\n__thread("t") void t(void) { ${body} }`);

describe('names and declarations', () => {
  it('that nobody declares', () => {
    expect(inBody('x = foo;')).toEqual(['2:34: error: foo is not declared']);
  });

  it('that count modulo something', () => {
    const message = 'counters that wrap are not supported: give the largest value with __range';
    expect(errors('__mod(4) int seq;')).toEqual([`1:1: error: ${message}`]);
    expect(errors('struct e { int seq __mod(4); } e;')).toEqual([`1:20: error: ${message}`]);
  });

  it('that are defined twice in one text', () => {
    expect(errors('void f(void) {}\nvoid f(void) {}')).toEqual(['2:6: error: f is defined twice']);
    expect(errors('int x = 1;\nint x = 2;')).toEqual(['2:5: error: x is defined twice']);
    expect(errors('int x;\nint x = 2;\nextern int x;')).toEqual([]);
    expect(errors('struct s { int a; };\nstruct s { int b; };')).toEqual([
      '2:1: error: struct s is defined twice',
    ]);
    expect(errors('enum a { A };\nenum b { A };')).toEqual(['2:10: error: A is defined twice']);
    expect(inBody('int a = 1; int a = 2; { int a = 3; x = a; } x = a;')).toEqual([
      '2:45: error: a is declared twice in one block',
    ]);
  });

  it('with a version each are not twice there', () => {
    const two = '__since("a", "2025-01-01") int f(void) { return 1; }';
    expect(errors(`${two} int x;`)).toEqual([]);
  });

  it('whose size is not known', () => {
    expect(errors('int n;\nint a[n];')).toEqual([
      '2:7: error: length of array is not a constant of reasonable size',
    ]);
    expect(errors('struct u v;')).toEqual([
      '1:10: error: v has no known size: struct u is not defined',
    ]);
    expect(errors('struct s { int a; struct s in; };\nstruct s v;')).toEqual([
      '1:28: error: struct s contains itself',
    ]);
    expect(errors('struct a { struct b { struct a x; } y; };\nstruct a v;')).toEqual([
      '1:32: error: struct a contains itself',
    ]);
    expect(inBody('x = 1.5;')).toEqual(['2:34: error: floating point is not supported']);
  });
});

describe('what Model C cannot do', () => {
  it.each([
    ['s = (struct s)x;', '2:34: error: cast to something that is neither a number nor a pointer'],
    ['x = ((struct o *)&s)->b;', '2:35: error: cast from struct s to struct o'],
    ['x(); ', '2:30: error: what is called is no function'],
    ['x = nothing();', '2:34: error: the value of a function that returns nothing is used'],
    ['x = s.b;', '2:36: error: struct s has no member b'],
    ['x = y.b;', '2:36: error: member b of something that is no struct'],
    ['goto out;', '2:30: error: no label out in t'],
    ['break;', '2:30: error: break outside a loop'],
    ['switch (x) { case 1: case 1: y = 1; }', '2:51: error: case stands twice in one switch'],
    ['switch (x) { default: default: y = 1; }', '2:52: error: case stands twice in one switch'],
    ['switch (x) { case y: y = 1; }', '2:43: error: case is not constant'],
    ['asm volatile("nop");', '2:30: error: statement could not be read'],
  ])('%s', (body, message) => {
    expect(inBody(body, 'struct o { int b; } o; void nothing(void) {}')).toContain(message);
  });

  it('does not mind a struct seen as its first member, and back', () => {
    const globals = 'struct o { struct s in; int b; } o;';
    expect(inBody('x = ((struct s *)&o)->a + ((struct o *)&s)->b;', globals)).toEqual([]);
    expect(inBody('x = ((struct s *)(void *)&y)->a;')).toEqual([]);
  });
});

describe('intrinsics and roles', () => {
  it.each([
    ['__wait();', '2:30: error: __wait needs a condition'],
    ['x = __choose();', '2:34: error: __choose takes 1 argument, not 0'],
    ['x = __current(1);', '2:34: error: __current takes no arguments, not 1'],
    ['__alloc(x);', '2:30: error: __alloc takes a global that is a __pool'],
    ['__flush(x);', '2:30: error: __flush takes a pointer'],
    ['__note(x);', '2:30: error: __note takes a string'],
  ])('%s', (body, message) => {
    expect(inBody(body)).toEqual([message]);
  });

  it('take what they can be given', () => {
    expect(errors('int x;\n__thread("t") void t(int a) { x = a; }')).toEqual([
      '2:20: error: t is __thread: it takes no arguments',
    ]);
    expect(errors('__invariant("i") void i(void) { }')).toEqual([
      '1:23: error: i is __invariant: it returns whether it holds',
    ]);
    expect(errors('__crashes(2);')).toEqual(['1:1: error: __crashes takes a number of 0 to 1']);
    expect(errors('struct s { int a; } s[2] __pool __media;')).toEqual([
      '1:21: error: s is a pool: it cannot be __media',
    ]);
    expect(errors('struct s { int a; } s __pool;')).toEqual([
      '1:21: error: s is a pool: it must be an array',
    ]);
  });
});

describe('__atomic in the model kernel', () => {
  const dir = new URL('../../../server/kernel/', import.meta.url);
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((f) =>
    f.endsWith('.c'),
  );

  /** Atomic regions without a comment right above that says what makes them one step in Linux. */
  const bare = (text: string): readonly string[] => {
    const lines = text.split('\n');
    return lines.flatMap((line, i) =>
      /^\s*__atomic\b/.test(line) && !/\*\/\s*$/.test(lines[i - 1] ?? '') ? [`line ${i + 1}`] : [],
    );
  };

  it('always says why Linux does this in one step', () => {
    expect(bare('\t/* test_and_set_bit(). */\n\t__atomic {\n')).toEqual([]);
    expect(bare('\tx = 1;\n\t__atomic {\n')).toEqual(['line 2']);
    for (const f of files) expect(bare(readFileSync(new URL(f, dir), 'utf8')), f).toEqual([]);
  });

  it('never stands in a scenario', () => {
    const scenarios = files.filter((f) => f.includes('scenarios'));
    expect(scenarios.length).toBeGreaterThan(4);
    for (const f of scenarios)
      expect(readFileSync(new URL(f, dir), 'utf8'), f).not.toMatch(/\b__atomic\b/);
  });
});
