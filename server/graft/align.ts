/**
 * Order-preserving alignment of two sequences that tells which pairs are beyond doubt: a pair counts
 * only when every alignment without it is worse.
 */

export interface AlignInput {
  readonly left: number;
  readonly right: number;
  /** Value of pairing; 0 or less: never paired. */
  weight(i: number, j: number): number;
  /** Cost of leaving out item `j` of the right side between paired ones. */
  gap(j: number): number;
  /** The left side may begin, or end, anywhere in the right side. */
  readonly freeStart: boolean;
  readonly freeEnd: boolean;
  /** Between left items `i - 1` and `i` something is not shown: leaving out is free there. */
  freeBefore(i: number): boolean;
}

export interface Alignment {
  /** Certain pairs, left to right. */
  readonly pairs: ReadonlyMap<number, number>;
  /** Left items that some best alignment pairs and another does not, or with something else. */
  readonly ambiguous: ReadonlySet<number>;
  readonly score: number;
}

class Table {
  readonly #cells: Float64Array;
  readonly #width: number;
  constructor(rows: number, columns: number) {
    this.#cells = new Float64Array(rows * columns);
    this.#width = columns;
  }
  get(i: number, j: number): number {
    return this.#cells[i * this.#width + j] ?? -Infinity;
  }
  set(i: number, j: number, v: number): void {
    this.#cells[i * this.#width + j] = v;
  }
}

/** Two totals closer than this are the same: nothing tells the alignments apart. */
const MARGIN = 0.5;

function forward(input: AlignInput, weights: Table): Table {
  const f = new Table(input.left + 1, input.right + 1);
  for (let i = 0; i <= input.left; i++) {
    for (let j = 0; j <= input.right; j++) {
      let best = i === 0 && (j === 0 || input.freeStart) ? 0 : -Infinity;
      if (i > 0) best = Math.max(best, f.get(i - 1, j));
      if (j > 0)
        best = Math.max(best, f.get(i, j - 1) - (input.freeBefore(i) ? 0 : input.gap(j - 1)));
      if (i > 0 && j > 0) {
        const w = weights.get(i - 1, j - 1);
        if (w > 0) best = Math.max(best, f.get(i - 1, j - 1) + w);
      }
      f.set(i, j, best);
    }
  }
  return f;
}

function backward(input: AlignInput, weights: Table): Table {
  const b = new Table(input.left + 1, input.right + 1);
  for (let i = input.left; i >= 0; i--) {
    for (let j = input.right; j >= 0; j--) {
      let best = i === input.left && (j === input.right || input.freeEnd) ? 0 : -Infinity;
      if (i < input.left) best = Math.max(best, b.get(i + 1, j));
      if (j < input.right)
        best = Math.max(best, b.get(i, j + 1) - (input.freeBefore(i) ? 0 : input.gap(j)));
      if (i < input.left && j < input.right) {
        const w = weights.get(i, j);
        if (w > 0) best = Math.max(best, b.get(i + 1, j + 1) + w);
      }
      b.set(i, j, best);
    }
  }
  return b;
}

/** Certain pairs of the best alignments. O(left · right). */
export function align(input: AlignInput): Alignment {
  const weights = new Table(input.left + 1, input.right + 1);
  for (let i = 0; i < input.left; i++)
    for (let j = 0; j < input.right; j++) weights.set(i, j, input.weight(i, j));
  const f = forward(input, weights);
  const b = backward(input, weights);
  let best = -Infinity;
  for (let j = 0; j <= input.right; j++) best = Math.max(best, f.get(0, j) + b.get(0, j));
  const pairs = new Map<number, number>();
  const ambiguous = new Set<number>();
  for (let i = 0; i < input.left; i++) {
    let dropped = -Infinity;
    let first = -1;
    let rivals = 0;
    for (let j = 0; j <= input.right; j++) {
      dropped = Math.max(dropped, f.get(i, j) + b.get(i + 1, j));
      const w = j < input.right ? weights.get(i, j) : 0;
      if (w <= 0 || f.get(i, j) + w + b.get(i + 1, j + 1) <= best - MARGIN) continue;
      rivals++;
      if (first < 0) first = j;
    }
    if (rivals === 1 && dropped <= best - MARGIN) pairs.set(i, first);
    else if (rivals > 0) ambiguous.add(i);
  }
  return { pairs, ambiguous, score: best };
}

/** One best alignment of equal worth where doubt does not matter. */
export function alignAny(
  left: number,
  right: number,
  weight: (i: number, j: number) => number,
): ReadonlyMap<number, number> {
  const weights = new Table(left + 1, right + 1);
  for (let i = 0; i < left; i++) for (let j = 0; j < right; j++) weights.set(i, j, weight(i, j));
  const input: AlignInput = {
    left,
    right,
    weight,
    gap: () => 0,
    freeStart: false,
    freeEnd: false,
    freeBefore: () => false,
  };
  const b = backward(input, weights);
  const pairs = new Map<number, number>();
  let i = 0;
  let j = 0;
  while (i < left && j < right) {
    const w = weights.get(i, j);
    if (w > 0 && b.get(i, j) === w + b.get(i + 1, j + 1)) pairs.set(i++, j++);
    else if (b.get(i, j) === b.get(i + 1, j)) i++;
    else j++;
  }
  return pairs;
}
