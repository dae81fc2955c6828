/** Annotations of declarations and words that nobody told us about: blanked, and kept as attributes. */
import { KEYWORDS } from './lexer-brackets.js';
import { annotatesDeclarator } from './mask-scope.js';
import type { MaskState } from './mask-state.js';
import { ATTRIBUTE_CALLS, ATTRIBUTE_WORDS } from './mask-words.js';

const DECLARATION_WORDS = new Set([
  'static',
  'inline',
  'extern',
  'struct',
  'union',
  'enum',
  'void',
  'int',
  'char',
  'short',
  'long',
  'unsigned',
  'signed',
  'bool',
]);

/** Index of the closing parenthesis of the arguments of the word at `i`; `i` when it has none. */
function argumentsEnd(m: MaskState, i: number): number {
  return m.at(i + 1) === '(' ? Math.max(m.match(i + 1), i) : i;
}

export function maskAnnotation(m: MaskState, i: number): boolean {
  const text = m.at(i);
  const role = m.roles.get(i);
  const last = argumentsEnd(m, i);
  if (role === 'word' || role === 'attr') {
    m.attr(i, last);
    return true;
  }
  if (role !== undefined) return false;
  const prev = m.at(i - 1);
  if (prev === '.' || prev === '->') return false;
  const listed =
    last > i
      ? text.startsWith('__attribute') || (ATTRIBUTE_CALLS.has(text) && inRecord(m, i))
      : ATTRIBUTE_WORDS.has(text) && m.at(i + 1) !== '(';
  const placed =
    (last > i || inRecord(m, i)) && m.parent(i) >= 0 && annotatesDeclarator(m.tokens, i);
  if (!listed && !placed) return false;
  m.attr(i, last);
  return true;
}

function inRecord(m: MaskState, i: number): boolean {
  const open = m.parent(i);
  return open >= 0 && m.brackets.kind[open] === 'record';
}

/** An unknown word before a word that begins a declaration: `STATIC int f`, `noinline int f`. */
export function maskUnknownSpecifier(m: MaskState, i: number): boolean {
  if (!m.isId(i) || KEYWORDS.has(m.at(i)) || !DECLARATION_WORDS.has(m.at(i + 1))) return false;
  const prev = m.at(i - 1);
  if (
    prev === 'struct' ||
    prev === 'union' ||
    prev === 'enum' ||
    prev === 'goto' ||
    prev === '.' ||
    prev === '->'
  )
    return false;
  m.attr(i, i);
  return true;
}
