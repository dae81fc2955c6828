/**
 * Where a patch stands: its profile, the patches below it, and what of it could be placed on the
 * model kernel.
 */
import type { Unit } from '../csource/ast.js';
import type { SourceTable } from '../csource/source.js';
import type { GraftInput, GraftResult } from '../graft/index.js';
import { graft, matchesOf } from '../graft/index.js';
import type { Change } from '../patch/index.js';
import { image } from '../patch/index.js';
import type { ImageCache } from './images.js';
import type { ModelKernel, Profile } from './model.js';
import type { ChangeStack } from './races.js';
import { numberRanges } from './series-number.js';
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

type Grafts = PlacedPatch['grafts'];

/** A patch on one version: all files grafted but the last, of which it is known how well it fits. */
interface Trial {
  readonly profile: Profile;
  readonly below: readonly Unit[];
  readonly grafts: Grafts;
  readonly last: { readonly change: Change; readonly input: GraftInput } | undefined;
  readonly matchedPre: number;
  readonly matchedPost: number;
}

function unitsOf(grafts: Grafts): readonly Unit[] {
  return grafts.flatMap((g) => g.result.units);
}

function attempt(
  kernel: ModelKernel,
  profile: Profile,
  below: readonly Unit[],
  files: readonly FileImages[],
  table: SourceTable,
  undo = false,
): Trial {
  const { kernelUnits } = kernel;
  const switches = kernel.switchesOf(profile);
  const inputOf = ({ pre, post }: FileImages, done: Grafts): GraftInput => {
    const more = [...below, ...unitsOf(done)];
    // The bare model is the same array each time, so that it is folded once.
    const model = more.length > 0 ? [...kernelUnits, ...more] : kernelUnits;
    return { model, base: kernelUnits, pre, post, table, switches, undo };
  };
  const grafts: Grafts[number][] = [];
  for (const file of files.slice(0, -1))
    grafts.push({ change: file.change, result: graft(inputOf(file, grafts)) });
  const end = files.at(-1);
  const last = end && { change: end.change, input: inputOf(end, grafts) };
  const rest = last && matchesOf(last.input);
  return {
    profile,
    below,
    grafts,
    last,
    matchedPre: sum(grafts, (r) => r.matchedPre) + (rest?.matchedPre ?? 0),
    matchedPost: sum(grafts, (r) => r.matchedPost) + (rest?.matchedPost ?? 0),
  };
}

function allGrafts({ grafts, last }: Trial): Grafts {
  return last ? [...grafts, { change: last.change, result: graft(last.input) }] : grafts;
}

function sum(grafts: Grafts, of: (r: GraftResult) => number): number {
  return grafts.reduce((n, g) => n + of(g.result), 0);
}

interface Fit {
  readonly profile: Profile;
  readonly matchedPre: number;
}

function better(a: Fit, b: Fit, date: string): boolean {
  if (a.matchedPre !== b.matchedPre) return a.matchedPre > b.matchedPre;
  // ties: the newest version that is not newer than the mail
  const [aOld, bOld] = [a.profile.date <= date, b.profile.date <= date];
  if (aOld !== bOld) return aOld;
  return aOld ? a.profile.date > b.profile.date : a.profile.date < b.profile.date;
}

/**
 * The one version that all patches of a series stand on: the one that has most of their pre images.
 * What earlier patches of the series bring is in none of them, and so tells nothing apart.
 */
export function seriesProfile(
  kernel: ModelKernel,
  table: SourceTable,
  files: readonly FileImages[],
  date: string,
): Profile | undefined {
  const { kernelUnits: model } = kernel;
  let best: Fit | undefined;
  for (const profile of kernel.profiles) {
    const switches = kernel.switchesOf(profile);
    const matchedPre = files.reduce(
      (n, { pre, post }) =>
        n + matchesOf({ model, base: model, pre, post, table, switches }).matchedPre,
      0,
    );
    const fit = { profile, matchedPre };
    if (!best || better(fit, best, date)) best = fit;
  }
  return best?.profile;
}

function statusOf(best: Trial, grafts: Grafts): ChangeStatus {
  if (!grafts.some((g) => g.result.touched.length > 0)) {
    if (best.matchedPost > best.matchedPre) return 'in the model';
    return 'not modelled';
  }
  return 'analysed';
}

/** The patches that a patch stands on, of those before it in the document. */
export function standsOn(patch: Patch, placed: readonly PlacedPatch[]): readonly PlacedPatch[] {
  return placed.filter((p) => patch.on.includes(p.patch.label) && p.stack.touched.length > 0);
}

/** Functions with lines that have no place; a verdict on a later patch depends on them as well. */
function unplacedIn(grafts: Grafts): readonly string[] {
  const lines = grafts.flatMap((g) => g.result.placements);
  return lines.filter((p) => p.class === 'not-placed').map((p) => p.function ?? '');
}

/**
 * What the choice of a version depends on, when nothing below touches the same functions: the pre
 * images and the date. Undefined when something below does.
 */
export function versionKey(
  files: readonly FileImages[],
  under: readonly PlacedPatch[],
  date: string,
): string | undefined {
  const touched = new Set(under.flatMap((u) => u.stack.touched));
  const shown = files.flatMap((f) => [...f.pre, ...f.post]).flatMap((u) => u.items);
  if (shown.some((i) => i.kind === 'function' && touched.has(i.name))) return undefined;
  return [date, ...files.flatMap((f) => f.pre.map((u) => u.src))].join(',');
}

/** `2025-07 + (a)`; patches of a series go by their numbers: `2026-02 + 1-4, 6 of 22`. */
function stackName(profile: Profile, patches: readonly Patch[]): string {
  const labels = patches.flatMap((p) => (p.series ? [] : [p.label]));
  const series = patches.flatMap((p) => p.series ?? []);
  const [first] = series;
  const numbers = first ? [`${numberRanges(series.map((x) => x.n))} of ${first.m}`] : [];
  return [profile.name, ...labels, ...numbers].join(' + ');
}

/** The undone change of a patch that the model has already; undefined when nothing of it has a place. */
function undone(
  kernel: ModelKernel,
  best: Trial,
  table: SourceTable,
  files: readonly FileImages[],
) {
  const swapped = files.map((f) => ({ ...f, pre: f.post, post: f.pre }));
  const grafts = allGrafts(attempt(kernel, best.profile, best.below, swapped, table, true));
  return grafts.some((g) => g.result.touched.length > 0) ? grafts : undefined;
}

/** Places one patch on the model with the patches `under` it, on the version that fits best. */
export function placePatch(
  kernel: ModelKernel,
  table: SourceTable,
  patch: Patch,
  date: string,
  under: readonly PlacedPatch[],
  files: readonly FileImages[],
  unplacedBelow: readonly string[],
  profiles: readonly Profile[] = kernel.profiles,
): PlacedPatch {
  const below = under.flatMap((u) => unitsOf(u.grafts));
  let best: Trial | undefined;
  for (const profile of profiles) {
    const trial = attempt(kernel, profile, below, files, table);
    if (!best || better(trial, best, date)) best = trial;
  }
  if (!best) throw new Error('the model kernel declares no profile');
  const forward = allGrafts(best);
  const status = statusOf(best, forward);
  const back = status === 'in the model' ? undone(kernel, best, table, files) : undefined;
  const grafts = back ?? forward;
  const touched = [...new Set(grafts.flatMap((g) => g.result.touched))].sort();
  const lower = under.map((u) => u.patch);
  const ids = under.map((u) => u.patch.id);
  const name = stackName(best.profile, lower);
  const changed = { units: [...below, ...unitsOf(grafts)], id: [...ids, patch.id].join('|') };
  const shared = {
    profile: best.profile,
    touched,
    unplaced: [...new Set([...unplacedBelow, ...unplacedIn(grafts)])].sort(),
  };
  if (back)
    return {
      patch,
      files,
      // What stands on this patch stands on the model.
      grafts: back.map((g) => ({ ...g, result: { ...g.result, units: [] } })),
      status,
      stack: {
        ...shared,
        before: changed.units,
        after: below,
        beforeName: `${name} without ${patch.label}`,
        afterName: name,
        beforeId: changed.id,
        afterId: ids.join('|'),
      },
    };
  return {
    patch,
    files,
    grafts,
    status,
    stack: {
      ...shared,
      before: below,
      after: changed.units,
      beforeName: name,
      afterName: stackName(best.profile, [...lower, patch]),
      beforeId: ids.join('|'),
      afterId: changed.id,
    },
  };
}
