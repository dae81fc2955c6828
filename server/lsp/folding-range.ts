/** What can be folded: messages, quotations, diffs, hunks. Pure. */
import type { FoldingRange } from 'vscode-languageserver';
import { FoldingRangeKind } from 'vscode-languageserver';
import type { DocumentParts } from '../analysis/parts.js';
import { fileSpan, hunkSpan } from '../analysis/parts.js';
import type { MailDocument, Message } from '../mail/index.js';
import { quoteAt } from '../mail/index.js';

/** Quotations deeper than this fold with the one around them. */
const DEEPEST = 6;

function fold(startLine: number, endLine: number, kind?: FoldingRangeKind): FoldingRange[] {
  if (endLine <= startLine) return [];
  return [{ startLine, endLine, ...(kind === undefined ? {} : { kind }) }];
}

/** Last line of a message that says something. */
function lastLine(mail: MailDocument, message: Message): number {
  let line = message.endLine - 1;
  while (line > message.startLine && mail.lines.head(line, 80).trim() === '') line--;
  return line;
}

/** Runs of lines that are quoted at least so deep, for each depth. */
function quotes(mail: MailDocument, message: Message): FoldingRange[] {
  const found: FoldingRange[] = [];
  const open: number[] = [];
  for (let line = message.bodyLine; line <= message.endLine; line++) {
    const depth = line < message.endLine ? Math.min(DEEPEST, quoteAt(mail, line).depth) : 0;
    while (open.length > depth)
      found.push(...fold(open.pop() ?? line, line - 1, FoldingRangeKind.Comment));
    while (open.length < depth) open.push(line);
  }
  return found;
}

/** In order of their first lines, the larger of two first. */
export function foldingRanges({ mail, files }: DocumentParts): FoldingRange[] {
  const isMail = mail.form !== 'diff' && mail.form !== 'text';
  const messages = isMail ? mail.messages : [];
  const found = [
    ...messages.flatMap((m) => fold(m.startLine, lastLine(mail, m))),
    ...mail.messages.flatMap((m) => quotes(mail, m)),
    ...files.flatMap((file) => {
      const { line, endLine } = fileSpan(file);
      return fold(line, endLine);
    }),
    ...files.flatMap(({ hunks }) =>
      hunks.flatMap((hunk) => {
        const { line, endLine } = hunkSpan(hunk);
        return fold(line, endLine);
      }),
    ),
  ];
  return found.sort((a, b) => a.startLine - b.startLine || b.endLine - a.endLine);
}
