/**
 * Exploration of a machine. In: Machine, budget. Out: one witness per finding key, verdict, counts.
 * Pure: time comes in through `Budget.expired`, cancellation too.
 */
import type { FindingKey } from '../../shared/trace.js';

/** One scheduling decision: the thread that moves and the choices inside its step. */
export interface Decision {
  readonly thread: number;
  readonly choices: readonly number[];
}

/** Bytes of stored states at which a search stops by itself. */
export const DEFAULT_BYTES = 2 ** 31;

export interface Budget {
  /** Stored states. */
  readonly states: number;
  /** Bytes that stored states may take; `DEFAULT_BYTES` when it is not said. */
  readonly bytes?: number;
  /** Asked about every millisecond of work; true ends the search with what was found so far. */
  readonly expired: () => boolean;
  /** True earlier than that: when the breadth-first search ends, so that other ways have time left. */
  readonly early?: () => boolean;
  /** One finding is enough: the search ends with a shortest witness of the first that it meets. */
  readonly first?: boolean;
}

/** Ways to go on behind the budget of the breadth-first search. */
export type BeyondKind = 'context bound' | 'random walk';

export interface Witness {
  readonly key: FindingKey;
  readonly schedule: readonly Decision[];
  /** Not from the breadth-first search: then nothing says that it is a shortest one. */
  readonly by?: BeyondKind;
}

/** What was tried when the budget had ended the breadth-first search. None of it proves anything. */
export type Fallback =
  | {
      readonly kind: 'context bound';
      /** Preemptions of the last bound that was begun, and whether all its schedules were run. */
      readonly bound: number;
      readonly complete: boolean;
      readonly states: number;
      /** Keys that it found first. */
      readonly found: number;
    }
  | {
      readonly kind: 'random walk';
      readonly seed: number;
      readonly walks: number;
      readonly steps: number;
      readonly found: number;
    };

export interface SearchResult {
  readonly witnesses: readonly Witness[];
  readonly states: number;
  readonly transitions: number;
  readonly complete: boolean;
  /**
   * Every step that any schedule can take was run on the machine, be it in a state that was left out:
   * what the machine did not run by then cannot run in this program (cover.ts and stubborn.ts say why).
   */
  readonly covered?: boolean;
  /** What has stopped a search that is not complete. */
  readonly stopped?: 'states' | 'time' | 'memory';
  /** In the order in which they were tried; only `exploreFurther` (beyond.ts) tries them. */
  readonly fallbacks?: readonly Fallback[];
}

export interface ExploreOptions {
  /** Leave out schedules that cannot show anything new (closed-sets.ts, stubborn.ts); on by default. */
  readonly reduce?: boolean;
  /** Keep witnesses as they were found, without fewer switches; for comparisons. */
  readonly raw?: boolean;
  /** Stored states from which on reduction looks at all that the threads could do; for comparisons. */
  readonly coverAt?: number;
  /** Which inner loop runs; for comparisons. By default the generated one, in searches that are long enough. */
  readonly loop?: 'plain' | 'generated' | undefined;
  /** Run every step on the interpreter; for comparisons. */
  readonly interpret?: boolean;
}
