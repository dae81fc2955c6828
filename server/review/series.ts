import { collect, type Collected } from './collect.js';
import { linkVersions } from './versions.js';
import { parentsOf } from './thread.js';
import type { GivenTrailer, Letter, Series, SeriesPatch, Thread } from './types.js';

/** Trailers that a person gives to a patch; the others of a reply are quotations of some commit. */
const GIVEN = /-by$/i;
/** Numbers that are named as missing; hostile subjects say 1/9999. */
const MOST_MISSING = 200;

/** Trailers in replies, by the letter of the patch or cover they are for: the nearest above the reply. */
function givenTrailers(
  letters: readonly Letter[],
  covers: ReadonlySet<number>,
): Map<number, GivenTrailer[]> {
  const up = parentsOf(letters);
  const found = new Map<number, GivenTrailer[]>();
  letters.forEach((letter, at) => {
    const given = letter.kind === 'reply' ? letter.trailers.filter((t) => GIVEN.test(t.name)) : [];
    if (given.length === 0) return;
    let target = up[at];
    while (target !== undefined && letters[target]?.kind === 'reply') target = up[target];
    if (target === undefined) return;
    const toAll = covers.has(target);
    const list = found.get(target) ?? [];
    found.set(target, [...list, ...given.map((t) => ({ ...t, letter: at, toAll }))]);
  });
  return found;
}

function patchesOf(
  run: Collected,
  letters: readonly Letter[],
  given: ReadonlyMap<number, readonly GivenTrailer[]>,
): SeriesPatch[] {
  const forAll = run.cover === undefined ? [] : (given.get(run.cover) ?? []);
  return [...run.patches]
    .sort(([a], [b]) => a - b)
    .flatMap(([number, at]) => {
      const letter = letters[at];
      if (!letter) return [];
      const { subject, author } = letter;
      const trailers = [...(given.get(at) ?? []), ...forAll];
      return [{ letter: at, number, title: subject.title, author, given: trailers }];
    });
}

function missingOf(run: Collected): number[] {
  const missing: number[] = [];
  for (let n = 1; n <= run.total && missing.length < MOST_MISSING; n++)
    if (!run.patches.has(n)) missing.push(n);
  return missing;
}

function seriesOf(
  run: Collected,
  index: number,
  letters: readonly Letter[],
  patches: readonly SeriesPatch[],
): Series | undefined {
  const lead = letters[run.cover ?? patches[0]?.letter ?? -1];
  const first = letters[patches[0]?.letter ?? -1] ?? lead;
  if (!lead || !first) return undefined;
  const { subject } = first;
  const places = new Set([run.cover, ...patches.map((p) => p.letter)]);
  const members = [...places].flatMap((at) => letters[at ?? -1] ?? []);
  const to = members.find((l) => l.destination !== 'kernel' && l.destination !== 'unknown');
  const { destination, tree } = to ?? members.find((l) => l.destination === 'kernel') ?? lead;
  const base = members.map((l) => l.base);
  const changeId = base.find((b) => b.changeId !== undefined)?.changeId;
  const baseCommit = base.find((b) => b.baseCommit !== undefined)?.baseCommit;
  return {
    index,
    thread: run.thread,
    title: lead.subject.title,
    from: lead.from,
    version: subject.version,
    rfc: members.some((l) => l.subject.rfc),
    resend: members.some((l) => l.subject.resend),
    total: run.total,
    tags: lead.subject.tags,
    ...(run.cover === undefined ? {} : { cover: run.cover }),
    patches,
    missing: missingOf(run),
    base: {
      ...(changeId === undefined ? {} : { changeId }),
      ...(baseCommit === undefined ? {} : { baseCommit }),
      prerequisitePatchIds: base.flatMap((b) => b.prerequisitePatchIds),
      prerequisiteChangeIds: base.flatMap((b) => b.prerequisiteChangeIds),
      prerequisiteMessageIds: base.flatMap((b) => b.prerequisiteMessageIds),
    },
    destination,
    ...(tree === undefined ? {} : { tree }),
    dropped: [],
    needs: [],
    needsMissing: [],
  };
}

/**
 * The series of a mailbox, each version one, linked to the version before.
 * @param threads of the same letters.
 */
export function seriesIn(letters: readonly Letter[], threads: readonly Thread[]): Series[] {
  const threadOf: number[] = [];
  for (const thread of threads)
    for (const entry of thread.entries) threadOf[entry.letter] = thread.index;
  const runs = collect(letters, threadOf);
  const covers = new Set(runs.flatMap((run) => (run.cover === undefined ? [] : [run.cover])));
  const given = givenTrailers(letters, covers);
  const found: Series[] = [];
  for (const run of runs) {
    const series = seriesOf(run, found.length, letters, patchesOf(run, letters, given));
    if (series) found.push(series);
  }
  return linkVersions(found, letters);
}
