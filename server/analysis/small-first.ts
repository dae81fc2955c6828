/** Runs of one scenario in growing sizes, and what they say together. */
import type { Trace, Verdict } from '../../shared/trace.js';
import type { Budget } from '../search/types.js';
import type { ModelKernel } from './model.js';
import type { RunConfig } from './run.js';
import { runScenario } from './run.js';
import { sizesText, smallerOnes } from './sizes.js';

export interface SizedRun {
  /** `BLOCKS 1, faults 0`; empty for the scenario as it stands. */
  readonly sizes: string;
  readonly verdict: Verdict;
  readonly traces: readonly Trace[];
}

/**
 * The smallest sizes first, the scenario as it stands last; each result comes when its search has
 * ended. A size whose search was stopped is the last smaller one: the next has no fewer states.
 */
export function* runSizes(
  kernel: ModelKernel,
  config: RunConfig,
  budget: Budget,
): Generator<SizedRun, void> {
  const run = (scenario: RunConfig['scenario']): SizedRun => {
    const { verdict, traces } = runScenario(kernel, kernel.table, { ...config, scenario }, budget);
    return { sizes: sizesText(scenario), verdict, traces };
  };
  for (const scenario of smallerOnes(kernel, config.scenario)) {
    const smaller = run(scenario);
    yield smaller;
    if (!smaller.verdict.complete) break;
  }
  yield run(config.scenario);
}

function line({ sizes, verdict }: SizedRun): string {
  return `${sizes === '' ? 'in full size' : `with ${sizes}`}: ${verdict.text}`;
}

/**
 * The result of all runs. The last one decides; where its budget ended it without a finding, a finding
 * in smaller sizes stands, and the lines beyond the budget say what each size has shown.
 */
export function together(runs: readonly SizedRun[]): SizedRun | undefined {
  const full = runs.at(-1);
  const smaller = runs.slice(0, -1);
  if (!full || full.verdict.complete || smaller.length === 0) return full;
  const found = full.traces.length > 0 ? full : (smaller.find((r) => r.traces.length > 0) ?? full);
  const others = runs.filter((r) => r !== found).map(line);
  const beyond = [...(found.verdict.beyond ?? []), ...others];
  const verdict = { ...found.verdict, complete: false, beyond };
  return { ...found, verdict, traces: found.traces.map((t) => ({ ...t, verdict })) };
}
