/**
 * File scope by tokens: where each declaration begins and ends, which of its words are
 * annotations, and which are calls that stand alone (`EXPORT_SYMBOL(x);`, `__scenario("…");`).
 */
import type { Token } from './lexer.js';
import { KEYWORDS, type Brackets } from './lexer-brackets.js';
import {
  ATTRIBUTE_CALLS,
  ATTRIBUTE_WORDS,
  DECLARATOR_CALLS,
  SYSCALL_DEFINERS,
  TYPE_KEYWORDS,
} from './mask-words.js';
import type { Role, Segment } from './mask-state.js';

export interface Scope {
  readonly segments: readonly Segment[];
  readonly roles: Map<number, Role>;
  /** File-scope tokens behind the `=` of their declaration. */
  readonly inValue: ReadonlySet<number>;
}

/** Token indices of one segment: `last` is included; `body` is the `{` of a function body or -1. */
interface Span {
  readonly from: number;
  readonly last: number;
  readonly body: number;
  /** First token at depth 0 that is `=`, or last + 1. */
  readonly value: number;
}

const STORAGE = new Set(['static', 'extern', 'inline', 'typedef', 'register', 'const', 'volatile']);
const QUALIFIERS = new Set(['const', 'volatile']);

class ScopeReader {
  readonly roles = new Map<number, Role>();
  readonly inValue = new Set<number>();
  readonly segments: Segment[] = [];

  constructor(
    readonly tokens: readonly Token[],
    readonly brackets: Brackets,
  ) {}

  read(): void {
    for (let i = 0; i < this.tokens.length;) {
      const span = this.#span(i);
      this.#classify(span);
      this.segments.push({
        start: this.tokens[span.from]?.start ?? 0,
        end: this.tokens[span.last]?.end ?? 0,
        body:
          span.body >= 0
            ? (this.tokens[span.body]?.start ?? 0)
            : (this.tokens[span.last]?.end ?? 0),
      });
      i = span.last + 1;
    }
  }

  #text(i: number): string {
    return this.tokens[i]?.text ?? '';
  }

  #close(i: number): number {
    const m = this.brackets.match[i] ?? -1;
    return m > i ? m : i;
  }

  #isName(i: number): boolean {
    return this.tokens[i]?.kind === 'id' && !KEYWORDS.has(this.#text(i));
  }

  /** A macro call on lines of its own, without `;`, before something that begins in a new line. */
  #bareCallEnd(from: number): number {
    if (!this.#isName(from) || this.#text(from).startsWith('__') || this.#text(from + 1) !== '(')
      return -1;
    const close = this.#close(from + 1);
    const next = this.tokens[close + 1];
    if (close === from + 1 || !next?.first || next.kind !== 'id') return -1;
    return close;
  }

  #span(from: number): Span {
    const bare = this.#bareCallEnd(from);
    if (bare >= 0) return { from, last: bare, body: -1, value: bare + 1 };
    let value = -1;
    for (let i = from; i < this.tokens.length; i++) {
      const text = this.#text(i);
      if (text === '=' && value < 0) value = i;
      if (value >= 0) this.inValue.add(i);
      if (text === ';' || (text === '}' && (this.brackets.match[i] ?? -1) < 0)) {
        return { from, last: i, body: -1, value: value < 0 ? i + 1 : value };
      }
      if (text === '{' && this.brackets.kind[i] === 'body' && value < 0) {
        const last = this.brackets.match[i] ?? -1;
        return { from, last: last > i ? last : this.tokens.length - 1, body: i, value: i };
      }
      if (text === '{' || text === '(' || text === '[') i = this.#close(i);
    }
    return {
      from,
      last: this.tokens.length - 1,
      body: -1,
      value: value < 0 ? this.tokens.length : value,
    };
  }

  /** Calls `name(…)` at depth 0 before the body or value. */
  #groups(span: Span): number[] {
    const out: number[] = [];
    const end = Math.min(span.last + 1, span.value, span.body >= 0 ? span.body : span.last + 1);
    for (let i = span.from; i < end; i++) {
      if (this.#isName(i) && this.#text(i + 1) === '(' && this.#text(i + 2) !== '*') out.push(i);
      const text = this.#text(i);
      if (text === '(' || text === '[' || text === '{') i = this.#close(i);
    }
    return out;
  }

  #classify(span: Span): void {
    const groups = this.#groups(span);
    if (this.#isTopCall(span, groups)) return;
    const first = groups[0];
    if (first !== undefined && span.body >= 0 && SYSCALL_DEFINERS.test(this.#text(first))) {
      this.roles.set(first, 'syscall');
      return;
    }
    const declarator = this.#declarator(groups);
    for (const g of groups) {
      if (g !== declarator && (this.#text(g).startsWith('__') || isKnownCall(this.#text(g))))
        this.roles.set(g, 'attr');
    }
    this.#words(span);
  }

  #isTopCall(span: Span, groups: readonly number[]): boolean {
    if (span.body >= 0) return false;
    let at = span.from;
    while (STORAGE.has(this.#text(at)) || ATTRIBUTE_WORDS.has(this.#text(at))) at++;
    if (groups[0] !== at) return false;
    const after = this.#close(at + 1) + 1;
    const alone = after > span.last || this.#text(after) === ';' || after === span.value;
    if (!alone || (ATTRIBUTE_CALLS.has(this.#text(at)) && after > span.last)) return false;
    this.roles.set(at, 'topcall');
    return true;
  }

  /** The call that is the declared function; -1 when all are annotations. */
  #declarator(groups: readonly number[]): number {
    const plain = groups.find(
      (g) => !this.#text(g).startsWith('__') && !isKnownCall(this.#text(g)),
    );
    if (plain !== undefined) return plain;
    const own = groups.find((g) => !isKnownCall(this.#text(g)) && this.#isTypeEnd(g - 1));
    return own ?? -1;
  }

  /** A type ends at token `i`, or before the annotations that end there. */
  #isTypeEnd(i: number): boolean {
    const text = this.#text(i);
    if (text === '*') return true;
    if (ATTRIBUTE_WORDS.has(text)) return this.#isTypeEnd(i - 1);
    return this.tokens[i]?.kind === 'id' && !STORAGE.has(text);
  }

  /** The word before `i` makes it the name of a tag. */
  #isTagName(i: number): boolean {
    const before = this.#text(i - 1);
    return before === 'struct' || before === 'union' || before === 'enum';
  }

  /** Bare words that annotate: behind a declarator, or on the list (handled for all contexts elsewhere). */
  #words(span: Span): void {
    const end = Math.min(span.last + 1, span.value, span.body >= 0 ? span.body : span.last + 1);
    for (let i = span.from; i < end; i++) {
      const text = this.#text(i);
      if (text === '(' || text === '[' || text === '{') i = this.#close(i);
      else if (
        this.#isName(i) &&
        !this.roles.has(i) &&
        this.#text(i + 1) !== '(' &&
        (this.#followsDeclarator(i) || this.#precedesDeclarator(i, span.from))
      )
        this.roles.set(i, 'word');
    }
  }

  #followsDeclarator(i: number): boolean {
    const prev = this.#text(i - 1);
    if (prev === ']') return true;
    if (prev === ')') return !this.roles.has((this.brackets.match[i - 1] ?? 0) - 1);
    if (
      !this.#text(i).startsWith('__') ||
      !this.#isName(i - 1) ||
      ATTRIBUTE_WORDS.has(this.#text(i - 1))
    )
      return false;
    return this.#isTypeEnd(i - 2) && !this.#isTagName(i - 1);
  }

  /** `bool __word name(`, and `static word type name(`: one word more than a type and a name. */
  #precedesDeclarator(i: number, from: number): boolean {
    if (this.#isTagName(i)) return false;
    const next = this.#skipWords(i + 1);
    if (this.#text(next) !== '*' && !this.#isName(next)) return false;
    if (this.#text(i).startsWith('__') && i > from && this.#isTypeEnd(i - 1)) return true;
    if (i > from && !STORAGE.has(this.#text(i - 1))) return false;
    const after = this.#skipWords(this.#text(next + 1) === '*' ? next + 2 : next + 1);
    return (
      this.#isName(next) &&
      this.#isName(after) &&
      !this.#text(next).startsWith('__') &&
      !this.#text(after).startsWith('__')
    );
  }

  #skipWords(i: number): number {
    let at = i;
    while (ATTRIBUTE_WORDS.has(this.#text(at))) at++;
    return at;
  }
}

function isKnownCall(name: string): boolean {
  return ATTRIBUTE_CALLS.has(name) || DECLARATOR_CALLS.has(name);
}

/** Splits the file scope of `tokens`. */
export function readScope(tokens: readonly Token[], brackets: Brackets): Scope {
  const reader = new ScopeReader(tokens, brackets);
  reader.read();
  return reader;
}

/** Whether a declarator's own annotation stands at token `i` inside a record or body. */
export function annotatesDeclarator(tokens: readonly Token[], i: number): boolean {
  const t = tokens[i];
  const prev = tokens[i - 1];
  if (!t?.text.startsWith('__') || !prev) return false;
  if (prev.text === ']') return true;
  if (prev.kind !== 'id' || KEYWORDS.has(prev.text) || ATTRIBUTE_WORDS.has(prev.text)) return false;
  const before = tokens[i - 2];
  if (!before) return false;
  const typed =
    before.text === '*' ||
    before.text === ',' ||
    before.text === '(' ||
    (before.kind === 'id' &&
      (!KEYWORDS.has(before.text) ||
        (TYPE_KEYWORDS.has(before.text) && !QUALIFIERS.has(before.text))));
  return typed && before.text !== 'struct' && before.text !== 'union' && before.text !== 'enum';
}
