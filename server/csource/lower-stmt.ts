/** Statements. */
import type { Atomic, DeclStmt, If, InitList, MacroLoop, Expr, Return, Stmt, VarDecl } from './ast.js';
import type { LocalRef } from './ir.js';
import { Label } from './lower-builder.js';
import { enterGuard, lowerCall } from './lower-call.js';
import { branchOn } from './lower-cond.js';
import { type Lowering, attribute } from './lower-context.js';
import { effectOf, isFixed, valueOf } from './lower-expr.js';
import { completeArray, flattenValue } from './lower-init.js';
import { lowerDoWhile, lowerFor, lowerWhile } from './lower-loop.js';
import { lowerCase, lowerSwitch } from './lower-switch.js';

export function lowerStmts(L: Lowering, stmts: readonly Stmt[]): void {
  for (const stmt of stmts) lowerStmt(L, stmt);
}

/** The body of a control statement: one level deeper, braces or not. */
export function lowerBody(L: Lowering, stmt: Stmt): void {
  L.depth += 1;
  L.scoped({}, stmt.loc, () => {
    lowerStmts(L, stmt.kind === 'block' ? stmt.body : [stmt]);
  });
  L.depth -= 1;
}

export function lowerStmt(L: Lowering, s: Stmt): void {
  switch (s.kind) {
    case 'block':
      lowerBody(L, s);
      break;
    case 'expr':
      L.open(s.loc);
      effectOf(L, s.expr);
      break;
    case 'decl':
      lowerDecl(L, s);
      break;
    case 'if':
      lowerIf(L, s);
      break;
    case 'while':
      lowerWhile(L, s);
      break;
    case 'doWhile':
      lowerDoWhile(L, s);
      break;
    case 'for':
      lowerFor(L, s);
      break;
    case 'macroLoop':
      lowerMacroLoop(L, s);
      break;
    case 'switch':
      lowerSwitch(L, s);
      break;
    case 'case':
      lowerCase(L, s);
      break;
    case 'label':
      L.label(s.name);
      break;
    case 'goto':
      L.open(s.loc);
      L.goto(s.name, s.loc);
      break;
    case 'break':
    case 'continue':
      lowerJump(L, s.kind, s);
      break;
    case 'empty':
      break;
    case 'return':
      lowerReturn(L, s);
      break;
    case 'atomic':
      lowerAtomic(L, s);
      break;
    case 'errorStmt':
      L.open(s.loc);
      for (const call of s.calls) effectOf(L, call);
      L.builder.emit(s.loc, { op: 'unknown', reason: 'statement could not be read' });
      break;
  }
}

function lowerJump(L: Lowering, kind: 'break' | 'continue', s: Stmt): void {
  L.open(s.loc);
  if (L.leaveLoop(kind === 'break' ? 'breakTo' : 'continueTo', s.loc)) return;
  if (!L.fragment) L.builder.problem(s.loc, `${kind} outside a loop`);
  L.builder.emit(s.loc, { op: 'unknown', reason: `${kind} leaves a statement that is not in this text` });
  L.builder.emit(s.loc, { op: 'return' });
}

function lowerIf(L: Lowering, s: If): void {
  L.open(s.header ?? s.loc);
  const [yes, no, end] = [new Label(), new Label(), new Label()];
  branchOn(L, s.test, yes, no);
  L.builder.bind(yes);
  lowerBody(L, s.then);
  if (s.else) L.builder.jump(s.then.loc, end);
  L.builder.bind(no);
  // `else if` is no deeper than its `if`.
  if (s.else?.kind === 'if') lowerStmt(L, s.else);
  else if (s.else) lowerBody(L, s.else);
  L.builder.bind(end);
}

function lowerReturn(L: Lowering, s: Return): void {
  L.open(s.loc);
  const isVoid = L.def.result.kind === 'name' && L.def.result.name === 'void';
  if (s.value && isVoid) effectOf(L, s.value);
  const value = s.value && !isVoid ? valueOf(L, s.value) : undefined;
  const kept = value && L.pending && !isFixed(value) ? L.builder.capture(value) : value;
  L.leaveFunction(s.loc);
  L.builder.emit(s.loc, { op: 'return', ...(kept ? { value: kept } : {}) });
}

function lowerAtomic(L: Lowering, s: Atomic): void {
  L.open({ ...s.loc, end: Math.max(s.loc.start, Math.min(s.body.loc.start, s.loc.end)) });
  L.builder.emit(s.loc, { op: 'atomic', enter: true });
  L.depth += 1;
  L.scoped({ atomic: true }, s.loc, () => {
    lowerStmts(L, s.body.body);
  });
  L.depth -= 1;
}

/** `scoped_guard(name, args) stmt`; any other macro nobody defined loops an unknown number of times. */
function lowerMacroLoop(L: Lowering, s: MacroLoop): void {
  const [name, ...args] = s.args;
  const header = L.open(s.header ?? s.loc);
  const end = new Label();
  if (s.name === 'scoped_guard' && name?.kind === 'ident' && L.env.guards.has(name.name)) {
    // It is a loop of one round: break and continue leave it.
    L.scoped({ breakTo: end, continueTo: end }, s.loc, () => {
      L.scoped({}, s.loc, () => {
        enterGuard(L, name, args, s);
        lowerBody(L, s.body);
      });
    });
    L.builder.bind(end);
    return;
  }
  const [next, body] = [new Label(), new Label()];
  L.builder.bind(next);
  lowerCall(L, { kind: 'call', callee: { kind: 'ident', name: s.name, loc: s.loc }, args: s.args, loc: s.loc }, 'none');
  L.builder.branch(s.loc, { kind: 'error', calls: [], loc: s.loc }, body, end);
  L.builder.bind(body);
  L.scoped({ breakTo: end, continueTo: next }, s.loc, () => {
    lowerBody(L, s.body);
  });
  L.builder.resumeStmt(header);
  L.builder.jump(s.loc, next);
  L.builder.bind(end);
}

function lowerDecl(L: Lowering, s: DeclStmt): void {
  if (s.vars.some((v) => v.init && !v.isStatic && !v.isExtern)) L.open(s.loc);
  for (const decl of s.vars) lowerVar(L, decl);
}

function lowerVar(L: Lowering, decl: VarDecl): void {
  if (decl.isExtern || decl.type.kind === 'function') {
    L.declare(decl.name, { kind: 'ident', name: decl.name, loc: decl.nameLoc });
    return;
  }
  const isAuto = decl.type.kind === 'name' && decl.type.name === '__auto_type' && decl.init;
  const type = isAuto ? L.typeOf(isAuto) : L.bindType(decl.type);
  const ref = L.builder.local(decl.name, decl.nameLoc, type, decl.isStatic ? 'static' : 'auto');
  if (decl.isStatic) {
    const name = `${L.def.name}.${decl.name}`;
    L.declare(decl.name, { kind: 'ident', name, loc: decl.nameLoc });
    L.statics.push({ decl: { ...decl, type }, name, local: ref.local });
    return;
  }
  L.declare(decl.name, ref);
  if (decl.init) initialise(L, ref, decl.init);
  const fn = attribute(decl.attrs, '__free')?.args[0];
  if (fn?.kind === 'ident') L.addCleanup({ callee: fn.name, args: [ref], loc: decl.loc });
  const cleanup = attribute(decl.attrs, '__cleanup')?.args[0];
  if (cleanup?.kind === 'ident') {
    L.addCleanup({ callee: cleanup.name, args: [{ kind: 'unary', op: '&', operand: ref, loc: decl.loc }], loc: decl.loc });
  }
}

/** Gives a local its first value; aggregates are zeroed before their members are set. */
export function initialise(L: Lowering, ref: LocalRef, init: Expr | InitList): void {
  const declared = L.builder.locals[ref.local]?.type;
  if (!declared) return;
  if (init.kind === 'call' && L.constant(init) === undefined) {
    lowerCall(L, init, ref);
    return;
  }
  const { types } = L.env;
  const { steps, length } = flattenValue(init, ref, types.resolve(declared), types, (loc, message) => {
    L.builder.problem(loc, message);
  });
  L.builder.retype(ref.local, completeArray(declared, length));
  const isAggregate = (init.kind === 'initList' && !(steps.length === 1 && steps[0]?.target === ref)) || length > 0;
  if (isAggregate) L.builder.emit(init.loc, { op: 'zero', target: ref });
  for (const step of steps) L.builder.emit(step.value.loc, { op: 'assign', target: step.target, value: valueOf(L, step.value) });
}
