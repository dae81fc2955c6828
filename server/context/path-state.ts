/** What is known on one path through a function, and how paths come together. */
import type { Facts } from './conditions.js';
import type { HeldSet } from './held.js';
import { equalHeld, joinHeld, keyOf } from './held.js';
import type { Released } from './summary.js';

/** One path's knowledge before an instruction. */
export interface PathState {
  readonly facts: Facts;
  readonly held: HeldSet;
  /** What was released without being held: the caller's. */
  readonly released: readonly Released[];
  /** The step before, on a path that leads here; undefined at entry. */
  readonly from: { readonly pc: number; readonly state: PathState } | undefined;
}

/** Paths kept apart by facts at one place, and by what is held, before they are merged. */
const MAX_BY_FACTS = 8;
const MAX_BY_HELD = 24;

function factKey(facts: Facts): string {
  return [...facts]
    .map(([k, v]) => `${k}=${v ? 1 : 0}`)
    .sort()
    .join('&');
}

function propertyKey(state: PathState): string {
  const held = state.held.map((h) => `${keyOf(h)}${h.certain ? '!' : '?'}${h.from}`).join('\u0001');
  if (state.released.length === 0) return held;
  const released = state.released.map((r) => `${r.class}\u0000${r.object}${r.certain ? '!' : '?'}`);
  return `${held}\u0002${released.join('\u0001')}`;
}

export function sameRelease(a: Released, b: Released): boolean {
  return a.class === b.class && a.object === b.object;
}

function joinReleased(a: readonly Released[], b: readonly Released[]): readonly Released[] {
  const out = a.map((r) =>
    r.certain && !b.some((o) => sameRelease(o, r) && o.certain) ? { ...r, certain: false } : r,
  );
  for (const r of b) if (!a.some((o) => sameRelease(o, r))) out.push({ ...r, certain: false });
  return out;
}

function equalReleased(a: readonly Released[], b: readonly Released[]): boolean {
  return (
    a.length === b.length &&
    a.every((r) => b.some((o) => sameRelease(o, r) && o.certain === r.certain))
  );
}

function inBoth(a: Facts, b: Facts): Facts {
  return new Map([...a].filter(([k, v]) => b.get(k) === v));
}

/**
 * The paths that reach one place. They are kept apart by what is held and by the facts that are
 * still asked for; when there are many, paths that hold the same are one, with the facts that they
 * share; and when that is not enough, all are one, and what only some hold is not certain.
 *
 * Soundness: merging forgets facts and certainty, and loses no path.
 */
export class PathStates {
  readonly #states = new Map<string, PathState>();

  values(): IterableIterator<PathState> {
    return this.#states.values();
  }

  get size(): number {
    return this.#states.size;
  }

  /** The state that the path is now part of, when that taught something new. */
  add(state: PathState): PathState | undefined {
    const property = propertyKey(state);
    const exact = `${factKey(state.facts)}\u0003${property}`;
    if (this.#states.has(exact)) return undefined;
    const merged = this.#states.get(property);
    if (!merged && this.#states.size < MAX_BY_FACTS) {
      this.#states.set(exact, state);
      return state;
    }
    if (merged || this.#states.size < MAX_BY_HELD) return this.#mergeFacts(property, merged, state);
    return this.#mergeAll(state);
  }

  #mergeFacts(
    property: string,
    merged: PathState | undefined,
    state: PathState,
  ): PathState | undefined {
    if (!merged) {
      this.#states.set(property, state);
      return state;
    }
    const facts = inBoth(merged.facts, state.facts);
    if (facts.size === merged.facts.size) return undefined;
    const next = { ...merged, facts };
    this.#states.set(property, next);
    return next;
  }

  #mergeAll(state: PathState): PathState | undefined {
    const old = this.#states.get('all');
    const held = joinHeld(old?.held, state.held);
    const released = old ? joinReleased(old.released, state.released) : state.released;
    const facts = old ? inBoth(old.facts, state.facts) : state.facts;
    if (
      old?.facts.size === facts.size &&
      equalHeld(old.held, held) &&
      equalReleased(old.released, released)
    )
      return undefined;
    const next = {
      facts,
      held,
      released,
      from: old?.from ?? state.from,
    };
    this.#states.set('all', next);
    return next;
  }
}
