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
 * - Any finding (`free`), or any surprise (`asked` too, while there may be one): a run to it without a
 *   step of T stays possible after every step of T, at most longer; it is not put off for ever, because
 *   the search takes all threads when no successor by T waits to be expanded. A step that fails has no
 *   successor; in `free` it is in no such set.
 */
import type { Leaf } from '../machine/automaton.js';
import { Closure, WAYS, count } from './closure.js';
import { countsOf } from './counts.js';
import type { Cover } from './cover.js';
import { LeafFacts } from './facts.js';
import { Frozen } from './frozen.js';
import { Futures } from './futures.js';
import { Gates } from './gates.js';
import { Guide } from './guide.js';
import { literalsOf } from './literals.js';
import type { StateSpace } from './state-space.js';
import { Steps } from './steps.js';
import { TouchedSets } from './touched.js';

export class ClosedSets {
  /** Leaves of the cover that are possible as far as counts say, by thread and situation. */
  readonly possible: readonly (readonly (readonly Leaf[])[])[];
  readonly #space: StateSpace;
  readonly #sets: TouchedSets;
  readonly #futures: Futures;
  readonly #frozen: Frozen;
  readonly #facts: LeafFacts;
  readonly #closure: Closure;
  readonly #watched: Int32Array;
  /** A closed set without enabled threads, when one was met. */
  #idle = 0;

  constructor(space: StateSpace, cover: Cover) {
    const { machine, automaton } = space;
    this.#space = space;
    const counts = countsOf(cover);
    this.possible = cover.leaves.map((mine) =>
      mine.map((leaves) => leaves.filter((leaf) => counts.isPossible(leaf))),
    );
    const literals = literalsOf(cover, this.possible);
    const sets = new TouchedSets(automaton.cells.length);
    this.#sets = sets;
    const lists = literals.map((l) => l.literals);
    const steps = new Steps(cover, this.possible, counts, lists, sets);
    this.#futures = new Futures(steps.of, sets);
    const gates = new Gates(cover, literals, counts);
    this.#frozen = new Frozen(space, gates, counts, this.#futures, sets);
    const reads = machine.invariantReads;
    this.#watched = sets.bits(
      automaton.cells.flatMap((_, v) => (reads.has(automaton.classOf(v)) ? [v] : [])),
    );
    this.#facts = new LeafFacts(this.possible, literals, steps, sets, this.#watched);
    this.#closure = new Closure(space, this.#frozen, this.#facts, sets);
  }

  /** 32-bit words of a set of variables. */
  get setWords(): number {
    return this.#sets.words;
  }

  /** How many situations of each thread are known. */
  get situations(): readonly number[] {
    return this.possible.map((mine) => mine.length);
  }

  /** The same sets for the generated loop: how they are chosen and which findings situations may show. Throws HeapFull. */
  guide(mode: number, may: readonly Int32Array[]): Guide {
    const { automaton, rows, threads } = this.#space;
    const parts = {
      threads,
      frozen: this.#frozen,
      futures: this.#futures,
      sets: this.#sets,
      facts: this.#facts,
      watched: this.#watched,
      leaf: (id: number): Leaf => automaton.leaf(id),
    };
    return new Guide(rows.heap, parts, mode, may);
  }

  /** Whether a thread may still write what invariants read. */
  mayWatch(thread: number, local: number): boolean {
    return this.#sets.changesAny(this.#futures.of(thread, local, 0), this.#watched);
  }

  /** Enabled threads of a closed set with as few of them as can be found; `failing` ones are in none. */
  free(enabled: number, failing: number): number {
    if ((enabled & (enabled - 1)) === 0) return enabled;
    this.#closure.look();
    let best = enabled;
    for (let rest = enabled & ~failing; rest !== 0; rest &= rest - 1) {
      best = this.#fewest(rest & -rest, enabled, best, failing);
      if ((best & (best - 1)) === 0) return best;
    }
    return best;
  }

  /**
   * Enabled threads of a closed set around the given threads. `ends`: states without enabled threads
   * are looked for as well, so at least one.
   */
  asked(threads: number, enabled: number, ends: boolean): number {
    if (ends && (enabled & (enabled - 1)) === 0) return enabled;
    this.#closure.look();
    let best = enabled;
    this.#idle = 0;
    if (threads !== 0) {
      best = this.#fewest(threads, enabled, best, 0);
      if (this.#idle === 0) return best;
      if (!ends) return 0;
    }
    const idle = this.#idle;
    for (let rest = enabled; rest !== 0; rest &= rest - 1) {
      best = this.#fewest(idle | (rest & -rest), enabled, best, 0);
      if ((best & (best - 1)) === 0) return best;
    }
    return best;
  }

  /**
   * Enabled threads of the closed set around a seed that has the fewest, or `best` when none has fewer.
   * Ways that make the same set again are left out; one that moves nothing ends the search for others.
   */
  #fewest(seed: number, enabled: number, best: number, never: number): number {
    let least = best;
    for (let way = 0, done = 0; way < WAYS; way++) {
      if (((done >> way) & 1) !== 0) continue;
      const set = this.#closure.close(seed, way, enabled, count(least), never);
      const { period } = this.#closure;
      const moving = set & enabled;
      if (moving === 0) {
        this.#idle = set;
        break;
      }
      if ((set & never) === 0 && count(moving) < count(least)) least = moving;
      if (period === 1 || (least & (least - 1)) === 0) break;
      for (let same = way + period; same < WAYS; same += period) done |= 1 << same;
    }
    return least;
  }
}
