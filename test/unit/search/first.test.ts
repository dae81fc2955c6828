/** A search that ends with the first finding has a shortest one, and says that it has not seen all. */
import { describe, expect, it } from 'vitest';
import { explore } from '../../../server/search/index.js';
import { ANCHORS } from '../../bench/models/anchors.js';
import { make } from '../machine/support.js';

const ALL = { states: 2_000_000, expired: (): boolean => false };
const FIRST = { ...ALL, first: true };

const TWO = `
int a, b;
__thread("slow") void slow(void) { a = 1; a = 2; a = 3; __assert(0, "late"); }
__thread("fast") void fast(void) { b = 1; __assert(0, "soon"); }
`;

describe('the first finding', () => {
  it('is the one with the shortest schedule', () => {
    const all = explore(make(TWO).machine, ALL, { raw: true });
    const first = explore(make(TWO).machine, FIRST, { raw: true });
    expect(first.witnesses.map((w) => w.key.id)).toEqual(['assert: fast: soon']);
    expect(first.complete).toBe(false);
    expect(all.witnesses.length).toBe(2);
    expect(all.complete).toBe(true);
  });

  it.each(['A1e', 'B3b'])(
    '%s: as short as in the search of everything, in fewer states',
    (name) => {
      const texts = ANCHORS.find((a) => a.name === name)?.texts ?? [];
      const all = explore(make(texts).machine, ALL, { raw: true });
      const first = explore(make(texts).machine, FIRST, { raw: true });
      const lengths = (r: typeof all): number[] => r.witnesses.map((w) => w.schedule.length);
      expect(lengths(first)).toEqual([Math.min(...lengths(all))]);
      expect(first.complete).toBe(false);
    },
  );

  it('is none where there is none, and then all was seen', () => {
    const text = 'int a; __thread("t") void t(void) { a = 1; __assert(a, "set"); }';
    expect(explore(make(text).machine, FIRST)).toMatchObject({ witnesses: [], complete: true });
  });
});
