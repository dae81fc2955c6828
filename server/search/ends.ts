/**
 * Whether a program comes to an end at all: a few random schedules from a fixed seed. A program of which
 * no run ends has no deadlock and no final state, so that a complete search finds nothing in it; but
 * its tasks must finish, and its final checks were never made.
 */
import type { Machine, State } from '../machine/types.js';
import { randomNumbers } from './random-walk.js';

const RUNS = 8;
const LONGEST = 20_000;
const SEED = 1;

/** True when one of the schedules ends: then runs end, at least some of them. */
export function comesToAnEnd(machine: Machine): boolean {
  const random = randomNumbers(SEED);
  for (let run = 0; run < RUNS; run++) {
    let state = machine.initial;
    for (let n = 0; n < LONGEST; n++) {
      const next = moved(machine, state, random);
      if (!next) return true;
      state = next;
    }
  }
  return false;
}

/** The state after a step of some thread that can move; undefined when none can. */
function moved(machine: Machine, state: State, random: () => number): State | undefined {
  const count = machine.threads.length;
  const first = Math.floor(random() * count);
  for (let i = 0; i < count; i++) {
    const states = machine
      .successors(state, (first + i) % count)
      .flatMap((r) => (r.kind === 'moved' ? [r.state] : []));
    const taken = states[Math.floor(random() * states.length)];
    if (taken) return taken;
  }
  return undefined;
}
