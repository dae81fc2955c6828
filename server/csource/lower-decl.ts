/** Declarations of locals: initial values, static ones, what runs when they go out of scope. */
import type { DeclStmt, Expr, VarDecl } from './ast.js';
import type { LocalRef } from './ir.js';
import { lowerCall } from './lower-call.js';
import { type Lowering, attribute } from './lower-context.js';
import { valueOf } from './lower-expr.js';
import { completeArray, flattenInit } from './lower-init.js';

export function lowerDecl(L: Lowering, s: DeclStmt): void {
  if (s.vars.some((v) => v.init && !v.isStatic && !v.isExtern)) L.open(s.loc);
  for (const decl of s.vars) lowerVar(L, decl);
}

function lowerVar(L: Lowering, decl: VarDecl): void {
  if (decl.isExtern || decl.type.kind === 'function') {
    L.scopes.declare(decl.name, { kind: 'ident', name: decl.name, loc: decl.nameLoc });
    return;
  }
  if (!L.fragment && L.scopes.declaredHere(decl.name))
    L.builder.problem(decl.nameLoc, `${decl.name} is declared twice in one block`);
  const isAuto = decl.type.kind === 'name' && decl.type.name === '__auto_type' && decl.init;
  const type = isAuto ? L.typeOf(isAuto) : L.bindType(decl.type);
  const ref = L.builder.local(decl.name, decl.nameLoc, type, decl.isStatic ? 'static' : 'auto');
  if (decl.isStatic) {
    const name = `${L.def.name}.${decl.name}`;
    L.scopes.declare(decl.name, { kind: 'ident', name, loc: decl.nameLoc });
    L.statics.push({ decl: { ...decl, type }, name });
    return;
  }
  const range = attribute(decl.attrs, '__range');
  if (range)
    L.builder.problem(range.loc, '__range is for members and for variables that are not automatic');
  L.scopes.declare(decl.name, ref);
  if (decl.init) initialise(L, ref, decl.init);
  const fn = attribute(decl.attrs, '__free')?.args[0];
  if (fn?.kind === 'ident') L.scopes.addCleanup({ callee: fn.name, args: [ref], loc: decl.loc });
  const cleanup = attribute(decl.attrs, '__cleanup')?.args[0];
  if (cleanup?.kind === 'ident') {
    L.scopes.addCleanup({
      callee: cleanup.name,
      args: [{ kind: 'unary', op: '&', operand: ref, loc: decl.loc }],
      loc: decl.loc,
    });
  }
}

/** Gives a local its first value; aggregates are zeroed before their members are set. */
export function initialise(L: Lowering, ref: LocalRef, init: Expr): void {
  const declared = L.builder.locals[ref.local]?.type;
  if (!declared) return;
  if (init.kind === 'call' && L.constant(init) === undefined) {
    lowerCall(L, init, ref);
    return;
  }
  const { types } = L.env;
  const { steps, length } = flattenInit(
    init,
    ref,
    types.resolve(declared),
    types,
    (loc, message) => {
      L.builder.problem(loc, message);
    },
  );
  L.builder.retype(ref.local, completeArray(declared, length));
  const isAggregate =
    (init.kind === 'initList' && !(steps.length === 1 && steps[0]?.target === ref)) || length > 0;
  if (isAggregate) L.builder.emit(init.loc, { op: 'zero', target: ref });
  for (const step of steps)
    L.builder.emit(step.value.loc, {
      op: 'assign',
      target: step.target,
      value: valueOf(L, step.value),
    });
}
