/** Statements. */
import type { Atomic, If, Loc, MacroLoop, Return, Stmt } from './ast.js';
import { Label } from './lower-builder.js';
import { enterGuard, lowerCall } from './lower-call.js';
import { branchOn } from './lower-cond.js';
import type { Lowering } from './lower-context.js';
import { lowerDecl } from './lower-decl.js';
import { effectOf, isFixed, valueOf } from './lower-expr.js';
import { lowerDoWhile, lowerFor, lowerWhile } from './lower-loop.js';
import { lowerCase, lowerSwitch } from './lower-switch.js';

export function lowerStmts(L: Lowering, stmts: readonly Stmt[]): void {
  for (const stmt of stmts) lowerStmt(L, stmt);
}

/** The body of a control statement: one level deeper, braces or not. A macro's body is no deeper than its use. */
export function lowerBody(L: Lowering, stmt: Stmt, parent: Loc | undefined): void {
  const first = stmt.kind === 'block' ? stmt.body[0] : undefined;
  const deeper = isSame(stmt.loc, parent ?? first?.loc) ? 0 : 1;
  L.depth += deeper;
  L.scopes.within({}, stmt.loc, () => {
    lowerStmts(L, stmt.kind === 'block' ? stmt.body : [stmt]);
  });
  L.depth -= deeper;
}

function isSame(a: Loc, b: Loc | undefined): boolean {
  return b !== undefined && a.start === b.start && a.end === b.end && a.src === b.src;
}

export function lowerStmt(L: Lowering, s: Stmt): void {
  switch (s.kind) {
    case 'block':
      lowerBody(L, s, undefined);
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
      L.scopes.label(s.name);
      break;
    case 'goto':
      L.open(s.loc);
      L.scopes.goto(s.name, s.loc);
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
  if (L.scopes.leaveLoop(kind === 'break' ? 'breakTo' : 'continueTo', s.loc)) return;
  L.leaveText(
    s.loc,
    `${kind} outside a loop`,
    `${kind} leaves a statement that is not in this text`,
  );
}

function lowerIf(L: Lowering, s: If): void {
  L.open(s.header ?? s.loc);
  const [yes, no, end] = [new Label(), new Label(), new Label()];
  branchOn(L, s.test, yes, no);
  L.builder.bind(yes);
  lowerBody(L, s.then, s.loc);
  if (s.else) L.builder.jump(s.then.loc, end);
  L.builder.bind(no);
  // `else if` is no deeper than its `if`.
  if (s.else?.kind === 'if') lowerStmt(L, s.else);
  else if (s.else) lowerBody(L, s.else, s.loc);
  L.builder.bind(end);
}

function lowerReturn(L: Lowering, s: Return): void {
  L.open(s.loc);
  const isVoid = L.def.result.kind === 'name' && L.def.result.name === 'void';
  if (s.value && isVoid) effectOf(L, s.value);
  const value = s.value && !isVoid ? valueOf(L, s.value) : undefined;
  const kept = value && L.scopes.pending && !isFixed(value) ? L.builder.capture(value) : value;
  L.scopes.leaveFunction(s.loc);
  L.builder.emit(s.loc, { op: 'return', ...(kept ? { value: kept } : {}) });
}

function lowerAtomic(L: Lowering, s: Atomic): void {
  L.open({ ...s.loc, end: Math.max(s.loc.start, Math.min(s.body.loc.start, s.loc.end)) });
  L.builder.emit(s.loc, { op: 'atomic', enter: true });
  L.depth += 1;
  L.scopes.within({ atomic: true }, s.loc, () => {
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
    L.scopes.within({ breakTo: end, continueTo: end }, s.loc, () => {
      L.scopes.within({}, s.loc, () => {
        enterGuard(L, name, args, s);
        lowerBody(L, s.body, s.loc);
      });
    });
    L.builder.bind(end);
    return;
  }
  const [next, body] = [new Label(), new Label()];
  L.builder.bind(next);
  lowerCall(
    L,
    { kind: 'call', callee: { kind: 'ident', name: s.name, loc: s.loc }, args: s.args, loc: s.loc },
    'none',
  );
  L.builder.branch(s.loc, { kind: 'error', calls: [], loc: s.loc }, body, end);
  L.builder.bind(body);
  L.scopes.within({ breakTo: end, continueTo: next }, s.loc, () => {
    lowerBody(L, s.body, s.loc);
  });
  L.builder.resumeStmt(header);
  L.builder.jump(s.loc, next);
  L.builder.bind(end);
}
