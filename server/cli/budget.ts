/** Time and state budgets of a run, from the clock of this process. */
import type { Budget } from '../search/types.js';

export interface BudgetOptions {
  readonly seconds: string;
  readonly states: string;
}

export const DEFAULT_SECONDS = '20';
export const DEFAULT_STATES = '2000000';

export function budgetOf(options: BudgetOptions): Budget {
  const end = performance.now() + Number(options.seconds) * 1000;
  return { states: Number(options.states), expired: () => performance.now() > end };
}
