/** Assignments, compound assignments, ++ and --; a target is evaluated once. */
import type { Assign, BinaryOp, Loc, Update } from './ast.js';
import type { IrExpr, LocalRef } from './ir.js';
import { lowerCall } from './lower-call.js';
import type { Lowering } from './lower-context.js';
import { valueOf } from './lower-expr.js';

const OPERATOR: Readonly<Record<Exclude<Assign['op'], '='>, BinaryOp>> = {
  '+=': '+',
  '-=': '-',
  '*=': '*',
  '/=': '/',
  '%=': '%',
  '<<=': '<<',
  '>>=': '>>',
  '&=': '&',
  '|=': '|',
  '^=': '^',
};

/** Returns the value of the assignment when it is used. */
export function lowerAssign(L: Lowering, e: Assign, used: boolean): IrExpr {
  const target = e.op === '=' ? valueOf(L, e.target) : stable(L, valueOf(L, e.target));
  if (
    e.op === '=' &&
    e.value.kind === 'call' &&
    target.kind === 'local' &&
    L.constant(e.value) === undefined
  ) {
    return lowerCall(L, e.value, target) ?? target;
  }
  const right = valueOf(L, e.value);
  const value: IrExpr =
    e.op === '=' ? right : { kind: 'binary', op: OPERATOR[e.op], left: target, right, loc: e.loc };
  return store(L, e, target, value, used);
}

export function lowerUpdate(L: Lowering, e: Update, used: boolean): IrExpr {
  const target = stable(L, valueOf(L, e.operand));
  const old = used && !e.prefix ? L.builder.capture(target) : undefined;
  const value: IrExpr = {
    kind: 'binary',
    op: e.op === '++' ? '+' : '-',
    left: old ?? target,
    right: one(e.loc),
    loc: e.loc,
  };
  const result = store(L, { target: e.operand, loc: e.loc }, target, value, used && e.prefix);
  return old ?? result;
}

const one = (loc: Loc): IrExpr => ({ kind: 'number', value: 1, unsigned: false, long: false, loc });

/** The value of a store into memory is kept aside: reading it back would be another access. */
function store(
  L: Lowering,
  e: Pick<Assign, 'target' | 'loc'>,
  target: IrExpr,
  value: IrExpr,
  used: boolean,
): IrExpr {
  const small = value.kind === 'number' && (value.value === 0 || value.value === 1);
  if (!used || target.kind === 'local' || small) {
    L.builder.emit(e.loc, { op: 'assign', target, value });
    return small ? value : target;
  }
  const temp: LocalRef = L.builder.temp(e.loc, L.typeOf(e.target));
  L.builder.emit(e.loc, { op: 'assign', target: temp, value });
  L.builder.emit(e.loc, { op: 'assign', target, value: temp });
  return temp;
}

/** A target that may be read and then written without reading again how to get there. */
function stable(L: Lowering, e: IrExpr): IrExpr {
  switch (e.kind) {
    case 'member':
      return { ...e, object: e.arrow ? held(L, e.object) : stable(L, e.object) };
    case 'index':
      return { ...e, object: stable(L, e.object), index: held(L, e.index) };
    case 'unary':
      return { ...e, operand: held(L, e.operand) };
    default:
      return e;
  }
}

function held(L: Lowering, e: IrExpr): IrExpr {
  return readsMemory(e) ? L.builder.capture(e) : e;
}

/** True when evaluating may read something that other threads write. */
export function readsMemory(e: IrExpr): boolean {
  switch (e.kind) {
    case 'member':
    case 'index':
    case 'ident':
      return true;
    case 'unary':
      return e.op === '*' || (e.op === '&' ? addressReads(e.operand) : readsMemory(e.operand));
    case 'binary':
      return readsMemory(e.left) || readsMemory(e.right);
    case 'cast':
      return readsMemory(e.operand);
    case 'local':
    case 'number':
    case 'string':
    case 'sizeof':
    case 'offsetof':
    case 'typeArg':
    case 'error':
      return false;
  }
}

function addressReads(e: IrExpr): boolean {
  switch (e.kind) {
    case 'member':
      return e.arrow ? readsMemory(e.object) : addressReads(e.object);
    case 'index':
      return addressReads(e.object) || readsMemory(e.index);
    case 'unary':
      return readsMemory(e.operand);
    default:
      return false;
  }
}
