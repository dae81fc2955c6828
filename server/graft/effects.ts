/** What one statement does by itself: calls, jumps, writes to memory that others see, locals it reads and sets. */
import type { Call, Expr, FunctionDef, Stmt } from '../csource/ast.js';
import type { World } from './world.js';
import { isInertCall } from './beside.js';
import { headExprs, inStmt, stmtsIn, within } from './walk.js';

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

/** Words of Model C that do more than compute. */
const ACTS = /^__(?:acquire|release|wait|spin|idle|atomic|alloc|free|choose|fault|note)/;

/** Stores through an operand, or steps it: `((x) = (v))`. Locals of the text itself have no parenthesis. */
const STORES = /\)\s*(?:[-+*/%&|^]|<<|>>)?=(?!=)|\+\+|--/;

/** A macro that computes a value from its operands; what the model cannot notice is as good. */
function isOperator(name: string, world: World): boolean {
  const text = world.functions.has(name) ? undefined : world.macros.get(name);
  if (text === undefined) return isInertCall(name, world);
  if (STORES.test(text)) return false;
  const called = [...text.matchAll(/\b(\w+)\s*\(/g)].map((m) => m[1] ?? '');
  return called.every(
    (c) =>
      !ACTS.test(c) &&
      (c === name || !world.macros.has(c) || isOperator(c, world)) &&
      (!world.functions.has(c) || onlyReads(c, world)),
  );
}

/** So does a function of the model that only reads. */
function computes(c: Call, world: World): boolean {
  if (c.callee.kind !== 'ident') return false;
  return isOperator(c.callee.name, world) || onlyReads(c.callee.name, world);
}

const readers = new WeakMap<World, Map<string, boolean>>();

/**
 * The function and all that it calls write nothing but their own variables, and neither wait nor take
 * anything: it is built of expressions, and of calls of the same kind.
 */
function onlyReads(name: string, world: World, above: readonly string[] = []): boolean {
  const fn = world.functions.get(name);
  if (!fn || above.includes(name)) return false;
  const all = readers.get(world) ?? new Map<string, boolean>();
  readers.set(world, all);
  const known = all.get(name);
  if (known !== undefined) return known;
  // Until it is known, for what comes back to it.
  all.set(name, false);
  const own = localsOf(fn);
  const below = [...above, name];
  const quiet = (e: Expr): boolean => {
    if (e.kind === 'error') return false;
    const target = writeTarget(e);
    if (target) return localRoot(target, (n) => own.has(n)) !== undefined;
    if (e.kind !== 'call') return true;
    if (e.callee.kind !== 'ident') return false;
    return isOperator(e.callee.name, world) || onlyReads(e.callee.name, world, below);
  };
  const result = [...inStmt(fn.body)].every(quiet);
  all.set(name, result);
  return result;
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
      if (
        e.kind === 'call'
          ? !isOperator(calleeName(e), world)
          : e.kind === 'member' && world.fields.has(e.name)
      )
        return true;
  return false;
}
