/**
 * The smallest closed set around some threads in the open row (closed-sets.ts says what closed means).
 * Where several threads would do to close it, `way` says which: of n choices the one numbered way mod n.
 *
 * What must be added to a set depends on the set and the row alone, not on how the set came about, so it
 * is found once for a row and remembered.
 */
import type { LeafFacts } from './facts.js';
import type { Facts } from './facts.js';
import type { Frozen } from './frozen.js';
import type { StateSpace } from './state-space.js';
import type { TouchedSets } from './touched.js';

/** Ways in which ties are broken before the smallest set is taken. */
export const WAYS = 8;
/** Sets that are remembered for a row, by hash: a later one takes the place of an earlier one. */
const SLOTS = 64;
/** Numbers in a slot: row, set, how many choices there are, and the first of them. */
const SLOT = 3 + WAYS;

export class Closure {
  /** How many ways there are to make the last set: it is the same one for `way` and `way + period`. */
  period = 1;
  readonly #space: StateSpace;
  readonly #frozen: Frozen;
  readonly #facts: LeafFacts;
  readonly #sets: TouchedSets;
  readonly #row: Facts[] = [];
  /** By thread: those that disturb it even while all that holds is frozen; -1 when not asked yet. */
  readonly #hard: Int32Array;
  readonly #slots = new Int32Array(SLOTS * SLOT);
  #rows = 0;
  /** Choices for the set that is looked at: the first ones, and how many. */
  readonly #choices = new Int32Array(WAYS);
  #count = 0;

  constructor(space: StateSpace, frozen: Frozen, facts: LeafFacts, sets: TouchedSets) {
    this.#space = space;
    this.#frozen = frozen;
    this.#facts = facts;
    this.#sets = sets;
    this.#hard = new Int32Array(space.threads);
  }

  /** Takes in the open row. */
  look(): void {
    this.#frozen.look();
    const { leaves, threads } = this.#space;
    for (let t = 0; t < threads; t++) {
      const leaf = leaves[t];
      if (leaf) this.#row[t] = this.#facts.of(leaf);
    }
    this.#hard.fill(-1);
    this.#rows++;
  }

  /**
   * Closed set around `seed`. It need not be closed when it has `most` of the `enabled` threads or more,
   * or one of `never`: as what is added is never taken away again, the closed one has them too.
   */
  close(seed: number, way: number, enabled: number, most: number, never: number): number {
    let set = seed;
    this.period = 1;
    for (;;) {
      set = this.#withHard(set);
      if ((set & never) !== 0 || count(set & enabled) >= most) return set;
      const slot = this.#slotOf(set);
      const choices = this.#slots[slot + 2] ?? 0;
      if (choices === 0) return set;
      if (choices > 1) this.period = common(this.period, choices);
      set |= this.#slots[slot + 3 + (way % choices)] ?? 0;
    }
  }

  /** With all that disturbs threads of the set even while all that holds is frozen. */
  #withHard(seed: number): number {
    let set = seed;
    for (let rest = set; rest !== 0;) {
      const p = 31 - Math.clz32(rest & -rest);
      let hard = this.#hard[p] ?? 0;
      if (hard === -1) {
        hard = this.#disturbing(p);
        this.#hard[p] = hard;
      }
      rest = (rest & (rest - 1)) | (hard & ~set);
      set |= hard;
    }
    return set;
  }

  #disturbing(p: number): number {
    const facts = this.#row[p];
    if (facts?.moves !== true) return 0;
    const { least } = this.#frozen;
    let by = 0;
    for (let q = 0; q < least.length; q++)
      if (q !== p && this.#facts.disturbs(least[q] ?? 0, facts)) by |= 1 << q;
    return by;
  }

  /** Where the choices for a set are. */
  #slotOf(set: number): number {
    const slots = this.#slots;
    const slot = (Math.imul(set, 0x9e3779b1) >>> 26) * SLOT;
    if (slots[slot] === this.#rows && slots[slot + 1] === set) return slot;
    this.#find(set);
    slots[slot] = this.#rows;
    slots[slot + 1] = set;
    slots[slot + 2] = this.#count;
    for (let i = 0; i < WAYS && i < this.#count; i++) slots[slot + 3 + i] = this.#choices[i] ?? 0;
    return slot;
  }

  /** Finds choices for a set; none when it is closed. */
  #find(set: number): void {
    const { least, reach } = this.#frozen;
    this.#count = 0;
    this.#frozen.freeze(set);
    const outside = ~set & ((1 << least.length) - 1);
    for (let mine = set; mine !== 0; mine &= mine - 1) {
      const p = 31 - Math.clz32(mine & -mine);
      const facts = this.#row[p];
      if (facts?.blocked === true) {
        this.#unblocking(p, facts, set);
        if (this.#count > 0) return;
      } else if (facts?.moves === true) {
        for (let others = outside; others !== 0; others &= others - 1) {
          const q = 31 - Math.clz32(others & -others);
          const other = reach[q] ?? 0;
          // What it may touch at least was compared before.
          if (other === least[q] || !this.#facts.disturbs(other, facts)) continue;
          return this.#against(q, set);
        }
      }
    }
  }

  #offer(threads: number): void {
    if (this.#count < WAYS) this.#choices[this.#count] = threads;
    this.#count++;
  }

  /** Threads to add so that one that disturbs only behind something thawed does so no more, or is in. */
  #against(q: number, set: number): void {
    const { gates, holding, least, thawed } = this.#frozen;
    this.#offer(1 << q);
    for (let rest = thawed & (gates.used[q] ?? 0); rest !== 0; rest &= rest - 1) {
      const g = 31 - Math.clz32(rest & -rest);
      const bits = gates.literals[g * least.length + q] ?? 0;
      if ((bits & (holding[q] ?? 0)) === 0) continue;
      const by = this.#frozen.changers(least, 1 << g, set);
      if (by === 0 || by === 1 << q) continue;
      return this.#offer(by);
    }
  }

  /** Threads to add so that a blocked thread stays blocked; none when it does. */
  #unblocking(p: number, facts: Facts, set: number): void {
    const { gates, holding, least, reach, pins } = this.#frozen;
    const keys = facts.keys & (holding[p] ?? 0);
    if (this.#frozen.keeps(p, keys)) return;
    let few = 31;
    const gateOf = gates.gateOf[p];
    let closing = 0;
    for (let rest = keys; rest !== 0; rest &= rest - 1)
      closing |= 1 << (gateOf?.[31 - Math.clz32(rest & -rest)] ?? 0);
    for (; closing !== 0; closing &= closing - 1) {
      const g = 31 - Math.clz32(closing & -closing);
      const hard = this.#frozen.changers(least, 1 << g, set);
      few = this.#fewest(hard !== 0 ? hard : this.#frozen.changers(reach, 1 << g, set), few);
      if (((gates.notZero[g * least.length + p] ?? 0) & keys) === 0) continue;
      for (let h = 0; h < least.length; h++)
        if (((set >> h) & 1) === 0 && (((pins[h] ?? 0) >> g) & 1) !== 0)
          few = this.#fewest(1 << h, few);
    }
    if (keys !== 0) return;
    let by = 0;
    for (let q = 0; q < least.length; q++)
      if (((set >> q) & 1) === 0 && this.#sets.changesAny(reach[q] ?? 0, facts.needs)) by |= 1 << q;
    if (by !== 0) this.#offer(by);
  }

  /** Offers threads unless others are fewer; how many the fewest are. */
  #fewest(threads: number, few: number): number {
    const n = count(threads);
    if (n > few || n === 0) return few;
    if (n < few) this.#count = 0;
    this.#offer(threads);
    return n;
  }
}

export function count(mask: number): number {
  let n = 0;
  for (let m = mask; m !== 0; m &= m - 1) n++;
  return n;
}

/** Smallest common multiple as far as ways differ by it, at most their number. */
function common(a: number, b: number): number {
  let n = a;
  while (n < WAYS && n % b !== 0) n += a;
  return Math.min(n, WAYS);
}
