/**
 * Summaries as far as they hold for code that they were not made from: of a function that the model
 * only outlines, and of a call through a pointer.
 */
import { pathText } from './paths.js';
import type { Summary, TokenEffect, Variant } from './summary.js';
import { hasEffect, NO_EFFECT } from './summary.js';

const outlines = new WeakMap<Summary, Summary>();

/**
 * A function of the model leaves out ways to fail. Where its results are all of one kind, callers
 * may see the other kind too, and then nothing was taken.
 *
 * Soundness: ways to return are added, none is lost.
 */
export function outlined(summary: Summary): Summary {
  const known = outlines.get(summary);
  if (known) return known;
  const made = withFailure(summary);
  outlines.set(summary, made);
  return made;
}

function withFailure(summary: Summary): Summary {
  const [first] = summary.variants;
  if (!first || first.result === 'any' || summary.variants.some((v) => v.result !== first.result))
    return summary;
  const any = summary.variants.map((v): Variant => ({ ...v, result: 'any' }));
  // what a call returns locked is not held where the caller finds that it returned nothing
  if (summary.variants.every((v) => v.acquires.every((a) => a.returned))) return { variants: any };
  const failed: Variant = {
    result: first.result === 'zero' ? 'negative' : 'zero',
    acquires: [],
    releases: first.releases,
  };
  return { variants: [...summary.variants, failed] };
}

const commons = new WeakMap<Summary, WeakMap<Summary, Summary>>();

/**
 * What all functions do that a pointer may stand for. They serve one contract, that of the table that
 * they stand in; what only some of them do to a caller's locks is not part of it.
 */
export function inCommon(summaries: readonly Summary[]): Summary | undefined {
  const [first, ...others] = summaries;
  return first && others.reduce(common, first);
}

function common(a: Summary, b: Summary): Summary {
  if (a === b) return a;
  const known = commons.get(a)?.get(b);
  if (known) return known;
  const made = hasEffect(a) && hasEffect(b) ? shared([...a.variants, ...b.variants]) : NO_EFFECT;
  const of = commons.get(a) ?? new WeakMap<Summary, Summary>();
  commons.set(a, of);
  of.set(b, made);
  return made;
}

function shared(variants: readonly Variant[]): Summary {
  const inAll = (of: (v: Variant) => readonly TokenEffect[]): readonly TokenEffect[] =>
    (variants[0] ? of(variants[0]) : []).filter((e) =>
      variants.every((v) => of(v).some((o) => o.certain && sameToken(o, e))),
    );
  const acquires = inAll((v) => v.acquires);
  const releases = inAll((v) => v.releases);
  return acquires.length + releases.length === 0
    ? NO_EFFECT
    : { variants: [{ result: 'any', acquires, releases }] };
}

function sameToken(a: TokenEffect, b: TokenEffect): boolean {
  return (
    a.class === b.class &&
    a.shared === b.shared &&
    (a.path && pathText(a.path)) === (b.path && pathText(b.path))
  );
}
