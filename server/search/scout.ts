/**
 * Runs of a program at random, to meet the values that its variables take: what a cover follows from
 * the start need not surprise a search later. The numbers are pseudo-random and always the same, so a
 * search of the same program makes the same answer twice. A run says nothing about findings.
 */
import type { Automaton, Leaf } from '../machine/automaton.js';

/** Steps of one run at most. */
const LONGEST = 400;
/** Runs switch threads after every step, after two on average, and so on up to so many. */
const MOST_PATIENT = 16;

class Run {
  readonly #automaton: Automaton;
  readonly #codes: number[] = [];
  readonly #locals: number[];
  readonly #codeOf = (v: number): number => this.#codes[v] ?? 0;
  #random: number;
  /** A switch to another thread comes after so many steps on average: races need one that stands still for long. */
  readonly #patience: number;
  #last = 0;

  constructor(automaton: Automaton, threads: number, seed: number) {
    this.#automaton = automaton;
    this.#patience = 1 + (seed % MOST_PATIENT);
    this.#locals = Array.from({ length: threads }, () => 0);
    this.#random = Math.imul(seed + 1, 0x9e3779b1);
  }

  /** Below `n`. */
  #pick(n: number): number {
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) | 0;
    return ((this.#random >>> 8) * n) >>> 24;
  }

  #leaf(thread: number): Leaf {
    const local = this.#locals[thread] ?? 0;
    let node = this.#automaton.root(thread, local);
    while (node && node.v >= 0) node = node.kids[this.#codeOf(node.v)];
    return node?.leaf ?? this.#automaton.learn(thread, local, this.#codeOf);
  }

  /** One step of some thread that can move; false when none can, or the step fails. */
  step(): boolean {
    const threads = this.#locals.length;
    const first = this.#pick(this.#patience) === 0 ? this.#pick(threads) : this.#last;
    for (let i = 0; i < threads; i++) {
      const t = (first + i) % threads;
      const { outcomes } = this.#leaf(t);
      const outcome = outcomes[this.#pick(outcomes.length)];
      if (!outcome) continue;
      if (outcome.violation) return false;
      this.#last = t;
      this.#locals[t] = outcome.local;
      for (let w = 0; w < outcome.writes.length; w += 2)
        this.#codes[outcome.writes[w] ?? 0] = outcome.writes[w + 1] ?? 0;
      return true;
    }
    return false;
  }
}

/** Takes about so many steps in all, from the start again and again. Throws NotLocal. */
export function scout(automaton: Automaton, steps: number, expired: () => boolean): void {
  const threads = automaton.machine.threads.length;
  for (let seed = 0, taken = 0; taken < steps && !expired(); seed++) {
    const run = new Run(automaton, threads, seed);
    let n = 1;
    while (n < LONGEST && run.step()) n++;
    taken += n;
  }
}
