/** A series as a matrix patch × race: at most 72 columns, safe to print. */
import type { Outcome } from '../analysis/races.js';
import type { ChangeReport, CheckResult } from '../analysis/types.js';
import { addModelled } from '../analysis/coverage.js';
import { numberRanges } from '../analysis/series-number.js';
import {
  COLUMNS,
  functionNames,
  indented,
  modelledText,
  notModelledText,
  shownOutcome,
} from './change-text.js';
import { clip, oneLine } from './plain.js';

const LABEL = 8;
const CELL = 6;
const PER_BLOCK = Math.floor((COLUMNS - LABEL) / CELL);

const MARKS: Record<Outcome, string> = {
  appears: 'NEW',
  fixed: 'fixed',
  'still there': 'there',
  absent: '-',
  incomplete: '?',
  'not known to be new': 'new?',
};

export const LEGEND =
  'NEW: appears with the patch; fixed: was there below it; there: before and after; -: neither; ' +
  '?: not decided; empty: the patch does not reach it';

/** `12/22`, or the label in the document for a patch outside of a series. */
export function patchName(c: ChangeReport): string {
  return c.series ? `${c.series.n}/${c.series.m}` : c.label;
}

/** What a patch does to a race, in at most five letters; empty where it does not reach it. */
export function cell(c: ChangeReport, scenario: string): string {
  const race = c.races.find((r) => r.scenario === scenario);
  return race ? MARKS[shownOutcome(race)] : '';
}

/** Races that some patch reaches, in the order of the model; those that are absent throughout apart. */
function columnsOf(changes: readonly ChangeReport[]): {
  readonly shown: readonly string[];
  readonly absent: readonly string[];
} {
  const all = new Map<string, boolean>();
  for (const r of changes.flatMap((c) => c.races))
    all.set(r.scenario, (all.get(r.scenario) ?? true) && shownOutcome(r) === 'absent');
  const ids = [...all.keys()].sort((a, b) => (a < b ? -1 : 1));
  return {
    shown: ids.filter((id) => all.get(id) !== true),
    absent: ids.filter((id) => all.get(id) === true),
  };
}

function row(label: string, cells: readonly string[]): string {
  return `${label.padEnd(LABEL)}${cells.map((c) => c.padEnd(CELL)).join('')}`.trimEnd();
}

/** Blocks of as many races as fit on the page. */
function matrix(changes: readonly ChangeReport[], races: readonly string[]): readonly string[] {
  const out: string[] = [];
  for (let at = 0; at < races.length; at += PER_BLOCK) {
    const ids = races.slice(at, at + PER_BLOCK);
    out.push(row('patch', ids));
    for (const c of changes)
      out.push(
        row(
          patchName(c),
          ids.map((id) => cell(c, id)),
        ),
      );
    out.push('');
  }
  return out;
}

/** What the matrix cannot say of one patch. */
function patchLines(c: ChangeReport): readonly string[] {
  const out = [...indented(`${patchName(c).padEnd(LABEL - 1)} ${c.subject}`, 0)];
  const status = notModelledText(c);
  if (status !== undefined) out.push(...indented(status, LABEL));
  if (c.status === 'not modelled' || c.status === 'no effect') return out;
  for (const r of c.races) {
    const outcome = shownOutcome(r);
    if (outcome === 'appears' || outcome === 'fixed')
      out.push(...indented(`${r.scenario} ${outcome}: ${r.title}`, LABEL));
  }
  const open = new Set(c.races.flatMap((r) => r.uncovered));
  if (open.size > 0)
    out.push(
      ...indented(`not decided for lines not placed in ${functionNames([...open].sort())}`, LABEL),
    );
  out.push(...indented(modelledText(c.coverage.modelled), LABEL));
  return out;
}

function missing(changes: readonly ChangeReport[]): readonly string[] {
  const m = changes.find((c) => c.series)?.series?.m ?? 0;
  const here = new Set(changes.map((c) => c.series?.n));
  const gone = Array.from({ length: m }, (_, i) => i + 1).filter((n) => !here.has(n));
  return gone.length > 0
    ? indented(`no C of ${numberRanges(gone)} of ${m} in what was given`, 0)
    : [];
}

/** `changes`: the patches of one series in their order. Ends with a newline. */
export function seriesText(result: CheckResult, changes: readonly ChangeReport[]): string {
  const { shown, absent } = columnsOf(changes);
  const base = changes.find((c) => c.base !== '')?.base ?? '';
  const out = [
    ...indented(`${changes.length} patches${base === '' ? '' : `, on: ${base}`}`, 0),
    ...missing(changes),
    '',
    ...matrix(changes, shown),
    ...(shown.length > 0 ? [...indented(LEGEND, 0)] : []),
    ...(absent.length > 0
      ? indented(`absent wherever a patch reaches it: ${absent.join(', ')}`, 0)
      : []),
    ...(result.complete ? [] : ['the budget ended before every scenario was decided']),
    '',
    ...changes.flatMap(patchLines),
    '',
    ...indented(`all: ${modelledText(addModelled(changes.map((c) => c.coverage.modelled)))}`, 0),
  ];
  return `${out.map((l) => clip(oneLine(l) === '' ? '' : l, COLUMNS)).join('\n')}\n`;
}
