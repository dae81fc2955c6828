/** Two versions of a series: the first brings a race, the second does not. */
import { describe, expect, it } from 'vitest';
import type { RaceResult } from '../../../server/analysis/races.js';
import type { ChangeReport } from '../../../server/analysis/types.js';
import { NO_COVERAGE } from '../../../server/analysis/coverage.js';
import { versionPair } from '../../../server/analysis/versions.js';
import type { VersionPair } from '../../../server/analysis/versions.js';
import { versionsJson } from '../../../server/report/versions-json.js';
import { versionsText } from '../../../server/report/versions-text.js';

function race(scenario: string, outcome: RaceResult['outcome']): RaceResult {
  const verdict = {
    kind: 'none',
    text: '',
    states: 0,
    complete: true,
    bounds: { threads: 0, items: [] },
    assumptions: [],
    profile: '',
    base: '',
  } as const;
  return {
    scenario,
    title: '',
    outcome,
    before: verdict,
    after: verdict,
    keys: [],
    uncovered: [],
    apart: false,
    tracesBefore: [],
  };
}

type Races = Readonly<Record<string, RaceResult['outcome']>>;

/** `2/3 of v1`, its title, and what it does. */
function patch(version: number, n: number, title: string, races: Races): ChangeReport {
  const v = version === 1 ? '' : ` v${version}`;
  return {
    label: `(${version}${n})`,
    path: 'fs/demo.c',
    message: 0,
    from: 'A',
    date: '',
    subject: `[PATCH${v} ${n}/3] ${title}`,
    // The versions are one after the other in the document.
    series: { n, m: 3, version, series: version, previous: version - 1, isOld: version === 1 },
    line: 10 * n,
    copies: [],
    status: 'analysed',
    base: '7.0',
    coverage: NO_COVERAGE,
    touched: [],
    notModelled: [],
    repairs: [],
    races: Object.entries(races).map(([id, outcome]) => race(id, outcome)),
    left: [],
  };
}

const DOCUMENT = [
  patch(2, 1, 'demo: lock it', { R1: 'absent', R2: 'fixed', R4: 'absent' }),
  patch(2, 2, 'demo: wait for it', { R3: 'appears', R5: 'incomplete' }),
  patch(1, 2, 'demo: Lock it', { R1: 'appears', R4: 'absent', R5: 'absent' }),
  patch(1, 1, 'demo: rename it', { R2: 'still there' }),
];

function pairOf(changes: readonly ChangeReport[]): VersionPair {
  const pair = versionPair(changes);
  if (!pair) throw new Error('no two versions');
  return pair;
}

describe('two versions of a series', () => {
  it('say of each race whether the newer one brings it, closes it or leaves it', () => {
    expect(pairOf(DOCUMENT).races.map((r) => `${r.scenario} ${r.change}`)).toEqual([
      'R1 fixed',
      'R2 fixed',
      'R3 new',
      'R4 unchanged',
      'R5 not decided',
    ]);
  });

  it('stand side by side, patches of one title in one row', () => {
    expect(versionsText(pairOf(DOCUMENT), true).split('\n').slice(0, 12)).toEqual([
      'v1: 2 patches; v2: 2 patches',
      '',
      'v1 v2     R1    R2    R3    R5     | R1    R2    R3    R5',
      '2 1       NEW               -      | -     fixed',
      '- 2                                |             NEW   ?',
      '1 -             there              |',
      '',
      'new in v2: R3',
      'fixed in v2: R1, R2',
      'not decided in v2: R5',
      'absent in both: R4',
      'NEW: appears with the patch; fixed: was there below it; there: before',
    ]);
  });

  it('are JSON with the pairs', () => {
    const json: unknown = JSON.parse(versionsJson(pairOf(DOCUMENT), true));
    expect(json).toMatchObject({
      schema: 'racelore/versions@1',
      old: { version: 1 },
      now: { version: 2 },
      races: [{ scenario: 'R1', old: 'appears', now: 'absent', change: 'fixed' }, {}, {}, {}, {}],
      patches: [{ old: { n: 2 }, now: { n: 1, races: { R2: 'fixed' } } }, {}, {}],
    });
  });

  it('are not seen where there is only one', () => {
    expect(versionPair(DOCUMENT.slice(0, 2))).toBeUndefined();
  });
});
