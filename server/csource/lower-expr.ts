/** Expressions: their effects as instructions in order, their value as an expression without effects. */
import type { Block, Call, Cast, Expr, Ident, InitList, Member, Unary } from './ast.js';
import type { IrExpr } from './ir.js';
import { lowerAssign, lowerUpdate } from './lower-assign.js';
import { lowerCall } from './lower-call.js';
import { conditionalEffect, conditionalValue, truthValue } from './lower-cond.js';
import type { Lowering } from './lower-context.js';
import { initialise } from './lower-decl.js';
import { lowerStmts } from './lower-stmt.js';

/** Emits what the expression does and returns its value. */
export function valueOf(L: Lowering, e: Expr): IrExpr {
  switch (e.kind) {
    case 'ident':
      return nameValue(L, e);
    case 'number':
    case 'string':
      return e;
    case 'typeArg':
      return { ...e, type: L.bindType(e.type) };
    case 'unary':
      return unaryValue(L, e);
    case 'update':
      return lowerUpdate(L, e, true);
    case 'binary': {
      const left = valueOf(L, e.left);
      return { ...e, left, right: valueOf(L, e.right) };
    }
    case 'logical':
      return truthValue(L, e);
    case 'cond':
      return conditionalValue(L, e);
    case 'assign':
      return lowerAssign(L, e, true);
    case 'call':
      return callValue(L, e);
    case 'member':
      return memberValue(e, valueOf(L, e.object));
    case 'index': {
      const object = valueOf(L, e.object);
      return { ...e, object, index: valueOf(L, e.index) };
    }
    case 'cast':
      return castValue(L, e);
    case 'sizeof':
      return e.type
        ? { ...e, type: L.bindType(e.type) }
        : e.operand
          ? { ...e, operand: L.bindExpr(e.operand) }
          : e;
    case 'offsetof':
      return { ...e, type: L.bindType(e.type) };
    case 'initList':
      return literalValue(L, e);
    case 'stmtExpr':
      return blockValue(L, e.body);
    case 'comma':
      effectOf(L, e.left);
      return valueOf(L, e.right);
    case 'error':
      effectOf(L, e);
      return { ...e, calls: [] };
  }
}

/** Emits what the expression does; its value is not needed. */
export function effectOf(L: Lowering, e: Expr): void {
  switch (e.kind) {
    case 'call':
      lowerCall(L, e, 'none');
      break;
    case 'assign':
      lowerAssign(L, e, false);
      break;
    case 'update':
      lowerUpdate(L, e, false);
      break;
    case 'cond':
    case 'logical':
      conditionalEffect(L, e);
      break;
    case 'comma':
    case 'binary':
      effectOf(L, e.left);
      effectOf(L, e.right);
      break;
    case 'unary':
    case 'cast':
      effectOf(L, e.operand);
      break;
    case 'member':
      effectOf(L, e.object);
      break;
    case 'index':
      effectOf(L, e.object);
      effectOf(L, e.index);
      break;
    case 'stmtExpr':
      insideExpression(L, e.body, () => {
        lowerStmts(L, e.body.body);
      });
      break;
    case 'initList':
      for (const item of e.items) effectOf(L, item.value);
      break;
    case 'error':
      for (const call of e.calls) effectOf(L, call);
      L.builder.emit(e.loc, { op: 'unknown', reason: 'expression could not be read' });
      break;
    case 'ident':
    case 'number':
    case 'string':
    case 'sizeof':
    case 'offsetof':
    case 'typeArg':
      break;
  }
}

function nameValue(L: Lowering, e: Ident): IrExpr {
  const ref = L.lookup(e.name);
  if (ref) return { ...ref, loc: e.loc };
  if (e.name !== 'true' && e.name !== 'false') return e;
  return {
    kind: 'number',
    value: e.name === 'true' ? 1 : 0,
    unsigned: false,
    long: false,
    loc: e.loc,
  };
}

function unaryValue(L: Lowering, e: Unary): IrExpr {
  // A condition under `!` keeps its short circuits.
  if (e.op === '!' && e.operand.kind === 'logical') return truthValue(L, e);
  const operand = valueOf(L, e.operand);
  const cancels =
    operand.kind === 'unary' &&
    ((e.op === '*' && operand.op === '&') || (e.op === '&' && operand.op === '*'));
  return cancels ? operand.operand : { ...e, operand };
}

/** `(&x)->m` is `x.m`. */
function memberValue(e: Member, object: IrExpr): IrExpr {
  const direct = e.arrow && object.kind === 'unary' && object.op === '&';
  return direct ? { ...e, arrow: false, object: object.operand } : { ...e, object };
}

function callValue(L: Lowering, e: Call): IrExpr {
  return (
    lowerCall(L, e, 'value') ?? {
      kind: 'number',
      value: 0,
      unsigned: false,
      long: false,
      loc: e.loc,
    }
  );
}

function castValue(L: Lowering, e: Cast): IrExpr {
  if (e.operand.kind === 'initList' && e.operand.type === undefined)
    return literalValue(L, { ...e.operand, type: e.type });
  const operand = valueOf(L, e.operand);
  return { ...e, type: L.bindType(e.type), operand };
}

/** `(struct x){…}`: an object without a name. */
function literalValue(L: Lowering, e: InitList): IrExpr {
  if (!e.type) {
    effectOf(L, e);
    L.builder.problem(e.loc, 'initialiser without a type');
    return { kind: 'error', calls: [], loc: e.loc };
  }
  const temp = L.builder.temp(e.loc, L.bindType(e.type));
  initialise(L, temp, { kind: 'initList', loc: e.loc, items: e.items });
  return temp;
}

/** Value of a statement expression: that of its last statement, taken before its scope is left. */
function blockValue(L: Lowering, body: Block): IrExpr {
  const last = body.body.at(-1);
  return insideExpression(L, body, () => {
    if (last?.kind !== 'expr') {
      lowerStmts(L, body.body);
      return { kind: 'number', value: 0, unsigned: false, long: false, loc: body.loc };
    }
    lowerStmts(L, body.body.slice(0, -1));
    const value = valueOf(L, last.expr);
    return L.scopes.pendingHere && !isFixed(value) ? L.builder.capture(value) : value;
  });
}

function insideExpression<T>(L: Lowering, body: Block, inner: () => T): T {
  const outer = L.inExpression;
  L.inExpression = true;
  const result = L.scopes.within({}, body.loc, inner);
  L.inExpression = outer;
  return result;
}

/** True when nothing can change the value: numbers, addresses, functions. */
export function isFixed(e: IrExpr): boolean {
  if (e.kind === 'unary')
    return e.op === '&' ? e.operand.kind === 'ident' : e.op !== '*' && isFixed(e.operand);
  if (e.kind === 'cast') return isFixed(e.operand);
  return e.kind === 'number' || e.kind === 'string' || e.kind === 'sizeof' || e.kind === 'offsetof';
}
