/**
 * Brackets of a token list: partners, nesting, and what each `{` opens. Unmatched brackets have
 * no partner and do not disturb the rest more than they must.
 */
import type { Token } from './lexer.js';

/** What a `{` opens; parentheses and square brackets are `other`. */
export type BraceKind = 'body' | 'record' | 'enum' | 'init' | 'other';

export interface Brackets {
  /** Index of the partner, -1 for other tokens and unmatched brackets. */
  readonly match: Int32Array;
  /** Index of the innermost enclosing open bracket, -1 at file scope. */
  readonly parent: Int32Array;
  /** Per `{` token. */
  readonly kind: readonly (BraceKind | undefined)[];
  /** Brackets still open at the end, outermost first. */
  readonly open: readonly number[];
}

const CLOSER: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Words that start no expression and no call. */
export const KEYWORDS: ReadonlySet<string> = new Set([
  'auto',
  'break',
  'case',
  'char',
  'const',
  'continue',
  'default',
  'do',
  'double',
  'else',
  'enum',
  'extern',
  'float',
  'for',
  'goto',
  'if',
  'inline',
  'int',
  'long',
  'register',
  'return',
  'short',
  'signed',
  'sizeof',
  'static',
  'struct',
  'switch',
  'typedef',
  'union',
  'unsigned',
  'void',
  'volatile',
  'while',
  'asm',
  '__asm__',
  'typeof',
  '__typeof__',
  '_Bool',
]);

function isTag(t: Token | undefined): boolean {
  return t?.text === 'struct' || t?.text === 'union' || t?.text === 'enum';
}

/** Kind of the `{` at `i`, from the tokens before it and the bracket it stands in. */
function braceKind(
  tokens: readonly Token[],
  i: number,
  outer: BraceKind | undefined,
  match: Int32Array,
): BraceKind {
  const prev = tokens[i - 1];
  for (let k = i - 1; k >= Math.max(0, i - 4); k--) {
    const t = tokens[k];
    if (isTag(t)) return t?.text === 'enum' ? 'enum' : 'record';
    if (t?.kind !== 'id') break;
  }
  if (!prev) return 'body';
  if (prev.text === '=' || prev.text === ',' || prev.text === '[' || prev.text === ']')
    return 'init';
  if (prev.text === '{') return outer === 'init' ? 'init' : 'body';
  if (prev.text === 'return') return 'init';
  if (prev.text === ')') {
    const open = match[i - 1] ?? -1;
    const before = tokens[open - 1];
    // `(struct x){…}` stands where an expression may stand; a header or signature follows a name.
    if (
      before?.kind === 'op' &&
      before.text !== ')' &&
      before.text !== ']' &&
      before.text !== ';' &&
      before.text !== '}' &&
      before.text !== '{'
    )
      return 'init';
    if (before?.text === 'return') return 'init';
  }
  return 'body';
}

/** Pairs all brackets of `tokens`. */
export function pairBrackets(tokens: readonly Token[]): Brackets {
  const match = new Int32Array(tokens.length).fill(-1);
  const parent = new Int32Array(tokens.length).fill(-1);
  const kind: (BraceKind | undefined)[] = [];
  const stack: number[] = [];
  const top = (): number => stack[stack.length - 1] ?? -1;
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i];
    if (t?.kind !== 'op') {
      parent[i] = top();
      continue;
    }
    if (t.text === '}' || t.text === ')' || t.text === ']') {
      const at = partner(tokens, stack, t.text);
      if (at >= 0) {
        const open = stack[at] ?? -1;
        stack.length = at;
        match[i] = open;
        match[open] = i;
      } else if (t.text === '}') {
        // What was open before a brace that nobody opened is not open behind it.
        stack.length = 0;
      }
      parent[i] = top();
      continue;
    }
    parent[i] = top();
    if (t.text in CLOSER) {
      if (t.text === '{') {
        const outer = kind[top()];
        kind[i] = braceKind(tokens, i, outer, match);
      }
      stack.push(i);
    }
  }
  return { match, parent, kind, open: stack };
}

/** Stack position of the bracket that `close` ends; a `}` also ends what was left open inside it. */
function partner(tokens: readonly Token[], stack: readonly number[], close: string): number {
  for (let k = stack.length - 1; k >= 0; k--) {
    const open = tokens[stack[k] ?? -1]?.text ?? '';
    if (CLOSER[open] === close) return k;
    if (close !== '}' && open === '{') return -1;
  }
  return -1;
}
