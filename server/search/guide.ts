/**
 * Closed sets for the generated loop: fills the tables of guide-at.ts. What does not change is written
 * once; what the loop lacks in a row it names, and gets from the same objects that the plain form asks.
 * So both choose the same threads.
 */
import type { Leaf } from '../machine/automaton.js';
import { MOST_THREADS } from './control.js';
import type { Facts, LeafFacts } from './facts.js';
import type { Frozen } from './frozen.js';
import type { Futures } from './futures.js';
import * as at from './guide-at.js';
import type { Heap } from './heap.js';
import type { Layout } from './layout.js';
import type { TouchedSets } from './touched.js';

const FIRST_FUTURES_LG = 10;
const FIRST_SETS_LG = 7;
const FIRST_FACTS = 1024;
/** Bytes of facts that are asked for at once. */
const SLAB = 1 << 14;

export interface GuideParts {
  readonly threads: number;
  readonly frozen: Frozen;
  readonly futures: Futures;
  readonly sets: TouchedSets;
  readonly facts: LeafFacts;
  /** What invariants read, as a set of variables. */
  readonly watched: Int32Array;
  leaf(id: number): Leaf;
}

export class Guide {
  /** How threads are chosen (guide-at.ts). */
  readonly mode: number;
  /** Bits of the findings that are looked for. */
  open = -1;
  readonly #heap: Heap;
  readonly #parts: GuideParts;
  #layout: Layout | undefined;
  /** Slots of the futures as a power of two, and of the touched sets, of which there may be half as many. */
  #lg = FIRST_FUTURES_LG;
  #setsLg = FIRST_SETS_LG;
  /** Number of the set of nothing: the generated loop numbers sets by itself, from those of the steps on. */
  readonly #nothing: number;
  #slab = 0;
  #slabEnd = 0;

  /** `may`: by thread and situation bits of the findings that it may show. Throws HeapFull, as all here. */
  constructor(heap: Heap, parts: GuideParts, mode: number, may: readonly Int32Array[]) {
    this.mode = mode;
    this.#heap = heap;
    this.#parts = parts;
    const { threads, sets, watched } = parts;
    heap.words.fill(0, at.THREAD_COUNT, at.END >> 2);
    this.#put(at.THREAD_COUNT, threads);
    this.#writeGates();
    this.#writeGateOf();
    for (let t = 0; t < threads; t++) this.#writeSituations(t, may[t]);
    heap.words.fill(-1, at.BEFORE >> 2, (at.BEFORE >> 2) + MOST_THREADS);
    heap.words.fill(-1, at.LOCAL >> 2, (at.LOCAL >> 2) + MOST_THREADS);
    const seen = heap.alloc(4 * sets.words);
    heap.words.set(watched, seen >> 2);
    this.#put(at.WATCHED, seen);
    this.#put(at.UNION, heap.alloc(12 * sets.words));
    this.#put(at.FACTS, heap.alloc(4 * FIRST_FACTS));
    this.#put(at.FACTS_ROOM, FIRST_FACTS);
    this.#openFutures(heap.alloc(12 * 2 ** this.#lg), 0);
    this.#nothing = sets.number(sets.empty());
    this.#writeSets();
    this.#writeSteps();
  }

  #get(word: number): number {
    return this.#heap.words[word] ?? 0;
  }

  #put(word: number, value: number): void {
    this.#heap.words[word] = value;
  }

  // ---- what does not change --------------------------------------------------------------------

  #writeGates(): void {
    const { threads, frozen } = this.#parts;
    const { gates } = frozen;
    const start = this.#heap.alloc(at.GATE_BYTES * Math.max(1, gates.size));
    this.#put(at.GATES, start);
    this.#put(at.GATE_COUNT, gates.size);
    for (let g = 0; g < gates.size; g++) {
      const holds = gates.holds[g] ?? new Int32Array(0);
      const table = this.#heap.alloc(4 * Math.max(1, holds.length));
      const m = this.#heap.words;
      const gate = (start + g * at.GATE_BYTES) >> 2;
      m.set(holds, table >> 2);
      m.set([table, holds.length / threads, gates.users[g] ?? 0, gates.vars[g] ?? 0], gate + 2);
      const mine = (all: Int32Array): Int32Array => all.subarray(g * threads, (g + 1) * threads);
      m.set(mine(gates.literals), gate + (at.GATE_LITERALS >> 2));
      m.set(mine(gates.notZero), gate + (at.GATE_NOT_ZERO >> 2));
    }
  }

  #writeGateOf(): void {
    const { threads, frozen } = this.#parts;
    const start = this.#heap.alloc(128 * threads);
    const m = this.#heap.words;
    this.#put(at.GATE_OF, start);
    for (let t = 0; t < threads; t++) {
      m.set(frozen.gates.gateOf[t] ?? [], (start >> 2) + 32 * t);
      m[(at.USED >> 2) + t] = frozen.gates.used[t] ?? 0;
    }
  }

  #writeSituations(t: number, may: Int32Array | undefined): void {
    const { frozen, futures } = this.#parts;
    const count = futures.situations(t);
    const start = this.#heap.alloc(at.SITUATION_BYTES * Math.max(1, count));
    const m = this.#heap.words;
    m[(at.SITUATIONS >> 2) + t] = start;
    m[(at.SITUATION_COUNT >> 2) + t] = count;
    m[(at.FIRST >> 2) + t] = futures.first(t);
    for (let local = 0; local < count; local++) {
      const situation = [futures.relevant(t, local), frozen.pinsOf(t, local), may?.[local] ?? 0];
      m.set(situation, (start + local * at.SITUATION_BYTES) >> 2);
    }
  }

  /** Steps as futures.ts has them, with addresses for the places where those of a situation begin. */
  #writeSteps(): void {
    const { threads, futures } = this.#parts;
    let [all, most] = [0, 0];
    for (let t = 0; t < threads; t++) {
      const flat = futures.flat(t);
      if (!flat) continue;
      const steps = this.#heap.alloc(4 * flat.steps.length);
      const starts = this.#heap.alloc(4 * flat.start.length);
      const m = this.#heap.words;
      m.set(flat.steps, steps >> 2);
      m.set(
        flat.start.map((i) => steps + 4 * i),
        starts >> 2,
      );
      m[(at.STEPS_OF >> 2) + t] = starts;
      all += futures.situations(t);
      most = Math.max(most, futures.situations(t));
    }
    this.#put(at.SEEN, this.#heap.alloc(4 * Math.max(1, all)));
    this.#put(at.STACK, this.#heap.alloc(4 * Math.max(1, most)));
  }

  /** The touched sets that steps have. */
  #writeSets(): void {
    const { frozen, sets } = this.#parts;
    while (sets.size > 2 ** (this.#setsLg - 1)) this.#setsLg++;
    const words = 3 * sets.words;
    const room = 2 ** (this.#setsLg - 1);
    this.#put(at.SETS, this.#heap.alloc(4 * words * room));
    this.#put(at.CHANGES, this.#heap.alloc(4 * room));
    const m = this.#heap.words;
    for (let n = 0; n < sets.size; n++) {
      m.set(sets.set(n), (this.#get(at.SETS) >> 2) + words * n);
      m[(this.#get(at.CHANGES) >> 2) + n] = frozen.changesOf(n);
    }
    this.#put(at.SET_COUNT, sets.size);
    this.#openSets();
  }

  // ---- what is asked for -----------------------------------------------------------------------

  /** Before the loop runs: fields lie so. */
  enter(layout: Layout): void {
    this.#put(at.OPEN, this.open);
    if (layout === this.#layout) return;
    this.#layout = layout;
    const { threads, frozen } = this.#parts;
    const m = this.#heap.words;
    const gates = this.#get(at.GATES);
    frozen.gates.vars.forEach((v, g) => {
      const field = threads + v;
      const place = (4 * (layout.word[field] ?? 0)) | ((layout.shift[field] ?? 0) << 16);
      m.set([place, layout.mask[field] ?? 0], (gates + g * at.GATE_BYTES) >> 2);
    });
  }

  /** Finds out what the loop lacks, or makes room. */
  learn(): void {
    const leaf = this.#get(at.WANTED_LEAF);
    if (leaf >= 0) this.#writeFacts(leaf);
    else if (this.#get(at.FUTURES_LEFT) === 0) this.#growFutures();
    else this.#growSets();
  }

  #openFutures(start: number, taken: number): void {
    this.#put(at.FUTURES, start);
    this.#put(at.FUTURES_END, start + 12 * 2 ** this.#lg);
    this.#put(at.FUTURES_SHIFT, 32 - this.#lg);
    this.#put(at.FUTURES_LEFT, 2 ** (this.#lg - 1) - taken);
  }

  #enterFuture(from: number, mask: number, set: number): void {
    const m = this.#heap.words;
    const { from: mixed, all } = at.FUTURES_HASH;
    const home = Math.imul(Math.imul(from, mixed) ^ mask, all) >>> (32 - this.#lg);
    const [start, end] = [this.#get(at.FUTURES) >> 2, this.#get(at.FUTURES_END) >> 2];
    let slot = start + 3 * home;
    while (m[slot + 2] !== 0) slot = slot + 3 === end ? start : slot + 3;
    m.set([from, mask, set], slot);
  }

  #growFutures(): void {
    const [old, end] = [this.#get(at.FUTURES), this.#get(at.FUTURES_END)];
    const bigger = this.#heap.alloc(24 * 2 ** this.#lg);
    const taken = 2 ** (this.#lg++ - 1);
    this.#openFutures(bigger, taken);
    const m = this.#heap.words;
    for (let slot = old >> 2; slot < end >> 2; slot += 3)
      if (m[slot + 2] !== 0) this.#enterFuture(m[slot] ?? 0, m[slot + 1] ?? 0, m[slot + 2] ?? 0);
    this.#heap.free(old, end - old);
  }

  /** The table of the sets that there are, half empty. */
  #openSets(): void {
    const slots = 2 ** this.#setsLg;
    const start = this.#heap.alloc(4 * slots);
    this.#put(at.SET_TABLE, start);
    this.#put(at.SET_TABLE_END, start + 4 * slots);
    this.#put(at.SET_SHIFT, 32 - this.#setsLg);
    this.#put(at.SET_ROOM, slots / 2);
    const m = this.#heap.words;
    const words = 3 * this.#parts.sets.words;
    for (let n = 0; n < this.#get(at.SET_COUNT); n++) {
      let h = at.SETS_HASH.seed;
      const set = (this.#get(at.SETS) >> 2) + words * n;
      for (let i = set; i < set + words; i++) {
        h = Math.imul(h ^ (m[i] ?? 0), at.SETS_HASH.word);
        h ^= h >>> at.SETS_HASH.shift;
      }
      let slot = h >>> (32 - this.#setsLg);
      while (m[(start >> 2) + slot] !== 0) slot = (slot + 1) % slots;
      m[(start >> 2) + slot] = n + 1;
    }
  }

  #growSets(): void {
    const room = this.#get(at.SET_ROOM);
    const bytes = 12 * this.#parts.sets.words * room;
    this.#put(at.SETS, this.#longer(this.#get(at.SETS), bytes, 2 * bytes));
    this.#put(at.CHANGES, this.#longer(this.#get(at.CHANGES), 4 * room, 8 * room));
    const old = this.#get(at.SET_TABLE);
    this.#setsLg++;
    this.#openSets();
    this.#heap.free(old, 8 * room);
  }

  #writeFacts(id: number): void {
    const { facts, sets } = this.#parts;
    const known = facts.of(this.#parts.leaf(id));
    // A leaf that came up later has no set.
    const touched = known.touched >= 0 ? known.touched : this.#nothing;
    const record = this.#record(at.FACT_NEEDS + 4 * sets.words);
    this.#factsRoom(id);
    const m = this.#heap.words;
    m.set([flagsOf(known), touched, known.keys, ...known.needs], record >> 2);
    m[(this.#get(at.FACTS) >> 2) + id] = record;
  }

  #record(bytes: number): number {
    if (this.#slab + bytes > this.#slabEnd) {
      this.#slab = this.#heap.alloc(SLAB);
      this.#slabEnd = this.#slab + SLAB;
    }
    this.#slab += bytes;
    return this.#slab - bytes;
  }

  #factsRoom(id: number): void {
    const room = this.#get(at.FACTS_ROOM);
    if (id < room) return;
    this.#put(at.FACTS, this.#longer(this.#get(at.FACTS), 4 * room, 8 * id));
    this.#put(at.FACTS_ROOM, 2 * id);
  }

  /** A table with more room: its new address. */
  #longer(old: number, bytes: number, more: number): number {
    const made = this.#heap.alloc(more);
    this.#heap.words.copyWithin(made >> 2, old >> 2, (old + bytes) >> 2);
    this.#heap.free(old, bytes);
    return made;
  }
}

function flagsOf({ moves, blocked, watched }: Facts): number {
  return (moves ? at.MOVES : 0) | (blocked ? at.BLOCKED : 0) | (watched ? at.IS_WATCHED : 0);
}
