/** What a schedule shows at its end, judged as the search does. */
import type { FindingKey } from '../../shared/trace.js';
import type { Machine } from '../machine/types.js';
import { brokenWitness, deadlockKey, finalKey, invariantKey, violationKey } from './keys.js';
import { finalState, replay } from './replay.js';
import type { Decision } from './types.js';

/** Key of the finding at the end of a schedule; undefined when it shows none. Throws ReplayError. */
export function findingAfter(
  machine: Machine,
  schedule: readonly Decision[],
): FindingKey | undefined {
  if (machine.problem && schedule.length === 0) return violationKey(machine.problem);
  const played = replay(machine, schedule);
  const last = played.at(-1);
  const failed = last?.violation;
  if (last?.thread === machine.threads.length)
    return failed && brokenWitness(machine, failed, schedule.slice(0, -1)).key;
  if (failed) return violationKey(failed);
  const state = finalState(machine, played);
  // What a crash would do here is shown by schedules that end in one.
  const broken = machine.invariants(state).find((v) => !v.crash);
  if (broken) return invariantKey(machine, broken, schedule);
  const standing = machine.threads.map((t) => machine.standing(state, t.id));
  if (standing.includes('moves')) return undefined;
  if (standing.some((s) => typeof s === 'object' && !s.idle)) return deadlockKey(machine, schedule);
  const [final] = machine.finals(state);
  return final ? finalKey(final) : undefined;
}
