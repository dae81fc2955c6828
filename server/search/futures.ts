/**
 * What a thread may still read and change from a situation on, as sets of variables. Steps that need
 * a pinned variable to be zero are left out, and what lies only behind them: before a thread that pins
 * it has moved, they cannot be taken (pins.ts).
 */
import type { Leaf } from '../machine/automaton.js';
import { adds } from './adds.js';
import type { Cover } from './cover.js';
import { readCode } from './pins.js';
import type { Pins } from './pins.js';

type Bits = Int32Array;

/** Sets of variables. Those to which a step only adds are in `adds` alone. */
export interface Reach {
  readonly reads: Bits;
  readonly writes: Bits;
  readonly adds: Bits;
}

/** Sets of pins for which a thread's futures are kept; for further ones nothing is left out. */
const MOST_MASKS = 500;

interface Step extends Reach {
  readonly barred: number;
  /** Situations it leads to. */
  readonly to: readonly number[];
}

export class Futures {
  readonly words: number;
  readonly #cover: Cover;
  readonly #pins: Pins;
  readonly #steps: readonly (readonly (readonly Step[])[])[];
  /** Pins that bar some step of the thread. */
  readonly #relevant: readonly number[];
  readonly #known: readonly Map<number, readonly Reach[]>[];

  constructor(cover: Cover, pins: Pins) {
    this.#cover = cover;
    this.#pins = pins;
    this.words = (cover.automaton.cells.length + 31) >> 5;
    this.#steps = cover.leaves.map((mine) =>
      mine.map((leaves) =>
        leaves.flatMap((leaf) => (leaf.outcomes.length > 0 ? [this.#step(leaf, pins)] : [])),
      ),
    );
    this.#relevant = this.#steps.map((mine) =>
      mine.reduce((mask, steps) => steps.reduce((m, s) => m | s.barred, mask), 0),
    );
    this.#known = cover.leaves.map(() => new Map<number, readonly Reach[]>());
  }

  #step(leaf: Leaf, pins: Pins): Step {
    return {
      barred: pins.barred(leaf),
      ...this.reach(leaf),
      to: leaf.outcomes.flatMap((o) => (o.violation ? [] : [o.local])),
    };
  }

  /** What the step of one leaf touches. */
  reach(leaf: Leaf): Reach {
    const only = adds(this.#cover, leaf).filter((v) => this.#pins.balanced(v));
    const plain = (v: number): boolean => !only.includes(v);
    return {
      reads: this.bits(leaf.reads.filter(plain)),
      writes: this.bits(changed(leaf).filter(plain)),
      adds: this.bits(only),
    };
  }

  bits(vars: readonly number[]): Bits {
    const bits = new Int32Array(this.words);
    for (const v of vars) bits[v >> 5] = (bits[v >> 5] ?? 0) | (1 << (v & 31));
    return bits;
  }

  /** Of a thread in a situation, while the variables of `pinned` cannot become zero. */
  of(thread: number, local: number, pinned: number): Reach | undefined {
    const known = this.#known[thread];
    let mask = pinned & (this.#relevant[thread] ?? 0);
    let all = known?.get(mask);
    if (!all && known) {
      if (known.size >= MOST_MASKS) mask = 0;
      all = known.get(mask) ?? this.#compute(thread, mask);
      known.set(mask, all);
    }
    return all?.[local];
  }

  #compute(thread: number, mask: number): readonly Reach[] {
    const mine = this.#steps[thread] ?? [];
    const open = mine.map((steps) => steps.filter((s) => (s.barred & mask) === 0));
    const all = open.map(() => ({
      reads: new Int32Array(this.words),
      writes: new Int32Array(this.words),
      adds: new Int32Array(this.words),
    }));
    open.forEach((steps, local) => {
      for (const s of steps) merge(all[local], s);
    });
    // Later situations mostly have higher numbers: from the end, until nothing grows.
    for (let grew = true; grew;) {
      grew = false;
      for (let local = open.length - 1; local >= 0; local--) {
        const here = all[local];
        for (const s of open[local] ?? []) {
          for (const to of s.to) {
            if (to !== local && merge(here, all[to])) grew = true;
          }
        }
      }
    }
    return all;
  }
}

/** Variables that some outcome of a leaf leaves with another code than was read. */
function changed(leaf: Leaf): readonly number[] {
  const vars = new Set<number>();
  for (const { writes } of leaf.outcomes) {
    for (let i = 0; i < writes.length; i += 2) {
      const v = writes[i] ?? 0;
      if (readCode(leaf, v) !== writes[i + 1]) vars.add(v);
    }
  }
  return [...vars];
}

function merge(a: Reach | undefined, b: Reach | undefined): boolean {
  if (!a || !b) return false;
  const reads = join(a.reads, b.reads);
  const writes = join(a.writes, b.writes);
  return join(a.adds, b.adds) || reads || writes;
}

/** `a |= b`; whether a grew. */
function join(a: Bits, b: Bits): boolean {
  let grew = false;
  for (let i = 0; i < a.length; i++) {
    const now = (a[i] ?? 0) | (b[i] ?? 0);
    if (now === a[i]) continue;
    a[i] = now;
    grew = true;
  }
  return grew;
}
