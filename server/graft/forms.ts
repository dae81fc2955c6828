/**
 * Forms that a function had in other versions of the kernel. The model has one signature; where others are
 * in use, its C declares what a call with so many arguments means: `f__4()` is `f()` called with four.
 */
import type { Expr, TopLevel } from '../csource/ast.js';
import { calleeName } from './effects.js';
import { mapBlock, mapChildren, mapHead } from './walk.js';
import type { World } from './world.js';

/** Name of the form of a function that takes so many arguments; undefined when the model has none. */
export function formOf(
  { params, names }: Pick<World, 'params' | 'names'>,
  name: string,
  count: number,
): string | undefined {
  if (params.get(name)?.length === count) return undefined;
  const form = `${name}__${String(count)}`;
  return names.has(form) ? form : undefined;
}

/** Calls of other forms by the names that they have in the model. */
export function withForms(item: TopLevel, world: World): TopLevel {
  if (item.kind !== 'function') return item;
  const inExpr = (e: Expr): Expr => {
    const inner = mapChildren(e, inExpr);
    if (inner.kind !== 'call' || inner.callee.kind !== 'ident') return inner;
    const name = formOf(world, calleeName(inner), inner.args.length);
    return name === undefined ? inner : { ...inner, callee: { ...inner.callee, name } };
  };
  return { ...item, body: mapBlock(item.body, (s) => [mapHead(s, inExpr)]) };
}
