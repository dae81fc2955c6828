/** Series and their versions in the review tree. Pure. */
import type { ReviewNode } from '../../shared/review.js';
import type { Series } from '../review/index.js';
import { senderOf } from './document-symbol.js';
import type { Book } from './review-message.js';
import { coverNode, patchNode } from './review-message.js';
import { below, counted, joined, lineAt, row } from './review-patch.js';

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

/** All series of a document, each with its versions. */
export function seriesNodes(book: Book): ReviewNode[] {
  return chains(book.series).flatMap((chain) => seriesNode(book, chain));
}
