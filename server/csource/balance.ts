/**
 * A piece cut out of a C file (the lines of a hunk) → text that parses: openers for what is closed in
 * it go in front, closers for what stays open go behind, a function cut at its start gets a head.
 * The piece keeps its length; only stray brackets and halves of comments in it are blanked.
 * Works on brackets, columns and a few neighbouring tokens; knows no function.
 */
import { closePiece } from './balance-end.js';
import { lex, type Range, type Token } from './lexer.js';
import { pairBrackets, type Brackets } from './lexer-brackets.js';
import { brokenBranches } from './mask-cond.js';

/** What the text of the @@ line says the piece stands in; `type`: a line with nothing but a result type. */
export type SectionKind = 'function' | 'record' | 'enum' | 'init' | 'type' | 'none';

export interface Balanced {
  /** Ends with a line break. */
  readonly prefix: string;
  /** Same length as the piece. */
  readonly text: string;
  /** Begins with a line break. */
  readonly suffix: string;
}

/** Where the piece begins. */
type Start = 'file' | 'typeless' | 'body' | 'params' | 'signature' | 'record' | 'enum' | 'init';

export interface CutText {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly brackets: Brackets;
}

const HEADS: Readonly<Record<Start, string>> = {
  file: '', typeless: '', body: 'void __frag(void) {', params: '', signature: 'void __frag(void)',
  record: 'struct __s {', enum: 'enum __s {', init: 'struct __s __x = {',
};

const STATEMENT_WORDS = new Set(['if', 'for', 'while', 'return', 'goto', 'switch', 'break', 'continue', 'do']);
const BINARY = new Set([
  '&&', '||', '|', '^', '/', '%', '<<', '>>', '<', '>', '<=', '>=', '==', '!=', '=', '+=', '-=', '*=', '/=', '|=', '&=', '^=', '%=', '<<=', '>>=',
  '->', ',', '?',
]);

function atColumnZero(c: CutText, i: number): boolean {
  const t = c.tokens[i];
  return t !== undefined && (t.start === 0 || c.text.charAt(t.start - 1) === '\n');
}

function sameLine(c: CutText, i: number, k: number): boolean {
  const a = c.tokens[i];
  const b = c.tokens[k];
  return a !== undefined && b !== undefined && !c.text.slice(a.end, b.start).includes('\n');
}

function isFileScope(start: Start): boolean {
  return start === 'file' || start === 'typeless';
}

function textAt(c: CutText, i: number): string {
  return c.tokens[i]?.text ?? '';
}

function blankRanges(text: string, ranges: readonly Range[]): string {
  let out = text;
  for (const r of ranges) out = out.slice(0, r.start) + out.slice(r.start, r.end).replace(/[^\n\r]/g, ' ') + out.slice(r.end);
  return out;
}

/** Blanks halves of comments that begin before the piece or end behind it. */
function withoutCutComments(text: string): string {
  const lines = text.split('\n').filter((l) => l.trim() !== '');
  if (lines.length > 0 && lines.every((l) => /^\s*\*(?:\s|\/|$)/.test(l))) return blankRanges(text, [{ start: 0, end: text.length }]);
  const close = text.indexOf('*/');
  const open = text.indexOf('/*');
  const cut = close >= 0 && (open < 0 || close < open) && !/["']/.test(text.slice(0, close).split('\n').pop() ?? '');
  const head = cut ? blankRanges(text, [{ start: 0, end: close + 2 }]) : text;
  const last = lex(head).comments.at(-1);
  const unclosed = last && head.startsWith('/*', last.start) && (!head.endsWith('*/') || last.end - last.start < 4);
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

/** Whether the `}` at `i` ends a definition with `;` or a declarator rather than a function. */
function endsDefinition(c: CutText, i: number): boolean {
  const next = textAt(c, i + 1);
  return sameLine(c, i, i + 1) && (next === ';' || next === ',' || next === '[' || c.tokens[i + 1]?.kind === 'id');
}

function isLabel(c: CutText, i: number): boolean {
  return textAt(c, i + 1) === ':' && textAt(c, i + 2) !== ':';
}

function hasFileScopeLine(c: CutText): boolean {
  return c.tokens.some((t, i) => t.kind === 'id' && c.brackets.parent[i] === -1 && atColumnZero(c, i) && !isLabel(c, i));
}

function definitionStart(c: CutText, section: SectionKind): Start {
  if (textAt(c, 0) !== '{' && (section === 'record' || section === 'enum' || section === 'init')) return section;
  if (textAt(c, 0) === '.' || textAt(c, 0) === '[' || textAt(c, 0) === '{') return 'init';
  return c.tokens.some((t, i) => t.text === ';' && c.brackets.parent[i] === -1 && i < c.tokens.length - 1) ? 'record' : 'init';
}

/** Annotations, then the `{` of a function at token `i`. */
function opensFunction(c: CutText, i: number): boolean {
  let at = i;
  while (c.tokens[at]?.kind === 'id') {
    const close = textAt(c, at + 1) === '(' ? (c.brackets.match[at + 1] ?? -1) : at;
    if (close < 0) return false;
    at = close + 1;
  }
  return textAt(c, at) === '{' && atColumnZero(c, at);
}

/** A function whose result type stands on the line before the piece. */
function isTypeless(c: CutText): boolean {
  if (c.tokens[0]?.kind !== 'id' || textAt(c, 1) !== '(' || !atColumnZero(c, 0)) return false;
  const body = c.tokens.findIndex((t, i) => t.text === '{' && c.brackets.parent[i] === -1);
  const semicolon = c.tokens.findIndex((t, i) => t.text === ';' && c.brackets.parent[i] === -1);
  return body > 0 && atColumnZero(c, body) && (semicolon < 0 || body < semicolon);
}

/** Start of the piece and the index of the closer that ends it (-1: it goes on to the end). */
function findStart(c: CutText, closers: readonly number[], section: SectionKind): { start: Start; end: number } {
  const end = closers.find((i) => textAt(c, i) === '}' && atColumnZero(c, i));
  if (end !== undefined) return { start: endsDefinition(c, end) ? definitionStart(c, section) : 'body', end };
  if (textAt(c, 0) === '{' && atColumnZero(c, 0)) return { start: 'signature', end: -1 };
  const params = closers.find((i) => textAt(c, i) === ')' && opensFunction(c, i + 1));
  if (params !== undefined) return { start: 'params', end: params };
  if (isTypeless(c)) return { start: 'typeless', end: -1 };
  if (c.tokens.length === 0 || hasFileScopeLine(c)) return { start: 'file', end: -1 };
  const statements = c.tokens.some((t) => STATEMENT_WORDS.has(t.text));
  if (!statements && (section === 'record' || section === 'enum' || section === 'init')) {
    return { start: textAt(c, 0) === '{' ? 'init' : section, end: -1 };
  }
  return { start: 'body', end: -1 };
}

/** `} while (…);` on one line. */
function endsDoWhile(c: CutText, i: number): boolean {
  if (textAt(c, i + 1) !== 'while' || !sameLine(c, i, i + 1)) return false;
  const close = c.brackets.match[i + 2] ?? -1;
  return close < 0 || textAt(c, close + 1) === ';';
}

function openerOfBrace(c: CutText, i: number, start: Start, insideInit: boolean): string {
  const next = textAt(c, i + 1);
  if (endsDoWhile(c, i)) return 'do {';
  if (next === ')') return '{';
  if (start === 'record' && (next === ';' || c.tokens[i + 1]?.kind === 'id')) return 'struct {';
  if (start === 'init' || insideInit) return '{';
  if (next === ',' || next === ';') return 'struct __s __x = {';
  return 'if (0) {';
}

function openerOfParenthesis(c: CutText, i: number, start: Start, isEnd: boolean): string {
  const next = c.tokens[i + 1];
  if (isEnd) return 'void __frag(';
  if (textAt(c, i - 1) === '}' && c.brackets.match[i - 1] === -1) return '(';
  if (isFileScope(start) && next?.text === ';') return 'void __c(';
  if (next?.text === '{' || (next?.kind === 'id' && next.first)) return 'if (';
  return '__c(';
}

/** Openers for the stray closers, outermost first. */
function openers(c: CutText, closers: readonly number[], start: Start, end: number): string[] {
  let insideInit = false;
  const out: string[] = [];
  for (const i of [...closers].reverse()) {
    const closer = textAt(c, i);
    if (i === end && start !== 'params') continue;
    const opener: string = closer === '}' ? openerOfBrace(c, i, start, insideInit) : closer === ']' ? '__x[' : openerOfParenthesis(c, i, start, i === end);
    insideInit ||= opener.startsWith('struct __s __x');
    out.push(opener);
  }
  return out;
}

/** What a first token needs in front of it. */
function lead(c: CutText, start: Start, opened: readonly string[]): string {
  const first = textAt(c, 0);
  if (isFileScope(start) || start === 'signature') return '';
  if (first === 'else') return 'if (0) ;';
  if (first === ':') return '__x ? __x';
  if (BINARY.has(first)) return '__x';
  if (first === '.' && start !== 'init' && !opened.some((o) => o.includes('= {'))) return 'struct __s __x = {';
  return '';
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
  const tokens = lexed.tokens.filter((t) => !drop.some((r) => t.start >= r.start && t.start < r.end));
  const c: CutText = { text, tokens, brackets: pairBrackets(tokens) };
  const all = strayClosers(c);
  const { start, end } = findStart(c, all, section);
  const usable = all.filter((i) => c.brackets.parent[i] === -1 && (end < 0 || i <= end));
  const opened = openers(c, usable, start, end);
  const first = lead(c, start, opened);
  const pending = [...(end < 0 && !isFileScope(start) && start !== 'signature' ? [HEADS[start]] : []), ...(first.endsWith('{') ? [first] : [])];
  const stray = all.filter((i) => !usable.includes(i)).map((i) => ({ start: tokens[i]?.start ?? 0, end: tokens[i]?.end ?? 0 }));
  return {
    prefix: `${[start === 'typeless' ? type : HEADS[start], ...opened, first].filter((p) => p !== '').join(' ')}\n`,
    text: blankRanges(text, stray),
    suffix: `\n\n${closePiece(c, pending)}\n`,
  };
}
