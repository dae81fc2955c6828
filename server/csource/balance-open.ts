/** What goes in front of a cut piece: openers for the brackets that are closed in it. */
import { isFileScope, sameLine, textAt, type CutText, type Start } from './balance-cut.js';

const BINARY = new Set([
  '&&',
  '||',
  '|',
  '^',
  '/',
  '%',
  '<<',
  '>>',
  '<',
  '>',
  '<=',
  '>=',
  '==',
  '!=',
  '=',
  '+=',
  '-=',
  '*=',
  '/=',
  '|=',
  '&=',
  '^=',
  '%=',
  '<<=',
  '>>=',
  '->',
  ',',
  '?',
]);

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
export function openers(
  c: CutText,
  closers: readonly number[],
  start: Start,
  end: number,
): string[] {
  let insideInit = false;
  const out: string[] = [];
  for (const i of [...closers].reverse()) {
    const closer = textAt(c, i);
    if (i === end && start !== 'params') continue;
    const opener: string =
      closer === '}'
        ? openerOfBrace(c, i, start, insideInit)
        : closer === ']'
          ? '__x['
          : openerOfParenthesis(c, i, start, i === end);
    insideInit ||= opener.startsWith('struct __s __x');
    out.push(opener);
  }
  return out;
}

/** `x = 1; else …`: the piece begins in the branch of an `if` without braces that it does not show. */
function beginsInBranch(c: CutText): boolean {
  const end = c.tokens.findIndex((t, i) => t.text === ';' && c.brackets.parent[i] === -1);
  return (
    end >= 0 &&
    textAt(c, end + 1) === 'else' &&
    !c.tokens.slice(0, end).some((t, i) => t.text === 'if' && c.brackets.parent[i] === -1)
  );
}

/** What a first token needs in front of it. */
export function lead(c: CutText, start: Start, opened: readonly string[]): string {
  const first = textAt(c, 0);
  if (isFileScope(start) || start === 'signature') return '';
  if (first === 'else') return 'if (0) ;';
  if (beginsInBranch(c)) return 'if (0)';
  if (first === ':') return '__x ? __x';
  if (BINARY.has(first)) return '__x';
  if (first === '.' && start !== 'init' && !opened.some((o) => o.includes('= {')))
    return 'struct __s __x = {';
  return '';
}
