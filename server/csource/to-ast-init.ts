/** Initialiser lists and compound literals. */
import type { Expr, InitItem, InitList } from './ast.js';
import { locOf, textOf, type Context } from './to-ast-context.js';
import { errorAt, expr, part, typeOf } from './to-ast-expr.js';
import { field, fields, isBroken, named, type SNode } from './to-ast-tree.js';

export function compoundLiteral(cx: Context, n: SNode): Expr {
  const value = field(n, 'value');
  if (!value) return errorAt(cx, n);
  return { ...initList(cx, value), type: typeOf(cx, n), loc: locOf(cx, n) };
}

export function initList(cx: Context, n: SNode): InitList {
  return { kind: 'initList', items: named(n).map((c) => initItem(cx, c)), loc: locOf(cx, n) };
}

function initItem(cx: Context, n: SNode): InitItem {
  if (n.type !== 'initializer_pair' || isBroken(n)) return { designators: [], value: expr(cx, n) };
  const designators = fields(n, 'designator');
  const [first] = designators;
  const high = first?.type === 'subscript_range_designator' ? field(first, 'end') : undefined;
  return {
    designators: designators.map((d) => designator(cx, d)),
    ...(high ? { high: expr(cx, high) } : {}),
    value: part(cx, n, 'value'),
  };
}

function designator(cx: Context, d: SNode): string | Expr {
  const inner = named(d)[0];
  if (d.type === 'field_identifier') return textOf(cx, d);
  if (d.type === 'field_designator' && inner) return textOf(cx, inner);
  const isIndex = d.type === 'subscript_designator' || d.type === 'subscript_range_designator';
  if (isIndex && inner) return expr(cx, inner);
  return errorAt(cx, d);
}
