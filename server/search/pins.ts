/**
 * What the cells say about locks, found in what the program does and in nothing else: no name, no
 * annotation. A thread in some situation *pins* a variable when the variable cannot be zero as long
 * as the thread stays there. Two kinds of variables are pinned:
 *
 * Owned. Every step that changes the variable either finds it zero and makes it non-zero (it takes it),
 * or is made by a thread that has taken it and not zeroed it since, on all ways to its situation. By
 * induction over the steps at most one thread has it at a time and nobody else can change it; so it
 * stays non-zero while its owner stands still.
 *
 * Counted. Every change is a step that reads v and writes v+1 or v-1, and a thread counts down only
 * where it has counted up more often than down on all ways to its situation; the first value is not
 * negative. Then the value is the first one plus what each thread has added, none of which is negative;
 * so it is at least one while a thread that has added one stands still.
 *
 * Steps that end in a violation change nothing that is searched further.
 */
import type { Leaf } from '../machine/automaton.js';
import type { Cover } from './cover.js';

/** Variables with a bit in the masks. */
const MOST = 30;

/** How a step changes a variable: the value that it read, if it did, and the value that it leaves. */
interface Change {
  readonly before: number | undefined;
  readonly after: number;
}

/** Steps of one thread between its situations. */
interface Edges {
  readonly from: number[];
  readonly to: number[];
  /** By variable, then by number of the edge. */
  readonly changes: Map<number, Map<number, Change>>;
}

export interface Pins {
  /** Bits that a thread pins in a situation. */
  of(thread: number, local: number): number;
  /** Bits of variables that a leaf finds to be zero: such a step is barred while they are pinned. */
  barred(leaf: Leaf): number;
  /** Bit of a variable, 0 when it has none. */
  bit(v: number): number;
  /** Whether every thread only ever counts the variable up, and down what it has counted up itself. */
  balanced(v: number): boolean;
}

/** Code that a leaf read of a variable, undefined when it did not. */
export function readCode(leaf: Leaf, v: number): number | undefined {
  const i = leaf.reads.indexOf(v);
  return i < 0 ? undefined : leaf.codes[i];
}

function edgesOf(cover: Cover, thread: number): Edges {
  const { values } = cover.automaton;
  const edges: Edges = { from: [], to: [], changes: new Map() };
  const valueOf = (v: number, code: number): number => values[v]?.[code] ?? 0;
  cover.leaves[thread]?.forEach((leaves, local) => {
    for (const leaf of leaves) {
      for (const outcome of leaf.outcomes) {
        if (outcome.violation) continue;
        const edge = edges.from.push(local) - 1;
        edges.to.push(outcome.local);
        for (let i = 0; i < outcome.writes.length; i += 2) {
          const v = outcome.writes[i] ?? 0;
          const code = outcome.writes[i + 1] ?? 0;
          const read = readCode(leaf, v);
          if (read === code) continue;
          const mine = edges.changes.get(v) ?? new Map<number, Change>();
          edges.changes.set(v, mine);
          const before = read === undefined ? undefined : valueOf(v, read);
          mine.set(edge, { before, after: valueOf(v, code) });
        }
      }
    }
  });
  return edges;
}

/** What a step leaves of what a thread has for sure; undefined when it gives what it does not have. */
type Gain = (change: Change, has: number) => number | undefined;

const owned: Gain = ({ before, after }, has) => {
  if (before === 0 && after !== 0) return 1;
  if (has < 1) return undefined;
  return after === 0 ? 0 : 1;
};

const counted: Gain = ({ before, after }, has) => {
  if (before === undefined) return undefined;
  if (after === before + 1) return has + 1;
  return after === before - 1 && has >= 1 ? has - 1 : undefined;
};

/** The least that a thread has in each situation over all ways to it; situations never reached: 0. */
function least(size: number, edges: Edges, v: number, gain: Gain): Int32Array | undefined {
  const changes = edges.changes.get(v);
  const has = new Int32Array(size);
  if (!changes) return has;
  has.fill(-1);
  has[0] = 0;
  for (let moved = true; moved;) {
    moved = false;
    for (let e = 0; e < edges.from.length; e++) {
      const had = has[edges.from[e] ?? 0] ?? -1;
      if (had < 0) continue;
      const change = changes.get(e);
      const left = change ? gain(change, had) : had;
      if (left === undefined) return undefined;
      const to = edges.to[e] ?? 0;
      const old = has[to] ?? -1;
      if (old >= 0 && old <= left) continue;
      has[to] = left;
      moved = true;
    }
  }
  return has.map((n) => Math.max(n, 0));
}

function pinnedBy(
  cover: Cover,
  edges: readonly Edges[],
  v: number,
): readonly Int32Array[] | undefined {
  const start = cover.automaton.values[v]?.[0] ?? 0;
  for (const gain of start < 0 ? [owned] : [owned, counted]) {
    const all = edges.map((e, t) => least(cover.leaves[t]?.length ?? 0, e, v, gain));
    const good = all.flatMap((a) => (a ? [a] : []));
    if (good.length === all.length) return good;
  }
  return undefined;
}

/** Variables that some step waits or looks to be zero, and that some step changes. */
function candidates(cover: Cover, edges: readonly Edges[]): readonly number[] {
  const { values } = cover.automaton;
  const asked = new Set<number>();
  for (const leaf of cover.leaves.flat(2)) {
    if (leaf.outcomes.length === 0) continue;
    leaf.reads.forEach((v, i) => {
      if (values[v]?.[leaf.codes[i] ?? 0] === 0) asked.add(v);
    });
  }
  return [...asked].filter((v) => edges.some((e) => e.changes.has(v))).sort((a, b) => a - b);
}

export function findPins(cover: Cover): Pins {
  const edges = cover.leaves.map((_, t) => edgesOf(cover, t));
  const bits = new Map<number, number>();
  const masks = cover.leaves.map((l) => new Int32Array(l.length));
  for (const v of candidates(cover, edges)) {
    const pinned = bits.size < MOST ? pinnedBy(cover, edges, v) : undefined;
    if (!pinned?.some((has) => has.some((n) => n > 0))) continue;
    const bit = 1 << bits.size;
    bits.set(v, bit);
    pinned.forEach((has, t) => {
      has.forEach((n, local) => {
        const mask = masks[t];
        if (n > 0 && mask) mask[local] = (mask[local] ?? 0) | bit;
      });
    });
  }
  const { values } = cover.automaton;
  const known = new Map<number, boolean>();
  const isBalanced = (v: number): boolean =>
    edges.every((e, t) => least(cover.leaves[t]?.length ?? 0, e, v, counted) !== undefined);
  return {
    balanced: (v) => {
      const is = known.get(v) ?? isBalanced(v);
      known.set(v, is);
      return is;
    },
    of: (thread, local) => masks[thread]?.[local] ?? 0,
    bit: (v) => bits.get(v) ?? 0,
    barred: (leaf) => {
      let mask = 0;
      leaf.reads.forEach((v, i) => {
        if (values[v]?.[leaf.codes[i] ?? 0] === 0) mask |= bits.get(v) ?? 0;
      });
      return mask;
    },
  };
}
