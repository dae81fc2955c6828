/**
 * Working state of masking: the text as single code units, and what was taken out of it.
 * All offsets are those of the text that is masked; `loc` maps them to the source text.
 */
import type { Loc, TypeExpr } from './ast.js';
import type { Lexed, Range, Token } from './lexer.js';
import type { Brackets } from './lexer-brackets.js';

/** An annotation that was blanked, to be read back as an `Attr`. */
export interface MaskedAttr extends Range {
  readonly name: string;
  /** It has arguments: a call at `start` in one of the layers. */
  readonly hasArgs: boolean;
  /** Offset of the innermost enclosing bracket, -1 at file scope. */
  readonly open: number;
}

/** A type that was replaced by one identifier. */
export interface TypeHole extends Range {
  /** Absent: `typeof (operand)`, an expression in one of the layers. */
  readonly base?: TypeExpr;
  readonly operand?: Range;
  readonly pointers: number;
}

/** Text taken out of the main text and parsed as a statement of its own. */
export interface Extract extends Range {
  readonly text: string;
}

/** A declaration, definition or macro call at file scope. */
export interface Segment extends Range {
  /** Offset of the function body's `{`, or `end`. */
  readonly body: number;
}

export interface MaskedTopCall extends Range {
  readonly name: string;
}

export interface Masked {
  readonly original: string;
  /** Same length and same line breaks as `original`; no comments, no directives. */
  readonly text: string;
  readonly lexed: Lexed;
  readonly attrs: readonly MaskedAttr[];
  readonly holes: ReadonlyMap<number, TypeHole>;
  readonly extracts: readonly Extract[];
  readonly topCalls: readonly MaskedTopCall[];
  readonly segments: readonly Segment[];
  /** Starts of `while` that stand for a macro loop → whether it has arguments. */
  readonly loops: ReadonlyMap<number, boolean>;
  readonly atomics: ReadonlySet<number>;
  /** Start of `case` → the upper bound of its range. */
  readonly caseHighs: ReadonlyMap<number, Range>;
  /** Start of a moved name → its true place. */
  readonly moved: ReadonlyMap<number, Range>;
  /** Starts of identifiers that stand for something that is no expression. */
  readonly fills: ReadonlySet<number>;
  /** Member macros that were blanked without being understood. */
  readonly dropped: readonly Range[];
}

export type Role = 'attr' | 'word' | 'topcall' | 'syscall';

export class MaskState {
  readonly #chars: string[];
  readonly attrs: MaskedAttr[] = [];
  readonly holes = new Map<number, TypeHole>();
  readonly extracts: Extract[] = [];
  readonly topCalls: MaskedTopCall[] = [];
  readonly loops = new Map<number, boolean>();
  readonly atomics = new Set<number>();
  readonly caseHighs = new Map<number, Range>();
  readonly moved = new Map<number, Range>();
  readonly fills = new Set<number>();
  readonly dropped: Range[] = [];

  constructor(
    readonly lexed: Lexed,
    readonly tokens: readonly Token[],
    readonly brackets: Brackets,
    readonly roles: ReadonlyMap<number, Role>,
    /** Per token at file scope: an initialiser has begun in its segment. */
    readonly inValue: ReadonlySet<number>,
    readonly loc: (start: number, end: number) => Loc,
  ) {
    this.#chars = lexed.text.split('');
  }

  get text(): string {
    return this.#chars.join('');
  }

  /** Text of token `i`; empty outside the list. */
  at(i: number): string {
    return this.tokens[i]?.text ?? '';
  }

  isId(i: number): boolean {
    return this.tokens[i]?.kind === 'id';
  }

  start(i: number): number {
    return this.tokens[i]?.start ?? this.lexed.text.length;
  }

  end(i: number): number {
    return this.tokens[i]?.end ?? this.lexed.text.length;
  }

  match(i: number): number {
    return this.brackets.match[i] ?? -1;
  }

  parent(i: number): number {
    return this.brackets.parent[i] ?? -1;
  }

  /** Spaces over a range; line breaks stay. */
  blank(start: number, end: number): void {
    for (let i = start; i < end; i++) {
      const c = this.#chars[i];
      if (c !== '\n' && c !== '\r') this.#chars[i] = ' ';
    }
  }

  /** Writes `word` at `start`, which must have room for it. */
  put(start: number, word: string): void {
    for (let i = 0; i < word.length; i++) this.#chars[start + i] = word.charAt(i);
  }

  /** Takes the (already masked) text of a range out as a part of its own. */
  extract(start: number, end: number): Range {
    const range = { start, end };
    this.extracts.push({ start, end, text: this.#chars.slice(start, end).join('') });
    return range;
  }

  hole(hole: TypeHole): void {
    this.holes.set(hole.start, hole);
    this.blank(hole.start, hole.end);
    this.put(hole.start, 'T');
  }

  /** Blanks the annotation at token `i`, with its arguments up to token `last`. */
  attr(i: number, last: number): void {
    const start = this.start(i);
    const end = this.end(last);
    if (last > i) {
      // Some annotations are keywords of the grammar.
      this.put(start, 'A');
      this.extract(start, end);
    }
    const open = this.parent(i);
    this.attrs.push({
      name: this.at(i),
      start,
      end,
      hasArgs: last > i,
      open: open < 0 ? -1 : this.start(open),
    });
    this.blank(start, end);
  }
}
