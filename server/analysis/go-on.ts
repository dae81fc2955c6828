/**
 * Going on from the middle of a schedule with another thread: the step that was chosen, then a plain
 * policy to the end, so that one sees what comes of the choice.
 */
import type { Machine, State } from '../machine/types.js';
import type { Decision } from '../search/types.js';

/** Steps after the choice; programs whose loops do not end are cut here. */
const MOST = 2000;

interface Moved {
  readonly decision: Decision;
  readonly state: State;
  readonly violated: boolean;
}

/** One step of a thread with its first choices; undefined when it cannot move. */
function step(machine: Machine, state: State, thread: number): Moved | undefined {
  const [first] = machine.successors(state, thread);
  if (first?.kind !== 'moved') return undefined;
  return {
    decision: { thread, choices: first.choices },
    state: first.state,
    violated: first.violation !== undefined,
  };
}

function stateAfter(machine: Machine, schedule: readonly Decision[]): State | undefined {
  let state = machine.initial;
  for (const { thread, choices } of schedule) {
    if (thread === machine.threads.length) return undefined;
    const { result } = machine.replay(state, thread, choices);
    if (result.kind !== 'moved') return undefined;
    ({ state } = result);
  }
  return state;
}

/** The thread that ran goes on while it can; then the first of the others in their order. */
function nextMove(machine: Machine, state: State, running: number): Moved | undefined {
  const others = machine.threads.map((t) => t.id).filter((id) => id !== running);
  for (const id of [running, ...others]) {
    const moved = step(machine, state, id);
    if (moved) return moved;
  }
  return undefined;
}

/**
 * The kept decisions, one of `thread`, then others until nothing moves or something is violated.
 * A string says why it cannot be done.
 */
export function goOn(
  machine: Machine,
  kept: readonly Decision[],
  thread: number,
): readonly Decision[] | string {
  const name = machine.threads[thread]?.name;
  const state = stateAfter(machine, kept);
  if (name === undefined) return `there is no thread ${thread}`;
  if (!state) return 'the schedule does not run on this model';
  const schedule = [...kept];
  let moved = step(machine, state, thread);
  if (!moved) return `${name} cannot move here`;
  for (let n = 0; moved && n < MOST; n++) {
    schedule.push(moved.decision);
    const [broken] = moved.violated ? [] : machine.invariants(moved.state);
    if (broken?.crash) schedule.push({ thread: machine.threads.length, choices: broken.crash });
    if (moved.violated || broken) break;
    moved = nextMove(machine, moved.state, moved.decision.thread);
  }
  return schedule;
}
