/** The long comparison with Spin: more generated programs, every scenario with every change. */
import { expect, it } from 'vitest';
import { modelKernel, plainMachine } from '../kernel/support.js';
import { compare, tally } from '../spin/compare.js';
import { wideProgram } from '../spin/generated.js';
import { BREADTH_FIRST, differences, ours, promela, spin } from '../spin/support.js';
import { generated } from '../unit/search/generated.js';
import { record } from './record.js';

/** Programs of each kind, beyond those of every test run. */
const FROM = 1_000;
const EACH = 120;
const HOURS = 3_600_000;

it(
  'Spin and the search agree on two hundred programs',
  () => {
    const all = tally();
    for (let seed = FROM; seed < FROM + EACH; seed++) {
      compare(all, `program ${seed}`, generated(seed));
      compare(all, `wide program ${seed}`, wideProgram(seed), seed % 2);
    }
    const { agreed, different, large, late } = all;
    const counts = `${agreed} agree, ${different.length} differ, ${large} too large, ${late} late`;
    record('spin-programs', `generated programs in Spin: ${counts}`);
    expect(different).toEqual([]);
    expect(agreed).toBeGreaterThanOrEqual(200);
  },
  HOURS,
);

it(
  'Spin and the search agree on every scenario with every change, and on the shortest witness',
  async () => {
    const kernel = await modelKernel();
    const different: string[] = [];
    let runs = 0;
    for (const { id, fixes } of kernel.scenarios) {
      for (const on of [[], ...fixes.map((f) => [f.id])]) {
        const machine = plainMachine(kernel, id, { on });
        const text = promela(machine, kernel.table);
        const other = spin(text, undefined, { seconds: 600 });
        const shortest = spin(text, BREADTH_FIRST, { seconds: 600 });
        const reduced = ours(machine, {});
        const name = [id, ...on].join('+');
        different.push(...differences(ours(machine), other).map((d) => `${name}: ${d}`));
        if (String([...reduced.lengths]) !== String([...shortest.lengths]))
          different.push(`${name}: lengths ${String([...reduced.lengths])}`);
        runs++;
      }
    }
    record(
      'spin-scenarios',
      `scenario × change in Spin: ${runs - different.length} of ${runs} agree`,
    );
    expect(different).toEqual([]);
  },
  HOURS,
);
