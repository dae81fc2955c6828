/**
 * C text → tokens with exact offsets. Only what masking and balancing need: it never fails and
 * knows no grammar. Comments and preprocessor directives are kept apart from the code tokens.
 */

export type TokenKind = 'id' | 'num' | 'str' | 'chr' | 'op';

export interface Token {
  readonly kind: TokenKind;
  /** Text of the token. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** First code token of its line. */
  readonly first: boolean;
}

export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Directive extends Range {
  /** `define`, `if`, `else` …; empty for a lone `#`. */
  readonly word: string;
}

export interface Lexed {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly comments: readonly Range[];
  readonly directives: readonly Directive[];
}

const OPERATOR = /(?:\.\.\.|<<=|>>=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|##|[^])/y;
const WORD = /[A-Za-z_$\u00a1-\uffff][\w$\u00a1-\uffff]*/y;
const NUMBER = /\.?\d[\w.]*/y;
const DIRECTIVE_WORD = /#[ \t]*\w*/y;

function matchAt(re: RegExp, text: string, at: number): string {
  re.lastIndex = at;
  return re.exec(text)?.[0] ?? '';
}

function kindAt(code: number, next: number): TokenKind {
  if (code === 34) return 'str';
  if (code === 39) return 'chr';
  if (code >= 48 && code <= 57) return 'num';
  if (code === 46 && next >= 48 && next <= 57) return 'num';
  if (
    (code >= 65 && code <= 90) ||
    (code >= 97 && code <= 122) ||
    code === 95 ||
    code === 36 ||
    code > 0xa0
  )
    return 'id';
  return 'op';
}

/** End of the string or character constant at `at`; an unclosed one ends with its line. */
function quoteEnd(text: string, at: number): number {
  const quote = text.charCodeAt(at);
  for (let i = at + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10) return i;
    if (c === quote) return i + 1;
    if (c === 92) i++;
  }
  return text.length;
}

/** End of the logical line at `at`: continuation lines and comments that span lines belong to it. */
function directiveEnd(text: string, at: number): number {
  let i = at;
  while (i < text.length) {
    const c = text.charCodeAt(i);
    const next = text.charCodeAt(i + 1);
    if (c === 10) return i;
    if (c === 92) i += next === 13 && text.charCodeAt(i + 2) === 10 ? 3 : 2;
    else if (c === 47 && (next === 42 || next === 47)) i = commentEnd(text, i);
    else if (c === 34) i = quoteEnd(text, i);
    else i++;
  }
  return text.length;
}

function tokenEnd(kind: TokenKind, text: string, at: number): number {
  switch (kind) {
    case 'str':
    case 'chr':
      return quoteEnd(text, at);
    case 'id':
      return at + matchAt(WORD, text, at).length;
    case 'num':
      return at + matchAt(NUMBER, text, at).length;
    case 'op':
      return at + matchAt(OPERATOR, text, at).length;
  }
}

function commentEnd(text: string, at: number): number {
  if (text.charCodeAt(at + 1) === 47) {
    const eol = text.indexOf('\n', at);
    return eol < 0 ? text.length : eol;
  }
  const close = text.indexOf('*/', at + 2);
  return close < 0 ? text.length : close + 2;
}

/** Splits `text`; the offsets are UTF-16 code units. Linear in its length. */
export function lex(text: string): Lexed {
  const tokens: Token[] = [];
  const comments: Range[] = [];
  const directives: Directive[] = [];
  let first = true;
  let i = 0;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    const next = text.charCodeAt(i + 1);
    if (code === 10) {
      first = true;
      i++;
    } else if (code <= 32 || code === 92 || (code >= 0x7f && code <= 0xa0)) {
      i++;
    } else if (code === 47 && (next === 42 || next === 47)) {
      const end = commentEnd(text, i);
      comments.push({ start: i, end });
      i = end;
    } else if (code === 35 && first) {
      const end = directiveEnd(text, i);
      directives.push({
        start: i,
        end,
        word: matchAt(DIRECTIVE_WORD, text, i).replace(/^#\s*/, ''),
      });
      i = end;
    } else {
      const kind = kindAt(code, next);
      const end = Math.max(i + 1, tokenEnd(kind, text, i));
      tokens.push({ kind, text: text.slice(i, end), start: i, end, first });
      first = false;
      i = end;
    }
  }
  return { text, tokens, comments, directives };
}
