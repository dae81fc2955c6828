/**
 * `##` and `#` in macros. In the body of a macro what they make is an identifier, which each use binds
 * like a parameter: to the name that the parts give together, or to the text of an argument.
 */
import type { Expr, Loc, MadeName } from './ast.js';
import { lex } from './lexer.js';
import type { Token } from './lexer.js';
import { printExpr } from './print-expr.js';
import { unquote } from './to-ast-literal.js';

type Part = MadeName['parts'][number];

/** Names of one letter each that kernel C does not use, so that nothing in the body moves. */
const FIRST_LETTER = 0xac00;
const LETTERS = 1000;

/** Parameters of a macro, the rest of the arguments by its name. */
function paramNames(params: readonly string[]): readonly string[] {
  return params.map((p) => p.replace(/^\.\.\.$/, '__VA_ARGS__').replace(/\.\.\.$/, ''));
}

class Rewriter {
  readonly made: MadeName[] = [];
  readonly #body: string;
  readonly #tokens: readonly Token[];
  readonly #params: readonly string[];
  readonly #rest: string | undefined;
  #text = '';
  #end = 0;

  constructor(body: string, params: readonly string[]) {
    this.#body = body;
    this.#tokens = lex(body).tokens;
    this.#params = paramNames(params);
    this.#rest = params.at(-1)?.endsWith('...') ? this.#params.at(-1) : undefined;
  }

  /** The body with names for what is made, every other character in its place; undefined: not understood. */
  rewrite(): string | undefined {
    for (let i = 0; i < this.#tokens.length;) {
      const next = this.#restComma(i) ?? this.#pasted(i) ?? this.#texts(i);
      if (next === undefined) return undefined;
      i = next;
    }
    return this.#text + this.#body.slice(this.#end);
  }

  #at(i: number): string {
    return this.#tokens[i]?.text ?? '';
  }

  #put(from: number, to: number, by: string): void {
    const [start, end] = [this.#tokens[from]?.start ?? 0, this.#tokens[to]?.end ?? 0];
    this.#text += this.#body.slice(this.#end, start) + by.padEnd(end - start);
    this.#end = end;
  }

  #make(kind: MadeName['kind'], parts: readonly Part[]): string {
    const key = JSON.stringify([kind, parts]);
    const known = this.made.find((m) => JSON.stringify([m.kind, m.parts]) === key);
    if (known) return known.name;
    const name = String.fromCharCode(FIRST_LETTER + (this.made.length % LETTERS));
    this.made.push({ name, kind, parts });
    return name;
  }

  #part(token: Token): Part {
    return { text: token.text, isParam: this.#params.includes(token.text) };
  }

  /** `, ##args` is `, args`: without arguments the comma goes as well. */
  #restComma(i: number): number | undefined {
    if (this.#at(i) !== ',' || this.#at(i + 1) !== '##' || this.#at(i + 2) !== this.#rest)
      return undefined;
    this.#put(i + 1, i + 1, '');
    return i + 2;
  }

  /** Parts around `##`. */
  #pasted(i: number): number | undefined {
    if (this.#at(i + 1) !== '##') return undefined;
    let last: number;
    const parts: Part[] = [];
    for (let k = i; ; k += 2) {
      const token = this.#tokens[k];
      if (token?.kind !== 'id' && token?.kind !== 'num') return undefined;
      parts.push(this.#part(token));
      last = k;
      if (this.#at(k + 1) !== '##') break;
    }
    this.#put(i, last, this.#make('name', parts));
    return last + 1;
  }

  /** `#arg`, with the string literals beside it; any other token as it is. */
  #texts(i: number): number | undefined {
    const parts: Part[] = [];
    let k = i;
    for (; ; k++) {
      const token = this.#tokens[k];
      if (token?.kind === 'str') parts.push({ text: unquote(token.text), isParam: false });
      else if (token?.text === '#') {
        const named = this.#tokens[++k];
        if (!named || !this.#part(named).isParam) return undefined;
        parts.push(this.#part(named));
      } else break;
    }
    if (this.#at(k) === '##' || this.#at(i) === '##') return undefined;
    if (parts.some((p) => p.isParam)) this.#put(i, k - 1, this.#make('text', parts));
    return Math.max(k, i + 1);
  }
}

/**
 * The body with a name for all that `##` and `#` make; undefined when they make something else than a
 * name or a text.
 */
export function rewritePastes(
  body: string,
  params: readonly string[],
): { readonly text: string; readonly made: readonly MadeName[] } | undefined {
  const rewriter = new Rewriter(body, params);
  const text = rewriter.rewrite();
  return text === undefined ? undefined : { text, made: rewriter.made };
}

/** What a made name stands for in one use of its macro; undefined when that is no name. */
export function madeExpr(
  { kind, parts }: MadeName,
  argument: (name: string) => Expr | undefined,
  loc: Loc,
): Expr | undefined {
  const text = parts
    .map((p) => {
      const given = p.isParam ? argument(p.text) : undefined;
      return given ? textOf(given) : p.isParam ? '' : p.text;
    })
    .join('');
  if (kind === 'text') return { kind: 'string', value: text, loc };
  return /^[A-Za-z_$\u00a1-\uffff][\w$\u00a1-\uffff]*$/.test(text)
    ? { kind: 'ident', name: text, loc }
    : undefined;
}

function textOf(e: Expr): string {
  if (e.kind === 'typeArg') return e.type.kind === 'name' ? e.type.name : '?';
  return printExpr(e);
}
