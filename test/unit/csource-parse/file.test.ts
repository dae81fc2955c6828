import { describe, expect, it } from 'vitest';
import type { FunctionDef, TopLevel } from '../../../server/csource/ast.js';
import { printExpr } from '../../../server/csource/print.js';
import { parser, source } from './support.js';

async function items(text: string): Promise<readonly TopLevel[]> {
  const unit = (await parser()).parseFile(source(text));
  expect(unit.problems).toEqual([]);
  return unit.items;
}

async function fn(text: string): Promise<FunctionDef> {
  const found = (await items(text)).find((i) => i.kind === 'function');
  if (found?.kind !== 'function') throw new Error('no function');
  return found;
}

describe('a file of Model C', () => {
  it('reads attributes before and behind the declarator', async () => {
    const f = await fn(`/** take - takes it */
__source("fs/x.c:take@123") __since("id", "2025-01-01")
static noinline int take(struct obj *obj, const char __user *buf)
	__must_hold(&obj->lock)
{
}
`);
    expect(f.attrs.map((a) => `${a.name}(${a.args.map(printExpr).join(', ')})`)).toEqual([
      '__source("fs/x.c:take@123")', '__since("id", "2025-01-01")', 'noinline()', '__must_hold(&obj->lock)',
    ]);
    expect([f.name, f.isStatic, f.doc, f.extent]).toEqual(['take', true, 'take - takes it', 'whole']);
    expect(f.params.map((p) => p.name)).toEqual(['obj', 'buf']);
  });

  it('reads a thread attribute whose name is a keyword elsewhere', async () => {
    const f = await fn('static void __thread("Z") zero_range(void) { }\n');
    expect(f.attrs.map((a) => [a.name, a.args.map(printExpr)])).toEqual([['__thread', ['"Z"']]]);
  });
});
