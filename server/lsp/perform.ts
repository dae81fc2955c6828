/** A job on the analysis: the results of the façade as what the server and the trace view show. */
import { VIEW_SCHEMA } from '../../shared/protocol.js';
import type { TraceSide, TraceView } from '../../shared/protocol.js';
import type { Trace, Verdict } from '../../shared/trace.js';
import type { Analyzer } from '../analysis/index.js';
import { isModelUri } from '../../shared/sniff.js';
import type { Outcome, RaceResult } from '../analysis/races.js';
import type { ChangeReport, CheckResult } from '../analysis/types.js';
import { traceText } from '../report/trace-text.js';
import type { Budget } from '../search/types.js';
import type { Checked, Job, JobDocument, JobResult, LensVerdict } from './engine.js';

function sideOf(verdict: Verdict, traces: readonly Trace[], columns: number): TraceSide {
  return { verdict, traces, texts: traces.map((t) => traceText(t, columns)) };
}

/** Both sides of a race; `only` leaves the trace of one token on the after side. */
function raceView(uri: string, race: RaceResult, columns: number): TraceView {
  const after = race.keys.filter((k) => k.outcome !== 'fixed' && k.outcome !== 'incomplete');
  return {
    schema: VIEW_SCHEMA,
    uri,
    scenario: race.scenario,
    title: race.title,
    before: sideOf(race.before, race.tracesBefore, columns),
    after: sideOf(
      race.after,
      after.map((k) => k.trace),
      columns,
    ),
  };
}

function plainView(uri: string, trace: Trace, columns: number): TraceView {
  const { scenario, title, verdict } = trace;
  return { schema: VIEW_SCHEMA, uri, scenario, title, after: sideOf(verdict, [trace], columns) };
}

function verdictOf(change: string, race: RaceResult): LensVerdict {
  const { scenario, title, outcome, after } = race;
  return { change, scenario, title, outcome, text: after.text };
}

/** The races that a row may show: one that ends outside of the change only when there is no other. */
function shownRaces({ races }: ChangeReport): readonly RaceResult[] {
  const own = races.filter((r) => !r.apart);
  return own.length > 0 ? own : races;
}

/** Verdicts of races that findings report come first: those are what a row should show. */
function checkedOf(result: CheckResult): Checked {
  const reported = new Set(result.findings.map((f) => f.scenario));
  const all = result.changes.flatMap((c) => shownRaces(c).map((r) => verdictOf(c.label, r)));
  const verdicts = [
    ...all.filter((v) => reported.has(v.scenario)),
    ...all.filter((v) => !reported.has(v.scenario)),
  ];
  const { findings, silence } = result;
  return { kind: 'check', findings, verdicts, ...(silence === undefined ? {} : { silence }) };
}

interface ChangeRace {
  readonly change: string;
  readonly race: RaceResult;
}

function raceOf(
  changes: readonly ChangeReport[],
  scenario: string,
  change: string | undefined,
): ChangeRace | undefined {
  return changes
    .filter((c) => change === undefined || c.label === change)
    .flatMap((c) => c.races.map((race) => ({ change: c.label, race })))
    .find(({ race }) => race.scenario === scenario);
}

function race(analyzer: Analyzer, job: Job & { readonly kind: 'race' }, budget: Budget): JobResult {
  const { uri, text } = job.document;
  const result = analyzer.check(uri, text, budget);
  const found = raceOf(result.changes, job.scenario, job.change);
  if (found)
    return {
      kind: 'view',
      view: raceView(uri, found.race, job.limits.columns),
      verdict: verdictOf(found.change, found.race),
    };
  const why = result.complete
    ? `no change of this document reaches ${job.scenario}`
    : 'stopped before this race was run';
  return { kind: 'refused', why };
}

/** The race of a document that the token is a witness of, when its document has it; else the schedule alone. */
function replay(analyzer: Analyzer, job: Job & { readonly kind: 'replay' }): JobResult {
  const trace = analyzer.replay(job.token, job.document);
  if (typeof trace === 'string') return { kind: 'refused', why: trace };
  return { kind: 'view', view: plainView(uriOf(job.document), trace, job.limits.columns) };
}

function uriOf(document: JobDocument | undefined): string {
  return document?.uri ?? '';
}

function goOn(analyzer: Analyzer, job: Job & { readonly kind: 'continue' }): JobResult {
  const { token, keep, thread } = job.params;
  const trace = analyzer.continueWith({ token, keep, thread }, job.document);
  if (typeof trace === 'string') return { kind: 'refused', why: trace };
  return { kind: 'view', view: plainView(uriOf(job.document), trace, job.limits.columns) };
}

/** A file of Model C: its scenario, run. */
function modelRun(
  analyzer: Analyzer,
  job: Job & { readonly kind: 'check' | 'race' },
  budget: Budget,
): JobResult {
  const { uri } = job.document;
  const result = analyzer.runModel(job.document, budget);
  const ran = typeof result === 'string' ? undefined : result.ran;
  if (!ran) {
    const why = typeof result === 'string' ? result : 'the file has errors';
    return job.kind === 'race'
      ? { kind: 'refused', why }
      : { kind: 'check', findings: [], verdicts: [], silence: why };
  }
  const { verdict, traces, scenario, title } = ran;
  const outcome = outcomeOf(verdict);
  const shown: LensVerdict = { change: '', scenario, title, outcome, text: verdict.text };
  if (job.kind === 'check') return { kind: 'check', findings: [], verdicts: [shown] };
  const after = sideOf(verdict, traces, job.limits.columns);
  const view: TraceView = { schema: VIEW_SCHEMA, uri, scenario, title, after };
  return { kind: 'view', view, verdict: shown };
}

function outcomeOf({ kind }: Verdict): Outcome {
  if (kind === 'found') return 'appears';
  return kind === 'none' ? 'absent' : 'incomplete';
}

export function perform(analyzer: Analyzer, job: Job, budget: Budget): JobResult {
  if ((job.kind === 'check' || job.kind === 'race') && isModelUri(job.document.uri))
    return modelRun(analyzer, job, budget);
  switch (job.kind) {
    case 'check':
      return checkedOf(analyzer.check(job.document.uri, job.document.text, budget));
    case 'race':
      return race(analyzer, job, budget);
    case 'replay':
      return replay(analyzer, job);
    case 'continue':
      return goOn(analyzer, job);
  }
}
