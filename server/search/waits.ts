/** Who waits for whom in a state: the graph behind deadlocks and behind "held by … since …". */
import type { Machine, State, WaitPoint } from '../machine/types.js';
import type { Holds } from './holds.js';

export interface Waiter {
  readonly thread: number;
  readonly wait: WaitPoint;
  /** Threads that hold what is waited for. */
  readonly holders: readonly number[];
  /** Those, or when there are none the threads that may still change what the wait reads. */
  readonly by: readonly number[];
}

/** Whether a hold is what a wait is for: same object where it is known, and the class. */
export function holdsWhat(wait: WaitPoint, hold: { readonly cell: number; readonly class: string }): boolean {
  if (hold.class !== wait.what) return false;
  return wait.cell === 0 || hold.cell === wait.cell;
}

/** All blocked threads of a state, in order. */
export function waiters(machine: Machine, state: State, holds: Holds): readonly Waiter[] {
  return machine.threads.flatMap(({ id }) => {
    const [result] = machine.successors(state, id);
    if (result?.kind !== 'blocked') return [];
    const { wait } = result;
    const holders = machine.threads.filter((t) => holds.of(t.id).some((h) => holdsWhat(wait, h))).map((t) => t.id);
    return [{ thread: id, wait, holders, by: holders.length > 0 ? holders : enders(machine, state, id) }];
  });
}

function overlap(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  return [...a].some((v) => b.has(v));
}

/** Other threads that may still write what the wait of a thread reads. */
function enders(machine: Machine, state: State, thread: number): readonly number[] {
  const reads = machine.waitReads(state, thread);
  return machine.threads
    .filter((t) => t.id !== thread && overlap(reads, machine.futureAccess(state, t.id).writes))
    .map((t) => t.id);
}

/** Shortest way from a waiter back to itself, as threads in order of waiting. */
function cycleFrom(start: number, edges: ReadonlyMap<number, readonly number[]>): readonly number[] | undefined {
  const from = new Map<number, number>();
  const queue = [start];
  for (const at of queue) {
    for (const next of edges.get(at) ?? []) {
      if (next === start) {
        const path = [at];
        for (let p = at; p !== start; ) {
          p = from.get(p) ?? start;
          path.unshift(p);
        }
        return path;
      }
      if (!from.has(next) && edges.has(next)) {
        from.set(next, at);
        queue.push(next);
      }
    }
  }
  return undefined;
}

/**
 * The waiters that make a deadlock: the shortest cycle through one that is not idle, the first in
 * order of threads; without a cycle all that are not idle.
 */
export function deadlockCycle(all: readonly Waiter[]): readonly Waiter[] {
  const edges = new Map(all.map((w) => [w.thread, w.by]));
  let best: readonly number[] | undefined;
  for (const w of all) {
    const cycle = w.wait.idle ? undefined : cycleFrom(w.thread, edges);
    if (cycle && (!best || cycle.length < best.length)) best = cycle;
  }
  if (!best) return all.filter((w) => !w.wait.idle);
  return best.flatMap((thread) => all.find((w) => w.thread === thread) ?? []);
}
