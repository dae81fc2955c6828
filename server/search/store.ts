/**
 * Stored states. A state is cut into pieces (chunks of globals, the used stack of each thread);
 * equal pieces are stored once, and a state is the row of its piece numbers, so a step that changes
 * three cells costs one or two new pieces. Rows are append-only: their order is the search's queue.
 */
import type { MemoryMap } from '../machine/cpu.js';

/** Cells of one piece of the globals. */
const CHUNK = 16;

/** Sequences of integers, each stored once and known by its number, in order of first sight. */
class Interner {
  #data: Int32Array = new Int32Array(1 << 12);
  #ends: Int32Array = new Int32Array(1 << 10);
  #table: Int32Array = new Int32Array(1 << 11);
  #used = 0;
  #count = 0;

  get size(): number {
    return this.#count;
  }

  get bytes(): number {
    return (this.#data.length + this.#ends.length + this.#table.length) * 4;
  }

  /** Number of a sequence; new ones get the next number. */
  intern(from: Int32Array, start: number, length: number): number {
    if (this.#count * 3 > this.#table.length * 2) this.#rehash();
    const mask = this.#table.length - 1;
    for (let slot = hash(from, start, length) & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#table[slot] ?? 0;
      if (entry === 0) {
        this.#table[slot] = this.#count + 1;
        return this.#append(from, start, length);
      }
      if (this.#equals(entry - 1, from, start, length)) return entry - 1;
    }
  }

  #equals(n: number, from: Int32Array, start: number, length: number): boolean {
    const at = this.start(n);
    if (this.end(n) - at !== length) return false;
    const data = this.#data;
    for (let i = 0; i < length; i++) if (data[at + i] !== from[start + i]) return false;
    return true;
  }

  #append(from: Int32Array, start: number, length: number): number {
    while (this.#used + length > this.#data.length) this.#data = grown(this.#data);
    if (this.#count === this.#ends.length) this.#ends = grown(this.#ends);
    for (let i = 0; i < length; i++) this.#data[this.#used + i] = from[start + i] ?? 0;
    this.#used += length;
    this.#ends[this.#count] = this.#used;
    return this.#count++;
  }

  #rehash(): void {
    const table = new Int32Array(this.#table.length * 4);
    const mask = table.length - 1;
    for (let n = 0; n < this.#count; n++) {
      const at = this.start(n);
      let slot = hash(this.#data, at, this.end(n) - at) & mask;
      while (table[slot] !== 0) slot = (slot + 1) & mask;
      table[slot] = n + 1;
    }
    this.#table = table;
  }

  start(n: number): number {
    return n === 0 ? 0 : (this.#ends[n - 1] ?? 0);
  }
  end(n: number): number {
    return this.#ends[n] ?? 0;
  }
  /** The stored integers; valid until the next `intern`. */
  get data(): Int32Array {
    return this.#data;
  }
}

function hash(from: Int32Array, start: number, length: number): number {
  let h = length;
  for (let i = start; i < start + length; i++) {
    h = Math.imul(h ^ (from[i] ?? 0), 0x9e3779b1);
    h ^= h >>> 15;
  }
  return Math.imul(h, 0x85ebca6b) >>> 1;
}

function grown(a: Int32Array): Int32Array {
  const bigger = new Int32Array(a.length * 2);
  bigger.set(a);
  return bigger;
}

export class StateStore {
  readonly #map: MemoryMap;
  readonly #used: (state: Int32Array, thread: number) => number;
  readonly #pieces = new Interner();
  readonly #rows = new Interner();
  /** Chunks that can change, as first cells; then one piece a thread. */
  readonly #chunks: readonly number[];
  /** Piece of each cell that may change, -1: never changes. */
  readonly #pieceOf: Int32Array;
  readonly #loaded: Int32Array;
  #stamp = 0;
  #notes: Int32Array = new Int32Array(1 << 12);
  #noted = 0;
  readonly #seen: Int32Array;

  /** `used`: cells in use from the start of a thread's region. `mutable`: global cells that may change. */
  constructor(
    map: MemoryMap,
    mutable: Uint8Array,
    used: (state: Int32Array, thread: number) => number,
  ) {
    this.#map = map;
    this.#used = used;
    const chunks: number[] = [];
    this.#pieceOf = new Int32Array(map.size).fill(-1);
    for (let start = 0; start < map.threads; start += CHUNK) {
      const end = Math.min(start + CHUNK, map.threads);
      let moves = end > map.globals;
      for (let i = start; i < end; i++) moves ||= mutable[i] === 1;
      if (!moves) continue;
      this.#pieceOf.fill(chunks.length, start, end);
      chunks.push(start);
    }
    for (let t = 0; t < map.threadCount; t++) {
      const base = map.threads + t * map.region;
      this.#pieceOf.fill(chunks.length + t, base, base + map.region);
    }
    this.#chunks = chunks;
    this.#loaded = new Int32Array(chunks.length + map.threadCount).fill(-1);
    this.#seen = new Int32Array(this.#loaded.length);
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Bytes of stored states. */
  get bytes(): number {
    return this.#pieces.bytes + this.#rows.bytes;
  }

  #piece(state: Int32Array, piece: number): number {
    const { threads, region } = this.#map;
    const thread = piece - this.#chunks.length;
    if (thread >= 0)
      return this.#pieces.intern(state, threads + thread * region, this.#used(state, thread));
    const start = this.#chunks[piece] ?? 0;
    return this.#pieces.intern(state, start, Math.min(CHUNK, threads - start));
  }

  /** Stores a whole state, whose cells become the loaded ones; its number. */
  addWhole(state: Int32Array): number {
    for (let p = 0; p < this.#loaded.length; p++) this.#loaded[p] = this.#piece(state, p);
    return this.#rows.intern(this.#loaded, 0, this.#loaded.length);
  }

  /**
   * Notes the row of the state that differs from the loaded one in the cells of `changed`; where it
   * stands among the notes. `forget` drops them.
   */
  note(state: Int32Array, changes: number, changed: (n: number) => number): number {
    const stamp = ++this.#stamp;
    const at = this.#noted;
    const width = this.#loaded.length;
    if (at + width > this.#notes.length) this.#notes = grown(this.#notes);
    this.#notes.set(this.#loaded, at);
    this.#noted = at + width;
    for (let n = 0; n < changes; n++) {
      const piece = this.#pieceOf[changed(n)] ?? -1;
      if (piece < 0 || this.#seen[piece] === stamp) continue;
      this.#seen[piece] = stamp;
      this.#notes[at + piece] = this.#piece(state, piece);
    }
    return at;
  }

  /** Stores a noted row; its number is the old one when the state is known. */
  add(at: number): number {
    return this.#rows.intern(this.#notes, at, this.#loaded.length);
  }

  forget(): void {
    this.#noted = 0;
  }

  /** Number of the loaded state's piece for a thread: equal numbers, equal stacks. */
  stackOf(thread: number): number {
    return this.#loaded[this.#chunks.length + thread] ?? 0;
  }

  /** Brings a stored state into the cells, which must hold the one loaded before. */
  load(n: number, cells: Int32Array): void {
    const at = this.#rows.start(n);
    for (let p = 0; p < this.#loaded.length; p++) {
      const id = this.#rows.data[at + p] ?? 0;
      const old = this.#loaded[p] ?? -1;
      if (id === old) continue;
      this.#loaded[p] = id;
      this.#copy(id, old, p, cells);
    }
  }

  #copy(id: number, old: number, piece: number, cells: Int32Array): void {
    const thread = piece - this.#chunks.length;
    const to =
      thread >= 0 ? this.#map.threads + thread * this.#map.region : (this.#chunks[piece] ?? 0);
    const { data } = this.#pieces;
    const start = this.#pieces.start(id);
    const length = this.#pieces.end(id) - start;
    for (let i = 0; i < length; i++) cells[to + i] = data[start + i] ?? 0;
    const before = old < 0 ? 0 : this.#pieces.end(old) - this.#pieces.start(old);
    if (before > length) cells.fill(0, to + length, to + before);
  }
}
