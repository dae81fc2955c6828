/**
 * Runs one scenario on one linked program: search, then a replayed trace for every finding key.
 */
import type { Unit } from '../csource/ast.js';
import type { SourceTable } from '../csource/source.js';
import { createMachine } from '../machine/index.js';
import type { Machine, State } from '../machine/types.js';
import { explore, makeTrace } from '../search/index.js';
import type { Budget, Witness } from '../search/types.js';
import type { Bounds, Trace, Verdict } from '../../shared/trace.js';
import type { ModelKernel, Profile, Scenario, Switches } from './model.js';

export interface RunConfig {
  readonly scenario: Scenario;
  readonly profile: Profile;
  readonly switches: Switches;
  /** Units of grafted patches, in stacking order; empty for the plain model. */
  readonly patch: readonly Unit[];
  /** What the patch stack is called: `2025-07 + (a)`. */
  readonly base: string;
}

export interface ScenarioRun {
  readonly config: RunConfig;
  readonly machine: Machine;
  readonly witnesses: readonly Witness[];
  readonly traces: readonly Trace[];
  readonly verdict: Verdict;
}

function boundsOf(machine: Machine, scenario: Scenario): Bounds {
  return { threads: machine.threads.length, items: scenario.bounds };
}

function boundText(bounds: Bounds): string {
  return [`${bounds.threads} threads`, ...bounds.items].join(', ');
}

/** Counts with thin blanks as the product's wording has them: `4 821`. */
function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+(?!\d))/g, ' ');
}

function assumptionsOf(machine: Machine): readonly string[] {
  return machine.assumptions;
}

function verdictOf(
  machine: Machine,
  config: RunConfig,
  found: readonly Witness[],
  states: number,
  complete: boolean,
): Verdict {
  const bounds = boundsOf(machine, config.scenario);
  const assumptions = assumptionsOf(machine);
  const counted = `${grouped(states)} states${complete ? ', complete' : ''}`;
  const modelError = found.find((w) => w.key.property === 'model-error');
  const kind = modelError
    ? 'error'
    : found.length > 0
      ? 'found'
      : !complete
        ? 'stopped'
        : assumptions.length > 0
          ? 'incomplete'
          : 'none';
  const texts: Record<Verdict['kind'], string> = {
    found: `race found (${found.map((w) => w.key.property).join(', ')}; ${counted})`,
    none: `none within bounds (${boundText(bounds)}, ${counted})`,
    stopped: `stopped at ${grouped(states)} states`,
    incomplete: `incomplete: none found, but ${assumptions.join('; ')} (${counted})`,
    error: `model error: ${modelError?.key.id ?? ''}`,
  };
  return {
    kind,
    text: texts[kind],
    states,
    complete,
    bounds,
    assumptions,
    profile: config.profile.name,
    base: config.base,
  };
}

/** Ids of the switches that a token has to carry. */
function switchList(s: Switches): readonly string[] {
  return [...[...s.on].sort().map((x) => `+${x}`), ...[...s.off].sort().map((x) => `-${x}`)];
}

export function runScenario(
  kernel: ModelKernel,
  table: SourceTable,
  config: RunConfig,
  budget: Budget,
): ScenarioRun {
  const program = kernel.link(config.profile, config.switches, config.patch, config.scenario);
  const machine = createMachine(program, table, { faults: config.scenario.faults });
  const search = explore(machine, budget);
  const verdict = verdictOf(machine, config, search.witnesses, search.states, search.complete);
  const traces = tracesOf(kernel, table, { config, machine, witnesses: search.witnesses, verdict });
  return { config, machine, witnesses: search.witnesses, traces, verdict };
}

/** Traces of a finished run, at the places where its texts stand now. */
export function tracesOf(
  kernel: ModelKernel,
  table: SourceTable,
  run: Omit<ScenarioRun, 'traces'>,
): readonly Trace[] {
  const { config, machine, verdict } = run;
  const displayed = (src: number): boolean => !kernel.isScenarioSource(src);
  const { id: scenario, title } = config.scenario;
  const switches = switchList(config.switches);
  return run.witnesses.map((w) =>
    makeTrace(machine, table, w, { scenario, title, verdict, switches, displayed }),
  );
}

/** State after a schedule; undefined when a decision cannot be taken. */
export function stateAfter(machine: Machine, witness: Witness): State | undefined {
  let state = machine.initial;
  for (const d of witness.schedule) {
    const { result } = machine.replay(state, d.thread, d.choices);
    if (result.kind !== 'moved') return undefined;
    state = result.state;
  }
  return state;
}
