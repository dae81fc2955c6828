/** Every scenario at its check bound, as it is and with what fixes it, in Spin. */
import { describe, expect, it } from 'vitest';
import { modelKernel, plainMachine } from '../kernel/support.js';
import { DEPTH_FIRST, differences, ours, promela, spin } from './support.js';

/** Scenario, and the switches that change its verdict. */
const TABLE: readonly (readonly [scenario: string, fix: string])[] = [
  ['C10', ''],
  ['C10', 'd9252d526ba6'],
  ['C19', ''],
  ['C19', '981fcc5674e6'],
  ['C5', ''],
  ['C5', 'isize-extended'],
  ['C7', ''],
  ['C7', '011278485ecc'],
  ['C8', ''],
  ['C8', '0ea6560abb3b'],
  ['R1', ''],
  ['R1', 'ed61378b4dc6'],
  ['R11', ''],
  ['R11', '15cdefd0c052'],
  ['R12', ''],
  ['R12', 'isize-extended'],
  ['R13', ''],
  ['R13', 'force-wait'],
  ['R1b', ''],
  ['R1b', 'handle-first'],
  ['R2', ''],
  ['R2', 'enomem'],
  ['R3', ''],
  ['R3', 'a35bb0dec955'],
  ['R5', ''],
  ['R5', 'seq-check'],
  ['R5b', ''],
  ['R6', ''],
  ['R6', '9a9ce46904bd'],
  ['R7', ''],
  ['R8', ''],
  ['R8', 'irq-wakeup'],
  ['U1', ''],
  ['U1', 'cc16eecae687'],
  ['U2', ''],
  ['U2', 'ceff86fddae8'],
];

describe('Spin agrees with the search', () => {
  it('is asked about every scenario', async () => {
    const kernel = await modelKernel();
    expect([...new Set(TABLE.map(([id]) => id))]).toEqual(
      kernel.scenarios.filter((s) => s.crashes === 0).map((s) => s.id),
    );
  });

  it.each(TABLE)(
    'on verdict and states of %s with "%s"',
    async (id, fix) => {
      const kernel = await modelKernel();
      const machine = plainMachine(kernel, id, { on: fix === '' ? [] : [fix] });
      const full = ours(machine);
      const other = spin(promela(machine, kernel.table), DEPTH_FIRST, { seconds: 240 });
      expect(differences(full, other)).toEqual([]);
      expect(ours(machine, {}).verdict, 'with reduction').toEqual(other.verdict);
      expect(full.verdict[0] === 'none').toBe(fix !== '' || id === 'R5b');
    },
    300_000,
  );
});
