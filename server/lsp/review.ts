/** The review tree of a document: series, versions, patches, and what was said of them. Pure. */
import { REVIEW_SCHEMA } from '../../shared/review.js';
import type { ReviewNode, ReviewResult } from '../../shared/review.js';
import type { Finding } from '../../shared/trace.js';
import type { DocumentParts } from '../analysis/parts.js';
import { lettersOf, seriesIn, threadsOf } from '../review/index.js';
import type { Letter, Series, Thread } from '../review/index.js';
import { senderOf } from './document-symbol.js';
import { threadPins, threadsOn } from './review-comments.js';
import type { Book } from './review-message.js';
import { coverNode, patchNode } from './review-message.js';
import { below, counted, elsewhere, findingPins, joined, lineAt, row } from './review-patch.js';

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

function missingNode(series: Series): ReviewNode[] {
  const { missing, total } = series;
  if (missing.length === 0) return [];
  const which = missing.slice(0, 8).join(', ') + (missing.length > 8 ? ', …' : '');
  return [
    {
      id: `missing ${String(series.index)}`,
      kind: 'missing',
      label: `not here: ${which} of ${String(total)}`,
      detail: '',
      children: [],
    },
  ];
}

function droppedNodes(book: Book, series: Series): ReviewNode[] {
  const old = series.previous === undefined ? undefined : book.series[series.previous];
  return series.dropped.flatMap((place): ReviewNode[] => {
    const patch = old?.patches[place];
    if (!patch) return [];
    const start = book.parts.mail.messages[patch.letter]?.startLine ?? 0;
    return [
      {
        id: `dropped ${String(series.index)} ${String(patch.number)}`,
        kind: 'missing',
        label: row(patch.title),
        detail: 'no longer in this version',
        at: lineAt(book.parts, start),
        children: [],
      },
    ];
  });
}

function versionChildren(book: Book, series: Series): ReviewNode[] {
  return [
    ...coverNode(book, series),
    ...series.patches.map((patch) => patchNode(book, series, patch)),
    ...droppedNodes(book, series),
    ...missingNode(series),
  ];
}

function versionName({ version, rfc, resend }: Series): string {
  return `${rfc ? 'RFC ' : ''}v${String(version)}${resend ? ' RESEND' : ''}`;
}

function leadOf({ cover, patches }: Series): number {
  return cover ?? patches[0]?.letter ?? 0;
}

function versionNode(book: Book, series: Series): ReviewNode {
  const { parts } = book;
  const message = parts.mail.messages[leadOf(series)];
  const children = versionChildren(book, series);
  return {
    id: `version ${String(series.index)}`,
    kind: 'version',
    label: versionName(series),
    detail: joined(
      message ? senderOf(message) : '',
      counted(series.patches.length, 'patch'),
      counted(below(children, 'finding'), 'finding'),
    ),
    at: lineAt(parts, message?.startLine ?? 0),
    children,
  };
}

/** Versions of one series, newest first. */
function chains(all: readonly Series[]): (readonly Series[])[] {
  const seen = new Set<number>();
  const found: (readonly Series[])[] = [];
  for (const newest of all.filter((s) => s.next === undefined)) {
    const chain: Series[] = [];
    let at: Series | undefined = newest;
    while (at && !seen.has(at.index)) {
      seen.add(at.index);
      chain.push(at);
      at = at.previous === undefined ? undefined : all[at.previous];
    }
    found.push(chain);
  }
  return found.sort((a, b) => (a.at(-1)?.index ?? 0) - (b.at(-1)?.index ?? 0));
}

const DESTINATION = new Map([
  ['stable', 'for stable'],
  ['autosel', 'for stable, chosen by a program'],
  ['userspace', 'not for the kernel'],
]);

function seriesNode(book: Book, chain: readonly Series[]): ReviewNode[] {
  const [newest] = chain;
  if (!newest) return [];
  const { parts } = book;
  const versions = chain.map((series) => versionNode(book, series));
  const [only] = versions;
  const message = parts.mail.messages[leadOf(newest)];
  const { destination, tree } = newest;
  const where = DESTINATION.get(destination);
  return [
    {
      id: `series ${String(chain.at(-1)?.index ?? 0)}`,
      kind: 'series',
      label: row(newest.title, 'patch without a mail'),
      detail: joined(
        chain.map(versionName).reverse().join(', '),
        where === undefined ? '' : row(tree === undefined ? where : `${where}: ${tree}`),
        counted(below(versions.slice(0, 1), 'finding'), 'finding'),
      ),
      at: lineAt(parts, message?.startLine ?? 0),
      children: versions.length === 1 ? (only?.children ?? []) : versions,
    },
  ];
}

/** A view refuses two rows with one id, and a mail may name a file twice. */
function unique(nodes: readonly ReviewNode[], seen: Set<string>): ReviewNode[] {
  return nodes.map((node) => {
    let { id } = node;
    while (seen.has(id)) id += '~';
    seen.add(id);
    return { ...node, id, children: unique(node.children, seen) };
  });
}

/** The review of an analysed document. */
export function reviewOf(
  uri: string,
  version: number,
  parts: DocumentParts,
  findings: readonly Finding[],
): ReviewResult {
  const letters = lettersOf(parts.mail, parts.files);
  const threads = threadsOf(letters);
  const series = seriesIn(letters, threads);
  const answers = answersIn(threads, letters);
  const on = threadsOn(parts, letters, series);
  const pins = [...findingPins(findings), ...threadPins(on)];
  const book: Book = { parts, series, pins, answers };
  const nodes = [
    ...chains(series).flatMap((chain) => seriesNode(book, chain)),
    ...elsewhere(parts, findings),
  ];
  return { schema: REVIEW_SCHEMA, uri, version, nodes: unique(nodes, new Set()), threads: on };
}
