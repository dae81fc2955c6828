/**
 * Two texts that do the same may be written differently: a variable set where it is declared or behind, a
 * helper called or written out. For telling which statements of one do what those of the other do, both are
 * brought to one form. What comes out is compared and never run.
 */
import type { Block, Call, Expr, FunctionDef, Stmt } from '../csource/ast.js';
import type { World } from './world.js';
import { calleeName, isLocalWork, localsOf } from './effects.js';
import { inStmt, mapChildren, mapHead, stmtsIn } from './walk.js';

/** Helpers that are written out may call helpers. */
const DEPTH = 3;

type MapStmt = (s: Stmt) => readonly Stmt[];

function inBlock(b: Block, f: MapStmt): Block {
  return { ...b, body: b.body.flatMap(f) };
}

/** One statement stays one: braces where it became several. */
function inBranch(s: Stmt, f: MapStmt): Stmt {
  if (s.kind === 'block') return inBlock(s, f);
  const list = f(s);
  const [only] = list;
  return list.length === 1 && only ? only : { kind: 'block', body: list, loc: s.loc };
}

/** The statement with `f` applied to all that is nested in it. */
function inside(s: Stmt, f: MapStmt): Stmt {
  switch (s.kind) {
    case 'block':
      return inBlock(s, f);
    case 'atomic':
      return { ...s, body: inBlock(s.body, f) };
    case 'if':
      return {
        ...s,
        then: inBranch(s.then, f),
        ...(s.else ? { else: inBranch(s.else, f) } : {}),
      };
    case 'while':
    case 'doWhile':
    case 'for':
    case 'macroLoop':
    case 'switch':
      return { ...s, body: inBranch(s.body, f) };
    default:
      return s;
  }
}

/** `int a = f();` as `int a; a = f();`, at the same place. */
function split(s: Stmt): readonly Stmt[] {
  if (s.kind !== 'decl') return [inside(s, split)];
  const sets = s.vars.flatMap(({ name, init }): readonly Stmt[] => {
    if (!init || init.kind === 'initList') return [];
    const { loc } = s;
    const target: Expr = { kind: 'ident', name, loc };
    return [{ kind: 'expr', expr: { kind: 'assign', op: '=', target, value: init, loc }, loc }];
  });
  if (sets.length === 0) return [s];
  const vars = s.vars.map((v) => {
    const { init, ...rest } = v;
    return init?.kind === 'initList' ? v : rest;
  });
  return [{ ...s, vars }, ...sets];
}

/** Values are set behind their declarations. */
export function withoutInits(fn: FunctionDef): FunctionDef {
  return { ...fn, body: inBlock(fn.body, split) };
}

/** Assigned, stepped, or passed by address: how often each name is. */
function settings(fn: FunctionDef): ReadonlyMap<string, number> {
  const n = new Map<string, number>();
  const count = (e: Expr): void => {
    if (e.kind === 'ident') n.set(e.name, (n.get(e.name) ?? 0) + 1);
  };
  for (const e of inStmt(fn.body)) {
    if (e.kind === 'assign') count(e.target);
    if (e.kind === 'update' || (e.kind === 'unary' && e.op === '&')) count(e.operand);
  }
  return n;
}

/** `x != 0` asks what `x` asks. */
function asked(e: Expr): Expr {
  const isZero = e.kind === 'binary' && e.right.kind === 'number' && e.right.value === 0;
  return isZero && e.op === '!=' ? e.left : e;
}

/**
 * Variables that are set once, from what computes only, are their values wherever they are read. Of a
 * function without inits.
 */
export function withValues(fn: FunctionDef, world: World): FunctionDef {
  const times = settings(fn);
  const locals = localsOf(fn);
  const values = new Map<string, Expr>();
  for (const s of stmtsIn(fn.body)) {
    if (s.kind !== 'expr' || s.expr.kind !== 'assign' || s.expr.op !== '=') continue;
    const { target, value } = s.expr;
    if (target.kind !== 'ident' || times.get(target.name) !== 1) continue;
    if (!isLocalWork(s, (n) => locals.has(n), world)) continue;
    values.set(target.name, replaced(asked(value), values));
  }
  const put: MapStmt = (s) => {
    const own = s.kind === 'expr' && s.expr.kind === 'assign' ? s.expr : undefined;
    if (own?.target.kind === 'ident' && s.kind === 'expr')
      return [{ ...s, expr: { ...own, value: replaced(own.value, values) } }];
    return [mapHead(inside(s, put), (e) => replaced(e, values))];
  };
  return { ...fn, body: inBlock(fn.body, put) };
}

function replaced(e: Expr, by: ReadonlyMap<string, Expr>): Expr {
  if (e.kind === 'ident') return by.get(e.name) ?? e;
  return mapChildren(e, (c) => replaced(c, by));
}

/** The call that is all of a statement, or all of what it assigns. */
function onlyCall(s: Stmt): Call | undefined {
  if (s.kind !== 'expr') return undefined;
  if (s.expr.kind === 'call') return s.expr;
  return s.expr.kind === 'assign' && s.expr.value.kind === 'call' ? s.expr.value : undefined;
}

function callsIn(fn: FunctionDef): ReadonlySet<string> {
  const found = new Set<string>();
  for (const e of inStmt(fn.body)) if (e.kind === 'call') found.add(calleeName(e));
  return found;
}

/** Body of a helper with the arguments in the places of its parameters, and without its returns. */
function bodyFor(helper: FunctionDef, call: Call): readonly Stmt[] {
  const by = new Map<string, Expr>();
  helper.params.forEach((p, i) => {
    const arg = call.args[i];
    if (p.name !== undefined && arg) by.set(p.name, arg);
  });
  const put: MapStmt = (s) =>
    s.kind === 'return' ? [] : [mapHead(inside(s, put), (e) => replaced(e, by))];
  return inBlock(helper.body, put).body;
}

/** What makes a function a helper that may be written out: the model's own, and not in the other text. */
export function withHelpers(
  model: FunctionDef,
  other: FunctionDef,
  world: World,
  isHelper: (fn: FunctionDef) => boolean,
): FunctionDef {
  const called = callsIn(other);
  const write =
    (depth: number): MapStmt =>
    (s) => {
      const call = onlyCall(s);
      const name = call ? calleeName(call) : '';
      const helper = called.has(name) ? undefined : world.functions.get(name);
      const deep = (x: Stmt): readonly Stmt[] => write(depth + 1)(x);
      if (call && helper && depth < DEPTH && isHelper(helper) && !isRecursive(helper, model))
        return [s, ...bodyFor(withoutInits(helper), call).flatMap(deep)];
      return [inside(s, write(depth))];
    };
  return { ...model, body: inBlock(model.body, write(0)) };
}

function isRecursive(helper: FunctionDef, model: FunctionDef): boolean {
  return helper.name === model.name || [...stmtsIn(helper.body)].length > 40;
}
