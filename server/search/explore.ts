/** A shortest witness for every finding key, over all schedules. */
import { NotLocal } from '../machine/automaton.js';
import type { ModelMachine } from '../machine/index.js';
import { exploreInterpreted } from './interpreted.js';
import { violationKey } from './keys.js';
import { reorder } from './reorder.js';
import { TableSearch } from './table-search.js';
import type { Budget, ExploreOptions, SearchResult } from './types.js';

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
  if (options.interpret) return exploreInterpreted(machine, budget, options);
  try {
    return new TableSearch(machine, budget, options).run();
  } catch (e) {
    if (!(e instanceof NotLocal)) throw e;
    return exploreInterpreted(machine, budget, options);
  }
}
