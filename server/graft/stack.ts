/** Several file patches one after another: the model of each is the result of those before it. */
import type { Unit } from '../csource/ast.js';
import type { GraftInput, GraftResult } from './types.js';

export interface StackedPatch {
  readonly pre: readonly Unit[];
  readonly post: readonly Unit[];
}

export interface StackResult {
  /** Of each patch, in order. */
  readonly results: readonly GraftResult[];
  /** All units to link after the model, in order: later ones override earlier ones. */
  readonly units: readonly Unit[];
}

/** `apply` is `graft` or `ungraft`. */
export function stack(
  patches: readonly StackedPatch[],
  base: Omit<GraftInput, 'pre' | 'post'>,
  apply: (i: GraftInput) => GraftResult,
): StackResult {
  const units: Unit[] = [];
  const results = patches.map((p) => {
    const result = apply({ ...base, model: [...base.model, ...units], pre: p.pre, post: p.post });
    units.push(...result.units);
    return result;
  });
  return { results, units };
}
