/**
 * Objects of memory and the classes of their cells. An object is a global variable or a local one
 * that lives in cells. Elements of an array share the classes of its first element, so a class is
 * "this member of this object, in any element".
 */
import type { CType, ProgramTypes, StructLayout } from '../csource/ir.js';
import { busyIn, elementName } from './pool.js';
import type { Busy } from './pool.js';

/** State index 0 has this address: smaller pointers are NULL plus the offset of a member. */
export const BASE = 4096;
/** Function pointers are numbers from here on, string literals from the next. */
export const FUNCTIONS = 1 << 24;
export const STRINGS = 1 << 25;

export interface MemObject {
  readonly id: number;
  /** Name of the variable; locals as `name (in function)`. */
  readonly name: string;
  readonly type: CType;
  readonly size: number;
  /** State index of the first cell; -1 for locals, whose place is in a frame. */
  readonly at: number;
  readonly pool?: PoolInfo;
  /** Class of each cell; -1 for cells that repeat the first element of an array. */
  readonly classes: Int32Array;
  /** Cell that stands for each cell: the same place in element 0. */
  readonly canon: Int32Array;
}

export interface PoolInfo {
  /** State index of the first hidden cell, one per element (lifetime.ts). */
  readonly hidden: number;
  readonly stride: number;
  readonly count: number;
  /** `__leaks`: all objects must be freed in the end. */
  readonly leaks: boolean;
  /** Class of the hidden cells. */
  readonly class: number;
  /** What an element is called. */
  readonly element: string;
  /** Members that must be zero when an element is freed. */
  readonly busy: readonly Busy[];
  /** Element at which each thread starts to look for a free one; the last one: code that runs alone. */
  readonly first: number[];
}

interface Place {
  readonly object: MemObject;
  readonly offset: number;
}

/** Calls `leaf` for every scalar and `inner` for every struct of a type; only element 0 of arrays. */
function walk(
  type: CType,
  offset: number,
  leaf: (t: CType, at: number) => void,
  inner: (l: StructLayout, at: number) => void,
): void {
  if (type.kind === 'array') {
    if (type.length > 0) walk(type.of, offset, leaf, inner);
  } else if (type.kind === 'struct') {
    inner(type.layout, offset);
    for (const f of type.layout.fields.values()) walk(f.type, offset + f.offset, leaf, inner);
  } else leaf(type, offset);
}

/** For each cell of a type the cell of element 0 that stands for it. */
function collapse(types: ProgramTypes, type: CType, size: number): Int32Array {
  const canon = Int32Array.from({ length: size }, (_, i) => i);
  const find = (i: number): number => {
    let at = i;
    while ((canon[at] ?? at) !== at) at = canon[at] ?? at;
    return at;
  };
  const join = (a: number, b: number): void => {
    const x = find(a);
    const y = find(b);
    canon[Math.max(x, y)] = Math.min(x, y);
  };
  const visit = (t: CType, at: number): void => {
    if (t.kind === 'struct') for (const f of t.layout.fields.values()) visit(f.type, at + f.offset);
    if (t.kind !== 'array') return;
    const element = types.sizeOf(t.of);
    for (let i = 0; i < t.length; i++) {
      visit(t.of, at + i * element);
      for (let c = 0; i > 0 && c < element; c++) join(at + c, at + i * element + c);
    }
  };
  visit(type, 0);
  return canon.map((_, i) => find(i));
}

function scalarKey(t: CType): string {
  return t.kind === 'int' ? `int${String(t.bits)}` : t.kind;
}

/** All objects of a program; classes are numbered densely in the order of creation. */
export class Objects {
  readonly list: MemObject[] = [];
  readonly #types: ProgramTypes;
  readonly #owners: Place[] = [];
  readonly #instances = new Map<StructLayout, Place[]>();
  readonly #scalars = new Map<string, Set<number>>();
  readonly #byLayout = new Map<StructLayout, readonly (readonly number[])[]>();
  readonly #pools: MemObject[] = [];

  constructor(types: ProgramTypes) {
    this.#types = types;
  }

  get classCount(): number {
    return this.#owners.length;
  }

  add(
    name: string,
    type: CType,
    at: number,
    pool?: Pick<PoolInfo, 'hidden' | 'stride' | 'count' | 'leaks'>,
  ): MemObject {
    const size = Math.max(1, this.#types.sizeOf(type));
    const canon = collapse(this.#types, type, size);
    const classes = new Int32Array(size).fill(-1);
    const id = this.list.length;
    const hiddenClass = pool
      ? {
          ...pool,
          class: this.#owners.length,
          element: elementName(name, type),
          busy: busyIn(type.kind === 'array' ? type.of : type, this.#types),
          first: [],
        }
      : undefined;
    const object: MemObject = {
      id,
      name,
      type,
      size,
      at,
      classes,
      canon,
      ...(hiddenClass ? { pool: hiddenClass } : {}),
    };
    this.list.push(object);
    if (pool) {
      this.#owners.push({ object, offset: -1 });
      this.#pools.push(object);
    }
    this.#number(object);
    this.#byLayout.clear();
    return object;
  }

  #number(object: MemObject): void {
    const { classes, canon } = object;
    for (let i = 0; i < object.size; i++) {
      if (canon[i] !== i) continue;
      classes[i] = this.#owners.length;
      this.#owners.push({ object, offset: i });
    }
    const leaf = (t: CType, at: number): void => {
      const set = this.#scalars.get(scalarKey(t)) ?? new Set<number>();
      set.add(this.classAt(object, at));
      this.#scalars.set(scalarKey(t), set);
    };
    walk(object.type, 0, leaf, (layout, offset) => {
      const places = this.#instances.get(layout) ?? [];
      places.push({ object, offset });
      this.#instances.set(layout, places);
    });
  }

  /** Class of a cell of an object; -1 outside. */
  classAt(object: MemObject, offset: number): number {
    return object.classes[object.canon[offset] ?? -1] ?? -1;
  }

  /** Object and canonical offset (-1: the hidden cells of a pool) of a class. */
  owner(cls: number): Place | undefined {
    return this.#owners[cls];
  }

  /** Whether a struct of this layout stands at a place of an object. */
  holds(object: MemObject, offset: number, layout: StructLayout): boolean {
    const at = object.canon[offset] ?? -1;
    return (this.#instances.get(layout) ?? []).some(
      (p) => p.object === object && object.canon[p.offset] === at,
    );
  }

  /** Classes that a cell at `offset` of some object of this type may have; undefined when there is no telling. */
  classesOfType(type: CType, offset: number): readonly number[] | undefined {
    if (type.kind === 'array')
      return this.classesOfType(type.of, offset % Math.max(1, this.#types.sizeOf(type.of)));
    if (type.kind !== 'struct')
      return type.kind === 'int' || type.kind === 'pointer'
        ? [...(this.#scalars.get(scalarKey(type)) ?? [])]
        : undefined;
    let table = this.#byLayout.get(type.layout);
    if (!table) {
      table = this.#layoutClasses(type.layout);
      this.#byLayout.set(type.layout, table);
    }
    return table[offset];
  }

  #layoutClasses(layout: StructLayout): readonly (readonly number[])[] {
    const places = this.#instances.get(layout) ?? [];
    const at = (offset: number): readonly number[] => [
      ...new Set(places.map((p) => this.classAt(p.object, p.offset + offset))),
    ];
    return Array.from({ length: layout.size }, (_, offset) => at(offset));
  }

  /** Class of the hidden cells that guard a class, -1 when it is in no pool. */
  guardOf(cls: number): number {
    return this.#owners[cls]?.object.pool?.class ?? -1;
  }
}
