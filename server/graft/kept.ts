/**
 * Results of earlier grafts, taken again where all that went into them is the same: typing in one
 * hunk leaves the others as they are.
 */
import type { World } from './world.js';

interface Kept<V> {
  readonly parts: readonly unknown[];
  readonly value: V;
}

/** Results kept under one first part: versions of the model, and some of what lay below. */
const CAPACITY = 12;

/** Values by the identity of what they were made from. */
export class Memo<V> {
  readonly #known = new WeakMap<object, Kept<V>[]>();

  /** `lasts`: whether the value depends on nothing else. */
  take(
    first: object,
    parts: readonly unknown[],
    make: () => V,
    lasts: (value: V) => boolean = () => true,
  ): V {
    const kept = this.#known.get(first) ?? [];
    this.#known.set(first, kept);
    const known = kept.find(
      (k) => k.parts.length === parts.length && k.parts.every((p, i) => p === parts[i]),
    );
    if (known) return known.value;
    const value = make();
    if (!lasts(value)) return value;
    if (kept.length >= CAPACITY) kept.shift();
    kept.push({ parts, value });
    return value;
  }
}

/** Worlds that were seen lately, to find equal ones. */
const recent: World[] = [];
const keys = new WeakMap<World, object>();

/** The same object for worlds that answer alike; of bodies a world tells only what they acquire. */
export function worldKey(world: World): object {
  const known = keys.get(world) ?? recent.find((w) => sameWorld(w, world));
  if (known === undefined) {
    if (recent.length >= CAPACITY) recent.shift();
    recent.push(world);
  }
  const key = known ?? world;
  keys.set(world, key);
  return key;
}

function sameWorld(a: World, b: World): boolean {
  return (
    sameSet(a.names, b.names) &&
    sameSet(a.fields, b.fields) &&
    sameMap(a.macros, b.macros, (x, y) => x === y) &&
    sameMap(a.functions, b.functions, () => true) &&
    sameMap(a.params, b.params, (x, y) => x === y) &&
    sameMap(a.acquires, b.acquires, sameSet) &&
    sameMap(a.releases, b.releases, sameSet)
  );
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const x of a) if (!b.has(x)) return false;
  return true;
}

function sameMap<V>(
  a: ReadonlyMap<string, V>,
  b: ReadonlyMap<string, V>,
  same: (x: V, y: V) => boolean,
): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const [key, x] of a) {
    const y = b.get(key);
    if (y === undefined || !same(x, y)) return false;
  }
  return true;
}
