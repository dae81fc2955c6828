/** Where a cut piece begins: in a function, a signature, a struct, a table, or at file scope. */
import {
  atColumnZero,
  sameLine,
  textAt,
  type CutText,
  type SectionKind,
  type Start,
} from './balance-cut.js';
import { TYPE_KEYWORDS } from './mask-words.js';

const STATEMENT_WORDS = new Set([
  'if',
  'for',
  'while',
  'return',
  'goto',
  'switch',
  'break',
  'continue',
  'do',
]);

/** Whether the `}` at `i` ends a definition with `;` or a declarator rather than a function. */
function endsDefinition(c: CutText, i: number): boolean {
  const next = textAt(c, i + 1);
  return (
    sameLine(c, i, i + 1) &&
    (next === ';' || next === ',' || next === '[' || c.tokens[i + 1]?.kind === 'id')
  );
}

function isLabel(c: CutText, i: number): boolean {
  return textAt(c, i + 1) === ':' && textAt(c, i + 2) !== ':';
}

function hasFileScopeLine(c: CutText): boolean {
  return c.tokens.some(
    (t, i) =>
      t.kind === 'id' && c.brackets.parent[i] === -1 && atColumnZero(c, i) && !isLabel(c, i),
  );
}

function definitionStart(c: CutText, section: SectionKind): Start {
  if (textAt(c, 0) !== '{' && (section === 'record' || section === 'enum' || section === 'init'))
    return section;
  if (textAt(c, 0) === '.' || textAt(c, 0) === '[' || textAt(c, 0) === '{') return 'init';
  return c.tokens.some(
    (t, i) => t.text === ';' && c.brackets.parent[i] === -1 && i < c.tokens.length - 1,
  )
    ? 'record'
    : 'init';
}

/** `struct page *page, int n);`: the end of a prototype's parameters. */
function isPrototypeTail(c: CutText, closers: readonly number[]): boolean {
  const close = closers[0] ?? -1;
  return (
    textAt(c, close) === ')' &&
    textAt(c, close + 1) === ';' &&
    TYPE_KEYWORDS.has(textAt(c, 0)) &&
    !c.tokens.slice(0, close).some((t) => t.text === ';')
  );
}

/** `.name = …,` at the start, or `},` that no argument list follows. */
function isInitialiser(c: CutText, closers: readonly number[]): boolean {
  if (closers.some((i) => textAt(c, i) === ')')) return false;
  if (closers.some((i) => textAt(c, i) === '}' && textAt(c, i + 1) === ',')) return true;
  return textAt(c, 0) === '.' && c.tokens[1]?.kind === 'id' && closers.length === 0;
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
  // Cut in its parameters, one a line.
  if (c.brackets.match[1] === -1 && c.tokens[2]?.first) return true;
  const body = c.tokens.findIndex((t, i) => t.text === '{' && c.brackets.parent[i] === -1);
  const semicolon = c.tokens.findIndex((t, i) => t.text === ';' && c.brackets.parent[i] === -1);
  return body > 0 && atColumnZero(c, body) && (semicolon < 0 || body < semicolon);
}

/** Start of the piece and the index of the closer that ends it (-1: it goes on to the end). */
export function findStart(
  c: CutText,
  closers: readonly number[],
  section: SectionKind,
): { start: Start; end: number } {
  const end = closers.find((i) => textAt(c, i) === '}' && atColumnZero(c, i));
  if (end !== undefined)
    return { start: endsDefinition(c, end) ? definitionStart(c, section) : 'body', end };
  if (textAt(c, 0) === '{' && atColumnZero(c, 0)) return { start: 'signature', end: -1 };
  const params = closers.find((i) => textAt(c, i) === ')' && opensFunction(c, i + 1));
  if (params !== undefined) return { start: 'params', end: params };
  if (isPrototypeTail(c, closers)) return { start: 'file', end: -1 };
  if (isTypeless(c)) return { start: 'typeless', end: -1 };
  if (c.tokens.length === 0 || hasFileScopeLine(c)) return { start: 'file', end: -1 };
  const statements = c.tokens.some((t) => STATEMENT_WORDS.has(t.text));
  if (!statements && isInitialiser(c, closers)) return { start: 'init', end: -1 };
  if (!statements && (section === 'record' || section === 'enum' || section === 'init')) {
    return { start: textAt(c, 0) === '{' ? 'init' : section, end: -1 };
  }
  return { start: 'body', end: -1 };
}
