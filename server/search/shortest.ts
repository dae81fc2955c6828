/**
 * For searches that cannot look for all findings at once: those without a cover, and those of programs
 * with invariants. They reach every finding, deadlocks and failed final checks in the fewest steps; what
 * fails within a run may come later than it could, behind steps that it does not need. Here each such
 * finding is searched for again, below the length that is known, with closed sets around the threads
 * that may still show it (closed-sets.ts says why those keep its shortest length).
 */
import type { Automaton } from '../machine/automaton.js';
import type { ModelMachine } from '../machine/index.js';
import type { Cover } from './cover.js';
import { violationKey } from './keys.js';
import { TableSearch } from './table-search.js';
import type { Found, Question } from './table-search.js';
import type { Budget, ExploreOptions } from './types.js';

export interface Shortened {
  readonly witnesses: readonly Found[];
  readonly states: number;
  readonly transitions: number;
  /** Every witness is a shortest one. */
  readonly exact: boolean;
}

/** Whether a reduced search may have found it later than possible. */
export function canBeShorter({ seen, schedule }: Found): boolean {
  return seen !== 'end' && schedule.length > 1;
}

/** Situations from which some step ends in the violation, by thread. */
function reaching(cover: Cover, id: string): readonly Uint8Array[] {
  return cover.leaves.map((mine) => {
    const may = new Uint8Array(mine.length);
    for (let grew = true; grew;) {
      grew = false;
      for (let local = mine.length - 1; local >= 0; local--) {
        if (may[local] === 1) continue;
        const shows = mine[local]?.some((leaf) =>
          leaf.outcomes.some((o) =>
            o.violation ? violationKey(o.violation).id === id : may[o.local] === 1,
          ),
        );
        if (!shows) continue;
        may[local] = 1;
        grew = true;
      }
    }
    return may;
  });
}

/** What invariants run may fail as well, in a function that threads share with them. */
function questionOf(
  machine: ModelMachine,
  cover: Cover | undefined,
  { key, schedule }: Found,
): Question {
  const steps = cover ? reaching(cover, key.id) : [];
  return {
    id: key.id,
    below: schedule.length,
    mayShow: (sets, thread, local) =>
      steps[thread]?.[local] !== 0 || (machine.hasInvariants && sets.mayWatch(thread, local)),
  };
}

/** The same findings, each in the fewest steps as far as the budget goes. Throws NotLocal. */
export function shorten(
  machine: ModelMachine,
  automaton: Automaton,
  cover: Cover | undefined,
  found: readonly Found[],
  budget: Budget,
  loop?: ExploreOptions['loop'],
): Shortened {
  let [states, transitions, exact] = [0, 0, true];
  const witnesses = found.map((w): Found => {
    if (!canBeShorter(w)) return w;
    const question = questionOf(machine, cover, w);
    const search = new TableSearch(machine, automaton, {
      reduce: cover !== undefined,
      cover,
      question,
      loop,
    });
    if (search.run(budget) !== 'done') exact = false;
    states += search.states;
    transitions += search.transitions;
    return search.witnesses.find((s) => s.key.id === w.key.id) ?? w;
  });
  return { witnesses, states, transitions, exact };
}
