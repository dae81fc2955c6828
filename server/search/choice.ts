/** Which threads are tried in the open row of a state space: stubborn sets on what its tables say. */
import type { Access } from '../machine/access.js';
import type { Leaf } from '../machine/automaton.js';
import type { StateSpace } from './state-space.js';
import { stubbornSet } from './stubborn.js';
import type { NextStep } from './stubborn.js';

export class Choice {
  readonly #space: StateSpace;
  readonly #futures: (Access | undefined)[][];
  /** Classes that a leaf reads and writes. */
  readonly #reads: (readonly number[] | undefined)[] = [];
  readonly #writes: (readonly number[] | undefined)[] = [];

  constructor(space: StateSpace) {
    this.#space = space;
    this.#futures = space.leaves.map(() => []);
    for (let t = 0; t < space.threads; t++) this.#futures.push([]);
  }

  /** As a mask; undefined: all. `failing`: threads whose next step may fail. */
  threads(failing: number): number | undefined {
    const space = this.#space;
    const steps: NextStep[] = [];
    space.leaves.forEach((leaf, thread) => {
      if (leaf.finished) return;
      steps.push({
        thread,
        enabled: leaf.outcomes.length > 0,
        watched: ((failing >> thread) & 1) === 1 || space.watches(leaf),
        reads: (this.#reads[leaf.id] ??= this.#classes(leaf.reads)),
        writes: (this.#writes[leaf.id] ??= this.#classes(leaf.writes)),
        future: this.#future(thread),
      });
    });
    const set = stubbornSet(steps);
    return set?.reduce((mask, i) => mask | (1 << (steps[i]?.thread ?? 0)), 0);
  }

  #future(thread: number): Access {
    const local = this.#space.locals[thread] ?? 0;
    const known = this.#futures[thread];
    const access = known?.[local] ?? this.#space.automaton.future(thread, local);
    if (known) known[local] = access;
    return access;
  }

  #classes(vars: Leaf['reads']): readonly number[] {
    const classes = vars.map((v) => this.#space.automaton.classOf(v)).filter((c) => c >= 0);
    return [...new Set(classes)];
  }
}
