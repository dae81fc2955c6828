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
  /** Of the open row, by thread: literals that hold, what it may touch while all do, gates it pins. */
  readonly holding: Int32Array;
  readonly least: Int32Array;
  readonly pins: Int32Array;
  /** Gates with a literal that holds. */
  active = 0;
  /** Of the set that was asked for last: what each thread outside may touch. */
  readonly reach: Int32Array;
  /** Gates that something outside the set may change, and those that it pins. */
  thawed = 0;
  pinned = 0;
  readonly #space: StateSpace;
  readonly #futures: Futures;
  readonly #sets: TouchedSets;
  /** By thread and situation: gates that it pins. */
  readonly #pins: readonly Int32Array[];
  /** By touched set: gates that it changes. */
  readonly #changes: number[] = [];
  /** Codes of the gates in the open row and in the one that was looked at before. */
  readonly #codes: Int32Array;
  readonly #before: Int32Array;
  /** By thread: situation and literals for which `least` was asked. */
  readonly #local: Int32Array;
  readonly #held: Int32Array;
  /** By thread: literals that make a difference to it and hold, those that are frozen. */
  readonly #matter: Int32Array;
  readonly #left: Int32Array;

  constructor(
    space: StateSpace,
    gates: Gates,
    counts: Counts,
    futures: Futures,
    sets: TouchedSets,
  ) {
    this.#space = space;
    this.gates = gates;
    this.#futures = futures;
    this.#sets = sets;
    this.#pins = pinsOf(space, gates, counts);
    this.#codes = new Int32Array(gates.size);
    this.#before = new Int32Array(gates.size).fill(-1);
    const byThread = (): Int32Array => new Int32Array(space.threads);
    this.holding = byThread();
    this.least = byThread();
    this.pins = byThread();
    this.reach = byThread();
    this.#local = byThread().fill(-1);
    this.#held = byThread();
    this.#matter = byThread();
    this.#left = byThread();
  }

  /** Takes in the open row: what has changed since the one before. */
  look(): void {
    const { threads, locals } = this.#space;
    const [codes, before] = [this.#codes, this.#before];
    this.#space.codesOf(this.gates.vars, codes);
    for (let g = 0; g < codes.length; g++) {
      const code = codes[g] ?? 0;
      if (code === before[g]) continue;
      before[g] = code;
      this.#hold(g, code);
    }
    for (let q = 0; q < threads; q++) {
      const local = locals[q] ?? 0;
      const holding = this.holding[q] ?? 0;
      if (this.#local[q] === local && this.#held[q] === holding) continue;
      this.#local[q] = local;
      this.#held[q] = holding;
      this.#matter[q] = holding & this.#futures.relevant(q, local);
      this.pins[q] = this.pinsOf(q, local);
      const least = this.#futures.of(q, local, holding);
      this.least[q] = least;
      if (least >= this.#changes.length) this.changesOf(least);
    }
  }

  /** The literals of one gate for a code that it has now. */
  #hold(g: number, code: number): void {
    const { gates } = this;
    const { threads } = this.#space;
    const holds = gates.holds[g];
    let any = 0;
    for (let users = gates.users[g] ?? 0; users !== 0; users &= users - 1) {
      const q = 31 - Math.clz32(users & -users);
      // No literal holds for a code that came up later.
      const mask = holds?.[code * threads + q] ?? 0;
      any |= mask;
      this.holding[q] = ((this.holding[q] ?? 0) & ~(gates.literals[g * threads + q] ?? 0)) | mask;
    }
    this.active = any === 0 ? this.active & ~(1 << g) : this.active | (1 << g);
  }

  /** Finds what is frozen while the threads of the set stand still, and what the others may touch then. */
  freeze(set: number): void {
    const { threads, locals } = this.#space;
    const { least, pins, reach } = this;
    const [changes, left, matter] = [this.#changes, this.#left, this.#matter];
    let [pinned, changed] = [0, 0];
    for (let q = 0; q < threads; q++) {
      if (((set >> q) & 1) !== 0) pinned |= pins[q] ?? 0;
      else {
        const all = least[q] ?? 0;
        reach[q] = all;
        left[q] = matter[q] ?? 0;
        changed |= changes[all] ?? 0;
      }
    }
    this.pinned = pinned;
    this.thawed = 0;
    for (;;) {
      const falls = changed & this.active & ~this.thawed;
      if (falls === 0) return;
      this.thawed |= falls;
      for (let rest = this.#thaw(falls, set); rest !== 0; rest &= rest - 1) {
        const q = 31 - Math.clz32(rest & -rest);
        const now = this.#futures.of(q, locals[q] ?? 0, left[q] ?? 0);
        reach[q] = now;
        changed |= changes[now] ?? this.changesOf(now);
      }
    }
  }

  /** Takes literals of gates for not frozen; threads outside the set to which that makes a difference. */
  #thaw(falls: number, set: number): number {
    const { literals, notZero, users } = this.gates;
    const { threads } = this.#space;
    const left = this.#left;
    let touched = 0;
    for (let rest = falls; rest !== 0; rest &= rest - 1) {
      const g = 31 - Math.clz32(rest & -rest);
      const stays = ((this.pinned >> g) & 1) !== 0;
      for (let more = (users[g] ?? 0) & ~set; more !== 0; more &= more - 1) {
        const q = 31 - Math.clz32(more & -more);
        const at = g * threads + q;
        const drop = (left[q] ?? 0) & (literals[at] ?? 0) & ~(stays ? (notZero[at] ?? 0) : 0);
        if (drop === 0) continue;
        left[q] = (left[q] ?? 0) & ~drop;
        touched |= 1 << q;
      }
    }
    return touched;
  }

  /** Whether one of some literals of a thread that hold is frozen. */
  keeps(thread: number, literals: number): boolean {
    const { gateOf, notZero } = this.gates;
    const mine = gateOf[thread];
    for (let rest = literals; rest !== 0; rest &= rest - 1) {
      const bit = rest & -rest;
      const g = mine?.[31 - Math.clz32(bit)] ?? 0;
      if (((this.thawed >> g) & 1) === 0) return true;
      const at = g * this.#space.threads + thread;
      if (((this.pinned >> g) & 1) !== 0 && ((notZero[at] ?? 0) & bit) !== 0) return true;
    }
    return false;
  }

  /** Gates that a thread pins in a situation. */
  pinsOf(thread: number, local: number): number {
    return this.#pins[thread]?.[local] ?? 0;
  }

  /** Gates whose variable a touched set changes. */
  changesOf(set: number): number {
    let mask = this.#changes[set] ?? 0;
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

function pinsOf(space: StateSpace, gates: Gates, counts: Counts): readonly Int32Array[] {
  return Array.from({ length: space.threads }, (_, q) =>
    Int32Array.from({ length: space.automaton.localCount(q) }, (__, local) => {
      const pins = counts.pins(q, local);
      return gates.counted.reduce(
        (mask, bit, g) => ((bit & pins) !== 0 ? mask | (1 << g) : mask),
        0,
      );
    }),
  );
}
