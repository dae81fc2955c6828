/** The whole check of a document: static part, races of every patch, findings once each. */
import type { Suspect } from '../context/suspects.js';
import type { Rule } from '../context/rules.js';
import type { SourceTable } from '../csource/source.js';
import type { Change, FilePatch, HunkLine } from '../patch/index.js';
import type { Budget } from '../search/types.js';
import type { DocRange, Finding, RelatedPlace, Trace, Verdict } from '../../shared/trace.js';
import { confirmedFinding, shortHash } from './confirmed.js';
import { mistakeFinding } from './mistakes.js';
import type { ModelKernel, Scenario } from './model.js';
import type { PlacedPatch } from './place.js';
import type { RaceResult, RunCache } from './races.js';
import { openRace } from './open.js';
import { raceOf, scenariosReaching, smallFirst } from './races.js';
import { NO_COVERAGE, coverageOf } from './coverage.js';
import { numberRanges, seriesKey } from './series-number.js';
import type { PatchStatic, PatchedFunction, StaticAnalysis } from './static.js';
import type { ChangeReport, ChangeStatus, CheckResult, Note } from './types.js';

interface Raced {
  readonly patch: PatchStatic;
  readonly races: readonly RaceResult[];
  readonly findings: readonly Finding[];
  readonly traces: readonly Trace[];
  readonly complete: boolean;
  /** Scenarios that were not begun because the time had ended. */
  readonly left: readonly string[];
}

function lineAt(file: FilePatch, line: number): HunkLine | undefined {
  for (const h of file.hunks) for (const l of h.lines) if (l.line === line) return l;
  return undefined;
}

/** The same line in the quoted copies of a change. */
function copiesOf(changes: readonly Change[], at: DocRange): readonly DocRange[] {
  for (const c of changes) {
    const line = lineAt(c.primary, at.line);
    if (!line) continue;
    return c.copies.flatMap((copy) => {
      const same = copy.hunks
        .flatMap((h) => h.lines)
        .find((l) => l.mark === line.mark && l.text === line.text);
      if (!same) return [];
      const shift = same.column - line.column;
      return [
        {
          ...at,
          line: same.line,
          endLine: same.line,
          character: at.character + shift,
          endCharacter: at.endCharacter + shift,
        },
      ];
    });
  }
  return [];
}

function firstChangedLine(p: PlacedPatch, uri: string): DocRange {
  const file = p.patch.changes[0]?.primary;
  const line = file?.hunks.flatMap((h) => h.lines).find((l) => l.mark !== ' ');
  const at = line?.line ?? file?.headerLine ?? 0;
  const character = line?.column ?? 0;
  return {
    uri,
    line: at,
    character,
    endLine: at,
    endCharacter: character + (line?.text.length ?? 1),
  };
}

/** Lines that a patch adds, as a test. */
function ownLines(p: PlacedPatch, uri: string): (at: DocRange) => boolean {
  const lines = new Set(
    p.patch.changes
      .flatMap((c) => c.primary.hunks.flatMap((h) => h.lines))
      .filter((l) => l.mark === '+')
      .map((l) => l.line),
  );
  return (at) => at.uri === uri && lines.has(at.line);
}

interface Found {
  readonly finding: Finding;
  readonly trace: Trace;
  readonly scenario: Scenario;
}

/** What is certain first, then what needs no injected fault, then the shortest. */
function rank(f: Found): number {
  const hint = f.finding.severity === 'hint' ? 1e9 : 0;
  return hint + f.scenario.faults * 1e6 + f.trace.steps.length;
}

function bestBy(all: readonly Found[], key: (f: Found) => string): readonly Found[] {
  const best = new Map<string, Found>();
  for (const f of all) {
    const old = best.get(key(f));
    if (!old || rank(f) < rank(old)) best.set(key(f), f);
  }
  return [...best.values()];
}

/**
 * One finding a place: of each rule the witness that is easiest to believe, and of the rules the
 * first that the kernel's C declares. The others are told with it.
 */
function mergeFindings(all: readonly Found[], rules: readonly Rule[]): readonly Found[] {
  const order = (f: Found): number => {
    const at = rules.findIndex((r) => r.id === f.finding.rule);
    return (at < 0 ? rules.length : at) + (f.finding.severity === 'hint' ? 1000 : 0);
  };
  const byPlace = new Map<string, Found[]>();
  for (const f of bestBy(all, (x) => x.finding.id)) {
    const { line, character } = f.finding.at;
    const key = `${line}:${character}:${f.finding.severity}`;
    byPlace.set(key, [...(byPlace.get(key) ?? []), f]);
  }
  return [...byPlace.values()].flatMap((here) => {
    const [first, ...others] = [...here].sort((a, b) => order(a) - order(b));
    if (!first) return [];
    const also = others.map((o) => ({ at: o.finding.at, message: `also ${o.finding.message}` }));
    return [
      { ...first, finding: { ...first.finding, related: [...first.finding.related, ...also] } },
    ];
  });
}

export interface CheckInput {
  readonly kernel: ModelKernel;
  readonly table: SourceTable;
  readonly rules: readonly Rule[];
  readonly cache: RunCache;
  readonly budget: Budget;
  readonly uri: string;
}

function race(input: CheckInput, patch: PatchStatic): Raced {
  const { placed } = patch;
  const { stack } = placed;
  if (stack.touched.length === 0)
    return { patch, races: [], findings: [], traces: [], complete: true, left: [] };
  const found: Found[] = [];
  const decided = new Map<Scenario, RaceResult>();
  let complete = true;
  const left: string[] = [];
  const isOwn = ownLines(placed, input.uri);
  const scenarios = scenariosReaching(input.kernel, stack);
  for (const scenario of smallFirst(input.kernel, stack, scenarios)) {
    if (input.budget.expired()) {
      complete = false;
      left.push(scenario.id);
      continue;
    }
    const { kernel, cache, table, budget } = input;
    const open = openRace(kernel, stack, scenario);
    if (open) {
      decided.set(scenario, open);
      continue;
    }
    const raced = raceOf(kernel, cache, table, stack, scenario, budget, isOwn);
    if (!raced) continue;
    const { after, result } = raced;
    decided.set(scenario, result);
    complete &&= result.before.complete && result.after.complete;
    for (const outcome of result.keys) {
      if (outcome.outcome !== 'appears' || outcome.key.property === 'model-error') continue;
      const finding = confirmedFinding({
        run: after,
        outcome,
        table: input.table,
        rules: input.rules,
        isOwn,
        fallback: firstChangedLine(placed, input.uri),
        copiesOf: (at) => copiesOf(placed.patch.changes, at),
      });
      found.push({ finding, trace: outcome.trace, scenario });
    }
  }
  // In the order of the model, whatever came first.
  const races = scenarios.flatMap((s) => decided.get(s) ?? []);
  found.sort((a, b) => scenarios.indexOf(a.scenario) - scenarios.indexOf(b.scenario));
  const merged = mergeFindings(found, input.rules);
  return {
    patch,
    races,
    findings: merged.map((m) => m.finding),
    traces: merged.map((m) => m.trace),
    complete,
    left: scenarios.map((s) => s.id).filter((id) => left.includes(id)),
  };
}

/** Text shared by a suspect's diagnostic and its hover. */
function suspectPlaces(s: Suspect, table: SourceTable): readonly RelatedPlace[] {
  const inner = s.wait.calls.slice(1).filter((l) => table.markOf(l) === '+');
  return [
    ...inner.map((l) => ({ at: table.docRange(l), message: 'then here' })),
    { at: table.docRange(s.held.at), message: `${s.held.class} taken here, in ${s.held.function}` },
    {
      at: table.docRange(s.wait.at),
      message: `waits for ${s.wait.class} here, in ${s.wait.function}`,
    },
  ];
}

/** A suspect as a finding, with the places of its cycle. */
export function suspectFinding(
  s: Suspect,
  table: SourceTable,
  changes: readonly Change[],
): Finding {
  const at = table.docRange(s.at);
  const statement = table.slice(s.at).replace(/\s+/g, '');
  const sure = s.held.certain ? '' : 'on some path ';
  return {
    id: `${s.rule.id}-${shortHash(`${s.rule.id}|${s.function}|${statement}|${s.held.class}`)}`,
    rule: s.rule.id,
    severity: 'hint',
    message: `${s.rule.title}: may wait for ${s.wait.class} while ${sure}${s.held.class} is held (${s.wait.chain.slice(-3).join(' > ')})`,
    at,
    related: suspectPlaces(s, table),
    copies: copiesOf(changes, at),
  };
}

/** Suspects that a patch introduces, outermost only: a suspect below another one's call is its detail. */
export function suspectFindings(p: PatchStatic, table: SourceTable): readonly Finding[] {
  const byFunction = new Set(
    p.suspects.flatMap((s) => s.wait.chain.slice(1).map((f) => `${s.rule.id}|${f}`)),
  );
  const outer = p.suspects.filter(
    (s) => s.held.from === 'here' || !byFunction.has(`${s.rule.id}|${s.function}`),
  );
  return outer.map((s) => suspectFinding(s, table, p.placed.patch.changes));
}

/** Mistakes that a patch introduces. */
export function patchMistakes(p: PatchStatic, table: SourceTable): readonly Finding[] {
  const { changes } = p.placed.patch;
  return p.mistakes.map((m) => mistakeFinding(m, table, (at) => copiesOf(changes, at)));
}

/** A suspect that every scenario decided without it, on code that was wholly placed, is refuted. */
function openSuspects(r: Raced, table: SourceTable): readonly Finding[] {
  const finished = (v: Verdict): boolean => v.kind === 'none' || v.kind === 'found';
  const decided =
    r.races.length > 0 &&
    r.complete &&
    r.races.every((x) => finished(x.before) && finished(x.after)) &&
    r.patch.placed.stack.unplaced.length === 0;
  const confirmed = new Set(r.findings.map((f) => f.id));
  const places = new Set(r.findings.map((f) => `${f.rule}:${f.at.line}`));
  return suspectFindings(r.patch, table).filter(
    (f) => !decided && !confirmed.has(f.id) && !places.has(`${f.rule}:${f.at.line}`),
  );
}

/** Changed functions that the model does not have, or with `true` those that it has. */
function changedFunctions(
  p: PatchStatic,
  table: SourceTable,
  modelled: boolean,
): readonly string[] {
  const touched = new Set(p.placed.stack.touched);
  const changed = new Set(
    p.placed.grafts.flatMap((g) => g.result.placements.map((x) => table.docRange(x.loc).line)),
  );
  const isChanged = (f: PatchedFunction): boolean => {
    const { line, endLine } = table.docRange(f.def.loc);
    return [...changed].some((l) => line <= l && l <= endLine);
  };
  const names = p.functions
    .filter((f) => f.fn.name !== '' && !touched.has(f.fn.name) && isChanged(f))
    .filter((f) => f.facts.program.functions.has(f.fn.name) === modelled)
    .map((f) => f.fn.name);
  return [...new Set(names)];
}

function statusOf(p: PatchStatic, table: SourceTable): ChangeStatus {
  const { status } = p.placed;
  if (status !== 'not modelled') return status;
  if (changedFunctions(p, table, true).length === 0) return status;
  const lines = p.placed.grafts.flatMap((g) => g.result.placements).filter((l) => l.modelled);
  return lines.every((l) => l.class === 'no-effect') ? 'no effect' : 'not placed';
}

/** `7.1`, and what of its series is not in the document: `7.1 without 1-16 of 22`. */
function baseName(s: StaticAnalysis, placed: PlacedPatch): string {
  const name = placed.stack.beforeName;
  const own = placed.patch.series;
  if (!own) return name;
  const same = s.patches.flatMap((p) => p.placed.patch.series ?? []);
  const here = new Set(same.filter((x) => seriesKey(x) === seriesKey(own)).map((x) => x.n));
  const missing = Array.from({ length: own.n - 1 }, (_, i) => i + 1).filter((n) => !here.has(n));
  return missing.length === 0 ? name : `${name} without ${numberRanges(missing)} of ${own.m}`;
}

function reports(
  s: StaticAnalysis,
  raced: readonly Raced[],
  table: SourceTable,
): readonly ChangeReport[] {
  const mail = (message: number): { from: string; date: string; subject: string } => {
    const m = s.doc.messages[message];
    const date = m?.date.iso ?? m?.date.raw ?? '';
    return { from: m?.from.name ?? '', date, subject: m?.subject ?? '' };
  };
  const analysed = raced.map(({ patch, races, left }): ChangeReport => {
    const { placed } = patch;
    const changes = placed.patch.changes;
    return {
      label: placed.patch.label,
      path: changes.map((c) => c.primary.path).join(', '),
      message: placed.patch.message,
      ...mail(placed.patch.message),
      ...(placed.patch.series ? { series: placed.patch.series } : {}),
      line: changes[0]?.primary.headerLine ?? 0,
      copies: changes.flatMap((c) => c.copies.map((x) => x.headerLine)),
      status: statusOf(patch, table),
      base: placed.status === 'not modelled' ? '' : baseName(s, placed),
      coverage: coverageOf(placed, table),
      touched: placed.stack.touched,
      notModelled: changedFunctions(patch, table, false),
      repairs: changes.flatMap((c) =>
        c.primary.hunks.flatMap((h) => h.repaired.map((r) => `line ${r.line + 1}: ${r.kind}`)),
      ),
      races,
      left,
    };
  });
  const quoted = s.quotedOnly.map((c): ChangeReport => ({
    label: '',
    path: c.primary.path,
    message: c.primary.message,
    ...mail(c.primary.message),
    line: c.primary.headerLine,
    copies: c.copies.map((x) => x.headerLine),
    status: 'quoted only',
    base: '',
    coverage: NO_COVERAGE,
    touched: [],
    notModelled: [],
    repairs: [],
    races: [],
    left: [],
  }));
  return [...analysed, ...quoted].sort((a, b) => a.line - b.line);
}

export function notesOf(s: StaticAnalysis): readonly Note[] {
  const own = s.doc.problems.map((p) => ({
    severity: p.severity,
    line: p.line,
    message: p.message,
  }));
  const diffs = s.changes.flatMap((c) =>
    c.primary.problems.map((p) => ({ severity: p.severity, line: p.line, message: p.message })),
  );
  const large = s.tooLarge.map((p): Note => ({
    severity: 'warning',
    line: p.changes[0]?.primary.headerLine ?? 0,
    message: `a patch of ${p.changes.reduce((n, c) => n + c.primary.hunks.length, 0)} hunks is not analysed`,
  }));
  return [...own, ...diffs, ...large].sort((a, b) => a.line - b.line);
}

const SEVERITIES: readonly Finding['severity'][] = ['error', 'warning', 'information', 'hint'];

/** What matters first; then in order of the document. */
function bySeverity(a: Finding, b: Finding): number {
  const rank = (f: Finding): number => SEVERITIES.indexOf(f.severity);
  return rank(a) - rank(b) || a.at.line - b.at.line || (a.id < b.id ? -1 : 1);
}

/** Everything about one document; deterministic for the same text and a budget that is not reached. */
export function checkDocument(s: StaticAnalysis, input: CheckInput): CheckResult {
  const raced = s.patches.map((p) => race(input, p));
  const findings = raced.flatMap((r) => [
    ...r.findings,
    ...openSuspects(r, input.table),
    ...patchMistakes(r.patch, input.table),
  ]);
  const silence =
    s.silence ?? (findings.length === 0 ? quietReason(s, raced, input.table) : undefined);
  return {
    uri: input.uri,
    form: s.doc.form,
    messages: s.doc.messages.length,
    changes: reports(s, raced, input.table),
    findings: [...findings].sort(bySeverity),
    traces: raced.flatMap((r) => r.traces),
    notes: notesOf(s),
    ...(silence === undefined ? {} : { silence }),
    complete: raced.every((r) => r.complete),
  };
}

function named(functions: readonly string[]): string {
  return functions.length > 0 ? functions.join(', ') : 'the changed code';
}

function quietReason(s: StaticAnalysis, raced: readonly Raced[], table: SourceTable): string {
  if (s.tooLarge.length > 0) return 'nothing found; a patch was too large to analyse';
  if (s.patches.length === 0) return `no C of a patch in ${s.doc.messages.length} messages`;
  if (raced.some((r) => r.left.length > 0) && raced.every((r) => r.races.length === 0))
    return 'nothing found; the time ended before a race was decided';
  if (raced.every((r) => r.races.length === 0)) return `nothing found; ${unraced(raced, table)}`;
  const open = raced.some(
    (r) => r.left.length > 0 || r.races.some((x) => x.outcome === 'incomplete'),
  );
  return open
    ? 'nothing found, but not everything could be decided'
    : 'nothing new found within the bounds above';
}

/** Why no race was run on any of the patches. */
function unraced(raced: readonly Raced[], table: SourceTable): string {
  const quiet = raced.filter((r) => statusOf(r.patch, table) === 'no effect');
  const of = (modelled: boolean): readonly string[] => {
    const rest = raced.filter((r) => !quiet.includes(r));
    return [...new Set(rest.flatMap((r) => changedFunctions(r.patch, table, modelled)))];
  };
  const [unplaced, absent] = [of(true), of(false)];
  if (unplaced.length > 0) return `could not be placed on the model: ${named(unplaced)}`;
  if (absent.length === 0 && raced.some((r) => r.patch.placed.stack.touched.length > 0))
    return 'no scenario of the model reaches the change';
  if (absent.length > 0 || quiet.length === 0) return `not modelled: ${named(absent)}`;
  return 'no changed line has an effect in functions of the model';
}
