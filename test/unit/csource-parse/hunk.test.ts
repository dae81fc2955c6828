import { describe, expect, it } from 'vitest';
import type { FunctionDef, TopLevel, Unit } from '../../../server/csource/ast.js';
import { printC, printExpr } from '../../../server/csource/print.js';
import { parser, source } from './support.js';

async function unit(text: string, section = ''): Promise<Unit> {
  return (await parser()).parseHunk(source(text), section);
}

/** Each function as `extent` and C text; other items as `kind name`. */
async function read(text: string, section = ''): Promise<string> {
  const u = await unit(text, section);
  expect(u.problems).toEqual([]);
  return u.items.map(show).join('\n').replaceAll('\t', '  ').trimEnd();
}

function show(i: TopLevel): string {
  if (i.kind === 'function') return `${i.extent}: ${printC(i)}`;
  if (i.kind === 'global') return `global ${i.var.name}`;
  return `${i.kind} ${'name' in i ? i.name : ''}`;
}

function functions(u: Unit): FunctionDef[] {
  return u.items.filter((i) => i.kind === 'function');
}

describe('a hunk inside one function', () => {
  it('gets name, result and whole parameters from a section line that was cut off', async () => {
    expect(
      await read('\ta();\n\tb(pos);\n', 'static long take(struct page *page, loff_t pos, unsig'),
    ).toBe('fragment: static long take(struct page *page, loff_t pos)\n{\n  a();\n  b(pos);\n}');
  });

  it('has all parameters when the section line has them', async () => {
    const u = await unit('\ta();\n', 'int __must_check take(struct page *page, int n)');
    expect(
      functions(u).map((f) => [
        f.name,
        f.params.map((p) => p.name),
        f.nameLoc.start,
        f.nameLoc.end,
      ]),
    ).toEqual([['take', ['page', 'n'], 0, 0]]);
  });

  it('has no name when the section line has none', async () => {
    expect(functions(await unit('\ta();\n')).map((f) => [f.name, f.params])).toEqual([['', []]]);
    expect(functions(await unit('\ta();\n', 'EXPORT_SYMBOL(other);')).map((f) => f.name)).toEqual([
      '',
    ]);
    expect(functions(await unit('\ta();\n', 'out_unlock:')).map((f) => f.name)).toEqual(['']);
  });

  it('keeps an else whose if was cut', async () => {
    expect(await read('\t\ta();\n\t} else {\n\t\tb();\n\t}\n\tc();\n', 'int f(int x)')).toBe(
      'fragment: int f(int x)\n{\n  if (<>) {\n    a();\n  } else {\n    b();\n  }\n  c();\n}',
    );
    expect(await read('\t\tx = a();\n\telse\n\t\tx = b();\n\tc();\n', 'int f(int x)')).toBe(
      'fragment: int f(int x)\n{\n  if (<>)\n    x = a();\n  else\n    x = b();\n  c();\n}',
    );
    expect(await read('\telse\n\t\tb();\n', 'int f(int x)')).toBe(
      'fragment: int f(int x)\n{\n  if (<>)\n    ;\n  else\n    b();\n}',
    );
  });

  it('keeps the calls of a condition whose head was cut', async () => {
    expect(await read('\t    trylock(b)) {\n\t\ta();\n\t}\n', 'int f(int x)')).toBe(
      'fragment: int f(int x)\n{\n  if (<trylock(b)>) {\n    a();\n  }\n}',
    );
    expect(await read('\t    && trylock(b))\n\t\ta();\n', 'int f(int x)')).toContain(
      'if (<trylock(b)>)\n    a();',
    );
  });

  it('closes loops, calls and blocks that go on behind it', async () => {
    expect(await read('\tdo {\n\t\tif (a &&\n\t\t    b(', 'int f(int x)')).toBe(
      'fragment: int f(int x)\n{\n  do {\n    if (a && b())\n      ;\n  } while (<>);\n}',
    );
    expect(await read('\tfor (i = 0; i < 3', 'int f(int x)')).toContain('for (i = 0; i < 3;)');
    expect(await read('\tg(a,\n', 'int f(int x)')).toContain('g(a, <>);');
    expect(await read('\ta = b +\n', 'int f(int x)')).toContain('a = b + <>;');
  });

  it('opens a do-while of which only the end is there', async () => {
    expect(await read('\t\ta();\n\t} while (more(x));\n', 'int f(int x)')).toContain(
      'do {\n    a();\n  } while (more(x));',
    );
  });

  it('reads cases, labels and an end in the middle of a switch', async () => {
    expect(await read('\tcase A:\n\t\ta();\n\t\tbreak;\n\t}\nout:\n\tb();\n', 'int f(int x)')).toBe(
      'fragment: int f(int x)\n{\n  if (<>) {\n  case A:\n    a();\n    break;\n  }\nout:\n  b();\n}',
    );
    expect(await read('\tswitch (x) {\n\tdefault', 'int f(int x)')).toContain(
      'switch (x) {\n  default:',
    );
  });

  it('takes what follows a cut argument list', async () => {
    expect(await read('\t\t   GFP_NOFS, next(a));\n\tb();\n', 'int f(int x)')).toContain('b();');
    const u = await unit('\t\t   GFP_NOFS, next(a));\n', 'int f(int x)');
    expect(functions(u)[0]?.body.body).toMatchObject([
      { kind: 'errorStmt', calls: [{ callee: { name: 'next' } }] },
    ]);
  });

  it('reads statement macros and atomic blocks like a whole file', async () => {
    expect(
      await read(
        '\tlist_for_each_entry(a, b, c)\n\t\td(a);\n\t__atomic {\n\t\te();\n',
        'int f(int x)',
      ),
    ).toContain('list_for_each_entry(a, b, c)\n    d(a);\n  __atomic {\n    e();\n  }');
  });
});

describe('a hunk across functions', () => {
  it('has the tail of one, all of the next and the head of the last', async () => {
    const text =
      '\ta();\n\treturn 0;\n}\n\n/* the next */\nstatic void next(void)\n{\n\tb();\n}\n\nint last(struct page *page,\n\t int n)\n{\n\tc();\n';
    expect(await read(text, 'int f(struct page *page)')).toBe(
      'fragment: int f(struct page *page)\n{\n  a();\n  return 0;\n}\n\nwhole: static void next(void)\n{\n  b();\n}\n\nfragment: int last(struct page *page, int n)\n{\n  c();\n}',
    );
    expect(functions(await unit(text)).map((f) => f.doc)).toEqual(['', 'the next', '']);
  });

  it('joins parameters of the section line with those in the hunk', async () => {
    const u = await unit(
      '\t\tloff_t len)\n\t__must_hold(&page->lock)\n{\n\ta();\n}\n',
      'static int f(struct page *page,',
    );
    expect(u.problems).toEqual([]);
    expect(
      functions(u).map((f) => [
        f.name,
        f.params.map((p) => p.name),
        f.extent,
        f.attrs.map((a) => a.args.map(printExpr).join()),
      ]),
    ).toEqual([['f', ['page', 'len'], 'fragment', ['&page->lock']]]);
  });

  it('reads a function whose result type stands on the line before', async () => {
    expect(await read('take(\n\tstruct page *page)\n{\n\ta();\n}\n', 'STATIC int')).toBe(
      'whole: int take(struct page *page)\n{\n  a();\n}',
    );
  });

  it('reads the head of a function that is cut in its parameters', async () => {
    expect(await read('int a;\n\nint take(struct page *page,\n', '')).toBe(
      'global a\nfragment: int take(struct page *page)\n{\n}',
    );
    expect(await read('take(\n\tstruct page\t*page,\n\tint\tn,\n', 'static long')).toBe(
      'fragment: static long take(struct page *page, int n)\n{\n}',
    );
    expect(await read('\t struct page *page,\n\t unsigned int flags);\n', 'int take(int a,')).toBe(
      '',
    );
    expect(await read('int a;\n\nstatic int\n', '')).toBe('global a');
  });

  it('takes the body of a function whose head was cut', async () => {
    expect(await read('{\n\ta();\n}\nEXPORT_SYMBOL(f);\n', 'int f(int x)')).toBe(
      'fragment: int f(int x)\n{\n  a();\n}\n\ntopCall EXPORT_SYMBOL',
    );
  });
});

describe('a hunk outside functions', () => {
  it('reads what follows a table of operations', async () => {
    expect(
      await read(
        '\t.read = r,\n\t.write = w,\n};\n\nint f(void)\n{\n\ta();\n}\n',
        'static const struct ops o = {',
      ),
    ).toBe('whole: int f(void)\n{\n  a();\n}');
    expect(await read('\t\t.a = &x,\n\t},\n\t{\n\t\t.b =\n')).toBe('');
    expect(await read('\t.a = 1,\n#ifdef B\n\t.b = B_INIT(x),\n', 'struct task first_task')).toBe(
      '',
    );
    expect(await read('\t{ A, 1 },\n\t{ B, 2 },\n', 'static const struct opts o[] = {')).toBe('');
  });

  it('gives out no struct of which it has only a part', async () => {
    expect(await read('\tint a;\n\tstruct page *b;\n', 'struct inode_info {')).toBe('');
    expect(
      await read('\tint a;\n};\n\nstruct whole {\n\tint c;\n};\n', 'struct inode_info {'),
    ).toBe('type');
  });

  it('gives an empty unit for comments and nothing', async () => {
    expect(await read(' * a comment\n * goes on: f();\n')).toBe('');
    expect(await read('')).toBe('');
    expect(await read(' * its end\n */\nint a;\n')).toBe('global a');
    expect(await read('int a;\n\n/*\n * its start {\n')).toBe('global a');
  });

  it('leaves out a macro that began before it, and reads no half macro', async () => {
    expect(await read('\tfoo(x); \\\n} while (0)\n\nint a;\n')).toBe('global a');
    const u = await unit('int a;\n#define go(x) a(x); \\\n\tb(x); \\\n');
    expect(u.items[1]).toMatchObject({ kind: 'macro', name: 'go' });
    expect(u.items[1]).not.toHaveProperty('stmts');
  });
});

describe('work', () => {
  it('takes one parse for a hunk, one for its section line', async () => {
    const p = await parser();
    const before = p.parses;
    p.parseHunk(source('\ta();\n'), '');
    expect(p.parses - before).toBe(1);
    p.parseHunk(source('\ta();\n'), 'int f(int x)');
    expect(p.parses - before).toBe(3);
  });
});
