/**
 * C arithmetic as C text. Every value is a `long long` that holds what the type's value is; the
 * helpers (`rl_…`, see runtime.ts) convert, wrap and check. Written apart from the interpreter's
 * arithmetic on purpose: what both get right was understood twice.
 */
import type { BinaryOp } from '../csource/ast.js';
import type { CType } from '../csource/ir.js';

export type IntType = Extract<CType, { kind: 'int' }>;

/** A value: its type, a C expression, and the frame slots that it reads. */
export interface Val {
  readonly type: CType;
  readonly text: string;
  readonly uses: readonly number[];
  readonly constant?: number;
  /** Address of a whole local object of this frame. */
  readonly own?: boolean;
}

const int = (bits: 32 | 64, signed: boolean): IntType => ({
  kind: 'int',
  bits,
  signed,
  bool: false,
});
export const INT = int(32, true);
export const LONG = int(64, true);
export const ULONG = int(64, false);

/** What all constants near the ends of 64 bits are: above every other number. */
const EXTREME = 0x7fffffff;

export function isScalar(t: CType): boolean {
  return t.kind === 'int' || t.kind === 'pointer';
}

/** Pointers take part in arithmetic as unsigned 64-bit numbers. */
export function asInt(t: CType): IntType {
  return t.kind === 'int' ? t : ULONG;
}

export function promote(t: CType): IntType {
  const i = asInt(t);
  return i.bits === 8 || i.bits === 16 ? INT : i;
}

/** The usual arithmetic conversions. */
function common(a: CType, b: CType): IntType {
  const [x, y] = [promote(a), promote(b)];
  if (x.bits !== y.bits) return int(64, x.bits === 64 ? x.signed : y.signed);
  return int(x.bits === 64 ? 64 : 32, x.signed && y.signed);
}

/** Number literals of 64 bits near the ends of the range become the extreme symbol or -1. */
function literal(value: number): number {
  if (value >= 2 ** 64 - 8192) return -1;
  return value >= 2 ** 62 ? EXTREME : value;
}

export function constant(value: number, type: CType): Val {
  const known = literal(value);
  return { type, text: known < 0 ? `(${known}LL)` : `${known}LL`, uses: [], constant: known };
}

/** Type of a number as C has it: `int` unless it does not fit or says otherwise. */
export function numberType(value: number, long: boolean, unsigned: boolean): IntType {
  const wide = long || Math.abs(value) > (unsigned ? 0xffffffff : EXTREME);
  return int(wide ? 64 : 32, !unsigned);
}

function wrapper(to: IntType): string | undefined {
  if (to.bool) return 'rl_bool';
  return to.bits === 64 ? undefined : `rl_${to.signed ? 'i' : 'u'}${to.bits}`;
}

function wrap(to: IntType, text: string): string {
  const name = wrapper(to);
  return name === undefined ? text : `${name}(${text})`;
}

/** Whether a value of one type may change when it is converted to the other. */
function mayChange(from: CType, to: IntType): boolean {
  if (to.bits === 64 && !to.bool) return false;
  if (from.kind !== 'int') return true;
  if (to.bool) return !from.bool;
  if (from.bits === to.bits) return from.signed !== to.signed;
  return from.bits > to.bits || (from.signed && !to.signed);
}

function folded(value: number, to: IntType): number {
  if (to.bool) return value === 0 ? 0 : 1;
  const n = BigInt(value);
  return Number(to.signed ? BigInt.asIntN(to.bits, n) : BigInt.asUintN(to.bits, n));
}

export function convert(v: Val, to: CType): Val {
  if (to.kind !== 'int' || !mayChange(v.type, to)) return { ...v, type: to };
  if (v.constant !== undefined) return constant(folded(v.constant, to), to);
  return { type: to, text: wrap(to, v.text), uses: v.uses };
}

/** From the number in a cell of this type to its value. */
export function fromCell(type: CType, cell: string): string {
  return type.kind === 'int' && type.bits === 32 && !type.signed ? `rl_u32(${cell})` : cell;
}

/** From a converted value to what the cell holds; what does not fit ends the step. */
export function toCell(
  type: CType,
  range: readonly [number, number] | undefined,
  value: string,
): string {
  if (range) return `rl_ranged(${value}, ${range[0]}LL, ${range[1]}LL)`;
  if (type.kind === 'int' && type.bits < 64) return `(int)(${value})`;
  return `rl_fit(${value})`;
}

/** Operations whose result must be an `int` again where both sides are. */
const OVERFLOWS: ReadonlySet<BinaryOp> = new Set(['+', '-', '*', '/']);
const COMPARISONS: ReadonlySet<BinaryOp> = new Set(['==', '!=', '<', '<=', '>', '>=']);
const NAMES: ReadonlyMap<BinaryOp, string> = new Map([
  ['+', 'add'],
  ['-', 'sub'],
  ['*', 'mul'],
  ['/', 'div'],
  ['%', 'mod'],
  ['<<', 'shl'],
  ['>>', 'shr'],
]);

function compare(op: BinaryOp, t: IntType, a: string, b: string): string {
  if (t.bits < 64) return `(long long)(${a} ${op} ${b})`;
  return `(long long)(rl_${t.signed ? '' : 'u'}order(${a}, ${b}) ${op} 0)`;
}

/** Arithmetic of 32 bits needs no more than 64; that of 64 has helpers of its own. */
function arithmetic(op: BinaryOp, t: IntType, a: string, b: string): string {
  const name = NAMES.get(op);
  if (name === undefined) return `(${a} ${op} ${b})`;
  if (op === '<<' || op === '>>') {
    const sign = t.bits === 64 && !t.signed && op === '>>' ? 'u' : '';
    return `rl_${sign}${name}(${a}, ${b}, ${t.bits})`;
  }
  const division = op === '/' || op === '%';
  return `rl_${division && t.bits === 64 && !t.signed ? 'u' : ''}${name}(${a}, ${b})`;
}

/** A binary operation on two integers or pointers, with C's conversions. */
export function binary(op: BinaryOp, left: Val, right: Val): Val {
  const shift = op === '<<' || op === '>>';
  const t = shift ? promote(left.type) : common(left.type, right.type);
  const a = convert(left, t);
  const b = convert(right, shift ? promote(right.type) : t);
  const uses = [...a.uses, ...b.uses];
  if (COMPARISONS.has(op)) return { type: INT, text: compare(op, t, a.text, b.text), uses };
  const text = arithmetic(op, t, a.text, b.text);
  if (OVERFLOWS.has(op) && t.bits === 32 && t.signed)
    return { type: t, text: `rl_int(${text}, "${op}")`, uses };
  return { type: t, text: wrap(t, text), uses };
}

/** `-x` and `~x`. */
export function negate(op: '-' | '~', v: Val): Val {
  const t = promote(v.type);
  const x = convert(v, t);
  if (x.constant !== undefined && op === '-') return constant(folded(-x.constant, t), t);
  const text = op === '-' ? `(-${x.text})` : `(-${x.text} - 1)`;
  if (op === '-' && t.bits === 32 && t.signed)
    return { type: t, text: `rl_int(${text}, "-")`, uses: x.uses };
  return { type: t, text: wrap(t, text), uses: x.uses };
}
