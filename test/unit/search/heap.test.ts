import { describe, expect, it } from 'vitest';
import { Heap } from '../../../server/search/heap.js';
import { bitsFor, extendsLayout, packed, widened } from '../../../server/search/layout.js';
import type { Layout } from '../../../server/search/layout.js';

describe('the memory of a search', () => {
  it('gives pieces that do not overlap, all zero, and uses again what was given back', () => {
    const heap = new Heap(1024);
    const [a, b, c] = [heap.alloc(100), heap.alloc(200), heap.alloc(300)];
    expect([a >= 1024, b >= a + 100, c >= b + 200]).toEqual([true, true, true]);
    heap.words.fill(-1, a >> 2, (c + 300) >> 2);
    heap.free(a, 100);
    heap.free(b, 200);
    // Neighbours became one piece.
    const again = heap.alloc(300);
    expect(again).toBe(a);
    expect([...heap.words.subarray(again >> 2, (again + 300) >> 2)].every((x) => x === 0)).toBe(
      true,
    );
    expect(heap.words[c >> 2]).toBe(-1);
  });

  it('shrinks when its end is given back, and remembers its most', () => {
    const heap = new Heap(64);
    const before = heap.bytes;
    const piece = heap.alloc(1 << 20);
    expect(heap.words.length * 4).toBeGreaterThan(1 << 20);
    heap.free(piece, 1 << 20);
    expect(heap.bytes).toBe(before);
    expect(heap.peak).toBe(before + (1 << 20));
    expect(heap.alloc(1 << 19)).toBe(piece);
  });
});

/** Whether no bit belongs to two fields and no field leaves its word. */
function sound({ words, widths, word, shift }: Layout): boolean {
  const taken = new Set<number>();
  return widths.every((width, f) => {
    const first = (word[f] ?? 0) * 32 + (shift[f] ?? 0);
    for (let bit = first; bit < first + width; bit++) {
      if (taken.has(bit) || bit >= words * 32) return false;
      taken.add(bit);
    }
    return (shift[f] ?? 0) + width <= 32;
  });
}

describe('the layout of a row', () => {
  it('has as few bits as the codes need', () => {
    expect([0, 1, 2, 3, 4, 5, 256, 257].map(bitsFor)).toEqual([0, 0, 1, 2, 2, 3, 8, 9]);
    const widths = [5, 1, 0, 31, 7, 20, 12];
    const layout = packed(widths);
    expect(layout.words).toBe(3);
    expect(sound(layout)).toBe(true);
  });

  it('leaves fields where they are when others grow', () => {
    const first = packed([3, 3, 3]);
    const next = widened(first, [3, 9, 3, 28]);
    expect(sound(next)).toBe(true);
    expect([next.word[0], next.shift[0], next.word[2], next.shift[2]]).toEqual([
      first.word[0],
      first.shift[0],
      first.word[2],
      first.shift[2],
    ]);
    expect(extendsLayout(first, next)).toBe(false);
    expect(extendsLayout(first, widened(first, [3, 3, 3, 4]))).toBe(true);
  });
});
