import { describe, expect, it } from 'vitest';
import type {
  FunctionDef,
  GlobalVar,
  MacroDef,
  TopLevel,
  TypeDecl,
} from '../../../server/csource/ast.js';
import {
  printC,
  printDeclarator,
  printExpr,
  printStmt,
  printType,
} from '../../../server/csource/print.js';
import { DEMO, parser, source } from './support.js';

async function items(text: string): Promise<readonly TopLevel[]> {
  const unit = (await parser()).parseFile(source(text));
  expect(unit.problems).toEqual([]);
  return unit.items;
}

async function find<K extends TopLevel['kind']>(
  kind: K,
  name: string,
  text = DEMO,
): Promise<Extract<TopLevel, { kind: K }>> {
  const is = (i: TopLevel): i is Extract<TopLevel, { kind: K }> => i.kind === kind;
  const found = (await items(text)).filter(is).find((i) => nameOf(i) === name);
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found;
}

function nameOf(i: TopLevel): string {
  if (i.kind === 'global') return i.var.name;
  if (i.kind === 'type') return i.type.name ?? '';
  return i.kind === 'include' ? i.path : i.name;
}

const attrs = (list: FunctionDef['attrs']): string[] =>
  list.map((a) => `${a.name}(${a.args.map(printExpr).join(', ')})`);

/** The tree without places. */
const shape = (value: unknown): string =>
  JSON.stringify(value, (key, v: unknown) => (key === 'loc' || key === 'nameLoc' ? undefined : v));

async function body(lines: string): Promise<string> {
  return printC(await find('function', 'f', `void f(void)\n{\n${lines}\n}\n`))
    .split('\n')
    .slice(2, -2)
    .join('\n')
    .replaceAll('\t', '  ');
}

describe('a whole file', () => {
  it('keeps the order of what it declares', async () => {
    const order = (await items(DEMO))
      .filter((i) => i.kind !== 'macro')
      .map((i) => `${i.kind} ${nameOf(i)}`);
    expect(order).toEqual([
      'include demo.h',
      'include linux/fs.h',
      'typedef pageno_t',
      'typedef hook_fn',
      'typedef count_t',
      'type page_state',
      'type page',
      'global pages',
      'global spare',
      'global generation',
      'global ops',
      'proto __page_hold',
      'proto find_page',
      'function take_page',
      'function zero_pages',
      'function start_pages',
      'topCall __scenario',
      'topCall DEFINE_MUTEX',
      'topCall EXPORT_SYMBOL_GPL',
      'topCall module_init',
      'function demo',
      'function demo_sync',
    ]);
  });

  it('prints a function back as it stands', async () => {
    expect(printC(await find('function', 'take_page'))).toMatchInlineSnapshot(`
      "static int take_page(struct page *page, loff_t pos, char *buf)
      {
      	struct page *copy = NULL;
      	struct page *other;
      	int ret = pick(loff_t, pos, sizeof(struct page));
      	unsigned int len = min_t(unsigned int, pos, 16UL);
      	typeof(*page) *up = container_of(page, struct page, next[0].bits);
      	char c = 10;
      	char *text = "one two\\t";
      	__atomic {
      		__wait(page->state == CLEAN);
      		page->state = DIRTY;
      	}
      	list_for_each_entry(other, &page->list, link) {
      		if (other->state != DIRTY)
      			continue;
      		else
      			break;
      	}
      	for_each_page(other)
      		scoped_guard(mutex, &other->mutex)
      			put(other, (loff_t)pos, (u64)-1 * 2, (u32)*up, (struct page *)up);
      	switch (ret) {
      	case 1 ... 3:
      	case 4:
      		ret++;
      		fallthrough;
      	default:
      		goto out;
      	}
      	guard(mutex)(&page->mutex);
      	for (int i = 0; i < 3; i++, ret--)
      		;
      	do {
      		ret -= (len << 1) | 2;
      	} while (ret && !c);
      again:
      	while (--ret > 0)
      		if (try_page(page))
      			goto again;
      	return ret ?: offsetof(struct page, next[1].low);
      out:
      	if (__since("take", "2025-01-01"))
      		*other = (struct page){ .state = WRITEBACK };
      	return ({ … }) + (copy ? 1 : ~2);
      }
      "
    `);
  });

  it('reads attributes before the declaration, between result and name, and before the body', async () => {
    const f = await find('function', 'take_page');
    expect(attrs(f.attrs)).toEqual([
      '__source("mm/demo.c:take_page@0123")',
      '__since("take", "2025-01-01")',
      'noinline()',
      '__must_hold(&page->lock)',
    ]);
    expect([f.isStatic, f.extent]).toEqual([true, 'whole']);
    expect(attrs((await find('function', 'zero_pages')).attrs)).toEqual(['__thread("Z")']);
    expect(attrs((await find('function', 'start_pages')).attrs)).toEqual(['__init()']);
    expect(attrs((await find('proto', '__page_hold')).attrs)).toEqual(['__must_hold(&page->lock)']);
  });

  it('takes the comment directly above as documentation', async () => {
    expect((await find('function', 'take_page')).doc).toBe(
      'take_page - take it\n@page: which\n\nReturns a page — “really”.',
    );
    expect((await find('topCall', '__scenario')).doc).toBe('The page of the scenario.');
    expect((await find('function', 'zero_pages')).doc).toBe('');
    expect((await find('function', 'f', '/* far */\n\nvoid f(void) { }\n')).doc).toBe('');
  });

  it('tells a function whose name begins with underscores from an annotation', async () => {
    const f = await find(
      'function',
      '__f',
      '__must_hold(x) static inline int __must_check __f(int a) __releases(y)\n{\n}\n',
    );
    expect(attrs(f.attrs)).toEqual(['__must_hold(x)', '__must_check()', '__releases(y)']);
    expect(nameOf(await find('global', '__ready', 'static bool __ready __initdata;\n'))).toBe(
      '__ready',
    );
  });

  it('reads unknown words of a declaration as annotations', async () => {
    expect(
      attrs((await find('function', 'f', 'static forceinline u32 f(void)\n{\n}\n')).attrs),
    ).toEqual(['forceinline()']);
    expect(attrs((await find('function', 'f', 'bool __my_section f(void)\n{\n}\n')).attrs)).toEqual(
      ['__my_section()'],
    );
    expect(
      attrs((await find('function', 'f', 'EXPORT_FOR_TESTS\nint f(void)\n{\n}\n')).attrs),
    ).toEqual(['EXPORT_FOR_TESTS()']);
  });

  it('reads members, their widths, ranges and function pointers', async () => {
    const type: TypeDecl = await find('type', 'page');
    const fields = type.type.fields ?? [];
    expect(fields.map((f) => printDeclarator(f.type, f.name ?? ''))).toMatchInlineSnapshot(`
      [
        "int state",
        "int refs",
        "struct { int low; union { int a; long b; }; }",
        "int (*hook)(struct page *, int)",
        "struct page *next[BLOCKS]",
        "long bits[8]",
      ]
    `);
    expect(fields.map((f) => attrs(f.attrs).join())).toEqual(['__range(0, 2)', '', '', '', '', '']);
    expect(fields[1]?.bits && printExpr(fields[1].bits)).toBe('3');
  });

  it('reads a pool and its initialiser', async () => {
    const pool: GlobalVar = await find('global', 'pages');
    expect(attrs(pool.var.attrs)).toEqual(['__pool()']);
    expect(pool.var.init && printExpr(pool.var.init)).toBe(
      '{ [0] = { .state = DIRTY, .next = { NULL } }, [1].hook = NULL }',
    );
    expect([pool.var.isStatic, (await find('global', 'generation')).var.isExtern]).toEqual([
      true,
      true,
    ]);
    expect((await find('global', 'spare')).var.attrs).toEqual([]);
  });

  it('reads enumerators and typedefs', async () => {
    const e = await find('type', 'page_state');
    expect(
      e.type.enumerators?.map((n) => `${n.name}${n.value ? `=${printExpr(n.value)}` : ''}`),
    ).toEqual(['CLEAN', 'DIRTY=2', 'WRITEBACK']);
    expect(printType((await find('typedef', 'pageno_t')).type)).toBe('unsigned long');
    expect((await find('typedef', 'hook_fn')).type.kind).toBe('pointer');
  });

  it('reads system calls under their own names', async () => {
    expect(printC(await find('function', 'demo')).split('\n')[0]).toBe(
      'long demo(int fd, struct page *page, unsigned long flags)',
    );
    const f = await find('function', 'demo_sync');
    expect(DEMO.slice(f.nameLoc.start, f.nameLoc.end)).toBe('demo_sync');
  });
});

describe('types where expressions stand', () => {
  it.each([
    ['min_t(unsigned int, a, b);', 'unsigned int'],
    ['container_of(p, struct page, m);', 'struct page'],
    ['va_arg(ap, struct page *);', 'struct page *'],
    ['first_item(head, typeof(*pos), m);', 'typeof(*pos)'],
  ])('%s', async (text, type) => {
    const f = await find('function', 'f', `void f(void) { ${text} }\n`);
    const s = f.body.body[0];
    const call = s?.kind === 'expr' && s.expr.kind === 'call' ? s.expr : undefined;
    const arg = call?.args.find((a) => a.kind === 'typeArg');
    expect(arg?.kind === 'typeArg' && printType(arg.type).replace(/\s+\*/, ' *')).toBe(type);
  });

  it('leaves a lone name alone: whoever expands the macro knows what it is', async () => {
    const f = await find('function', 'f', 'void f(void) { min_t(loff_t, a, b); }\n');
    expect(JSON.stringify(f.body)).toContain('"kind":"ident","name":"loff_t"');
  });

  it('reads casts that the grammar takes for calls and arithmetic', async () => {
    expect(await body('a = (loff_t)(x) + (u64)-b * c + (u32)*p; d = (fn)(x);')).toBe(
      '  a = (loff_t)x + (u64)-b * c + (u32)*p;\n  d = fn(x);',
    );
  });

  it.each([
    ['(x) + y * 2', 'x + y * 2'],
    ['(x) + sizeof(y) * 2 == z', 'x + sizeof(y) * 2 == z'],
    ['(T *)(x) - y * z', '(T *)x - y * z'],
    ['a << (x) - y * z && b', 'a << (x - y * z) && b'],
    ['(u64)-1 - (x) * -y', '(u64)-1 - x * -y'],
    ['((x) + (y) - 1) & ~((y) - 1)', '(x + y - 1) & ~(y - 1)'],
  ])('groups %s by precedence', async (text, expected) => {
    expect(await body(`v = ${text};`)).toBe(`  v = ${expected};`);
  });

  it('reads sizeof and offsetof', async () => {
    const text = shape(
      (
        await find(
          'function',
          'f',
          'void f(void) { a = sizeof(loff_t) + sizeof(*p) + offsetof(struct page, a.b[0]); }\n',
        )
      ).body,
    );
    expect(text).toContain('"kind":"sizeof","type":{"kind":"name","name":"loff_t"');
    expect(text).toContain('"kind":"sizeof","operand":{"kind":"unary","op":"*"');
    expect(text).toContain('"kind":"offsetof","type":{"kind":"struct","name":"page"');
  });

  it.each([
    ['unsigned', 'unsigned int'],
    ['long unsigned int', 'unsigned long'],
    ['long long int', 'long long'],
    ['short int', 'short'],
    ['signed char', 'signed char'],
    ['const unsigned long', 'unsigned long'],
    ['_Bool', 'bool'],
  ])('one spelling for %s', async (written, normal) => {
    expect(printType((await find('global', 'x', `${written} x;\n`)).var.type)).toBe(normal);
  });
});

describe('statements', () => {
  it('puts labels and cases into the list they stand in', async () => {
    const f = await find(
      'function',
      'f',
      'void f(void) { switch (a) { case 1: case 2 ... 4: b(); default: c(); } out: d(); end: }\n',
    );
    expect(f.body.body.map((s) => s.kind)).toEqual(['switch', 'label', 'expr', 'label']);
    const s = f.body.body[0];
    const inner = s?.kind === 'switch' && s.body.kind === 'block' ? s.body.body : [];
    expect(inner.map((x) => printStmt(x).trim())).toEqual([
      'case 1:',
      'case 2 ... 4:',
      'b();',
      'default:',
      'c();',
    ]);
  });

  it('reads loop macros with and without braces, and without arguments', async () => {
    expect(await body('for_each_cpu(cpu)\n\tg(cpu);\nforever_more() {\n\th();\n}')).toBe(
      '  for_each_cpu(cpu)\n    g(cpu);\n  forever_more() {\n    h();\n  }',
    );
  });

  it('does not take a call before a statement keyword for a loop', async () => {
    expect(await body('if (a) b(); else c();')).toBe('  if (a)\n    b();\n  else\n    c();');
  });

  it('keeps a guard as the call of a call', async () => {
    expect(await body('guard(mutex)(&x->m); CLASS(fd, f)(n);')).toBe(
      '  guard(mutex)(&x->m);\n  CLASS(fd, f)(n);',
    );
  });

  it('reads attributes of locals', async () => {
    const f = await find('function', 'take_page');
    const d = f.body.body[0];
    expect(d?.kind === 'decl' && d.vars.map((v) => `${v.name}: ${attrs(v.attrs).join()}`)).toEqual([
      'copy: __free(kfree)',
      'other: ',
    ]);
  });

  it('takes the first branch of a conditional whose branches each open a brace, and never #if 0', async () => {
    expect(printC(await find('function', 'start_pages'))).toBe(
      'static void start_pages(void)\n{\n\tif (a) {\n\t\tone();\n\t}\n}\n',
    );
  });

  it('has one branch of a conditional: the first where nothing decides', async () => {
    expect(await body('#ifdef A\n\tone();\n#else\n\ttwo();\n#endif')).toBe('  one();');
    expect(await body('#ifndef A\n\tone();\n#endif\n#define A\n#ifndef A\n\ttwo();\n#endif')).toBe(
      '  one();',
    );
  });

  it('leaves out the other branches when only that makes the function readable', async () => {
    expect(await body('\ta = f(b,\n#ifdef A\n\t  c);\n#else\n\t  d);\n#endif')).toBe(
      '  a = f(b, c);',
    );
    expect(await body('\ta = b\n#ifdef A\n\t  -> c;\n#else\n\t  -> d;\n#endif')).toBe(
      '  a = b->c;',
    );
  });
});

describe('literals', () => {
  it.each([
    ['0x1fUL', 31, true, true],
    ['017', 15, false, false],
    ['0b101', 5, false, false],
    ['10u', 10, true, false],
    ["'a'", 97, false, false],
    ["'\\n'", 10, false, false],
    ["'\\0'", 0, false, false],
  ])('%s', async (text, value, unsigned, long) => {
    const init = (await find('global', 'x', `int x = ${text};\n`)).var.init;
    expect(init).toMatchObject({ kind: 'number', value, unsigned, long });
  });

  it('marks what a double cannot hold', async () => {
    expect((await find('global', 'x', 'u64 x = 0xffffffffffffffffULL;\n')).var.init).toMatchObject({
      big: true,
      value: 2 ** 64,
    });
  });

  it('joins strings', async () => {
    expect((await find('global', 'x', 'char *x = "a\\t" KERN "b\\x41";\n')).var.init).toMatchObject(
      { kind: 'string', value: 'a\tbA' },
    );
  });
});

describe('macros', () => {
  const macro = (name: string, text = DEMO): Promise<MacroDef> => find('macro', name, text);

  it('reads a body as an expression', async () => {
    expect((await macro('BLOCKS')).expr).toMatchObject({ kind: 'number', value: 4 });
    expect((await macro('BLOCKS')).params).toBeUndefined();
    expect((await macro('BOTH')).expr?.kind).toBe('comma');
    expect((await macro('u64')).expr).toMatchObject({
      kind: 'typeArg',
      type: { kind: 'name', name: 'unsigned long long' },
    });
    const outer = (await macro('outer_of')).expr;
    expect(outer).toMatchObject({
      kind: 'cast',
      type: { kind: 'pointer', to: { kind: 'name', name: 'type' } },
      operand: { kind: 'binary', op: '-', right: { kind: 'offsetof' } },
    });
  });

  it('reads parameters that stand for types', async () => {
    const pick = (await macro('pick')).expr;
    const first = pick?.kind === 'stmtExpr' ? pick.body.body[0] : undefined;
    expect(first).toMatchObject({
      kind: 'decl',
      vars: [
        { name: '__x', type: { kind: 'name', name: 'type' }, init: { kind: 'ident', name: 'x' } },
      ],
    });
    expect((await macro('as', '#define as(my_type, x) ((my_type)(x))\n')).expr).toMatchObject({
      kind: 'cast',
      operand: { kind: 'ident', name: 'x' },
    });
  });

  it('reads a body as statements; a loop header gets an empty body', async () => {
    expect((await macro('WARN')).stmts?.map((s) => s.kind)).toEqual(['doWhile']);
    const each = await macro('each_item');
    expect(each.params).toEqual(['pos', 'head', 'member']);
    expect(each.stmts).toMatchObject([{ kind: 'for', body: { kind: 'empty' } }]);
    expect(each.text).not.toContain('\\');
  });

  it('leaves empty bodies alone, and what pasting cannot make', async () => {
    for (const m of [await macro('EMPTY'), await macro('op', '#define op(a) a ##= 1\n')])
      expect([m.expr, m.stmts]).toEqual([undefined, undefined]);
  });

  it('reads what is pasted as one name, each time the same', async () => {
    const [part = { text: '' }, ...others] = (await macro('GLUE')).made?.[0]?.parts ?? [];
    expect([part.text, ...others.map((p) => p.text)]).toEqual(['a', 'b']);
    const twice = await macro('set', '#define set(n) (n##_a = n##_b + n##_a)\n');
    expect(twice.made?.map((m) => m.parts.map((p) => p.text).join('##'))).toEqual([
      'n##_a',
      'n##_b',
    ]);
  });

  it('keeps names of variable arguments', async () => {
    expect((await macro('log', '#define log(fmt, args...) print(fmt)\n')).params).toEqual([
      'fmt',
      'args...',
    ]);
    expect(
      (await macro('log', '#define log(fmt, ...) print(fmt, ##__VA_ARGS__)\n')).params,
    ).toEqual(['fmt', '...']);
  });
});

describe('damage', () => {
  it('keeps the calls in a statement that cannot be read, and says where', async () => {
    const text = 'void f(void)\n{\n\ta();\n\tb = ) c(d(1));\n\te();\n}\n';
    const unit = (await parser()).parseFile(source(text));
    expect(unit.problems.map((p) => text.slice(0, p.loc.start).split('\n').length)).toEqual([4]);
    const f = unit.items[0];
    expect(f?.kind === 'function' && JSON.stringify(f.body)).toMatch(
      /"name":"c".*"name":"d".*"name":"e"/,
    );
  });

  it('says which members it leaves out', async () => {
    const unit = (await parser()).parseFile(
      source('struct s {\n\tint a;\n\tKABI_RESERVE(1);\n};\n'),
    );
    expect(unit.problems.map((p) => [p.severity, p.message])).toEqual([
      ['note', 'members declared by KABI_RESERVE are not known'],
    ]);
  });
});
