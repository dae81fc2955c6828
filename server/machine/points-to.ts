/**
 * Sets of places that a pointer may name. A place is an object (or "some object of this type") and
 * an offset; offsets in arrays are those of element 0. Sets are interned: equal sets are identical.
 */
import type { CType, ProgramTypes, StructLayout } from '../csource/ir.js';
import type { MemObject, Objects } from './objects.js';

interface Place {
  readonly id: number;
  /** Undefined: some object of `type`. */
  readonly object: MemObject | undefined;
  readonly type: CType;
  readonly offset: number;
}

export interface Points {
  readonly id: number;
  readonly places: readonly Place[];
}

export class PointerSets {
  readonly none: Points = { id: 0, places: [] };
  readonly #objects: Objects;
  readonly #types: ProgramTypes;
  readonly #places = new Map<string, Place>();
  readonly #sets = new Map<string, Points>([['', this.none]]);
  readonly #layouts = new Map<StructLayout, number>();
  readonly #classes = new Map<number, readonly number[]>();
  readonly #shifts = new Map<Points, Map<number, Points>>();
  readonly #casts = new Map<Points, Map<StructLayout, Points>>();
  readonly #ofObjects = new Map<MemObject, Map<number, Points>>();
  readonly #ofLayouts = new Map<StructLayout, Points>();

  constructor(objects: Objects, types: ProgramTypes) {
    this.#objects = objects;
    this.#types = types;
  }

  #intern(places: readonly Place[]): Points {
    const sorted = [...new Set(places)].sort((a, b) => a.id - b.id);
    const key = sorted.map((p) => p.id).join(',');
    let set = this.#sets.get(key);
    if (!set) {
      set = { id: this.#sets.size, places: sorted };
      this.#sets.set(key, set);
    }
    return set;
  }

  #place(key: string, object: MemObject | undefined, type: CType, offset: number): Place {
    let place = this.#places.get(key);
    if (!place) {
      place = { id: this.#places.size, object, type, offset };
      this.#places.set(key, place);
    }
    return place;
  }

  #typeKey(t: CType): string {
    switch (t.kind) {
      case 'struct': {
        const known = this.#layouts.get(t.layout) ?? this.#layouts.size;
        this.#layouts.set(t.layout, known);
        return `struct${String(known)}`;
      }
      case 'int':
        return `int${String(t.bits)}`;
      case 'array':
        return this.#typeKey(t.of);
      case 'pointer':
      case 'function':
        return t.kind;
      case 'void':
      case 'opaque':
        return 'any';
    }
  }

  #typePlace(type: CType, offset: number): Place {
    const element = type.kind === 'array' ? type.of : type;
    return this.#place(`${this.#typeKey(element)}+${String(offset)}`, undefined, element, offset);
  }

  ofType(type: CType): Points {
    if (type.kind === 'function') return this.none;
    const make = (): Points => this.#intern([this.#typePlace(type, 0)]);
    return type.kind === 'struct' ? remembered(this.#ofLayouts, type.layout, make) : make();
  }

  ofObject(object: MemObject, offset: number): Points {
    return remembered(within(this.#ofObjects, object), offset, () =>
      this.#intern([this.#objectPlace(object, offset)]),
    );
  }

  #objectPlace(object: MemObject, offset: number): Place {
    const at = object.canon[offset];
    if (at === undefined) return this.#typePlace({ kind: 'void' }, 0);
    return this.#place(`#${String(object.id)}+${String(at)}`, object, object.type, at);
  }

  union(a: Points, b: Points): Points {
    if (a === b || b.places.length === 0) return a;
    if (a.places.length === 0) return b;
    return this.#intern([...a.places, ...b.places]);
  }

  /** Moves by cells; `undefined`: to another element of the same array, which is the same place. */
  shift(p: Points, delta: number | undefined): Points {
    if (delta === undefined || delta === 0 || p.places.length === 0) return p;
    return remembered(within(this.#shifts, p), delta, () =>
      this.#intern(
        p.places.map((at) => {
          if (at.object) return this.#objectPlace(at.object, at.offset + delta);
          const size = at.type.kind === 'struct' ? at.type.layout.size : 1;
          const offset = at.offset + delta;
          return offset >= 0 && offset < size
            ? this.#typePlace(at.type, offset)
            : this.#typePlace({ kind: 'void' }, 0);
        }),
      ),
    );
  }

  /** The same places seen as `type`: kept where such a thing stands there, else any object of the type. */
  as(p: Points, type: CType): Points {
    if (type.kind !== 'struct' || p.places.length === 0) return p;
    return remembered(within(this.#casts, p), type.layout, () =>
      this.#intern(
        p.places.map((at) => {
          const fits = at.object
            ? this.#objects.holds(at.object, at.offset, type.layout)
            : this.#contains(at.type, at.offset, type.layout);
          return fits ? at : this.#typePlace(type, 0);
        }),
      ),
    );
  }

  #contains(type: CType, offset: number, layout: StructLayout): boolean {
    if (type.kind === 'array')
      return this.#contains(type.of, offset % Math.max(1, this.#types.sizeOf(type.of)), layout);
    if (type.kind !== 'struct') return false;
    if (offset === 0 && type.layout === layout) return true;
    for (const f of type.layout.fields.values()) {
      const inside = offset - f.offset;
      if (
        inside >= 0 &&
        inside < this.#types.sizeOf(f.type) &&
        this.#contains(f.type, inside, layout)
      )
        return true;
    }
    return false;
  }

  /** Classes of the cells at these places. */
  classes(p: Points): readonly number[] {
    const known = this.#classes.get(p.id);
    if (known) return known;
    const found = new Set<number>();
    for (const at of p.places) for (const cls of this.#classesAt(at)) found.add(cls);
    const result = [...found];
    this.#classes.set(p.id, result);
    return result;
  }

  #classesAt(at: Place): readonly number[] {
    if (at.object) return [this.#objects.classAt(at.object, at.offset)];
    return (
      this.#objects.classesOfType(at.type, at.offset) ??
      Array.from({ length: this.#objects.classCount }, (_, i) => i)
    );
  }

  /** Pools that may own these places. */
  pools(p: Points): readonly MemObject[] {
    const found = new Set<MemObject>();
    for (const at of p.places) {
      if (at.object?.pool) found.add(at.object);
      if (!at.object) {
        for (const cls of this.#classesAt(at)) {
          const owner = this.#objects.owner(cls)?.object;
          if (owner?.pool) found.add(owner);
        }
      }
    }
    return [...found];
  }
}

function within<K, L, T>(known: Map<K, Map<L, T>>, key: K): Map<L, T> {
  return remembered(known, key, () => new Map<L, T>());
}

function remembered<K, T>(known: Map<K, T>, key: K, make: () => T): T {
  let value = known.get(key);
  if (value === undefined) {
    value = make();
    known.set(key, value);
  }
  return value;
}
