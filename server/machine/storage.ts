/**
 * What a crash does to a cell, by the storage class that its declaration names (docs/model-c.md):
 * memory is lost, `__media` stays, `__wcache` stands in the write cache of a device, beside a cell of
 * the medium behind it.
 */
import type { CType, ProgramTypes, StorageClass } from '../csource/ir.js';

/** Entries of `MemoryMap.medium` that are no cell of a medium. */
export const LOST = -1;
export const STAYS = -2;

/** Storage class of each cell of an object; an inner declaration counts more than an outer one. */
export function storageCells(
  types: ProgramTypes,
  type: CType,
  outer: StorageClass | undefined,
): readonly (StorageClass | undefined)[] {
  const cells = new Array<StorageClass | undefined>(Math.max(1, types.sizeOf(type)));
  cells.fill(outer);
  const visit = (t: CType, at: number, storage: StorageClass | undefined): void => {
    if (t.kind === 'array') {
      const element = types.sizeOf(t.of);
      for (let i = 0; i < t.length; i++) visit(t.of, at + i * element, storage);
    } else if (t.kind === 'struct') {
      for (const f of t.layout.fields.values()) visit(f.type, at + f.offset, f.storage ?? storage);
    } else if (storage !== undefined) cells[at] = storage;
  };
  visit(type, 0, outer);
  return cells;
}
