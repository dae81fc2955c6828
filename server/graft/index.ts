/**
 * Graft: the change of a patch, applied to the model kernel. In: the model's units, the images of the
 * hunks before and after. Out: units that override the model, and one placement for every changed line.
 * Works on syntax alone; knows no function of any kernel; never guesses: what is not beyond doubt is
 * "not placed" with its reason.
 */
import type { Unit } from '../csource/ast.js';
import type { Switches } from './fold.js';
import type { GraftInput, GraftResult } from './types.js';
import { Attempt } from './attempt.js';
import type { Counts } from './profile.js';
import { countMatches } from './profile.js';
import { viewOf } from './view.js';

export type { GraftInput, GraftResult, Placement } from './types.js';
export type { Switches } from './fold.js';
export { chooseProfile } from './profile.js';
export type { ProfileCandidate, ProfileChoice } from './profile.js';
export { stack } from './stack.js';
export type { StackedPatch } from './stack.js';

/** The change of one file patch on the model. */
export function graft(input: GraftInput): GraftResult {
  const view = viewOf(input.model, input.switches, input.base);
  const refused = new Set<string>();
  for (;;) {
    const attempt = new Attempt(input, view, refused);
    const result = attempt.run();
    // A signature that its own body does not follow is refused, for all its callers too.
    if (attempt.refuse.size === 0) return { ...result, ...countMatches(input, view) };
    for (const name of attempt.refuse) refused.add(name);
  }
}

/** The model as a graft sees it: switches decided. */
export function foldedModel(model: readonly Unit[], switches: Switches): readonly Unit[] {
  return viewOf(model, switches).units;
}

/** How much of the images the model has, without the graft. */
export function matchesOf(input: GraftInput): Counts {
  return countMatches(input, viewOf(input.model, input.switches, input.base));
}

/** The reversed change, for a patch that the model already has. */
export function ungraft(input: GraftInput): GraftResult {
  return graft({ ...input, pre: input.post, post: input.pre, undo: true });
}
