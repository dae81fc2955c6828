/** The reduced search finds in every scenario with every change what the unreduced one finds. */
import { describe, expect, it } from 'vitest';
import { explore } from '../../server/search/index.js';
import type { SearchResult } from '../../server/search/types.js';
import { modelKernel, plainMachine } from './support.js';

const BUDGET = { states: 2_000_000, expired: (): boolean => false };

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
    it.each(['', ...fixes])('keeps findings and shortest lengths with "%s"', (fix) => {
      const machine = plainMachine(kernel, id, { on: fix === '' ? [] : [fix] });
      const full = findings(explore(machine, BUDGET, { raw: true, reduce: false }));
      for (const coverAt of [Infinity, 100])
        expect(findings(explore(machine, BUDGET, { raw: true, coverAt }))).toEqual(full);
    });
  },
);
