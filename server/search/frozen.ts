/**
 * What cannot change while a set T of threads stands still and the others move. A literal
 * (literals.ts) that holds in the open row is *frozen* when no thread outside T can change its variable
 * by steps that frozen literals do not bar. A literal that only says that a count is not zero is frozen
 * as well while a thread of T pins it (counts.ts).
 *
 * Taken for frozen is the largest set of literals that fits this. Soundness: take the first step that
 * changed one of them. It is a step of a thread outside T, reached over steps that read what frozen
 * literals say, for these had not been changed yet; so none of them bars any of these steps, and what the
 * thread may touch holds the change. But then the literal was not taken for frozen.
 *
 * So locks need no rule of their own: who stands in the section of a lock keeps all others out of it, and
 * with them whatever would open the lock.
 */
import type { Counts } from './counts.js';
import type { Futures } from './futures.js';
import type { Gates } from './gates.js';
import type { StateSpace } from './state-space.js';
import type { TouchedSets } from './touched.js';

export class Frozen {
  readonly gates: Gates;
  /** Of the open row, by thread: literals that hold, what it may touch while all do, counts it pins. */
  readonly holding: Int32Array;
  readonly least: Int32Array;
  readonly pins: Int32Array;
  /** Gates with a literal that holds. */
  active = 0;
  /** Of the set that was asked for last, by thread: frozen literals, and what it may touch. */
  readonly frozen: Int32Array;
  readonly reach: Int32Array;
  /** Gates that something outside the set may change. */
  thawed = 0;
  readonly #space: StateSpace;
  readonly #counts: Counts;
  readonly #futures: Futures;
  readonly #sets: TouchedSets;
  /** By touched set: gates that it changes. */
  readonly #changes: number[] = [];

  constructor(
    space: StateSpace,
    gates: Gates,
    counts: Counts,
    futures: Futures,
    sets: TouchedSets,
  ) {
    this.#space = space;
    this.gates = gates;
    this.#counts = counts;
    this.#futures = futures;
    this.#sets = sets;
    const byThread = (): Int32Array => new Int32Array(space.threads);
    this.holding = byThread();
    this.least = byThread();
    this.pins = byThread();
    this.frozen = byThread();
    this.reach = byThread();
  }

  /** Takes in the open row. */
  look(): void {
    const { threads, locals } = this.#space;
    const { gates } = this;
    this.holding.fill(0);
    this.active = 0;
    for (let g = 0; g < gates.size; g++) {
      const holds = gates.holds[g]?.[this.#space.codeOf(gates.vars[g] ?? 0)];
      if (!holds) continue;
      let any = 0;
      for (let users = gates.users[g] ?? 0; users !== 0; users &= users - 1) {
        const q = 31 - Math.clz32(users & -users);
        const mask = holds[q] ?? 0;
        any |= mask;
        this.holding[q] = (this.holding[q] ?? 0) | mask;
      }
      if (any !== 0) this.active |= 1 << g;
    }
    for (let q = 0; q < threads; q++) {
      const local = locals[q] ?? 0;
      const least = this.#futures.of(q, local, this.holding[q] ?? 0);
      this.least[q] = least;
      this.pins[q] = this.#counts.pins(q, local);
      if (least >= this.#changes.length) this.#changesOf(least);
    }
  }

  /** Finds what is frozen while the threads of the set stand still, and what the others may touch then. */
  freeze(set: number): void {
    const { threads, locals } = this.#space;
    const { gates } = this;
    let pinned = 0;
    for (let q = 0; q < threads; q++) {
      this.frozen[q] = this.holding[q] ?? 0;
      this.reach[q] = this.least[q] ?? 0;
      if (((set >> q) & 1) !== 0) pinned |= this.pins[q] ?? 0;
    }
    const frozen = this.frozen;
    const changes = this.#changes;
    let changed = 0;
    for (let q = 0; q < threads; q++)
      if (((set >> q) & 1) === 0) changed |= changes[this.reach[q] ?? 0] ?? 0;
    this.thawed = 0;
    for (;;) {
      const falls = changed & this.active & ~this.thawed;
      if (falls === 0) return;
      this.thawed |= falls;
      let touched = 0;
      for (let rest = falls; rest !== 0; rest &= rest - 1) {
        const g = 31 - Math.clz32(rest & -rest);
        const keep = ((gates.counted[g] ?? 0) & pinned) !== 0;
        let users = gates.users[g] ?? 0;
        touched |= users;
        for (; users !== 0; users &= users - 1) {
          const q = 31 - Math.clz32(users & -users);
          const at = g * threads + q;
          const stays = keep ? (gates.notZero[at] ?? 0) : 0;
          frozen[q] = (frozen[q] ?? 0) & ~((gates.literals[at] ?? 0) & ~stays);
        }
      }
      for (let rest = touched & ~set; rest !== 0; rest &= rest - 1) {
        const q = 31 - Math.clz32(rest & -rest);
        const now = this.#futures.of(q, locals[q] ?? 0, frozen[q] ?? 0);
        this.reach[q] = now;
        changed |= changes[now] ?? this.#changesOf(now);
      }
    }
  }

  /** Gates whose variable a touched set changes. */
  #changesOf(set: number): number {
    let mask = 0;
    for (let n = this.#changes.length; n <= set; n++) {
      mask = 0;
      this.gates.vars.forEach((v, g) => {
        if (this.#sets.changesVar(n, v)) mask |= 1 << g;
      });
      this.#changes.push(mask);
    }
    return mask;
  }

  /** Threads outside the set that may change one of some gates. */
  changers(reach: Int32Array, gates: number, set: number): number {
    let by = 0;
    for (let q = 0; q < this.#space.threads; q++)
      if (((set >> q) & 1) === 0 && ((this.#changes[reach[q] ?? 0] ?? 0) & gates) !== 0)
        by |= 1 << q;
    return by;
  }
}
