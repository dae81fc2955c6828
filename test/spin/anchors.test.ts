/** The small anchor models: Model C in the search and in Spin, and the hand-written Promela in Spin. */
import { describe, expect, it } from 'vitest';
import { ANCHORS } from '../bench/models/anchors.js';
import { make } from '../unit/machine/support.js';
import { explore } from '../../server/search/index.js';
import { BREADTH_FIRST, promela, spin } from './support.js';

const SMALL = ANCHORS.filter(({ name }) => name === 'A1e' || name === 'B3b');
const FIRST = { seconds: 120, first: true };
const BUDGET = { states: 2_000_000, expired: () => false };

/** Steps of Model C: those of the Promela without the ones that touch only locals. */
const STEPS: Readonly<Record<string, number>> = { A1e: 23, B3b: 19 };

describe('the anchor models', () => {
  it.each(SMALL)(
    '$name fails in Model C as it does by hand, in no more steps',
    ({ name, texts, promela: byHand, found }) => {
      const { machine, table } = make(texts);
      const { witnesses } = explore(machine, BUDGET, { raw: true });
      expect(witnesses.map((w) => w.key.property)).toEqual([found?.property]);
      expect(witnesses.map((w) => w.schedule.length)).toEqual([STEPS[name]]);

      const exported = spin(promela(machine, table), BREADTH_FIRST, FIRST);
      expect([...exported.lengths.values()]).toEqual([STEPS[name]]);

      const hand = spin(byHand, BREADTH_FIRST, FIRST);
      const depths = [...hand.lengths].map(([label, depth]) =>
        label.startsWith('assertion violated') ? depth + 1 : depth,
      );
      expect(Math.min(...depths)).toBe(found?.steps);
    },
    300_000,
  );
});
