/**
 * All that the threads could do, thread by thread: the automata completed over every value that any
 * thread may write to what it reads. More than what can happen together, never less:
 *
 * Soundness. Claim: until a surprise, every step of every reachable state follows a branch of the
 * completed tables. The first state is covered. A covered thread reads values that are initial or were
 * written by a covered step, and those are followed, so the branch exists. A step that writes a value
 * that is not followed is a surprise. Such a step is itself in the tables, with all that it reads and
 * writes. A search looks at every step of the rows that it expands and, as long as there are such
 * steps, puts no thread off for ever (`free` in closed-sets.ts, whose argument is about any step): a
 * reduced search meets a surprise if any search does, and then starts again with that value followed.
 * A search that ends without one is covered.
 *
 * Followed are the values that a search has met. All values that could be written would be sound too,
 * but a counter has no end when one thread is looked at alone.
 */
import type { Automaton, Leaf, Node } from '../machine/automaton.js';

/** Codes of each variable that count as possible. */
export class Followed {
  readonly #codes: boolean[][];

  /** All codes that the automaton has now, or those of them below `most`, on top of what is followed. */
  constructor(automaton: Automaton, on?: Followed, most = Infinity) {
    this.#codes = automaton.values.map((values, v) =>
      values.map((_, code) => code < most || on?.has(v, code) === true),
    );
  }

  has(v: number, code: number): boolean {
    return code === 0 || this.#codes[v]?.[code] === true;
  }

  add(v: number, code: number): void {
    (this.#codes[v] ??= [])[code] = true;
  }

  /** Whether the steps of a leaf write a value that is not followed. */
  misses({ outcomes }: Leaf): boolean {
    return outcomes.some(({ writes }) =>
      writes.some((v, i) => i % 2 === 0 && !this.has(v, writes[i + 1] ?? 0)),
    );
  }

  /** Adds what the steps of a leaf write; whether something was new. */
  take({ outcomes }: Leaf): boolean {
    let added = false;
    for (const { writes } of outcomes) {
      for (let i = 0; i < writes.length; i += 2) {
        const v = writes[i] ?? 0;
        const code = writes[i + 1] ?? 0;
        if (this.has(v, code)) continue;
        this.add(v, code);
        added = true;
      }
    }
    return added;
  }
}

export class Cover {
  readonly automaton: Automaton;
  readonly followed: Followed;
  /** Leaves of each thread's situations. */
  readonly leaves: (readonly Leaf[])[][] = [];
  readonly #threads: number;
  readonly #codes: (readonly number[] | undefined)[] = [];
  #size = 0;

  /** Undefined when that has more than `most` leaves, or when `expired`. Throws NotLocal. */
  static build(
    automaton: Automaton,
    followed: Followed,
    most: number,
    expired: () => boolean,
  ): Cover | undefined {
    const cover = new Cover(automaton, followed);
    return cover.#complete(most, expired) ? cover : undefined;
  }

  private constructor(automaton: Automaton, followed: Followed) {
    this.automaton = automaton;
    this.followed = followed;
    this.#threads = automaton.machine.threads.length;
  }

  /** Followed codes of a variable. */
  codes(v: number): readonly number[] {
    let codes = this.#codes[v];
    if (!codes) {
      const all = this.automaton.values[v]?.map((_, code) => code) ?? [0];
      codes = all.filter((code) => this.followed.has(v, code));
      this.#codes[v] = codes;
    }
    return codes;
  }

  /** Each situation once: what is followed does not change meanwhile, and new ones come up behind. */
  #complete(most: number, expired: () => boolean): boolean {
    const { automaton } = this;
    for (let t = 0; t < this.#threads; t++) {
      const mine: (readonly Leaf[])[] = [];
      this.leaves.push(mine);
      for (let local = 0; local < automaton.localCount(t); local++) {
        const found: Leaf[] = [];
        if (!this.#visit(t, local, automaton.root(t, local), new Map(), found, most)) return false;
        mine.push(found);
        if (expired()) return false;
      }
    }
    return true;
  }

  /** Adds what is missing below a node that is reached by the given codes; false when it is too much. */
  #visit(
    thread: number,
    local: number,
    node: Node | undefined,
    codes: Map<number, number>,
    found: Leaf[],
    most: number,
  ): boolean {
    let at = node;
    if (!at || (at.v < 0 && !at.leaf)) {
      this.automaton.learn(thread, local, (v) => codes.get(v) ?? 0);
      at = this.automaton.root(thread, local);
      while (at && at.v >= 0 && codes.has(at.v)) at = at.kids[codes.get(at.v) ?? 0];
      if (!at) return true;
    }
    if (at.leaf) {
      found.push(at.leaf);
      return ++this.#size <= most;
    }
    const { v } = at;
    for (const code of this.codes(v)) {
      codes.set(v, code);
      if (!this.#visit(thread, local, at.kids[code], codes, found, most)) return false;
    }
    codes.delete(v);
    return true;
  }
}
