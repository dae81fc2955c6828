/** Which patch of which series a mail is, by the rules of review. */
import type { MailDocument } from '../mail/index.js';
import type { FilePatch } from '../patch/index.js';
import { lettersOf, readSubject, seriesIn, threadsOf } from '../review/index.js';

export interface SeriesNumber {
  /** 1-based. */
  readonly n: number;
  readonly m: number;
  readonly version: number;
  /** Which of the series of the document; the versions of one have numbers of their own. */
  readonly series: number;
  /** The version before it, if that is in the document. */
  readonly previous?: number;
  /** The next version is in the document, too. */
  readonly isOld: boolean;
}

/** The numbers of all mails of a document that are numbered patches of a series, by message. */
export function seriesNumbers(
  doc: MailDocument,
  files: readonly FilePatch[],
): ReadonlyMap<number, SeriesNumber> {
  const found = new Map<number, SeriesNumber>();
  // Most documents have none.
  if (!doc.messages.some((m) => readSubject(m.subject).patch)) return found;
  const letters = lettersOf(doc, files);
  for (const one of seriesIn(letters, threadsOf(letters))) {
    const { index: series, version, total: m, patches, previous } = one;
    const before = previous === undefined ? {} : { previous };
    for (const { letter, number: n } of patches)
      if (letters[letter]?.subject.number !== undefined)
        found.set(letter, { n, m, version, series, ...before, isOld: one.next !== undefined });
  }
  return found;
}

/** The same for all patches of one version of a series. */
export function seriesKey({ series }: SeriesNumber): number {
  return series;
}

/** `1-4, 7` of ascending numbers. */
export function numberRanges(numbers: readonly number[]): string {
  const ranges: { from: number; to: number }[] = [];
  for (const n of numbers) {
    const last = ranges.at(-1);
    if (last && last.to + 1 === n) last.to = n;
    else ranges.push({ from: n, to: n });
  }
  return ranges.map((r) => (r.from === r.to ? `${r.from}` : `${r.from}-${r.to}`)).join(', ');
}
