/** Which threads are tried in the open row of a state space: stubborn sets on what its tables say. */
import type { Access } from '../machine/access.js';
import type { Leaf } from '../machine/automaton.js';
import type { StateSpace } from './state-space.js';
import { disturbs, smallest } from './stubborn.js';

/** What a leaf reads and writes, as classes. */
interface Touched {
  readonly reads: readonly number[];
  readonly writes: readonly number[];
  /** By number of a future: 1 when a thread with it disturbs the step, 2 when not. */
  readonly disturbed: number[];
}

export class Choice {
  readonly #space: StateSpace;
  /** What threads may still do, each kept once; its number by thread and situation, and by content. */
  readonly #futures: Access[] = [];
  readonly #numbers: number[][];
  readonly #byContent = new Map<string, number>();
  readonly #touched: (Touched | undefined)[] = [];
  /** Of the open row, by thread: those that its set needs, the number of its future or -1 when finished. */
  readonly #needs: Int32Array;
  readonly #ahead: Int32Array;
  readonly #need = (thread: number): number => this.#disturbing(thread);

  constructor(space: StateSpace) {
    this.#space = space;
    this.#numbers = Array.from({ length: space.threads }, () => []);
    this.#needs = new Int32Array(space.threads);
    this.#ahead = new Int32Array(space.threads);
  }

  /** As a mask; undefined: all. `failing`: threads whose next step may fail. */
  threads(failing: number): number | undefined {
    const space = this.#space;
    let [enabled, watched] = [0, failing];
    for (let t = 0; t < space.threads; t++) {
      const leaf = space.leaves[t];
      const ended = !leaf || leaf.finished;
      this.#ahead[t] = ended ? -1 : this.#future(t);
      if (ended) continue;
      if (leaf.outcomes.length > 0) enabled |= 1 << t;
      if (space.watches(leaf)) watched |= 1 << t;
    }
    const set = smallest(enabled, watched, this.#needs.fill(-1), this.#need);
    return set === enabled ? undefined : set;
  }

  #disturbing(thread: number): number {
    const leaf = this.#space.leaves[thread];
    if (!leaf) return 0;
    const touched = (this.#touched[leaf.id] ??= this.#touchedBy(leaf));
    let by = 0;
    for (let q = 0; q < this.#ahead.length; q++) {
      const ahead = this.#ahead[q] ?? -1;
      if (q === thread || ahead < 0) continue;
      const known = touched.disturbed[ahead] ?? this.#compare(ahead, touched);
      if (known === 1) by |= 1 << q;
    }
    return by;
  }

  /** The same for all futures that are known, in their order. */
  #compare(ahead: number, touched: Touched): number {
    while (touched.disturbed.length <= ahead) {
      const next = this.#futures[touched.disturbed.length];
      touched.disturbed.push(next && disturbs(next, touched) ? 1 : 2);
    }
    return touched.disturbed[ahead] ?? 1;
  }

  #future(thread: number): number {
    const local = this.#space.locals[thread] ?? 0;
    const known = this.#numbers[thread];
    const number = known?.[local];
    if (number !== undefined) return number;
    const access = this.#space.automaton.future(thread, local);
    const content = `${access.reads.join()} ${access.writes.join()}`;
    const made = this.#byContent.get(content) ?? this.#futures.push(access) - 1;
    this.#byContent.set(content, made);
    if (known) known[local] = made;
    return made;
  }

  #touchedBy(leaf: Leaf): Touched {
    return { reads: this.#classes(leaf.reads), writes: this.#classes(leaf.writes), disturbed: [] };
  }

  #classes(vars: Leaf['reads']): readonly number[] {
    const classes = vars.map((v) => this.#space.automaton.classOf(v)).filter((c) => c >= 0);
    return [...new Set(classes)];
  }
}
