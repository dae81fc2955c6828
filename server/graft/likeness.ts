/** How alike a statement of an image and one of the model are, and how much each says. */
import type { Call, Expr, Stmt } from '../csource/ast.js';
import type { Names } from './equal.js';
import type { Atom } from './tree.js';
import type { World } from './world.js';
import { calleeName, callsOf } from './effects.js';
import { sameExpr, sameHead } from './equal.js';
import { headExprs, within } from './walk.js';

/** Operands of a chain of `&&` or `||`; the expression itself when it is no such chain. */
export function chain(e: Expr, op: '&&' | '||'): readonly Expr[] {
  return e.kind === 'logical' && e.op === op ? [...chain(e.left, op), ...chain(e.right, op)] : [e];
}

/** The model's condition is the image's without some of its conjuncts (or disjuncts). */
function isPart(image: Expr, model: Expr, names: Names): boolean {
  return (['&&', '||'] as const).some((op) => {
    const all = chain(image, op);
    const some = chain(model, op);
    return some.length < all.length && some.every((m) => all.some((p) => sameExpr(p, m, names)));
  });
}

/** How much a statement says: 3 calls of the model, 2 fields of the model, 1 anything else, 0 nothing. */
export function strength(s: Stmt, world: World): number {
  if (s.kind === 'block' || s.kind === 'empty') return 0;
  if (s.kind === 'label') return 1;
  if (
    callsOf(s).some(
      (c) =>
        c.callee.kind === 'member' ||
        world.functions.has(calleeName(c)) ||
        world.params.has(calleeName(c)),
    )
  )
    return 3;
  for (const top of headExprs(s)) {
    for (const e of within(top)) {
      if (e.kind === 'member' && world.fields.has(e.name)) return 2;
      if (e.kind === 'ident' && world.names.has(e.name)) return 2;
    }
  }
  return s.kind === 'decl' && s.vars.every((v) => !v.init) ? 0 : 1;
}

/** Statements of the model that no kernel has: notes, assertions, bookkeeping of the tool. */
function isGlue(s: Stmt): boolean {
  return (
    s.kind === 'expr' &&
    s.expr.kind === 'call' &&
    calleeName(s.expr).startsWith('__') &&
    /^__(note|assert)$/.test(calleeName(s.expr))
  );
}

/** The head of a compound statement that the hunk cuts: nothing can be said of its condition. */
export function isCut(s: Stmt): boolean {
  return headExprs(s).some((e) => e.kind === 'error');
}

/** True for statements of which the image shows nothing when they are absent. */
export function isInert(s: Stmt): boolean {
  return (
    s.kind === 'block' ||
    s.kind === 'empty' ||
    s.kind === 'label' ||
    isGlue(s) ||
    (s.kind === 'decl' && s.vars.every((v) => !v.init))
  );
}

export function knownCalls(s: Stmt, world: World): string {
  return callsOf(s)
    .map(calleeName)
    .filter((n) => world.names.has(n))
    .join(' ');
}

/** Remembers `f` of each key. */
export function memo<K extends object, V>(f: (k: K) => V): (k: K) => V {
  const known = new Map<K, V>();
  return (k) => {
    const old = known.get(k);
    if (old !== undefined) return old;
    const v = f(k);
    known.set(k, v);
    return v;
  };
}

/** What the judges ask again and again of the same statements. */
export interface Facts {
  readonly world: World;
  /** What is done with the result of a call does not tell statements apart. */
  readonly loose: boolean;
  strength(s: Stmt): number;
  calls(s: Stmt): string;
  reads(a: Atom): ReadonlySet<string>;
}

function namesIn(e: Expr): readonly string[] {
  return [...within(e)].flatMap((x) => (x.kind === 'ident' || x.kind === 'member' ? [x.name] : []));
}

/** One says the same as the other, or more of it: `from` and `from >> bits`. */
function argsAlike(a: Expr, b: Expr, names: Names): boolean {
  if (sameExpr(a, b, names)) return true;
  const [left, right] = [namesIn(a), namesIn(b)];
  if (left.length === 0 || right.length === 0) return false;
  return (
    left.every((x) => right.some((y) => names.pair(x, y))) ||
    right.every((y) => left.some((x) => names.pair(x, y)))
  );
}

/** At least half of the arguments are alike, in any order: versions and small models differ in some. */
function callsAlike(xs: readonly Call[], rs: readonly Call[], names: Names): boolean {
  const left = xs.flatMap((c) => c.args);
  const right = rs.flatMap((c) => c.args);
  const common = left.filter((a) => right.some((b) => argsAlike(a, b, names))).length;
  return 2 * common >= Math.max(left.length, right.length);
}

export type Likeness = 'exact' | 'part' | 'calls' | 'no';

/** `decl` statements are the same when they declare one variable both have, with the same value. */
export function compare(x: Stmt, r: Stmt, names: Names, facts: Facts): Likeness {
  if (x.kind !== r.kind || x.kind === 'block') return 'no';
  if (sameHead(x, r, names)) return 'exact';
  if (x.kind === 'decl' && r.kind === 'decl')
    return r.vars.some((v) => x.vars.some((w) => names.pair(w.name, v.name))) ? 'part' : 'no';
  if ((x.kind === 'if' && r.kind === 'if') || (x.kind === 'while' && r.kind === 'while')) {
    if (isPart(x.test, r.test, names)) return 'part';
  }
  const calls = facts.calls(x);
  if (calls === '' || calls !== facts.calls(r)) return 'no';
  if (!facts.loose && x.kind === 'expr' && r.kind === 'expr' && x.expr.kind !== r.expr.kind)
    return 'no';
  return callsAlike(callsOf(x), callsOf(r), names) ? 'calls' : 'no';
}

/** Names that a head mentions, its own words apart: called functions and members, or else its variables. */
function wordsOf(s: Stmt): ReadonlySet<string> {
  const all = headExprs(s).flatMap((top) => [...within(top)]);
  const strong = all.flatMap((e) =>
    e.kind === 'member' ? [e.name] : e.kind === 'call' ? [calleeName(e)] : [],
  );
  const names = all.flatMap((e) => (e.kind === 'ident' ? [e.name] : []));
  return new Set(strong.length > 0 ? strong : names);
}

/** Two conditions have something in common: versions of one statement do. */
export function sharesHead(x: Stmt, r: Stmt, names: Names): boolean {
  if (sameHead(x, r, names)) return true;
  const [left, right] = [wordsOf(x), wordsOf(r)];
  if ([...left].some((a) => [...right].some((b) => names.pair(a, b)))) return true;
  const parts = (s: Stmt): readonly Expr[] =>
    headExprs(s).flatMap((e) => chain(e, '&&').flatMap((c) => chain(c, '||')));
  return parts(x).some((a) => parts(r).some((b) => sameExpr(a, b, names)));
}
