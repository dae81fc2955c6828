/** A plain-text answer that quotes a hunk, with the schedule of the finding in it below. Pure. */
import type { Finding } from '../../shared/trace.js';
import type { DocumentParts } from '../analysis/parts.js';
import { fileSpan, hunkSpan } from '../analysis/parts.js';
import type { MailDocument, Message } from '../mail/index.js';
import type { FilePatch, Hunk } from '../patch/index.js';
import { oneLine, plain, wrap } from '../report/plain.js';

const COLUMNS = 72;

/** Lines of the document, 0-based, both included. */
export interface Lines {
  readonly line: number;
  readonly endLine: number;
}

interface Place {
  readonly file: FilePatch;
  readonly hunk: Hunk;
}

function placeAt({ files }: DocumentParts, line: number): Place | undefined {
  for (const file of files)
    for (const hunk of file.hunks) {
      const span = hunkSpan(hunk);
      if (span.line <= line && line <= span.endLine) return { file, hunk };
    }
  return undefined;
}

/** What is quoted: the lines that are selected, or the hunk or paragraph of the cursor. */
export function quotedLines(parts: DocumentParts, { line, endLine }: Lines): Lines {
  if (endLine > line) return { line, endLine };
  const place = placeAt(parts, line);
  if (place) return hunkSpan(place.hunk);
  const { lines } = parts.mail;
  const isText = (at: number): boolean => lines.head(at, 200).trim() !== '';
  let [from, to] = [line, line];
  while (from > 0 && isText(from - 1)) from--;
  while (to < lines.count - 1 && isText(to + 1)) to++;
  return { line: from, endLine: to };
}

function quoted(doc: MailDocument, { line, endLine }: Lines): string[] {
  const found: string[] = [];
  for (let at = line; at <= endLine; at++) {
    const text = plain(doc.lines.line(at)).trimEnd();
    found.push(text === '' ? '>' : text.startsWith('>') ? `>${text}` : `> ${text}`);
  }
  return found;
}

/** The names of file and function stand above a hunk whose header is not quoted itself. */
function above(parts: DocumentParts, what: Lines): string[] {
  const place = placeAt(parts, what.line);
  if (!place) return [];
  const { file, hunk } = place;
  const lines: string[] = [];
  const span = fileSpan(file);
  if (span.line < hunk.headerLine)
    lines.push(...quoted(parts.mail, { line: span.line, endLine: span.line }));
  if (what.line <= hunk.headerLine) return lines;
  lines.push(...quoted(parts.mail, { line: hunk.headerLine, endLine: hunk.headerLine }));
  return what.line === hunk.headerLine + 1 ? lines : [...lines, '> [...]'];
}

function headers({ from, subject, messageId, references }: Message): string[] {
  const re = /^re:/i.test(subject) ? '' : 'Re: ';
  const ids = [...references, ...(messageId === undefined ? [] : [messageId])];
  const address = from.address === undefined ? '' : ` <${from.address}>`;
  return [
    `To: ${oneLine(`${from.name}${address}`)}`,
    `Subject: ${re}${oneLine(subject)}`,
    ...(messageId === undefined ? [] : [`In-Reply-To: <${oneLine(messageId)}>`]),
    ...(ids.length === 0 ? [] : [`References: ${ids.map((id) => `<${oneLine(id)}>`).join('\n ')}`]),
    '',
  ];
}

function attribution({ from, date }: Message): readonly string[] {
  const who = from.name === '' ? (from.address ?? 'somebody') : from.name;
  const when = date.raw === '' ? '' : `On ${date.raw}, `;
  return wrap(oneLine(`${when}${who} wrote:`), COLUMNS);
}

/** The finding that the quoted lines have, the first of the most serious. */
export function findingIn(what: Lines, findings: readonly Finding[]): Finding | undefined {
  const order = ['error', 'warning', 'information', 'hint'];
  return findings
    .filter((f) =>
      [f.at, ...f.copies].some((at) => what.line <= at.line && at.line <= what.endLine),
    )
    .sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))[0];
}

/** The draft. `below`: what stands below the quotation, lines of at most 72 columns. */
export function draftReply(parts: DocumentParts, what: Lines, below: readonly string[]): string {
  const { mail } = parts;
  const message = mail.messages.find((m) => m.startLine <= what.line && what.line < m.endLine);
  const isMail = message !== undefined && mail.form !== 'diff' && mail.form !== 'text';
  return [
    ...(isMail ? headers(message) : []),
    ...(isMail ? attribution(message) : []),
    ...above(parts, what),
    ...quoted(mail, what),
    '',
    ...below,
    '',
  ].join('\n');
}

/** The words of a finding as lines of a mail. */
export function findingLines(finding: Finding): readonly string[] {
  return wrap(oneLine(finding.message), COLUMNS);
}
