/** Sets of what is held, in acquisition order. */
import type { IrExpr, Loc } from '../csource/ir.js';
import { lastMember, objectOf, pathText } from './paths.js';

/** Something held: a lock, a handle, a writeback bit that the holder must end. */
export interface Held {
  /** As kernel people write it: the class string of the C, or the lock's member name. */
  readonly class: string;
  /** The C gave the class; else it follows from the path and changes with it. */
  readonly named: boolean;
  /** Access path in the function whose facts these are; empty when it has no name there. */
  readonly object: string;
  readonly path: IrExpr | undefined;
  /** The object under names that do not change (values.ts); empty when it has none, or lost it. */
  readonly key: string;
  readonly shared: boolean;
  readonly certain: boolean;
  /** Taken by spinning: who holds it must not sleep. */
  readonly atomic: boolean;
  /** Whoever takes it waits until it is free; a trylock does not. */
  readonly waits: boolean;
  /** It was given to an unknown function, which may have released it. */
  readonly doubt?: boolean;
  /** It was given to what has this key, and ends with it. */
  readonly until?: string;
  /** Where it was taken: a place in `function`. */
  readonly at: Loc;
  readonly function: string;
  /** `caller`: held at entry. */
  readonly from: 'here' | 'caller';
}

export type HeldSet = readonly Held[];

export interface Token {
  readonly class: string;
  readonly named: boolean;
  readonly path: IrExpr;
}

/** Class and object of an acquire or release. */
export function tokenOf(args: readonly IrExpr[]): Token | undefined {
  const [object, name] = args;
  if (!object) return undefined;
  const path = objectOf(object);
  return name?.kind === 'string'
    ? { class: name.value, named: true, path }
    : { class: classOfPath(path), named: false, path };
}

/** A lock without a class of its own is called by its member. */
export function classOfPath(path: IrExpr): string {
  return lastMember(path) ?? pathText(path);
}

const keys = new WeakMap<Held, string>();

export function keyOf(h: Held): string {
  const known = keys.get(h);
  if (known !== undefined) return known;
  const doubt = h.doubt ? '?' : '';
  const until = h.until === undefined ? '' : `>${h.until}`;
  const key = `${h.class}\u0000${h.object}\u0000${h.key}${doubt}${until}\u0000${h.at.src}:${h.at.start}`;
  keys.set(h, key);
  return key;
}

/** What was taken where, whatever it is called now. */
export function originOf(h: Held): string {
  return `${h.class}@${h.at.src}:${h.at.start}`;
}

export function joinHeld(a: HeldSet | undefined, b: HeldSet): HeldSet {
  if (!a) return b;
  const inB = new Map(b.map((h) => [keyOf(h), h]));
  const inA = new Set(a.map(keyOf));
  const out: Held[] = a.map((h) =>
    h.certain && !inB.get(keyOf(h))?.certain ? { ...h, certain: false } : h,
  );
  for (const h of b) if (!inA.has(keyOf(h))) out.push(h.certain ? { ...h, certain: false } : h);
  return out;
}

/**
 * What is held at a place that paths reach with different sets: taken at different places, the same
 * object is one, and certain when every path has it.
 */
export function togetherHeld(sets: readonly HeldSet[]): HeldSet {
  const all = new Map<string, { held: Held; certain: number }>();
  for (const set of sets) {
    const here = new Map<string, Held>();
    for (const h of set) {
      const key = `${h.class}\u0000${h.key === '' ? keyOf(h) : h.key}`;
      const old = here.get(key);
      here.set(key, old?.certain ? { ...h, certain: true } : h);
    }
    for (const [key, h] of here) {
      const old = all.get(key);
      all.set(key, { held: old?.held ?? h, certain: (old?.certain ?? 0) + (h.certain ? 1 : 0) });
    }
  }
  return [...all.values()].map(({ held, certain }) => {
    const sure = certain === sets.length;
    return held.certain === sure ? held : { ...held, certain: sure };
  });
}

export function equalHeld(a: HeldSet | undefined, b: HeldSet): boolean {
  if (!a || a.length !== b.length) return false;
  return a.every((h, i) => {
    const o = b[i];
    return o !== undefined && keyOf(h) === keyOf(o) && h.certain === o.certain;
  });
}
