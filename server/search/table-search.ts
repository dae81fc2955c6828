/** Breadth-first search over rows and tables. */
import type { FindingKey } from '../../shared/trace.js';
import type { Leaf, Outcome } from '../machine/automaton.js';
import type { ModelMachine } from '../machine/index.js';
import { deadlockKey, finalKey, invariantKey, violationKey } from './keys.js';
import { Choice } from './choice.js';
import { StateSpace } from './state-space.js';
import type { Budget, Decision, ExploreOptions, SearchResult, Witness } from './types.js';

/** How many states are expanded between two questions to the budget. */
const SLICE = 64;

export class TableSearch {
  readonly #machine: ModelMachine;
  readonly #budget: Budget;
  readonly #space: StateSpace;
  readonly #choice: Choice | undefined;
  readonly #found = new Map<string, Witness>();
  /** Deadlocks whose key is known, by the situations of the threads. */
  readonly #seen = new Set<string>();
  readonly #all: number;
  #next = 0;
  #transitions = 0;
  /** Outcomes of the open row that broke an invariant. */
  readonly #broken = new Set<Outcome>();

  /** Throws NotLocal, now or in `run`. */
  constructor(machine: ModelMachine, budget: Budget, options: ExploreOptions) {
    this.#machine = machine;
    this.#budget = budget;
    this.#space = new StateSpace(machine);
    this.#all = 2 ** this.#space.threads - 1;
    this.#choice =
      options.reduce === false || this.#space.threads > 30 ? undefined : new Choice(this.#space);
  }

  run(): SearchResult {
    const { rows } = this.#space;
    let complete = true;
    for (; this.#next < rows.count; this.#next++) {
      const late = this.#next % SLICE === 0 && this.#budget.expired();
      if (late || rows.count >= this.#budget.states) {
        complete = false;
        break;
      }
      this.#expand(this.#next);
    }
    return {
      witnesses: [...this.#found.values()],
      states: rows.count,
      transitions: this.#transitions,
      complete,
    };
  }

  #expand(n: number): void {
    const space = this.#space;
    space.open(n);
    if (n === 0)
      for (const v of space.brokenHere()) this.#find(invariantKey(this.#machine, v, []), []);
    let enabled = false;
    let failing = 0;
    for (let t = 0; t < space.threads; t++) {
      const leaf = space.leaves[t];
      if (!leaf) continue;
      if (leaf.outcomes.length > 0) enabled = true;
      if (this.#judge(n, t, leaf)) failing |= 1 << t;
    }
    if (!enabled) return this.#quiescent(n);
    const chosen = this.#choice?.threads(failing) ?? this.#all;
    const open = this.#take(n, chosen);
    if (!open && chosen !== this.#all) this.#take(n, this.#all & ~chosen);
    this.#broken.clear();
  }

  /** Notes what a step violates, by whichever way it would be taken; whether it does. */
  #judge(n: number, thread: number, leaf: Leaf): boolean {
    const space = this.#space;
    let fails = false;
    for (const outcome of leaf.outcomes) {
      if (outcome.violation) {
        fails = true;
        const key = violationKey(outcome.violation);
        if (!this.#found.has(key.id)) this.#find(key, this.#pathAnd(n, thread, outcome));
      } else if (space.watches(leaf)) {
        space.make(thread, outcome);
        const broken = space.broken();
        if (broken.length === 0) continue;
        fails = true;
        this.#broken.add(outcome);
        const path = this.#pathAnd(n, thread, outcome);
        for (const v of broken) this.#find(invariantKey(this.#machine, v, path), path);
      }
    }
    return fails;
  }

  #pathAnd(n: number, thread: number, { choices }: Outcome): readonly Decision[] {
    return [...this.#path(n), { thread, choices }];
  }

  #path(n: number): readonly Decision[] {
    const path = this.#space.path(n);
    this.#space.open(n);
    return path;
  }

  /** Stores the successors of some threads; whether one of them still waits to be expanded. */
  #take(n: number, threads: number): boolean {
    const space = this.#space;
    let open = false;
    for (let t = 0; t < space.threads; t++) {
      if (((threads >> t) & 1) === 0) continue;
      for (const outcome of space.leaves[t]?.outcomes ?? []) {
        this.#transitions++;
        if (outcome.violation || this.#broken.has(outcome)) continue;
        space.make(t, outcome);
        if (space.store() > n) open = true;
      }
    }
    return open;
  }

  #find(key: FindingKey, schedule: readonly Decision[]): void {
    if (!this.#found.has(key.id)) this.#found.set(key.id, { key, schedule });
  }

  #quiescent(n: number): void {
    const space = this.#space;
    const roles = this.#machine.threads;
    const stuck = space.leaves.some(
      ({ blocked }, t) => blocked && !(blocked.wait?.idle && roles[t]?.role !== 'thread'),
    );
    if (!stuck) {
      for (const v of space.failedFinals()) {
        const key = finalKey(v);
        if (!this.#found.has(key.id)) this.#find(key, this.#path(n));
      }
      return;
    }
    const place = space.locals.join(' ');
    if (this.#seen.has(place)) return;
    this.#seen.add(place);
    const path = this.#path(n);
    this.#find(deadlockKey(this.#machine, path), path);
  }
}
