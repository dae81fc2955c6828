/** Tokens of a text for the plain reader (plain.ts), and the nodes it makes of them. */
import type { Token } from './lexer.js';

/** Thrown when a text is not plain; the grammar reads it. */
export class NotPlain extends Error {}
const NOT_PLAIN = new NotPlain('not plain');

/** The text is left to the grammar. */
export function giveUp(): never {
  throw NOT_PLAIN;
}

/** A node that is about to get its place in another one. */
export interface Part {
  type: string;
  field: string | undefined;
  start: number;
  end: number;
  named: boolean;
  missing: boolean;
  children: Part[];
}

const MAX_DEPTH = 200;
const END: Token = { kind: 'op', text: '', start: 0, end: 0, first: false };

export class Tokens {
  at = 0;
  readonly #all: readonly Token[];
  readonly #shift: number;
  #depth = 0;

  constructor(all: readonly Token[], shift: number) {
    this.#all = all;
    this.#shift = shift;
  }

  /** A token ahead; one without text behind the last. */
  peek(ahead = 0): Token {
    return this.#all[this.at + ahead] ?? END;
  }
  /** Text of a token ahead. */
  text(ahead = 0): string {
    return this.peek(ahead).text;
  }
  is(text: string): boolean {
    return this.peek().text === text;
  }
  get done(): boolean {
    return this.at >= this.#all.length;
  }

  /** The next token as a node without a name. */
  token(): Part {
    return this.leaf(this.peek().text, false);
  }
  /** The next token, which has to be this one. */
  expect(text: string): Part {
    return this.is(text) ? this.token() : giveUp();
  }
  /** The next token as a node without children. */
  leaf(type: string, named = true): Part {
    if (this.done) giveUp();
    const { start, end } = this.peek();
    this.at++;
    const shift = this.#shift;
    return {
      type,
      field: undefined,
      start: start + shift,
      end: end + shift,
      named,
      missing: false,
      children: [],
    };
  }

  /** Nesting beyond what people write is left to the grammar. */
  deeper<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) giveUp();
    const made = read();
    this.#depth--;
    return made;
  }
}

/** A node around its parts, which are at least one. */
export function node(type: string, children: Part[]): Part {
  const start = children[0]?.start ?? 0;
  const end = children[children.length - 1]?.end ?? 0;
  return { type, field: undefined, start, end, named: true, missing: false, children };
}

/** The part, in a field of what it becomes a part of. */
export function as(field: string, part: Part): Part {
  part.field = field;
  return part;
}
