/**
 * Before and after: the scenarios that a change reaches, run on its base and on base + change,
 * compared by finding key.
 */
import type { Unit } from '../csource/ast.js';
import type { SourceTable } from '../csource/source.js';
import type { Budget } from '../search/types.js';
import type { DocRange, FindingKey, Trace, Verdict } from '../../shared/trace.js';
import { isApart } from './apart.js';
import type { ModelKernel, Profile, Scenario } from './model.js';
import { NO_SWITCHES } from './model.js';
import { isKnownUntouched, isUntouched, mayRun, reachable } from './ran.js';
import type { ScenarioRun } from './run.js';
import { runScenario, tracesOf } from './run.js';

export type Outcome =
  'appears' | 'fixed' | 'still there' | 'absent' | 'not known to be new' | 'incomplete';

export interface KeyOutcome {
  readonly key: FindingKey;
  readonly outcome: Outcome;
  /** Witness in the run that has the key: after, or before for `fixed`. */
  readonly trace: Trace;
}

export interface RaceResult {
  readonly scenario: string;
  readonly title: string;
  readonly outcome: Outcome;
  readonly before: Verdict;
  readonly after: Verdict;
  readonly keys: readonly KeyOutcome[];
  /** Functions of it with changed lines that were not placed: why it is incomplete. */
  readonly uncovered: readonly string[];
  /** Still there, and not where the change is: no schedule, before or after, ends in a touched function. */
  readonly apart: boolean;
  /** All traces of the run before the change, for the view's toggle. */
  readonly tracesBefore: readonly Trace[];
}

/** Model units before and after a change, with names for the report. */
export interface ChangeStack {
  readonly profile: Profile;
  readonly before: readonly Unit[];
  readonly after: readonly Unit[];
  /** `2025-07 + (a)`. */
  readonly beforeName: string;
  readonly afterName: string;
  /** Hash of the content of each stack, for the cache of runs. */
  readonly beforeId: string;
  readonly afterId: string;
  readonly touched: readonly string[];
  /** Functions with changed lines that were not placed; empty name: not known which. */
  readonly unplaced: readonly string[];
}

/** Runs by content, so that a stack shared by two changes runs once. */
export class RunCache {
  readonly #runs = new Map<string, { run: ScenarioRun; version: number }>();
  /** Work counter for tests. */
  executed = 0;

  constructor(
    readonly kernel: ModelKernel,
    readonly capacity = 256,
  ) {}

  run(
    table: SourceTable,
    scenario: Scenario,
    stack: ChangeStack,
    side: 'before' | 'after',
    budget: Budget,
  ): ScenarioRun {
    const id = side === 'before' ? stack.beforeId : stack.afterId;
    const key = `${scenario.id}\u0000${stack.profile.name}\u0000${id}`;
    const known = this.#runs.get(key);
    if (known && known.version === table.version) return known.run;
    if (known) {
      // the texts moved: same schedules, other places
      const run = { ...known.run, traces: tracesOf(this.kernel, table, known.run) };
      this.#runs.set(key, { run, version: table.version });
      return run;
    }
    this.executed++;
    const run = runScenario(
      this.kernel,
      table,
      {
        scenario,
        profile: stack.profile,
        switches: NO_SWITCHES,
        patch: side === 'before' ? stack.before : stack.after,
        base: side === 'before' ? stack.beforeName : stack.afterName,
      },
      budget,
    );
    if (run.verdict.complete) {
      const oldest = this.#runs.keys().next().value;
      if (this.#runs.size >= this.capacity && oldest !== undefined) this.#runs.delete(oldest);
      this.#runs.set(key, { run, version: table.version });
    }
    return run;
  }
}

function worst(
  keys: readonly KeyOutcome[],
  before: Verdict,
  after: Verdict,
  covered: boolean,
): Outcome {
  const order: readonly Outcome[] = [
    'appears',
    'not known to be new',
    'incomplete',
    'still there',
    'fixed',
  ];
  for (const o of order) if (keys.some((k) => k.outcome === o)) return o;
  return covered && before.complete && after.kind === 'none' ? 'absent' : 'incomplete';
}

/** What is claimed not to hold: the same whichever function breaks it. */
function claimOf({ id, property }: FindingKey): string {
  return property === 'invariant' ? id.replace(/: \w+$/, '') : id;
}

/** States behind such a finding were not looked at: it may hide others. A deadlock or end hides nothing. */
function hides({ property }: FindingKey): boolean {
  return property !== 'deadlock' && property !== 'final';
}

/** What the run before says of a finding of the run after. */
function outcomeAfter(key: FindingKey, before: ScenarioRun, covered: boolean): Outcome {
  if (!covered) return 'incomplete';
  const keys = before.traces.map((t) => t.key);
  if (keys.some((k) => claimOf(k) === claimOf(key))) return 'still there';
  return before.verdict.complete && !keys.some(hides) ? 'appears' : 'not known to be new';
}

/** `uncovered`: functions in which something that could touch the scenario is not on the model. */
function compareRuns(
  before: ScenarioRun,
  after: ScenarioRun,
  uncovered: readonly string[],
  isApart: (traces: readonly Trace[]) => boolean,
): RaceResult {
  // a run that the model could not finish decides nothing
  const ran = before.verdict.kind !== 'error' && after.verdict.kind !== 'error';
  const covered = ran && uncovered.length === 0;
  const keys: KeyOutcome[] = after.traces.map((trace) => ({
    key: trace.key,
    trace,
    outcome: outcomeAfter(trace.key, before, covered),
  }));
  const now = new Set(after.traces.map((t) => claimOf(t.key)));
  const hidden = keys.some((k) => k.outcome !== 'still there' && hides(k.key));
  for (const trace of before.traces) {
    if (now.has(claimOf(trace.key))) continue;
    const sure =
      after.verdict.complete && after.verdict.kind !== 'incomplete' && covered && !hidden;
    keys.push({ key: trace.key, trace, outcome: sure ? 'fixed' : 'incomplete' });
  }
  const { scenario } = after.config;
  const outcome = worst(keys, before.verdict, after.verdict, covered);
  return {
    scenario: scenario.id,
    title: scenario.title,
    outcome,
    before: before.verdict,
    after: after.verdict,
    keys,
    uncovered,
    apart: outcome === 'still there' && isApart([...before.traces, ...after.traces]),
    tracesBefore: before.traces,
  };
}

function reachOf(
  kernel: ModelKernel,
  stack: Pick<ChangeStack, 'profile' | 'before' | 'after'>,
  scenario: Scenario,
  side: 'before' | 'after',
): ReadonlySet<string> {
  const units = stack[side];
  return kernel.reaches.of(stack.profile, units, scenario, () =>
    reachable(kernel.link(stack.profile, NO_SWITCHES, units, scenario)),
  );
}

type Reached = Pick<ChangeStack, 'profile' | 'before' | 'after' | 'touched' | 'unplaced'>;

function reaches(kernel: ModelKernel, stack: Reached, s: Scenario): boolean {
  if (isKnownUntouched(kernel, stack, s)) return false;
  return (['after', 'before'] as const).some((side) => {
    const reach = reachOf(kernel, stack, s, side);
    return stack.touched.some((t) => reach.has(t));
  });
}

/** Scenarios whose threads reach a touched function, before or after the change. */
export function scenariosReaching(kernel: ModelKernel, stack: Reached): readonly Scenario[] {
  return kernel.scenarios.filter((s) => reaches(kernel, stack, s));
}

/** Those that can run the fewest functions first: their answers come soonest. */
export function smallFirst(
  kernel: ModelKernel,
  stack: ChangeStack,
  scenarios: readonly Scenario[],
): readonly Scenario[] {
  const size = new Map(scenarios.map((s) => [s, reachOf(kernel, stack, s, 'after').size]));
  return [...scenarios].sort((a, b) => (size.get(a) ?? 0) - (size.get(b) ?? 0));
}

/** The first of them, found without looking at the others. */
export function firstReaching(kernel: ModelKernel, stack: Reached): Scenario | undefined {
  return kernel.scenarios.find((s) => reaches(kernel, stack, s));
}

/** The scenario before and after the change; undefined when nothing that the change touches runs in it. */
export function raceOf(
  kernel: ModelKernel,
  cache: RunCache,
  table: SourceTable,
  stack: ChangeStack,
  scenario: Scenario,
  budget: Budget,
  isOwn: (at: DocRange) => boolean,
): { readonly after: ScenarioRun; readonly result: RaceResult } | undefined {
  const before = cache.run(table, scenario, stack, 'before', budget);
  if (isUntouched(before, stack)) return undefined;
  const after = cache.run(table, scenario, stack, 'after', budget);
  const uncovered = uncoveredIn(kernel, stack, before, after);
  const apart = (traces: readonly Trace[]): boolean => isApart(traces, stack.touched, isOwn);
  return { after, result: compareRuns(before, after, uncovered, apart) };
}

/** Functions that the scenario may run and in which a changed line was not placed. */
function uncoveredIn(
  kernel: ModelKernel,
  stack: ChangeStack,
  before: ScenarioRun,
  after: ScenarioRun,
): readonly string[] {
  const { unplaced } = stack;
  if (unplaced.length === 0) return [];
  const may = (
    [
      [before, 'before'],
      [after, 'after'],
    ] as const
  ).map(([run, side]) => {
    const reach = reachOf(kernel, stack, run.config.scenario, side);
    return mayRun(run) ?? ((f: string): boolean => reach.has(f));
  });
  return unplaced.filter((f) => f === '' || may.some((runs) => runs(f)));
}
