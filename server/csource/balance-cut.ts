/** A piece cut out of a C file, its tokens, and small questions about what stands where in it. */
import type { Token } from './lexer.js';
import type { Brackets } from './lexer-brackets.js';

/** What the text of the @@ line says the piece stands in; `type`: a line with nothing but a result type. */
export type SectionKind = 'function' | 'record' | 'enum' | 'init' | 'type' | 'none';

/** Where the piece begins. */
export type Start =
  'file' | 'typeless' | 'body' | 'params' | 'signature' | 'record' | 'enum' | 'init';

export interface CutText {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly brackets: Brackets;
}

export function atColumnZero(c: CutText, i: number): boolean {
  const t = c.tokens[i];
  return t !== undefined && (t.start === 0 || c.text.charAt(t.start - 1) === '\n');
}

export function sameLine(c: CutText, i: number, k: number): boolean {
  const a = c.tokens[i];
  const b = c.tokens[k];
  return a !== undefined && b !== undefined && !c.text.slice(a.end, b.start).includes('\n');
}

export function isFileScope(start: Start): boolean {
  return start === 'file' || start === 'typeless';
}

export function textAt(c: CutText, i: number): string {
  return c.tokens[i]?.text ?? '';
}
