/**
 * Variables that count what threads hold, found in what the program does and in nothing else: no name,
 * no annotation. A variable is *counted* when every step that changes it reads v and leaves v+1 or v-1,
 * and a thread counts down only where it has counted up more often than down on all ways to its
 * situation; the first value is not negative.
 *
 * Then, by induction over the steps, the value is the first one plus what each thread has added, none
 * of which is negative. So a thread that has added n reads at least the first value plus n: leaves for
 * smaller values are not possible and are left out, of this analysis too (where an unsigned count
 * would wrap to a large number). And the variable is at least one while a thread that has added one
 * stands still: that thread *pins* it.
 *
 * Steps that end in a violation change nothing that is searched further.
 */
import type { Leaf } from '../machine/automaton.js';
import type { Cover } from './cover.js';

/** Variables with a bit in the masks. */
const MOST = 30;
/** What one thread may add to a variable before it is taken to count without end. */
const MOST_HELD = 8;

/** Code that a leaf read of a variable, undefined when it did not. */
export function readCode(leaf: Leaf, v: number): number | undefined {
  const i = leaf.reads.indexOf(v);
  return i < 0 ? undefined : leaf.codes[i];
}

/** A step of one thread between its situations that changes the variable (or not: `before` is NaN). */
interface Edge {
  readonly from: number;
  readonly to: number;
  readonly before: number;
  readonly after: number;
}

/**
 * Variables with more than two values that some step counts up and that steps change by one alone,
 * but for the first value, from where a step that is not possible may wrap.
 */
function candidates(cover: Cover): readonly number[] {
  const { values } = cover.automaton;
  const up = new Set<number>();
  const other = new Set<number>();
  for (const { reads, codes, outcomes } of cover.leaves.flat(2)) {
    for (const { writes, violation } of outcomes) {
      for (let i = 0; i < writes.length && !violation; i += 2) {
        const v = writes[i] ?? 0;
        const at = reads.indexOf(v);
        const before = at < 0 ? undefined : values[v]?.[codes[at] ?? 0];
        const by = before === undefined ? NaN : (values[v]?.[writes[i + 1] ?? 0] ?? 0) - before;
        if (by === 1) up.add(v);
        else if (by !== 0 && by !== -1 && before !== values[v]?.[0]) other.add(v);
      }
    }
  }
  const counts = [...up].filter(
    (v) => !other.has(v) && cover.codes(v).length > 2 && (values[v]?.[0] ?? 0) >= 0,
  );
  return counts.sort((a, b) => a - b).slice(0, MOST);
}

function edgesOf(cover: Cover, thread: number, v: number): readonly Edge[] {
  const values = cover.automaton.values[v] ?? [];
  const edges = new Map<string, Edge>();
  cover.leaves[thread]?.forEach((leaves, from) => {
    for (const leaf of leaves) {
      const read = readCode(leaf, v);
      for (const { writes, violation, local: to } of leaf.outcomes) {
        if (violation) continue;
        let written: number | undefined;
        for (let i = 0; i < writes.length; i += 2) if (writes[i] === v) written = writes[i + 1];
        const changes = written !== undefined && written !== read;
        const before = changes ? (values[read ?? -1] ?? -Infinity) : NaN;
        const after = changes ? (values[written ?? 0] ?? 0) : NaN;
        edges.set(`${from} ${to} ${before} ${after}`, { from, to, before, after });
      }
    }
  });
  return [...edges.values()];
}

/**
 * The least that a thread has in each situation over all ways to it; undefined when some step changes
 * the variable in another way, or takes down what the thread does not have for sure.
 */
function least(size: number, edges: readonly Edge[], start: number): Int32Array | undefined {
  const has = new Int32Array(size).fill(-1);
  has[0] = 0;
  for (let moved = true; moved;) {
    moved = false;
    for (const { from, to, before, after } of edges) {
      const had = has[from] ?? -1;
      // Not reached; or not possible there, as far as is known: looked at again when `had` falls.
      if (had < 0 || (before !== -Infinity && before < start + had)) continue;
      let left = had;
      if (after === before + 1) left++;
      else if (after === before - 1) left--;
      else if (!Number.isNaN(before)) return undefined;
      if (left < 0) return undefined;
      const old = has[to] ?? -1;
      if (old >= 0 && old <= left) continue;
      has[to] = left;
      moved = true;
    }
  }
  return has.map((n) => Math.max(n, 0));
}

/** The most that a thread has anywhere; infinite when it counts up in a circle. */
function most(atLeast: Int32Array, edges: readonly Edge[], start: number): number {
  const has = new Int32Array(atLeast.length).fill(-1);
  has[0] = 0;
  let top = 0;
  for (let moved = true; moved;) {
    moved = false;
    for (const { from, to, before, after } of edges) {
      const had = has[from] ?? -1;
      if (had < 0 || before < start + (atLeast[from] ?? 0)) continue;
      const left = Number.isNaN(before) ? had : had + (after > before ? 1 : -1);
      if (left <= (has[to] ?? -1)) continue;
      if (left > MOST_HELD) return Infinity;
      has[to] = left;
      top = Math.max(top, left);
      moved = true;
    }
  }
  return top;
}

const known = new WeakMap<Cover, Counts>();

/** Of a cover, found out once. */
export function countsOf(cover: Cover): Counts {
  const counts = known.get(cover) ?? new Counts(cover);
  known.set(cover, counts);
  return counts;
}

export class Counts {
  /** Counted variables; the n-th has bit n in masks. */
  readonly vars: readonly number[];
  /** The largest value of each, or infinity. */
  readonly tops: readonly number[];
  readonly #has: readonly (readonly Int32Array[])[];
  readonly #starts: readonly number[];
  readonly #values: readonly (readonly number[])[];
  readonly #masks: readonly Int32Array[];

  constructor(cover: Cover) {
    const { values } = cover.automaton;
    const vars: number[] = [];
    const all: (readonly Int32Array[])[] = [];
    const tops: number[] = [];
    for (const v of candidates(cover)) {
      const start = values[v]?.[0] ?? 0;
      const edges = cover.leaves.map((_, t) => edgesOf(cover, t, v));
      const has = cover.leaves.flatMap((l, t) => least(l.length, edges[t] ?? [], start) ?? []);
      if (has.length < cover.leaves.length) continue;
      const held = has.map((h, t) => most(h, edges[t] ?? [], start));
      tops.push(start + held.reduce((a, b) => a + b, 0));
      vars.push(v);
      all.push(has);
    }
    this.vars = vars;
    this.tops = tops;
    this.#has = all;
    this.#starts = vars.map((v) => values[v]?.[0] ?? 0);
    this.#values = values;
    this.#masks = cover.leaves.map((mine, t) =>
      Int32Array.from(mine, (_, local) =>
        all.reduce((mask, has, k) => ((has[t]?.[local] ?? 0) > 0 ? mask | (1 << k) : mask), 0),
      ),
    );
  }

  /** Bits of the counted variables that a thread pins in a situation. */
  pins(thread: number, local: number): number {
    return this.#masks[thread]?.[local] ?? 0;
  }

  /** The least value of the n-th counted variable that a thread can read in a situation. */
  floor(n: number, thread: number, local: number): number {
    return (this.#starts[n] ?? 0) + (this.#has[n]?.[thread]?.[local] ?? 0);
  }

  /** Whether the values that a leaf stands for are possible, as far as counts say. */
  isPossible({ thread, local, reads, codes }: Leaf): boolean {
    return this.vars.every((v, n) => {
      const at = reads.indexOf(v);
      const value = at < 0 ? undefined : this.#values[v]?.[codes[at] ?? 0];
      return value === undefined || value >= this.floor(n, thread, local);
    });
  }
}
