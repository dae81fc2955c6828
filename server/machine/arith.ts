/**
 * C arithmetic on JavaScript numbers. An integer of up to 32 bits is its exact value. A 64-bit one
 * is kept as the signed value (also when its type is unsigned, as a register would), exact within
 * 2^53; everything from 2^31-1 upwards compares as one symbol, the extreme constant.
 */
import type { BinaryOp } from '../csource/ast.js';
import type { CType } from '../csource/ir.js';

export type IntType = Extract<CType, { kind: 'int' }>;
export type Fn1 = (v: number) => number;
export type Fn2 = (a: number, b: number) => number;

export const INT: IntType = { kind: 'int', bits: 32, signed: true, bool: false };
const UINT: IntType = { kind: 'int', bits: 32, signed: false, bool: false };
export const LONG: IntType = { kind: 'int', bits: 64, signed: true, bool: false };
export const ULONG: IntType = { kind: 'int', bits: 64, signed: false, bool: false };

/** The one symbol for all extreme constants of 64-bit types. */
export const EXTREME = 0x7fffffff;
const TWO32 = 2 ** 32;
const TWO64 = 2 ** 64;

export function isScalar(t: CType): boolean {
  return t.kind === 'int' || t.kind === 'pointer';
}

/** Pointers and everything unknown take part in arithmetic as unsigned 64-bit numbers. */
export function asInt(t: CType): IntType {
  return t.kind === 'int' ? t : ULONG;
}

/** Integer promotion. */
export function promote(t: CType): IntType {
  const i = asInt(t);
  return i.bits < 32 ? INT : i;
}

/** The usual arithmetic conversions. */
function common(a: CType, b: CType): IntType {
  const x = promote(a);
  const y = promote(b);
  if (x.bits === y.bits)
    return x.signed && y.signed ? (x.bits === 64 ? LONG : INT) : x.bits === 64 ? ULONG : UINT;
  const wide = x.bits > y.bits ? x : y;
  return wide.signed ? LONG : ULONG;
}

/** A literal as the machine keeps it. */
export function literal(value: number): number {
  if (value >= TWO64 - 8192) return -1;
  return value >= 2 ** 62 ? EXTREME : value;
}

const truth: Fn1 = (v) => (v === 0 ? 0 : 1);
const narrow: Readonly<Record<8 | 16 | 32, readonly [signed: Fn1, unsigned: Fn1]>> = {
  8: [(v) => (v << 24) >> 24, (v) => v & 0xff],
  16: [(v) => (v << 16) >> 16, (v) => v & 0xffff],
  32: [(v) => v | 0, (v) => v >>> 0],
};

/** Conversion of a value to a type; undefined when it changes nothing. */
export function conversion(to: CType): Fn1 | undefined {
  if (to.kind !== 'int') return undefined;
  if (to.bool) return truth;
  if (to.bits === 64) return undefined;
  return narrow[to.bits][to.signed ? 0 : 1];
}

/**
 * What a 64-bit value becomes in a 32-bit cell: itself, the extreme symbol (also reached by small
 * offsets from an extreme constant), or undefined: it does not fit.
 */
export function saturate(v: number): number | undefined {
  if (v >= -0x80000000 && v <= EXTREME) return v;
  const near = 2 ** 20;
  if (v > 0) {
    if (v >= 2 ** 62 || Math.abs(v - 2 ** 31) <= near || Math.abs(v - TWO32) <= near)
      return EXTREME;
    return undefined;
  }
  return v <= -(2 ** 62) || v >= -(2 ** 31) - near ? -0x80000000 : undefined;
}

const magnitude = (v: number): number => (v < 0 ? v + TWO64 : v);
const signedKey = (v: number): number => (v > EXTREME ? EXTREME : v);
const unsignedKey = (v: number): number => (v < 0 ? v + 2 ** 52 : v > EXTREME ? EXTREME : v);

function compare(op: BinaryOp, key: Fn1 | undefined): Fn2 | undefined {
  const k = key ?? ((v: number): number => v);
  switch (op) {
    case '==':
      return key ? (a, b) => (k(a) === k(b) ? 1 : 0) : (a, b) => (a === b ? 1 : 0);
    case '!=':
      return key ? (a, b) => (k(a) === k(b) ? 0 : 1) : (a, b) => (a === b ? 0 : 1);
    case '<':
      return (a, b) => (k(a) < k(b) ? 1 : 0);
    case '<=':
      return (a, b) => (k(a) <= k(b) ? 1 : 0);
    case '>':
      return (a, b) => (k(a) > k(b) ? 1 : 0);
    case '>=':
      return (a, b) => (k(a) >= k(b) ? 1 : 0);
    default:
      return undefined;
  }
}

const small = (v: number): boolean => v >= -0x80000000 && v <= EXTREME;

/** 64-bit bit operation; both operands within int32 is the common case. */
function bits64(quick: Fn2, exact: (a: bigint, b: bigint) => bigint): Fn2 {
  return (a, b) =>
    small(a) && small(b) ? quick(a, b) : Number(BigInt.asIntN(64, exact(BigInt(a), BigInt(b))));
}

const WIDE: ReadonlyMap<BinaryOp, (signed: boolean) => Fn2> = new Map<
  BinaryOp,
  (signed: boolean) => Fn2
>([
  ['+', () => (a, b) => a + b],
  ['-', () => (a, b) => a - b],
  ['*', () => (a, b) => a * b],
  [
    '/',
    (s) => (s ? (a, b) => Math.trunc(a / b) : (a, b) => Math.floor(magnitude(a) / magnitude(b))),
  ],
  ['%', (s) => (s ? (a, b) => a % b : (a, b) => magnitude(a) % magnitude(b))],
  ['<<', () => (a, b) => a * 2 ** b],
  [
    '>>',
    (s) =>
      s ? (a, b) => Math.floor(a / 2 ** b) : (a, b) => literal(Math.floor(magnitude(a) / 2 ** b)),
  ],
  [
    '&',
    () =>
      bits64(
        (a, b) => a & b,
        (a, b) => a & b,
      ),
  ],
  [
    '|',
    () =>
      bits64(
        (a, b) => a | b,
        (a, b) => a | b,
      ),
  ],
  [
    '^',
    () =>
      bits64(
        (a, b) => a ^ b,
        (a, b) => a ^ b,
      ),
  ],
]);

/** Exact results of operations on `int`, which must be an `int` again. */
const EXACT: ReadonlyMap<BinaryOp, Fn2> = new Map<BinaryOp, Fn2>([
  ['+', (a, b) => a + b],
  ['-', (a, b) => a - b],
  ['*', (a, b) => a * b],
]);

/**
 * Whether nobody can tell how two 64-bit numbers compare: both stand for extreme constants, and each
 * may have lost what it differed by when it was stored.
 */
export function isUnclear(a: number, b: number): boolean {
  return a >= EXTREME && b >= EXTREME && a !== b;
}

/** Whether a number is a value of `int`. */
export function isInt(v: number): boolean {
  return v === (v | 0);
}

const NARROW: ReadonlyMap<BinaryOp, (signed: boolean) => Fn2> = new Map<
  BinaryOp,
  (signed: boolean) => Fn2
>([
  ['+', () => (a, b) => a + b],
  ['-', () => (a, b) => a - b],
  ['*', () => Math.imul],
  ['/', () => (a, b) => Math.trunc(a / b)],
  ['%', () => (a, b) => a % b],
  ['<<', () => (a, b) => a << b],
  ['>>', (s) => (s ? (a, b) => a >> b : (a, b) => a >>> b)],
  ['&', () => (a, b) => a & b],
  ['|', () => (a, b) => a | b],
  ['^', () => (a, b) => a ^ b],
]);

export interface Operation {
  /** Type in which both operands are taken (shifts: the left one alone). */
  readonly operand: IntType;
  readonly result: IntType;
  readonly apply: Fn2;
  readonly name: BinaryOp;
  /** What must hold of the right operand, or the operation is undefined in C. */
  readonly check?: 'nonzero' | 'shift' | 'overflow' | 'extreme';
}

/** One binary operation on promoted integer types. */
export function operation(op: BinaryOp, left: CType, right: CType): Operation {
  const shift = op === '<<' || op === '>>';
  const t = shift ? promote(left) : common(left, right);
  const cmp = compare(op, t.bits === 64 ? (t.signed ? signedKey : unsignedKey) : undefined);
  if (cmp)
    return t.bits === 64
      ? { operand: t, result: INT, apply: cmp, name: op, check: 'extreme' }
      : { operand: t, result: INT, apply: cmp, name: op };
  const exact = t.bits === 32 && t.signed ? EXACT.get(op) : undefined;
  if (exact) return { operand: t, result: t, apply: exact, name: op, check: 'overflow' };
  const raw = (t.bits === 64 ? WIDE : NARROW).get(op)?.(t.signed) ?? ((): number => 0);
  const wrap = conversion(t);
  const apply: Fn2 = wrap ? (a, b) => wrap(raw(a, b)) : raw;
  const check = shift ? 'shift' : op === '/' || op === '%' ? 'nonzero' : undefined;
  return check
    ? { operand: t, result: t, apply, name: op, check }
    : { operand: t, result: t, apply, name: op };
}

/** `-x` and `~x` on a promoted type. */
export function negation(op: '-' | '~', t: IntType): Fn1 {
  const wrap = conversion(t);
  const raw: Fn1 = op === '-' ? (v) => (v === 0 ? 0 : -v) : (v) => -v - 1;
  return wrap ? (v) => wrap(raw(v)) : raw;
}
