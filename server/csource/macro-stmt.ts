/** Macros in statements: bodies are spliced into the enclosing list, loop headers get the loop's body. */
import type {
  Attr,
  DeclStmt,
  Expr,
  ExprStmt,
  Loc,
  MacroLoop,
  Stmt,
  VarDecl,
  While,
} from './ast.js';
import { type Expansion, type Frame, enter, macroFor, substituteName } from './macro-frame.js';

export function expandStmts(
  stmts: readonly Stmt[],
  frame: Frame | undefined,
  x: Expansion,
): Stmt[] {
  return stmts.flatMap((stmt) => expandStmt(stmt, frame, x));
}

function one(stmt: Stmt, frame: Frame | undefined, x: Expansion): Stmt {
  const [first, ...others] = expandStmt(stmt, frame, x);
  const loc = frame ? frame.loc : stmt.loc;
  if (!first) return { kind: 'empty', loc };
  return others.length === 0 ? first : { kind: 'block', loc, body: [first, ...others] };
}

function expandStmt(stmt: Stmt, frame: Frame | undefined, x: Expansion): Stmt[] {
  const loc = frame ? frame.loc : stmt.loc;
  switch (stmt.kind) {
    case 'expr':
      return expandExprStmt(stmt, frame, x);
    case 'macroLoop':
      return expandLoop(stmt, frame, x);
    case 'block':
      return [{ ...stmt, loc, body: x.stmts(stmt.body, frame) }];
    case 'decl':
      return [expandDecl(stmt, frame, x)];
    case 'if':
      return [
        {
          ...stmt,
          loc,
          header: headerOf(stmt, stmt.test, stmt.then, frame),
          test: x.expr(stmt.test, frame),
          then: one(stmt.then, frame, x),
          ...(stmt.else ? { else: one(stmt.else, frame, x) } : {}),
        },
      ];
    case 'while':
    case 'doWhile':
      return [
        {
          ...stmt,
          loc,
          header:
            stmt.kind === 'while'
              ? headerOf(stmt, stmt.test, stmt.body, frame)
              : tailOf(stmt, frame),
          test: x.expr(stmt.test, frame),
          body: one(stmt.body, frame, x),
        },
      ];
    case 'for':
      return [
        {
          ...stmt,
          loc,
          header: headerOf(stmt, stmt.step ?? stmt.test ?? stmt.init, stmt.body, frame),
          ...(stmt.init ? { init: one(stmt.init, frame, x) } : {}),
          ...(stmt.test ? { test: x.expr(stmt.test, frame) } : {}),
          ...(stmt.step ? { step: x.expr(stmt.step, frame) } : {}),
          body: one(stmt.body, frame, x),
        },
      ];
    case 'switch':
      return [
        {
          ...stmt,
          loc,
          header: headerOf(stmt, stmt.value, stmt.body, frame),
          value: x.expr(stmt.value, frame),
          body: one(stmt.body, frame, x),
        },
      ];
    case 'case':
      return [
        {
          ...stmt,
          loc,
          ...(stmt.value ? { value: x.expr(stmt.value, frame) } : {}),
          ...(stmt.high ? { high: x.expr(stmt.high, frame) } : {}),
        },
      ];
    case 'label':
    case 'goto':
      return [{ ...stmt, loc, name: substituteName(stmt.name, frame) }];
    case 'break':
    case 'continue':
    case 'empty':
      return [{ ...stmt, loc }];
    case 'return':
      return [{ ...stmt, loc, ...(stmt.value ? { value: x.expr(stmt.value, frame) } : {}) }];
    case 'atomic':
      return [
        {
          ...stmt,
          loc,
          body: {
            ...stmt.body,
            loc: frame ? loc : stmt.body.loc,
            body: x.stmts(stmt.body.body, frame),
          },
        },
      ];
    case 'errorStmt':
      return [
        {
          ...stmt,
          loc,
          calls: stmt.calls.map((c) => x.expr(c, frame)).filter((c) => c.kind === 'call'),
        },
      ];
  }
}

/** A call of a macro whose body is statements becomes those statements. */
function expandExprStmt(stmt: ExprStmt, frame: Frame | undefined, x: Expansion): Stmt[] {
  const loc = frame ? frame.loc : stmt.loc;
  const use = macroUse(stmt.expr, frame, x);
  if (use?.macro.stmts && !use.macro.expr) {
    const inner = enter(use.macro, x.args(use.args, frame), loc, frame, x);
    if (inner) return x.stmts(use.macro.stmts, inner);
  }
  return [{ ...stmt, loc, expr: x.expr(stmt.expr, frame) }];
}

function macroUse(expr: Expr, frame: Frame | undefined, x: Expansion) {
  const name = expr.kind === 'call' ? expr.callee : expr;
  if (name.kind !== 'ident') return undefined;
  const macro = macroFor(name.name, expr.kind === 'call', frame, x);
  return macro && { macro, args: expr.kind === 'call' ? expr.args : [] };
}

export function expandDecl(stmt: DeclStmt, frame: Frame | undefined, x: Expansion): DeclStmt {
  return {
    ...stmt,
    loc: frame ? frame.loc : stmt.loc,
    vars: stmt.vars.map((v) => expandVar(v, frame, x)),
  };
}

function expandVar(decl: VarDecl, frame: Frame | undefined, x: Expansion): VarDecl {
  return {
    ...decl,
    loc: frame ? frame.loc : decl.loc,
    nameLoc: frame ? (frame.args.get(decl.name)?.full.loc ?? frame.loc) : decl.nameLoc,
    name: substituteName(decl.name, frame),
    type: x.type(decl.type, frame),
    ...(decl.init ? { init: x.expr(decl.init, frame) } : {}),
    attrs: decl.attrs.map((a): Attr => ({ ...a, args: a.args.map((arg) => x.expr(arg, frame)) })),
  };
}

function expandLoop(stmt: MacroLoop, frame: Frame | undefined, x: Expansion): Stmt[] {
  const body = one(stmt.body, frame, x);
  const header = headerOf(stmt, stmt.args.at(-1), stmt.body, frame);
  const filled = loopOf(stmt.name, stmt.args, body, header, frame, x);
  if (filled) return filled;
  return [
    {
      ...stmt,
      loc: frame ? frame.loc : stmt.loc,
      header,
      args: x.args(stmt.args, frame).map((a) => a.full),
      body,
    },
  ];
}

/**
 * `if (test)`, `for (a; b; c)` without what follows: up to the parenthesis behind the last expression.
 * From a macro everything stands at the place of use.
 */
function headerOf(
  stmt: Stmt,
  last: Expr | Stmt | undefined,
  body: Stmt,
  frame: Frame | undefined,
): Loc {
  if (frame) return frame.loc;
  if ('header' in stmt) return stmt.header;
  if (!last)
    return { ...stmt.loc, end: Math.max(stmt.loc.start, Math.min(body.loc.start, stmt.loc.end)) };
  const limit = body.loc.start > last.loc.end ? body.loc.start : stmt.loc.end;
  return { ...stmt.loc, end: Math.min(last.loc.end + 1, limit) };
}

/** Of `do … while (test);` the end counts. */
function tailOf(stmt: While, frame: Frame | undefined): Loc {
  return frame ? frame.loc : { ...stmt.loc, start: Math.min(stmt.body.loc.end, stmt.loc.end) };
}

/** Statements of a loop macro with the body in its place; undefined when the macro gives no loop header. */
function loopOf(
  name: string,
  args: readonly Expr[],
  body: Stmt,
  loc: Loc,
  frame: Frame | undefined,
  x: Expansion,
): Stmt[] | undefined {
  const macro = macroFor(name, true, frame, x);
  const inner = macro && enter(macro, x.args(args, frame), loc, frame, x);
  if (!inner) return undefined;
  if (macro.expr?.kind === 'call' && macro.expr.callee.kind === 'ident') {
    return loopOf(macro.expr.callee.name, macro.expr.args, body, loc, inner, x);
  }
  const stmts = x.stmts(macro.stmts ?? [], inner);
  const header = stmts.at(-1);
  const filled = header && fill(header, body);
  return filled && [{ kind: 'block', loc, body: [...stmts.slice(0, -1), filled] }];
}

function fill(header: Stmt, body: Stmt): Stmt | undefined {
  if (header.kind === 'empty' || (header.kind === 'block' && header.body.length === 0)) return body;
  if (header.kind === 'for' || header.kind === 'while') {
    const inner = fill(header.body, body);
    return inner && { ...header, body: inner };
  }
  if (header.kind !== 'if') return undefined;
  const inner = fill(header.else ?? header.then, body);
  return inner && (header.else ? { ...header, else: inner } : { ...header, then: inner });
}
