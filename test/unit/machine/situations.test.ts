/** Situations of a thread that share a hash stay apart. */
import { describe, expect, it } from 'vitest';
import { Automaton, situationHash } from '../../../server/machine/automaton.js';
import type { ModelMachine } from '../../../server/machine/index.js';
import { make } from './support.js';

/** Two ways to go on; the second one's locals are 7 and `y`, the first one's 1 and 2. */
function machineWith(y: number): ModelMachine {
  return make(`
int out;
__thread("t") void t(void)
{
	int which = __choose(2);
	int a = which ? 7 : 1;
	int b = which ? ${y < 0 ? `(${y})` : y} : 2;
	out = 0;
	out = a;
	out = b;
}
`).machine;
}

/** The thread's own cells after each way. */
function situations(machine: ModelMachine): readonly Int32Array[] {
  const base = machine.memory.threadBase(0);
  return machine.successors(machine.initial, 0).flatMap((r) => {
    if (r.kind !== 'moved') return [];
    return [r.state.slice(base, base + machine.usedStack(r.state, 0))];
  });
}

function hash(cells: Int32Array = new Int32Array(0)): number {
  return situationHash(cells, 0, cells.length);
}

/** Hash of the cells before `end`, as that of all of them begins. */
function begun(cells: Int32Array | undefined, end: number): number {
  let h = cells?.length ?? 0;
  for (let i = 0; i < end; i++) {
    h = Math.imul(h ^ (cells?.[i] ?? 0), 0x9e3779b1);
    h ^= h >>> 15;
  }
  return h;
}

describe('situations of a thread', () => {
  it('are told apart by their cells, not by their hash', () => {
    const [first, second] = situations(machineWith(3));
    const b = first?.lastIndexOf(2) ?? -1;
    const y = begun(first, b) ^ 2 ^ begun(second, b);
    const machine = machineWith(y);
    const [one, other] = situations(machine);
    expect(one).not.toEqual(other);
    expect(hash(one)).toBe(hash(other));

    const { outcomes } = new Automaton(machine).learn(0, 0, () => 0);
    expect(new Set(outcomes.map((o) => o.local)).size).toBe(2);
  });
});
