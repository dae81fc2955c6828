/** What a check says of one change of a document, as text. */
import type { Outcome, RaceResult } from '../analysis/races.js';
import type { ChangeReport, Coverage, ModelledLines } from '../analysis/types.js';
import { oneLine, wrap } from './plain.js';

export const COLUMNS = 72;

/** Text as lines that stand `by` columns to the right, none wider than the page. */
export function indented(text: string, by: number): readonly string[] {
  const pad = ' '.repeat(by);
  return wrap(oneLine(text), COLUMNS - by, '  ').map((l) => pad + l);
}

const STATUS_TEXT: Record<Exclude<ChangeReport['status'], 'analysed'>, string> = {
  'in the model': 'already in the model',
  'base unknown': 'base unknown: neither side matches a profile, no verdict',
  'not modelled': 'not modelled',
  'not placed': 'the model has these functions, but nothing of the change could be placed',
  'no effect': 'no changed line has an effect in functions of the model',
  'quoted only': 'quoted only: its mail is not in this document',
};

function coverageText(c: ChangeReport): string {
  const { onModel, noEffect, notPlaced, repaired } = c.coverage;
  const parts = [
    `${onModel} on the model`,
    `${noEffect} no effect`,
    `${notPlaced.length} not placed`,
  ];
  if (repaired > 0) parts.push(`${repaired} repaired`);
  return `changed lines: ${parts.join(', ')}`;
}

/** Lines of functions that the model has; those on which something happens apart. */
export function modelledText(m: ModelledLines): string {
  const { placed, noEffect, notPlaced } = m.events;
  const repaired = m.repaired > 0 ? `, ${m.repaired} repaired` : '';
  return (
    `in modelled functions: ${m.onModel} on the model, ${m.noEffect} no effect, ` +
    `${m.notPlaced} not placed${repaired}; with a call, return or member of the model: ` +
    `${placed} placed, ${noEffect} no effect, ${notPlaced} not placed`
  );
}

function times(n: number): string {
  return n === 1 ? 'once' : `${n} times`;
}

export function functionNames(functions: readonly string[]): string {
  return functions.map((f) => (f === '' ? 'code of no known function' : f)).join(', ');
}

function hasFailed(r: RaceResult): boolean {
  return r.before.kind === 'error' || r.after.kind === 'error';
}

/** A run that ended in an error of the model decided nothing, whatever it found before. */
export function shownOutcome(r: RaceResult): Outcome {
  return hasFailed(r) ? 'incomplete' : r.outcome;
}

/** Undecided because of lines that have no place, not because of a run. */
function isUncovered(r: RaceResult): boolean {
  return shownOutcome(r) === 'incomplete' && r.uncovered.length > 0;
}

function uncoveredText(races: readonly RaceResult[]): string {
  const functions = new Set(races.flatMap((r) => r.uncovered));
  return `lines not placed in ${functionNames([...functions].sort())}`;
}

/** What a scenario says of a change. */
function raceLines(r: RaceResult): readonly string[] {
  const outcome = shownOutcome(r);
  const out = [...indented(`${r.scenario.padEnd(5)} ${outcome}: ${r.title}`, 4)];
  if (isUncovered(r)) out.push(...indented(uncoveredText([r]), 10));
  else if (hasFailed(r))
    out.push(
      ...indented(`could not be run: ${(r.after.kind === 'error' ? r.after : r.before).text}`, 10),
    );
  else if (outcome !== 'appears') out.push(...indented(`after: ${r.after.text}`, 10));
  return out;
}

/** The same lines leave many races open: told once for all of them. */
function uncoveredLines(races: readonly RaceResult[]): readonly string[] {
  const [first, ...more] = races;
  if (!first || more.length === 0) return first ? raceLines(first) : [];
  const ids = races.map((r) => r.scenario).join(', ');
  return [...indented(`incomplete: ${ids}`, 4), ...indented(uncoveredText(races), 10)];
}

/** What a reviewer wants to know first; races of the same weight in the order of the model. */
const WEIGHT: readonly Outcome[] = [
  'appears',
  'not known to be new',
  'incomplete',
  'still there',
  'fixed',
];

/** Races that neither side has are named, no more. */
function racesLines(races: readonly RaceResult[]): readonly string[] {
  const elsewhere = races.filter((r) => r.apart);
  const out = WEIGHT.flatMap((w) => {
    const all = races.filter((r) => !r.apart && shownOutcome(r) === w);
    const open = all.filter(isUncovered);
    return [...uncoveredLines(open), ...all.filter((r) => !open.includes(r)).flatMap(raceLines)];
  });
  if (elsewhere.length > 0) {
    const ids = elsewhere.map((r) => r.scenario).join(', ');
    out.push(...indented(`as before, ending outside of the changed functions: ${ids}`, 4));
  }
  const absent = races.filter((r) => shownOutcome(r) === 'absent').map((r) => r.scenario);
  if (absent.length > 0)
    out.push(...indented(`absent within the bounds of the scenario: ${absent.join(', ')}`, 4));
  return out;
}

/** `line 7`, `lines 7-9, 12`: 1-based, of 0-based lines in any order. */
export function lineRanges(lines: readonly number[]): string {
  const ranges: { from: number; to: number }[] = [];
  for (const line of [...new Set(lines)].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && last.to + 1 === line) last.to = line;
    else ranges.push({ from: line, to: line });
  }
  const texts = ranges.map((r) =>
    r.from === r.to ? `${r.from + 1}` : `${r.from + 1}-${r.to + 1}`,
  );
  const one = ranges.length === 1 && ranges[0]?.from === ranges[0]?.to;
  return `${one ? 'line' : 'lines'} ${texts.join(', ')}`;
}

const INSIDE = 'inside a statement that was not placed: ';

/** A reason once, with all its lines: a large function gives the same one for every line. */
function notPlacedLines(c: Coverage): readonly string[] {
  const byReason = new Map<string, number[]>();
  for (const { at, why } of c.notPlaced) {
    const reason = (why.startsWith(INSIDE) ? why.slice(INSIDE.length) : why).replace(/^is /u, '');
    byReason.set(reason, [...(byReason.get(reason) ?? []), at.line]);
  }
  return [...byReason].flatMap(([why, lines]) =>
    indented(`${lineRanges(lines)} not placed: ${why}`, 6),
  );
}

function noRaceText(c: ChangeReport): string {
  return c.coverage.notPlaced.length > 0
    ? 'no race was run: no scenario of the model reaches what was placed'
    : 'no scenario of the model reaches it';
}

/** Why a change was not analysed; undefined when it was. */
export function notModelledText(c: ChangeReport): string | undefined {
  if (c.status === 'analysed') return undefined;
  const names =
    c.status === 'not modelled' && c.notModelled.length > 0 ? `: ${c.notModelled.join(', ')}` : '';
  return `${STATUS_TEXT[c.status]}${names}`;
}

/** At most 72 columns wide, safe to print. */
export function changeLines(c: ChangeReport): readonly string[] {
  const head = `${c.label === '' ? '-' : c.label} line ${c.line + 1}: ${c.path}`;
  const out = [...wrap(oneLine(c.base === '' ? head : `${head}, on: ${c.base}`), COLUMNS, '    ')];
  const status = notModelledText(c);
  if (status !== undefined) out.push(...indented(status, 4));
  if (c.status === 'quoted only' || c.status === 'not modelled') return out;
  out.push(...racesLines(c.races));
  if (c.left.length > 0)
    out.push(...indented(`not decided, the time ended before: ${c.left.join(', ')}`, 4));
  else if (c.races.length === 0) out.push(...indented(noRaceText(c), 4));
  out.push(...indented(coverageText(c), 4), ...notPlacedLines(c.coverage));
  for (const r of c.repairs) out.push(...indented(`repaired hunk: ${r}`, 4));
  if (c.copies.length > 0) {
    const lines = c.copies.map((l) => String(l + 1)).join(', ');
    out.push(
      ...indented(`the same change is quoted ${times(c.copies.length)}, at line ${lines}`, 4),
    );
  }
  return out;
}
