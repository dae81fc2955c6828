/**
 * Pairs the statements before and after a patch. Context lines stand at the same place of the mail in
 * both images, so statements that begin on them pair by place; the rest by equality, then likeness.
 * The merge is right for any pairing; a good one keeps more of the model's own statements.
 */
import type { Expr, Stmt } from '../csource/ast.js';
import type { SourceTable } from '../csource/source.js';
import { alignAny } from './align.js';
import { sameExpr, sameHead } from './equal.js';
import { enclosing } from './tree.js';
import type { Atom, Tree } from './tree.js';
import { headExprs, within } from './walk.js';

export interface Pairing {
  /** After → before. */
  readonly before: ReadonlyMap<Atom, Atom>;
  /** Before → after. */
  readonly after: ReadonlyMap<Atom, Atom>;
  /** Statements of the post image whose place among their neighbours or whose enclosing statement changed. */
  readonly moved: ReadonlySet<Atom>;
}

/** Place in the document of a statement that begins on a context line. */
function origin(a: Atom, table: SourceTable): string | undefined {
  const loc = a.head;
  if (!loc) return undefined;
  const mark = table.markOf(loc);
  if (mark === '+' || mark === '-') return undefined;
  const at = table.docRange({ ...loc, end: loc.start });
  return `${at.line}:${at.character}`;
}

/** Identifiers, literals and operators of the head, for a measure of likeness. */
function words(s: Stmt): string[] {
  const found: string[] = [];
  for (const top of headExprs(s)) {
    for (const e of within(top)) {
      if (e.kind === 'ident' || e.kind === 'member') found.push(e.name);
      else if (e.kind === 'number' || e.kind === 'string') found.push(String(e.value));
      else if (
        e.kind === 'unary' ||
        e.kind === 'binary' ||
        e.kind === 'logical' ||
        e.kind === 'assign'
      )
        found.push(e.op);
    }
  }
  return found;
}

/** Dice coefficient of two bags. */
function likeness(a: readonly string[], b: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const w of a) counts.set(w, (counts.get(w) ?? 0) + 1);
  let common = 0;
  for (const w of b) {
    const left = counts.get(w) ?? 0;
    if (left > 0) common++;
    counts.set(w, left - 1);
  }
  return a.length + b.length === 0 ? 0 : (2 * common) / (a.length + b.length);
}

function contains(whole: readonly Expr[], part: readonly Expr[]): boolean {
  const p = part[0];
  return (
    part.length === 1 &&
    p !== undefined &&
    whole.some((w) => [...within(w)].some((e) => sameExpr(e, p)))
  );
}

/** 0: not the same statement in another form. */
function similarity(a: Stmt, b: Stmt): number {
  if (a.kind !== b.kind || a.kind === 'block') return 0;
  if (a.kind === 'decl' && b.kind === 'decl')
    return a.vars.some((v) => b.vars.some((w) => w.name === v.name)) ? 4 : 0;
  if (a.kind === 'label' || a.kind === 'case') return 0;
  if (a.kind === 'goto' || a.kind === 'return') return 1;
  const x = headExprs(a);
  const y = headExprs(b);
  if (contains(x, y) || contains(y, x)) return 5;
  const d = likeness(words(a), words(b));
  return d >= 0.5 ? 1 + 4 * d : 0;
}

function weigh(x: Atom, y: Atom, keys: ReadonlyMap<Atom, string>, gaps: ReadonlySet<Atom>): number {
  if (gaps.has(x) || gaps.has(y))
    return gaps.has(x) && gaps.has(y) && x.index === y.index ? 1e6 : 0;
  if (x.stmt.kind === 'block' || y.stmt.kind === 'block') return 0;
  const kx = keys.get(x);
  const ky = keys.get(y);
  if (kx !== undefined && ky !== undefined)
    return kx === ky && x.stmt.kind === y.stmt.kind ? 1000 : 0;
  const nested =
    enclosing(x).branch === enclosing(y).branch &&
    (enclosing(x).owner === undefined) === (enclosing(y).owner === undefined);
  if (sameHead(x.stmt, y.stmt)) return nested ? 11 : 10;
  return similarity(x.stmt, y.stmt) * (nested ? 1 : 0.5);
}

/** Equal statements that alignment left over because they changed their order. Plain jumps say too little. */
function pairMoves(
  pre: readonly Atom[],
  post: readonly Atom[],
  before: Map<Atom, Atom>,
  after: Map<Atom, Atom>,
): void {
  const plain = (s: Stmt): boolean =>
    s.kind === 'break' ||
    s.kind === 'continue' ||
    s.kind === 'goto' ||
    s.kind === 'empty' ||
    s.kind === 'block' ||
    (s.kind === 'return' && s.value?.kind !== 'call');
  for (const y of post) {
    if (before.has(y) || plain(y.stmt)) continue;
    const twins = pre.filter((x) => !after.has(x) && sameHead(x.stmt, y.stmt));
    const rivals = post.filter((z) => !before.has(z) && sameHead(z.stmt, y.stmt));
    const x = twins[0];
    if (!x || twins.length > 1 || rivals.length > 1) continue;
    before.set(y, x);
    after.set(x, y);
  }
}

/** Bare blocks follow what stands in them; the blocks of fragments pair one by one. */
function pairBlocks(
  pre: Tree,
  post: Tree,
  before: ReadonlyMap<Atom, Atom>,
  pair: (x: Atom, y: Atom) => void,
): void {
  post.fragments.forEach((l, i) => {
    const x = pre.fragments[i]?.owner;
    if (l.owner && x) pair(x, l.owner);
  });
  for (const y of [...post.atoms].reverse()) {
    if (y.stmt.kind !== 'block') continue;
    for (const l of y.lists) {
      const x = l.items.map((c) => before.get(c)?.list.owner).find((o) => o?.stmt.kind === 'block');
      if (x) pair(x, y);
    }
  }
}

function keysOf(tree: Tree, table: SourceTable): Map<Atom, string> {
  const keys = new Map<Atom, string>();
  for (const a of tree.atoms) {
    const k = origin(a, table);
    if (k !== undefined) keys.set(a, k);
  }
  return keys;
}

/** Pairs of two images of one function. */
export function pairImages(pre: Tree, post: Tree, table: SourceTable): Pairing {
  const keys = new Map([...keysOf(pre, table), ...keysOf(post, table)]);
  const gaps = new Set([...pre.gaps, ...post.gaps]);
  const before = new Map<Atom, Atom>();
  const after = new Map<Atom, Atom>();
  const aligned = alignAny(pre.atoms.length, post.atoms.length, (i, j) => {
    const x = pre.atoms[i];
    const y = post.atoms[j];
    return x && y ? weigh(x, y, keys, gaps) : 0;
  });
  for (const [i, j] of aligned) {
    const x = pre.atoms[i];
    const y = post.atoms[j];
    if (!x || !y) continue;
    before.set(y, x);
    after.set(x, y);
  }
  const pair = (x: Atom, y: Atom): void => {
    if (before.has(y) || after.has(x)) return;
    before.set(y, x);
    after.set(x, y);
  };
  pairBlocks(pre, post, before, pair);
  const inOrder = new Set(before.keys());
  pairMoves(pre.atoms, post.atoms, before, after);
  const moved = new Set<Atom>();
  for (const [y, x] of before) {
    const a = enclosing(x);
    const b = enclosing(y);
    const sameOwner =
      a.owner === undefined
        ? b.owner === undefined
        : b.owner !== undefined && before.get(b.owner) === a.owner;
    if (!inOrder.has(y) || !sameOwner || a.branch !== b.branch) moved.add(y);
  }
  return { before, after, moved };
}
