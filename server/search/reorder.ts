/**
 * Fewest thread switches: independent steps of a witness are put in another order, and steps that a
 * failing step does not depend on are left out. The result is replayed; when it does not show the
 * very same finding the witness stays as it was.
 */
import type { Machine } from '../machine/types.js';
import { violationKey } from './keys.js';
import { ReplayError, finalState, replay, sameState } from './replay.js';
import type { Played } from './replay.js';
import type { Decision, Witness } from './types.js';

/** More orders than this are not compared. */
const MAX_NODES = 20_000;

interface Item {
  readonly decision: Decision;
  /** Earlier items that must stay before this one. */
  readonly after: readonly number[];
}

function meets(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  for (const v of a) if (b.has(v)) return true;
  return false;
}

function dependencies(machine: Machine, played: readonly Played[]): readonly Item[] {
  const prints = played.map((p) => {
    const { reads, writes } = machine.footprint(p.before, p.thread, p.choices);
    return { thread: p.thread, reads: new Set(reads), writes: new Set(writes) };
  });
  return played.map((p, j) => {
    const mine = prints[j];
    const after = prints.slice(0, j).flatMap((other, i) => {
      if (!mine) return [];
      const bound = other.thread === mine.thread || meets(other.writes, mine.reads) || meets(other.writes, mine.writes) || meets(other.reads, mine.writes);
      return bound ? [i] : [];
    });
    return { decision: { thread: p.thread, choices: p.choices }, after };
  });
}

/** Only what the last item needs, renumbered. */
function coneOf(items: readonly Item[]): readonly Item[] {
  const keep = new Set<number>();
  const visit = (i: number): void => {
    if (keep.has(i)) return;
    keep.add(i);
    for (const a of items[i]?.after ?? []) visit(a);
  };
  visit(items.length - 1);
  const kept = [...keep].sort((a, b) => a - b);
  const number = new Map(kept.map((old, now) => [old, now]));
  return kept.flatMap((i) => {
    const item = items[i];
    return item ? [{ decision: item.decision, after: item.after.flatMap((a) => number.get(a) ?? []) }] : [];
  });
}

interface Node {
  /** Items done of each thread. */
  readonly done: readonly number[];
  readonly thread: number;
  readonly from: Node | undefined;
}

/**
 * An order of the items with the fewest switches. Once a thread runs it runs as far as it can: doing
 * more of it costs no switch and only lets others go on. So breadth first over who runs next is exact.
 */
function fewestSwitches(items: readonly Item[], threads: number): readonly Decision[] | undefined {
  const lists: number[][] = Array.from({ length: threads }, () => []);
  const rank = items.map((item, i) => (lists[item.decision.thread]?.push(i) ?? 1) - 1);
  const isDone = (done: readonly number[], i: number): boolean => (rank[i] ?? 0) < (done[items[i]?.decision.thread ?? 0] ?? 0);
  const advance = (done: readonly number[], t: number): readonly number[] => {
    const next = [...done];
    const list = lists[t] ?? [];
    for (let at = next[t] ?? 0; at < list.length; at++) {
      const item = items[list[at] ?? -1];
      if (!item?.after.every((a) => isDone(next, a))) break;
      next[t] = at + 1;
    }
    return next;
  };
  const queue: Node[] = [{ done: lists.map(() => 0), thread: -1, from: undefined }];
  const seen = new Set<string>();
  for (const node of queue) {
    if (lists.every((list, t) => node.done[t] === list.length)) return spelled(node, lists, items);
    if (queue.length > MAX_NODES) return undefined;
    for (let t = 0; t < threads; t++) {
      const done = advance(node.done, t);
      const key = done.join(',');
      if (done[t] === node.done[t] || seen.has(key)) continue;
      seen.add(key);
      queue.push({ done, thread: t, from: node });
    }
  }
  return undefined;
}

function spelled(last: Node, lists: readonly (readonly number[])[], items: readonly Item[]): readonly Decision[] {
  const parts: Decision[][] = [];
  for (let node: Node | undefined = last; node?.from; node = node.from) {
    const before = node.from.done[node.thread] ?? 0;
    parts.unshift((lists[node.thread] ?? []).slice(before, node.done[node.thread]).flatMap((i) => items[i]?.decision ?? []));
  }
  return parts.flat();
}

/** Same finding, deterministic, at most as many switches. */
export function reorder(machine: Machine, witness: Witness): Witness {
  const played = replay(machine, witness.schedule);
  if (played.length === 0) return witness;
  const failing = played.at(-1)?.violation;
  let items = dependencies(machine, played);
  if (failing) {
    items = coneOf(items);
    const last = items.at(-1);
    if (last) items = [...items.slice(0, -1), { ...last, after: items.slice(0, -1).map((_, i) => i) }];
  }
  const schedule = fewestSwitches(items, machine.threads.length);
  return schedule && shows(machine, witness, schedule, played) ? { key: witness.key, schedule } : witness;
}

/** Whether another schedule shows the finding of a witness. */
function shows(machine: Machine, witness: Witness, schedule: readonly Decision[], before: readonly Played[]): boolean {
  try {
    const now = replay(machine, schedule);
    const failing = now.at(-1)?.violation;
    if (failing || before.at(-1)?.violation) return failing !== undefined && violationKey(failing).id === witness.key.id;
    return sameState(finalState(machine, now), finalState(machine, before));
  } catch (e) {
    if (e instanceof ReplayError) return false;
    throw e;
  }
}

