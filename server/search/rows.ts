/**
 * Stored states as rows of packed bits, in one heap with their hash table. Rows are only appended:
 * their order is the queue of a breadth-first search. They lie in chunks that never move, so growing
 * copies nothing; the table has 4 bytes a slot and is made anew when it is full.
 */
import * as at from './control.js';
import { Heap } from './heap.js';
import { EMPTY } from './layout.js';
import type { Layout } from './layout.js';
import { PlainLoop } from './plain-loop.js';
import { generatedLoop } from './wasm/index.js';

const CHUNK_ROWS = 1 << at.CHUNK_LG;
const FIRST_LG = 12;
/** From so many slots on, memory counts more than empty slots: fuller tables, smaller steps. */
const LARGE_LG = 20;
const FIRST_CHUNKS = 256;
/** Successors that a batch has room for, at least. */
const ROOM = 1024;

export class Rows {
  readonly heap = new Heap(at.RESERVED);
  layout: Layout = EMPTY;
  loop: at.Loop;
  readonly #which: 'plain' | 'generated' | undefined;
  /** Words of a set of variables, when the loop is to choose threads. */
  #setWords = 0;
  #plain: PlainLoop;
  #chunks = 0;
  #directory = FIRST_CHUNKS;
  #room = 0;
  #most = 0;

  /** `which`: the loop that runs; when it is not said, the generated one where it chooses threads or the first room is used up. */
  constructor(which: 'plain' | 'generated' | undefined) {
    this.#which = which;
    this.#plain = new PlainLoop(this.heap, 1);
    this.loop = this.#plain;
    this.#put(at.DIRECTORY, this.heap.alloc(4 * this.#directory));
    this.#put(at.BATCH, this.heap.alloc(8 * at.BATCH_ROWS));
    this.#put(at.ENDS, this.heap.alloc(4 * at.BATCH_ROWS));
    this.#table(FIRST_LG);
    this.#fitted(1);
  }

  get count(): number {
    return this.#get(at.COUNT);
  }

  /** Bytes that are taken, whether rows fill them yet or not. */
  get bytes(): number {
    return this.heap.bytes;
  }

  #get(word: number): number {
    return this.heap.words[word] ?? 0;
  }

  #put(word: number, value: number): void {
    this.heap.words[word] = value;
  }

  /** Word where row `n` starts. */
  start(n: number): number {
    const chunk = this.heap.words[(this.#get(at.DIRECTORY) >> 2) + (n >>> at.CHUNK_LG)] ?? 0;
    return (chunk >> 2) + (n & (CHUNK_ROWS - 1)) * (this.layout.words + 1);
  }

  /** Row from which row `n` was reached first. */
  parent(n: number): number {
    return this.heap.words[this.start(n) + this.layout.words] ?? 0;
  }

  /** A field of the state that starts at a word. */
  field(start: number, field: number): number {
    const { word, shift, mask } = this.layout;
    const bits = this.heap.words[start + (word[field] ?? 0)] ?? 0;
    return (bits >>> (shift[field] ?? 0)) & (mask[field] ?? 0);
  }

  /** Whether a generated loop runs: where it was asked for, and in searches that it pays for. */
  get #isGenerated(): boolean {
    if (this.#which !== undefined) return this.#which === 'generated';
    return this.#setWords > 0 || this.#get(at.LG) > FIRST_LG;
  }

  #generate(): void {
    this.loop = generatedLoop(this.heap, this.layout.words, this.#setWords) ?? this.#plain;
  }

  /** From now on a generated loop runs that chooses threads, by sets of variables of so many words. */
  guide(setWords: number): void {
    this.#setWords = setWords;
    if (this.#which !== 'plain') this.#generate();
  }

  /** Keeps the state at a word when it is new; its row. There must be room. */
  add(from: number, parent: number): number {
    return this.#plain.add(from, parent);
  }

  // ---- room ----------------------------------------------------------------------------------

  /** Buffers for rows of so many words. */
  #fitted(old: number): void {
    const { words } = this.layout;
    const { heap } = this;
    if (this.#get(at.SCRATCH) !== 0) heap.free(this.#get(at.SCRATCH), 4 * old);
    this.#put(at.SCRATCH, heap.alloc(4 * words));
    this.#plain = new PlainLoop(heap, words);
    this.loop = this.#plain;
    if (this.#isGenerated) this.#generate();
    this.#buffer(old, this.#room, Math.max(ROOM, this.#room));
  }

  #buffer(oldWords: number, oldRoom: number, room: number): void {
    const { heap } = this;
    if (oldRoom > 0) heap.free(this.#get(at.BUFFER), 4 * (oldWords + 1) * oldRoom);
    this.#put(at.BUFFER, heap.alloc(4 * (this.layout.words + 1) * room));
    this.#room = room;
    this.#put(at.SPARE, room);
    this.#put(at.CAPACITY, 0);
    this.#bound();
  }

  /** The last place in the buffer from which the widest row still fits. */
  #bound(): void {
    const bytes = 4 * (this.layout.words + 1) * (this.#room - this.#most);
    this.#put(at.BUFFER_LAST, this.#get(at.BUFFER) + bytes);
  }

  /** No row has more successors than `most`. */
  widest(most: number): void {
    this.#most = most;
    if (4 * most > this.#room) this.#buffer(this.layout.words, this.#room, 8 * most);
    this.#bound();
  }

  /** Makes room for a batch. Throws HeapFull, with nothing lost. */
  reserve(): void {
    const need = this.count + this.#room;
    while (this.#chunks * CHUNK_ROWS < need) this.#chunk();
    const lg = this.#get(at.LG);
    if (need > mostIn(lg)) this.#table(lg + (lg < LARGE_LG - 2 ? 2 : 1));
    this.#put(at.CAPACITY, Math.min(this.#chunks * CHUNK_ROWS, mostIn(this.#get(at.LG))));
  }

  /** Whether a batch would fit. */
  get ready(): boolean {
    return this.count + this.#room <= this.#get(at.CAPACITY);
  }

  #chunk(): void {
    const { heap } = this;
    if (this.#chunks === this.#directory) {
      const bigger = heap.alloc(8 * this.#directory);
      const old = this.#get(at.DIRECTORY);
      heap.words.copyWithin(bigger >> 2, old >> 2, (old >> 2) + this.#directory);
      heap.free(old, 4 * this.#directory);
      this.#directory *= 2;
      this.#put(at.DIRECTORY, bigger);
    }
    const made = heap.alloc(4 * (this.layout.words + 1) * CHUNK_ROWS);
    heap.words[(this.#get(at.DIRECTORY) >> 2) + this.#chunks++] = made;
  }

  #table(lg: number): void {
    const { heap } = this;
    const made = heap.alloc(4 * 2 ** lg);
    const [old, oldLg] = [this.#get(at.TABLE), this.#get(at.LG)];
    this.#put(at.TABLE, made);
    this.#put(at.LG, lg);
    if (this.#isGenerated && this.loop === this.#plain) this.#generate();
    this.loop.fill();
    if (old !== 0) heap.free(old, 4 * 2 ** oldLg);
  }

  // ---- layout --------------------------------------------------------------------------------

  /** Brings all rows into another layout of the same fields and further ones. Throws HeapFull. */
  lay(next: Layout): void {
    const old = this.layout;
    const moved = old.widths.flatMap((width, f) =>
      width > 0 && (old.word[f] !== next.word[f] || old.shift[f] !== next.shift[f]) ? [f] : [],
    );
    this.layout = next;
    const wider = next.words !== old.words;
    if (wider || moved.length > 0) this.#move(old, next, moved);
    if (wider) this.#fitted(old.words);
    if (!wider && moved.length === 0) return;
    const table = this.#get(at.TABLE) >> 2;
    this.heap.words.fill(0, table, table + 2 ** this.#get(at.LG));
    this.loop.fill();
  }

  /** Chunk by chunk, so that no more than one is there twice. */
  #move(old: Layout, next: Layout, moved: readonly number[]): void {
    const { heap } = this;
    const bytes = (words: number): number => 4 * (words + 1) * CHUNK_ROWS;
    for (let c = 0; c < this.#chunks; c++) {
      const entry = (this.#get(at.DIRECTORY) >> 2) + c;
      const from = heap.words[entry] ?? 0;
      const same = old.words === next.words;
      const to = same ? from : heap.alloc(bytes(next.words));
      const rows = Math.min(CHUNK_ROWS, this.count - c * CHUNK_ROWS);
      copyRows(heap.words, { old, next, moved, from: from >> 2, to: to >> 2, rows });
      heap.words[entry] = to;
      if (!same) heap.free(from, bytes(old.words));
    }
  }
}

/** Rows that a table of 2^lg slots takes before it is made anew. */
function mostIn(lg: number): number {
  return lg < LARGE_LG ? 2 ** (lg - 1) : Math.floor(0.9 * 2 ** lg);
}

interface Move {
  readonly old: Layout;
  readonly next: Layout;
  /** Fields with bits whose place is another one. */
  readonly moved: readonly number[];
  /** Words where the rows start. */
  readonly from: number;
  readonly to: number;
  readonly rows: number;
}

/** Field by field: simple loops. */
function copyRows(m: Int32Array, { old, next, moved, from, to, rows }: Move): void {
  const [a, b] = [old.words + 1, next.words + 1];
  const before = m.slice(from, from + rows * a);
  const kept = new Int32Array(b).fill(-1);
  for (const f of moved) {
    const w = old.word[f] ?? 0;
    kept[w] = (kept[w] ?? 0) & ~((old.mask[f] ?? 0) << (old.shift[f] ?? 0));
  }
  for (let i = 0; i < next.words; i++) {
    const mask = i < old.words ? (kept[i] ?? 0) : 0;
    for (let n = 0; n < rows; n++) m[to + n * b + i] = (before[n * a + i] ?? 0) & mask;
  }
  for (let n = 0; n < rows; n++) m[to + n * b + next.words] = before[n * a + old.words] ?? 0;
  for (const f of moved) {
    const [w, s, mask] = [old.word[f] ?? 0, old.shift[f] ?? 0, old.mask[f] ?? 0];
    const [target, shift] = [to + (next.word[f] ?? 0), next.shift[f] ?? 0];
    for (let n = 0; n < rows; n++) {
      const i = target + n * b;
      m[i] = (m[i] ?? 0) | ((((before[n * a + w] ?? 0) >>> s) & mask) << shift);
    }
  }
}
