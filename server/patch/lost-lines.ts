/**
 * A web page took the line ends of a mail. Where it quotes a diff, ` > ` stands for each of them, and the counts
 * of the `@@` line say how many there were: the lines of a hunk are put back where only one way fits.
 */
import type { DecodedMail } from '../mail/decoded.js';
import { readMailDocument } from '../mail/index.js';
import { onlyWay } from './lost-hunk.js';

/** Characters that are looked at: no mail that anybody wrote in one line is longer. */
const LONGEST = 1024 * 1024;
/** Longest file header, and most marks before an `@@`. */
const NEAR = 1000;
const DEEPEST = 20;

const AT = /^@@ -\d{1,9}(?:,(\d{1,9}))? \+\d{1,9}(?:,(\d{1,9}))? @@/;

/** A hunk that was put back: where it stood, and its lines with their marks. */
interface Found {
  readonly start: number;
  readonly end: number;
  readonly marks: string;
  readonly lines: readonly string[];
}

/** The quote marks right before an `@@`, `>` or `> >`; empty when there are none. */
function marksBefore(text: string, at: number): string {
  const run = /(?:^|(?<= ))(?:>+ )+$/.exec(text.slice(Math.max(0, at - DEEPEST), at))?.[0] ?? '';
  return run.slice(0, -1);
}

/** The header lines that stand right before an `@@` at this depth. */
function headerBefore(text: string, end: number, marks: string): readonly string[] {
  const line = (what: string): string => `(?:(?:^| )${marks} ${what})`;
  const extended = 'index \\S+(?: \\d{6})?|(?:new file|deleted file|old|new) mode \\d{6}';
  const header = new RegExp(
    `(?:${line('diff --git \\S+ \\S+')}${line(`(?:${extended})`)}*)?${line('--- \\S+')}${line('\\+\\+\\+ \\S+')}$`,
  );
  const found = header.exec(text.slice(Math.max(0, end - NEAR), end))?.[0] ?? '';
  return found
    .split(new RegExp(`(?:^| )${marks} (?=diff |index |new |deleted |old |--- |\\+\\+\\+ )`))
    .slice(1);
}

/** @param before the hunk that ends where this one may begin. */
function hunkAt(text: string, at: number, before: Found | undefined): Found | undefined {
  const head = AT.exec(text.slice(at, at + 60));
  // Behind a hunk, an empty quoted line may stand before an `@@`: there the marks are known.
  const follows = before !== undefined && text.slice(before.end, at) === ` ${before.marks} `;
  const marks = follows ? before.marks : marksBefore(text, at);
  if (!head || marks === '') return undefined;
  const counts = { old: Number(head[1] ?? 1), fresh: Number(head[2] ?? 1) };
  const hunk = onlyWay(text, at + head[0].length, marks, counts);
  if (!hunk) return undefined;
  const end = Math.max(0, at - marks.length - 2);
  const header = headerBefore(text, end, marks);
  const start = end - header.reduce((n, l) => n + l.length + marks.length + 2, 0);
  const above = [...header, text.slice(at, hunk.start)].map((line) => `${marks} ${line}`);
  return { start: Math.max(0, start), end: hunk.end, marks, lines: [...above, ...hunk.lines] };
}

function split(text: string): string[] {
  const lines: string[] = [];
  let before: Found | undefined;
  let from = 0;
  for (let at = text.indexOf('@@ -'); at >= 0; at = text.indexOf('@@ -', at + 4)) {
    const found = at >= from ? hunkAt(text, at, before) : undefined;
    // A hunk right behind another begins with the space that was its line end.
    if (!found || found.start < from - 1) continue;
    if (found.start > from) lines.push(text.slice(from, found.start));
    for (const line of found.lines) lines.push(line);
    // One space was the line end.
    from = found.end + 1;
    before = found;
  }
  return before && from > text.length ? lines : [...lines, text.slice(from)];
}

/** The mail with the lines of its hunks put back; undefined when it lost none, or none can be told. */
export function putBackLines(text: string, uri: string): DecodedMail | undefined {
  if (text.length > LONGEST || !text.includes('@@ -')) return undefined;
  const doc = readMailDocument(text, uri);
  const [message] = doc.messages;
  if (message?.lostLines !== true) return undefined;
  const lines: string[] = [];
  const rawLine: number[] = [];
  for (let n = 0; n < doc.lines.count; n++) {
    const put = n < message.bodyLine ? [doc.lines.line(n)] : split(doc.lines.line(n));
    for (const line of put) {
      lines.push(line);
      rawLine.push(n);
    }
  }
  if (lines.length === doc.lines.count) return undefined;
  const encodingLine = message.bodyLine;
  return {
    text: lines.join('\n'),
    rawLine,
    encodingLine,
    cause: 'lost-lines',
    messageId: undefined,
  };
}
