/** Pairs what the two images of one hunk hold at file scope: by name, and functions that were renamed by their lines. */
import type { FunctionDef, TopLevel, Unit } from '../csource/ast.js';
import type { SourceTable } from '../csource/source.js';
import { keyOf } from './items.js';
import { pairImages } from './match-post.js';
import { treeOf } from './tree.js';

export interface ItemPair {
  readonly p?: TopLevel;
  readonly q?: TopLevel;
}

/** More than half of the statements of the shorter body stand on lines that both have. */
function sameBody(p: FunctionDef, q: FunctionDef, table: SourceTable): boolean {
  const [pre, post] = [treeOf(p), treeOf(q)];
  const least = Math.min(pre.atoms.length, post.atoms.length);
  return least > 0 && 2 * pairImages(pre, post, table).before.size > least;
}

function isCut(f: FunctionDef): boolean {
  return f.extent === 'fragment';
}

/** Order: of the post image, then what only the pre image has. */
export function pairItems(pre: Unit, post: Unit, table: SourceTable): readonly ItemPair[] {
  const left = [...pre.items];
  const take = (match: (x: TopLevel) => boolean): TopLevel | undefined => {
    const i = left.findIndex(match);
    return i < 0 ? undefined : left.splice(i, 1)[0];
  };
  const byName = post.items.map((q): ItemPair => {
    const key = keyOf(q);
    const p = key === undefined ? undefined : take((x) => keyOf(x) === key);
    return p ? { p, q } : { q };
  });
  const all = byName.map((pair): ItemPair => {
    const { p, q } = pair;
    if (p || q?.kind !== 'function') return pair;
    const old = take(
      (x) => x.kind === 'function' && isCut(x) === isCut(q) && sameBody(x, q, table),
    );
    return old ? { p: old, q } : pair;
  });
  return [...all, ...left.map((p): ItemPair => ({ p }))];
}
