/** The review tree of a document: series, versions, patches, and what was said of them. Pure. */
import { REVIEW_SCHEMA } from '../../shared/review.js';
import type { ReviewNode, ReviewResult, ReviewThread } from '../../shared/review.js';
import type { Finding } from '../../shared/trace.js';
import type { DocumentParts } from '../analysis/parts.js';
import { lettersOf, seriesIn, threadsOf } from '../review/index.js';
import type { Letter, Series, Thread } from '../review/index.js';
import { threadPins, threadsOn } from './review-comments.js';
import type { Book } from './review-message.js';
import { looseNode } from './review-message.js';
import { below, counted, elsewhere, findingPins, joined, lineAt, row } from './review-patch.js';
import { seriesNodes } from './review-series.js';

/** Answers by what they answer: the nearest patch or cover above. */
function answersIn(
  threads: readonly Thread[],
  letters: readonly Letter[],
): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>();
  const target = new Map<number, number>();
  for (const { entries } of threads)
    for (const { letter, parent } of entries) {
      const up = parent === undefined ? undefined : (target.get(parent) ?? parent);
      if (letters[letter]?.kind !== 'reply' || up === undefined) continue;
      target.set(letter, up);
      found.set(up, [...(found.get(up) ?? []), letter]);
    }
  return found;
}

/** Discussions in which diffs stand in letters of no series: what people propose in answers. */
function threadNodes(
  book: Book,
  threads: readonly Thread[],
  letters: readonly Letter[],
): ReviewNode[] {
  const placed = new Set(book.series.flatMap((s) => s.patches.map((p) => p.letter)));
  const isLoose = (letter: number): boolean =>
    !placed.has(letter) && (letters[letter]?.files.length ?? 0) > 0;
  return threads.flatMap(({ index, title, entries }): ReviewNode[] => {
    const loose = entries.map((entry) => entry.letter).filter(isLoose);
    const [first] = loose;
    if (first === undefined) return [];
    const message = book.parts.mail.messages[entries[0]?.letter ?? first];
    const children = loose.flatMap((letter) => looseNode(book, letter));
    return [
      {
        id: `thread ${String(index)}`,
        kind: 'thread',
        label: row(title, 'discussion'),
        detail: joined(
          counted(loose.length, 'diff'),
          counted(entries.length, 'message'),
          counted(below(children, 'finding'), 'finding'),
        ),
        at: lineAt(book.parts, message?.startLine ?? 0),
        children,
      },
    ];
  });
}

/** A view refuses two rows with one id, and a mail may name a file twice. */
function unique(nodes: readonly ReviewNode[], seen: Map<string, number>): ReviewNode[] {
  return nodes.map((node) => {
    const before = seen.get(node.id) ?? 0;
    seen.set(node.id, before + 1);
    // No id of ours has a line break.
    const id = before === 0 ? node.id : `${node.id}\n${String(before)}`;
    return { ...node, id, children: unique(node.children, seen) };
  });
}

/** What does not depend on findings. */
interface Reading {
  readonly letters: readonly Letter[];
  readonly threads: readonly Thread[];
  readonly series: readonly Series[];
  readonly answers: ReadonlyMap<number, readonly number[]>;
  readonly on: readonly ReviewThread[];
}

/** Findings come and go while a text stays the same: it is read once. */
const READ = new WeakMap<DocumentParts, Reading>();

function readingOf(parts: DocumentParts): Reading {
  const known = READ.get(parts);
  if (known) return known;
  const letters = lettersOf(parts.mail, parts.files);
  const threads = threadsOf(letters);
  const series = seriesIn(letters, threads);
  const on = threadsOn(parts, letters, series);
  const reading = { letters, threads, series, answers: answersIn(threads, letters), on };
  READ.set(parts, reading);
  return reading;
}

/** The review of an analysed document. */
export function reviewOf(
  uri: string,
  version: number,
  parts: DocumentParts,
  findings: readonly Finding[],
): ReviewResult {
  const { letters, threads, series, answers, on } = readingOf(parts);
  const pins = [...findingPins(findings), ...threadPins(on)];
  const book: Book = { parts, series, pins, answers };
  const nodes = [
    ...seriesNodes(book),
    ...threadNodes(book, threads, letters),
    ...elsewhere(parts, findings),
  ];
  return { schema: REVIEW_SCHEMA, uri, version, nodes: unique(nodes, new Map()), threads: on };
}
