/** Generated programs in Spin. */
import { describe, expect, it } from 'vitest';
import { generated } from '../unit/search/generated.js';
import { compare, tally } from './compare.js';
import { wideProgram } from './generated.js';

const EACH = 24;
const BATCH = 8;
const MINUTES = 60_000;

describe('Spin and the search agree', () => {
  const all = tally();

  it.each(Array.from({ length: EACH / BATCH }, (_, i) => i * BATCH))(
    'on verdict and states of generated programs %i and on',
    (from) => {
      for (let seed = from; seed < from + BATCH; seed++) {
        compare(all, `program ${seed}`, generated(seed));
        compare(all, `wide program ${seed}`, wideProgram(seed), seed % 2);
      }
      expect(all.different).toEqual([]);
    },
    5 * MINUTES,
  );

  it('on at least forty programs, of every kind', () => {
    expect(all.agreed, `${all.large} too large, ${all.late} late`).toBeGreaterThanOrEqual(40);
    expect([...all.kinds.keys()].sort()).toEqual(
      expect.arrayContaining(['assert', 'deadlock', 'final', 'invariant', 'none', 'range']),
    );
  });
});
