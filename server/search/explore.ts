/** A shortest witness for every finding key, over all schedules. */
import { Automaton, NotLocal } from '../machine/automaton.js';
import type { ModelMachine } from '../machine/index.js';
import { Cover, Followed } from './cover.js';
import { exploreInterpreted } from './interpreted.js';
import { violationKey } from './keys.js';
import { reorder } from './reorder.js';
import { canBeShorter, shorten } from './shortest.js';
import { TableSearch } from './table-search.js';
import type { Budget, ExploreOptions, SearchResult } from './types.js';

/** Stored states from which on a cover is worth its time. */
const COVER_AT = 10_000;
/** Steps that may be interpreted for a cover: at least these, and so many for each stored state. */
const MOST_STEPS = 6_000;
const STEPS_A_STATE = 3;
/** Covers that are tried before a search goes without. */
const MOST_COVERS = 12;
/** Masks of threads have 30 bits. */
const MOST_THREADS = 30;

/** Runs until everything within reach was seen or the budget ends. Never throws on the program. */
export function explore(
  machine: ModelMachine,
  budget: Budget,
  options: ExploreOptions = {},
): SearchResult {
  if (machine.problem) {
    return {
      witnesses: [{ key: violationKey(machine.problem), schedule: [] }],
      states: 1,
      transitions: 0,
      complete: true,
    };
  }
  const found = search(machine, budget, options);
  return options.raw
    ? found
    : { ...found, witnesses: found.witnesses.map((w) => reorder(machine, w)) };
}

/** Threads that share their stacks have no situations of their own: those are interpreted. */
function search(machine: ModelMachine, budget: Budget, options: ExploreOptions): SearchResult {
  const interpret = options.interpret === true || machine.threads.length > MOST_THREADS;
  if (interpret) return exploreInterpreted(machine, budget, options);
  try {
    return searchTables(machine, budget, options);
  } catch (e) {
    if (!(e instanceof NotLocal)) throw e;
    return exploreInterpreted(machine, budget, options);
  }
}

/** Searches, makes a cover when it pays, and starts again when the cover was too small. */
function searchTables(
  machine: ModelMachine,
  budget: Budget,
  options: ExploreOptions,
): SearchResult {
  const automaton = new Automaton(machine);
  const reduce = options.reduce !== false;
  let coverAt = reduce ? (options.coverAt ?? COVER_AT) : Infinity;
  let cover: Cover | undefined;
  let followed: Followed | undefined;
  let first = new TableSearch(machine, automaton, { reduce });
  let end = first.run(budget, coverAt);
  for (
    let tries = 0;
    end === 'cover' ||
    end === 'surprise' ||
    (end === 'done' && !cover && reduce && first.witnesses.some(canBeShorter));
    tries++
  ) {
    followed ??= new Followed(automaton);
    const most = Math.max(MOST_STEPS, STEPS_A_STATE * first.states);
    cover =
      tries < MOST_COVERS ? Cover.build(automaton, followed, most, budget.expired) : undefined;
    if (end === 'cover') {
      if (cover) first.use(cover);
      else [coverAt, followed] = [coverAt * 8, undefined];
    } else if (cover ?? end === 'surprise')
      first = new TableSearch(machine, automaton, { reduce, cover });
    else break;
    end = first.run(budget, coverAt);
  }
  const complete = end === 'done';
  let { states, transitions } = first;
  let { witnesses } = first;
  if (reduce && witnesses.some(canBeShorter)) {
    const short = shorten(machine, automaton, cover, witnesses, budget);
    ({ witnesses } = short);
    states += short.states;
    transitions += short.transitions;
  }
  const plain = witnesses.map(({ key, schedule }) => ({ key, schedule }));
  return { witnesses: plain, states, transitions, complete };
}
