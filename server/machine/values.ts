/** Values of cells as the source would write them. */
import type { CType } from '../csource/ir.js';
import { EXTREME } from './arith.js';
import { isAllocated, lifeIn } from './lifetime.js';
import type { Linkage } from './linkage.js';
import type { Memory } from './memory.js';
import { FUNCTIONS, STRINGS } from './objects.js';

function lifeText(value: number): string {
  if (lifeIn(value) === 0) return 'never used';
  return isAllocated(value) ? 'allocated' : 'freed';
}

function pointerText(
  memory: Memory,
  link: Linkage,
  to: CType,
  value: number,
  state: Int32Array | undefined,
): string {
  if (value === 0) return 'NULL';
  if (value < 0) return String(value);
  if (value >= STRINGS) return JSON.stringify(link.stringText(value - STRINGS) ?? '');
  if (value >= FUNCTIONS) return link.functionName(value) ?? String(value);
  return `&${memory.nameOf(value, link, state, to).path}`;
}

/** `true`, `NULL`, `&folio[0]`, the name of an enum constant, or the number. */
export function valueText(
  memory: Memory,
  link: Linkage,
  cell: number,
  value: number,
  state: Int32Array | undefined,
): string {
  const hidden = memory.isHidden(cell);
  if (hidden) return hidden === 'pool' ? lifeText(value) : String(value);
  const { type } = memory.nameOf(cell, link, state);
  switch (type.kind) {
    case 'pointer':
      return pointerText(memory, link, type.to, value, state);
    case 'int':
      if (type.bool) return value === 0 ? 'false' : 'true';
      if (type.names?.has(value)) return type.names.get(value) ?? String(value);
      if (type.bits === 64 && value === EXTREME) return 'MAX';
      return String(type.bits === 32 && !type.signed ? value >>> 0 : value);
    default:
      return String(value);
  }
}
