/** Scenarios at their check bound, as they are and with what fixes them, in Spin; the nightly run has all of them. */
import { describe, expect, it } from 'vitest';
import { modelKernel, plainMachine } from '../kernel/support.js';
import { DEPTH_FIRST, differences, ours, promela, spin } from './support.js';

/** Scenario, and the switches that change its verdict. */
const TABLE: readonly (readonly [scenario: string, fix: string])[] = [
  ['C16', ''],
  ['C16', '00d873c17e29'],
  ['C8', ''],
  ['C8', '0ea6560abb3b'],
  ['R1', ''],
  ['R1', 'ed61378b4dc6'],
  ['R1b', ''],
  ['R2', ''],
  ['R3', ''],
  ['R3', 'a35bb0dec955'],
  ['R6', ''],
  ['U1', ''],
  ['U1', 'cc16eecae687'],
  ['C1', ''],
  ['U2', ''],
  ['U2', 'ceff86fddae8'],
];

describe('Spin agrees with the search', () => {
  it('is asked about ten scenarios at least', async () => {
    const kernel = await modelKernel();
    const asked = new Set(TABLE.map(([id]) => id));
    expect(asked.size).toBeGreaterThanOrEqual(10);
    expect([...asked].filter((id) => !kernel.scenario(id))).toEqual([]);
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
      expect(full.verdict[0] === 'none').toBe(fix !== '');
    },
    300_000,
  );
});
