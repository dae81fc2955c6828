/** Patches of our own, on the model, and what they do to the scenarios that are asked about. */
import { RunCache, raceOf } from '../../../server/analysis/races.js';
import { DocumentState } from '../../../server/analysis/static.js';
import type { PlacedPatch } from '../../../server/analysis/place.js';
import { analyzer, UNLIMITED } from '../analysis/support.js';

const SUMMER = 'Mon, 20 Jul 2026';

/** A diff of one file: its path, and hunks as mails have them. */
export interface Diff {
  readonly path: string;
  readonly hunks: string;
}

/** One mail of a series that is sent on this day; bare hunks have no function but in their section line. */
function mail(diffs: readonly Diff[], n: number, m: number, day: string): string {
  const files = diffs.map(
    (d) =>
      `diff --git a/${d.path} b/${d.path}\n--- a/${d.path}\n+++ b/${d.path}\n${counted(d.hunks)}`,
  );
  return [
    'From mboxrd@z Thu Jan  1 00:00:00 1970',
    'From: A <a@example.org>',
    `Date: ${day} 10:00:0${n} +0000`,
    `Subject: [PATCH ${n}/${m}] fs: number ${n}`,
    `Message-Id: <${n}@example.org>`,
    '',
    files.join(''),
    '-- ',
    '2.47.0',
    '',
    '',
  ].join('\n');
}

/** A series, as one mbox. */
export function mailsOf(patches: readonly (readonly Diff[])[], day = SUMMER): string {
  return patches.map((p, i) => mail(p, i + 1, patches.length, day)).join('');
}

/** Hunks with the counts that their lines have. */
export function counted(hunks: string): string {
  return hunks
    .split(/^(?=@@ )/mu)
    .map((h) => {
      const lines = h.split('\n').slice(1, -1);
      const n = (other: string): number => lines.filter((l) => !l.startsWith(other)).length;
      return h.replace(/^@@ -(\d+),\d+ \+(\d+),\d+/u, `@@ -$1,${n('+')} +$2,${n('-')}`);
    })
    .join('');
}

export interface Told {
  /** `R6 appears`, one each. */
  readonly races: readonly string[];
  readonly base: string;
  /** Why lines have no place. */
  readonly notPlaced: readonly string[];
}

/** Each patch stands on those before it. */
export async function verdicts(
  patches: readonly (readonly Diff[])[],
  scenarios: readonly string[],
  day = SUMMER,
): Promise<readonly Told[]> {
  const { kernel, parser, rules } = await analyzer();
  const state = new DocumentState(kernel, parser, 'test:fix', rules);
  const cache = new RunCache(kernel);
  const one = ({ stack, grafts }: PlacedPatch): Told => ({
    races: scenarios.map((id) => {
      const scenario = kernel.scenario(id);
      if (!scenario) throw new Error(`no scenario ${id}`);
      const { table } = state;
      const race = raceOf(kernel, cache, table, stack, scenario, UNLIMITED, () => false);
      return `${id} ${race?.result.outcome ?? 'is not reached'}`;
    }),
    base: stack.beforeName,
    notPlaced: grafts
      .flatMap((g) => g.result.placements)
      .filter((p) => p.class === 'not-placed')
      .map((p) => `${state.table.slice(p.loc).trim()}: ${p.why}`),
  });
  return state.update(mailsOf(patches, day)).patches.map((p) => one(p.placed));
}

/** The same hunks the other way round. */
export function reversed(diffs: readonly Diff[]): readonly Diff[] {
  const swap = (line: string): string =>
    line.startsWith('+') ? `-${line.slice(1)}` : line.startsWith('-') ? `+${line.slice(1)}` : line;
  return diffs.map((d) => ({ ...d, hunks: d.hunks.split('\n').map(swap).join('\n') }));
}
