/**
 * Anchors: which statement of the model each statement of the pre image is. The model drops
 * statements and never rewrites them, so this is an alignment in which the image may have more.
 * A pair counts only when it is beyond doubt.
 */
import type { Expr, Stmt } from '../csource/ast.js';
import type { Names } from './equal.js';
import type { Renaming } from './names.js';
import type { Atom, Tree } from './tree.js';
import type { World } from './world.js';
import { align } from './align.js';
import type { Alignment } from './align.js';
import { calleeName, callsOf, readsOf, setsOf, localsOf } from './effects.js';
import { sameExpr, sameHead } from './equal.js';
import { chooseNames, guessing, maybeLocal, pairParams, renamed } from './names.js';
import { below, enclosing, exclusive } from './tree.js';
import { headExprs, within } from './walk.js';

export interface Anchors {
  /** Image → model; only pairs beyond doubt. */
  readonly model: ReadonlyMap<Atom, Atom>;
  /** Model → image. */
  readonly image: ReadonlyMap<Atom, Atom>;
  /** Image statements that fit several places equally well. */
  readonly ambiguous: ReadonlySet<Atom>;
  readonly renaming: Renaming;
  /** Paired statements that are equal up to names, not merely alike. */
  readonly exact: ReadonlySet<Atom>;
}

export interface Extent {
  /** The image shows the function's header, or its end. */
  readonly start: boolean;
  readonly end: boolean;
}

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
function strength(s: Stmt, world: World): number {
  if (s.kind === 'block' || s.kind === 'empty') return 0;
  if (s.kind === 'label') return 1;
  if (callsOf(s).some((c) => c.callee.kind === 'member' || world.functions.has(calleeName(c)) || world.params.has(calleeName(c)))) return 3;
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
  return s.kind === 'expr' && s.expr.kind === 'call' && calleeName(s.expr).startsWith('__') && /^__(note|assert)$/.test(calleeName(s.expr));
}

/** True for statements of which the image shows nothing when they are absent. */
export function isInert(s: Stmt): boolean {
  return s.kind === 'block' || s.kind === 'empty' || s.kind === 'label' || isGlue(s) || (s.kind === 'decl' && s.vars.every((v) => !v.init));
}

const EXACT_WEIGHT = [1, 3, 7, 12] as const;
const PART_WEIGHT = [0, 2, 5, 9] as const;

function knownCalls(s: Stmt, world: World): string {
  return callsOf(s).map(calleeName).filter((n) => world.names.has(n)).join(' ');
}

type Likeness = 'exact' | 'part' | 'calls' | 'no';

/** `decl` statements are the same when they declare one variable both have, with the same value. */
function compare(x: Stmt, r: Stmt, names: Names, world: World): Likeness {
  if (x.kind !== r.kind || x.kind === 'block') return 'no';
  if (sameHead(x, r, names)) return 'exact';
  if (x.kind === 'decl' && r.kind === 'decl') return r.vars.some((v) => x.vars.some((w) => names.pair(w.name, v.name))) ? 'part' : 'no';
  if ((x.kind === 'if' && r.kind === 'if') || (x.kind === 'while' && r.kind === 'while')) {
    if (isPart(x.test, r.test, names)) return 'part';
  }
  const calls = knownCalls(x, world);
  return calls !== '' && calls === knownCalls(r, world) ? 'calls' : 'no';
}

interface Judge {
  readonly names: Names;
  readonly world: World;
  /** Pairs that the data flow forbids. */
  allowed(x: Atom, r: Atom): boolean;
  bonus(x: Atom, r: Atom): number;
}

function weightOf(x: Atom, r: Atom, judge: Judge): number {
  const like = compare(x.stmt, r.stmt, judge.names, judge.world);
  if (like === 'no' || !judge.allowed(x, r)) return 0;
  const s = Math.min(strength(x.stmt, judge.world), strength(r.stmt, judge.world));
  const base = like === 'exact' ? EXACT_WEIGHT[s] ?? 0 : like === 'part' ? PART_WEIGHT[s] ?? 0 : 5;
  if (base <= 0) return 0;
  return base + context(x, r, judge) + judge.bonus(x, r);
}

/** The enclosing statements agree: tells equal statements of different branches apart. */
function context(x: Atom, r: Atom, judge: Judge): number {
  const a = enclosing(x);
  const b = enclosing(r);
  if (!a.owner || !b.owner) return a.owner === b.owner ? 0.6 : 0;
  if (a.branch !== b.branch) return 0;
  return compare(a.owner.stmt, b.owner.stmt, judge.names, judge.world) === 'no' ? 0 : 1;
}

function run(pre: Tree, model: Tree, extent: Extent, judge: Judge): Alignment {
  return align({
    left: pre.atoms.length,
    right: model.atoms.length,
    weight: (i, j) => {
      const x = pre.atoms[i];
      const r = model.atoms[j];
      return x && r ? weightOf(x, r, judge) : 0;
    },
    gap: (j) => {
      const r = model.atoms[j];
      return !r || isInert(r.stmt) ? 0 : strength(r.stmt, judge.world);
    },
    freeStart: !extent.start,
    freeEnd: !extent.end,
  });
}

type AtomMap = Map<Atom, Atom>;

function toAtoms(a: Alignment, pre: Tree, model: Tree): AtomMap {
  const map: AtomMap = new Map();
  for (const [i, j] of a.pairs) {
    const x = pre.atoms[i];
    const r = model.atoms[j];
    if (x && r) map.set(x, r);
  }
  return map;
}

/** The statement that last set `name` before `a`, as the text goes; other branches do not count. */
function lastSet(tree: Tree, a: Atom, name: string, locals: (n: string) => boolean): Atom | undefined {
  for (let i = a.id - 1; i >= 0; i--) {
    const d = tree.atoms[i];
    if (d && !exclusive(d, a) && setsOf(d.stmt, locals).has(name)) return d;
  }
  return undefined;
}

/** How each local of the judged pair got its value, given anchors that are sure. */
function flowJudge(pre: Tree, model: Tree, names: Names, renaming: Renaming, world: World, sure: AtomMap): Judge {
  const isLocal = maybeLocal(pre.fn, world);
  const modelLocals = localsOf(model.fn);
  const verdict = (x: Atom, r: Atom): number => {
    let bonus = 0;
    for (const name of readsOf(x.stmt, isLocal)) {
      const other = renaming.get(name) ?? name;
      if (!modelLocals.has(other)) continue;
      const d = lastSet(pre, x, name, isLocal);
      if (!d) continue;
      const e = lastSet(model, r, other, (n) => modelLocals.has(n));
      const image = sure.get(d);
      if (image === undefined && strength(d.stmt, world) < 3 && callsOf(d.stmt).length === 0) continue;
      if (image !== e || e === undefined) return -1;
      bonus += 1;
    }
    return bonus;
  };
  const strong = (x: Atom): boolean => sure.has(x);
  return {
    names,
    world,
    allowed: (x, r) => (strong(x) ? sure.get(x) === r : strength(x.stmt, world) >= 2 || verdict(x, r) >= 0),
    bonus: (x, r) => (strong(x) ? 100 : Math.max(0, verdict(x, r))),
  };
}

function neighbour(tree: Tree, a: Atom, step: 1 | -1): Atom | undefined {
  for (let i = a.id + step; i >= 0 && i < tree.atoms.length; i += step) {
    const n = tree.atoms[i];
    if (n && !isInert(n.stmt)) return n;
  }
  return undefined;
}

/** A statement that says little counts only beside another anchor, or where its value comes from one. */
function supported(x: Atom, r: Atom, map: AtomMap, pre: Tree, model: Tree, extent: Extent, judge: Judge): boolean {
  if (strength(x.stmt, judge.world) >= 2) return true;
  if (judge.bonus(x, r) > 0) return true;
  const before = neighbour(pre, x, -1);
  const rBefore = neighbour(model, r, -1);
  if (before ? map.get(before) === rBefore && rBefore !== undefined : extent.start && rBefore === undefined) return true;
  const after = neighbour(pre, x, 1);
  const rAfter = neighbour(model, r, 1);
  if (after ? map.get(after) === rAfter && rAfter !== undefined : extent.end && rAfter === undefined) return true;
  return [...below(x)].some((c) => c !== x && map.has(c));
}

/** Pairs whose enclosing statements are paired must be nested alike. */
function nestedAlike(x: Atom, r: Atom, map: AtomMap): boolean {
  for (let l = x.list; l.owner; l = l.owner.list) {
    const image = map.get(l.owner);
    if (!image) continue;
    let inside = false;
    for (let k = r.list; k.owner; k = k.owner.list) inside ||= k.owner === image && k.branch === l.branch;
    if (!inside) return false;
  }
  return true;
}

function prune(map: AtomMap, pre: Tree, model: Tree, extent: Extent, judge: Judge): void {
  for (let again = true; again;) {
    again = false;
    for (const [x, r] of [...map]) {
      if (nestedAlike(x, r, map) && supported(x, r, map, pre, model, extent, judge)) continue;
      map.delete(x);
      again = true;
    }
  }
}

function inferNames(pre: Tree, model: Tree, extent: Extent, world: World): Map<string, string> {
  const votes = new Map<string, Map<string, number>>();
  let current: [string, string][] = [];
  const names = guessing(pre.fn, model.fn, world, (a, b) => current.push([a, b]));
  const judge: Judge = { names, world, allowed: () => true, bonus: () => 0 };
  for (const [x, r] of toAtoms(run(pre, model, extent, judge), pre, model)) {
    current = [];
    if (!sameHead(x.stmt, r.stmt, names)) continue;
    for (const [a, b] of current) {
      const of = votes.get(a) ?? new Map<string, number>();
      of.set(b, (of.get(b) ?? 0) + 1);
      votes.set(a, of);
    }
  }
  const chosen = chooseNames(votes);
  for (const [a, b] of pairParams(pre.fn.params, model.fn.params)) chosen.set(a, b);
  return chosen;
}

/** Anchors of the pre image (or of any image) of a function in the model's function. */
export function anchor(pre: Tree, model: Tree, extent: Extent, world: World): Anchors {
  const renaming = inferNames(pre, model, extent, world);
  const names = renamed(renaming);
  const first: Judge = { names, world, allowed: () => true, bonus: () => 0 };
  const sure: AtomMap = new Map([...toAtoms(run(pre, model, extent, first), pre, model)].filter(([x]) => strength(x.stmt, world) >= 2));
  const judge = flowJudge(pre, model, names, renaming, world, sure);
  const result = run(pre, model, extent, judge);
  const map = toAtoms(result, pre, model);
  prune(map, pre, model, extent, judge);
  const ambiguous = new Set<Atom>();
  for (const i of result.ambiguous) {
    const x = pre.atoms[i];
    if (x) ambiguous.add(x);
  }
  const exact = new Set([...map].filter(([x, r]) => sameHead(x.stmt, r.stmt, names)).map(([x]) => x));
  return { model: map, image: new Map([...map].map(([x, r]) => [r, x])), ambiguous, renaming, exact };
}
