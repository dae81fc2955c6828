/** What a call does to what its caller holds, told apart by what it returns. */
import type { IrExpr, IrFunction } from '../csource/ir.js';
import { constantFacts, negativeKey } from './conditions.js';
import type { PathState } from './path-state.js';
import { objectOf, pathText, rootLocal } from './paths.js';
import type { Values } from './values.js';

export interface TokenEffect {
  readonly class: string;
  readonly named: boolean;
  /** In terms of the callee's parameters and globals; undefined when it has no meaning outside. */
  readonly path: IrExpr | undefined;
  /** The object is what the function returns. */
  readonly returned: boolean;
  readonly shared: boolean;
  readonly certain: boolean;
  /** As of what is held (held.ts). */
  readonly atomic: boolean;
  readonly waits: boolean;
}

/** A release of something that the function itself did not take. */
export interface Released {
  readonly class: string;
  readonly named: boolean;
  readonly path: IrExpr | undefined;
  readonly object: string;
  readonly key: string;
  readonly certain: boolean;
}

/** Something held that from now on ends with something else: an inode's lock with the transaction. */
export interface Gift {
  readonly what: TokenEffect;
  readonly to: IrExpr;
}

/** One way to return. */
export interface Variant {
  readonly result: 'zero' | 'nonzero' | 'negative' | 'any';
  readonly acquires: readonly TokenEffect[];
  readonly releases: readonly TokenEffect[];
  readonly gives?: readonly Gift[];
}

export interface Summary {
  readonly variants: readonly Variant[];
}

export const NO_EFFECT: Summary = { variants: [{ result: 'any', acquires: [], releases: [] }] };

type Exit = { readonly state: PathState; readonly value: IrExpr | undefined };

/** Where a function ends, and the names of its values. */
export interface Ends {
  readonly exits: readonly Exit[];
  readonly values: Values;
}

/** What a path returns, as far as it is known. */
export function resultOf(exit: Exit, values: Values): Variant['result'] {
  const { value } = exit;
  if (!value) return 'any';
  let inner = value;
  while (inner.kind === 'cast') inner = inner.operand;
  const name = values.value(inner)?.key ?? pathText(inner);
  const object = values.path(objectOf(inner)).key;
  // what is held is an object: neither NULL nor an error
  if (exit.state.held.some((h) => h.from === 'here' && h.key !== '' && h.key === object))
    return 'nonzero';
  const facts = new Map([...exit.state.facts, ...constantFacts(name, inner)]);
  if (facts.get(negativeKey(name))) return 'negative';
  const set = facts.get(name);
  if (set === undefined) return 'any';
  return set ? 'nonzero' : 'zero';
}

function count<T extends { readonly certain: boolean }>(
  all: Map<string, { effect: T; exits: number }>,
  key: string,
  effect: T,
): void {
  const old = all.get(key);
  all.set(key, {
    effect: old?.effect ?? effect,
    exits: (old?.exits ?? 0) + (effect.certain ? 1 : 0),
  });
}

/** Effects common to some exits; certain when every one of them certainly has it. */
function effectsOf(
  fn: IrFunction,
  exits: readonly Exit[],
  result: Variant['result'],
  values: Values,
): Variant {
  const acquired = new Map<string, { effect: TokenEffect; exits: number }>();
  const released = new Map<string, { effect: TokenEffect; exits: number }>();
  const outside = (found: IrExpr | undefined): IrExpr | undefined => {
    const path = found && values.expand(found);
    const root = path ? rootLocal(path) : undefined;
    return root === undefined || root < fn.paramCount ? path : undefined;
  };
  for (const { state, value } of exits) {
    const back = value ? values.path(objectOf(value)).key : undefined;
    for (const h of state.held) {
      if (h.from !== 'here') continue;
      const root = h.path && rootLocal(h.path);
      const returned =
        h.path !== undefined && h.key === back && (root ?? fn.paramCount) >= fn.paramCount;
      const path = outside(h.path);
      if (!h.certain && !path && !returned) continue; // a guess that the caller could not even name
      const effect = {
        class: h.class,
        named: h.named,
        path,
        returned,
        shared: h.shared,
        certain: h.certain && !h.doubt,
        atomic: h.atomic,
        waits: h.waits,
      };
      count(
        acquired,
        `${h.class}\u0000${returned ? 'result' : path ? pathText(path) : ''}`,
        effect,
      );
    }
    for (const r of state.released) {
      const effect = {
        class: r.class,
        named: r.named,
        path: outside(r.path),
        returned: false,
        shared: false,
        certain: r.certain,
        atomic: false,
        waits: false,
      };
      count(released, `${r.class}\u0000${r.object}`, effect);
    }
  }
  const done = (all: typeof acquired): readonly TokenEffect[] =>
    [...all.values()].map(({ effect, exits: n }) => ({ ...effect, certain: n === exits.length }));
  return { result, acquires: done(acquired), releases: done(released) };
}

function shape(v: Variant): string {
  const one = (e: TokenEffect): string =>
    `${e.class}/${e.path ? pathText(e.path) : ''}/${String(e.certain)}/${String(e.returned)}`;
  return `${v.acquires.map(one).join(',')}|${v.releases.map(one).join(',')}`;
}

/** Returns with the same effect are one variant; its result is `any` when they return differently. */
export function summarise(fn: IrFunction, { exits, values }: Ends): Summary {
  if (exits.length === 0) return NO_EFFECT;
  const byResult = new Map<Variant['result'], Exit[]>();
  for (const e of exits) {
    const r = resultOf(e, values);
    const list = byResult.get(r) ?? [];
    list.push(e);
    byResult.set(r, list);
  }
  const variants = [...byResult].map(([result, list]) => effectsOf(fn, list, result, values));
  const shapes = new Set(variants.map(shape));
  if (shapes.size === 1) {
    const whole = effectsOf(fn, exits, 'any', values);
    const only = variants.length === 1 ? variants[0] : undefined;
    return { variants: [only ?? whole] };
  }
  return { variants };
}

/** Whether a call changes what its caller holds. */
export function hasEffect(s: Summary): boolean {
  return s.variants.some(
    (v) => v.acquires.length > 0 || v.releases.length > 0 || v.gives !== undefined,
  );
}

/** Classes that every way of returning has released. */
export function alwaysReleases(s: Summary, cls: string): boolean {
  return s.variants.every(
    (v) =>
      v.releases.some((r) => r.class === cls && r.certain) &&
      !v.acquires.some((a) => a.class === cls),
  );
}
