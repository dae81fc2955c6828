/**
 * Where a patch stands: its profile, the patches below it, and what of it could be placed on the
 * model kernel.
 */
import type { Unit } from '../csource/ast.js';
import type { SourceTable } from '../csource/source.js';
import type { GraftResult } from '../graft/index.js';
import { graft } from '../graft/index.js';
import type { Change } from '../patch/index.js';
import { image } from '../patch/index.js';
import type { ImageCache } from './images.js';
import type { ModelKernel, Profile } from './model.js';
import type { ChangeStack } from './races.js';
import type { Patch } from './stack.js';
import type { ChangeStatus } from './types.js';

/** Both images of one file of a patch, parsed hunk by hunk. */
export interface FileImages {
  readonly change: Change;
  readonly pre: readonly Unit[];
  readonly post: readonly Unit[];
}

export interface PlacedPatch {
  readonly patch: Patch;
  readonly status: ChangeStatus;
  readonly files: readonly FileImages[];
  readonly grafts: readonly { readonly change: Change; readonly result: GraftResult }[];
  readonly stack: ChangeStack;
}

export function imagesOf(change: Change, cache: ImageCache): FileImages {
  const file = change.primary;
  const units = (side: 'pre' | 'post'): readonly Unit[] =>
    image(file, side).map((i) =>
      cache.unit({ path: file.path, text: i.text, lines: i.lines, section: i.section }),
    );
  return { change, pre: units('pre'), post: units('post') };
}

interface Grafted {
  readonly grafts: PlacedPatch['grafts'];
  readonly units: readonly Unit[];
}

function graftFiles(
  kernel: ModelKernel,
  profile: Profile,
  below: readonly Unit[],
  files: readonly FileImages[],
  table: SourceTable,
): Grafted {
  const { kernelUnits } = kernel;
  let units: readonly Unit[] = [];
  const grafts = files.map(({ change, pre, post }) => {
    const result = graft({
      // The bare model is the same array each time, so that it is folded once.
      model: below.length + units.length > 0 ? [...kernelUnits, ...below, ...units] : kernelUnits,
      base: kernelUnits,
      pre,
      post,
      table,
      switches: kernel.switchesOf(profile),
    });
    units = [...units, ...result.units];
    return { change, result };
  });
  return { grafts, units };
}

interface Fit {
  readonly profile: Profile;
  readonly grafted: Grafted;
  readonly below: readonly Unit[];
  readonly matchedPre: number;
  readonly matchedPost: number;
}

function sum(grafts: PlacedPatch['grafts'], of: (r: GraftResult) => number): number {
  return grafts.reduce((n, g) => n + of(g.result), 0);
}

function better(a: Fit, b: Fit, date: string): boolean {
  if (a.matchedPre !== b.matchedPre) return a.matchedPre > b.matchedPre;
  // ties: the newest version that is not newer than the mail
  const [aOld, bOld] = [a.profile.date <= date, b.profile.date <= date];
  if (aOld !== bOld) return aOld;
  return aOld ? a.profile.date > b.profile.date : a.profile.date < b.profile.date;
}

function statusOf(fit: Fit): ChangeStatus {
  if (!fit.grafted.grafts.some((g) => g.result.touched.length > 0)) {
    if (fit.matchedPost > fit.matchedPre) return 'in the model';
    return 'not modelled';
  }
  return 'analysed';
}

/** The patches that a patch stands on, of those before it in the document. */
export function standsOn(patch: Patch, placed: readonly PlacedPatch[]): readonly PlacedPatch[] {
  return placed.filter((p) => patch.on.includes(p.patch.label) && p.stack.touched.length > 0);
}

/** Places one patch on the model with the patches `under` it. */
export function placePatch(
  kernel: ModelKernel,
  table: SourceTable,
  patch: Patch,
  date: string,
  under: readonly PlacedPatch[],
  files: readonly FileImages[],
): PlacedPatch {
  let best: Fit | undefined;
  for (const profile of kernel.profiles) {
    const below = under.flatMap((u) => u.grafts.flatMap((g) => g.result.units));
    const grafted = graftFiles(kernel, profile, below, files, table);
    const fit: Fit = {
      profile,
      grafted,
      below,
      matchedPre: sum(grafted.grafts, (r) => r.matchedPre),
      matchedPost: sum(grafted.grafts, (r) => r.matchedPost),
    };
    if (!best || better(fit, best, date)) best = fit;
  }
  if (!best) throw new Error('the model kernel declares no profile');
  const touched = [...new Set(best.grafted.grafts.flatMap((g) => g.result.touched))].sort();
  const labels = under.map((u) => u.patch.label);
  const name = (parts: readonly string[]): string => [best.profile.name, ...parts].join(' + ');
  const ids = under.map((u) => u.patch.id);
  return {
    patch,
    files,
    grafts: best.grafted.grafts,
    status: statusOf(best),
    stack: {
      profile: best.profile,
      before: best.below,
      after: [...best.below, ...best.grafted.units],
      beforeName: name(labels),
      afterName: name([...labels, patch.label]),
      beforeId: ids.join('|'),
      afterId: [...ids, patch.id].join('|'),
      touched,
      unplaced: [
        ...new Set(
          best.grafted.grafts.flatMap((g) =>
            g.result.placements
              .filter((p) => p.class === 'not-placed')
              .map((p) => p.function ?? ''),
          ),
        ),
      ].sort(),
    },
  };
}
