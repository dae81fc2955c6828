/** What became of one changed statement. */
import type { Loc } from '../csource/source.js';
import type { Atom } from './tree.js';

export interface Outcome {
  readonly class: 'on-model' | 'no-effect' | 'not-placed';
  readonly why: string;
  /** Place in the model. */
  readonly at?: Loc;
}

/** Not placed is told before anything else, no effect only when there is nothing else to tell. */
const RANK = { 'not-placed': 2, 'on-model': 1, 'no-effect': 0 } as const;

export function worse(a: Outcome | undefined, b: Outcome): Outcome {
  return a && RANK[a.class] >= RANK[b.class] ? a : b;
}

/** Outcomes by statement; the worst one told about a statement stays. */
export class Outcomes {
  readonly #of = new Map<Atom, Outcome>();

  tell(a: Atom, outcome: Outcome): void {
    this.#of.set(a, worse(this.#of.get(a), outcome));
  }

  get(a: Atom): Outcome | undefined {
    return this.#of.get(a);
  }

  /** Overrides what was told before: used when a statement turns out to be without effect. */
  set(a: Atom, outcome: Outcome): void {
    this.#of.set(a, outcome);
  }
}
