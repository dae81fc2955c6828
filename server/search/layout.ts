/**
 * Where the fields of a state lie in the words of its row. A field has as many bits as its largest
 * code so far needs; it never crosses a word. A layout is a value: growing one makes another, in
 * which every field that is wide enough stays where it is.
 */

export interface Layout {
  /** 32-bit words a row. */
  readonly words: number;
  readonly widths: readonly number[];
  /** Per field: its word, and the bits in it. */
  readonly word: Int32Array;
  readonly shift: Int32Array;
  readonly mask: Int32Array;
}

export const EMPTY: Layout = {
  words: 1,
  widths: [],
  word: new Int32Array(0),
  shift: new Int32Array(0),
  mask: new Int32Array(0),
};

/** Bits for codes below `size`. */
export function bitsFor(size: number): number {
  return size <= 1 ? 0 : 32 - Math.clz32(size - 1);
}

/** Mask of the lowest bits, at most 31 of them. */
function ones(width: number): number {
  return 2 ** width - 1;
}

/** Fields from the widest to the narrowest, each into the first word with room. */
export function packed(widths: readonly number[]): Layout {
  const order = widths.map((_, f) => f).sort((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0));
  return placed(widths, order, { ...EMPTY, words: 1 });
}

/**
 * The layout with wider or further fields; those that change their width find another place. Words
 * are a multiple of `step`.
 */
export function widened(old: Layout, widths: readonly number[], step = 1): Layout {
  const moving = widths.flatMap((w, f) => (w === old.widths[f] ? [] : [f]));
  const made = placed(widths, moving, old);
  return { ...made, words: Math.ceil(made.words / step) * step };
}

function placed(widths: readonly number[], moving: readonly number[], old: Layout): Layout {
  const word = new Int32Array(widths.length);
  const shift = new Int32Array(widths.length);
  word.set(old.word);
  shift.set(old.shift);
  const free = Array.from({ length: old.words }, () => -1);
  const moved = new Set(moving);
  old.widths.forEach((w, f) => {
    const at = old.word[f] ?? 0;
    if (!moved.has(f)) free[at] = (free[at] ?? 0) & ~(ones(w) << (old.shift[f] ?? 0));
  });
  for (const f of moving) {
    const bits = ones(widths[f] ?? 0);
    const width = widths[f] ?? 0;
    let at = free.findIndex((room) => gap(room, bits, width) >= 0);
    if (at < 0) at = free.push(-1) - 1;
    const room = free[at] ?? 0;
    const s = gap(room, bits, width);
    [word[f], shift[f]] = [at, s];
    free[at] = room & ~(bits << s);
  }
  const mask = Int32Array.from(widths, ones);
  return { words: free.length, widths, word, shift, mask };
}

/** Lowest place for a field in the free bits of a word, -1: none. */
function gap(room: number, bits: number, width: number): number {
  for (let s = 0; s + width <= 32; s++) if (((room >>> s) & bits) === bits) return s;
  return -1;
}

/** Whether all fields of a layout lie in a further one as they are. */
export function extendsLayout(old: Layout, next: Layout): boolean {
  return old.widths.every(
    (w, f) =>
      w === next.widths[f] && old.word[f] === next.word[f] && old.shift[f] === next.shift[f],
  );
}
