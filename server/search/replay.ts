/** Runs a schedule again, step by step, with events. */
import type { Machine, State, StepEvent, Violation } from '../machine/types.js';
import type { Decision } from './types.js';

/** A schedule that the machine does not follow: an error of ours, or of a token from another model. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
  /** 1-based number of the decision that could not be taken. */
  readonly at: number;

  constructor(at: number, what: string) {
    super(`step ${at} of the schedule cannot be replayed: ${what}`);
    this.at = at;
  }
}

export interface Played {
  readonly before: State;
  readonly after: State;
  readonly thread: number;
  readonly choices: readonly number[];
  readonly events: readonly StepEvent[];
  readonly violation: Violation | undefined;
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((v, i) => v === b[i]);
}

/** All steps of a schedule from the initial state. Throws ReplayError at the first that does not move as told. */
export function replay(machine: Machine, schedule: readonly Decision[]): readonly Played[] {
  let state = machine.initial;
  return schedule.map(({ thread, choices }, i) => {
    const name = nameOf(machine, thread);
    if (name === undefined) throw new ReplayError(i + 1, `there is no thread ${thread}`);
    if (thread === machine.threads.length && i < schedule.length - 1)
      throw new ReplayError(i + 2, 'nothing runs after a crash');
    const { result, events } = machine.replay(state, thread, choices);
    if (result.kind !== 'moved') throw new ReplayError(i + 1, `${name} is ${result.kind}`);
    if (!sameNumbers(result.choices, choices))
      throw new ReplayError(i + 1, `${name} has other choices`);
    const played = {
      before: state,
      after: result.state,
      thread,
      choices,
      events,
      violation: result.violation,
    };
    ({ state } = result);
    return played;
  });
}

function nameOf(machine: Machine, thread: number): string | undefined {
  const crash = machine.canCrash && thread === machine.threads.length;
  return crash ? 'the crash' : machine.threads[thread]?.name;
}

/** State after a schedule. */
export function finalState(machine: Machine, played: readonly Played[]): State {
  return played.at(-1)?.after ?? machine.initial;
}
