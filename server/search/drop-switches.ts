/**
 * A shorter schedule to the same finding, by trying: runs of one thread are left out while the key
 * stays what it is. What a schedule cannot do any more is skipped, and after its end threads go on
 * without preemption. Every result was run; none is known to be a shortest one.
 */
import type { ModelMachine } from '../machine/index.js';
import type { State } from '../machine/types.js';
import { findingAfter } from './finding.js';
import { brokenWitness } from './keys.js';
import type { Decision, Witness } from './types.js';

/** Schedules that are tried, and steps of one. */
const MOST_TRIES = 300;
const LONGEST = 4_000;

interface Size {
  readonly switches: number;
  readonly steps: number;
}

export function sizeOf(schedule: readonly Decision[]): Size {
  const switches = schedule.filter((d, i) => i > 0 && d.thread !== schedule[i - 1]?.thread).length;
  return { switches, steps: schedule.length };
}

function isSmaller(a: Size, b: Size): boolean {
  return a.switches < b.switches || (a.switches === b.switches && a.steps < b.steps);
}

/** Runs of one thread, without the crash at the end. */
function runsOf(machine: ModelMachine, schedule: readonly Decision[]): readonly Decision[][] {
  const runs: Decision[][] = [];
  for (const d of schedule) {
    if (d.thread === machine.threads.length) continue;
    const last = runs.at(-1);
    if (last?.[0]?.thread === d.thread) last.push(d);
    else runs.push([d]);
  }
  return runs;
}

/** The same key with fewer switches, or as many and fewer steps, where that is found quickly. */
export function dropSwitches(
  machine: ModelMachine,
  witness: Witness,
  expired: () => boolean,
): Witness {
  let best = witness;
  let tries = 0;
  for (let improved = true; improved;) {
    improved = false;
    const runs = runsOf(machine, best.schedule);
    for (let i = 0; i < runs.length && !improved; i++) {
      if (tries++ >= MOST_TRIES || expired()) return best;
      const rest = runs.filter((_, n) => n !== i).flat();
      const schedule = follow(machine, rest, witness.key.id);
      if (!schedule || !isSmaller(sizeOf(schedule), sizeOf(best.schedule))) continue;
      best = { ...best, schedule };
      improved = true;
    }
  }
  return best;
}

/** A schedule that follows the given one where it can and shows the key at its end. */
function follow(
  machine: ModelMachine,
  wanted: readonly Decision[],
  id: string,
): readonly Decision[] | undefined {
  const watches = machine.invariantReads.size > 0;
  const schedule: Decision[] = [];
  let state = machine.initial;
  for (let n = 0; n < LONGEST; n++) {
    const next = wanted[n];
    const moved = next
      ? step(machine, state, next)
      : goOn(machine, state, schedule.at(-1)?.thread ?? 0);
    if (!moved && next) continue;
    if (!moved) return findingAfter(machine, schedule)?.id === id ? schedule : undefined;
    schedule.push(moved.decision);
    ({ state } = moved);
    const broken = watches ? machine.invariants(state) : [];
    if (moved.failed) return findingAfter(machine, schedule)?.id === id ? schedule : undefined;
    const shown = broken.map((v) => brokenWitness(machine, v, schedule));
    if (shown.length > 0) return shown.find((w) => w.key.id === id)?.schedule;
  }
  return undefined;
}

interface Moved {
  readonly decision: Decision;
  readonly state: State;
  readonly failed: boolean;
}

function step(
  machine: ModelMachine,
  state: State,
  { thread, choices }: Decision,
): Moved | undefined {
  const { result } = machine.replay(state, thread, choices);
  if (result.kind !== 'moved') return undefined;
  const decision = { thread, choices: result.choices };
  return { decision, state: result.state, failed: result.violation !== undefined };
}

/** The thread that ran, or the first that can move. */
function goOn(machine: ModelMachine, state: State, ran: number): Moved | undefined {
  for (const thread of [ran, ...machine.threads.map((t) => t.id)]) {
    const moved = step(machine, state, { thread, choices: [] });
    if (moved) return moved;
  }
  return undefined;
}
