/** Constant expressions with C's types, exact to 64 bits. */
import type { BinaryOp, Expr, NumberLit, Offsetof, TypeExpr } from './ast.js';
import type { CType, IrExpr } from './ir.js';
import {
  BOOL,
  INT,
  LONG,
  UINT,
  ULONG,
  VOID_POINTER,
  commonType,
  promote,
  wrap,
} from './types-int.js';

/** Expressions before and after lowering; the latter are the simpler ones. */
export type AnyExpr = Expr | IrExpr;

export interface Constant {
  readonly value: bigint;
  readonly type: CType;
}

/** What the evaluator asks about names and types. Every answer may be undefined: not constant. */
export interface ConstantContext {
  name(name: string): Constant | undefined;
  resolve(type: TypeExpr): CType;
  sizeOf(type: CType): number;
  typeOf(expr: AnyExpr): CType | undefined;
  /** A name that stands for a type, as in `sizeof(loff_t)`. */
  typeName(name: string): CType | undefined;
  offsetOf(expr: Offsetof): number | undefined;
}

/** Value and type of a constant expression; undefined when it is none, or has no defined value. */
export function evaluate(expr: AnyExpr, context: ConstantContext): Constant | undefined {
  switch (expr.kind) {
    case 'number':
      return literal(expr);
    case 'ident':
      return context.name(expr.name);
    case 'unary': {
      const operand =
        expr.op === '*' || expr.op === '&' ? undefined : evaluate(expr.operand, context);
      return operand && unary(expr.op, operand);
    }
    case 'binary': {
      const left = evaluate(expr.left, context);
      const right = left && evaluate(expr.right, context);
      return left && right && binary(expr.op, left, right);
    }
    case 'logical': {
      const left = evaluate(expr.left, context);
      if (!left) return undefined;
      if ((left.value !== 0n) === (expr.op === '||')) return truth(left.value !== 0n);
      const right = evaluate(expr.right, context);
      return right && truth(right.value !== 0n);
    }
    case 'cond': {
      const test = evaluate(expr.test, context);
      if (!test) return undefined;
      return test.value !== 0n && !expr.then
        ? test
        : evaluate(test.value !== 0n && expr.then ? expr.then : expr.else, context);
    }
    case 'cast':
      return cast(context.resolve(expr.type), evaluate(expr.operand, context));
    case 'sizeof':
      return cells(sizeofOperand(expr, context));
    case 'offsetof':
      return cells(context.offsetOf(expr));
    case 'local':
    case 'string':
    case 'member':
    case 'index':
    case 'typeArg':
    case 'update':
    case 'assign':
    case 'call':
    case 'initList':
    case 'stmtExpr':
    case 'comma':
    case 'error':
      return undefined;
  }
}

const truth = (value: boolean): Constant => ({ value: value ? 1n : 0n, type: INT });
const cells = (size: number | undefined): Constant | undefined =>
  size === undefined ? undefined : { value: BigInt(size), type: ULONG };

/** Type of an integer literal by its suffixes and size. */
export function literalType(expr: NumberLit): CType {
  if (expr.long || expr.value > 0xffffffff)
    return expr.unsigned || expr.value > 2 ** 63 ? ULONG : LONG;
  if (expr.unsigned) return UINT;
  return expr.value > 0x7fffffff ? LONG : INT;
}

function literal(expr: NumberLit): Constant {
  const type = literalType(expr);
  const exact = BigInt(Math.trunc(expr.value));
  // A rounded literal may stand one above the largest value of its type.
  const largest = type === ULONG ? 2n ** 64n - 1n : 2n ** 63n - 1n;
  return { type, value: expr.big && exact > largest ? largest : wrap(exact, type) };
}

function sizeofOperand(
  expr: { readonly type?: TypeExpr; readonly operand?: AnyExpr },
  context: ConstantContext,
): number | undefined {
  if (expr.type) return context.sizeOf(context.resolve(expr.type));
  if (!expr.operand) return undefined;
  const named = expr.operand.kind === 'ident' ? context.typeName(expr.operand.name) : undefined;
  const type = named ?? context.typeOf(expr.operand);
  return type && type.kind !== 'opaque' ? context.sizeOf(type) : undefined;
}

function cast(type: CType, operand: Constant | undefined): Constant | undefined {
  if (!operand || (type.kind !== 'int' && type.kind !== 'pointer')) return undefined;
  return { value: wrap(operand.value, type), type };
}

function unary(op: '-' | '+' | '!' | '~' | '*' | '&', operand: Constant): Constant | undefined {
  if (op === '!') return truth(operand.value === 0n);
  const type = promote(operand.type);
  if (type.kind !== 'int') return undefined;
  const value = op === '-' ? -operand.value : op === '~' ? ~operand.value : operand.value;
  return { value: wrap(value, type), type };
}

function binary(op: BinaryOp, left: Constant, right: Constant): Constant | undefined {
  if (op === '<<' || op === '>>') return shift(op, left, right);
  const type = commonType(left.type, right.type);
  const a = wrap(left.value, type);
  const b = wrap(right.value, type);
  const compared = compare(op, a, b);
  if (compared !== undefined) return truth(compared);
  if (type.kind !== 'int') return undefined;
  const value = arithmetic(op, a, b);
  return value === undefined ? undefined : { value: wrap(value, type), type };
}

function shift(op: '<<' | '>>', left: Constant, right: Constant): Constant | undefined {
  const type = promote(left.type);
  if (type.kind !== 'int' || right.value < 0n || right.value >= BigInt(type.bits)) return undefined;
  const value = op === '<<' ? left.value << right.value : left.value >> right.value;
  return { value: wrap(value, type), type };
}

function compare(op: BinaryOp, a: bigint, b: bigint): boolean | undefined {
  switch (op) {
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    default:
      return undefined;
  }
}

function arithmetic(op: BinaryOp, a: bigint, b: bigint): bigint | undefined {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0n ? undefined : a / b;
    case '%':
      return b === 0n ? undefined : a % b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    default:
      return undefined;
  }
}

/** Constants that need no declaration. */
export function builtinConstant(name: string): Constant | undefined {
  if (name === 'NULL') return { value: 0n, type: VOID_POINTER };
  if (name === 'true') return { value: 1n, type: BOOL };
  return name === 'false' ? { value: 0n, type: BOOL } : undefined;
}
