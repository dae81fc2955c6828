/** Where series can be found by what they share, and what they stand on. */
import { titleKey } from './subject.js';
import type { Letter, Series } from './types.js';

/** Titles of a series and its patches as they compare. */
export function titlesOf(series: Series): string[] {
  return [series.title, ...series.patches.map((p) => p.title)].map(titleKey);
}

function put<K>(map: Map<K, number[]>, key: K, value: number): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Where series can be found by what they share: change ids, titles, ids of their letters. */
export class Register {
  readonly #byId = new Map<string, number[]>();
  readonly #byTitle = new Map<string, number[]>();
  readonly #byLetter = new Map<number, number>();

  constructor(all: readonly Series[]) {
    for (const series of all) {
      const { changeId } = series.base;
      if (changeId !== undefined) put(this.#byId, changeId, series.index);
      for (const title of new Set(titlesOf(series))) put(this.#byTitle, title, series.index);
      for (const at of [series.cover, ...series.patches.map((p) => p.letter)])
        if (at !== undefined) this.#byLetter.set(at, series.index);
    }
  }

  withChangeId(id: string): readonly number[] {
    return this.#byId.get(id) ?? [];
  }

  withTitle(title: string): readonly number[] {
    return this.#byTitle.get(title) ?? [];
  }

  ofLetter(letter: number): number | undefined {
    return this.#byLetter.get(letter);
  }
}

/** Where the ids of prerequisites lead, and the blobs that patches make. */
export class Grounds {
  readonly #byBlob = new Map<string, number[]>();
  readonly #byPatchId = new Map<string, number[]>();

  constructor(
    readonly all: readonly Series[],
    readonly letters: readonly Letter[],
    readonly register: Register,
    readonly known: ReadonlyMap<string, number>,
  ) {
    for (const series of all) for (const { letter } of series.patches) this.#add(series, letter);
  }

  #add({ index }: Series, letter: number): void {
    const { files = [], patchId } = this.letters[letter] ?? {};
    if (patchId !== undefined) put(this.#byPatchId, patchId, index);
    for (const { path, postBlob } of files)
      if (postBlob !== undefined && !/^0+$/.test(postBlob))
        put(this.#byBlob, `${path} ${postBlob}`, index);
  }

  /** Series by each id that `base` asks for; the latest of several. */
  asked({ base }: Series): Map<string, number | undefined> {
    const found = new Map<string, number | undefined>();
    for (const id of base.prerequisiteMessageIds)
      found.set(id, this.register.ofLetter(this.known.get(id) ?? -1));
    for (const id of base.prerequisiteChangeIds)
      found.set(id, this.register.withChangeId(id).at(-1));
    for (const id of base.prerequisitePatchIds) found.set(id, this.#byPatchId.get(id)?.at(-1));
    return found;
  }

  /** Series whose results the blobs of `series` begin with. */
  below({ patches }: Series): number[] {
    const before = patches.flatMap(({ letter }) => this.letters[letter]?.files ?? []);
    return before.flatMap(({ path, preBlob }) => {
      const makers = preBlob === undefined ? [] : (this.#byBlob.get(`${path} ${preBlob}`) ?? []);
      // One maker in the series itself: it is stacked on its own patches.
      return makers.length === 1 ? makers : [];
    });
  }

  /** What `series` stands on: by its prerequisites, and by blobs that it begins with. */
  of(series: Series): Pick<Series, 'needs' | 'needsMissing'> {
    const asked = this.asked(series);
    const there = [...asked.values()].filter((at) => at !== undefined);
    const needs = new Set([...there, ...this.below(series)]);
    needs.delete(series.index);
    return {
      needs: [...needs].sort((a, b) => a - b),
      needsMissing: [...asked].flatMap(([id, at]) => (at === undefined ? [id] : [])),
    };
  }
}
