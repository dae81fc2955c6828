/**
 * Placements of one document, kept while the images of the patch, what lies below it and its names
 * stay the same: typing elsewhere in the document places nothing again.
 */
import type { SourceTable } from '../csource/source.js';
import type { ImageCache } from './images.js';
import type { ModelKernel, Profile } from './model.js';
import type { FileImages, PlacedPatch } from './place.js';
import { imagesOf, placePatch, seriesProfile, standsOn, versionKey } from './place.js';
import { seriesKey } from './series-number.js';
import type { Patch } from './stack.js';

interface Kept {
  readonly placed: PlacedPatch;
  /** Document lines of the images, when a reason names one. */
  readonly lines: string | undefined;
}

/** One a document. */
export class Placements {
  #kept = new Map<string, Kept>();
  #next = new Map<string, Kept>();
  #count = 0;
  /** Version chosen for the pre images of a patch: typing in its added lines asks no other. */
  readonly #versions = new Map<string, Profile>();

  constructor(
    readonly kernel: ModelKernel,
    readonly table: SourceTable,
    readonly images: ImageCache,
  ) {}

  /** How often a patch was really placed, for exact work counts in tests. */
  get count(): number {
    return this.#count;
  }

  /** Begins a new pass over the document; what the pass before did not use is forgotten. */
  begin(): void {
    this.#kept = this.#next;
    this.#next = new Map();
  }

  /** Patches in the order of the document; each stands on some of those before it. */
  place(patches: readonly Patch[], dateOf: (p: Patch) => string): readonly PlacedPatch[] {
    const placed: PlacedPatch[] = [];
    const keys = new Map<string, string>();
    const images = new Map(
      patches.map((p) => [p, p.changes.map((c) => imagesOf(c, this.images))] as const),
    );
    const versionOf = this.#seriesVersions(images, dateOf);
    for (const patch of patches) {
      const files = images.get(patch) ?? [];
      const version = patch.series && versionOf.get(seriesKey(patch.series));
      const all = placed.filter((p) => patch.on.includes(p.patch.label));
      const under = standsOn(patch, placed);
      const own = files.flatMap((f) => [...f.pre, ...f.post]).map((u) => u.src);
      const below = all.map((u) => keys.get(u.patch.label) ?? '');
      const parts = [patch.label, patch.id, dateOf(patch), version?.name ?? '', own.join(',')];
      const key = [...parts, ...below].join('|');
      keys.set(patch.label, key);
      placed.push(
        this.#one(key, patch, files, () => {
          this.#count++;
          return this.#placed(patch, dateOf(patch), under, files, all, version);
        }),
      );
    }
    return placed;
  }

  /** Patches of one series stand on one version; one that is alone in the document chooses for itself. */
  #seriesVersions(
    images: ReadonlyMap<Patch, readonly FileImages[]>,
    dateOf: (p: Patch) => string,
  ): ReadonlyMap<number, Profile> {
    const members = new Map<number, Patch[]>();
    for (const p of images.keys()) {
      if (!p.series) continue;
      const key = seriesKey(p.series);
      members.set(key, [...(members.get(key) ?? []), p]);
    }
    const versions = new Map<number, Profile>();
    for (const [key, patches] of members) {
      const [first, ...more] = patches;
      if (!first || more.length === 0) continue;
      const files = patches.flatMap((p) => images.get(p) ?? []);
      const version = seriesProfile(this.kernel, this.table, files, dateOf(first));
      if (version) versions.set(key, version);
    }
    return versions;
  }

  #placed(
    patch: Patch,
    date: string,
    under: readonly PlacedPatch[],
    files: readonly FileImages[],
    below: readonly PlacedPatch[],
    version: Profile | undefined,
  ): PlacedPatch {
    const key = version ? undefined : versionKey(files, under, date);
    const chosen = version ?? (key === undefined ? undefined : this.#versions.get(key));
    const { kernel, table } = this;
    const placed = placePatch(
      kernel,
      table,
      patch,
      date,
      under,
      files,
      below.flatMap((p) => p.stack.unplaced),
      chosen ? [chosen] : undefined,
    );
    if (key !== undefined) this.#versions.set(key, placed.stack.profile);
    return placed;
  }

  #one(
    key: string,
    patch: Patch,
    files: readonly FileImages[],
    make: () => PlacedPatch,
  ): PlacedPatch {
    const known = this.#kept.get(key);
    const lines = linesOf(files, this.table);
    if (known && (known.lines === undefined || known.lines === lines)) {
      this.#next.set(key, known);
      return { ...known.placed, patch, files, grafts: moved(known.placed, patch) };
    }
    const placed = make();
    this.#next.set(key, { placed, lines: namesLine(placed) ? lines : undefined });
    return placed;
  }
}

/** The same results for the same changes, which may stand elsewhere now. */
function moved({ grafts }: PlacedPatch, patch: Patch): PlacedPatch['grafts'] {
  return grafts.map((g, i) => ({ ...g, change: patch.changes[i] ?? g.change }));
}

function namesLine(p: PlacedPatch): boolean {
  return p.grafts.some((g) => g.result.placements.some((x) => /\bline \d/.test(x.why)));
}

function linesOf(files: readonly FileImages[], table: SourceTable): string {
  const units = files.flatMap((f) => [...f.pre, ...f.post]);
  return units.flatMap((u) => table.get(u.src).lines?.map((l) => l.line) ?? []).join(',');
}
