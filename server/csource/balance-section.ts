/** The text behind the second `@@` of a hunk: the line that git thinks the hunk stands in. */
import type { SectionKind } from './balance-cut.js';
import { lex } from './lexer.js';
import { KEYWORDS, pairBrackets } from './lexer-brackets.js';

export interface Section {
  readonly kind: SectionKind;
  /** For functions: the head with the parameters that were not cut, as a definition that parses; for types: the text. */
  readonly head: string;
  readonly name: string;
}

const NONE: Section = { kind: 'none', head: '', name: '' };

/** Reads a section line; it may be cut anywhere. */
export function readSection(section: string): Section {
  const text = section.trim();
  if (text === '' || text.endsWith(';') || /^\w+\s*:/.test(text)) return NONE;
  if (/=\s*\{?$/.test(text) || /\[[^\]]*\]\s*=/.test(text)) return { ...NONE, kind: 'init' };
  if (!text.includes('(')) {
    const tag = /\b(struct|union|enum)\s+\w+(?:\s+\w+)*\s*\{?$/.exec(text)?.[1];
    if (tag === undefined)
      return /^[\w\s*]+$/.test(text) ? { ...NONE, kind: 'type', head: text } : NONE;
    return { ...NONE, kind: tag === 'enum' ? 'enum' : 'record' };
  }
  return readHead(text);
}

function readHead(text: string): Section {
  const { tokens } = lex(text);
  const { match } = pairBrackets(tokens);
  let at = -1;
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i]?.text === '(') {
      const name = tokens[i - 1];
      if (
        name?.kind === 'id' &&
        !KEYWORDS.has(name.text) &&
        (at < 0 || !name.text.startsWith('__'))
      )
        at = i;
      if (at === i && !name?.text.startsWith('__')) break;
      const close = match[i] ?? -1;
      if (close < 0) break;
      i = close;
    }
  }
  const name = tokens[at - 1];
  const open = tokens[at];
  if (!name || !open) return NONE;
  const type = text.slice(0, name.start).trim() === '' ? 'int ' : '';
  const close = match[at] ?? -1;
  const end = close >= 0 ? (tokens[close]?.end ?? text.length) : lastComma(tokens, at);
  const body = text.slice(0, end).trimEnd();
  return { kind: 'function', name: name.text, head: `${type}${body}${close >= 0 ? '' : ')'} {}` };
}

/** End of the last whole parameter of the list opened at `open`. */
function lastComma(tokens: ReturnType<typeof lex>['tokens'], open: number): number {
  let depth = 0;
  let end = tokens[open]?.end ?? 0;
  for (let i = open + 1; i < tokens.length; i++) {
    const text = tokens[i]?.text;
    if (text === '(' || text === '[') depth++;
    else if (text === ')' || text === ']') depth--;
    else if (text === ',' && depth === 0) end = tokens[i]?.start ?? end;
  }
  return end;
}
