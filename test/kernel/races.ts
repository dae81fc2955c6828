/** Race × fix tables: what a plain run of a scenario says with each of the fixes that it offers. */
import { describe, expect, it } from 'vitest';
import { modelKernel, run } from './support.js';

/** Stored states that every run of a table stays below. */
const CHECK_BOUND = 200_000;

/** Switches that are turned on, a blank between them, and the verdict then. */
export type Row = readonly [fix: string, verdict: string];

export const switchesOf = (fix: string): string[] => fix.split(' ').filter((w) => w !== '');

/** Checks every row, and that every fix that a scenario offers has one. */
export function races(table: Readonly<Record<string, readonly Row[]>>): void {
  describe.each(Object.entries(table))('%s', (race, rows) => {
    it.each(rows)('with "%s": %s', async (fix, verdict) => {
      const found = run(await modelKernel(), race, { on: switchesOf(fix) });
      expect(found.verdict).toBe(verdict);
      expect(found.complete).toBe(true);
      expect(found.assumptions).toEqual([]);
      expect(found.states).toBeLessThanOrEqual(CHECK_BOUND);
    });

    it('has a verdict here for every fix that it offers', async () => {
      const offered = (await modelKernel()).scenario(race)?.fixes.map((f) => f.id);
      const tried = rows.map(([fix]) => fix).filter((fix) => switchesOf(fix).length === 1);
      expect([...tried].sort()).toEqual([...(offered ?? [])].sort());
    });
  });
}
