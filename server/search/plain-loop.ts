/**
 * The inner loop in plain code: what the generated one is compared with, and what runs where no code
 * may be made. Row by row, without batches; it stores the same rows in the same order.
 */
import * as at from './control.js';
import type { Heap } from './heap.js';

const ROW_MASK = (1 << at.CHUNK_LG) - 1;

export class PlainLoop implements at.Loop {
  readonly #heap: Heap;
  readonly #words: number;

  constructor(heap: Heap, words: number) {
    this.#heap = heap;
    this.#words = words;
  }

  run(from: number, to: number, limit: number): number {
    const m = this.#heap.words;
    let status = at.DONE;
    let n = from;
    for (; n < to && status === at.DONE; n++) {
      status = this.#ready(m, limit);
      if (status === at.DONE) status = this.#expand(m, n);
      if (status !== at.DONE && status !== at.ENDED) break;
    }
    m[at.NEXT] = n;
    return status;
  }

  #ready(m: Int32Array, limit: number): number {
    const count = m[at.COUNT] ?? 0;
    if (count >= limit) return at.LIMIT;
    return count + (m[at.SPARE] ?? 0) > (m[at.CAPACITY] ?? 0) ? at.FULL : at.DONE;
  }

  #expand(m: Int32Array, n: number): number {
    if (this.open(n) !== at.DONE) return at.MISSING;
    if (m[at.SPECIAL] !== 0) return at.ASIDE;
    this.take(n, -1);
    if (m[at.ENABLED] !== 0) return at.DONE;
    m[(m[at.ENDS] ?? 0) >> 2] = n;
    m[at.END_COUNT] = 1;
    return at.ENDED;
  }

  open(n: number): number {
    const m = this.#heap.words;
    const row = this.#row(m, n);
    m[at.ENABLED] = 0;
    m[at.FAILING] = 0;
    m[at.SPECIAL] = 0;
    const end = (m[at.THREADS_END] ?? 0) >> 2;
    for (let p = at.THREADS >> 2, t = 0; p < end; p += at.THREAD_BYTES >> 2, t++) {
      const local = ((m[row + ((m[p] ?? 0) >> 2)] ?? 0) >>> (m[p + 1] ?? 0)) & (m[p + 2] ?? 0);
      const leaf = descend(m, m[((m[p + 3] ?? 0) >> 2) + local] ?? 0, row);
      m[at.LOST] = t;
      if (leaf === 0) return at.MISSING;
      m[(at.OPENED >> 2) + 2 * t] = leaf - 1;
      m[(at.OPENED >> 2) + 2 * t + 1] = local;
      this.#weigh(m, row, (leaf - 1) >> 2, 1 << t);
    }
    return at.DONE;
  }

  #weigh(m: Int32Array, row: number, leaf: number, bit: number): void {
    const flags = m[leaf + 1] ?? 0;
    if (m[leaf + 3] !== 0) m[at.ENABLED] = (m[at.ENABLED] ?? 0) | bit;
    if ((flags & at.FAILS) !== 0) m[at.FAILING] = (m[at.FAILING] ?? 0) | bit;
    const bad = (flags & at.WATCHED) !== 0 && this.#breaks(m, row, leaf);
    if (bad || (flags & at.LOOK) !== 0) m[at.SPECIAL] = (m[at.SPECIAL] ?? 0) | bit;
  }

  /** Whether some outcome of a leaf breaks an invariant, or may do so. */
  #breaks(m: Int32Array, row: number, leaf: number): boolean {
    const to = (m[at.SCRATCH] ?? 0) >> 2;
    for (let i = 0; i < (m[leaf + 2] ?? 0); i++) {
      this.#make(m, row, leaf, i, to);
      if (descend(m, m[at.JUDGE] ?? 0, to) !== at.HOLDS) return true;
    }
    return false;
  }

  /** Word where a row starts. */
  #row(m: Int32Array, n: number): number {
    const chunk = (m[((m[at.DIRECTORY] ?? 0) >> 2) + (n >>> at.CHUNK_LG)] ?? 0) >> 2;
    return chunk + (n & ROW_MASK) * (this.#words + 1);
  }

  #make(m: Int32Array, row: number, leaf: number, nth: number, to: number): void {
    const words = this.#words;
    let from = leaf + 4 + 2 * words * nth;
    for (let i = 0; i < words; i++, from += 2)
      m[to + i] = ((m[row + i] ?? 0) & (m[from] ?? 0)) | (m[from + 1] ?? 0);
  }

  take(n: number, threads: number): number {
    const m = this.#heap.words;
    const row = this.#row(m, n);
    const to = (m[at.SCRATCH] ?? 0) >> 2;
    let open = 0;
    const count = ((m[at.THREADS_END] ?? 0) - at.THREADS) / at.THREAD_BYTES;
    for (let t = 0; t < count; t++) {
      if (((threads >>> t) & 1) === 0) continue;
      const leaf = (m[(at.OPENED >> 2) + 2 * t] ?? 0) >> 2;
      m[at.STEPS] = (m[at.STEPS] ?? 0) + (m[leaf + 3] ?? 0);
      for (let i = 0; i < (m[leaf + 2] ?? 0); i++) {
        this.#make(m, row, leaf, i, to);
        if (this.add(to, n) > n) open = 1;
      }
    }
    return open;
  }

  /** Keeps the state at a word when it is new; the number of its row. */
  add(from: number, parent: number): number {
    const m = this.#heap.words;
    const words = this.#words;
    const lg = m[at.LG] ?? 0;
    const table = (m[at.TABLE] ?? 0) >> 2;
    const slots = (1 << lg) - 1;
    const hash = hashOf(m, from, words);
    const tag = hash << lg;
    for (let slot = hash >>> (32 - lg); ; slot = (slot + 1) & slots) {
      const entry = m[table + slot] ?? 0;
      if (entry === 0) {
        m[table + slot] = tag | ((m[at.COUNT] ?? 0) + 1);
        return this.#append(m, from, parent);
      }
      if ((entry ^ tag) >>> lg !== 0) continue;
      const n = (entry & slots) - 1;
      const row = this.#row(m, n);
      let i = 0;
      while (i < words && m[from + i] === m[row + i]) i++;
      if (i === words) return n;
    }
  }

  #append(m: Int32Array, from: number, parent: number): number {
    const n = m[at.COUNT] ?? 0;
    const row = this.#row(m, n);
    for (let i = 0; i < this.#words; i++) m[row + i] = m[from + i] ?? 0;
    m[row + this.#words] = parent;
    m[at.COUNT] = n + 1;
    return n;
  }

  fill(): number {
    const m = this.#heap.words;
    const lg = m[at.LG] ?? 0;
    const table = (m[at.TABLE] ?? 0) >> 2;
    const slots = (1 << lg) - 1;
    const count = m[at.COUNT] ?? 0;
    for (let n = 0; n < count; n++) {
      const hash = hashOf(m, this.#row(m, n), this.#words);
      let slot = hash >>> (32 - lg);
      while (m[table + slot] !== 0) slot = (slot + 1) & slots;
      m[table + slot] = (hash << lg) | (n + 1);
    }
    return at.DONE;
  }
}

/** The leaf of a tree for the codes of a row; 0 when it has none yet. */
function descend(m: Int32Array, root: number, row: number): number {
  let node = root;
  while (node !== 0 && (node & 1) === 0) {
    const p = node >> 2;
    const place = m[p] ?? 0;
    const code = ((m[row + ((place & 0xffff) >> 2)] ?? 0) >>> (place >>> 16)) & (m[p + 1] ?? 0);
    node = m[p + 2 + code] ?? 0;
  }
  return node;
}

function hashOf(m: Int32Array, from: number, words: number): number {
  let h = at.HASH.seed;
  for (let i = from; i < from + words; i++) {
    h = Math.imul(h ^ (m[i] ?? 0), at.HASH.word);
    h ^= h >>> at.HASH.shift;
  }
  h = Math.imul(h, at.HASH.last);
  return (h ^ (h >>> at.HASH.end)) >>> 0;
}
