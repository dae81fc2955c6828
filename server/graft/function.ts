/** Grafts what one hunk does to one function of the model. */
import type { FunctionDef, ParamDecl, Stmt } from '../csource/ast.js';
import type { SourceTable } from '../csource/source.js';
import type { Anchors, Extent } from './match-model.js';
import type { Pairing } from './match-post.js';
import type { Outcome } from './outcome.js';
import type { Atom, Tree } from './tree.js';
import type { World } from './world.js';
import { effectsOf } from './effects.js';
import { sameHead, sameType } from './equal.js';
import { anchor } from './match-model.js';
import { pairImages } from './match-post.js';
import { mergeFunction } from './merge.js';
import { maybeLocal } from './names.js';
import { treeOf } from './tree.js';

export interface FunctionGraft {
  /** Absent when nothing was changed. */
  readonly fn: FunctionDef | undefined;
  readonly pre: Tree;
  readonly post: Tree;
  of(a: Atom): Outcome | undefined;
  /** For lines of the header. */
  readonly header: Outcome;
  /** The last statement of the model that the image shows. */
  readonly last: Stmt | undefined;
}

/** Which ends of the function an image shows. */
export function extentOf(fn: FunctionDef, table: SourceTable): Extent {
  if (fn.extent === 'whole') return { start: true, end: true };
  const { text } = table.get(fn.loc.src);
  const named = fn.nameLoc.src === fn.loc.src && text.slice(fn.nameLoc.start, fn.nameLoc.end) === fn.name;
  const close = text.lastIndexOf('}', Math.max(fn.loc.start, fn.loc.end - 1));
  const end = close >= fn.loc.start && close === fn.loc.end - 1 && (close === 0 || text[close - 1] === '\n');
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
  return a.length === b.length && a.every((p, i) => {
    const q = b[i];
    return q !== undefined && p.name === q.name && sameType(p.type, q.type);
  });
}

interface Signature {
  readonly params: readonly ParamDecl[];
  readonly outcome: Outcome;
}

/** Parameters of the merged function: the patch's where its base has the model's. */
function mergeParams(pre: FunctionDef, post: FunctionDef, model: FunctionDef, shown: boolean): Signature {
  const kept = (why: string): Signature => ({ params: model.params, outcome: { class: 'no-effect', why } });
  if (!shown || sameParams(pre.params, post.params)) return kept('same signature');
  const names = (f: FunctionDef): string => f.params.map((p) => p.name ?? '').join(' ');
  if (names(pre) === names(model)) {
    return { params: post.params, outcome: { class: 'on-model', why: 'changed parameters', at: model.nameLoc } };
  }
  if (names(post) === names(model)) return kept('the model has these parameters');
  return { params: model.params, outcome: { class: 'not-placed', why: 'the model has other parameters', at: model.nameLoc } };
}

function modelWithParams(model: FunctionDef, params: readonly ParamDecl[]): FunctionDef {
  return params === model.params ? model : { ...model, params };
}

/** Simple statements keep their identity in a merged function. */
function lastShown(anchors: Anchors): Stmt | undefined {
  let last: Atom | undefined;
  for (const r of anchors.model.values()) if (r.lists.length === 0 && (!last || r.id > last.id)) last = r;
  return last?.stmt;
}

/** The merge of `pre` → `post` into the model's function of that name. */
export function graftFunction(pre: FunctionDef, post: FunctionDef, model: FunctionDef, world: World, table: SourceTable, floor: Stmt | undefined): FunctionGraft {
  const extent: Extent = { ...extentOf(pre, table), ...(floor ? { floor } : {}) };
  const signature = mergeParams(pre, post, model, extent.start && extentOf(post, table).start);
  const trees = { pre: treeOf(pre), post: treeOf(post), model: treeOf(modelWithParams(model, signature.params)) };
  const anchors = anchor(trees.pre, trees.model, extent, world);
  const pairing = detach(pairImages(trees.pre, trees.post, table), anchors);
  const isLocal = maybeLocal(pre, world);
  const unmodelled = (x: Atom): boolean => {
    if (x.stmt.kind === 'block' || x.stmt.kind === 'label' || anchors.model.has(x)) return false;
    const e = effectsOf(x.stmt, isLocal, world);
    return e.call || e.jump || e.write;
  };
  const where = (a: Atom): string => `line ${table.docRange(a.stmt.loc).line + 1}`;
  const merged = mergeFunction({ ...trees, pairing, anchors, extent, unmodelled }, world, where);
  const changed = merged.changed || signature.params !== model.params;
  return {
    fn: changed ? merged.fn : undefined,
    pre: trees.pre,
    post: trees.post,
    of: (a) => merged.outcomes.get(a),
    header: signature.outcome,
    last: lastShown(anchors),
  };
}
