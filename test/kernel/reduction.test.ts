/**
 * The reduced search finds in every scenario with every change what the unreduced one finds, where that
 * one comes to an end within its states; the others are counted as skipped.
 */
import { describe, expect, it } from 'vitest';
import { explore } from '../../server/search/index.js';
import type { SearchResult } from '../../server/search/types.js';
import { modelKernel, plainMachine } from './support.js';

const BUDGET = { states: 2_000_000, expired: (): boolean => false };
/** What the unreduced search may store: interpreted states are objects. */
const FULL = { ...BUDGET, states: 120_000 };

/** Every finding with the length of its witness. */
function findings({ complete, witnesses }: SearchResult): readonly string[] {
  expect(complete).toBe(true);
  return witnesses.map((w) => `${w.key.id} in ${w.schedule.length}`).sort();
}

const kernel = await modelKernel();

describe.each(kernel.scenarios.map((s) => [s.id, s.fixes.map((f) => f.id)] as const))(
  'reduction of %s',
  { timeout: 120_000 },
  (id, fixes) => {
    it.for(['', ...fixes])('keeps findings and shortest lengths with "%s"', (fix, { skip }) => {
      const machine = plainMachine(kernel, id, { on: fix === '' ? [] : [fix] });
      const all = explore(machine, FULL, { raw: true, reduce: false });
      skip(!all.complete, 'more states than the unreduced search may store');
      const full = findings(all);
      for (const coverAt of [Infinity, 100])
        expect(findings(explore(machine, BUDGET, { raw: true, coverAt }))).toEqual(full);
    });
  },
);
