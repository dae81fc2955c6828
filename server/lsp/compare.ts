/** A version of a series against the one before it, for the place of a cursor. Pure. */
import type { DocumentParts } from '../analysis/parts.js';
import { compareName, compareText } from '../report/range-diff.js';
import { lettersOf, seriesIn, threadsOf } from '../review/index.js';
import type { Series, Thread } from '../review/index.js';

/** A text for the user, with the name of a file that may hold it. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

function holds(series: Series, letter: number): boolean {
  return series.cover === letter || series.patches.some((patch) => patch.letter === letter);
}

/** The series of a letter, or of what it answers. */
function seriesOf(
  letter: number,
  all: readonly Series[],
  threads: readonly Thread[],
): Series | undefined {
  const entries = threads.flatMap((thread) => thread.entries);
  const above = new Map(entries.map((entry) => [entry.letter, entry.parent]));
  for (let at: number | undefined = letter; at !== undefined; at = above.get(at)) {
    const here = at;
    const found = all.find((series) => holds(series, here));
    if (found) return found;
  }
  return undefined;
}

/** A string says why there is nothing to compare. A first version is compared with the next. */
export function comparisonAt(parts: DocumentParts, line: number): NamedText | string {
  const { mail: doc, files } = parts;
  const message = doc.messages.find((m) => m.startLine <= line && line < m.endLine);
  const letters = lettersOf(doc, files);
  const threads = threadsOf(letters);
  const series = seriesIn(letters, threads);
  const here = message && seriesOf(message.index, series, threads);
  if (!here) return 'there is no patch series at this place';
  const now = here.previous === undefined ? series[here.next ?? -1] : here;
  const old = series[now?.previous ?? -1];
  if (!now || !old) return 'no other version of this series is in the document';
  return { name: compareName(old, now), text: compareText({ doc, files, series }, old, now) };
}
