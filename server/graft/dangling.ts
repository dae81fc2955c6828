/**
 * A fragment may begin below a head without braces that it does not show:
 *
 *                         drain(b);      the body of a hidden `if`
 *                 wait_idle(b);          the list that the hidden `if` stands in
 *
 * The parser sees two neighbours; only the indentation tells. It is read for this alone.
 */
import type { SourceTable } from '../csource/source.js';
import type { Extent } from './match-model.js';
import type { Pairing } from './match-post.js';
import type { Atom, Tree } from './tree.js';
import { isCut } from './likeness.js';

const TAB = 8;

/** Width of the blanks before an offset's line, tabs at eight columns. */
function indentation(src: number, offset: number, table: SourceTable): number {
  const { text } = table.get(src);
  let width = 0;
  for (let i = text.lastIndexOf('\n', offset - 1) + 1; i < offset; i++) {
    if (text[i] === '\t') width += TAB - (width % TAB);
    else if (text[i] === ' ') width++;
    else break;
  }
  return width;
}

/** How many hidden heads stand between the statement and the list in which it was read. */
function hiddenHeads(first: Atom, table: SourceTable): number {
  const { loc } = first.stmt;
  const own = indentation(loc.src, loc.start, table);
  // Labels stand at the left edge whatever they are in.
  const next = first.list.items
    .slice(first.index + 1)
    .find((a) => a.stmt.kind !== 'label' && a.stmt.kind !== 'empty');
  if (next) return Math.ceil((own - indentation(loc.src, next.stmt.loc.start, table)) / TAB);
  const around = first.list.owner?.stmt.loc;
  if (!around || table.get(loc.src).text[around.end - 1] !== '}') return 0;
  return Math.ceil((own - indentation(loc.src, around.end, table)) / TAB) - 1;
}

function firstOf(list: Tree['root']): Atom | undefined {
  let first = list.items[0];
  while (first && (first.stmt.kind === 'block' || isCut(first.stmt)))
    first = first.lists[0]?.items[0];
  return first;
}

/** First statements of fragments of the pre image that stand deeper than the list in which they were read. */
export function danglingOf(
  pre: Tree,
  post: Tree,
  pairing: Pairing,
  extent: Extent,
  table: SourceTable,
): ReadonlyMap<Atom, number> {
  const found = new Map<Atom, number>();
  for (const tree of [pre, post]) {
    tree.fragments.forEach((list, i) => {
      const first = i === 0 && extent.start ? undefined : firstOf(list);
      const x = first && tree === post ? pairing.before.get(first) : first;
      const heads = first ? hiddenHeads(first, table) : 0;
      if (x && heads > 0) found.set(x, heads);
    });
  }
  return found;
}
