/**
 * Anchors: which statement of the model each statement of the pre image is. The model drops
 * statements and never rewrites them, so this is an alignment in which the image may have more.
 * A pair counts only when it is beyond doubt.
 */
import type { Stmt } from '../csource/ast.js';
import type { AtomMap, Judge } from './flow.js';
import type { Facts } from './likeness.js';
import type { Renaming } from './names.js';
import type { Atom, Tree } from './tree.js';
import type { World } from './world.js';
import { align } from './align.js';
import type { Alignment } from './align.js';
import { readsOf } from './effects.js';
import { sameHead } from './equal.js';
import { flowOf } from './flow.js';
import { compare, isCut, isInert, knownCalls, memo, sharesHead, strength } from './likeness.js';
import { chooseNames, guessing, maybeLocal, pairParams, renamed } from './names.js';
import { below, enclosing } from './tree.js';

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

const EXACT_WEIGHT = [1, 3, 7, 12] as const;
const PART_WEIGHT = [0, 2, 5, 9] as const;

function weightOf(x: Atom, r: Atom, judge: Judge): number {
  const like =
    x.stmt.kind === r.stmt.kind ? compare(x.stmt, r.stmt, judge.names, judge.facts) : 'no';
  if (like === 'no') return 0;
  const flow = judge.flow(x, r);
  if (flow < 0) return 0;
  const s = Math.min(judge.facts.strength(x.stmt), judge.facts.strength(r.stmt));
  const base =
    like === 'exact' ? (EXACT_WEIGHT[s] ?? 0) : like === 'part' ? (PART_WEIGHT[s] ?? 0) : 5;
  if (base <= 0) return 0;
  return base + context(x, r, judge) + flow;
}

/** The enclosing statements agree: tells equal statements of different branches apart. */
function context(x: Atom, r: Atom, judge: Judge): number {
  const a = enclosing(x);
  const b = enclosing(r);
  if (!a.owner || !b.owner || isCut(a.owner.stmt)) return a.owner === b.owner ? 0.6 : 0;
  if (a.branch !== b.branch) return 0;
  return compare(a.owner.stmt, b.owner.stmt, judge.names, judge.facts) === 'no' ? 0 : 1;
}

function run(pre: Tree, model: Tree, extent: Extent, judge: Judge): Alignment {
  const isGap = (i: number): boolean => {
    const a = pre.atoms[i];
    return a !== undefined && pre.gaps.has(a);
  };
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
      return !r || isInert(r.stmt) ? 0 : judge.facts.strength(r.stmt);
    },
    freeStart: !extent.start,
    freeEnd: !extent.end,
    freeBefore: (i) => isGap(i) || isGap(i - 1),
  });
}

function toAtoms(a: Alignment, pre: Tree, model: Tree): AtomMap {
  const map: AtomMap = new Map();
  for (const [i, j] of a.pairs) {
    const x = pre.atoms[i];
    const r = model.atoms[j];
    if (x && r) map.set(x, r);
  }
  return map;
}

/** The next statement from `from` on that counts. */
function next(tree: Tree, from: number, step: 1 | -1): Atom | undefined {
  for (let i = from; i >= 0 && i < tree.atoms.length; i += step) {
    const n = tree.atoms[i];
    if (n && (tree.gaps.has(n) || !isInert(n.stmt))) return n;
  }
  return undefined;
}

/** Index behind the statement and all that is nested in it. */
function behind(a: Atom): number {
  return a.id + [...below(a)].length;
}

/** Of what says little, only what stands in the same branch of the same statement. */
function sameOwner(x: Atom, r: Atom, map: AtomMap): boolean {
  const a = enclosing(x);
  const b = enclosing(r);
  return (
    !a.owner ||
    isCut(a.owner.stmt) ||
    (b.owner !== undefined && map.get(a.owner) === b.owner && a.branch === b.branch)
  );
}

/**
 * The next statement from `from` on that some statement of the model may be. Those between are ones that
 * the model leaves out: it keeps the order of the rest, so what stands before them there stands before
 * this one in the model.
 */
function nextModelled(tree: Tree, from: number, step: 1 | -1, all: Candidates): Atom | undefined {
  for (let i = from; i >= 0 && i < tree.atoms.length; i += step) {
    const n = tree.atoms[i];
    if (n && (tree.gaps.has(n) || all.map.has(n) || all.ambiguous.has(n) || isCut(n.stmt)))
      return n;
  }
  return undefined;
}

/** What the alignment pairs, before it is known which pairs hold by themselves. */
interface Candidates {
  readonly map: AtomMap;
  readonly ambiguous: ReadonlySet<Atom>;
}

/** A statement that says little counts only beside a sure anchor, or where its value comes from one. */
function supported(
  x: Atom,
  r: Atom,
  sure: AtomMap,
  all: Candidates,
  pre: Tree,
  model: Tree,
  extent: Extent,
  judge: Judge,
): boolean {
  if (judge.facts.strength(x.stmt) >= 2) return true;
  if (!sameOwner(x, r, sure)) return false;
  if (judge.flow(x, r) > 0) return true;
  const beside = (i: Atom | undefined, j: Atom | undefined, edge: boolean): boolean =>
    i ? j !== undefined && sure.get(i) === j : edge && j === undefined;
  if (beside(next(pre, x.id - 1, -1), next(model, r.id - 1, -1), extent.start)) return true;
  if (beside(next(pre, x.id + 1, 1), next(model, r.id + 1, 1), extent.end)) return true;
  if (beside(next(pre, behind(x), 1), next(model, behind(r), 1), extent.end)) return true;
  const near = (step: 1 | -1): boolean => {
    const [i, j] = step > 0 ? [behind(x), behind(r)] : [x.id - 1, r.id - 1];
    return beside(nextModelled(pre, i, step, all), next(model, j, step), false);
  };
  if (near(1) || near(-1)) return true;
  return [...below(x)].some((c) => c !== x && sure.has(c));
}

/** Pairs whose enclosing statements are paired must be nested alike. */
function nestedAlike(x: Atom, r: Atom, map: AtomMap): boolean {
  for (let l = x.list; l.owner; l = l.owner.list) {
    const image = map.get(l.owner);
    if (!image) continue;
    let inside = false;
    for (let k = r.list; k.owner; k = k.owner.list)
      inside ||= k.owner === image && k.branch === l.branch;
    if (!inside) return false;
  }
  return true;
}

/**
 * What the model does under a condition, the image does under the same one, or under one that is not
 * shown. The model may have left out conditions of the image.
 */
function sameCondition(x: Atom, r: Atom, map: AtomMap, extent: Extent, judge: Judge): boolean {
  const around = enclosing(r).owner;
  if (!around) return true;
  for (let l = x.list; l.owner; l = l.owner.list)
    if (map.get(l.owner) === around || isCut(l.owner.stmt)) return true;
  const { owner } = enclosing(x);
  if (!owner) return !(extent.start && extent.end);
  return sharesHead(owner.stmt, around.stmt, judge.names);
}

/**
 * Statements that call what only one statement on each side calls: the same ones, whatever condition they
 * stand under. For telling only: a condition that is another one is no place to change anything.
 */
function soleCalls(pre: Tree, model: Tree, judge: Judge): ReadonlySet<Atom> {
  const count = (tree: Tree): ReadonlyMap<string, number> => {
    const n = new Map<string, number>();
    for (const a of tree.atoms) {
      const calls = judge.facts.calls(a.stmt);
      if (calls !== '') n.set(calls, (n.get(calls) ?? 0) + 1);
    }
    return n;
  };
  const [left, right] = [count(pre), count(model)];
  const isSole = (a: Atom): boolean => {
    const calls = judge.facts.calls(a.stmt);
    return left.get(calls) === 1 && right.get(calls) === 1;
  };
  return new Set(
    judge.facts.loose
      ? pre.atoms.filter((a) => judge.facts.strength(a.stmt) >= 3 && isSole(a))
      : [],
  );
}

/** From what is sure by itself to what stands beside it: no two weak anchors hold each other up. */
function wellFounded(
  all: Candidates,
  pre: Tree,
  model: Tree,
  extent: Extent,
  judge: Judge,
): AtomMap {
  const sure: AtomMap = new Map();
  const sole = soleCalls(pre, model, judge);
  for (let again = true; again;) {
    again = false;
    for (const [x, r] of all.map) {
      if (
        sure.has(x) ||
        (!sole.has(x) && !nestedAlike(x, r, all.map)) ||
        (!sole.has(x) && !sameCondition(x, r, all.map, extent, judge)) ||
        !supported(x, r, sure, all, pre, model, extent, judge)
      )
        continue;
      sure.set(x, r);
      again = true;
    }
  }
  return sure;
}

function inferNames(pre: Tree, model: Tree, extent: Extent, facts: Facts): Map<string, string> {
  const votes = new Map<string, Map<string, number>>();
  let current: [string, string][] = [];
  const names = guessing(pre.fn, model.fn, facts.world, (a, b) => current.push([a, b]));
  const judge: Judge = { names, facts, flow: () => 0 };
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

/**
 * Anchors of the pre image (or of any image) of a function in the model's function. `loose`: nothing is
 * changed by what is found.
 */
export function anchor(
  pre: Tree,
  model: Tree,
  extent: Extent,
  world: World,
  loose = false,
): Anchors {
  const isLocal = maybeLocal(pre.fn, world);
  const facts: Facts = {
    world,
    loose,
    strength: memo((x: Stmt) => strength(x, world)),
    calls: memo((x: Stmt) => knownCalls(x, world)),
    reads: memo((a: Atom) => readsOf(a.stmt, isLocal)),
  };
  const renaming = inferNames(pre, model, extent, facts);
  const names = renamed(renaming);
  const first: Judge = { names, facts, flow: (x) => (facts.strength(x.stmt) >= 2 ? 0 : -1) };
  const sure: AtomMap = new Map(
    [...toAtoms(run(pre, model, extent, first), pre, model)].filter(
      ([x]) => facts.strength(x.stmt) >= 2,
    ),
  );
  const judge: Judge = { names, facts, flow: flowOf(pre, model, renaming, facts, sure) };
  const result = run(pre, model, extent, judge);
  const ambiguous = new Set<Atom>();
  for (const i of result.ambiguous) {
    const x = pre.atoms[i];
    if (x) ambiguous.add(x);
  }
  const all = { map: toAtoms(result, pre, model), ambiguous };
  const map = wellFounded(all, pre, model, extent, judge);
  const exact = new Set(
    [...map].filter(([x, r]) => sameHead(x.stmt, r.stmt, names)).map(([x]) => x),
  );
  return {
    model: map,
    image: new Map([...map].map(([x, r]) => [r, x])),
    ambiguous,
    renaming,
    exact,
  };
}
