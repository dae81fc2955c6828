/** Grafts what the hunks of a file patch do to one function of the model. */
import type { FunctionDef, ParamDecl, Stmt } from '../csource/ast.js';
import type { Loc, SourceTable } from '../csource/source.js';
import type { Anchors, Extent } from './match-model.js';
import type { Pairing } from './match-post.js';
import type { Outcome } from './outcome.js';
import type { Atom, Tree } from './tree.js';
import type { World } from './world.js';
import { adaptCalls } from './arguments.js';
import { withoutNever } from './never.js';
import { calleeName, effectsOf, isLocalWork } from './effects.js';
import { sameHead, sameType } from './equal.js';
import { Memo, worldKey } from './kept.js';
import { isCut } from './likeness.js';
import { anchor } from './match-model.js';
import { pairImages } from './match-post.js';
import { mergeFunction } from './merge.js';
import { danglingOf } from './dangling.js';
import { maybeLocal } from './names.js';
import { below, branch, enclosing, treeOf } from './tree.js';
import { inStmt } from './walk.js';

export interface FunctionGraft {
  /** Absent when nothing was changed. */
  readonly fn: FunctionDef | undefined;
  readonly pre: Tree;
  readonly post: Tree;
  /** As it is written, where `post` is in a form for comparing. */
  readonly written?: Tree;
  of(a: Atom): Outcome | undefined;
  /** Text of the images that the model never comes to. */
  readonly dropped: readonly Loc[];
  /** Some reason names a line of the document, which may move. */
  readonly namesLine: boolean;
}

/** Which ends of the function an image shows. */
export function extentOf(fn: FunctionDef, table: SourceTable): Extent {
  if (fn.extent === 'whole') return { start: true, end: true };
  const { text } = table.get(fn.loc.src);
  const named =
    fn.nameLoc.src === fn.loc.src && text.slice(fn.nameLoc.start, fn.nameLoc.end) === fn.name;
  const close = text.lastIndexOf('}', Math.max(fn.loc.start, fn.loc.end - 1));
  const end =
    close >= fn.loc.start && close === fn.loc.end - 1 && (close === 0 || text[close - 1] === '\n');
  return { start: named && fn.nameLoc.start >= fn.loc.start && fn.nameLoc.end <= fn.loc.end, end };
}

/** A simple statement that changed and that the model does not have is one that goes and one that comes. */
function detach(pairing: Pairing, anchors: Anchors): Pairing {
  const before = new Map(pairing.before);
  const after = new Map(pairing.after);
  const moved = new Set(pairing.moved);
  for (const [y, x] of pairing.before) {
    if (y.lists.length > 0 || anchors.model.has(x) || sameHead(x.stmt, y.stmt)) continue;
    before.delete(y);
    after.delete(x);
    moved.delete(y);
  }
  return { before, after, moved };
}

function sameParams(a: readonly ParamDecl[], b: readonly ParamDecl[]): boolean {
  return (
    a.length === b.length &&
    a.every((p, i) => {
      const q = b[i];
      return q !== undefined && p.name === q.name && sameType(p.type, q.type);
    })
  );
}

/** What the hunks of one file patch show of one function, in order. */
export interface Images {
  readonly pre: readonly FunctionDef[];
  readonly post: readonly FunctionDef[];
}

/** The patch changes the parameters or the result, and shows that in whole. */
export function changesSignature({ pre, post }: Images, table: SourceTable): boolean {
  const [p] = pre;
  const [q] = post;
  if (!p || !q || !extentOf(p, table).start || !extentOf(q, table).start) return false;
  return !sameParams(p.params, q.params) || !sameType(p.result, q.result);
}

export type Signature = Pick<FunctionDef, 'params' | 'result'>;

function parameterNames(f: Signature): string {
  return f.params.map((p) => p.name ?? '').join(' ');
}

/** The patch's signature where its base has the model's; undefined where the model's is another. */
export function mergeSignature({ pre, post }: Images, model: FunctionDef): Signature | undefined {
  const [p] = pre;
  const [q] = post;
  if (!p || !q) return undefined;
  if (parameterNames(q) === parameterNames(model)) return model;
  return parameterNames(p) === parameterNames(model)
    ? { params: q.params, result: q.result }
    : undefined;
}

function extentOfAll(images: readonly FunctionDef[], table: SourceTable): Extent {
  const first = images[0];
  const last = images.at(-1);
  return {
    start: first !== undefined && extentOf(first, table).start,
    end: last !== undefined && extentOf(last, table).end,
  };
}

function treeOfAll(images: readonly FunctionDef[]): Tree {
  const [first, ...more] = images;
  if (!first) throw new RangeError('no image of the function');
  return treeOf(first, ...more);
}

const known = new Memo<FunctionGraft>();

/** What the model's functions take, before the patch and after. */
export interface Worlds {
  readonly before: World;
  readonly after: World;
}

/** The merge of what the hunks show of a function into the model's, whose signature is decided. */
export function graftFunction(
  images: Images,
  model: FunctionDef,
  { before, after }: Worlds,
  table: SourceTable,
): FunctionGraft {
  const worlds = [worldKey(before), worldKey(after)];
  const parts = [table, ...worlds, ...images.pre, table, ...images.post];
  const adapted = (): Images => ({
    pre: images.pre.map((f) => adaptCalls(f, before)),
    post: images.post.map((f) => adaptCalls(f, after)),
  });
  return known.take(
    model,
    parts,
    () => mergeImages(adapted(), model, after, table),
    (g) => !g.namesLine,
  );
}

function leaves(s: Stmt | undefined): boolean {
  return s?.kind === 'return' || s?.kind === 'goto';
}

/** Ends a branch that the model has and leaves in the same place, in another form. */
function leavesAlike(x: Atom, anchors: Anchors): boolean {
  const { owner, branch: which } = enclosing(x);
  const r = owner && anchors.model.get(owner);
  return (
    leaves(x.stmt) &&
    x.index === x.list.items.length - 1 &&
    r !== undefined &&
    leaves(branch(r, which)?.items.at(-1)?.stmt)
  );
}

interface Pruned {
  readonly images: Images;
  readonly dropped: readonly Loc[];
}

/** Without branches that the model never enters, unless its own function has the test. */
function prune({ pre, post }: Images, model: FunctionDef, world: World): Pruned {
  const own = new Set<string>();
  for (const e of inStmt(model.body)) if (e.kind === 'call') own.add(calleeName(e));
  const dropped: Loc[] = [];
  const all = (fns: readonly FunctionDef[]): readonly FunctionDef[] =>
    fns.map((fn) => {
      const folded = withoutNever(fn, own, world);
      dropped.push(...folded.dropped);
      return folded.fn;
    });
  return { images: { pre: all(pre), post: all(post) }, dropped };
}

function mergeImages(
  whole: Images,
  model: FunctionDef,
  world: World,
  table: SourceTable,
): FunctionGraft {
  const { images, dropped } = prune(whole, model, world);
  const trees = { pre: treeOfAll(images.pre), post: treeOfAll(images.post), model: treeOf(model) };
  const extent = extentOfAll(images.pre, table);
  const anchors = anchor(trees.pre, trees.model, extent, world);
  const pairing = detach(pairImages(trees.pre, trees.post, table), anchors);
  const isLocal = maybeLocal(trees.pre.fn, world);
  const unmodelled = (x: Atom): boolean => {
    if (x.stmt.kind === 'block' || x.stmt.kind === 'label' || anchors.model.has(x)) return false;
    if (leavesAlike(x, anchors)) return false;
    // Its head is not shown, like all that lies between hunks.
    if (isCut(x.stmt)) return false;
    const e = effectsOf(x.stmt, isLocal, world);
    return e.call || e.jump || e.write;
  };
  const onlyLeaves = (x: Atom): boolean => {
    const e = effectsOf(x.stmt, isLocal, world);
    return e.jump && !e.call && !e.write && leaves(x.stmt) && x.list.owner !== undefined;
  };
  let namesLine = false;
  const where = (a: Atom): string => {
    namesLine = true;
    return `line ${table.docRange(a.stmt.loc).line + 1}`;
  };
  const closes = (a: Atom): boolean => table.get(a.stmt.loc.src).text[a.stmt.loc.end - 1] === '}';
  const dangling = danglingOf(trees.pre, trees.post, pairing, extent, table);
  const merged = mergeFunction(
    { ...trees, pairing, anchors, extent, unmodelled, onlyLeaves, dangling, closes },
    world,
    where,
  );
  return {
    fn: merged.changed ? merged.fn : undefined,
    pre: trees.pre,
    post: trees.post,
    of: (a) => merged.outcomes.get(a),
    dropped,
    namesLine,
  };
}

/** The account of a function that the model does not have: only what computes for itself is without effect. */
export function absentFunction(
  images: Images,
  world: World,
  table: SourceTable,
  reason?: string,
): FunctionGraft {
  const pre = treeOfAll(images.pre);
  const post = treeOfAll(images.post);
  const pairing = pairImages(pre, post, table);
  const isLocal = maybeLocal(post.fn, world);
  const why = reason ?? `${post.fn.name || 'the function'}() is not in the model`;
  const of = (a: Atom): Outcome | undefined => {
    const twin = pairing.after.get(a) ?? pairing.before.get(a);
    if (twin && !pairing.moved.has(a) && !pairing.moved.has(twin) && sameHead(a.stmt, twin.stmt))
      return undefined;
    const quiet = [...below(a)].every((c) => isLocalWork(c.stmt, isLocal, world));
    return quiet
      ? { class: 'no-effect', why: 'computes only for itself' }
      : { class: 'not-placed', why };
  };
  return { fn: undefined, pre, post, of, dropped: [], namesLine: false };
}
