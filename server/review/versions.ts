import { Grounds, Register, titlesOf } from './register.js';
import { titleKey } from './subject.js';
import { byMessageId } from './thread.js';
import type { Earlier, Letter, Series, SeriesPatch } from './types.js';

/** Candidates that are compared for one series, latest first: some titles are sent hundreds of times. */
const COMPARED = 40;

function addressOf(series: Series): string {
  return (series.from.address ?? series.from.name).toLowerCase();
}

/** People change their addresses more often than their names. */
function bySamePerson(a: Series, b: Series): boolean {
  return addressOf(a) === addressOf(b) || (a.from.name !== '' && a.from.name === b.from.name);
}

function dateOf(series: Series, letters: readonly Letter[]): string {
  return letters[series.cover ?? series.patches[0]?.letter ?? -1]?.date.iso ?? '';
}

/** Share of titles of the smaller series that the other has too, 0 to 1. */
function sharedTitles(a: Series, b: Series): number {
  const [x, y] = [new Set(titlesOf(a)), new Set(titlesOf(b))];
  const least = Math.min(x.size, y.size);
  return least === 0 ? 0 : [...x].filter((t) => y.has(t)).length / least;
}

/** How surely `older` is an earlier version of `series`; 0 is not at all. */
function likeness(series: Series, older: Series, mentioned: ReadonlySet<number>): number {
  if (series.destination !== older.destination || series.tree !== older.tree) return 0;
  if (series.base.changeId !== undefined && series.base.changeId === older.base.changeId) return 4;
  const shared = sharedTitles(series, older);
  if (mentioned.has(older.index) && shared > 0) return 3;
  const near = bySamePerson(series, older) || series.thread === older.thread;
  if (near && titleKey(series.title) === titleKey(older.title)) return 2;
  return near && shared >= 0.5 ? 1 : 0;
}

/** Whether `older` can come before `series`: a lower version, or the same one sent again later. */
function isBefore(series: Series, older: Series, letters: readonly Letter[]): boolean {
  if (older === series) return false;
  const [a, b] = [dateOf(older, letters), dateOf(series, letters)];
  const earlier = a < b || (a === b && older.index < series.index);
  if (older.version !== series.version) return older.version < series.version && earlier;
  return earlier && (series.resend || (older.rfc && !series.rfc));
}

function previousOf(
  series: Series,
  all: readonly Series[],
  letters: readonly Letter[],
  register: Register,
  known: ReadonlyMap<string, number>,
): Series | undefined {
  if (series.version === 1 && !series.resend && series.rfc) return undefined;
  const mentioned = new Set<number>();
  for (const at of [series.cover, ...series.patches.map((p) => p.letter)]) {
    for (const id of letters[at ?? -1]?.mentions ?? []) {
      const other = register.ofLetter(known.get(id) ?? -1);
      if (other !== undefined) mentioned.add(other);
    }
  }
  const { changeId } = series.base;
  const near = new Set([
    ...(changeId === undefined ? [] : register.withChangeId(changeId)),
    ...mentioned,
    ...titlesOf(series).flatMap((t) => register.withTitle(t).slice(-COMPARED)),
  ]);
  const fits = [...near]
    .map((i) => all[i])
    .filter((older) => older !== undefined && isBefore(series, older, letters))
    .filter((older) => older !== undefined && likeness(series, older, mentioned) > 0)
    .filter((older) => older !== undefined);
  return fits.sort(
    (a, b) =>
      b.version - a.version ||
      likeness(series, b, mentioned) - likeness(series, a, mentioned) ||
      (dateOf(a, letters) < dateOf(b, letters) ? 1 : -1),
  )[0];
}

/** The same patch in the version before: by title, else by its changed lines, else by what it does to which files. */
function earlierOf(
  patch: SeriesPatch,
  older: Series,
  letters: readonly Letter[],
  taken: Set<number>,
): Earlier | undefined {
  const now = letters[patch.letter];
  const free = older.patches.map((p, i) => ({ p, i })).filter(({ i }) => !taken.has(i));
  const same = free.find(
    ({ p }) => now?.changeHash !== undefined && letters[p.letter]?.changeHash === now.changeHash,
  );
  const found = free.find(({ p }) => titleKey(p.title) === titleKey(patch.title)) ?? same;
  if (!found) return undefined;
  taken.add(found.i);
  const equal =
    now?.changeHash !== undefined && letters[found.p.letter]?.changeHash === now.changeHash;
  return { series: older.index, patch: found.i, change: equal ? 'same' : 'changed' };
}

/** Patches that neither title nor content pairs: the only ones left for the same files are one patch, renamed. */
function renamed(
  patches: readonly SeriesPatch[],
  older: Series,
  letters: readonly Letter[],
  taken: Set<number>,
): SeriesPatch[] {
  const paths = (at: number): string =>
    (letters[at]?.files ?? [])
      .map((f) => f.path)
      .sort()
      .join('\n');
  const open = patches.filter((p) => !p.earlier);
  return patches.map((patch) => {
    const key = paths(patch.letter);
    if (patch.earlier || key === '') return patch;
    const left = older.patches
      .map((p, i) => ({ p, i }))
      .filter(({ p, i }) => !taken.has(i) && paths(p.letter) === key);
    const rivals = open.filter((p) => paths(p.letter) === key);
    const [only] = left;
    if (left.length !== 1 || rivals.length !== 1 || !only) return patch;
    taken.add(only.i);
    return { ...patch, earlier: { series: older.index, patch: only.i, change: 'changed' } };
  });
}

function compared(series: Series, older: Series, letters: readonly Letter[]): Series {
  const taken = new Set<number>();
  const paired = series.patches.map((patch) => {
    const earlier = earlierOf(patch, older, letters, taken);
    return earlier ? { ...patch, earlier } : patch;
  });
  const patches = renamed(paired, older, letters, taken);
  const dropped = older.patches.flatMap((_, i) => (taken.has(i) ? [] : [i]));
  return { ...series, patches, previous: older.index, dropped };
}

/** Links each series to the version before and to those it stands on, and its patches to their earlier ones. */
export function linkVersions(all: readonly Series[], letters: readonly Letter[]): Series[] {
  const register = new Register(all);
  const known = byMessageId(letters);
  const grounds = new Grounds(all, letters, register, known);
  const next = new Map<number, number>();
  const linked = all.map((series) => {
    const needs = grounds.of(series);
    const older = previousOf(series, all, letters, register, known);
    if (!older) return { ...series, ...needs };
    next.set(older.index, series.index);
    return { ...compared(series, older, letters), ...needs };
  });
  return linked.map((series) => {
    const after = next.get(series.index);
    return after === undefined ? series : { ...series, next: after };
  });
}
