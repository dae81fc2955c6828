/** Wait queues, interrupts, rwsems and RCU of the model kernel in Spin. */
import { describe, expect, it } from 'vitest';
import { PAIRS, onKernel } from '../kernel/primitives.js';
import { make } from '../unit/machine/support.js';
import { DEPTH_FIRST, differences, ours, promela, spin } from './support.js';

/** Every one takes some seconds of Spin and the compiler. */
const SOME = PAIRS.filter((_, i) => i % 3 === 0);

describe('Spin and the search agree', () => {
  it.each(SOME)(
    'on $what',
    ({ bug, right }) => {
      for (const text of [bug, right]) {
        const { machine, table } = make(onKernel(text));
        expect(differences(ours(machine), spin(promela(machine, table), DEPTH_FIRST))).toEqual([]);
      }
    },
    120_000,
  );
});
