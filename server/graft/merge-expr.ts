/**
 * Three-way merge of expressions: before, after, model. What the patch did not touch stays the
 * model's; what it touched becomes the patch's, without the operands that the model left out.
 */
import type { DeclStmt, Expr, Logical, Stmt, VarDecl } from '../csource/ast.js';
import type { Names } from './equal.js';
import type { Renaming } from './names.js';
import { sameExpr, sameHead, sameType } from './equal.js';
import { chain } from './likeness.js';
import { children, headExprs, mapChildren, mapHead, subStmts } from './walk.js';

/** Patch-side names become the model's. */
function rename(e: Expr, renaming: Renaming): Expr {
  if (e.kind === 'ident') {
    const name = renaming.get(e.name);
    return name === undefined ? e : { ...e, name };
  }
  return mapChildren(e, (c) => rename(c, renaming));
}

interface Sides {
  readonly names: Names;
  readonly renaming: Renaming;
}

/** Replaces every operand equal to `part`; counts them. */
function substitute(
  e: Expr,
  part: Expr,
  by: Expr,
): { readonly expr: Expr; readonly count: number } {
  if (sameExpr(e, part)) return { expr: by, count: 1 };
  let count = 0;
  const expr = mapChildren(e, (c) => {
    const r = substitute(c, part, by);
    count += r.count;
    return r.expr;
  });
  return { expr, count };
}

function join(op: '&&' | '||', parts: readonly Expr[], whole: Expr): Expr | undefined {
  return parts.reduce<Expr | undefined>((left, right) => {
    if (!left) return right;
    const joined: Logical = { kind: 'logical', op, left, right, loc: whole.loc };
    return joined;
  }, undefined);
}

/** Operands of `&&`/`||`: kept ones as the model has them, left out where the model left them out. */
function mergeChain(op: '&&' | '||', p: Expr, q: Expr, m: Expr, sides: Sides): Expr | undefined {
  const ps = chain(p, op);
  const ms = chain(m, op);
  const modelOf = ps.map((x) => ms.find((y) => sameExpr(x, y, sides.names)));
  if (ms.some((y) => !modelOf.includes(y))) return undefined;
  const parts: Expr[] = [];
  const used = new Set<number>();
  for (const part of chain(q, op)) {
    const at = ps.findIndex((x, i) => !used.has(i) && sameExpr(x, part));
    if (at < 0) {
      parts.push(rename(part, sides.renaming));
      continue;
    }
    used.add(at);
    const kept = modelOf[at];
    if (kept) parts.push(kept);
  }
  return join(op, parts, q);
}

function sameShape(a: Expr, b: Expr, c: Expr): boolean {
  if (a.kind !== b.kind || b.kind !== c.kind) return false;
  const n = children(a).length;
  return n > 0 && children(b).length === n && children(c).length === n;
}

/** Own words of a node must agree for its operands to be merged one by one. */
function sameNode(a: Expr, b: Expr): boolean {
  if ('op' in a && 'op' in b && a.op !== b.op) return false;
  if (a.kind === 'member' && b.kind === 'member') return a.name === b.name && a.arrow === b.arrow;
  return a.kind !== 'initList' && a.kind !== 'error';
}

/** The merged expression; undefined when the model's differs from the patch's base in another way. */
function mergeExpr(p: Expr, q: Expr, m: Expr, sides: Sides): Expr | undefined {
  if (sameExpr(p, q)) return m;
  if (sameExpr(p, m, sides.names)) return rename(q, sides.renaming);
  // The model has the change already.
  if (sameExpr(q, m, sides.names)) return m;
  if (q.kind === 'logical' || p.kind === 'logical') {
    const op = q.kind === 'logical' ? q.op : p.kind === 'logical' ? p.op : '&&';
    const merged = mergeChain(op, p, q, m, sides);
    if (merged) return merged;
  }
  const wrapped = substitute(q, p, m);
  if (wrapped.count === 1) return keepModel(wrapped.expr, m, sides);
  if (!sameShape(p, q, m) || !sameNode(p, q) || !sameNode(q, m)) return undefined;
  const ps = children(p);
  const ms = children(m);
  const parts = children(q).map((c, i) => {
    const [x, y] = [ps[i], ms[i]];
    return x && y ? mergeExpr(x, c, y, sides) : undefined;
  });
  let i = 0;
  return parts.includes(undefined) ? undefined : mapChildren(q, (c) => parts[i++] ?? c);
}

/** Renames everything but the model's own part. */
function keepModel(e: Expr, model: Expr, sides: Sides): Expr {
  if (e === model) return e;
  if (e.kind === 'ident') return rename(e, sides.renaming);
  return mapChildren(e, (c) => keepModel(c, model, sides));
}

/** Patch-side names of the statement itself become the model's, declared names included. */
export function renameHead(s: Stmt, renaming: Renaming): Stmt {
  const head = mapHead(s, (e) => rename(e, renaming));
  if (head.kind !== 'decl') return head;
  return { ...head, vars: head.vars.map((v) => ({ ...v, name: renaming.get(v.name) ?? v.name })) };
}

/**
 * The model's statement with the patch's change of its own expressions; its bodies stay the model's,
 * its place is the patch's. Undefined when the change does not fit.
 */
export function mergeHead(p: Stmt, q: Stmt, m: Stmt, sides: Sides): Stmt | undefined {
  if (p.kind !== q.kind || q.kind !== m.kind) return undefined;
  if (sameHead(p, m, sides.names)) return withHead(m, renameHead(q, sides.renaming));
  if (p.kind === 'decl' && q.kind === 'decl' && m.kind === 'decl') return mergeDecl(p, q, m, sides);
  const ps = headExprs(p);
  const qs = headExprs(q);
  const ms = headExprs(m);
  if (ps.length !== qs.length || qs.length !== ms.length) return undefined;
  const parts = ms.map((e, i) => {
    const [x, y] = [ps[i], qs[i]];
    return x && y ? mergeExpr(x, y, e, sides) : undefined;
  });
  if (parts.includes(undefined)) return undefined;
  let i = 0;
  return { ...mapHead(m, (e) => parts[i++] ?? e), loc: q.loc };
}

/** Variables that the model has, changed ones as the patch has them, and the patch's new ones. */
function mergeDecl(p: DeclStmt, q: DeclStmt, m: DeclStmt, sides: Sides): Stmt {
  const named = (vars: readonly VarDecl[], name: string): VarDecl | undefined =>
    vars.find((v) => sides.names.pair(v.name, name));
  const after = renameHead(q, sides.renaming);
  const news = after.kind === 'decl' ? after.vars : [];
  const kept = m.vars.map((v) => {
    const x = named(p.vars, v.name);
    const y = named(q.vars, v.name);
    return x && y && !sameVariable(x, y) ? (news.find((w) => w.name === v.name) ?? v) : v;
  });
  const added = news.filter(
    (v) => !named(p.vars, v.name) && !m.vars.some((w) => w.name === v.name),
  );
  return { ...m, vars: [...kept, ...added], loc: q.loc };
}

function sameVariable(a: VarDecl, b: VarDecl): boolean {
  if (!sameType(a.type, b.type)) return false;
  return a.init && b.init ? sameExpr(a.init, b.init) : a.init === b.init;
}

/** A simple statement is the patch's; a compound one keeps the model's bodies. */
function withHead(m: Stmt, head: Stmt): Stmt {
  if (subStmts(m).length === 0) return head;
  let i = 0;
  const own = headExprs(head);
  return { ...mapHead(m, (e) => own[i++] ?? e), loc: head.loc };
}
