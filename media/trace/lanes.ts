/**
 * What stands in the lanes: which threads have one, and the bars of what they hold. Pure; computed
 * from the holds after each step, so a bar shows exactly what the trace says and nothing inferred.
 */
import type { Trace, TraceHold, TraceThread } from '../../shared/trace.js';

export interface Bar {
  readonly thread: number;
  /** Place beside the other bars of the lane, 0 is leftmost; kept for the whole bar. */
  readonly slot: number;
  readonly hold: TraceHold;
  /** First and last step after which it is held, 0-based, inclusive. */
  readonly first: number;
  readonly last: number;
}

/** Threads in the order in which they first move, then those that only wait at the end. All when there are none. */
export function laneThreads(trace: Trace): readonly TraceThread[] {
  const used = new Set([...trace.steps.map((s) => s.thread), ...trace.end.map((w) => w.thread)]);
  const lanes = [...used].flatMap((id) => trace.threads.filter((t) => t.id === id));
  return lanes.length > 0 ? lanes : trace.threads;
}

/** Threads without a lane. */
export function idleThreads(trace: Trace): readonly TraceThread[] {
  const lanes = new Set(laneThreads(trace));
  return trace.threads.filter((t) => !lanes.has(t));
}

function keyOf(hold: TraceHold, nth: number): string {
  return JSON.stringify([hold.class, hold.object, hold.mode, hold.since, nth]);
}

function keyed(holds: readonly TraceHold[]): ReadonlyMap<string, TraceHold> {
  const keys = new Map<string, TraceHold>();
  for (const hold of holds) {
    let nth = 0;
    while (keys.has(keyOf(hold, nth))) nth++;
    keys.set(keyOf(hold, nth), hold);
  }
  return keys;
}

function freeSlot(open: Iterable<{ readonly slot: number }>): number {
  const taken = new Set<number>();
  for (const bar of open) taken.add(bar.slot);
  let slot = 0;
  while (taken.has(slot)) slot++;
  return slot;
}

function laneBars(trace: Trace, thread: number): readonly Bar[] {
  const done: Bar[] = [];
  const open = new Map<string, Bar>();
  for (const [i, step] of trace.steps.entries()) {
    const now = keyed(step.holds[thread] ?? []);
    for (const [key, bar] of open) {
      if (now.has(key)) continue;
      open.delete(key);
      done.push(bar);
    }
    for (const [key, hold] of now) {
      const bar = open.get(key) ?? {
        thread,
        slot: freeSlot(open.values()),
        hold,
        first: i,
        last: i,
      };
      open.set(key, { ...bar, last: i });
    }
  }
  return [...done, ...open.values()].sort((a, b) => a.first - b.first || a.slot - b.slot);
}

/** All bars, lane by lane, each lane in order of acquisition. */
export function bars(trace: Trace): readonly Bar[] {
  return trace.threads.flatMap((t) => laneBars(trace, t.id));
}

/** Number of patterns in the style sheet. */
const PATTERNS = 8;

/** Pattern of each class of lock, numbered by first appearance, so that one class looks the same in all lanes. */
export function patterns(trace: Trace): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const step of trace.steps)
    for (const hold of step.holds.flat())
      if (!numbers.has(hold.class)) numbers.set(hold.class, numbers.size % PATTERNS);
  return numbers;
}
