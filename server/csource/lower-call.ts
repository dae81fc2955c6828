/** Calls, intrinsics of Model C, and the wait that brings its own atomic region. */
import type { Call, Expr } from './ast.js';
import type { IntrinsicName, IrExpr, LocalRef } from './ir.js';
import { readsMemory } from './lower-assign.js';
import type { Lowering } from './lower-context.js';
import { valueOf } from './lower-expr.js';

const INTRINSICS: Readonly<Record<IntrinsicName, true>> = {
  __wait: true,
  __idle: true,
  __spin: true,
  __choose: true,
  __fault: true,
  __assert: true,
  __warn: true,
  __note: true,
  __acquire: true,
  __acquire_shared: true,
  __release: true,
  __require: true,
  __forbid: true,
  __alloc: true,
  __free: true,
  __current: true,
  __in_irq: true,
  __flush: true,
  __zero: true,
};

/** Whether a call of this name is an intrinsic of Model C. */
export function isIntrinsic(name: string): name is IntrinsicName {
  return Object.hasOwn(INTRINSICS, name);
}

/** Emits a call. The result goes nowhere, into a new temporary, or into the local that is given. */
export function lowerCall(
  L: Lowering,
  e: Call,
  want: 'none' | 'value' | LocalRef,
): IrExpr | undefined {
  if (guard(L, e)) return undefined;
  const name = e.callee.kind === 'ident' && !L.lookup(e.callee.name) ? e.callee.name : undefined;
  if (name !== undefined && isIntrinsic(name)) return intrinsic(L, e, name, want);
  const callee = valueOf(L, e.callee);
  const args = e.args.map((a) => valueOf(L, a));
  const result = want === 'none' ? undefined : want === 'value' ? L.builder.temp(e.loc) : want;
  L.builder.emit(e.loc, { op: 'call', callee, args, ...(result ? { result: result.local } : {}) });
  return result;
}

function intrinsic(
  L: Lowering,
  e: Call,
  name: IntrinsicName,
  want: 'none' | 'value' | LocalRef,
): IrExpr | undefined {
  const waits = name === '__wait' || name === '__idle' || name === '__spin';
  const region = waits && !L.scopes.inAtomic;
  if (waits && e.args.length === 0) L.builder.problem(e.loc, `${name} needs a condition`);
  if (region) L.builder.emit(e.loc, { op: 'atomic', enter: true });
  const args = e.args.map((a) => valueOf(L, a));
  const result = want === 'none' ? undefined : want === 'value' ? L.builder.temp(e.loc) : want;
  L.builder.emit(e.loc, {
    op: 'intrinsic',
    name,
    args,
    ...(result ? { result: result.local } : {}),
  });
  if (region) L.builder.emit(e.loc, { op: 'atomic', enter: false });
  return result;
}

/** `guard(name)(args);` holds until the end of the scope. */
function guard(L: Lowering, e: Call): boolean {
  const { callee } = e;
  if (callee.kind !== 'call' || callee.callee.kind !== 'ident' || callee.callee.name !== 'guard')
    return false;
  return enterGuard(L, callee.args[0], e.args, e);
}

/** Calls the entering function of a guard and leaves the other to the end of the scope. */
export function enterGuard(
  L: Lowering,
  name: Expr | undefined,
  args: readonly Expr[],
  at: Pick<Call, 'loc'>,
): boolean {
  const found = name?.kind === 'ident' ? L.env.guards.get(name.name) : undefined;
  if (!found) return false;
  // The object is fixed at entry, whatever is assigned to its name later.
  const held = args.map((a) => valueOf(L, a)).map((v) => (changes(v) ? L.builder.capture(v) : v));
  L.builder.emit(at.loc, {
    op: 'call',
    callee: { kind: 'ident', name: found.enter, loc: at.loc },
    args: held,
  });
  L.scopes.addCleanup({ callee: found.exit, args: held, loc: at.loc });
  return true;
}

function changes(e: IrExpr): boolean {
  if (e.kind === 'unary' && e.op === '&' && e.operand.kind === 'ident') return false;
  return readsMemory(e) || !['number', 'string'].includes(e.kind);
}
