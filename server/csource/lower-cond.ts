/** Conditions: short circuits as branches; what is constant decides at once. */
import type { Conditional, Expr, Logical, Loc } from './ast.js';
import type { IrExpr } from './ir.js';
import { Label } from './lower-builder.js';
import type { Lowering } from './lower-context.js';
import { effectOf, valueOf } from './lower-expr.js';

/** Goes to `yes` or `no`. */
export function branchOn(L: Lowering, e: Expr, yes: Label, no: Label): void {
  const known = L.constant(e);
  if (known !== undefined) {
    L.builder.jump(e.loc, known === 0n ? no : yes);
    return;
  }
  switch (e.kind) {
    case 'logical': {
      const middle = new Label();
      if (e.op === '&&') branchOn(L, e.left, middle, no);
      else branchOn(L, e.left, yes, middle);
      L.builder.bind(middle);
      branchOn(L, e.right, yes, no);
      return;
    }
    case 'unary':
      if (e.op !== '!') break;
      branchOn(L, e.operand, no, yes);
      return;
    case 'comma':
      effectOf(L, e.left);
      branchOn(L, e.right, yes, no);
      return;
    case 'cond': {
      if (!e.then) break;
      const [then, otherwise] = [new Label(), new Label()];
      branchOn(L, e.test, then, otherwise);
      L.builder.bind(then);
      branchOn(L, e.then, yes, no);
      L.builder.bind(otherwise);
      branchOn(L, e.else, yes, no);
      return;
    }
    default:
  }
  L.builder.branch(e.loc, valueOf(L, e), yes, no);
}

const bit = (value: 0 | 1, loc: Loc): IrExpr => ({
  kind: 'number',
  value,
  unsigned: false,
  long: false,
  loc,
});

/** A condition as 0 or 1. */
export function truthValue(L: Lowering, e: Expr): IrExpr {
  const known = L.constant(e);
  if (known !== undefined) return bit(known === 0n ? 0 : 1, e.loc);
  const [yes, no, end] = [new Label(), new Label(), new Label()];
  const temp = L.builder.temp(e.loc);
  branchOn(L, e, yes, no);
  L.builder.bind(yes);
  L.builder.emit(e.loc, { op: 'assign', target: temp, value: bit(1, e.loc) });
  L.builder.jump(e.loc, end);
  L.builder.bind(no);
  L.builder.emit(e.loc, { op: 'assign', target: temp, value: bit(0, e.loc) });
  L.builder.bind(end);
  return temp;
}

/** `a ? b : c` and `a ?: c`. */
export function conditionalValue(L: Lowering, e: Conditional): IrExpr {
  const known = L.constant(e.test);
  if (known !== undefined) return valueOf(L, known === 0n ? e.else : (e.then ?? e.test));
  const [yes, no, end] = [new Label(), new Label(), new Label()];
  const { builder } = L;
  // The two sides may differ in type: the result has the type of the whole.
  const temp = builder.temp(e.loc, L.typeOf(e));
  let test: IrExpr | undefined;
  if (e.then) branchOn(L, e.test, yes, no);
  else {
    test = builder.capture(valueOf(L, e.test));
    builder.branch(e.test.loc, test, yes, no);
  }
  builder.bind(yes);
  const then = e.then ? valueOf(L, e.then) : test;
  if (then) builder.emit(then.loc, { op: 'assign', target: temp, value: then });
  builder.jump(e.loc, end);
  builder.bind(no);
  const otherwise = valueOf(L, e.else);
  builder.emit(otherwise.loc, { op: 'assign', target: temp, value: otherwise });
  builder.bind(end);
  return temp;
}

/** `a ? f() : g();` and `a && f();` as statements. */
export function conditionalEffect(L: Lowering, e: Conditional | Logical): void {
  const [then, otherwise, end] = [new Label(), new Label(), new Label()];
  if (e.kind === 'logical') {
    const [yes, no] = e.op === '&&' ? [then, end] : [end, then];
    branchOn(L, e.left, yes, no);
    L.builder.bind(then);
    effectOf(L, e.right);
  } else {
    branchOn(L, e.test, then, otherwise);
    L.builder.bind(then);
    if (e.then) effectOf(L, e.then);
    L.builder.jump(e.loc, end);
    L.builder.bind(otherwise);
    effectOf(L, e.else);
  }
  L.builder.bind(end);
}
