/**
 * Stored states as rows of packed bits. A state is a list of fields (the situation of each thread,
 * then a code for each variable); a field is as wide as its largest code so far needs. Rows are only
 * appended: their order is the queue of a breadth-first search. The table has 4 bytes a slot: a tag
 * from the hash, and the number of the row.
 */

/** Field widths grow: `fit` lays all rows out anew when a code does not fit any more. */
export class Rows {
  /** 32-bit words a row. */
  words = 1;
  count = 0;
  data: Int32Array = new Int32Array(1 << 12);
  word: Int32Array = new Int32Array(0);
  shift: Int32Array = new Int32Array(0);
  mask: Int32Array = new Int32Array(0);
  #widths: number[] = [];
  #table: Int32Array = new Int32Array(1 << 12);
  #lg = 12;

  /** Bytes in use. */
  get bytes(): number {
    return (this.data.length + this.#table.length) * 4;
  }

  /** A field of the row that starts at word `base`. */
  get(base: number, field: number): number {
    return (
      ((this.data[base + (this.word[field] ?? 0)] ?? 0) >>> (this.shift[field] ?? 0)) &
      (this.mask[field] ?? 0)
    );
  }

  /** Makes room for codes below `sizes`; true when the layout is a new one. */
  fit(fields: number, sizeOf: (field: number) => number): boolean {
    const known = this.#widths.length;
    let grown = false;
    for (let f = 0; f < fields && !grown; f++) grown = sizeOf(f) > 2 ** (this.#widths[f] ?? 0);
    if (!grown && known === fields) return false;
    const widths = Array.from({ length: fields }, (_, f) => {
      const needed = bitsFor(sizeOf(f));
      const old = this.#widths[f] ?? 0;
      return needed <= old ? old : needed + (needed > 2 ? 1 : 0);
    });
    if (!grown) {
      this.#extend(widths);
      return false;
    }
    this.#lay(widths);
    return true;
  }

  /** New fields without bits, which leave the rows as they are. */
  #extend(widths: number[]): void {
    const longer = (a: Int32Array): Int32Array => {
      const b = new Int32Array(widths.length);
      b.set(a);
      return b;
    };
    this.word = longer(this.word);
    this.shift = longer(this.shift);
    this.mask = longer(this.mask);
    this.#widths = widths;
  }

  #lay(widths: number[]): void {
    const old = { words: this.words, word: this.word, shift: this.shift, mask: this.mask };
    const fields = widths.length;
    const word = new Int32Array(fields);
    const shift = new Int32Array(fields);
    const free: number[] = [];
    const order = widths.map((_, f) => f).sort((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0));
    for (const f of order) {
      const width = widths[f] ?? 0;
      let at = free.findIndex((left) => left >= width);
      if (at < 0) at = free.push(32) - 1;
      word[f] = at;
      shift[f] = width === 0 ? 0 : 32 - (free[at] ?? 0);
      free[at] = (free[at] ?? 0) - width;
    }
    this.word = word;
    this.shift = shift;
    this.mask = Int32Array.from(widths, (w) => 2 ** w - 1);
    this.words = Math.max(1, free.length);
    this.#widths = widths;
    this.#move(old);
  }

  #move(old: { words: number; word: Int32Array; shift: Int32Array; mask: Int32Array }): void {
    const from = this.data;
    const to = new Int32Array(
      Math.max(1 << 12, 2 ** Math.ceil(Math.log2(this.count * this.words + 64))),
    );
    for (let n = 0; n < this.count; n++) {
      for (let f = 0; f < old.word.length; f++) {
        const v =
          ((from[n * old.words + (old.word[f] ?? 0)] ?? 0) >>> (old.shift[f] ?? 0)) &
          (old.mask[f] ?? 0);
        const at = n * this.words + (this.word[f] ?? 0);
        to[at] = (to[at] ?? 0) | (v << (this.shift[f] ?? 0));
      }
    }
    this.data = to;
    this.#rehash(this.#lg);
  }

  /** First word of the row after the last one: where a candidate is written. */
  candidate(): number {
    const base = this.count * this.words;
    if (base + this.words > this.data.length) {
      const bigger = new Int32Array(this.data.length * 2);
      bigger.set(this.data);
      this.data = bigger;
    }
    return base;
  }

  /** Throws RangeError when the code does not fit its field: `fit` was forgotten. */
  set(base: number, field: number, code: number): void {
    if (code > (this.mask[field] ?? 0)) throw new RangeError('code is wider than its field');
    const at = base + (this.word[field] ?? 0);
    const shift = this.shift[field] ?? 0;
    this.data[at] = ((this.data[at] ?? 0) & ~((this.mask[field] ?? 0) << shift)) | (code << shift);
  }

  /** Keeps the candidate when it is new; the number of its row. */
  add(): number {
    const { data, words } = this;
    const base = this.count * words;
    const hash = hashOf(data, base, words);
    const lg = this.#lg;
    const table = this.#table;
    const slots = (1 << lg) - 1;
    const tag = hash << lg;
    for (let slot = hash >>> (32 - lg); ; slot = (slot + 1) & slots) {
      const entry = table[slot] ?? 0;
      if (entry === 0) {
        table[slot] = tag | (this.count + 1);
        const made = this.count++;
        if (this.count * 3 > slots * 2) this.#rehash(lg + (lg < 24 ? 2 : 1));
        return made;
      }
      if ((entry ^ tag) >>> lg !== 0) continue;
      const n = (entry & slots) - 1;
      let at = n * words;
      let i = base;
      const end = base + words;
      while (i < end && data[i] === data[at]) {
        i++;
        at++;
      }
      if (i === end) return n;
    }
  }

  #rehash(lg: number): void {
    const table = new Int32Array(1 << lg);
    const slots = (1 << lg) - 1;
    for (let n = 0; n < this.count; n++) {
      const hash = hashOf(this.data, n * this.words, this.words);
      let slot = hash >>> (32 - lg);
      while (table[slot] !== 0) slot = (slot + 1) & slots;
      table[slot] = (hash << lg) | (n + 1);
    }
    this.#table = table;
    this.#lg = lg;
  }
}

/** Bits for codes below `size`. */
function bitsFor(size: number): number {
  return size <= 1 ? 0 : 32 - Math.clz32(size - 1);
}

function hashOf(data: Int32Array, base: number, words: number): number {
  let h = 0x9e3779b9;
  for (let i = base; i < base + words; i++) {
    h = Math.imul(h ^ (data[i] ?? 0), 0x85ebca6b);
    h ^= h >>> 13;
  }
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
