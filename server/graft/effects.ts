/** What one statement does by itself: calls, jumps, writes to memory that others see, locals it reads and sets. */
import type { Call, Expr, FunctionDef, Stmt } from '../csource/ast.js';
import type { World } from './world.js';
import { headExprs, stmtsIn, within } from './walk.js';

/** Names of parameters and of variables declared anywhere in the function. */
export function localsOf(fn: FunctionDef): Set<string> {
  const names = new Set<string>();
  for (const p of fn.params) if (p.name) names.add(p.name);
  for (const s of stmtsIn(fn.body)) {
    const decl = s.kind === 'for' ? s.init : s;
    if (decl?.kind === 'decl') for (const v of decl.vars) names.add(v.name);
  }
  return names;
}

/** Name that a call calls: `f` of `f(x)`, `op` of `ops->op(x)`. */
export function calleeName(c: Call): string {
  if (c.callee.kind === 'ident') return c.callee.name;
  if (c.callee.kind === 'member') return c.callee.name;
  return '';
}

/** Calls of the statement's own expressions, in source order. */
export function callsOf(s: Stmt): readonly Call[] {
  const found: Call[] = [];
  for (const e of headExprs(s)) for (const x of within(e)) if (x.kind === 'call') found.push(x);
  return found;
}

/** A macro of the model whose text neither calls nor writes computes a value, like an operator. */
function computes(c: Call, world: World): boolean {
  return (
    c.callee.kind === 'ident' &&
    world.macros.has(c.callee.name) &&
    !world.functions.has(c.callee.name)
  );
}

/** The local variable in which an assigned place lies; undefined when others can see the place. */
function localRoot(e: Expr, locals: (name: string) => boolean): string | undefined {
  if (e.kind === 'ident') return locals(e.name) ? e.name : undefined;
  if (e.kind === 'member' && !e.arrow) return localRoot(e.object, locals);
  return undefined;
}

function writeTarget(e: Expr): Expr | undefined {
  if (e.kind === 'assign') return e.target;
  if (e.kind === 'update') return e.operand;
  return undefined;
}

/** Locals that the statement itself sets: assigned, declared with a value, or passed by address. */
export function setsOf(s: Stmt, locals: (name: string) => boolean): Set<string> {
  const found = new Set<string>();
  if (s.kind === 'decl') for (const v of s.vars) if (v.init) found.add(v.name);
  for (const top of headExprs(s)) {
    for (const e of within(top)) {
      const place = writeTarget(e) ?? (e.kind === 'unary' && e.op === '&' ? e.operand : undefined);
      const name = place ? localRoot(place, locals) : undefined;
      if (name !== undefined) found.add(name);
    }
  }
  return found;
}

/** Identifiers that the statement itself mentions, without names of called functions. */
export function namesIn(s: Stmt): Set<string> {
  const found = new Set<string>();
  for (const top of headExprs(s)) {
    for (const e of within(top)) {
      if (e.kind === 'ident') found.add(e.name);
    }
    for (const e of within(top))
      if (e.kind === 'call' && e.callee.kind === 'ident') found.delete(e.callee.name);
  }
  return found;
}

/** Local variables whose value the statement reads. A plain assignment does not read its target. */
export function readsOf(s: Stmt, locals: (name: string) => boolean): Set<string> {
  const found = new Set<string>();
  const read = (e: Expr): void => {
    for (const x of within(e)) if (x.kind === 'ident' && locals(x.name)) found.add(x.name);
  };
  const scan = (e: Expr): void => {
    if (e.kind === 'assign' && e.op === '=' && e.target.kind === 'ident') scan(e.value);
    else if (e.kind === 'assign' && e.target.kind !== 'ident') {
      read(e.target);
      scan(e.value);
    } else read(e);
  };
  for (const e of headExprs(s)) scan(e);
  return found;
}

export interface Effects {
  readonly call: boolean;
  readonly jump: boolean;
  readonly write: boolean;
}

/** What of the statement itself others can notice. */
export function effectsOf(s: Stmt, locals: (name: string) => boolean, world: World): Effects {
  let call = s.kind === 'errorStmt' || s.kind === 'macroLoop';
  let write = false;
  for (const top of headExprs(s)) {
    for (const e of within(top)) {
      if (e.kind === 'call' && !computes(e, world)) call = true;
      if (e.kind === 'error') call = true;
      const target = writeTarget(e);
      if (target && localRoot(target, locals) === undefined) write = true;
    }
  }
  const jump =
    s.kind === 'return' || s.kind === 'goto' || s.kind === 'break' || s.kind === 'continue';
  return { call, jump, write };
}

/** True when leaving the statement out can change nothing but the function's own variables. */
export function isLocalWork(s: Stmt, locals: (name: string) => boolean, world: World): boolean {
  const e = effectsOf(s, locals, world);
  return !e.call && !e.jump && !e.write;
}

/** What a reviewer of locking looks for: calls (locks are some), returns, members that the model has. */
export function isEvent(s: Stmt, world: World): boolean {
  if (s.kind === 'return') return true;
  for (const top of headExprs(s))
    for (const e of within(top))
      if (e.kind === 'call' ? !computes(e, world) : e.kind === 'member' && world.fields.has(e.name))
        return true;
  return false;
}
