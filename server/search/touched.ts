/** Sets of variables that steps touch, each kept once under a number. */

/** Three sets behind one another: read, written, and those to which is only added. */
export type Touched = Int32Array;

export class TouchedSets {
  /** 32-bit words of one set. */
  readonly words: number;
  readonly #sets: Touched[] = [];
  readonly #numbers = new Map<string, number>();
  /** What each set writes or adds to, one behind the other. */
  #changes = new Int32Array(256);

  constructor(variables: number) {
    this.words = Math.max(1, (variables + 31) >> 5);
  }

  get size(): number {
    return this.#sets.length;
  }

  empty(): Touched {
    return new Int32Array(3 * this.words);
  }

  set(n: number): Touched {
    return this.#sets[n] ?? this.empty();
  }

  /** Number of a set; the set is kept as it is when it is new. */
  number(set: Touched): number {
    const key = set.join();
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const made = this.#sets.push(set) - 1;
    this.#numbers.set(key, made);
    const { words } = this;
    if ((made + 1) * words > this.#changes.length) {
      const longer = new Int32Array(4 * this.#changes.length);
      longer.set(this.#changes);
      this.#changes = longer;
    }
    for (let i = 0; i < words; i++)
      this.#changes[made * words + i] = (set[words + i] ?? 0) | (set[2 * words + i] ?? 0);
    return made;
  }

  of(reads: readonly number[], writes: readonly number[], adds: readonly number[]): number {
    const set = this.empty();
    [reads, writes, adds].forEach((vars, i) => {
      for (const v of vars) {
        const at = i * this.words + (v >> 5);
        set[at] = (set[at] ?? 0) | (1 << (v & 31));
      }
    });
    return this.number(set);
  }

  /** Bits of some variables alone. */
  bits(vars: readonly number[]): Int32Array {
    const bits = new Int32Array(this.words);
    for (const v of vars) bits[v >> 5] = (bits[v >> 5] ?? 0) | (1 << (v & 31));
    return bits;
  }

  /** `all |= set n`. */
  addTo(all: Touched, n: number): void {
    const set = this.#sets[n];
    if (set) for (let i = 0; i < all.length; i++) all[i] = (all[i] ?? 0) | (set[i] ?? 0);
  }

  /** Whether set `n` changes one of the variables. */
  changesAny(n: number, vars: Int32Array): boolean {
    const at = n * this.words;
    for (let i = 0; i < this.words; i++)
      if (((this.#changes[at + i] ?? 0) & (vars[i] ?? 0)) !== 0) return true;
    return false;
  }

  changesVar(n: number, v: number): boolean {
    return (((this.#changes[n * this.words + (v >> 5)] ?? 0) >>> (v & 31)) & 1) === 1;
  }

  /**
   * Whether two touch one another, so that their order may matter: one changes what the other reads or
   * changes, unless both only add to it.
   */
  conflict(a: number, b: number): boolean {
    const { words } = this;
    const x = this.set(a);
    const y = this.set(b);
    for (let i = 0; i < words; i++) {
      const [xr, xw, xa] = [x[i] ?? 0, x[words + i] ?? 0, x[2 * words + i] ?? 0];
      const [yr, yw, ya] = [y[i] ?? 0, y[words + i] ?? 0, y[2 * words + i] ?? 0];
      if (((xr & (yw | ya)) | (xw & (yr | yw | ya)) | (xa & (yr | yw))) !== 0) return true;
    }
    return false;
  }
}
