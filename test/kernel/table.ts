import { describe, expect, it } from 'vitest';
import { modelKernel, mutant, run, type Mutation } from './support.js';

/** Switches that a run turns on, separated by blanks, and its verdict. */
export type Row = readonly [fixes: string, verdict: string];

const words = (fixes: string): string[] => fixes.split(' ').filter((w) => w !== '');

/** Stored states that every run of a table stays below. */
const CHECK_BOUND = 200_000;

/** Generous: a machine that does many other things must not fail a verdict. */
const TIMEOUT = 120_000;

/** One test for each row, and one that no offered fix is without a row. */
export function testTable(table: Readonly<Record<string, readonly Row[]>>): void {
  describe.each(Object.entries(table))('%s', { timeout: TIMEOUT }, (race, rows) => {
    it.each(rows)('with "%s": %s', async (fixes, verdict) => {
      const found = run(await modelKernel(), race, { on: words(fixes) });
      expect(found.verdict).toBe(verdict);
      expect(found.complete).toBe(true);
      expect(found.assumptions).toEqual([]);
      expect(found.states).toBeLessThanOrEqual(CHECK_BOUND);
    });

    it('has a verdict here for every fix that it offers', async () => {
      const offered = (await modelKernel()).scenario(race)?.fixes.map((f) => f.id);
      const tried = rows.map(([fixes]) => fixes).filter((fixes) => words(fixes).length === 1);
      expect([...tried].sort()).toEqual([...(offered ?? [])].sort());
    });
  });
}

/** One changed line of the model, and the verdicts of the race without and with the change. */
export interface MutationCase extends Mutation {
  readonly what: string;
  readonly race: string;
  readonly on: readonly string[];
  readonly verdicts: readonly [string, string];
}

export function testMutations(cases: readonly MutationCase[]): void {
  describe('one changed line changes the verdict', { timeout: TIMEOUT }, () => {
    it.each(cases)('$what ($race)', async ({ race, on, verdicts, ...mutation }) => {
      const before = run(await modelKernel(), race, { on }).verdict;
      const after = run(await mutant(mutation), race, { on }).verdict;
      expect([before, after]).toEqual(verdicts);
    });
  });
}
