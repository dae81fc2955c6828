/**
 * Stubborn sets of threads in the open row, from the cover of a program. What is frozen while a set of
 * threads stands still, and what the others may touch then, is in frozen.ts.
 *
 * A set T is closed when
 * - no thread outside can, before one of T moves, change what the next step of an enabled thread of T
 *   reads or changes, nor read what it changes; and when that step writes what an invariant reads, no
 *   thread outside can write such a thing;
 * - every blocked thread of T is blocked by a frozen literal, or by values that no thread outside can
 *   change before one of T moves.
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
 * - Findings of which T has all threads that may still show them (`asked`): every run to one moves a
 *   thread of T. So each is reached, in the fewest steps.
 * - Any finding (`free`): a run to it without a step of T stays possible after every step of T, at
 *   most longer; it is not put off for ever, because the search takes all threads when no successor
 *   by T waits to be expanded. Steps that fail are in no such set.
 */
import type { Leaf } from '../machine/automaton.js';
import { Counts } from './counts.js';
import type { Cover } from './cover.js';
import { Frozen } from './frozen.js';
import { Futures } from './futures.js';
import { Gates } from './gates.js';
import { literalsOf } from './literals.js';
import type { ThreadLiterals } from './literals.js';
import type { StateSpace } from './state-space.js';
import { Steps } from './steps.js';
import { TouchedSets } from './touched.js';

/** Ways in which ties are broken before the smallest set is taken. */
const WAYS = 8;

const NOTHING_KNOWN = new Uint8Array(0);

/** What is known of a leaf. */
interface Facts {
  readonly touched: number;
  readonly watched: boolean;
  /** By number of a touched set: 1 when a thread that may touch it disturbs the step, 2 when not. */
  disturbed: Uint8Array;
  /** For a blocked one: literals of the thread each of which alone blocks it. */
  readonly keys: number;
  /** For a blocked one: variables of which one must change. */
  readonly needs: Int32Array;
}

export class ClosedSets {
  /** Leaves of the cover that are possible as far as counts say, by thread and situation. */
  readonly possible: readonly (readonly (readonly Leaf[])[])[];
  readonly #space: StateSpace;
  readonly #literals: readonly ThreadLiterals[];
  readonly #sets: TouchedSets;
  readonly #steps: Steps;
  readonly #futures: Futures;
  readonly #frozen: Frozen;
  readonly #watched: Int32Array;
  readonly #facts: (Facts | undefined)[] = [];
  readonly #options: number[] = [];
  /** Whether the last set could have been made in another way. */
  #tied = false;

  constructor(space: StateSpace, cover: Cover) {
    const { machine, automaton } = space;
    this.#space = space;
    const counts = new Counts(cover);
    this.possible = cover.leaves.map((mine) =>
      mine.map((leaves) => leaves.filter((leaf) => counts.isPossible(leaf))),
    );
    this.#literals = literalsOf(cover, this.possible);
    const sets = new TouchedSets(automaton.cells.length);
    this.#sets = sets;
    const literals = this.#literals.map((l) => l.literals);
    this.#steps = new Steps(cover, this.possible, counts, literals, sets);
    this.#futures = new Futures(this.#steps.of, sets);
    const gates = new Gates(cover, this.#literals, counts);
    this.#frozen = new Frozen(space, gates, counts, this.#futures, sets);
    const reads = machine.invariantReads;
    this.#watched = sets.bits(
      automaton.cells.flatMap((_, v) => (reads.has(automaton.classOf(v)) ? [v] : [])),
    );
  }

  /** Whether a thread may still write what invariants read. */
  mayWatch(thread: number, local: number): boolean {
    return this.#sets.changesAny(this.#futures.of(thread, local, 0), this.#watched);
  }

  /** Enabled threads of a closed set with as few of them as can be found; `failing` ones are in none. */
  free(enabled: number, failing: number): number {
    if ((enabled & (enabled - 1)) === 0) return enabled;
    this.#frozen.look();
    let best = enabled;
    for (let rest = enabled & ~failing; rest !== 0; rest &= rest - 1)
      for (let way = 0; way < WAYS; way++) {
        const set = this.#close(rest & -rest, way);
        if ((set & failing) === 0 && count(set & enabled) < count(best)) best = set & enabled;
        if ((best & (best - 1)) === 0) return best;
        if (!this.#tied) break;
      }
    return best;
  }

  /**
   * Enabled threads of a closed set around the given threads. `ends`: states without enabled threads
   * are looked for as well, so at least one.
   */
  asked(threads: number, enabled: number, ends: boolean): number {
    if (ends && (enabled & (enabled - 1)) === 0) return enabled;
    this.#frozen.look();
    let best = enabled;
    let idle = 0;
    for (let way = 0; way < WAYS && threads !== 0; way++) {
      const set = this.#close(threads, way);
      const moving = set & enabled;
      if (moving === 0) {
        if (!ends) return 0;
        idle = set;
        break;
      }
      if (count(moving) < count(best)) best = moving;
      if ((best & (best - 1)) === 0) return best;
      if (!this.#tied) break;
    }
    if (threads !== 0 && idle === 0) return best;
    for (let rest = enabled; rest !== 0; rest &= rest - 1)
      for (let way = 0; way < WAYS; way++) {
        const moving = this.#close(idle | (rest & -rest), way) & enabled;
        if (count(moving) < count(best)) best = moving;
        if ((best & (best - 1)) === 0) return best;
        if (!this.#tied) break;
      }
    return best;
  }

  #close(seed: number, way: number): number {
    const { leaves, threads } = this.#space;
    let set = seed;
    this.#tied = false;
    for (;;) {
      let more = 0;
      // What disturbs even while all that holds is frozen.
      for (let done = 0; done !== set;) {
        const bit = set & ~done & -(set & ~done);
        done |= bit;
        const p = 31 - Math.clz32(bit);
        const leaf = leaves[p];
        if (!leaf || leaf.finished || leaf.outcomes.length === 0) continue;
        const facts = this.#of(leaf);
        for (let q = 0; q < threads; q++)
          if (((set >> q) & 1) === 0 && this.#disturbs(this.#frozen.least[q] ?? 0, facts))
            set |= 1 << q;
      }
      this.#frozen.freeze(set);
      for (let p = 0; p < threads && more === 0; p++) {
        const leaf = leaves[p];
        if (((set >> p) & 1) === 0 || !leaf || leaf.finished) continue;
        const facts = this.#of(leaf);
        if (leaf.outcomes.length === 0) more = this.#unblocking(p, facts, set, way);
        else
          for (let q = 0; q < threads && more === 0; q++)
            if (((set >> q) & 1) === 0 && this.#disturbs(this.#frozen.reach[q] ?? 0, facts))
              more = this.#against(q, set, way);
      }
      if (more === 0) return set;
      set |= more;
    }
  }

  /** Threads to add so that one that disturbs only behind something thawed does so no more, or is in. */
  #against(q: number, set: number, way: number): number {
    const { gates, holding, least } = this.#frozen;
    for (let rest = this.#frozen.thawed; rest !== 0; rest &= rest - 1) {
      const g = 31 - Math.clz32(rest & -rest);
      const bits = gates.literals[g * this.#space.threads + q] ?? 0;
      if ((bits & (holding[q] ?? 0)) === 0) continue;
      const by = this.#frozen.changers(least, 1 << g, set);
      if (by === 0 || by === 1 << q) continue;
      this.#tied = true;
      return (way & 1) === 0 ? 1 << q : by;
    }
    return 1 << q;
  }

  /** Threads to add so that a blocked thread stays blocked; 0 when it does. */
  #unblocking(p: number, facts: Facts, set: number, way: number): number {
    const { gates, holding, least, reach, frozen, active, pins } = this.#frozen;
    if ((facts.keys & (frozen[p] ?? 0)) !== 0) return 0;
    const { threads } = this.#space;
    const options = this.#options;
    options.length = 0;
    let few = threads + 1;
    const offer = (by: number): void => {
      const n = count(by);
      if (n > few) return;
      if (n < few) options.length = 0;
      few = n;
      options.push(by);
    };
    const keys = facts.keys & (holding[p] ?? 0);
    for (let rest = keys === 0 ? 0 : active; rest !== 0; rest &= rest - 1) {
      const g = 31 - Math.clz32(rest & -rest);
      const at = g * threads;
      if (((gates.literals[at + p] ?? 0) & keys) === 0) continue;
      const hard = this.#frozen.changers(least, 1 << g, set);
      offer(hard !== 0 ? hard : this.#frozen.changers(reach, 1 << g, set));
      const counted = gates.counted[g] ?? 0;
      if (counted !== 0 && ((gates.notZero[at + p] ?? 0) & keys) !== 0)
        for (let h = 0; h < threads; h++)
          if (((set >> h) & 1) === 0 && ((pins[h] ?? 0) & counted) !== 0) offer(1 << h);
    }
    if (options.length === 0) {
      let by = 0;
      for (let q = 0; q < threads; q++)
        if (
          ((set >> q) & 1) === 0 &&
          this.#sets.changesAny(this.#frozen.reach[q] ?? 0, facts.needs)
        )
          by |= 1 << q;
      return by;
    }
    if (options.length > 1) this.#tied = true;
    return options[way % options.length] ?? 0;
  }

  #disturbs(other: number, facts: Facts): boolean {
    const known = facts.disturbed[other] ?? 0;
    if (known !== 0) return known === 1;
    const yes =
      this.#sets.conflict(facts.touched, other) ||
      (facts.watched && this.#sets.changesAny(other, this.#watched));
    if (other >= facts.disturbed.length) {
      const longer = new Uint8Array(Math.max(64, 2 * other));
      longer.set(facts.disturbed);
      facts.disturbed = longer;
    }
    facts.disturbed[other] = yes ? 1 : 2;
    return yes;
  }

  #of(leaf: Leaf): Facts {
    return (this.#facts[leaf.id] ??= this.#learn(leaf));
  }

  #learn(leaf: Leaf): Facts {
    const touched = this.#steps.touched[leaf.id] ?? -1;
    const isBlocked = leaf.outcomes.length === 0;
    const keys = isBlocked ? (this.#literals[leaf.thread]?.blocking[leaf.local] ?? 0) : 0;
    return {
      touched,
      watched: this.#sets.changesAny(touched, this.#watched),
      disturbed: NOTHING_KNOWN,
      keys,
      needs: this.#sets.bits(isBlocked ? this.#necessary(leaf) : []),
    };
  }

  /** Without a change of one of these the thread stays blocked, whatever the others become. */
  #necessary(leaf: Leaf): readonly number[] {
    const open = (this.possible[leaf.thread]?.[leaf.local] ?? []).filter(
      (l) => l.outcomes.length > 0,
    );
    const fixed = new Map(leaf.reads.map((v, i) => [v, leaf.codes[i] ?? 0]));
    for (const v of leaf.reads) {
      const code = fixed.get(v) ?? 0;
      fixed.delete(v);
      const frees = open.some((l) =>
        l.reads.every((w, i) => (fixed.get(w) ?? l.codes[i]) === l.codes[i]),
      );
      if (frees) fixed.set(v, code);
    }
    return [...fixed.keys()];
  }
}

function count(mask: number): number {
  let n = 0;
  for (let m = mask; m !== 0; m &= m - 1) n++;
  return n;
}
