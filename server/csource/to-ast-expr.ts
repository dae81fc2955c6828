/** Expressions. What is damaged becomes an `error` node that keeps the calls still readable in it. */
import type { AssignOp, BinaryOp, Call, Expr, TypeExpr, UnaryOp } from './ast.js';
import { OFFSETOF_WORDS } from './mask-words.js';
import { isSynthetic, locOf, textOf, type Context } from './to-ast-context.js';
import { isDoubtful, parenthesisedType, parenthesisedTypes, regroup } from './to-ast-infix.js';
import { compoundLiteral, initList } from './to-ast-init.js';
import { readCharacter, readNumber, unquote } from './to-ast-literal.js';
import { block } from './to-ast-stmt.js';
import { field, isBroken, named, outermost, type SNode } from './to-ast-tree.js';
import { holeType, typeDescriptor } from './to-ast-type.js';

const BINARY = new Set<string>([
  '+',
  '-',
  '*',
  '/',
  '%',
  '<<',
  '>>',
  '&',
  '|',
  '^',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
]);
const UNARY = new Set<string>(['-', '+', '!', '~', '*', '&']);
const ASSIGN = new Set<string>(['=', '+=', '-=', '*=', '/=', '%=', '<<=', '>>=', '&=', '|=', '^=']);

const isBinaryOp = (op: string): op is BinaryOp => BINARY.has(op);
const isUnaryOp = (op: string): op is UnaryOp => UNARY.has(op);
const isAssignOp = (op: string): op is AssignOp => ASSIGN.has(op);

/** Calls that can still be read inside damaged text, outermost ones, in order. */
export function callsIn(cx: Context, n: SNode): Call[] {
  return outermost(n, 'call_expression').flatMap((c) => {
    if (isSynthetic(cx, c.start)) return c.children.flatMap((child) => callsIn(cx, child));
    const e = call(cx, c);
    return e.kind === 'call' ? [e] : [];
  });
}

export function errorAt(cx: Context, n: SNode): Expr {
  return { kind: 'error', calls: n.children.flatMap((c) => callsIn(cx, c)), loc: locOf(cx, n) };
}

/** Converts an expression node; never fails. */
export function expr(cx: Context, n: SNode): Expr {
  const loc = locOf(cx, n);
  if (isBroken(n)) return n.type === 'call_expression' ? call(cx, n) : errorAt(cx, n);
  if (isDoubtful(cx, n)) return regroup(cx, n);
  const text = textOf(cx, n);
  switch (n.type) {
    case 'identifier':
    case 'type_identifier':
    case 'field_identifier':
      return identifier(cx, n);
    case 'true':
    case 'false':
    case 'null':
      return { kind: 'ident', name: text, loc };
    case 'number_literal':
      return number(cx, n);
    case 'char_literal':
      return readCharacter(text, loc);
    case 'string_literal':
      return { kind: 'string', value: unquote(text), loc };
    case 'concatenated_string':
      return {
        kind: 'string',
        value: named(n)
          .filter((c) => c.type === 'string_literal')
          .map((c) => unquote(textOf(cx, c)))
          .join(''),
        loc,
      };
    case 'parenthesized_expression':
      return parenthesised(cx, n);
    case 'call_expression':
      return call(cx, n);
    case 'initializer_list':
      return initList(cx, n);
    case 'compound_literal_expression':
      return compoundLiteral(cx, n);
    case 'cast_expression':
      return { kind: 'cast', type: typeOf(cx, n), operand: part(cx, n, 'value'), loc };
    case 'sizeof_expression':
      return sizeOf(cx, n);
    case 'comma_expression':
      return { kind: 'comma', left: part(cx, n, 'left'), right: part(cx, n, 'right'), loc };
    default:
      return operation(cx, n);
  }
}

function operation(cx: Context, n: SNode): Expr {
  const loc = locOf(cx, n);
  const op = operator(cx, n);
  switch (n.type) {
    case 'unary_expression':
    case 'pointer_expression':
      return isUnaryOp(op)
        ? { kind: 'unary', op, operand: part(cx, n, 'argument'), loc }
        : errorAt(cx, n);
    case 'update_expression':
      return {
        kind: 'update',
        op: op === '--' ? '--' : '++',
        prefix: n.children[0]?.named === false,
        operand: part(cx, n, 'argument'),
        loc,
      };
    case 'binary_expression':
      return binary(cx, n, op);
    case 'assignment_expression':
      return isAssignOp(op)
        ? { kind: 'assign', op, target: part(cx, n, 'left'), value: part(cx, n, 'right'), loc }
        : errorAt(cx, n);
    case 'conditional_expression': {
      const then = field(n, 'consequence');
      return {
        kind: 'cond',
        test: part(cx, n, 'condition'),
        ...(then ? { then: expr(cx, then) } : {}),
        else: part(cx, n, 'alternative'),
        loc,
      };
    }
    case 'field_expression':
      return member(cx, n, op);
    case 'subscript_expression':
      return { kind: 'index', object: part(cx, n, 'argument'), index: part(cx, n, 'index'), loc };
    default:
      return errorAt(cx, n);
  }
}

/** The grammar takes a sign into the literal in some places. */
function number(cx: Context, n: SNode): Expr {
  const text = textOf(cx, n);
  const sign = text.charAt(0);
  if (sign !== '-' && sign !== '+') return readNumber(text, locOf(cx, n));
  return {
    kind: 'unary',
    op: sign,
    operand: readNumber(
      text.slice(1).trimStart(),
      locOf(cx, { start: n.end - text.slice(1).trimStart().length, end: n.end }),
    ),
    loc: locOf(cx, n),
  };
}

function operator(cx: Context, n: SNode): string {
  const op = n.children.find((c) => !c.named);
  return op ? textOf(cx, op) : '';
}

/** Sub-expression in field `name`; a missing one is an error node of no length. */
export function part(cx: Context, n: SNode, name: string): Expr {
  const c = field(n, name);
  return c
    ? expr(cx, c)
    : { kind: 'error', calls: [], loc: locOf(cx, { start: n.end, end: n.end }) };
}

function identifier(cx: Context, n: SNode): Expr {
  const hole = cx.masked.holes.get(n.start);
  const loc = locOf(cx, n);
  if (hole) return { kind: 'typeArg', type: holeType(cx, hole), loc: locOf(cx, hole) };
  if (cx.masked.fills.has(n.start) || isSynthetic(cx, n.start))
    return { kind: 'error', calls: [], loc };
  return { kind: 'ident', name: textOf(cx, n), loc };
}

function member(cx: Context, n: SNode, op: string): Expr {
  const name = field(n, 'field');
  if (!name || isSynthetic(cx, name.start)) return errorAt(cx, n);
  return {
    kind: 'member',
    object: part(cx, n, 'argument'),
    name: textOf(cx, name),
    arrow: op === '->',
    nameLoc: locOf(cx, name),
    loc: locOf(cx, n),
  };
}

function parenthesised(cx: Context, n: SNode): Expr {
  const inner = named(n)[0];
  if (!inner) return errorAt(cx, n);
  if (inner.type === 'compound_statement')
    return { kind: 'stmtExpr', body: block(cx, inner), loc: locOf(cx, n) };
  return expr(cx, inner);
}

function binary(cx: Context, n: SNode, op: string): Expr {
  const loc = locOf(cx, n);
  if (op === '&&' || op === '||')
    return { kind: 'logical', op, left: part(cx, n, 'left'), right: part(cx, n, 'right'), loc };
  return isBinaryOp(op)
    ? { kind: 'binary', op, left: part(cx, n, 'left'), right: part(cx, n, 'right'), loc }
    : errorAt(cx, n);
}

/** Arguments of an `argument_list`, damaged ones as `error` nodes. */
export function args(cx: Context, list: SNode | undefined): Expr[] {
  return list ? named(list).map((c) => expr(cx, c)) : [];
}

/** Arguments of a call that was taken out of the text, e.g. an attribute's. */
export function callArgs(cx: Context, n: SNode): Expr[] {
  return n.type === 'call_expression' ? args(cx, field(n, 'arguments')) : [];
}

function call(cx: Context, n: SNode): Expr {
  const loc = locOf(cx, n);
  const fn = field(n, 'function');
  const list = field(n, 'arguments');
  if (!fn || !list || n.children.some((c) => c.type === 'ERROR') || isSynthetic(cx, fn.start))
    return errorAt(cx, n);
  const values = args(cx, list);
  const types = parenthesisedTypes(cx, fn);
  const first = values[0];
  if (types.length > 0 && first)
    return types.reduceRight<Expr>(
      (operand, type) => ({ kind: 'cast', type, operand, loc }),
      foldComma(values.slice(1), first),
    );
  if (OFFSETOF_WORDS.has(textOf(cx, fn)) && first) {
    const path = values[1];
    const of = asType(first);
    if (path && of) return { kind: 'offsetof', type: of, path, loc };
  }
  return { kind: 'call', callee: expr(cx, fn), args: values, loc };
}

function asType(e: Expr): TypeExpr | undefined {
  if (e.kind === 'typeArg') return e.type;
  return e.kind === 'ident' ? { kind: 'name', name: e.name, loc: e.loc } : undefined;
}

/** `a, b, c` as one comma expression. */
export function foldComma(rest: readonly Expr[], first: Expr): Expr {
  return rest.reduce<Expr>(
    (left, right) => ({ kind: 'comma', left, right, loc: { ...left.loc, end: right.loc.end } }),
    first,
  );
}

export function typeOf(cx: Context, n: SNode): TypeExpr {
  const t = field(n, 'type');
  return t ? typeDescriptor(cx, t) : { kind: 'name', name: 'int', loc: locOf(cx, n) };
}

function sizeOf(cx: Context, n: SNode): Expr {
  const loc = locOf(cx, n);
  if (field(n, 'type')) return { kind: 'sizeof', type: typeOf(cx, n), loc };
  const value = field(n, 'value');
  const type = parenthesisedType(cx, value);
  if (type) return { kind: 'sizeof', type, loc };
  return { kind: 'sizeof', operand: part(cx, n, 'value'), loc };
}
