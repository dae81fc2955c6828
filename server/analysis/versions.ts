/** Two versions of a series in one document: which race the newer one brings, and which it no longer has. */
import type { Outcome } from './races.js';
import type { ChangeReport } from './types.js';
import { seriesKey } from './series-number.js';
import type { SeriesNumber } from './series-number.js';

/** What one version as a whole does to a race: its weightiest outcome; `not reached` by any of its patches. */
export type VersionOutcome = Outcome | 'not reached';

export type VersionChange = 'new' | 'fixed' | 'unchanged' | 'not decided';

export interface VersionRace {
  readonly scenario: string;
  readonly old: VersionOutcome;
  readonly now: VersionOutcome;
  readonly change: VersionChange;
}

export interface Version {
  readonly version: number;
  /** In the order of the series. */
  readonly patches: readonly ChangeReport[];
}

/** Patches of one title, and those that only one version has. */
export interface PatchPair {
  readonly old: ChangeReport | undefined;
  readonly now: ChangeReport | undefined;
}

export interface VersionPair {
  readonly old: Version;
  readonly now: Version;
  readonly pairs: readonly PatchPair[];
  /** Races that some patch of either version reaches. */
  readonly races: readonly VersionRace[];
}

const WEIGHT: readonly Outcome[] = [
  'appears',
  'not known to be new',
  'incomplete',
  'fixed',
  'still there',
  'absent',
];

/** Each version of each series of a document, the newest last. */
function versionsIn(changes: readonly ChangeReport[]): readonly Version[] {
  const found = new Map<number, ChangeReport[]>();
  for (const c of changes) {
    if (!c.series || c.status === 'quoted only') continue;
    const key = seriesKey(c.series);
    found.set(key, [...(found.get(key) ?? []), c]);
  }
  const number = (c: ChangeReport | undefined): number => c?.series?.n ?? 0;
  return [...found.values()]
    .map((patches) => ({
      version: patches[0]?.series?.version ?? 1,
      patches: [...patches].sort((a, b) => number(a) - number(b)),
    }))
    .sort((a, b) => a.version - b.version || a.patches.length - b.patches.length);
}

/** The subject without its brackets, in small letters. */
function titleOf(c: ChangeReport): string {
  return c.subject
    .replace(/^(?:\s*\[[^\]]*\])+/u, '')
    .trim()
    .toLowerCase();
}

/** In the order of the newer version; what only the older one has comes last. */
function pairsOf(old: Version, now: Version): readonly PatchPair[] {
  const left = [...old.patches];
  const pairs = now.patches.map((c): PatchPair => {
    const at = left.findIndex((o) => titleOf(o) === titleOf(c));
    return { old: at < 0 ? undefined : left.splice(at, 1)[0], now: c };
  });
  return [...pairs, ...left.map((o) => ({ old: o, now: undefined }))];
}

function outcomeOf({ patches }: Version, scenario: string): VersionOutcome {
  const all = patches.flatMap((c) => c.races.filter((r) => r.scenario === scenario));
  return WEIGHT.find((w) => all.some((r) => r.outcome === w)) ?? 'not reached';
}

function isOpen(o: VersionOutcome): boolean {
  return o === 'incomplete' || o === 'not known to be new';
}

/** `fixed`: the older one brought the race and this one does not, or only this one closes it. */
function changeOf(old: VersionOutcome, now: VersionOutcome): VersionChange {
  if (old === now && !isOpen(now)) return 'unchanged';
  if (isOpen(old) || isOpen(now)) return 'not decided';
  if (now === 'appears') return 'new';
  if (old === 'appears' || now === 'fixed') return 'fixed';
  return 'unchanged';
}

function numberOf({ patches }: Version): SeriesNumber | undefined {
  return patches[0]?.series;
}

/** The newest version and the one before it, of the same series; undefined when there is only one. */
export function versionPair(changes: readonly ChangeReport[]): VersionPair | undefined {
  const versions = versionsIn(changes);
  const before = (v: Version): Version | undefined =>
    versions.find((o) => numberOf(o)?.series === numberOf(v)?.previous);
  const now = versions.filter((v) => numberOf(v)?.isOld === false && before(v)).at(-1);
  if (!now) return undefined;
  const old = before(now);
  if (!old) return undefined;
  const reached = [...old.patches, ...now.patches].flatMap((c) => c.races.map((r) => r.scenario));
  const races = [...new Set(reached)].sort().map((scenario): VersionRace => {
    const [a, b] = [outcomeOf(old, scenario), outcomeOf(now, scenario)];
    return { scenario, old: a, now: b, change: changeOf(a, b) };
  });
  return { old, now, pairs: pairsOf(old, now), races };
}
