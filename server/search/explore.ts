/** A shortest witness for every finding key, over all schedules; a search that was stopped can go on. */
import { NotLocal } from '../machine/automaton.js';
import type { ModelMachine } from '../machine/index.js';
import { MOST_THREADS } from './control.js';
import { InterpretedSearch } from './interpreted.js';
import { violationKey } from './keys.js';
import { reorder } from './reorder.js';
import { Tables } from './tables.js';
import type { Budget, ExploreOptions, SearchResult } from './types.js';

/** Runs until everything within reach was seen or the budget ends. Never throws on the program. */
export function explore(
  machine: ModelMachine,
  budget: Budget,
  options: ExploreOptions = {},
): SearchResult {
  return new Exploration(machine, options).run(budget);
}

/** A way to search that goes on where it was stopped. */
interface Engine {
  run(budget: Budget): SearchResult;
}

/** A search that can be run again with a larger budget: it goes on where it was stopped. */
export class Exploration {
  readonly #machine: ModelMachine;
  readonly #options: ExploreOptions;
  #engine: Engine | undefined;

  constructor(machine: ModelMachine, options: ExploreOptions = {}) {
    this.#machine = machine;
    this.#options = options;
  }

  /** Runs until everything within reach was seen or the budget, counted from the start, ends. */
  run(budget: Budget): SearchResult {
    const { problem } = this.#machine;
    if (problem) {
      const witnesses = [{ key: violationKey(problem), schedule: [] }];
      return { witnesses, states: 1, transitions: 0, complete: true };
    }
    const found = this.#run(budget);
    const plain = found.witnesses.map(({ key, schedule }) => ({ key, schedule }));
    const witnesses = this.#options.raw ? plain : plain.map((w) => reorder(this.#machine, w));
    return { ...found, witnesses };
  }

  /** Threads that share their stacks have no situations of their own: those are interpreted. */
  #run(budget: Budget): SearchResult {
    const { interpret } = this.#options;
    try {
      const threads = this.#machine.threads.length;
      // Without a thread there is nothing to make tables of.
      if (interpret !== true && threads > 0 && threads <= MOST_THREADS)
        this.#engine ??= new Tables(this.#machine, this.#options);
      return this.#interpreted(budget);
    } catch (e) {
      if (!(e instanceof NotLocal)) throw e;
      this.#engine = undefined;
      return this.#interpreted(budget);
    }
  }

  #interpreted(budget: Budget): SearchResult {
    this.#engine ??= new Interpreter(this.#machine, this.#options);
    return this.#engine.run(budget);
  }
}

/** The interpreter; what fails within a run is looked for again without reduction (shortest.ts says why). */
class Interpreter implements Engine {
  readonly #machine: ModelMachine;
  readonly #reduce: boolean;
  readonly #search: InterpretedSearch;

  constructor(machine: ModelMachine, options: ExploreOptions) {
    this.#machine = machine;
    this.#reduce = options.reduce !== false;
    this.#search = new InterpretedSearch(machine, options);
  }

  run(budget: Budget): SearchResult {
    const found = this.#search.run(budget);
    const ends = /^(deadlock|final): /;
    const late = found.witnesses.filter((w) => w.schedule.length > 1 && !ends.test(w.key.id));
    if (!this.#reduce || late.length === 0) return found;
    const below = Math.max(...late.map((w) => w.schedule.length));
    const full = new InterpretedSearch(this.#machine, { reduce: false }).run(budget, below);
    const shortest = new Map(full.witnesses.map((w) => [w.key.id, w]));
    const witnesses = found.witnesses.map((w) => {
      const other = shortest.get(w.key.id);
      return other && other.schedule.length < w.schedule.length ? other : w;
    });
    return { ...found, witnesses };
  }
}
