/**
 * Stubborn sets of threads in the open row, from the cover of a program. A set T is closed when
 * - no thread outside can, before one of T moves, touch what the next step of an enabled thread of T
 *   changes, nor change what it reads; and when that step writes what an invariant reads, no thread
 *   outside can write such a thing;
 * - for every blocked thread of T, T has all threads that could change one set of variables without
 *   whose change it stays blocked; or one thread that pins a variable that must become zero.
 * "Can, before one of T moves" counts only steps that the pins of T do not bar (futures.ts).
 *
 * What a closed set keeps. Take any run from here in which a thread of T moves at some time, and its
 * first such step a. Were the thread blocked here, something outside T would have had to free it
 * before, which the second rule excludes; so a is the step that it takes now. It is independent of all
 * steps before it, so taking it first gives a run of the same length to the same state, in which no
 * other step behaves otherwise and no invariant has another value at any step (only one of the
 * exchanged steps writes what invariants read).
 *
 * - Deadlocks and ends: when T has an enabled thread, every run to a state without enabled threads
 *   moves a thread of T, for otherwise that one would still be enabled there. So all of them are
 *   reached, in the fewest steps.
 * - One finding (`asked`): when T has all threads that may still show it, every run to it moves a
 *   thread of T. So it is reached, in the fewest steps; and from a state where such a set has no
 *   enabled thread it cannot be reached at all.
 * - Any finding (`free`): a run to it without a step of T stays possible after every step of T, at
 *   most longer; it is not put off for ever, because the search takes all threads when no successor
 *   by T waits to be expanded. Steps that fail are in no such set.
 */
import type { Leaf, Node } from '../machine/automaton.js';
import type { Cover } from './cover.js';
import { Futures } from './futures.js';
import type { Reach } from './futures.js';
import { findPins } from './pins.js';
import type { Pins } from './pins.js';
import type { StateSpace } from './state-space.js';

/** What is known of a leaf. */
interface Facts extends Reach {
  readonly watched: boolean;
  /** For a blocked one: variables of which one must change. */
  readonly needs: Int32Array;
  /** For a blocked one: pins without whose end it stays blocked. */
  readonly keys: number;
}

export class ClosedSets {
  readonly #space: StateSpace;
  readonly #cover: Cover;
  readonly #pins: Pins;
  readonly #futures: Futures;
  readonly #watched: Int32Array;
  readonly #facts: (Facts | undefined)[] = [];

  constructor(space: StateSpace, cover: Cover) {
    this.#space = space;
    this.#cover = cover;
    this.#pins = findPins(cover);
    this.#futures = new Futures(cover, this.#pins);
    const { machine, automaton } = space;
    const reads = machine.invariantReads;
    this.#watched = this.#futures.bits(
      automaton.cells.flatMap((_, v) => (reads.has(automaton.classOf(v)) ? [v] : [])),
    );
  }

  /** Whether a thread may still write what invariants read. */
  mayWatch(thread: number, local: number): boolean {
    const reach = this.#futures.of(thread, local, 0);
    return reach !== undefined && writesAny(reach, this.#watched);
  }

  /** Enabled threads of a closed set with as few of them as can be found; `failing` ones are in none. */
  free(enabled: number, failing: number): number {
    let best = enabled;
    for (let rest = enabled & ~failing; rest !== 0; rest &= rest - 1) {
      const seed = rest & -rest;
      const set = this.#close(seed);
      if ((set & failing) !== 0 || count(set & enabled) >= count(best)) continue;
      best = set & enabled;
      if (best === seed) break;
    }
    return best;
  }

  /** Enabled threads of a closed set around the given threads. */
  asked(threads: number, enabled: number): number {
    return this.#close(threads) & enabled;
  }

  #close(seed: number): number {
    const { leaves, locals, threads } = this.#space;
    let set = 0;
    let done = 0;
    let pinned = 0;
    let wanted = seed;
    while (wanted !== 0) {
      for (let m = wanted & ~set; m !== 0; m &= m - 1) {
        const t = 31 - Math.clz32(m & -m);
        pinned |= this.#pins.of(t, locals[t] ?? 0);
      }
      set |= wanted;
      const left = set & ~done;
      if (left === 0) return set;
      const p = 31 - Math.clz32(left & -left);
      done |= 1 << p;
      const leaf = leaves[p];
      wanted = 0;
      if (leaf && !leaf.finished) wanted = this.#needs(leaf, set, pinned, threads) & ~set;
      if (wanted === 0) wanted = set & ~done;
    }
    return set;
  }

  /** Threads that the set needs because of the next step of one of its threads. */
  #needs(leaf: Leaf, set: number, pinned: number, threads: number): number {
    const facts = this.#of(leaf);
    if (leaf.blocked && leaf.outcomes.length === 0 && facts.keys !== 0) {
      if ((facts.keys & pinned) !== 0) return 0;
      for (let h = 0; h < threads; h++)
        if ((this.#pins.of(h, this.#space.locals[h] ?? 0) & facts.keys) !== 0) return 1 << h;
    }
    let wanted = 0;
    for (let q = 0; q < threads; q++) {
      if (((set >> q) & 1) !== 0) continue;
      const reach = this.#futures.of(q, this.#space.locals[q] ?? 0, pinned);
      if (reach && this.#disturbs(reach, leaf, facts)) wanted |= 1 << q;
    }
    return wanted;
  }

  #disturbs(other: Reach, leaf: Leaf, facts: Facts): boolean {
    if (leaf.outcomes.length === 0) return writesAny(other, facts.needs);
    return (
      writesAny(other, facts.reads) ||
      writesAny(other, facts.writes) ||
      meets(other.reads, facts.writes) ||
      meets(other.reads, facts.adds) ||
      meets(other.writes, facts.adds) ||
      (facts.watched && writesAny(other, this.#watched))
    );
  }

  #of(leaf: Leaf): Facts {
    return (this.#facts[leaf.id] ??= this.#learn(leaf));
  }

  #learn(leaf: Leaf): Facts {
    const reach = this.#futures.reach(leaf);
    const root = this.#space.automaton.root(leaf.thread, leaf.local);
    return {
      ...reach,
      watched: writesAny(reach, this.#watched),
      needs: this.#futures.bits(leaf.outcomes.length === 0 ? this.#necessary(leaf, root) : []),
      keys: leaf.outcomes.length === 0 ? this.#keys(leaf, root) : 0,
    };
  }

  /** Without a change of one of these the thread stays blocked, whatever the others become. */
  #necessary(leaf: Leaf, root: Node | undefined): readonly number[] {
    const fixed = new Map(leaf.reads.map((v, i) => [v, leaf.codes[i] ?? 0]));
    for (const v of leaf.reads) {
      const code = fixed.get(v) ?? 0;
      fixed.delete(v);
      if (!this.#staysBlocked(root, (w, c) => fixed.get(w) === undefined || fixed.get(w) === c))
        fixed.set(v, code);
    }
    return [...fixed.keys()];
  }

  /** Bits of pinned variables each of which alone keeps the thread blocked while it is not zero. */
  #keys(leaf: Leaf, root: Node | undefined): number {
    const { values } = this.#space.automaton;
    let keys = 0;
    for (const v of leaf.reads) {
      const bit = this.#pins.bit(v);
      if (bit !== 0 && this.#staysBlocked(root, (w, c) => w !== v || values[w]?.[c] !== 0))
        keys |= bit;
    }
    return keys;
  }

  /** Whether all leaves below are blocked, over the codes that are allowed. */
  #staysBlocked(node: Node | undefined, allowed: (v: number, code: number) => boolean): boolean {
    if (!node) return false;
    if (node.leaf) return node.leaf.outcomes.length === 0;
    for (const code of this.#cover.codes(node.v))
      if (allowed(node.v, code) && !this.#staysBlocked(node.kids[code], allowed)) return false;
    return true;
  }
}

function writesAny(reach: Reach, vars: Int32Array): boolean {
  return meets(reach.writes, vars) || meets(reach.adds, vars);
}

function meets(a: Int32Array, b: Int32Array): boolean {
  for (let i = 0; i < a.length; i++) if (((a[i] ?? 0) & (b[i] ?? 0)) !== 0) return true;
  return false;
}

function count(mask: number): number {
  let n = 0;
  for (let m = mask; m !== 0; m &= m - 1) n++;
  return n;
}
