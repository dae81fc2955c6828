/** Two versions of a series, their matrices patch × race side by side: at most 72 columns, safe to print. */
import type { ChangeReport } from '../analysis/types.js';
import type { VersionChange, VersionPair, VersionRace } from '../analysis/versions.js';
import { COLUMNS, indented } from './change-text.js';
import { clip, oneLine } from './plain.js';
import { cell, LEGEND } from './series-text.js';

const LABEL = 10;
const CELL = 6;
const BETWEEN = ' | ';
/** Races of a block: as many as fit twice. */
const PER_BLOCK = Math.floor((COLUMNS - LABEL - BETWEEN.length) / (2 * CELL));

const WORDS: readonly (readonly [VersionChange, string])[] = [
  ['new', 'new'],
  ['fixed', 'fixed'],
  ['not decided', 'not decided'],
  ['unchanged', 'unchanged'],
];

function row(label: string, old: readonly string[], now: readonly string[]): string {
  const side = (cells: readonly string[]): string => cells.map((c) => c.padEnd(CELL)).join('');
  return `${label.padEnd(LABEL)}${side(old)}${BETWEEN}${side(now)}`.trimEnd();
}

function number(c: ChangeReport | undefined): string {
  return c?.series ? String(c.series.n) : '-';
}

/** Blocks of the races that are not absent from both throughout. */
function blocks({ old, now, pairs }: VersionPair, races: readonly VersionRace[]): string[] {
  const out: string[] = [];
  for (let at = 0; at < races.length; at += PER_BLOCK) {
    const ids = races.slice(at, at + PER_BLOCK).map((r) => r.scenario);
    const cells = (c: ChangeReport | undefined): readonly string[] =>
      ids.map((id) => (c ? cell(c, id) : ''));
    out.push(row(`v${old.version} v${now.version}`, ids, ids));
    for (const p of pairs)
      out.push(row(`${number(p.old)} ${number(p.now)}`, cells(p.old), cells(p.now)));
    out.push('');
  }
  return out;
}

/** Ends with a newline. */
export function versionsText(pair: VersionPair, complete: boolean): string {
  const { old, now, races } = pair;
  const isAbsent = (r: VersionRace): boolean =>
    [r.old, r.now].every((o) => o === 'absent' || o === 'not reached');
  const shown = races.filter((r) => !isAbsent(r));
  const words = WORDS.flatMap(([change, word]) => {
    const ids = shown.filter((r) => r.change === change).map((r) => r.scenario);
    return ids.length > 0 ? indented(`${word} in v${now.version}: ${ids.join(', ')}`, 0) : [];
  });
  const absent = races.filter(isAbsent).map((r) => r.scenario);
  const out = [
    `v${old.version}: ${old.patches.length} patches; v${now.version}: ${now.patches.length} patches`,
    '',
    ...blocks(pair, shown),
    ...words,
    ...(absent.length > 0 ? indented(`absent in both: ${absent.join(', ')}`, 0) : []),
    ...(shown.length > 0 ? indented(LEGEND, 0) : ['no race of the model is in either']),
    ...(complete ? [] : ['the budget ended before every scenario was decided']),
  ];
  return `${out.map((l) => clip(oneLine(l) === '' ? '' : l, COLUMNS)).join('\n')}\n`;
}
