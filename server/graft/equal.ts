/**
 * Structural equality of syntax, positions ignored. With a `Names` the two sides may call their
 * locals differently; the pairs that were needed are collected.
 */
import type { Expr, FieldDecl, InitItem, Stmt, TypeExpr, VarDecl } from '../csource/ast.js';
import { headExprs, subStmts } from './walk.js';

/** Decides whether identifier `a` of the left side may stand for `b` of the right side. */
export interface Names {
  pair(a: string, b: string): boolean;
}

const EXACT: Names = { pair: (a, b) => a === b };

function sameList<T>(a: readonly T[], b: readonly T[], same: (x: T, y: T) => boolean): boolean {
  return (
    a.length === b.length &&
    a.every((x, i) => {
      const y = b[i];
      return y !== undefined && same(x, y);
    })
  );
}

function sameOptional<T>(
  a: T | undefined,
  b: T | undefined,
  same: (x: T, y: T) => boolean,
): boolean {
  return a === undefined || b === undefined ? a === b : same(a, b);
}

function sameField(a: FieldDecl, b: FieldDecl): boolean {
  return a.name === b.name && sameType(a.type, b.type);
}

/** Equal types; two definitions are equal when their members are. */
export function sameType(a: TypeExpr, b: TypeExpr): boolean {
  switch (a.kind) {
    case 'name':
      return b.kind === 'name' && a.name === b.name;
    case 'struct':
    case 'union':
    case 'enum':
      return (
        b.kind === a.kind &&
        a.name === b.name &&
        sameOptional(a.fields, b.fields, (x, y) => sameList(x, y, sameField)) &&
        sameOptional(a.enumerators, b.enumerators, (x, y) =>
          sameList(
            x,
            y,
            (e, f) => e.name === f.name && sameOptional(e.value, f.value, (v, w) => sameExpr(v, w)),
          ),
        )
      );
    case 'pointer':
      return b.kind === 'pointer' && sameType(a.to, b.to);
    case 'array':
      return (
        b.kind === 'array' &&
        sameType(a.of, b.of) &&
        sameOptional(a.size, b.size, (x, y) => sameExpr(x, y))
      );
    case 'function':
      return (
        b.kind === 'function' &&
        sameType(a.result, b.result) &&
        sameList(a.params, b.params, (x, y) => sameType(x.type, y.type))
      );
    case 'typeof':
      return b.kind === 'typeof' && sameExpr(a.operand, b.operand);
  }
}

function sameItem(a: InitItem, b: InitItem, names: Names): boolean {
  return (
    sameExpr(a.value, b.value, names) &&
    (a.high && b.high ? sameExpr(a.high, b.high, names) : a.high === b.high) &&
    sameList(a.designators, b.designators, (x, y) =>
      typeof x === 'string' || typeof y === 'string' ? x === y : sameExpr(x, y, names),
    )
  );
}

const WORDS: ReadonlyMap<string, number> = new Map([
  ['NULL', 0],
  ['false', 0],
  ['true', 1],
]);

/** What the expression is worth: without casts, and words for numbers as these. */
function plainValue(e: Expr): Expr {
  if (e.kind === 'cast') return plainValue(e.operand);
  const value = e.kind === 'ident' ? WORDS.get(e.name) : undefined;
  if (value === undefined) return e;
  return { kind: 'number', value, unsigned: false, long: false, loc: e.loc };
}

/** Equal expressions, up to what `names` allows. */
export function sameExpr(left: Expr, right: Expr, names: Names = EXACT): boolean {
  // Two versions of the same text are compared as they stand; of a model only the value counts.
  const [a, b] = names === EXACT ? [left, right] : [plainValue(left), plainValue(right)];
  const same = (x: Expr, y: Expr): boolean => sameExpr(x, y, names);
  switch (a.kind) {
    case 'ident':
      return b.kind === 'ident' && names.pair(a.name, b.name);
    case 'number':
      return b.kind === 'number' && a.value === b.value;
    case 'string':
      return b.kind === 'string' && a.value === b.value;
    case 'unary':
      return b.kind === 'unary' && a.op === b.op && same(a.operand, b.operand);
    case 'update':
      return (
        b.kind === 'update' && a.op === b.op && a.prefix === b.prefix && same(a.operand, b.operand)
      );
    case 'binary':
      return b.kind === 'binary' && a.op === b.op && same(a.left, b.left) && same(a.right, b.right);
    case 'logical':
      return (
        b.kind === 'logical' && a.op === b.op && same(a.left, b.left) && same(a.right, b.right)
      );
    case 'cond':
      return (
        b.kind === 'cond' &&
        same(a.test, b.test) &&
        sameOptional(a.then, b.then, same) &&
        same(a.else, b.else)
      );
    case 'assign':
      return (
        b.kind === 'assign' && a.op === b.op && same(a.target, b.target) && same(a.value, b.value)
      );
    case 'call':
      return b.kind === 'call' && same(a.callee, b.callee) && sameList(a.args, b.args, same);
    case 'member':
      return (
        b.kind === 'member' && a.name === b.name && a.arrow === b.arrow && same(a.object, b.object)
      );
    case 'index':
      return b.kind === 'index' && same(a.object, b.object) && same(a.index, b.index);
    case 'cast':
      return b.kind === 'cast' && sameType(a.type, b.type) && same(a.operand, b.operand);
    case 'sizeof':
      return (
        b.kind === 'sizeof' &&
        sameOptional(a.type, b.type, sameType) &&
        sameOptional(a.operand, b.operand, same)
      );
    case 'offsetof':
      return b.kind === 'offsetof' && sameType(a.type, b.type) && sameExpr(a.path, b.path);
    case 'initList':
      return (
        b.kind === 'initList' &&
        sameOptional(a.type, b.type, sameType) &&
        sameList(a.items, b.items, (x, y) => sameItem(x, y, names))
      );
    case 'stmtExpr':
      return b.kind === 'stmtExpr' && sameStmt(a.body, b.body, names);
    case 'comma':
      return b.kind === 'comma' && same(a.left, b.left) && same(a.right, b.right);
    case 'typeArg':
      return b.kind === 'typeArg' && sameType(a.type, b.type);
    case 'error':
      return b.kind === 'error' && sameList(a.calls, b.calls, same);
  }
}

function sameVar(a: VarDecl, b: VarDecl, names: Names): boolean {
  return (
    names.pair(a.name, b.name) &&
    sameType(a.type, b.type) &&
    (a.init === undefined) === (b.init === undefined)
  );
}

/** Equal in what belongs to the statement itself: kind, names, own expressions; bodies are not compared. */
export function sameHead(a: Stmt, b: Stmt, names: Names = EXACT): boolean {
  if (a.kind !== b.kind) return false;
  if (
    a.kind === 'decl' &&
    b.kind === 'decl' &&
    !sameList(a.vars, b.vars, (x, y) => sameVar(x, y, names))
  )
    return false;
  if (a.kind === 'label' || a.kind === 'goto')
    return (b.kind === 'label' || b.kind === 'goto') && a.name === b.name;
  if (a.kind === 'macroLoop' && b.kind === 'macroLoop' && a.name !== b.name) return false;
  return sameList(headExprs(a), headExprs(b), (x, y) => sameExpr(x, y, names));
}

/** Equal statements with all that is nested in them. */
export function sameStmt(a: Stmt, b: Stmt, names: Names = EXACT): boolean {
  return (
    sameHead(a, b, names) && sameList(subStmts(a), subStmts(b), (x, y) => sameStmt(x, y, names))
  );
}
