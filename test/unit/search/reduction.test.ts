import { describe, expect, it } from 'vitest';
import type { SearchResult } from '../../../server/search/types.js';
import { generated } from './generated.js';
import { generatedLocks } from './generated-locks.js';
import { LOCKS, keys, search } from './support.js';

/** Every finding with the length of its witness. */
function findings({ witnesses }: SearchResult): readonly string[] {
  return witnesses.map((w) => `${w.key.id} in ${w.schedule.length}`).sort();
}

const full = (text: string, faults = 0): SearchResult =>
  search(text, { raw: true, reduce: false }, faults);
const reduced = (text: string, coverAt: number, faults = 0): SearchResult =>
  search(text, { raw: true, coverAt, ...(coverAt === 0 ? { loop: 'generated' } : {}) }, faults);

/** Programs of each kind; the nightly run tries more. */
const PROGRAMS = 250;
const GROUP = 25;

describe.each([
  ['mixed', generated],
  ['lock', generatedLocks],
])('reduction of %s programs', (_, generate) => {
  const totals = { full: 0, reduced: 0, deadlocks: 0, violations: 0, clean: 0, large: 0 };

  it.each(Array.from({ length: PROGRAMS / GROUP }, (_, i) => i * GROUP))(
    'keeps verdict, keys and shortest lengths of programs %i and on',
    (from) => {
      for (let seed = from; seed < from + GROUP; seed++) {
        const text = generate(seed);
        const faults = seed % 2;
        const all = full(text, faults);
        totals.large += all.complete ? 0 : 1;
        if (!all.complete) continue;
        // Once by what the code of the threads may touch, once by a cover of the program.
        for (const coverAt of [Infinity, 0]) {
          const less = reduced(text, coverAt, faults);
          expect(less.complete).toBe(true);
          expect(findings(less), `program ${seed}\n${text}`).toEqual(findings(all));
          if (coverAt === 0) totals.reduced += less.states;
        }
        totals.full += all.states;
        totals.deadlocks += all.witnesses.some((w) => w.key.property === 'deadlock') ? 1 : 0;
        totals.violations += all.witnesses.some((w) => w.key.property !== 'deadlock') ? 1 : 0;
        totals.clean += all.witnesses.length === 0 ? 1 : 0;
      }
    },
    600_000,
  );

  it('was tried on programs of every kind, and reduced them', () => {
    expect(totals.deadlocks).toBeGreaterThan(20);
    expect(totals.violations).toBeGreaterThan(20);
    expect(totals.clean).toBeGreaterThan(10);
    expect(totals.large).toBeLessThan(PROGRAMS / 20);
    expect(totals.reduced).toBeLessThan(totals.full * 0.6);
  });
});

describe('reduction', () => {
  it('does not put a step off for ever behind a thread that goes round', () => {
    const text = `int a, b; __daemon("spin") void spin(void) { for (;;) { a = 1; a = 0; } }
      __thread("t") void t(void) { b = 1; __assert(b == 0, "late"); }`;
    expect(keys(reduced(text, 0))).toEqual(['assert: t: late']);
  });

  it('leaves one order of threads that share nothing', () => {
    const text = `int a, b, c; __thread("a") void ta(void) { a = 1; a = 2; a = 3; } __thread("b") void tb(void) { b = 1; b = 2; b = 3; }
      __thread("c") void tc(void) { c = 1; c = 2; c = 3; }`;
    expect([full(text).states, reduced(text, 0).states]).toEqual([64, 10]);
  });

  it('tells locks of different objects apart when they are reached through one function', () => {
    const text = `${LOCKS} struct mutex a, b; int x, y;
      __thread("a") void ta(void) { mutex_lock(&a); x++; mutex_unlock(&a); } __thread("b") void tb(void) { mutex_lock(&b); y++; mutex_unlock(&b); }`;
    expect([full(text).states, reduced(text, 0).states]).toEqual([25, 9]);
  });

  const BITS = `bool a; int x, r, n;
    void lock(bool *l) { __atomic { __wait(!*l); *l = true; } } void unlock(bool *l) { __atomic { *l = false; } }
    void up(int *v) { __atomic { (*v)++; } } void down(int *v) { __atomic { (*v)--; } }
    void none(int *v) { __wait(!*v); }`;
  const thread = (name: string, body: string): string =>
    `__thread("${name}") void ${name}(void) { ${body} }\n`;

  it.each([
    [
      'a lock that another thread may open does not keep that one out',
      'lock(&a); r = x; __assert(r == 0, "alone");',
      'unlock(&a); lock(&a); x = 1;',
    ],
    [
      'a count that another thread may take down does not keep that one out',
      'up(&n); r = x; __assert(r == 0, "alone");',
      'down(&n); none(&n); x = 1;',
    ],
    [
      'a lock that is taken in one branch only is not held behind it',
      'if (__choose(2)) lock(&a); r = x; __assert(r == 0, "alone");',
      'lock(&a); x = 1;',
    ],
    ['a sum is not read before it was added to', 'up(&n);', 'r = n; __assert(r == 1, "added");'],
    ['a sum is not set before it was added to', 'up(&n); __assert(n == 3, "both");', 'n = 2;'],
    [
      'a step is not taken before what frees it',
      '__wait(x, "x"); r = 1; __assert(n == 1, "late");',
      'x = 1; n = 1;',
    ],
  ])('knows that %s', (_, one, two) => {
    const text = BITS + thread('one', one) + thread('two', two);
    expect(findings(full(text))).not.toEqual([]);
    expect(findings(reduced(text, 0))).toEqual(findings(full(text)));
  });

  it('names the same holds when a thread releases what it does not hold', () => {
    const text = generatedLocks(611);
    expect(findings(reduced(text, 0, 1))).toEqual(findings(full(text, 1)));
  });

  it('keeps shortest lengths where a thread writes to the stack of another', () => {
    const text = `int *p; int r, b; ${thread('one', 'int x = 0; p = &x; r = 1; r = 2; __wait(b); r = x;')}
      ${thread('two', '__wait(p != 0); *p = 1; b = 1;')}${thread('three', 'r = 3; __assert(r != 3, "three");')}`;
    expect(findings(full(text)).filter((f) => f.startsWith('assert'))).toHaveLength(1);
    expect(findings(reduced(text, 0))).toEqual(findings(full(text)));
  });

  it('follows values that it had not met when the cover was made', () => {
    const text = `int x, r; ${thread('one', 'for (int i = 0; i < 6; i++) __atomic { x++; }')}${thread('two', '__wait(x >= 5, "five"); r = 1;')}
      ${thread('three', '__assert(r == 0 || x != 6, "end");')}`;
    expect(findings(full(text))).toHaveLength(1);
    expect(findings(reduced(text, 0))).toEqual(findings(full(text)));
  });
});
