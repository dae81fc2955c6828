/** What the choice of threads asks of a leaf, found out when it is first asked. */
import type { Leaf } from '../machine/automaton.js';
import type { ThreadLiterals } from './literals.js';
import type { Steps } from './steps.js';
import type { TouchedSets } from './touched.js';

const NOTHING_KNOWN = new Uint8Array(0);

/** What is known of a leaf. */
export interface Facts {
  readonly moves: boolean;
  readonly blocked: boolean;
  readonly touched: number;
  readonly watched: boolean;
  /** By number of a touched set: 1 when a thread that may touch it disturbs the step, 2 when not. */
  disturbed: Uint8Array;
  /** For a blocked one: literals of the thread each of which alone blocks it. */
  readonly keys: number;
  /** For a blocked one: variables of which one must change. */
  readonly needs: Int32Array;
}

export class LeafFacts {
  readonly #possible: readonly (readonly (readonly Leaf[])[])[];
  readonly #literals: readonly ThreadLiterals[];
  readonly #steps: Steps;
  readonly #sets: TouchedSets;
  /** What invariants read. */
  readonly #watched: Int32Array;
  readonly #facts: (Facts | undefined)[] = [];

  constructor(
    possible: readonly (readonly (readonly Leaf[])[])[],
    literals: readonly ThreadLiterals[],
    steps: Steps,
    sets: TouchedSets,
    watched: Int32Array,
  ) {
    this.#possible = possible;
    this.#literals = literals;
    this.#steps = steps;
    this.#sets = sets;
    this.#watched = watched;
  }

  of(leaf: Leaf): Facts {
    return (this.#facts[leaf.id] ??= this.#learn(leaf));
  }

  /** Whether a thread that may touch a set disturbs the step. */
  disturbs(other: number, facts: Facts): boolean {
    const known = facts.disturbed[other] ?? 0;
    return known !== 0 ? known === 1 : this.#compare(other, facts);
  }

  #compare(other: number, facts: Facts): boolean {
    const yes =
      this.#sets.conflict(facts.touched, other) ||
      (facts.watched && this.#sets.changesAny(other, this.#watched));
    if (other >= facts.disturbed.length) {
      const longer = new Uint8Array(Math.max(64, 2 * other));
      longer.set(facts.disturbed);
      facts.disturbed = longer;
    }
    facts.disturbed[other] = yes ? 1 : 2;
    return yes;
  }

  #learn(leaf: Leaf): Facts {
    const touched = this.#steps.touched[leaf.id] ?? -1;
    const moves = leaf.outcomes.length > 0;
    const keys = moves ? 0 : (this.#literals[leaf.thread]?.blocking[leaf.local] ?? 0);
    return {
      moves,
      blocked: !moves && !leaf.finished,
      touched,
      watched: this.#sets.changesAny(touched, this.#watched),
      disturbed: NOTHING_KNOWN,
      keys,
      needs: this.#sets.bits(moves ? [] : this.#necessary(leaf)),
    };
  }

  /** Without a change of one of these the thread stays blocked, whatever the others become. */
  #necessary(leaf: Leaf): readonly number[] {
    const open = (this.#possible[leaf.thread]?.[leaf.local] ?? []).filter(
      (l) => l.outcomes.length > 0,
    );
    const fixed = new Map(leaf.reads.map((v, i) => [v, leaf.codes[i] ?? 0]));
    for (const v of leaf.reads) {
      const code = fixed.get(v) ?? 0;
      fixed.delete(v);
      const frees = open.some((l) =>
        l.reads.every((w, i) => (fixed.get(w) ?? l.codes[i]) === l.codes[i]),
      );
      if (frees) fixed.set(v, code);
    }
    return [...fixed.keys()];
  }
}
