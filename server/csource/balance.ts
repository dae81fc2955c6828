/**
 * A piece cut out of a C file (the lines of a hunk) → text that parses: openers for what is closed in
 * it go in front, closers for what stays open go behind, a function cut at its start gets a head.
 * The piece keeps its length; only stray brackets and halves of comments in it are blanked.
 * Works on brackets, columns and a few neighbouring tokens; knows no function.
 */
import { isFileScope, type CutText, type SectionKind, type Start } from './balance-cut.js';
import { closePiece } from './balance-end.js';
import { lead, openers } from './balance-open.js';
import { findStart } from './balance-start.js';
import { lex, type Range } from './lexer.js';
import { pairBrackets } from './lexer-brackets.js';
import { brokenBranches } from './mask-cond.js';

export interface Balanced {
  /** Ends with a line break. */
  readonly prefix: string;
  /** Same length as the piece. */
  readonly text: string;
  /** Begins with a line break. */
  readonly suffix: string;
}

const HEADS: Readonly<Record<Start, string>> = {
  file: '',
  typeless: '',
  body: 'void __frag(void) {',
  params: '',
  signature: 'void __frag(void)',
  record: 'struct __s {',
  enum: 'enum __s {',
  init: 'struct __s __x = {',
};

function blankRanges(text: string, ranges: readonly Range[]): string {
  let out = text;
  for (const r of ranges)
    out =
      out.slice(0, r.start) + out.slice(r.start, r.end).replace(/[^\n\r]/g, ' ') + out.slice(r.end);
  return out;
}

/** Blanks halves of comments that begin before the piece or end behind it. */
function withoutCutComments(text: string): string {
  const lines = text.split('\n').filter((l) => l.trim() !== '');
  if (lines.length > 0 && lines.every((l) => /^\s*\*(?:\s|\/|$)/.test(l)))
    return blankRanges(text, [{ start: 0, end: text.length }]);
  const close = text.indexOf('*/');
  const open = text.indexOf('/*');
  const cut =
    close >= 0 &&
    (open < 0 || close < open) &&
    !/["']/.test(text.slice(0, close).split('\n').pop() ?? '');
  const head = cut ? blankRanges(text, [{ start: 0, end: close + 2 }]) : text;
  const last = lex(head).comments.at(-1);
  const unclosed =
    last &&
    head.startsWith('/*', last.start) &&
    (!head.endsWith('*/') || last.end - last.start < 4);
  return unclosed && last.end === head.length ? blankRanges(head, [last]) : head;
}

/** Closing brackets at depth 0 that nothing in the piece opens. */
function strayClosers(c: CutText): number[] {
  const out: number[] = [];
  c.tokens.forEach((t, i) => {
    const closes = t.kind === 'op' && (t.text === '}' || t.text === ')' || t.text === ']');
    if (closes && c.brackets.match[i] === -1) out.push(i);
  });
  return out;
}

/** Blanks the tail of a `#define` that began before the piece. */
function withoutCutMacro(text: string): string {
  const tail = /^(?:[^\n]*\\[ \t\r]*\n)+[^\n]*/.exec(text)?.[0] ?? '';
  return /^\s*#/.test(tail) ? text : blankRanges(text, [{ start: 0, end: tail.length }]);
}

/**
 * Makes `piece` a text that parses; `section` says what it stands in when its lines do not, `type` is
 * the result type for a function that begins without one.
 */
export function balance(piece: string, section: SectionKind, type = 'int'): Balanced {
  const text = withoutCutMacro(withoutCutComments(piece));
  const lexed = lex(text);
  const drop = brokenBranches(lexed);
  const tokens = lexed.tokens.filter(
    (t) => !drop.some((r) => t.start >= r.start && t.start < r.end),
  );
  const c: CutText = { text, tokens, brackets: pairBrackets(tokens) };
  const all = strayClosers(c);
  const { start, end } = findStart(c, all, section);
  const usable = all.filter((i) => c.brackets.parent[i] === -1 && (end < 0 || i <= end));
  const opened = openers(c, usable, start, end);
  const first = lead(c, start, opened);
  const pending = [
    ...(end < 0 && !isFileScope(start) && start !== 'signature' ? [HEADS[start]] : []),
    ...(first.endsWith('{') ? [first] : []),
  ];
  const stray = all
    .filter((i) => !usable.includes(i))
    .map((i) => ({ start: tokens[i]?.start ?? 0, end: tokens[i]?.end ?? 0 }));
  return {
    prefix: `${[start === 'typeless' ? type : HEADS[start], ...opened, first].filter((p) => p !== '').join(' ')}\n`,
    text: blankRanges(text, stray),
    suffix: `\n\n${closePiece(c, pending)}\n`,
  };
}
