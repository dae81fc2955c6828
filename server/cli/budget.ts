/** Time and state budgets of a run; the time is what this process computes. */
import type { Budget } from '../search/types.js';
import { spent } from './clock.js';

export interface BudgetOptions {
  readonly seconds: string;
  readonly states: string;
  /** End with the first finding. */
  readonly first?: boolean;
}

export const DEFAULT_SECONDS = '60';
export const DEFAULT_STATES = '2000000';

/** Share of the time for the search that can be complete; the rest is for what it does not reach. */
const BREADTH_FIRST = 0.8;

export function budgetOf(options: BudgetOptions): Budget {
  const start = spent();
  const end = start + Number(options.seconds) * 1000;
  const early = start + Number(options.seconds) * 1000 * BREADTH_FIRST;
  return {
    states: Number(options.states),
    expired: () => spent() > end,
    early: () => spent() > early,
    ...(options.first === true ? { first: true } : {}),
  };
}
