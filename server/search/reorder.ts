/**
 * Fewest thread switches: independent steps of a witness are put in another order, and steps that a
 * failing step does not depend on are left out. The result is replayed; when it does not show the
 * very same finding the witness stays as it was.
 */
import type { Machine } from '../machine/types.js';
import { findingAfter } from './finding.js';
import { ReplayError, replay } from './replay.js';
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
      const bound =
        other.thread === mine.thread ||
        meets(other.writes, mine.reads) ||
        meets(other.writes, mine.writes) ||
        meets(other.reads, mine.writes);
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
    return item
      ? [{ decision: item.decision, after: item.after.flatMap((a) => number.get(a) ?? []) }]
      : [];
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
  const isDone = (done: readonly number[], i: number): boolean =>
    (rank[i] ?? 0) < (done[items[i]?.decision.thread ?? 0] ?? 0);
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

function spelled(
  last: Node,
  lists: readonly (readonly number[])[],
  items: readonly Item[],
): readonly Decision[] {
  const parts: Decision[][] = [];
  for (let node: Node = last; node.from; node = node.from) {
    const before = node.from.done[node.thread] ?? 0;
    parts.unshift(
      (lists[node.thread] ?? [])
        .slice(before, node.done[node.thread])
        .flatMap((i) => items[i]?.decision ?? []),
    );
  }
  return parts.flat();
}

/** Makes the last item the last, and drops what it does not need. */
function endingIn(items: readonly Item[], needs: readonly number[]): readonly Item[] {
  const last = items.at(-1);
  if (!last) return items;
  const kept = coneOf([
    ...items.slice(0, -1),
    { ...last, after: [...new Set([...last.after, ...needs])] },
  ]);
  return kept.map((item, i) =>
    i === kept.length - 1 ? { ...item, after: kept.slice(0, -1).map((_, k) => k) } : item,
  );
}

/** Steps that write what invariants read: a broken invariant needs them all. */
function watchedSteps(machine: Machine, played: readonly Played[]): readonly number[] {
  const reads = machine.invariantReads;
  return played.flatMap((p, i) =>
    p.events.some((e) => e.kind === 'store' && reads.has(machine.cellClass(e.cell, p.after)))
      ? [i]
      : [],
  );
}

/** Same finding, deterministic, at most as many switches. */
export function reorder(machine: Machine, witness: Witness): Witness {
  const crash = witness.schedule.at(-1)?.thread === machine.threads.length;
  const steps = crash ? witness.schedule.slice(0, -1) : witness.schedule;
  const played = replay(machine, steps);
  if (played.length === 0) return witness;
  let items = dependencies(machine, played);
  if (played.at(-1)?.violation) items = endingIn(items, []);
  else if (crash || witness.key.property === 'invariant')
    items = endingIn(items, watchedSteps(machine, played));
  const ordered = fewestSwitches(items, machine.threads.length);
  const schedule = ordered && [...ordered, ...witness.schedule.slice(steps.length)];
  return schedule && findingOf(machine, schedule) === witness.key.id
    ? { key: witness.key, schedule }
    : witness;
}

function findingOf(machine: Machine, schedule: readonly Decision[]): string | undefined {
  try {
    return findingAfter(machine, schedule)?.id;
  } catch (e) {
    if (e instanceof ReplayError) return undefined;
    throw e;
  }
}
