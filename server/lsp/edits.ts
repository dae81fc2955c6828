/** Moving ranges with edits, so that a report stays on its line until it is decided again. Pure. */
import type { DocRange } from '../../shared/trace.js';

interface Point {
  readonly line: number;
  readonly character: number;
}

/** One change as LSP sends it; without a range the whole text is replaced. */
export interface Edit {
  readonly range?: { readonly start: Point; readonly end: Point };
  readonly text: string;
}

export interface Moved {
  readonly range: DocRange;
  /** The edit changed something inside the range. */
  readonly touched: boolean;
}

function isBefore(a: Point, b: Point): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}

/** Where the end of the inserted text is. */
function insertedEnd(start: Point, text: string): Point {
  const lines = text.split('\n');
  const last = lines.at(-1) ?? '';
  if (lines.length === 1) return { line: start.line, character: start.character + last.length };
  return { line: start.line + lines.length - 1, character: last.length };
}

/** A point at or behind the end of the edit, after it. */
function shifted(p: Point, end: Point, newEnd: Point): Point {
  if (p.line !== end.line) return { line: p.line + newEnd.line - end.line, character: p.character };
  return { line: newEnd.line, character: newEnd.character + p.character - end.character };
}

/** The range after one edit of its document. */
export function moved(range: DocRange, edit: Edit): Moved {
  if (!edit.range) return { range, touched: true };
  const { start, end } = edit.range;
  const from: Point = { line: range.line, character: range.character };
  const to: Point = { line: range.endLine, character: range.endCharacter };
  if (!isBefore(start, to)) return { range, touched: false };
  const newEnd = insertedEnd(start, edit.text);
  const place = (p: Point): Point =>
    isBefore(p, end) ? (isBefore(p, start) ? p : newEnd) : shifted(p, end, newEnd);
  const a = place(from);
  const b = place(to);
  const whole: DocRange = {
    uri: range.uri,
    line: a.line,
    character: a.character,
    endLine: b.line,
    endCharacter: b.character,
  };
  return { range: whole, touched: isBefore(from, end) };
}
