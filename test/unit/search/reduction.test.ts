import { describe, expect, it } from 'vitest';
import type { SearchResult } from '../../../server/search/types.js';
import { generated } from './generated.js';
import { LOCKS, keys, search } from './support.js';

/** Lengths of the shortest deadlocks by key. */
function deadlocks(result: SearchResult): readonly string[] {
  return result.witnesses
    .filter((w) => w.key.property === 'deadlock')
    .map((w) => `${w.key.id} in ${w.schedule.length}`)
    .sort();
}

/** Verdicts of one program with and without reduction, for comparison. */
function both(text: string): { readonly reduced: SearchResult; readonly full: SearchResult } {
  return { reduced: search(text, { raw: true }), full: search(text, { raw: true, reduce: false }) };
}

const SEEDS = 250;

describe('reduction', () => {
  const totals = { full: 0, reduced: 0, deadlocks: 0, violations: 0, clean: 0 };

  it.each(Array.from({ length: SEEDS / 25 }, (_, i) => i * 25))(
    'keeps verdict, keys and shortest deadlocks of programs %i and on',
    (from) => {
      for (let seed = from; seed < from + 25; seed++) {
        const text = generated(seed);
        const { reduced, full } = both(text);
        expect(full.complete, `program ${seed} is small enough`).toBe(true);
        expect(keys(reduced), `keys of program ${seed}\n${text}`).toEqual(keys(full));
        expect(deadlocks(reduced), `deadlocks of program ${seed}\n${text}`).toEqual(
          deadlocks(full),
        );
        totals.full += full.states;
        totals.reduced += reduced.states;
        totals.deadlocks += full.witnesses.some((w) => w.key.property === 'deadlock') ? 1 : 0;
        totals.violations += full.witnesses.some((w) => w.key.property !== 'deadlock') ? 1 : 0;
        totals.clean += full.witnesses.length === 0 ? 1 : 0;
      }
    },
  );

  it('was tried on programs of every kind, and reduced them', () => {
    expect(totals.deadlocks).toBeGreaterThan(20);
    expect(totals.violations).toBeGreaterThan(20);
    expect(totals.clean).toBeGreaterThan(10);
    expect(totals.reduced).toBeLessThan(totals.full * 0.8);
  });

  it('does not put a step off for ever behind a thread that goes round', () => {
    const text = `int a, b; __daemon("spin") void spin(void) { for (;;) { a = 1; a = 0; } }
      __thread("t") void t(void) { b = 1; __assert(b == 0, "late"); }`;
    expect(keys(both(text).reduced)).toEqual(['assert: t: late']);
  });

  it('leaves one order of threads that share nothing', () => {
    const text = `int a, b, c; __thread("a") void ta(void) { a = 1; a = 2; a = 3; } __thread("b") void tb(void) { b = 1; b = 2; b = 3; }
      __thread("c") void tc(void) { c = 1; c = 2; c = 3; }`;
    const { reduced, full } = both(text);
    expect([full.states, reduced.states]).toEqual([64, 10]);
  });

  it('tells locks of different objects apart when they are reached through one function', () => {
    const text = `${LOCKS} struct mutex a, b; int x, y;
      __thread("a") void ta(void) { mutex_lock(&a); x++; mutex_unlock(&a); } __thread("b") void tb(void) { mutex_lock(&b); y++; mutex_unlock(&b); }`;
    const { reduced, full } = both(text);
    expect([full.states, reduced.states]).toEqual([25, 9]);
  });
});
