/** One mail of a series in the review tree: a patch or cover letter, its answers and trailers. Pure. */
import type { ReviewNode } from '../../shared/review.js';
import type { DocumentParts } from '../analysis/parts.js';
import { quoteAt } from '../mail/index.js';
import type { Series, SeriesPatch } from '../review/index.js';
import { senderOf } from './document-symbol.js';
import type { Pin } from './review-patch.js';
import { below, changeNodes, counted, joined, lineAt, row } from './review-patch.js';

/** What the nodes are made of. */
export interface Book {
  readonly parts: DocumentParts;
  readonly series: readonly Series[];
  /** Findings and comments. */
  readonly pins: readonly Pin[];
  /** Answers below each letter, in reading order, down to the next patch or cover. */
  readonly answers: ReadonlyMap<number, readonly number[]>;
}

/** Lines of a message that are looked at for its first own words. */
const LOOKED_AT = 400;

const ATTRIBUTION = /(?:wrote|writes|schrieb|écrit)\s*:?\s*$/i;

/** The first line that the sender of an answer wrote. */
function firstWords({ parts }: Book, index: number): string {
  const message = parts.mail.messages[index];
  const { lines } = parts.mail;
  const from = message?.bodyLine ?? 0;
  const to = Math.min(message?.endLine ?? 0, from + LOOKED_AT);
  for (let line = from; line < to; line++) {
    const text = lines.head(line, 400).trim();
    if (text !== '' && quoteAt(parts.mail, line).depth === 0 && !ATTRIBUTION.test(text))
      return text;
  }
  return '';
}

function replyNodes(book: Book, letter: number, id: string): ReviewNode[] {
  return (book.answers.get(letter) ?? []).flatMap((index): ReviewNode[] => {
    const message = book.parts.mail.messages[index];
    if (!message) return [];
    return [
      {
        id: `${id}/reply ${String(index)}`,
        kind: 'reply',
        label: row(senderOf(message)),
        detail: row(firstWords(book, index), ''),
        at: lineAt(book.parts, message.startLine),
        children: [],
      },
    ];
  });
}

function trailerNodes({ parts }: Book, patch: SeriesPatch, id: string): ReviewNode[] {
  return patch.given.map(({ name, value, line, toAll }, i) => ({
    id: `${id}/trailer ${String(i)}`,
    kind: 'trailer',
    label: row(`${name}: ${value}`),
    detail: toAll ? 'given to the series' : '',
    at: lineAt(parts, line),
    children: [],
  }));
}

export function patchNode(book: Book, series: Series, patch: SeriesPatch): ReviewNode {
  const { parts, pins } = book;
  const id = `patch ${String(series.index)} ${String(patch.number)}`;
  const change = changeNodes(parts, patch.letter, pins, id);
  const replies = replyNodes(book, patch.letter, id);
  const children = [...change, ...trailerNodes(book, patch, id), ...replies];
  const known =
    series.previous === undefined ? '' : (patch.earlier?.change ?? 'new in this version');
  const start = parts.mail.messages[patch.letter]?.startLine ?? 0;
  const title = row(patch.title, 'patch without a mail');
  return {
    id,
    kind: 'patch',
    label: series.total > 1 ? `${String(patch.number)}/${String(series.total)} ${title}` : title,
    detail: joined(
      known === 'same' ? 'unchanged' : known,
      counted(below(change, 'finding'), 'finding'),
      counted(below(change, 'comment'), 'comment'),
      counted(replies.length, 'answer'),
    ),
    at: lineAt(parts, start),
    children,
  };
}

/** A diff that somebody put into an answer. */
export function looseNode({ parts, pins }: Book, letter: number): ReviewNode[] {
  const message = parts.mail.messages[letter];
  if (!message) return [];
  const id = `diff ${String(letter)}`;
  const children = changeNodes(parts, letter, pins, id);
  return [
    {
      id,
      kind: 'patch',
      label: row(senderOf(message), 'diff'),
      detail: joined(
        counted(below(children, 'finding'), 'finding'),
        counted(below(children, 'comment'), 'comment'),
      ),
      at: lineAt(parts, message.startLine),
      children,
    },
  ];
}

export function coverNode(book: Book, series: Series): ReviewNode[] {
  if (series.cover === undefined) return [];
  const { parts } = book;
  const id = `cover ${String(series.index)}`;
  const start = parts.mail.messages[series.cover]?.startLine ?? 0;
  const replies = replyNodes(book, series.cover, id);
  const said = changeNodes(parts, series.cover, book.pins, id);
  return [
    {
      id,
      kind: 'cover',
      label: row(series.title, 'cover letter'),
      detail: joined(
        'cover letter',
        counted(below(said, 'comment'), 'comment'),
        counted(replies.length, 'answer'),
      ),
      at: lineAt(parts, start),
      children: [...said, ...replies],
    },
  ];
}
