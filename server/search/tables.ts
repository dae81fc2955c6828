/**
 * A program's tables, searched in two ways. All schedules first: as long as there are few states, trying
 * every step costs less than finding out which could be left out, and every witness is a shortest one.
 * Meanwhile a cover is asked for whenever there are twice as many states; with one, or with too many
 * states, the search starts again and leaves out what closed sets allow.
 *
 * Soundness: either way alone sees everything. What the first one found has a shortest witness, so the
 * second one need not look for it again (questions.ts).
 */
import { Automaton } from '../machine/automaton.js';
import type { ModelMachine } from '../machine/index.js';
import { countsOf } from './counts.js';
import { Cover, Followed } from './cover.js';
import { scout } from './scout.js';
import { canBeShorter, shorten } from './shortest.js';
import { TableSearch } from './table-search.js';
import type { End, Found } from './table-search.js';
import type { Budget, ExploreOptions, SearchResult } from './types.js';

/** Stored states of the search of all schedules: when a cover is first asked for, and the most. */
const FIRST_COVER = 1 << 14;
const MOST_WHOLE = 1 << 17;
/**
 * Leaves that a cover may have for each state that was stored, so that one that comes to nothing has
 * cost no more than the search before it; a leaf costs as much as so many states in the loop.
 */
const STATES_A_LEAF = 16;
/** The same in a search that chooses threads without a cover, which takes longer for a state. */
const MOST_LEAVES = 3_000;
const LEAVES_A_STATE = 0.25;
/** Steps of random runs that meet values before the first cover. */
const SCOUTED = 6_000;
/** Values of a count that are followed before they are met. */
const MOST_COUNTED = 16;
/** Covers that are tried before a search goes without. */
const MOST_COVERS = 12;

/** How many leaves a cover may have that a search without one asks for after so many states. */
export function mostLeaves(states: number): number {
  return Math.max(MOST_LEAVES, LEAVES_A_STATE * states);
}

export class Tables {
  readonly #machine: ModelMachine;
  readonly #automaton: Automaton;
  readonly #options: ExploreOptions;
  /** The search of all schedules, as long as it is the one that runs. */
  #whole: TableSearch | undefined;
  /** The other one, and the states at which it asks for a cover. */
  #search: TableSearch | undefined;
  #coverAt: number;
  #covers = 0;
  #cover: Cover | undefined;
  #followed: Followed | undefined;
  /** What the first one has found. */
  #known: readonly Found[] = [];

  /** Throws NotLocal, now or in `run`. */
  constructor(machine: ModelMachine, options: ExploreOptions) {
    this.#machine = machine;
    this.#automaton = new Automaton(machine);
    this.#options = options;
    this.#coverAt = options.coverAt ?? FIRST_COVER;
    const isWhole = options.reduce === false || options.coverAt === undefined;
    if (isWhole) this.#whole = this.#table(false);
  }

  #table(reduce: boolean): TableSearch {
    const { loop } = this.#options;
    const more = reduce ? { cover: this.#cover, known: this.#known } : {};
    return new TableSearch(this.#machine, this.#automaton, { reduce, loop, ...more });
  }

  run(budget: Budget): SearchResult {
    const whole = this.#whole && this.#all(this.#whole, budget);
    return whole ?? this.#reduced(budget);
  }

  /** Undefined: threads are to be chosen from now on. */
  #all(search: TableSearch, budget: Budget): SearchResult | undefined {
    if (this.#options.reduce === false) return resultOf(search, search.run(budget), budget);
    for (;;) {
      const end = search.run(budget, this.#coverAt);
      if (end !== 'cover') return resultOf(search, end, budget);
      this.#cover = this.#nextCover(budget, search.states / STATES_A_LEAF);
      this.#coverAt *= 2;
      if (!this.#cover && this.#coverAt <= MOST_WHOLE) continue;
      // A shortest one was asked for, and here it is.
      if (budget.first === true && search.witnesses.length > 0)
        return resultOf(search, end, budget);
      this.#known = search.witnesses;
      this.#whole = undefined;
      return undefined;
    }
  }

  #reduced(budget: Budget): SearchResult {
    let search = (this.#search ??= this.#table(true));
    let end = search.run(budget, this.#coverAt);
    while (this.#prepare(search, end, budget)) {
      search = this.#search;
      end = search.run(budget, this.#coverAt);
    }
    const result = resultOf(search, end, budget);
    const { witnesses } = search;
    if (search.isExact || !this.#isLate(witnesses)) return result;
    const [machine, automaton, cover] = [this.#machine, this.#automaton, this.#cover];
    const late = witnesses.filter((w) => !this.#known.includes(w));
    const short = shorten(machine, automaton, cover, late, budget, this.#options.loop);
    return {
      ...result,
      witnesses: [...this.#known, ...short.witnesses],
      states: result.states + short.states,
      transitions: result.transitions + short.transitions,
    };
  }

  /** Whether some witness may be longer than it could. */
  #isLate(witnesses: readonly Found[]): boolean {
    return witnesses.some((w) => canBeShorter(w) && !this.#known.includes(w));
  }

  /** Gets ready to go on after an end; false when there is nothing to go on with. */
  #prepare(search: TableSearch, end: End, budget: Budget): boolean {
    const asked = end === 'cover' || end === 'surprise';
    const late = end === 'done' && !this.#cover && this.#isLate(search.witnesses);
    if (!asked && !late) return false;
    this.#cover = this.#nextCover(budget, mostLeaves(search.states));
    if (this.#cover || end === 'surprise') this.#search = this.#table(true);
    else if (late) return false;
    else {
      this.#coverAt *= 2;
      this.#followed = undefined;
    }
    return true;
  }

  #nextCover({ expired }: Budget, most: number): Cover | undefined {
    if (this.#covers++ >= MOST_COVERS) return undefined;
    if (!this.#followed) {
      scout(this.#automaton, SCOUTED, expired);
      this.#followed = new Followed(this.#automaton);
    }
    const cover = Cover.build(this.#automaton, this.#followed, most, expired);
    if (!cover || !followCounts(cover)) return cover;
    return Cover.build(this.#automaton, this.#followed, 2 * most, expired);
  }
}

function resultOf(search: TableSearch, end: End, { first }: Budget): SearchResult {
  const { states, transitions, witnesses } = search;
  const isStopped = end === 'states' || end === 'time' || end === 'memory';
  const isCut = first === true && witnesses.length > 0;
  const complete = end === 'done' && !isCut;
  const shown = isCut ? shortest(witnesses) : witnesses;
  const result = { states, transitions, witnesses: shown, complete, covered: complete };
  return isStopped ? { ...result, stopped: end } : result;
}

function shortest(witnesses: readonly Found[]): readonly Found[] {
  const length = ({ schedule }: Found): number => schedule.length;
  return [...witnesses].sort((a, b) => length(a) - length(b)).slice(0, 1);
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
