/** Sets of small numbers, one bit each. */

export function toSet(bits: Uint32Array): ReadonlySet<number> {
  const result = new Set<number>();
  bits.forEach((w, i) => {
    for (let b = 0; b < 32; b++) if ((w >>> b) & 1) result.add(i * 32 + b);
  });
  return result;
}

/** Of `words` words. */
export function unionOf(all: readonly Uint32Array[], words: number): Uint32Array {
  const result = new Uint32Array(words);
  for (const bits of all)
    bits.forEach((w, i) => {
      result[i] = (result[i] ?? 0) | w;
    });
  return result;
}
