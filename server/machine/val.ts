/** Values and places of expressions: closures over registers, with what the compiler knows of them. */
import type { CType, IrFunction, Loc, ProgramTypes } from '../csource/ir.js';
import { EXTREME, INT, asInt, conversion, isInt, isUnclear, isScalar, saturate } from './arith.js';
import type { Fn1, Operation } from './arith.js';
import type { Cpu } from './cpu.js';
import type { MemObject } from './objects.js';
import type { Abs, Eval } from './ops.js';

export interface Val {
  readonly type: CType;
  readonly f: Eval;
  readonly uses: readonly number[];
  /** What it points to, for pointers. */
  readonly abs?: Abs | undefined;
  readonly constant?: number;
}

export interface RegPlace {
  readonly k: 'reg';
  readonly slot: number;
  readonly type: CType;
}
export interface MemPlace {
  readonly k: 'mem';
  readonly addr: Eval;
  readonly uses: readonly number[];
  readonly abs: Abs;
  readonly type: CType;
  readonly range?: readonly [number, number] | undefined;
}
/** Something that no declaration explains: reads as 0, writes are dropped, an assumption is noted. */
export interface NoPlace {
  readonly k: 'none';
  readonly what: string;
  readonly type: CType;
}
export type Place = RegPlace | MemPlace | NoPlace;

export interface ExprEnv {
  readonly types: ProgramTypes;
  readonly fn: IrFunction | undefined;
  local(index: number): Place;
  global(name: string): MemObject | undefined;
  range(name: string): readonly [number, number] | undefined;
  /** Number of a function of the program. */
  functionNumber(name: string): number | undefined;
  stringNumber(text: string): number;
  load(place: MemPlace, loc: Loc): Val;
}

export function constantVal(value: number, type: CType): Val {
  return { type, f: () => value, uses: [], constant: value };
}

/** Whether converting a value of type `from` to `to` can change it. */
function changes(from: CType, to: CType): boolean {
  if (from.kind !== 'int' || to.kind !== 'int' || to.bits === 64)
    return to.kind === 'int' && to.bits !== 64;
  if (to.bool) return !from.bool;
  if (from.bits === to.bits) return from.signed !== to.signed;
  return from.bits > to.bits || (from.signed && !to.signed);
}

export function convertVal(v: Val, to: CType): Val {
  const conv = changes(v.type, to) ? conversion(to) : undefined;
  if (!conv) return { ...v, type: to };
  if (v.constant !== undefined) return constantVal(conv(v.constant), to);
  const { f } = v;
  return { type: to, f: (m) => conv(f(m)), uses: v.uses };
}

/** From the number in a cell of this type to its value. */
export function fromCell(type: CType): Fn1 | undefined {
  return type.kind === 'int' && type.bits === 32 && !type.signed ? (v) => v >>> 0 : undefined;
}

/** From a converted value to what the cell holds; what does not fit ends the step. */
export function toCell(
  type: CType,
  range: readonly [number, number] | undefined,
): (m: Cpu, v: number) => number {
  if (range) {
    const [lo, hi] = range;
    return (m, v) =>
      v >= lo && v <= hi
        ? v | 0
        : m.fail('range', `value ${String(v)} is out of range ${String(lo)}..${String(hi)}`);
  }
  if (type.kind === 'int' && type.bits < 64) return (_m, v) => v | 0;
  return (m, v) => saturate(v) ?? m.fail('model-error', `value ${String(v)} does not fit a cell`);
}

const UNCLEAR = 'comparison of two numbers that are above every range';

/** A constant below the extreme ones. */
function isPlain({ constant }: Val): boolean {
  return constant !== undefined && constant < EXTREME;
}

const INT_MIN = -0x80000000;

export function overflow(op: string): string {
  return `signed integer overflow: the result of ${op} is no int`;
}

/** An operation on two values; constant operands of one that cannot fail give a constant. */
export function combine(a: Val, b: Val, op: Operation): Val {
  const uses = [...a.uses, ...b.uses];
  const type = op.result;
  const [f, g] = [a.f, b.f];
  const { apply } = op;
  const { bits } = op.operand;
  if (op.check === 'nonzero') {
    return {
      type,
      uses,
      f: (m) => {
        const [x, y] = [f(m), g(m)];
        if (y === 0) return m.fail('arithmetic', 'division by zero');
        return y === -1 && x === INT_MIN && type.bits === 32
          ? m.fail('arithmetic', overflow(op.name))
          : apply(x, y);
      },
    };
  }
  if (op.check === 'shift') {
    return {
      type,
      uses,
      f: (m) => {
        const [x, y] = [f(m), g(m)];
        if (y < 0) return m.fail('arithmetic', `shift exponent ${y} is negative`);
        return y >= bits
          ? m.fail('arithmetic', `shift exponent ${y} is too large for ${bits} bits`)
          : apply(x, y);
      },
    };
  }
  if (op.check === 'extreme' && !isPlain(a) && !isPlain(b)) {
    return {
      type,
      uses,
      f: (m) => {
        const [x, y] = [f(m), g(m)];
        return isUnclear(x, y) ? m.fail('model-error', UNCLEAR) : apply(x, y);
      },
    };
  }
  if (op.check === 'overflow') {
    const known =
      a.constant === undefined || b.constant === undefined
        ? undefined
        : apply(a.constant, b.constant);
    if (known !== undefined && isInt(known)) return constantVal(known | 0, type);
    return {
      type,
      uses,
      f: (m) => {
        const r = apply(f(m), g(m));
        return isInt(r) ? r | 0 : m.fail('arithmetic', overflow(op.name));
      },
    };
  }
  if (b.constant === undefined) return { type, uses, f: (m) => apply(f(m), g(m)) };
  const k = b.constant;
  if (a.constant !== undefined) return constantVal(apply(a.constant, k), type);
  return { type, uses, f: (m) => apply(f(m), k) };
}

export function unknown(what: string, type: CType = INT): Val {
  return {
    type: isScalar(type) ? type : asInt(type),
    f: (m) => {
      m.assumptions.add(`unknown: ${what}`);
      return 0;
    },
    uses: [],
  };
}
