/**
 * Binary expressions that the grammar groups wrongly because it cannot tell `(name)` before `+ - * &`
 * as a cast from the same as an operand: the operands are taken apart and grouped again by precedence.
 */
import type { BinaryOp, Expr, Loc, TypeExpr } from './ast.js';
import { isTypeName, locOf, textOf, type Context } from './to-ast-context.js';
import { expr } from './to-ast-expr.js';
import { field, isBroken, named, type SNode } from './to-ast-tree.js';
import { holeType, typeDescriptor } from './to-ast-type.js';

const PRECEDENCE = new Map<string, number>([
  ['||', 1],
  ['&&', 2],
  ['|', 3],
  ['^', 4],
  ['&', 5],
  ['==', 6],
  ['!=', 6],
  ['<', 7],
  ['>', 7],
  ['<=', 7],
  ['>=', 7],
  ['<<', 8],
  ['>>', 8],
  ['+', 9],
  ['-', 9],
  ['*', 10],
  ['/', 10],
  ['%', 10],
]);

type Sign = '+' | '-' | '*' | '&';
const isSign = (op: string): op is Sign => op === '+' || op === '-' || op === '*' || op === '&';

/** An operand, or types in parentheses that turned out to stand before one, outermost first. */
interface Operand {
  readonly value: Expr | undefined;
  readonly types: readonly TypeExpr[];
  readonly start: number;
  readonly end: number;
}

interface Sequence {
  readonly operands: Operand[];
  readonly ops: string[];
}

function operatorOf(cx: Context, n: SNode): string {
  const op = n.children.find((c) => !c.named);
  return op ? textOf(cx, op) : '';
}

/** The name in `(name)` used as a cast. */
function plainTypeName(n: SNode): SNode | undefined {
  const descriptor = n.type === 'cast_expression' ? field(n, 'type') : undefined;
  const inner = descriptor?.children.length === 1 ? descriptor.children[0] : undefined;
  return inner?.type === 'type_identifier' ? inner : undefined;
}

/** `(name) - x` read as a cast of `-x`, where the name is no type. */
function isFakeCast(cx: Context, n: SNode): boolean {
  const name = plainTypeName(n);
  const value = field(n, 'value');
  if (!name || !value || cx.masked.holes.has(name.start) || isTypeName(cx, textOf(cx, name)))
    return false;
  return (
    (value.type === 'unary_expression' || value.type === 'pointer_expression') &&
    isSign(operatorOf(cx, value)) &&
    !isBroken(value)
  );
}

/** The type in `(name)`, where the grammar took a type for a variable. */
export function parenthesisedType(cx: Context, n: SNode | undefined): TypeExpr | undefined {
  const inner = n?.type === 'parenthesized_expression' ? named(n)[0] : undefined;
  return inner?.type === 'identifier' ? typeNamed(cx, inner) : undefined;
}

function typeNamed(cx: Context, inner: SNode): TypeExpr | undefined {
  const hole = cx.masked.holes.get(inner.start);
  if (hole) return holeType(cx, hole);
  const name = textOf(cx, inner);
  return isTypeName(cx, name) ? { kind: 'name', name, loc: locOf(cx, inner) } : undefined;
}

/** The types in `(a)(b)`, where the grammar took them for a variable, or for calls. */
export function parenthesisedTypes(cx: Context, n: SNode): readonly TypeExpr[] {
  if (n.type !== 'call_expression') {
    const type = parenthesisedType(cx, n);
    return type ? [type] : [];
  }
  const callee = field(n, 'function');
  const args = field(n, 'arguments');
  const [name, more] = args ? named(args) : [];
  if (!callee || more || name?.type !== 'identifier') return [];
  const outer = parenthesisedTypes(cx, callee);
  const type = typeNamed(cx, name);
  return outer.length > 0 && type ? [...outer, type] : [];
}

/** The operand before the sign in `2 * (a) - b`. */
function lastOperand(n: SNode): SNode {
  const right = n.type === 'binary_expression' ? field(n, 'right') : undefined;
  return right ? lastOperand(right) : n;
}

/** Whether the grammar's grouping of `n` cannot be trusted. */
export function isDoubtful(cx: Context, n: SNode): boolean {
  if (n.type === 'cast_expression') {
    const value = field(n, 'value');
    return isFakeCast(cx, n) || (value?.type === 'cast_expression' && isDoubtful(cx, value));
  }
  if (n.type !== 'binary_expression') return false;
  const left = field(n, 'left');
  const right = field(n, 'right');
  if (left && isSign(operatorOf(cx, n)) && parenthesisedTypes(cx, lastOperand(left)).length > 0)
    return true;
  return (
    (left !== undefined && isDoubtful(cx, left)) || (right !== undefined && isDoubtful(cx, right))
  );
}

/** Groups the operands of a doubtful expression anew. */
export function regroup(cx: Context, n: SNode): Expr {
  const { operands, ops } = flatten(cx, n);
  const values: Operand[] = [];
  const kept: string[] = [];
  operands.forEach((o, i) => {
    const before = values.at(-1);
    const op = ops[i - 1] ?? '';
    if (before && before.types.length > 0 && o.value && isSign(op)) {
      values.pop();
      const operand: Expr = {
        kind: 'unary',
        op,
        operand: o.value,
        loc: locOf(cx, { start: o.start, end: o.end }),
      };
      const at = locOf(cx, { start: before.start, end: o.end });
      values.push({
        value: before.types.reduceRight<Expr>(
          (inner, type) => ({ kind: 'cast', type, operand: inner, loc: at }),
          operand,
        ),
        types: [],
        start: before.start,
        end: o.end,
      });
      return;
    }
    if (i > 0) kept.push(op);
    values.push(o);
  });
  return climb(cx, { operands: values, ops: kept }, { at: 0 }, 1).e;
}

function flatten(cx: Context, n: SNode): Sequence {
  const left = field(n, 'left');
  const right = field(n, 'right');
  if (n.type === 'binary_expression' && left && right && !isBroken(n)) {
    const op = operatorOf(cx, n);
    const a = flatten(cx, left);
    const b = flatten(cx, right);
    return { operands: [...a.operands, ...b.operands], ops: [...a.ops, op, ...b.ops] };
  }
  if (n.type === 'cast_expression' && isDoubtful(cx, n))
    return isFakeCast(cx, n) ? flattenFake(cx, n) : flattenCast(cx, n);
  return {
    operands: [
      { value: expr(cx, n), types: parenthesisedTypes(cx, n), start: n.start, end: n.end },
    ],
    ops: [],
  };
}

function flattenFake(cx: Context, n: SNode): Sequence {
  const name = plainTypeName(n);
  const value = field(n, 'value');
  const argument = value ? field(value, 'argument') : undefined;
  if (!name || !value || !argument) return { operands: [], ops: [] };
  const rest = flatten(cx, argument);
  const first: Operand = {
    value: { kind: 'ident', name: textOf(cx, name), loc: locOf(cx, name) },
    types: [],
    start: n.start,
    end: name.end,
  };
  return { operands: [first, ...rest.operands], ops: [operatorOf(cx, value), ...rest.ops] };
}

/** A true cast in front of a doubtful one binds its first operand only. */
function flattenCast(cx: Context, n: SNode): Sequence {
  const value = field(n, 'value');
  const descriptor = field(n, 'type');
  const rest = value ? flatten(cx, value) : { operands: [], ops: [] };
  const first = rest.operands[0];
  if (!first?.value || !descriptor) return rest;
  const loc = locOf(cx, { start: n.start, end: first.end });
  const cast: Operand = {
    value: { kind: 'cast', type: typeDescriptor(cx, descriptor), operand: first.value, loc },
    types: [],
    start: n.start,
    end: first.end,
  };
  return { operands: [cast, ...rest.operands.slice(1)], ops: rest.ops };
}

interface Climbed {
  readonly e: Expr;
  readonly start: number;
  readonly end: number;
}

/** Precedence climbing over a flat sequence; all operators are left-associative. */
function climb(cx: Context, s: Sequence, position: { at: number }, min: number): Climbed {
  let left = operandAt(cx, s, position.at);
  for (;;) {
    const op = s.ops[position.at];
    const level = PRECEDENCE.get(op ?? '') ?? 0;
    if (op === undefined || level < min || level === 0) return left;
    position.at++;
    const right = climb(cx, s, position, level + 1);
    const loc = locOf(cx, { start: left.start, end: right.end });
    left = { e: combine(op, left.e, right.e, loc), start: left.start, end: right.end };
  }
}

function operandAt(cx: Context, s: Sequence, i: number): Climbed {
  const o = s.operands[i];
  if (o?.value) return { e: o.value, start: o.start, end: o.end };
  const at = o ?? { start: 0, end: 0 };
  return { e: { kind: 'error', calls: [], loc: locOf(cx, at) }, start: at.start, end: at.end };
}

const isBinaryOp = (op: string): op is BinaryOp => PRECEDENCE.has(op) && op !== '&&' && op !== '||';

function combine(op: string, left: Expr, right: Expr, loc: Loc): Expr {
  if (isBinaryOp(op)) return { kind: 'binary', op, left, right, loc };
  return { kind: 'logical', op: op === '||' ? '||' : '&&', left, right, loc };
}
