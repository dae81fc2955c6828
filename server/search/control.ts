/**
 * What the inner loop shares with the rest of the search: where things lie in the heap. The loop is
 * there twice, generated (wasm/) and plain (plain-loop.ts); both leave the same bytes behind.
 *
 * - Row n: `words` words of fields, then the row it was reached from; chunks of rows by a directory.
 * - Hash table: a slot is a tag from the hash above the row's number plus one, 0 when free.
 * - Tree of a thread's situation: a node (even address) has the place of a field, its mask and one
 *   kid a code; a leaf is its address plus one; 0 is what was not met yet.
 * - Leaf: id, flags, stored outcomes, steps; then per outcome and word what to keep and what to set.
 * - Tree of the invariants: the same nodes, with `HOLDS` or `BROKEN` as leaves.
 */

/** Words of the control block, by index. */
export const COUNT = 4;
/** Byte addresses of the hash table and of the directory of chunks; slots as a power of two. */
export const TABLE = 5;
export const LG = 6;
export const DIRECTORY = 7;
/** Room for successors of one batch of rows: address, end beyond which no row may start, per row its end and steps. */
export const BUFFER = 8;
export const BUFFER_LAST = 9;
export const BATCH = 10;
/** Byte behind the table of threads. */
export const THREADS_END = 11;
/** Root of the invariants' tree. */
export const JUDGE = 12;
/** Rows that there is room for; a batch starts only when it fits with `SPARE` new rows. */
export const CAPACITY = 13;
export const SPARE = 14;
/** Rows of a batch that have no step, their numbers at an address. */
export const ENDS = 15;
export const END_COUNT = 16;
/** Results: first row that is not expanded, thread whose tree has no leaf yet, steps. */
export const NEXT = 17;
export const LOST = 18;
export const STEPS = 19;
/** Masks of threads of the row that was opened: with a step, with one that fails, to look at. */
export const ENABLED = 20;
export const FAILING = 21;
export const SPECIAL = 22;
/** A place for one state. */
export const SCRATCH = 23;

/** Byte address of the threads: per thread byte offset, shift and mask of its field, address of its roots. */
export const THREADS = 256;
export const THREAD_BYTES = 16;
/** Byte address of what was opened: per thread leaf and situation. */
export const OPENED = 768;
/** Byte behind all that lies at a fixed place; the closed sets (guide-at.ts) begin at 1024. */
export const RESERVED = 8192;
/** Masks of threads have 30 bits. */
export const MOST_THREADS = 30;

export const CHUNK_LG = 13;
/** Rows of one batch. */
export const BATCH_ROWS = 128;

/** Flags of a leaf: must be looked at outside the loop; writes what invariants read; may fail. */
export const LOOK = 1;
export const WATCHED = 2;
export const FAILS = 4;

export const HOLDS = 1;
export const BROKEN = 3;

/** How `run` and `open` end. */
export const DONE = 0;
/** A tree has no leaf for row NEXT, thread LOST. */
export const MISSING = 1;
/** Row NEXT must be expanded outside. */
export const ASIDE = 2;
/** No room for a batch. */
export const FULL = 3;
/** So many rows are stored. */
export const LIMIT = 4;
/** Rows without steps wait at ENDS. */
export const ENDED = 5;
/** The guide lacks something. */
export const UNKNOWN = 6;

export interface Loop {
  /** Expands rows in order, all their steps; how it ended. All rows must lie below COUNT. */
  run(from: number, to: number, limit: number): number;
  /** Finds the leaves of all threads of a row; DONE or MISSING. */
  open(n: number): number;
  /** Takes the steps of some threads of the opened row; 1 when a successor lies behind it. */
  take(n: number, threads: number): number;
  /** Enters all rows into the empty table. */
  fill(): number;
  /**
   * Expands rows in order by the threads that closed sets choose (guide-at.ts); how it ended. Only in a
   * loop that was made for sets of variables.
   */
  guided?(from: number, to: number, limit: number, mode: number): number;
}

/** The hash of a row, word by word; the same in both loops. */
export const HASH = { seed: 0x9e3779b9, word: 0x85ebca6b, shift: 15, last: 0xc2b2ae35, end: 16 };
