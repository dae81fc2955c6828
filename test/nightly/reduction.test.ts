/** The long comparison of reduced and unreduced searches, on programs beyond those of every test run. */
import { expect, it } from 'vitest';
import { explore } from '../../server/search/index.js';
import type { SearchResult } from '../../server/search/types.js';
import { make } from '../unit/machine/support.js';
import { generated } from '../unit/search/generated.js';
import { generatedLocks } from '../unit/search/generated-locks.js';
import { record } from './record.js';

const FROM = 1_000;
const EACH = 5_200;
const HOURS = 3 * 3_600_000;
const BUDGET = { states: 200_000, expired: (): boolean => false };

/** Every finding with the length of its witness. */
function findings({ witnesses }: SearchResult): string {
  return witnesses
    .map((w) => `${w.key.id} in ${w.schedule.length}`)
    .sort()
    .join('\n');
}

it.each([
  ['mixed', generated],
  ['lock', generatedLocks],
])(
  'reduction keeps verdict, keys and shortest lengths of %s programs',
  (name, generate) => {
    const different: string[] = [];
    let [compared, large, full, reduced] = [0, 0, 0, 0];
    for (let seed = FROM; seed < FROM + EACH; seed++) {
      const { machine } = make(generate(seed), seed % 2);
      const all = explore(machine, BUDGET, { raw: true, reduce: false });
      if (!all.complete) {
        large++;
        continue;
      }
      compared++;
      full += all.states;
      for (const coverAt of [Infinity, 0]) {
        const less = explore(machine, BUDGET, { raw: true, coverAt });
        if (findings(less) !== findings(all)) different.push(`program ${seed}`);
        if (coverAt === 0) reduced += less.states;
      }
    }
    const counts = `${compared} compared, ${different.length} differ, ${large} too large`;
    record(
      `reduction-${name}`,
      `reduction of ${name} programs: ${counts}; ${full} → ${reduced} states`,
    );
    expect(different).toEqual([]);
    expect(compared).toBeGreaterThanOrEqual(5_000);
  },
  HOURS,
);
