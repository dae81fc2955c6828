/** A shortest witness for every finding key, over all schedules; a search that was stopped can go on. */
import { Automaton, NotLocal } from '../machine/automaton.js';
import type { ModelMachine } from '../machine/index.js';
import { MOST_THREADS } from './control.js';
import { countsOf } from './counts.js';
import { Cover, Followed } from './cover.js';
import { InterpretedSearch } from './interpreted.js';
import { violationKey } from './keys.js';
import { reorder } from './reorder.js';
import { scout } from './scout.js';
import { canBeShorter, shorten } from './shortest.js';
import { TableSearch } from './table-search.js';
import type { End } from './table-search.js';
import type { Budget, ExploreOptions, SearchResult } from './types.js';

/** Stored states from which on a cover is worth its time: at least these, and so many for each leaf. */
const COVER_AT = 400;
const STATES_A_LEAF = 50;
/**
 * Leaves that a cover may have: at least these, and so many for each state that was stored, so that one
 * that comes to nothing has cost less than the search before it.
 */
const MOST_LEAVES = 3_000;
const LEAVES_A_STATE = 0.25;
/** Steps of random runs that meet values before the first cover. */
const SCOUTED = 6_000;
/** Values of a count that are followed before they are met. */
const MOST_COUNTED = 16;
/** States in which a first finding is looked for without reduction. */
const MOST_FIRST = 60_000;
/** Covers that are tried before a search goes without. */
const MOST_COVERS = 12;

/** How many leaves the cover may have that a search with so many states asks for. */
export function mostLeaves(states: number): number {
  return Math.max(MOST_LEAVES, LEAVES_A_STATE * states);
}

/** Runs until everything within reach was seen or the budget ends. Never throws on the program. */
export function explore(
  machine: ModelMachine,
  budget: Budget,
  options: ExploreOptions = {},
): SearchResult {
  return new Exploration(machine, options).run(budget);
}

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

/** Searches tables, makes a cover when it pays, and starts again when the cover was too small. */
class Tables implements Engine {
  readonly #machine: ModelMachine;
  readonly #automaton: Automaton;
  readonly #reduce: boolean;
  readonly #loop: ExploreOptions['loop'];
  #coverAt: number;
  /** The caller says when; else it depends on the leaves, which a cover multiplies. */
  readonly #isAdaptive: boolean;
  #covers = 0;
  /** Leaves before the first cover: those that covers add say nothing about what is met. */
  #met = 0;
  #cover: Cover | undefined;
  #followed: Followed | undefined;
  #search: TableSearch;

  /** Throws NotLocal, now or in `run`. */
  constructor(machine: ModelMachine, options: ExploreOptions) {
    this.#machine = machine;
    this.#automaton = new Automaton(machine);
    this.#reduce = options.reduce !== false;
    this.#coverAt = this.#reduce ? (options.coverAt ?? COVER_AT) : Infinity;
    this.#isAdaptive = options.coverAt === undefined;
    this.#loop = options.loop;
    this.#search = new TableSearch(machine, this.#automaton, {
      reduce: this.#reduce,
      loop: this.#loop,
    });
  }

  run(budget: Budget): SearchResult {
    const first = budget.first === true ? this.#first(budget) : undefined;
    if (first) return first;
    let end = this.#search.run(budget, this.#coverAt);
    while (this.#prepare(end, budget)) end = this.#search.run(budget, this.#coverAt);
    const { states, transitions, witnesses } = this.#search;
    const stopped = end === 'states' || end === 'time' || end === 'memory' ? { stopped: end } : {};
    const cut = budget.first === true && witnesses.length > 0;
    const complete = end === 'done' && !cut;
    const result = { states, transitions, witnesses, complete, covered: complete, ...stopped };
    if (this.#search.isExact || !witnesses.some(canBeShorter)) return result;
    const [machine, automaton] = [this.#machine, this.#automaton];
    const short = shorten(machine, automaton, this.#cover, witnesses, budget, this.#loop);
    return {
      ...result,
      witnesses: short.witnesses,
      states: states + short.states,
      transitions: transitions + short.transitions,
    };
  }

  /** All schedules in order of their length, where few states lead to a finding or to the end of all. */
  #first(budget: Budget): SearchResult | undefined {
    const plain = new TableSearch(this.#machine, this.#automaton, {
      reduce: false,
      loop: this.#loop,
    });
    const most = Math.min(budget.states, MOST_FIRST);
    const complete = plain.run({ ...budget, states: most }) === 'done';
    const { states, transitions, witnesses } = plain;
    if (!complete && witnesses.length === 0) return undefined;
    const shortest = [...witnesses].sort((a, b) => a.schedule.length - b.schedule.length);
    const none = witnesses.length === 0;
    return { witnesses: shortest.slice(0, 1), states, transitions, complete: none };
  }

  /** Gets ready to go on after an end; false when there is nothing to go on with. */
  #prepare(end: End, budget: Budget): boolean {
    const asked = end === 'cover' || end === 'surprise';
    const late = end === 'done' && !this.#cover && this.#search.witnesses.some(canBeShorter);
    if (!this.#reduce || (!asked && !late)) return false;
    if (end === 'cover' && this.#isAdaptive && this.#search.states < this.#worthwhile) {
      this.#coverAt = this.#worthwhile;
      return true;
    }
    this.#cover = this.#nextCover(budget);
    if (end === 'cover' && !this.#cover)
      [this.#coverAt, this.#followed] = [Math.max(COVER_AT, this.#coverAt * 2), undefined];
    else if (!this.#cover && late) return false;
    else
      this.#search = new TableSearch(this.#machine, this.#automaton, {
        reduce: true,
        cover: this.#cover,
        loop: this.#loop,
      });
    return true;
  }

  get #worthwhile(): number {
    return STATES_A_LEAF * (this.#covers === 0 ? this.#automaton.leafCount : this.#met);
  }

  #nextCover({ expired }: Budget): Cover | undefined {
    if (this.#covers === 0) this.#met = this.#automaton.leafCount;
    if (this.#covers++ >= MOST_COVERS) return undefined;
    const most = mostLeaves(this.#search.states);
    if (!this.#followed) {
      scout(this.#automaton, SCOUTED, expired);
      this.#followed = new Followed(this.#automaton);
    }
    const cover = Cover.build(this.#automaton, this.#followed, most, expired);
    if (!cover || !followCounts(cover)) return cover;
    return Cover.build(this.#automaton, this.#followed, most, expired);
  }
}

/** Follows all values that counts may take, which saves surprises; whether there were further ones. */
function followCounts(cover: Cover): boolean {
  const { automaton, followed } = cover;
  const { vars, tops } = countsOf(cover);
  let added = false;
  vars.forEach((v, n) => {
    const top = tops[n] ?? 0;
    if (top > MOST_COUNTED) return;
    for (let value = automaton.values[v]?.[0] ?? 0; value <= top; value++) {
      const code = automaton.code(v, value);
      if (followed.has(v, code)) continue;
      followed.add(v, code);
      added = true;
    }
  });
  return added;
}
