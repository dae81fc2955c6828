/**
 * Runs one scenario on one linked program: search, then a replayed trace for every finding key.
 */
import type { Unit } from '../csource/ast.js';
import type { Program } from '../csource/ir.js';
import type { Loc, SourceTable } from '../csource/source.js';
import { createMachine } from '../machine/index.js';
import type { Machine, State } from '../machine/types.js';
import { comesToAnEnd, exploreFurther, makeTrace, replay } from '../search/index.js';
import type { Budget, SearchResult, Witness } from '../search/types.js';
import type { Bounds, Trace, Verdict } from '../../shared/trace.js';
import { fallbackLines, foundByText, grouped, reliedOn } from './beyond-text.js';
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
  /** Functions that can run in it, when the search has made sure that no others can. */
  readonly ran?: ReadonlySet<string>;
}

function boundsOf(machine: Machine, scenario: Scenario): Bounds {
  return { threads: machine.threads.length, items: scenario.bounds };
}

function boundText(bounds: Bounds): string {
  return [`${bounds.threads} threads`, ...bounds.items].join(', ');
}

/** Of a program whose tasks go on for ever. */
const NO_END = 'no run came to an end, so nothing was checked there';

/** Why the model cannot tell, with its place: `race.c:3:8: NULL is dereferenced (in punch)`. */
function errorText(machine: Machine, table: SourceTable, { key, schedule }: Witness): string {
  const found = machine.problem ?? replay(machine, schedule).at(-1)?.violation;
  if (found?.property !== key.property) return key.id.replace(/^model-error: /, '');
  const where = found.function === '' ? '' : ` (in ${found.function})`;
  return `${placeText(table, found.loc)}${found.text}${where}`;
}

/**
 * Whether the model cannot tell. NULL is a finding in code that is run as it was written; where a patch was
 * put on the model, it may as well be a pointer that only the model leaves NULL.
 */
function isModelError({ key }: Witness, { patch }: RunConfig): boolean {
  if (key.property === 'model-error') return true;
  return key.property === 'null-dereference' && patch.length > 0;
}

/** `race.c:3:8: `, or nothing for what has no place. */
function placeText(table: SourceTable, loc: Loc): string {
  if (loc.src < 0 || loc.src >= table.size || loc.end === 0) return '';
  const { line, character } = table.docRange(loc);
  return `${table.get(loc.src).name}:${line + 1}:${character + 1}: `;
}

function verdictOf(
  machine: Machine,
  table: SourceTable,
  config: RunConfig,
  result: SearchResult,
): Verdict {
  const { witnesses: found, states, complete, fallbacks } = result;
  const bounds = boundsOf(machine, config.scenario);
  const assumptions = [
    ...machine.assumptions,
    ...(complete && found.length === 0 && !comesToAnEnd(machine) ? [NO_END] : []),
  ];
  const counted = `${grouped(states)} states${complete ? ', complete' : ''}`;
  const modelError = found.find((w) => isModelError(w, config));
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
    stopped: `stopped at ${grouped(states)} states${reliedOn(fallbacks)}`,
    incomplete: `incomplete: none found, but ${assumptions.join('; ')} (${counted})`,
    error: modelError ? `model error: ${errorText(machine, table, modelError)}` : '',
  };
  const beyond = fallbackLines(fallbacks, found.filter((w) => !w.by).length);
  return {
    kind,
    text: texts[kind],
    ...(beyond.length > 0 ? { beyond } : {}),
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
  return runProgram(program, { table, config, budget, scaffolding: kernel });
}

/** Which texts traces do not show. */
type Scaffolding = Pick<ModelKernel, 'isScenarioSource'>;

export interface ProgramRun {
  readonly table: SourceTable;
  readonly config: RunConfig;
  readonly budget: Budget;
  readonly scaffolding: Scaffolding;
  /** Told when a part of the work is done, for whoever has a clock. */
  readonly done?: (part: 'machine' | 'search' | 'traces') => void;
}

/** Findings behind which a run goes on, as they are of the use of locks. */
const OF_LOCKS: ReadonlySet<string> = new Set(['lock-order', 'lock-held', 'unlock', 'atomic-wait']);

/** What comes of a broken rule is told before the rule, which is broken earlier in the run; else the shorter first. */
function consequencesFirst(witnesses: readonly Witness[]): readonly Witness[] {
  const isRule = ({ key }: Witness): number =>
    OF_LOCKS.has(key.property) || (key.property === 'assert' && key.rule !== undefined) ? 1 : 0;
  return [...witnesses].sort((a, b) => isRule(a) - isRule(b));
}

/** Runs a linked program. */
export function runProgram(program: Program, run: ProgramRun): ScenarioRun {
  const { table, config, budget, scaffolding, done } = run;
  const machine = createMachine(program, table, config.scenario);
  done?.('machine');
  const result = exploreFurther(machine, budget);
  const witnesses = consequencesFirst(result.witnesses);
  done?.('search');
  const verdict = verdictOf(machine, table, config, { ...result, witnesses });
  const traces = tracesOf(scaffolding, table, { config, machine, witnesses, verdict });
  done?.('traces');
  const ran = result.covered === true ? { ran: machine.ran } : {};
  return { config, machine, witnesses, traces, verdict, ...ran };
}

/** Traces of a finished run, at the places where its texts stand now. */
export function tracesOf(
  scaffolding: Scaffolding,
  table: SourceTable,
  run: Omit<ScenarioRun, 'traces'>,
): readonly Trace[] {
  const { config, machine, verdict } = run;
  const displayed = (src: number): boolean => !scaffolding.isScenarioSource(src);
  const { id: scenario, title } = config.scenario;
  const switches = [...switchList(config.switches), ...(config.scenario.sizes ?? [])];
  return run.witnesses.map((w) => {
    const trace = makeTrace(machine, table, w, { scenario, title, verdict, switches, displayed });
    return w.by ? { ...trace, foundBy: foundByText(w.by) } : trace;
  });
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
