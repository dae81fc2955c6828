/** Numbers that are the same on every machine: mulberry32 over a fixed seed. */

/**
 * Whole numbers below a bound, drawn from `seed`.
 * @param {number} seed @returns {(below: number) => number}
 */
export function drawer(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/**
 * The items in an order that depends on `draw` alone (Fisher and Yates).
 * @template T @param {readonly T[]} items @param {(below: number) => number} draw @returns {T[]}
 */
export function shuffled(items, draw) {
  const out = [...items];
  for (let last = out.length - 1; last > 0; last--) {
    const swapped = out.splice(draw(last + 1), 1, ...out.slice(last, last + 1));
    out.splice(last, 1, ...swapped);
  }
  return out;
}
