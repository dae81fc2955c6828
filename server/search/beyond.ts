/**
 * Beyond the budget: when states, memory or its share of the time end the breadth-first search, all schedules with few
 * preemptions are run, then random ones, within a share of the same budget. What they find is
 * replayed and shortened; that they find nothing is told as what it is and never makes a search complete.
 */
import type { ModelMachine } from '../machine/index.js';
import { contextBound } from './context-bound.js';
import { dropSwitches, sizeOf } from './drop-switches.js';
import { explore } from './explore.js';
import { randomWalk } from './random-walk.js';
import { reorder } from './reorder.js';
import { DEFAULT_BYTES } from './types.js';
import type { BeyondKind, Budget, Fallback, SearchResult, Witness } from './types.js';

/** Part of the budget that context bounding gets for its states, and random walks for their steps. */
const SHARE = 1 / 4;
/** At least and at most so many: below it is no use, above it the user waits for little. */
const LEAST = 20_000;
const MOST = 250_000;
const BYTES_SHARE = 1 / 8;

/** Fixed, so that a run can be repeated. */
const SEED = 1;

/** `explore`, and what `Fallback` says when its states, memory or share of the time end before all was seen. */
export function exploreFurther(machine: ModelMachine, budget: Budget, seed = SEED): SearchResult {
  const { early, ...rest } = budget;
  const result = explore(machine, early ? { ...rest, expired: early } : budget);
  if (result.stopped === undefined || budget.expired()) return result;
  const most = Math.min(MOST, Math.max(LEAST, Math.floor(budget.states * SHARE)));
  const bytes = (budget.bytes ?? DEFAULT_BYTES) * BYTES_SHARE;
  const { expired } = budget;
  const known = new Set(result.witnesses.map((w) => w.key.id));

  const bounded = contextBound(machine, { states: most, bytes, expired }, known);
  const { bound, complete, states } = bounded;
  const few: Fallback = {
    kind: 'context bound',
    bound,
    complete,
    states,
    found: bounded.witnesses.length,
  };
  const first = bounded.witnesses.map((w) => shortened(machine, w, 'context bound', expired));
  const all = { ...result, witnesses: [...result.witnesses, ...first], fallbacks: [few] };
  if (bounded.witnesses.length > 0 || expired()) return all;

  const { walks, steps, witnesses } = randomWalk(machine, seed, most, budget, known);
  const random: Fallback = {
    kind: 'random walk',
    seed,
    walks,
    steps,
    found: witnesses.length,
  };
  const more = witnesses.map((w) => shortened(machine, w, 'random walk', expired));
  return { ...all, witnesses: [...all.witnesses, ...more], fallbacks: [few, random] };
}

/** Fewer switches by leaving steps out, then by another order; both are run before they are believed. */
function shortened(
  machine: ModelMachine,
  witness: Witness,
  by: BeyondKind,
  expired: () => boolean,
): Witness {
  const { key } = witness;
  const dropped = dropSwitches(machine, witness, expired);
  const { schedule } = reorder(machine, dropped);
  const better = sizeOf(schedule).switches <= sizeOf(dropped.schedule).switches;
  return { key, schedule: better ? schedule : dropped.schedule, by };
}
