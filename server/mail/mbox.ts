import { isMailHeaders, readHeaders } from './headers.js';
import type { LineTable } from './lines.js';
import { readMail } from './single.js';
import type { LooseMessage, Problem } from './types.js';

/** `From sender Mon Sep 17 00:00:00 2001`: sender, then a ctime date, then perhaps a zone. */
const FROM =
  /^From \S+ {1,2}[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d (?:[A-Z+-]\S{0,5} )?\d{4}(?: [+-]\d{4})?$/;
/** The fixed date by which file(1) knows the output of git format-patch. */
const FORMAT_PATCH = /^From [0-9a-f]{40,64} Mon Sep 17 00:00:00 2001$/;

export function isFromLine(lines: LineTable, line: number): boolean {
  return lines.head(line, 5) === 'From ' && lines.length(line) < 400 && FROM.test(lines.line(line));
}

/** The same for a line that stands in no table. */
export function isFromText(text: string): boolean {
  return text.startsWith('From ') && text.length < 400 && FROM.test(text);
}

/** Whether a line that begins `>From ` (or `>>From `) is the escape of mboxrd and mboxo, not a quote. */
export function isEscapedFrom(text: string): boolean {
  let i = 0;
  while (text.charCodeAt(i) === 62) i++;
  return i > 0 && text.startsWith('From ', i);
}

/** Lines of the From_ lines that begin a message: at the top or after an empty line, with headers behind. */
function starts(lines: LineTable, from: number): number[] {
  const found: number[] = [];
  for (let at = from; at < lines.count; at++) {
    if (!isFromLine(lines, at) || (at > from && lines.length(at - 1) > 0)) continue;
    if (isMailHeaders(readHeaders(lines, at + 1, Math.min(lines.count, at + 200)))) found.push(at);
  }
  return found;
}

/** Messages of an mbox, or of git format-patch output, whose first From_ line is `from`. */
export function readMbox(
  lines: LineTable,
  from: number,
): { form: 'mbox' | 'mail'; messages: LooseMessage[]; problems: Problem[] } | undefined {
  const at = starts(lines, from);
  if (at.length === 0) return undefined;
  const messages: LooseMessage[] = [];
  const problems: Problem[] = [];
  at.forEach((start, i) => {
    const end = at[i + 1] ?? lines.count;
    const mail = readMail(lines, readHeaders(lines, start + 1, end), start, end);
    messages.push(mail.message);
    for (const problem of mail.problems) problems.push(problem);
  });
  const single = at.length === 1 && FORMAT_PATCH.test(lines.head(at[0] ?? 0, 200));
  return { form: single ? 'mail' : 'mbox', messages, problems };
}
