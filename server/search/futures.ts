/**
 * What a thread may still touch from a situation on, when steps that some literals bar are left out,
 * and with them what lies only behind them.
 */
import type { Step } from './steps.js';
import type { TouchedSets } from './touched.js';

export class Futures {
  readonly #sets: TouchedSets;
  readonly #steps: readonly (readonly (readonly Step[])[])[];
  /** By thread and situation: literals that bar a step there or later. */
  readonly #relevant: readonly Int32Array[];
  readonly #known: readonly Map<number, number>[][];
  /** By thread and situation: what was asked last. */
  readonly #lastMask: readonly Int32Array[];
  readonly #lastSet: readonly Int32Array[];
  /** Situations looked at in the current walk. */
  readonly #seen: readonly Int32Array[];
  #walk = 0;

  constructor(steps: readonly (readonly (readonly Step[])[])[], sets: TouchedSets) {
    this.#sets = sets;
    this.#steps = steps;
    this.#relevant = steps.map(relevant);
    this.#known = steps.map((mine) => mine.map(() => new Map<number, number>()));
    this.#lastMask = steps.map((mine) => new Int32Array(mine.length));
    this.#lastSet = steps.map((mine) => new Int32Array(mine.length).fill(-1));
    this.#seen = steps.map((mine) => new Int32Array(mine.length));
  }

  /** Number of the set touched by a thread from a situation on, while the literals of `closed` hold. */
  of(thread: number, local: number, closed: number): number {
    const mask = closed & (this.#relevant[thread]?.[local] ?? 0);
    const lastMask = this.#lastMask[thread];
    const lastSet = this.#lastSet[thread];
    if (!lastMask || !lastSet) return 0;
    if (lastMask[local] === mask && (lastSet[local] ?? -1) >= 0) return lastSet[local] ?? 0;
    const known = this.#known[thread]?.[local];
    let set = known?.get(mask);
    if (set === undefined) {
      set = this.#collect(thread, local, mask);
      known?.set(mask, set);
    }
    lastMask[local] = mask;
    lastSet[local] = set;
    return set;
  }

  #collect(thread: number, local: number, mask: number): number {
    const all = this.#sets.empty();
    const steps = this.#steps[thread] ?? [];
    const seen = this.#seen[thread] ?? new Int32Array(0);
    const walk = ++this.#walk;
    const open = [local];
    seen[local] = walk;
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const { barred, touched, to } of steps[at] ?? []) {
        if ((barred & mask) !== 0) continue;
        const set = this.#sets.set(touched);
        for (let i = 0; i < all.length; i++) all[i] = (all[i] ?? 0) | (set[i] ?? 0);
        for (const next of to) {
          if (seen[next] === walk) continue;
          seen[next] = walk;
          open.push(next);
        }
      }
    }
    return this.#sets.number(all);
  }
}

function relevant(mine: readonly (readonly Step[])[]): Int32Array {
  const masks = Int32Array.from(mine, (steps) => steps.reduce((m, s) => m | s.barred, 0));
  // Later situations mostly have higher numbers: from the end, until nothing grows.
  for (let grew = true; grew;) {
    grew = false;
    for (let local = mine.length - 1; local >= 0; local--) {
      let mask = masks[local] ?? 0;
      for (const { to } of mine[local] ?? []) for (const next of to) mask |= masks[next] ?? 0;
      if (mask === masks[local]) continue;
      masks[local] = mask;
      grew = true;
    }
  }
  return masks;
}
