/** A scenario as it stands and with each of its fixes: one row a run. */
import type { Trace, Verdict } from '../../shared/trace.js';
import type { Budget } from '../search/types.js';
import type { ModelKernel, Scenario } from './model.js';
import type { RunConfig } from './run.js';
import { runScenario } from './run.js';

/** `id` is empty for the scenario as it stands. */
export interface Variant {
  readonly id: string;
  readonly text: string;
}

export interface VariantRun {
  readonly scenario: Scenario;
  readonly variant: Variant;
  readonly verdict: Verdict;
  /** A shortest witness of each finding. */
  readonly traces: readonly Trace[];
}

/** The scenario as it stands first, then its fixes in the order of its C. */
export function variantsOf(scenario: Scenario): readonly Variant[] {
  return [{ id: '', text: 'as it stands' }, ...scenario.fixes];
}

/** Runs one variant on a configuration that has its switch on. */
export function runVariant(
  kernel: ModelKernel,
  config: RunConfig,
  variant: Variant,
  budget: Budget,
): VariantRun {
  const { verdict, traces } = runScenario(kernel, kernel.table, config, budget);
  return { scenario: config.scenario, variant, verdict, traces };
}

/** What the run found, in a word or two: `deadlock`, `none`, `stopped`. */
export function outcomeWord({ verdict, traces }: VariantRun): string {
  if (verdict.kind !== 'found') return verdict.kind;
  return [...new Set(traces.map((t) => t.key.property))].join(', ');
}
