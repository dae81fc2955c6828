/**
 * Kernel C → text of the same length that the C grammar reads without errors, and a record of
 * what was taken out: annotations, types as arguments, statement macros. Names and text are always
 * read from the original by offset, never from the masked text. Knows syntax classes and a word list
 * (mask-words.ts), no function. Never fails.
 */
import type { Loc } from './ast.js';
import { lex, type Lexed, type Range, type Token } from './lexer.js';
import { KEYWORDS, pairBrackets } from './lexer-brackets.js';
import { maskAnnotation, maskUnknownSpecifier } from './mask-attr.js';
import {
  maskAtomic,
  maskCaseRange,
  maskLoop,
  maskMemberMacro,
  maskStaticCall,
  maskSyscall,
} from './mask-body.js';
import { readScope } from './mask-scope.js';
import { maskOffsetof, maskTypeArgument, maskTypeof } from './mask-types.js';
import { ALIGNOF_WORDS } from './mask-words.js';
import { MaskState, type Masked } from './mask-state.js';

export type { Masked } from './mask-state.js';

/** `__alignof__(x)` takes expressions too: read as a plain call. */
function maskAlignof(m: MaskState, i: number): boolean {
  if (!ALIGNOF_WORDS.has(m.at(i)) || m.at(i + 1) !== '(') return false;
  m.put(m.start(i), 'A');
  return true;
}

/** An argument that is an operator: `ASSERTCMP(a, ==, b)`. */
function maskOperatorArgument(m: MaskState, i: number): boolean {
  if (
    m.tokens[i]?.kind !== 'op' ||
    m.at(i - 1) !== ',' ||
    m.at(i + 1) !== ',' ||
    m.at(m.parent(i)) !== '('
  )
    return false;
  m.blank(m.start(i), m.end(i));
  m.put(m.start(i), 'O');
  m.fills.add(m.start(i));
  return true;
}

/** `KERN_INFO NAME "text"`: the grammar takes one identifier before a string. */
function maskStringPrefix(m: MaskState, i: number): boolean {
  if (!m.isId(i) || !m.isId(i + 1) || m.tokens[i + 2]?.kind !== 'str' || KEYWORDS.has(m.at(i)))
    return false;
  m.blank(m.start(i), m.end(i));
  return true;
}

function maskTopCall(m: MaskState, i: number): boolean {
  if (m.roles.get(i) !== 'topcall') return false;
  const close = m.match(i + 1);
  if (close < 0) return false;
  const start = m.start(i);
  // Statements as arguments (trace events) and empty arguments are no expressions.
  if (isExpressionList(m, i + 1, close)) m.extract(start, m.end(close));
  m.topCalls.push({ name: m.at(i), start, end: m.end(close) });
  return true;
}

function isExpressionList(m: MaskState, open: number, close: number): boolean {
  for (let i = open; i < close; i++) {
    const text = m.at(i);
    if (
      text === ';' ||
      ((text === '(' || text === ',') && m.at(i + 1) === ',') ||
      (text === ',' && m.at(i + 1) === ')')
    )
      return false;
  }
  return true;
}

const RULES: readonly ((m: MaskState, i: number) => boolean)[] = [
  maskSyscall,
  maskTopCall,
  maskTypeArgument,
  maskAnnotation,
  maskTypeof,
  maskOffsetof,
  maskAlignof,
  maskAtomic,
  maskCaseRange,
  maskMemberMacro,
  maskLoop,
  maskStaticCall,
  maskUnknownSpecifier,
  maskStringPrefix,
];

function blankOutside(m: MaskState, lexed: Lexed, drop: readonly Range[]): void {
  for (const r of [...lexed.comments, ...lexed.directives, ...drop]) m.blank(r.start, r.end);
  for (let i = lexed.text.indexOf('\u00a0'); i >= 0; i = lexed.text.indexOf('\u00a0', i + 1))
    m.blank(i, i + 1);
}

function keep(tokens: readonly Token[], drop: readonly Range[]): readonly Token[] {
  if (drop.length === 0) return tokens;
  return tokens.filter((t) => !drop.some((r) => t.start >= r.start && t.start < r.end));
}

/** Segments that are nothing but a macro call have no declaration left in them. */
function blankTopCalls(m: MaskState, segments: readonly Range[]): void {
  const starts = m.topCalls.map((c) => c.start);
  for (const s of segments)
    if (starts.some((at) => at >= s.start && at < s.end)) m.blank(s.start, s.end);
}

/**
 * Masks `text`. `loc` maps its offsets to a place in the source; ranges in `drop` (branches of
 * conditionals) are left out.
 */
export function mask(
  text: string,
  loc: (start: number, end: number) => Loc,
  drop: readonly Range[] = [],
  lexed: Lexed = lex(text),
): Masked {
  const tokens = keep(lexed.tokens, drop);
  const brackets = pairBrackets(tokens);
  const scope = readScope(tokens, brackets);
  const m = new MaskState(lexed, tokens, brackets, scope.roles, scope.inValue, loc);
  blankOutside(m, lexed, drop);
  // From the end: what is nested is masked before what contains it is taken out.
  for (let i = tokens.length - 1; i >= 0; i--) {
    if (tokens[i]?.kind !== 'id') maskOperatorArgument(m, i);
    else for (const rule of RULES) if (rule(m, i)) break;
  }
  m.attrs.reverse();
  m.topCalls.reverse();
  blankTopCalls(m, scope.segments);
  return {
    original: text,
    text: m.text,
    lexed,
    attrs: m.attrs,
    holes: m.holes,
    extracts: m.extracts,
    topCalls: m.topCalls,
    segments: scope.segments,
    loops: m.loops,
    atomics: m.atomics,
    caseHighs: m.caseHighs,
    moved: m.moved,
    fills: m.fills,
    dropped: m.dropped,
  };
}
