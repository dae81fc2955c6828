/** What answers say about lines of mails: threads on those lines, and rows of the review tree. Pure. */
import type { ReviewComment, ReviewNode, ReviewThread } from '../../shared/review.js';
import type { DocRange } from '../../shared/trace.js';
import type { DocumentParts } from '../analysis/parts.js';
import { commentsIn, parentsOf, pointsIn } from '../review/index.js';
import type { Comment, Letter, LineRange, Point, Series } from '../review/index.js';
import { clip, plain } from '../report/plain.js';
import { senderOf } from './document-symbol.js';
import type { Pin } from './review-patch.js';
import { counted, joined, lineAt, row } from './review-patch.js';

/** Longest text of one comment, in characters. */
const LONGEST = 4000;

function place({ mail }: DocumentParts, { startLine, endLine }: LineRange): DocRange {
  const last = Math.max(startLine, endLine - 1);
  const endCharacter = mail.lines.length(last);
  return { uri: mail.uri, line: startLine, character: 0, endLine: last, endCharacter };
}

function textOf({ mail }: DocumentParts, { startLine, endLine }: LineRange): string {
  const lines: string[] = [];
  for (let line = startLine; line < endLine && lines.length < 200; line++)
    lines.push(mail.lines.head(line, 400));
  return clip(plain(lines.join('\n')).trim(), LONGEST);
}

function commentOf(parts: DocumentParts, comment: Comment): ReviewComment | undefined {
  const message = parts.mail.messages[comment.message];
  if (!message) return undefined;
  const text = textOf(parts, comment.lines);
  return { by: senderOf(message), text, at: lineAt(parts, comment.lines.startLine) };
}

const BECAME: Readonly<Record<NonNullable<Point['next']>, string>> = {
  changed: 'the next version changed the lines',
  unchanged: 'the next version left the lines as they are',
  gone: 'the next version has no such patch',
};

function stateOf(point: Point | undefined): string {
  if (!point) return '';
  const answered = point.answered ? 'answered' : 'open';
  return joined(answered, point.next === undefined ? '' : BECAME[point.next]);
}

/** Threads on the lines they are about, in order of those lines. */
export function threadsOn(
  parts: DocumentParts,
  letters: readonly Letter[],
  series: readonly Series[],
): ReviewThread[] {
  const { mail, files } = parts;
  const comments = commentsIn(mail, letters, parentsOf(letters), files);
  const points = pointsIn(mail, letters, series, comments, files);
  const point = new Map(points.map((p) => [p.comment, p]));
  const below = new Map<number, Comment[]>();
  for (const comment of comments) {
    const root = rootOf(comment, comments);
    if (root === comment.index) continue;
    const known = below.get(root);
    if (known) known.push(comment);
    else below.set(root, [comment]);
  }
  return comments
    .flatMap((comment): ReviewThread[] => {
      const { index, anchor, parent, isFormal } = comment;
      if (!anchor || parent !== undefined || isFormal) return [];
      const said = [comment, ...(below.get(index) ?? [])].map((c) => commentOf(parts, c));
      const at = place(parts, anchor.lines);
      const own = said.filter((c) => c !== undefined);
      return [
        { id: `comment ${String(index)}`, at, state: stateOf(point.get(index)), comments: own },
      ];
    })
    .sort((a, b) => a.at.endLine - b.at.endLine);
}

function rootOf(comment: Comment, all: readonly Comment[]): number {
  let at = comment;
  for (let n = all.length; n > 0 && at.parent !== undefined; n--) at = all[at.parent] ?? at;
  return at.index;
}

function threadNode({ id, at, state, comments }: ReviewThread, under: string): ReviewNode[] {
  const [first, ...rest] = comments;
  if (!first) return [];
  const own = `${under}/${id}`;
  const answers = rest.map((comment, i): ReviewNode => ({
    id: `${own} ${String(i)}`,
    kind: 'reply',
    label: row(comment.by),
    detail: row(comment.text, ''),
    at: comment.at,
    children: [],
  }));
  return [
    {
      id: own,
      kind: 'comment',
      label: row(`${first.by}: ${first.text}`),
      detail: joined(state, counted(answers.length, 'answer')),
      at,
      children: answers,
    },
  ];
}

/** Threads as rows at the last line they are about. */
export function threadPins(threads: readonly ReviewThread[]): Pin[] {
  return threads.map((thread) => ({
    line: thread.at.endLine,
    nodes: (under) => threadNode(thread, under),
  }));
}
