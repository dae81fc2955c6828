/** What was tried beyond the budget of a search, in words: each for what it is, none of it a proof. */
import type { BeyondKind, Fallback } from '../search/types.js';

/** Counts with thin blanks as the product's wording has them: `4 821`. */
export function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+(?!\d))/g, ' ');
}

function preemptions(n: number): string {
  return n === 0 ? 'no preemption' : `at most ${n} ${n === 1 ? 'preemption' : 'preemptions'}`;
}

/** The largest number of preemptions whose schedules were all run; -1: not even those without one. */
function finished(f: Fallback & { readonly kind: 'context bound' }): number {
  return f.complete ? f.bound : f.bound - 1;
}

function boundLine(f: Fallback & { readonly kind: 'context bound' }): string {
  const all = finished(f);
  const states = `${grouped(f.states)} states`;
  if (f.found > 0) return `then found among the schedules with ${preemptions(f.bound)} (${states})`;
  if (all < 0) return `then the schedules with no preemption, not all of them (${states}): nothing`;
  return `then every schedule with ${preemptions(all)} (${states}): nothing`;
}

function line(f: Fallback, more: string): string {
  if (f.kind === 'context bound') return `${boundLine(f)}${f.found > 0 ? '' : more}`;
  const run = `${grouped(f.walks)} random ${f.walks === 1 ? 'schedule' : 'schedules'}`;
  const steps = `${grouped(f.steps)} steps, seed ${f.seed}`;
  return f.found > 0
    ? `then found among ${run} (${steps})`
    : `then ${run} (${steps}): nothing${more}`;
}

/** One line for each thing that was tried, in its order. `before`: findings of the search itself. */
export function fallbackLines(
  fallbacks: readonly Fallback[] | undefined,
  before: number,
): readonly string[] {
  return (fallbacks ?? []).map((f) => line(f, before > 0 ? ' more' : ''));
}

/** Behind `stopped at N states`: the part that a reader may rely on, empty when there is none. */
export function reliedOn(fallbacks: readonly Fallback[] | undefined): string {
  for (const f of fallbacks ?? [])
    if (f.kind === 'context bound' && finished(f) >= 0)
      return `; none with ${preemptions(finished(f))}`;
  return '';
}

const FOUND_BY: Readonly<Record<BeyondKind, string>> = {
  'context bound': 'found among schedules with few preemptions',
  'random walk': 'found among random schedules',
};

/** Of a trace that the breadth-first search did not find. */
export function foundByText(by: BeyondKind): string {
  return `${FOUND_BY[by]}: a shorter one may exist`;
}
