/** Traversal of expressions: direct children, all nodes, and copies with nodes replaced. */
import type { Block, Expr, InitItem, Stmt } from '../csource/ast.js';

/** Direct operands in source order. Types are not entered. */
export function children(e: Expr): readonly Expr[] {
  switch (e.kind) {
    case 'ident':
    case 'number':
    case 'string':
    case 'typeArg':
    case 'stmtExpr':
    case 'offsetof':
      return [];
    case 'unary':
    case 'update':
    case 'cast':
      return [e.operand];
    case 'sizeof':
      return e.operand ? [e.operand] : [];
    case 'binary':
    case 'logical':
    case 'comma':
      return [e.left, e.right];
    case 'cond':
      return e.then ? [e.test, e.then, e.else] : [e.test, e.else];
    case 'assign':
      return [e.target, e.value];
    case 'call':
      return [e.callee, ...e.args];
    case 'member':
      return [e.object];
    case 'index':
      return [e.object, e.index];
    case 'initList':
      return e.items.map((i) => i.value);
    case 'error':
      return e.calls;
  }
}

function mapItem(i: InitItem, f: (e: Expr) => Expr): InitItem {
  return {
    designators: i.designators.map((d) => (typeof d === 'string' ? d : f(d))),
    ...(i.high ? { high: f(i.high) } : {}),
    value: f(i.value),
  };
}

/** A copy whose direct operands went through `f`. Offsetof paths and types stay. */
export function mapChildren(e: Expr, f: (e: Expr) => Expr): Expr {
  switch (e.kind) {
    case 'ident':
    case 'number':
    case 'string':
    case 'typeArg':
    case 'stmtExpr':
    case 'offsetof':
    case 'error':
      return e;
    case 'unary':
    case 'update':
    case 'cast':
      return { ...e, operand: f(e.operand) };
    case 'sizeof':
      return e.operand ? { ...e, operand: f(e.operand) } : e;
    case 'binary':
    case 'logical':
    case 'comma':
      return { ...e, left: f(e.left), right: f(e.right) };
    case 'cond':
      return e.then
        ? { ...e, test: f(e.test), then: f(e.then), else: f(e.else) }
        : { ...e, test: f(e.test), else: f(e.else) };
    case 'assign':
      return { ...e, target: f(e.target), value: f(e.value) };
    case 'call':
      return { ...e, callee: f(e.callee), args: e.args.map(f) };
    case 'member':
      return { ...e, object: f(e.object) };
    case 'index':
      return { ...e, object: f(e.object), index: f(e.index) };
    case 'initList':
      return { ...e, items: e.items.map((i) => mapItem(i, f)) };
  }
}

/** Every expression inside `e`, itself first; statement expressions are entered. */
export function* within(e: Expr): Generator<Expr> {
  yield e;
  if (e.kind === 'stmtExpr') for (const s of e.body.body) yield* inStmt(s);
  for (const c of children(e)) yield* within(c);
}

/** Expressions that belong to the statement itself, not to statements nested in it. */
export function headExprs(s: Stmt): readonly Expr[] {
  switch (s.kind) {
    case 'expr':
      return [s.expr];
    case 'decl':
      return s.vars.flatMap((v) => (v.init ? [v.init] : []));
    case 'if':
    case 'while':
    case 'doWhile':
      return [s.test];
    case 'for':
      return [
        ...(s.init ? headExprs(s.init) : []),
        ...(s.test ? [s.test] : []),
        ...(s.step ? [s.step] : []),
      ];
    case 'macroLoop':
      return s.args;
    case 'switch':
      return [s.value];
    case 'case':
      return [...(s.value ? [s.value] : []), ...(s.high ? [s.high] : [])];
    case 'return':
      return s.value ? [s.value] : [];
    case 'errorStmt':
      return s.calls;
    case 'block':
    case 'label':
    case 'goto':
    case 'break':
    case 'continue':
    case 'empty':
    case 'atomic':
      return [];
  }
}

/** Statements nested directly in a statement, in source order. */
export function subStmts(s: Stmt): readonly Stmt[] {
  switch (s.kind) {
    case 'block':
      return s.body;
    case 'atomic':
      return s.body.body;
    case 'if':
      return s.else ? [s.then, s.else] : [s.then];
    case 'while':
    case 'doWhile':
    case 'for':
    case 'macroLoop':
    case 'switch':
      return [s.body];
    default:
      return [];
  }
}

/** Every expression in a statement and in the statements below it. */
export function* inStmt(s: Stmt): Generator<Expr> {
  for (const e of headExprs(s)) yield* within(e);
  for (const c of subStmts(s)) yield* inStmt(c);
}

/** The statement and every statement below it. */
export function* stmtsIn(s: Stmt): Generator<Stmt> {
  yield s;
  for (const c of subStmts(s)) yield* stmtsIn(c);
}

/** A copy of the statement's own expressions, mapped; nested statements stay. */
export function mapHead(s: Stmt, f: (e: Expr) => Expr): Stmt {
  switch (s.kind) {
    case 'expr':
      return { ...s, expr: f(s.expr) };
    case 'decl':
      return { ...s, vars: s.vars.map((v) => (v.init ? { ...v, init: f(v.init) } : v)) };
    case 'if':
    case 'while':
    case 'doWhile':
      return { ...s, test: f(s.test) };
    case 'for':
      return {
        ...s,
        ...(s.init ? { init: mapHead(s.init, f) } : {}),
        ...(s.test ? { test: f(s.test) } : {}),
        ...(s.step ? { step: f(s.step) } : {}),
      };
    case 'macroLoop':
      return { ...s, args: s.args.map(f) };
    case 'switch':
      return { ...s, value: f(s.value) };
    case 'case':
      return {
        ...s,
        ...(s.value ? { value: f(s.value) } : {}),
        ...(s.high ? { high: f(s.high) } : {}),
      };
    case 'return':
      return s.value ? { ...s, value: f(s.value) } : s;
    default:
      return s;
  }
}

/** A copy of the statement and of all below it, own expressions mapped. */
export function mapStmt(s: Stmt, f: (e: Expr) => Expr): Stmt {
  return mapHead(
    mapBelow(s, (x) => [mapHead(x, f)]),
    f,
  );
}

/** A copy of a block in which every statement is replaced, from the innermost on. */
function mapBlock(b: Block, f: (s: Stmt) => readonly Stmt[]): Block {
  return { ...b, body: b.body.flatMap((s) => f(mapBelow(s, f))) };
}

function mapBranch(s: Stmt, f: (s: Stmt) => readonly Stmt[]): Stmt {
  if (s.kind === 'block') return mapBlock(s, f);
  const list = f(mapBelow(s, f));
  const [only] = list;
  return only && list.length === 1 ? only : { kind: 'block', body: list, loc: s.loc };
}

function mapBelow(s: Stmt, f: (s: Stmt) => readonly Stmt[]): Stmt {
  switch (s.kind) {
    case 'block':
      return mapBlock(s, f);
    case 'atomic':
      return { ...s, body: mapBlock(s.body, f) };
    case 'if':
      return {
        ...s,
        then: mapBranch(s.then, f),
        ...(s.else ? { else: mapBranch(s.else, f) } : {}),
      };
    case 'while':
    case 'doWhile':
    case 'for':
    case 'macroLoop':
    case 'switch':
      return { ...s, body: mapBranch(s.body, f) };
    default:
      return s;
  }
}
