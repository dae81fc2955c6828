/** Symbolic names of places in objects: `inode.i_rwsem`, `folio[0].dirty`. */
import type { CType, ProgramTypes, StructLayout } from '../csource/ir.js';
import type { MemObject } from './objects.js';

export interface PlaceName {
  /** Full path from the object. */
  readonly path: string;
  /** Path of what contains the last member; the path itself for a whole object or element. */
  readonly parent: string;
  /** Name of the last member, or of the variable. */
  readonly member: string;
  readonly type: CType;
}

function fieldAt(
  layout: StructLayout,
  offset: number,
  types: ProgramTypes,
): { name: string; type: CType; offset: number } | undefined {
  for (const f of layout.fields.values()) {
    if (offset >= f.offset && offset < f.offset + types.sizeOf(f.type)) return f;
  }
  return undefined;
}

/**
 * Name of the place at `offset` of an object. `stop` ends the descent early: at the first type for
 * which it is true when the offset is its start; without it the descent goes down to a scalar.
 */
export function placeName(
  object: MemObject,
  offset: number,
  types: ProgramTypes,
  stop?: (t: CType) => boolean,
): PlaceName {
  let [path, parent, member, type, rest] = [
    object.name,
    object.name,
    object.name,
    object.type,
    offset,
  ];
  for (;;) {
    if (rest === 0 && stop?.(type)) break;
    if (type.kind === 'array') {
      const element = Math.max(1, types.sizeOf(type.of));
      const whole: boolean = path === parent;
      path = `${path}[${String(Math.floor(rest / element))}]`;
      if (whole) parent = path;
      rest %= element;
      type = type.of;
    } else if (type.kind === 'struct') {
      const f = fieldAt(type.layout, rest, types);
      if (!f) break;
      parent = path;
      path = `${path}.${f.name}`;
      member = f.name;
      rest -= f.offset;
      type = f.type;
    } else break;
  }
  return { path, parent, member, type };
}

/** Whether a type is what a pointer to `wanted` points to. */
export function sameObjectType(wanted: CType): (t: CType) => boolean {
  if (wanted.kind === 'struct') return (t) => t.kind === 'struct' && t.layout === wanted.layout;
  if (wanted.kind === 'void' || wanted.kind === 'opaque') return (t) => t.kind !== 'array';
  return () => false;
}
