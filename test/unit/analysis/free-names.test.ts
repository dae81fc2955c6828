import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { freeNames } from '../../../server/analysis/free-names.js';
import { CParser } from '../../../server/csource/parser.js';
import { SourceTable } from '../../../server/csource/source.js';

const require = createRequire(import.meta.url);
const parser = await CParser.load(
  readFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
  readFileSync(require.resolve('tree-sitter-c/tree-sitter-c.wasm')),
);

const C_TYPES = new Set(['int', 'unsigned int', 'void']);

function free(text: string): readonly string[] {
  const src = new SourceTable().add({ name: 't.c', uri: 't:', text });
  return freeNames([parser.parseFile(src)])
    .filter((name) => !C_TYPES.has(name))
    .sort();
}

describe('names that a file expects from others', () => {
  it('are functions, variables, types, tags and macros that it only uses', () => {
    const text = `
struct own { struct lock l; other_t member; };
void f(struct own *o) { for_each(i, o) lock(&o->l, LIMIT, shared); }
`;
    expect(free(text)).toEqual([
      'LIMIT',
      'for_each',
      'i',
      'lock',
      'other_t',
      'shared',
      'struct lock',
    ]);
  });

  it('are not what it defines: locals, parameters, constants, macros', () => {
    const text = `
#define TWICE(x) (2 * (x))
enum e { ZERO, ONE };
typedef unsigned int number;
static number g = ONE;
number f(number a) { number b = TWICE(a); return b + g + ZERO; }
`;
    expect(free(text)).toEqual([]);
  });

  it('are what is only declared', () => {
    expect(free('extern int there; int take(int a); int f(void) { return take(there); }')).toEqual([
      'take',
      'there',
    ]);
  });

  it('are not names of members, which another struct may have', () => {
    expect(free('struct s { int lock; }; int f(struct s *p) { return lock(p->lock); }')).toEqual([
      'lock',
    ]);
  });
});
