import { readDate } from './date.js';
import type { LineTable } from './lines.js';
import type { LooseMessage, Problem } from './types.js';

/** Longest line that can be part of a page's own furniture; mail text may be longer. */
const HEAD = 400;
const PERMALINK = '(permalink / raw)';

/** One row of the reference tree above a message. */
interface TreeRow {
  /** `2025-07-18 11:30`, or the id of a message that the archive does not have. */
  readonly key: string;
  readonly isId: boolean;
  /** Column of the branch mark; 0 for a root. */
  readonly column: number;
  /** Subject (only where it changes) and author. */
  readonly label: string;
  readonly self: boolean;
}

/** A message of a thread page with the row of the message it answers. */
export interface ThreadEntry {
  readonly message: LooseMessage;
  readonly self: TreeRow | undefined;
  readonly parent: TreeRow | undefined;
}

const ROW = /^([ @]) (\d{4}-\d\d-\d\d {1,2}\d{1,2}:\d\d) ( *)(`?) ?(.*)$/;
const MISSING = /^ {5,7}\[(?:not found|parent not found)\]( *)(`?) ?<([^<>\s]+)>/;

function treeRow(text: string): TreeRow | undefined {
  const row = ROW.exec(text);
  if (row) {
    const [, sign, key = '', indent = '', branch, label = ''] = row;
    const column = branch === '' ? 0 : 2 + key.length + 1 + indent.length;
    return { key: key.replace(/ +/g, ' '), isId: false, column, label, self: sign === '@' };
  }
  const lost = MISSING.exec(text);
  if (!lost) return undefined;
  return {
    key: lost[3] ?? '',
    isId: true,
    column: lost[2] === '' ? 0 : lost[0].indexOf('`'),
    label: '',
    self: false,
  };
}

/** `From: NAME @ 2025-07-18 11:30 UTC (permalink / raw)`. */
function fromLine(text: string): { name: string; date: string } | undefined {
  if (!text.startsWith('From: ') || !text.endsWith(PERMALINK)) return undefined;
  const at = text.lastIndexOf(' @ ');
  if (at < 0) return undefined;
  return { name: text.slice(6, at).trim(), date: text.slice(at + 3, -PERMALINK.length).trim() };
}

/** Whether the value of a From field is that of a message of a thread page. */
export function isThreadFrom(value: string): boolean {
  return fromLine(`From: ${value}`) !== undefined;
}

function isSeparator(text: string): boolean {
  return text.startsWith('^ permalink ') && text.includes('messages in thread');
}

/** Whether a text is a saved thread page: it has a From line with a permalink. */
export function isThreadText(lines: LineTable): boolean {
  for (
    let at = lines.text.indexOf(PERMALINK);
    at >= 0;
    at = lines.text.indexOf(PERMALINK, at + 1)
  ) {
    if (fromLine(lines.head(lines.lineAt(at), HEAD))) return true;
  }
  return false;
}

/** First line after the address lines that follow a From line. */
function bodyAfter(lines: LineTable, from: number): number {
  let at = from + 1;
  while (at < lines.count && lines.length(at) > 0) at++;
  return Math.min(at + 1, lines.count);
}

function headOf(
  lines: LineTable,
  fromAt: number,
  floor: number,
): { start: number; rows: TreeRow[]; subject: string } {
  const rows: TreeRow[] = [];
  let at = fromAt - 1;
  for (; at >= floor; at--) {
    const text = lines.head(at, HEAD);
    if (text.startsWith('* ')) return { start: at, rows: rows.reverse(), subject: text.slice(2) };
    const row = treeRow(text);
    if (row) rows.push(row);
    else if (!/^ {2}\d+ (sibling|repl)/.test(text)) break;
  }
  return { start: fromAt, rows: rows.reverse(), subject: '' };
}

function parentRow(rows: readonly TreeRow[]): {
  self: TreeRow | undefined;
  parent: TreeRow | undefined;
} {
  const at = rows.findIndex((row) => row.self);
  const self = rows[at];
  if (!self) return { self, parent: undefined };
  return { self, parent: rows.slice(0, at).findLast((row) => row.column < self.column) };
}

/** The blocks of a thread page in document order; each ends at its `^ permalink …` line. */
export function readThread(lines: LineTable): { entries: ThreadEntry[]; problems: Problem[] } {
  const entries: ThreadEntry[] = [];
  const problems: Problem[] = [];
  let floor = 0;
  for (let at = 0; at < lines.count; at++) {
    const from = fromLine(lines.head(at, HEAD));
    if (!from) continue;
    const head = headOf(lines, at, floor);
    const bodyLine = bodyAfter(lines, at);
    let end = bodyLine;
    while (end < lines.count && !isSeparator(lines.head(end, HEAD))) end++;
    if (end === lines.count)
      problems.push({
        severity: 'warning',
        line: at,
        message: 'the page ends inside this message',
      });
    const { self, parent } = parentRow(head.rows);
    const message: LooseMessage = {
      from: { name: from.name },
      date: readDate(from.date),
      subject: head.subject,
      ...(parent?.isId ? { inReplyTo: parent.key } : {}),
      references: parent?.isId ? [parent.key] : [],
      startLine: head.start,
      bodyLine,
      endLine: end,
      text: [{ startLine: bodyLine, endLine: end, flowed: false }],
      encoded: [],
    };
    entries.push({ message, self, parent });
    at = end;
    floor = end + 1;
  }
  return { entries, problems };
}
