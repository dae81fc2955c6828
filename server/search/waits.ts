/** Who waits for whom in a state: the graph behind deadlocks and behind "held by … since …". */
import type { Machine, State, WaitPoint } from '../machine/types.js';
import type { Hold, Holds } from './holds.js';

export interface Waiter {
  readonly thread: number;
  readonly wait: WaitPoint;
  /** Threads that hold what is waited for. */
  readonly holders: readonly number[];
  /** Those, or when there are none the threads that may still change what the wait reads. */
  readonly by: readonly number[];
}

/**
 * Whether a hold stands in the way of a wait: the class, and the same object. A wait that names a
 * thing of another type, as one for all users of something, is for any hold of the class.
 */
export function inTheWay(machine: Machine, state: State, wait: WaitPoint, hold: Hold): boolean {
  if (hold.class !== wait.what || (wait.shared && hold.shared)) return false;
  return (
    wait.cell === 0 || hold.cell === wait.cell || !machine.sameKind(hold.cell, wait.cell, state)
  );
}

/** Threads of a state that can move, and all blocked ones, in order. */
export interface Standing {
  readonly enabled: readonly number[];
  readonly waiters: readonly Waiter[];
}

export function standingOf(machine: Machine, state: State, holds: Holds): Standing {
  const waits = new Map<number, WaitPoint>();
  const enabled: number[] = [];
  for (const { id } of machine.threads) {
    const at = machine.standing(state, id);
    if (at === 'moves') enabled.push(id);
    else if (at !== 'finished') waits.set(id, at);
  }
  return { enabled, waiters: waitersOf(machine, state, holds, waits) };
}

function waitersOf(
  machine: Machine,
  state: State,
  holds: Holds,
  waits: ReadonlyMap<number, WaitPoint>,
): readonly Waiter[] {
  return [...waits].map(([thread, wait]) => {
    // Its own hold blocks a thread only on the very same object.
    const blocks = (t: number, h: Hold): boolean =>
      inTheWay(machine, state, wait, h) && (t !== thread || h.cell === wait.cell);
    const holders = machine.threads
      .filter((t) => holds.of(t.id).some((h) => blocks(t.id, h)))
      .map((t) => t.id);
    return {
      thread,
      wait,
      holders,
      by: holders.length > 0 ? holders : enders(machine, state, thread, waits),
    };
  });
}

function overlap(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  return [...a].some((v) => b.has(v));
}

/** Other threads that may still write what a thread's wait reads; idle ones only when there is no other. */
function enders(
  machine: Machine,
  state: State,
  thread: number,
  waits: ReadonlyMap<number, WaitPoint>,
): readonly number[] {
  const reads = machine.waitReads(state, thread);
  const all = machine.threads
    .filter((t) => t.id !== thread && overlap(reads, machine.futureAccess(state, t.id).writes))
    .map((t) => t.id);
  const busy = all.filter((t) => !waits.get(t)?.idle);
  return busy.length > 0 ? busy : all;
}

/** Threads on the shortest way from a waiter back to itself, in order of waiting. */
function cycleFrom(
  start: number,
  edges: ReadonlyMap<number, readonly number[]>,
): readonly number[] | undefined {
  const from = new Map<number, number>();
  const queue = [start];
  for (const at of queue) {
    for (const next of edges.get(at) ?? []) {
      if (next === start) return wayTo(at, start, from);
      if (!from.has(next) && edges.has(next)) {
        from.set(next, at);
        queue.push(next);
      }
    }
  }
  return undefined;
}

function wayTo(last: number, start: number, from: ReadonlyMap<number, number>): readonly number[] {
  const path = [last];
  for (let at = last; at !== start;) {
    at = from.get(at) ?? start;
    path.unshift(at);
  }
  return path;
}

/** Shortest way from one thread to another over waits; undefined when there is none. */
function pathBetween(
  start: number,
  end: number,
  edges: ReadonlyMap<number, readonly number[]>,
): readonly number[] | undefined {
  if (start === end) return [start];
  const direct = cycleFrom(start, new Map([...edges, [end, [start]]]));
  return direct?.at(-1) === end ? direct : undefined;
}

/**
 * The waiters that make a deadlock: the shortest cycle that contains one that is not idle; cycles in
 * which somebody holds what another waits for come first, since "might still change it" is a weaker
 * reason; then the first in order of threads. Without a cycle all that are not idle.
 */
export function deadlockCycle(all: readonly Waiter[]): readonly Waiter[] {
  const edges = new Map(all.map((w) => [w.thread, w.by]));
  const idle = new Set(all.filter((w) => w.wait.idle).map((w) => w.thread));
  const cycles: (readonly number[])[] = [];
  for (const w of all) {
    for (const holder of edges.has(w.thread) ? w.holders : []) {
      const back = edges.has(holder) ? pathBetween(holder, w.thread, edges) : undefined;
      if (back) cycles.push(back);
    }
  }
  if (cycles.length === 0)
    cycles.push(
      ...all.flatMap((w) => {
        const c = cycleFrom(w.thread, edges);
        return c ? [c] : [];
      }),
    );
  let best: readonly number[] | undefined;
  for (const c of cycles) {
    if (c.every((t) => idle.has(t)) || (best && c.length >= best.length)) continue;
    best = c;
  }
  if (!best) return all.filter((w) => !w.wait.idle);
  const first = best.indexOf(Math.min(...best));
  return [...best.slice(first), ...best.slice(0, first)].flatMap(
    (t) => all.find((w) => w.thread === t) ?? [],
  );
}
