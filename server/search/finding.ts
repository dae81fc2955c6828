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
  const results = machine.threads.map((t) => machine.successors(state, t.id)[0]);
  if (results.some((r) => r?.kind === 'moved')) return undefined;
  if (results.some((r) => r?.kind === 'blocked' && !r.wait.idle))
    return deadlockKey(machine, schedule);
  const [final] = machine.finals(state);
  return final ? finalKey(final) : undefined;
}
