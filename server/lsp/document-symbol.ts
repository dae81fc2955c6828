/** The outline of a document: message, file, function. Pure. */
import type { DocumentSymbol, Range, SymbolInformation } from 'vscode-languageserver';
import { SymbolKind } from 'vscode-languageserver';
import type { DocumentParts, FunctionPlace } from '../analysis/parts.js';
import { fileSpan } from '../analysis/parts.js';
import type { Message } from '../mail/index.js';
import type { FilePatch } from '../patch/index.js';
import { clip, oneLine } from '../report/plain.js';
import { rangeOf } from './convert.js';

const WIDEST = 120;

/** A name as LSP wants it: safe, one line, never empty. */
function named(text: string, otherwise: string): string {
  const line = clip(oneLine(text), WIDEST);
  return line === '' ? otherwise : line;
}

function lines(first: number, last: number, parts: DocumentParts): Range {
  const end = Math.max(first, last);
  return {
    start: { line: first, character: 0 },
    end: { line: end, character: parts.mail.lines.length(end) },
  };
}

function functionSymbol({ name, at }: FunctionPlace): DocumentSymbol {
  const range = rangeOf(at);
  return {
    name: `${named(name, '?')}()`,
    kind: SymbolKind.Function,
    range,
    selectionRange: { start: range.start, end: range.start },
  };
}

/** Lines that a diff adds and takes away, `+3 −1`. */
export function countsOf(file: FilePatch): string {
  const marks = file.hunks.flatMap((hunk) => hunk.lines.map((line) => line.mark));
  const count = (mark: string): string => String(marks.filter((m) => m === mark).length);
  return `+${count('+')} −${count('-')}`;
}

function fileSymbol(file: FilePatch, parts: DocumentParts): DocumentSymbol {
  const { line, endLine } = fileSpan(file);
  return {
    name: named(file.path, '(hunk without file)'),
    detail: countsOf(file),
    kind: SymbolKind.File,
    range: lines(line, endLine, parts),
    selectionRange: lines(line, line, parts),
    children: parts.functionsOf(file).map(functionSymbol),
  };
}

/** Who wrote a message and when, `A B, 2025-08-04`. */
export function senderOf({ from, date }: Message): string {
  const who = from.name === '' ? (from.address ?? '') : from.name;
  return oneLine([who, date.iso?.slice(0, 10) ?? ''].filter((s) => s !== '').join(', '));
}

/** Editors keep the first line of what is around in sight, so that is the subject, not the envelope. */
function subjectLine({ startLine, bodyLine }: Message, { mail }: DocumentParts): number {
  for (let line = startLine; line < bodyLine; line++)
    if (/^subject:/i.test(mail.lines.head(line, 10))) return line;
  return startLine;
}

function messageSymbol(message: Message, parts: DocumentParts): DocumentSymbol {
  const own = parts.files.filter((f) => f.message === message.index && f.depth === 0);
  const first = subjectLine(message, parts);
  return {
    name: named(message.subject, '(no subject)'),
    detail: senderOf(message),
    kind: own.length > 0 ? SymbolKind.Package : SymbolKind.String,
    range: lines(first, message.endLine - 1, parts),
    selectionRange: lines(first, first, parts),
    children: own.map((file) => fileSymbol(file, parts)),
  };
}

/** Messages with their diffs; a text without headers has its files at the top. */
export function documentSymbols(parts: DocumentParts): DocumentSymbol[] {
  const { form, messages } = parts.mail;
  if (form === 'diff' || form === 'text')
    return parts.files.filter((f) => f.depth === 0).map((file) => fileSymbol(file, parts));
  return messages.map((message) => messageSymbol(message, parts));
}

/** The same for clients that know no hierarchy. */
export function flatSymbols(
  uri: string,
  symbols: readonly DocumentSymbol[],
  containerName?: string,
): SymbolInformation[] {
  return symbols.flatMap(({ name, kind, range, children }) => [
    {
      name,
      kind,
      location: { uri, range },
      ...(containerName === undefined ? {} : { containerName }),
    },
    ...flatSymbols(uri, children ?? [], name),
  ]);
}
