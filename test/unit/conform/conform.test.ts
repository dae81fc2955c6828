/** A small model and a small tree: what counts as the same function, and what is told of a difference. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { ModelKernel } from '../../../server/analysis/model.js';
import { conform, profileOfTree } from '../../../server/conform/index.js';
import type { ConformRow } from '../../../server/conform/index.js';
import { CParser } from '../../../server/csource/parser.js';

const require = createRequire(import.meta.url);
const parser = await CParser.load(
  readFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
  readFileSync(require.resolve('tree-sitter-c/tree-sitter-c.wasm')),
);

const BASE = `
__profile("6.1", "2022-12-11");
__profile("7.0", "2026-04-12");
__tracked("size");
struct thing { int lock; int size; int cached; };

__source("a.h:take")
void take(struct thing *t) { __atomic { __wait(!t->lock); t->lock = 1; __acquire(t, "lock"); } }
__source("a.h:give")
void give(struct thing *t) { t->lock = 0; __release(t, "lock"); }
__source("a.h:look")
int look(struct thing *t) { return t->size; }
__source("a.c:flush")
void flush(struct thing *t) { t->cached = 0; }
static void helper(struct thing *t) { flush(t); }
`;

const TREE = `
static inline void take(struct thing *t) { do_take(&t->l); }
static inline void give(struct thing *t) { do_give(&t->l); }
static inline int look(struct thing *t) { return t->size; }
`;

/** The row of \`f\`, for its body in the model and in the tree. */
function row(model: string, real: string, profile = '6.1'): ConformRow {
  const text = `${BASE}__source("a.c:f")\nint f(struct thing *t, int n)\n{\n${model}\n}\n`;
  const kernel = new ModelKernel(parser, [{ name: 'model.c', text }]);
  const files = new Map([
    ['a.h', TREE],
    [
      'a.c',
      `void flush(struct thing *t) { out(t); }\nstatic void part(struct thing *t) { flush(t); }\nint f(struct thing *t, int n)\n{\n${real}\n}\n`,
    ],
    ['Makefile', 'VERSION = 7\nPATCHLEVEL = 0\n'],
  ]);
  const chosen = kernel.profile(profile);
  if (!chosen) throw new Error('no profile');
  const rows = conform(kernel, chosen, parser, (path) => files.get(path));
  const found = rows.find((r) => r.function === 'f');
  if (!found) throw new Error('no row');
  return found;
}

const LOCKED = 'take(t); flush(t); give(t); return 0;';

describe('a model function against the kernel function it names', () => {
  it('conforms when both do the same in the same order; what only computes does not count', () => {
    const r = row(LOCKED, 'int s = look(t); take(t); log(s); flush(t); give(t); return s;');
    expect(r).toMatchObject({ outcome: 'conforms', events: ['take', 'flush', 'give'] });
  });

  it('follows helpers that only one side has', () => {
    expect(row('take(t); helper(t); give(t); return 0;', LOCKED).outcome).toBe('conforms');
    expect(row(LOCKED, 'take(t); part(t); give(t); return 0;').outcome).toBe('conforms');
  });

  it('may leave out a way, not invent one', () => {
    const real = 'take(t); if (n) goto out; flush(t); out: give(t); return 0;';
    expect(row(LOCKED, real).outcome).toBe('conforms');
    expect(row(real, LOCKED)).toMatchObject({
      outcome: 'differs',
      differences: ['only in the model: take, give'],
    });
  });

  it('differs when the order is another one', () => {
    const r = row('flush(t); take(t); give(t); return 0;', LOCKED);
    expect(r.outcome).toBe('differs');
    expect(r.differences).toContain('only in the model: flush');
    expect(r.differences).toContain('only in the kernel: take … flush');
  });

  it('differs when the kernel can do two things in an order that the model lacks', () => {
    const r = row(LOCKED, 'take(t); do { flush(t); } while (n--); give(t); return 0;');
    expect(r.differences).toEqual(['only in the kernel: flush … flush']);
  });

  it('differs when a lock is left out around something, not around nothing', () => {
    expect(row('flush(t); return 0;', LOCKED).differences).toEqual([
      'take: only the real function does',
      'give: only the real function does',
    ]);
    expect(
      row('flush(t); return 0;', 'take(t); count(n); give(t); flush(t); return 0;').outcome,
    ).toBe('conforms');
  });

  it('differs when the model does what the kernel function never does', () => {
    expect(row(LOCKED, 'take(t); give(t); return 0;').differences).toEqual([
      'flush: only the model function does',
    ]);
  });

  it('counts stores to tracked members alone', () => {
    const r = row(
      't->cached = 1; t->size = n; flush(t); return 0;',
      'flush(t); t->size++; return 0;',
    );
    expect(r.events).toEqual(['.size =', 'flush']);
    expect(r.differences).toContain('only in the model: .size =');
  });

  it('follows the switches of the profile', () => {
    const model =
      'if (__since("x", "2025-01-01")) take(t); flush(t); if (__since("x", "2025-01-01")) give(t); return 0;';
    expect(row(model, LOCKED, '7.0').outcome).toBe('conforms');
    expect(row(model, 'flush(t); return 0;', '6.1').outcome).toBe('conforms');
    expect(row(model, LOCKED, '6.1').outcome).toBe('differs');
  });

  it('names primitives, what only computes, and what the tree does not have', () => {
    const kernel = new ModelKernel(parser, [
      { name: 'm.c', text: `${BASE}__source("b.c:gone")\nvoid gone(void) { }\n` },
    ]);
    const [profile] = kernel.profiles;
    if (!profile) throw new Error('no profile');
    const rows = conform(kernel, profile, parser, (path) => (path === 'a.h' ? TREE : undefined));
    expect(rows.map((r) => [r.function, r.outcome])).toEqual([
      ['take', 'primitive'],
      ['give', 'primitive'],
      ['look', 'no events'],
      ['flush', 'not in this tree'],
      ['gone', 'not in this tree'],
    ]);
  });

  it('takes the profile of the tree', () => {
    const kernel = new ModelKernel(parser, [{ name: 'm.c', text: BASE }]);
    const read = (): string => 'VERSION = 7\nPATCHLEVEL = 0\n';
    expect(profileOfTree(kernel, read)?.name).toBe('7.0');
    expect(profileOfTree(kernel, () => undefined)?.name).toBe('6.1');
  });
});
