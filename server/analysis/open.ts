/**
 * Races that a change leaves open for certain: a function that the scenario runs on the bare model has a line
 * without a place, so no run can decide anything. They are not run.
 */
import type { Scenario, ModelKernel } from './model.js';
import type { ChangeStack, RaceResult } from './races.js';
import type { Verdict } from '../../shared/trace.js';

/** Unplaced functions that run for certain; empty when only a run can tell. */
function openIn(kernel: ModelKernel, stack: ChangeStack, scenario: Scenario): readonly string[] {
  const ran =
    stack.before.length === 0 ? kernel.ranAhead.of(scenario.id, stack.profile.name) : undefined;
  return ran ? stack.unplaced.filter((f) => f === '' || ran.has(f)) : [];
}

/** The race as it is told without a run; undefined when it has to be run. */
export function openRace(
  kernel: ModelKernel,
  stack: ChangeStack,
  scenario: Scenario,
): RaceResult | undefined {
  const uncovered = openIn(kernel, stack, scenario);
  if (uncovered.length === 0) return undefined;
  const notRun = (base: string): Verdict => ({
    kind: 'incomplete',
    text: 'not run: changed lines of what runs in it have no place',
    states: 0,
    complete: true,
    bounds: { threads: scenario.threads.length, items: [] },
    profile: stack.profile.name,
    base,
    assumptions: [],
  });
  return {
    scenario: scenario.id,
    title: scenario.title,
    outcome: 'incomplete',
    before: notRun(stack.beforeName),
    after: notRun(stack.afterName),
    keys: [],
    uncovered,
    apart: false,
    tracesBefore: [],
  };
}
