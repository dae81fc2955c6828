/** One list of the post image beside the list of the pre image that it came from, and its place in the model. */
import type { Loc } from '../csource/source.js';
import type { Anchors, Extent } from './match-model.js';
import type { Pairing } from './match-post.js';
import type { Atom, StmtList, Tree } from './tree.js';
import { isCut, isInert } from './likeness.js';
import { below, branch, climb } from './tree.js';

/**
 * `keep`: stands in both. `in`: inserted, or moved here. `gone`: deleted, or moved away.
 */
export type Entry =
  | { readonly kind: 'keep'; readonly post: Atom; readonly pre: Atom }
  | { readonly kind: 'in'; readonly post: Atom }
  | { readonly kind: 'gone'; readonly pre: Atom };

export interface Side {
  readonly pre: Tree;
  readonly post: Tree;
  readonly model: Tree;
  readonly pairing: Pairing;
  readonly anchors: Anchors;
  readonly extent: Extent;
  /** Statements of the pre image that matter and that the model does not have. */
  unmodelled(pre: Atom): boolean;
  /** Of these, those that only leave: the branches in which they stand are ones that the model never takes. */
  onlyLeaves(pre: Atom): boolean;
  /** First statements of fragments below heads without braces that are not shown, and how many heads. */
  readonly dangling: ReadonlyMap<Atom, number>;
  /** The image shows the brace that ends a statement. */
  closes(a: Atom): boolean;
}

function preList(q: StmtList, side: Side): StmtList | undefined {
  const owner = q.owner;
  const fragment = side.post.fragments.indexOf(q);
  if (fragment >= 0) return side.pre.fragments[fragment];
  if (owner && owner.stmt.kind !== 'block') {
    const x = side.pairing.before.get(owner);
    if (x) return branch(x, q.branch);
  }
  for (const item of q.items) {
    const x = side.pairing.before.get(item);
    if (x && !side.pairing.moved.has(item)) return x.list;
  }
  return undefined;
}

/** The merged order of a list before and after the patch. */
export function entriesOf(q: StmtList, side: Side): readonly Entry[] {
  const p = preList(q, side);
  const kept = (x: Atom): boolean => {
    const y = side.pairing.after.get(x);
    return y !== undefined && y.list === q && !side.pairing.moved.has(y);
  };
  const entries: Entry[] = [];
  let next = 0;
  const gone = (until: number): void => {
    for (; p && next < until; next++) {
      const x = p.items[next];
      if (x && !kept(x)) entries.push({ kind: 'gone', pre: x });
    }
  };
  for (const y of q.items) {
    const x = side.pairing.before.get(y);
    if (!x || side.pairing.moved.has(y) || x.list !== p) {
      if (x && !side.pairing.moved.has(y)) entries.push({ kind: 'keep', post: y, pre: x });
      else entries.push({ kind: 'in', post: y });
      continue;
    }
    gone(x.index);
    next = x.index + 1;
    entries.push({ kind: 'keep', post: y, pre: x });
  }
  if (p) gone(p.items.length);
  return entries;
}

export type Place =
  | {
      readonly list: StmtList;
      /** Insert before this index. */
      readonly index: number;
      readonly at: Loc | undefined;
      /** Unmodelled statements stand on both sides: only what has no effect on others may go here. */
      readonly blocked: Atom | undefined;
    }
  | { readonly why: string };

/** A list of the model, or a branch that its statement does not have yet. */
export type Target = { readonly list: StmtList } | { readonly owner: Atom };

function direct(e: Entry, side: Side): Atom | undefined {
  return e.kind === 'in' ? undefined : side.anchors.model.get(e.pre);
}

/** A block whose head the hunk does not show stands for one statement of the model, whatever its head. */
function isOpen(a: Atom): boolean {
  return a.stmt.kind === 'block' || isCut(a.stmt);
}

/** The model's statement in the list that the image's list is: above the heads that are not shown. */
function inList(x: Atom, side: Side): Atom | undefined {
  let at = side.anchors.model.get(x);
  for (let n = side.dangling.get(x) ?? 0; n > 0 && at; n--) at = at.list.owner;
  return at;
}

/** The statement of the model around anchors below an entry that has none itself. */
function nested(e: Entry, side: Side): Atom | undefined {
  if (e.kind === 'in') return undefined;
  for (const x of below(e.pre)) {
    let at = inList(x, side);
    if (!at) continue;
    for (let l = x.list; at && l.owner && l !== e.pre.list; l = l.owner.list)
      if (isOpen(l.owner)) at = at.list.owner;
    return at;
  }
  return undefined;
}

/** The list that holds all of them; one may stand deeper where the hunk cuts the head above it. */
function agreed(atoms: readonly (Atom | undefined)[]): StmtList | undefined {
  const all = atoms.flatMap((a) => (a ? [a] : []));
  return all.map((a) => a.list).find((l) => all.every((a) => climb(a, l) !== undefined));
}

/** Where the statements of a post list live in the model. */
export function targetOf(q: StmtList, entries: readonly Entry[], side: Side): Target | undefined {
  const owner = q.owner;
  if (owner && owner.stmt.kind !== 'block') {
    const x = side.pairing.before.get(owner);
    const r = x ? side.anchors.model.get(x) : undefined;
    if (r) {
      const list = branch(r, q.branch);
      return list ? { list } : { owner: r };
    }
  }
  const inside = (e: Entry): Atom | undefined =>
    e.kind === 'in' ? undefined : inList(e.pre, side);
  const list =
    agreed(entries.map(inside)) ?? agreed(entries.map((e) => inside(e) ?? nested(e, side)));
  if (list) return { list };
  return !owner && side.extent.start && side.extent.end ? { list: side.model.root } : undefined;
}

interface Neighbour {
  readonly index: number | undefined;
  readonly atom: Atom | undefined;
  readonly blocked: Atom | undefined;
}

function look(
  entries: readonly Entry[],
  from: number,
  step: 1 | -1,
  list: StmtList,
  side: Side,
  inWay: (x: Atom) => boolean,
): Neighbour {
  let blocked: Atom | undefined;
  for (let k = from; k >= 0 && k < entries.length; k += step) {
    const e = entries[k];
    if (!e || e.kind === 'in') continue;
    const found = direct(e, side) ?? nested(e, side);
    const r = found ? climb(found, list) : undefined;
    if (r) return { index: r.index, atom: r, blocked };
    if (e.kind === 'keep') blocked ??= [...below(e.pre)].find(inWay);
  }
  return { index: undefined, atom: undefined, blocked };
}

/** A statement of the model that the image does not show: nothing says on which side of it to insert. */
function stranger(list: StmtList, from: number, to: number, side: Side): Atom | undefined {
  return list.items
    .slice(from, to)
    .find(
      (r) =>
        !isInert(r.stmt) &&
        !side.anchors.image.has(r) &&
        ![...below(r)].some((d) => side.anchors.image.has(d)),
    );
}

/** The list shows its first statement. */
function showsStart(q: StmtList, side: Side): boolean {
  const fragment = side.post.fragments.indexOf(q);
  if (fragment >= 0) return fragment === 0 && side.extent.start;
  return (q.owner !== undefined && !isOpen(q.owner)) || (side.extent.start && side.extent.end);
}

/** The list shows its last statement: it does not run to the end of a fragment that is cut. */
function showsEnd(q: StmtList, side: Side): boolean {
  if (q.owner && side.closes(q.owner)) return true;
  let l = q;
  while (l.owner && !side.post.fragments.includes(l)) {
    if (l.owner.index < l.owner.list.items.length - 1) return true;
    l = l.owner.list;
  }
  return side.extent.end && l === side.post.fragments.at(-1);
}

/** The gap of a model list that corresponds to the gap around entry `k`; `inWay`: what may not be passed. */
export function placeAt(
  q: StmtList,
  entries: readonly Entry[],
  k: number,
  list: StmtList,
  side: Side,
  inWay: (x: Atom) => boolean = (x) => side.unmodelled(x),
): Place {
  const left = look(entries, k - 1, -1, list, side, inWay);
  const right = look(entries, k + 1, 1, list, side, inWay);
  const closedLeft = showsStart(q, side);
  const closedRight = showsEnd(q, side);
  if (left.index === undefined && right.index === undefined && !(closedLeft && closedRight)) {
    return { why: 'nothing around it is in the model' };
  }
  const from = left.index !== undefined ? left.index + 1 : closedLeft ? 0 : (right.index ?? 0);
  const to = right.index ?? (closedRight ? list.items.length : from);
  const other = stranger(list, from, Math.max(from, to), side);
  if (other) return { why: 'the model has statements here that the image does not show' };
  const besideLeft = left.blocked === undefined && (left.index !== undefined || closedLeft);
  const besideRight = right.blocked === undefined && (right.index !== undefined || closedRight);
  const blocked = besideLeft || besideRight ? undefined : (left.blocked ?? right.blocked);
  const index = left.index !== undefined ? left.index + 1 : (right.index ?? from);
  return { list, index, at: (left.atom ?? right.atom)?.stmt.loc, blocked };
}

/** A label stands where it leads to: before the next statement of the model, whatever the model has above. */
export function placeOfLabel(
  q: StmtList,
  entries: readonly Entry[],
  k: number,
  list: StmtList,
  side: Side,
): Place {
  const right = look(entries, k + 1, 1, list, side, (x) => side.unmodelled(x));
  if (right.index === undefined || right.blocked) return placeAt(q, entries, k, list, side);
  return { list, index: right.index, at: right.atom?.stmt.loc, blocked: undefined };
}
