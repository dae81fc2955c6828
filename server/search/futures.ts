/**
 * What a thread may still touch from a situation on, when steps that some literals bar are left out,
 * and with them what lies only behind them.
 */
import type { Step } from './steps.js';
import type { TouchedSets } from './touched.js';

/** Slots of the table at first; a power of two. */
const SLOTS = 1 << 12;

export class Futures {
  readonly #sets: TouchedSets;
  readonly #steps: readonly FlatSteps[];
  /** By thread and situation: literals that bar a step there or later. */
  readonly #relevant: readonly Int32Array[];
  /** By thread: number of its first situation among those of all threads. */
  readonly #first: Int32Array;
  /** Open hashing: situation and literals, then the set and one, which is zero where nothing is. */
  #slots = new Int32Array(3 * SLOTS);
  #shift = 20;
  #used = 0;
  /** Situations looked at in the current walk. */
  readonly #seen: readonly Int32Array[];
  #walk = 0;
  readonly #open: Int32Array;

  constructor(steps: readonly (readonly (readonly Step[])[])[], sets: TouchedSets) {
    this.#sets = sets;
    this.#steps = steps.map(flat);
    this.#relevant = steps.map(relevant);
    this.#first = new Int32Array(steps.length);
    for (let t = 1; t < steps.length; t++)
      this.#first[t] = (this.#first[t - 1] ?? 0) + (steps[t - 1]?.length ?? 0);
    this.#seen = steps.map((mine) => new Int32Array(mine.length));
    this.#open = new Int32Array(Math.max(0, ...steps.map((mine) => mine.length)));
  }

  /** How many situations of a thread are known, and the number of the first among those of all threads. */
  situations(thread: number): number {
    return this.#relevant[thread]?.length ?? 0;
  }
  first(thread: number): number {
    return this.#first[thread] ?? 0;
  }

  /** Steps of a thread, for the generated loop. */
  flat(thread: number): FlatSteps | undefined {
    return this.#steps[thread];
  }

  /** Literals that make a difference from a situation on. */
  relevant(thread: number, local: number): number {
    return this.#relevant[thread]?.[local] ?? 0;
  }

  /** Number of the set touched by a thread from a situation on, while the literals of `closed` hold. */
  of(thread: number, local: number, closed: number): number {
    const mine = this.#relevant[thread];
    // A situation that came up later has no steps here.
    if (!mine || local >= mine.length) return this.#collect(thread, local, 0);
    const mask = closed & (mine[local] ?? 0);
    const from = (this.#first[thread] ?? 0) + local;
    const slots = this.#slots;
    let at = this.#slot(from, mask);
    for (;;) {
      const set = slots[at + 2] ?? 0;
      if (set === 0) return this.#add(at, thread, local, mask);
      if (slots[at] === from && slots[at + 1] === mask) return set - 1;
      at = at + 3 === slots.length ? 0 : at + 3;
    }
  }

  #slot(from: number, mask: number): number {
    return 3 * (Math.imul(Math.imul(from, 0x85ebca6b) ^ mask, 0x9e3779b1) >>> this.#shift);
  }

  #add(at: number, thread: number, local: number, mask: number): number {
    const set = this.#collect(thread, local, mask);
    this.#slots[at] = (this.#first[thread] ?? 0) + local;
    this.#slots[at + 1] = mask;
    this.#slots[at + 2] = set + 1;
    if (6 * ++this.#used > this.#slots.length) this.#grow();
    return set;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(2 * old.length);
    this.#shift--;
    for (let i = 0; i < old.length; i += 3) {
      if (old[i + 2] === 0) continue;
      let at = this.#slot(old[i] ?? 0, old[i + 1] ?? 0);
      while (this.#slots[at + 2] !== 0) at = at + 3 === this.#slots.length ? 0 : at + 3;
      this.#slots.set(old.subarray(i, i + 3), at);
    }
  }

  #collect(thread: number, local: number, mask: number): number {
    const all = this.#sets.empty();
    const mine = this.#steps[thread];
    const seen = this.#seen[thread] ?? new Int32Array(0);
    if (!mine || local >= seen.length) return this.#sets.number(all);
    const { start, steps } = mine;
    const walk = ++this.#walk;
    const open = this.#open;
    open[0] = local;
    seen[local] = walk;
    for (let left = 1; left > 0;) {
      const from = open[--left] ?? 0;
      const end = start[from + 1] ?? 0;
      for (let i = start[from] ?? 0; i < end;) {
        const next = i + 3 + (steps[i + 2] ?? 0);
        if (((steps[i] ?? 0) & mask) === 0) {
          this.#sets.addTo(all, steps[i + 1] ?? 0);
          for (let k = i + 3; k < next; k++) {
            const to = steps[k] ?? 0;
            if (seen[to] === walk) continue;
            seen[to] = walk;
            open[left++] = to;
          }
        }
        i = next;
      }
    }
    return this.#sets.number(all);
  }
}

/** Steps of a thread, one behind the other: literals that bar it, touched set, situations, how many first. */
export interface FlatSteps {
  /** By situation where its steps begin; they end where those of the next one do. */
  readonly start: Int32Array;
  readonly steps: Int32Array;
}

function flat(mine: readonly (readonly Step[])[]): FlatSteps {
  const start = new Int32Array(mine.length + 1);
  const all: number[] = [];
  mine.forEach((steps, local) => {
    for (const { barred, touched, to } of steps) all.push(barred, touched, to.length, ...to);
    start[local + 1] = all.length;
  });
  return { start, steps: Int32Array.from(all) };
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
