/** Which version of the model a patch was written for: the one that has most lines of its pre images. */
import type { Unit } from '../csource/ast.js';
import type { SourceTable } from '../csource/source.js';
import type { GraftInput, GraftResult } from './types.js';
import type { Switches } from './fold.js';
import type { View } from './view.js';
import { adaptCalls } from './arguments.js';
import { extentOf } from './function.js';
import { Memo, worldKey } from './kept.js';
import { linesOf, touches } from './lines.js';
import { anchor } from './match-model.js';
import { treeOf } from './tree.js';
import { viewOf } from './view.js';

export type Counts = Pick<GraftResult, 'preLines' | 'matchedPre' | 'postLines' | 'matchedPost'>;

const counted = new Memo<readonly [number, number]>();

/** Lines of an image with code, and those on which a statement stands that the model has as it is. */
function countImage(image: Unit, view: View, table: SourceTable): readonly [number, number] {
  const models = image.items.map((i) =>
    i.kind === 'function' ? view.world.functions.get(i.name) : undefined,
  );
  return counted.take(image, [table, worldKey(view.world), ...models], () =>
    countLines(image, view, table),
  );
}

function countLines(image: Unit, view: View, table: SourceTable): readonly [number, number] {
  const lines = linesOf(image.src, table).filter((l) => !/^[{}\s;]*$/.test(l.code));
  const matched = new Set<number>();
  for (const item of image.items) {
    const model = item.kind === 'function' ? view.world.functions.get(item.name) : undefined;
    if (item.kind !== 'function' || !model) continue;
    const anchors = anchor(
      treeOf(adaptCalls(item, view.world)),
      treeOf(model),
      extentOf(item, table),
      view.world,
    );
    for (const a of anchors.exact) {
      const { head } = a;
      if (head)
        lines.forEach((l, i) => {
          if (touches(l, head, table)) matched.add(i);
        });
    }
  }
  return [lines.length, matched.size];
}

function countAll(
  images: readonly Unit[],
  view: View,
  table: SourceTable,
): readonly [number, number] {
  let total = 0;
  let matched = 0;
  for (const image of images) {
    const [n, m] = countImage(image, view, table);
    total += n;
    matched += m;
  }
  return [total, matched];
}

/** How much of both images the model has. */
export function countMatches(
  input: Pick<GraftInput, 'pre' | 'post' | 'table'>,
  view: View,
): Counts {
  const [preLines, matchedPre] = countAll(input.pre, view, input.table);
  const [postLines, matchedPost] = countAll(input.post, view, input.table);
  return { preLines, matchedPre, postLines, matchedPost };
}

export interface ProfileCandidate {
  readonly name: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly switches: Switches;
}

export interface ProfileChoice {
  readonly name: string;
  /** `before`: the model is the base of the patch. `after`: the model has the patch already. `unknown`: it has neither. */
  readonly state: 'before' | 'after' | 'unknown';
  readonly counts: Counts;
}

/** A version newer than the mail comes after all others; else the newest comes first. */
function better(
  a: { readonly c: ProfileCandidate; readonly n: number },
  b: { readonly c: ProfileCandidate; readonly n: number },
  mail: string,
): boolean {
  if (a.n !== b.n) return a.n > b.n;
  const late = (c: ProfileCandidate): boolean => c.date > mail;
  if (late(a.c) !== late(b.c)) return !late(a.c);
  return late(a.c) ? a.c.date < b.c.date : a.c.date > b.c.date;
}

/**
 * The profile whose model has most of the pre images; equal ones by the mail's date (`YYYY-MM-DD`).
 * Undefined only without candidates.
 */
export function chooseProfile(
  candidates: readonly ProfileCandidate[],
  model: readonly Unit[],
  patch: Pick<GraftInput, 'pre' | 'post' | 'table'>,
  mailDate: string,
): ProfileChoice | undefined {
  let best:
    { readonly c: ProfileCandidate; readonly n: number; readonly counts: Counts } | undefined;
  for (const c of candidates) {
    const counts = countMatches(patch, viewOf(model, c.switches));
    const next = { c, n: counts.matchedPre, counts };
    if (!best || better(next, best, mailDate)) best = next;
  }
  if (!best) return undefined;
  const { matchedPre, matchedPost } = best.counts;
  const state =
    matchedPre === 0 && matchedPost === 0
      ? 'unknown'
      : matchedPost > matchedPre
        ? 'after'
        : 'before';
  return { name: best.c.name, state, counts: best.counts };
}
