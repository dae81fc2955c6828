/** The end of a cut piece: what completes its last statement and closes what stays open. */
import { textAt, type CutText } from './balance-cut.js';

const OPERAND_MISSING = new Set([
  ',',
  '=',
  '+',
  '-',
  '*',
  '/',
  '%',
  '&',
  '|',
  '^',
  '!',
  '~',
  '&&',
  '||',
  '<<',
  '>>',
  '<',
  '>',
  '<=',
  '>=',
  '==',
  '!=',
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
  '.',
  '->',
  '[',
]);

/** `type name(` at file scope: a function's parameters. */
function isSignature(c: CutText, open: number): boolean {
  if (c.brackets.parent[open] !== -1 || c.tokens[open - 1]?.kind !== 'id') return false;
  if (open === 1) return c.brackets.match[open] === -1 && c.tokens[2]?.first === true;
  const before = c.tokens[open - 2];
  return before?.text === '*' || (before?.kind === 'id' && textAt(c, open - 1) !== '');
}

/** The signature that the last token, outside all brackets, belongs to. */
function endsSignature(c: CutText): boolean {
  for (let i = c.tokens.length - 1; i >= 0; i--) {
    const text = textAt(c, i);
    if (text === ')') {
      const open = c.brackets.match[i] ?? -1;
      if (open < 0) return textAt(c, i + 1) !== ';';
      if (isSignature(c, open)) return true;
      i = open;
    } else if (text === ';' || text === '}' || text === '=' || text === '{') return false;
  }
  return false;
}

class Closer {
  #out = '';
  /** The text so far ends in the middle of a statement. */
  #unfinished: boolean;
  readonly #last: string;

  constructor(readonly c: CutText) {
    const n = c.tokens.length;
    this.#last = textAt(c, n - 1);
    this.#unfinished = n > 0 && !this.#isComplete(n - 1);
  }

  #isComplete(i: number): boolean {
    const text = textAt(this.c, i);
    if (text === ';' || text === '{') return true;
    if (text !== '}') return false;
    const open = this.c.brackets.match[i] ?? -1;
    if (open < 0) return true;
    return this.c.brackets.kind[open] === 'body' && textAt(this.c, open - 1) !== 'do';
  }

  #emit(text: string): void {
    this.#out += ` ${text}`;
  }

  /** Completes an expression that ends in an operator. */
  operand(): void {
    if (this.#last === 'default') this.#emit(':');
    else if (this.#last === '?') this.#emit('__x : __x');
    else if (this.#last === ',' && this.#signatureOpen()) this.#emit('int __x');
    else if (OPERAND_MISSING.has(this.#last) || (this.#last === ':' && this.#inParentheses()))
      this.#emit('__x');
  }

  #innermost(): number {
    return this.c.brackets.open.at(-1) ?? -1;
  }

  #signatureOpen(): boolean {
    const open = this.#innermost();
    return textAt(this.c, open) === '(' && isSignature(this.c, open);
  }

  #inParentheses(): boolean {
    return textAt(this.c, this.#innermost()) === '(';
  }

  /** Ends the current statement. */
  finish(): void {
    if (!this.#unfinished) return;
    this.#unfinished = false;
    const n = this.c.tokens.length;
    const open = this.c.brackets.match[n - 1] ?? -1;
    const doBlock = this.#out === '' && this.#last === '}' && textAt(this.c, open - 1) === 'do';
    if (doBlock) this.#emit('while (0);');
    else if (this.#out === '' && this.#last === 'do') this.#emit('; while (0);');
    else this.#emit(';');
  }

  close(i: number): void {
    const text = textAt(this.c, i);
    if (text === '(') this.#closeParenthesis(i);
    else if (text === '[') this.#emit(']');
    else this.#closeBrace(i);
  }

  #closeParenthesis(i: number): void {
    if (textAt(this.c, i - 1) === 'for')
      this.#emit(';'.repeat(Math.max(0, 2 - this.#semicolons(i))));
    this.#emit(')');
    this.#unfinished = true;
    if (isSignature(this.c, i)) {
      this.#emit('{}');
      this.#unfinished = false;
    }
  }

  #semicolons(open: number): number {
    return this.c.tokens.filter((t, k) => t.text === ';' && this.c.brackets.parent[k] === open)
      .length;
  }

  #closeBrace(i: number): void {
    const kind = this.c.brackets.kind[i];
    if (kind === 'body' || kind === 'record') this.finish();
    this.#emit('}');
    if (textAt(this.c, i - 1) === 'do') this.#emit('while (0);');
    this.#unfinished = kind !== 'body';
  }

  /** Closes a head that was put in front of the piece. */
  closeHead(head: string): void {
    if (!head.includes('=') && !head.startsWith('enum')) this.finish();
    this.#emit(head.startsWith('void') ? '}' : '};');
    this.#unfinished = false;
  }

  end(): string {
    if (this.#unfinished && this.#out === '') {
      if (endsSignature(this.c)) return '{}';
      // A result type on a line of its own.
      if (/^[\w*]/.test(this.#last) && this.c.brackets.open.length === 0) return '__x;';
    }
    this.finish();
    return this.#out;
  }
}

/** Text to put behind the piece; `pending` are the heads in front of it that nothing closes, outermost first. */
export function closePiece(c: CutText, pending: readonly string[]): string {
  const closer = new Closer(c);
  closer.operand();
  for (const i of [...c.brackets.open].reverse()) closer.close(i);
  for (const head of [...pending].reverse()) closer.closeHead(head);
  return closer.end();
}
