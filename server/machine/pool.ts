/** What the elements of pools are called, and what must be over before one is freed. */
import type { CType, ProgramTypes } from '../csource/ir.js';

/** A member that must be zero, or point to itself, when what contains it ends. */
export interface Busy {
  /** From the start of the object, or of the frame. */
  readonly offset: number;
  /** `i_lock is held`. */
  readonly text: string;
}

/** Members declared `__busy("text")` in a type, with the name of what they are a part of. */
export function busyIn(type: CType, types: ProgramTypes, name = ''): readonly Busy[] {
  const found: Busy[] = [];
  const walk = (t: CType, at: number, owner: string): void => {
    if (t.kind === 'array') {
      const size = types.sizeOf(t.of);
      for (let i = 0; i < t.length; i++) walk(t.of, at + i * size, owner);
    }
    if (t.kind !== 'struct') return;
    for (const f of t.layout.fields.values()) {
      const offset = at + f.offset;
      if (f.busy !== undefined)
        found.push({ offset, text: `${owner === '' ? f.name : owner} ${f.busy}` });
      walk(f.type, offset, f.name);
    }
  };
  walk(type, 0, name);
  return found;
}

/** What an object of a pool is called: its type, or the pool where that has no name. */
export function elementName(pool: string, type: CType): string {
  const element = type.kind === 'array' ? type.of : type;
  return element.kind === 'struct' && !element.layout.name.includes('<')
    ? element.layout.name
    : `an element of ${pool}`;
}
