/**
 * One linear memory for all that a search stores: rows, hash table, the threads' trees. Generated
 * and plain code work on the same bytes. Pieces are given back and used again, so that a table that
 * has grown leaves its old place to rows.
 */

const PAGE = 1 << 16;
const ALIGN = 16;
/** Pages are asked for ahead of need, at most so many bytes; memory that is not touched costs none. */
const MOST_AHEAD = 1 << 26;

/** The memory cannot grow further. Thrown before anything was changed. */
export class HeapFull extends Error {}

interface Hole {
  at: number;
  size: number;
}

export class Heap {
  readonly memory: WebAssembly.Memory;
  /** All of the memory; another array after each `alloc`. */
  words: Int32Array;
  /** First byte behind everything in use, and behind everything that was ever in use. */
  #top: number;
  #touched: number;
  /** Free pieces below `#top`, by address; neighbours are one. */
  readonly #holes: Hole[] = [];

  /** `reserved`: bytes at address 0 that are not given out. */
  constructor(reserved: number) {
    this.memory = new WebAssembly.Memory({ initial: 1 + Math.ceil(reserved / PAGE) });
    this.words = new Int32Array(this.memory.buffer);
    this.#top = rounded(reserved);
    this.#touched = this.#top;
  }

  /** Bytes up to the last one in use, pieces that were given back included. */
  get bytes(): number {
    return this.#top;
  }

  /** The same at its most. */
  get peak(): number {
    return this.#touched;
  }

  /** Address of so many bytes, all zero. Throws HeapFull. */
  alloc(bytes: number): number {
    const size = rounded(bytes);
    const hole = this.#holes.findIndex((h) => h.size >= size);
    const at = hole >= 0 ? this.#cut(hole, size) : this.#extend(size);
    this.words.fill(0, at >> 2, Math.min(at + size, this.#touched) >> 2);
    this.#touched = Math.max(this.#touched, this.#top);
    return at;
  }

  #cut(nth: number, size: number): number {
    const hole = this.#holes[nth] ?? { at: 0, size };
    const { at } = hole;
    hole.at += size;
    hole.size -= size;
    if (hole.size === 0) this.#holes.splice(nth, 1);
    return at;
  }

  #extend(size: number): number {
    const have = this.memory.buffer.byteLength;
    const need = this.#top + size - have;
    if (need > 0 && !this.#grow(need + Math.min(MOST_AHEAD, have >> 2))) {
      if (!this.#grow(need)) throw new HeapFull('the memory of the search is full');
    }
    const at = this.#top;
    this.#top += size;
    return at;
  }

  #grow(bytes: number): boolean {
    try {
      this.memory.grow(Math.ceil(bytes / PAGE));
    } catch {
      return false;
    }
    this.words = new Int32Array(this.memory.buffer);
    return true;
  }

  /** Gives back what `alloc(bytes)` gave. */
  free(at: number, bytes: number): void {
    const size = rounded(bytes);
    const next = this.#holes.findIndex((h) => h.at > at);
    const nth = next < 0 ? this.#holes.length : next;
    this.#holes.splice(nth, 0, { at, size });
    this.#join(nth);
    if (nth > 0) this.#join(nth - 1);
    const last = this.#holes.at(-1);
    if (!last || last.at + last.size !== this.#top) return;
    this.#top = last.at;
    this.#holes.pop();
  }

  #join(nth: number): void {
    const [a, b] = [this.#holes[nth], this.#holes[nth + 1]];
    if (!a || !b || a.at + a.size !== b.at) return;
    a.size += b.size;
    this.#holes.splice(nth + 1, 1);
  }
}

function rounded(bytes: number): number {
  return Math.ceil(bytes / ALIGN) * ALIGN;
}
