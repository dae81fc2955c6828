/**
 * Texts that are parsed, and the way back from an offset in them to the document the user sees.
 * A kernel file maps to itself; an image of a hunk maps line by line into a mail, past quote
 * prefixes and diff markers.
 */
import type { DocRange } from '../../shared/trace.js';

/** Where one line of an image stands in the document. */
export interface LineOrigin {
  /** 0-based line in the document. */
  readonly line: number;
  /** Column in the document at which this line's text begins (after quote prefix and marker). */
  readonly column: number;
  /** ` ` context, `+` added, `-` removed, `=` not from a diff, `?` filled in by the reader. */
  readonly mark: ' ' | '+' | '-' | '=' | '?';
}

export interface SourceText {
  /** Index in the table; `Loc.src` refers to it. */
  readonly id: number;
  /** Path as the patch or kernel writes it, e.g. `fs/ext4/inode.c`. */
  readonly name: string;
  readonly uri: string;
  readonly text: string;
  /** One entry per line of `text`; absent: the text is the document. */
  readonly lines?: readonly LineOrigin[];
}

/** A half-open range of UTF-16 offsets in one source text. */
export interface Loc {
  readonly src: number;
  readonly start: number;
  readonly end: number;
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}

/** All texts of one analysis, in the order in which they were added. Ids are dense and deterministic. */
export class SourceTable {
  readonly #texts: SourceText[] = [];
  readonly #starts: number[][] = [];
  #version = 0;

  add(text: Omit<SourceText, 'id'>): SourceText {
    const full: SourceText = { ...text, id: this.#texts.length };
    this.#texts.push(full);
    this.#starts.push(lineStartsOf(text.text));
    return full;
  }

  /** A table with the same texts under the same ids, to which more can be added. */
  fork(): SourceTable {
    const t = new SourceTable();
    t.#texts.push(...this.#texts);
    t.#starts.push(...this.#starts);
    return t;
  }

  /** Grows when a text moves: places computed before are then out of date. */
  get version(): number {
    return this.#version;
  }

  /** The same text now stands elsewhere in the document. */
  moveTo(id: number, uri: string, lines: readonly LineOrigin[]): void {
    const old = this.get(id);
    const moved = lines.some((l, i) => {
      const o = old.lines?.[i];
      return o?.line !== l.line || o.column !== l.column || o.mark !== l.mark;
    });
    if (!moved && old.uri === uri) return;
    this.#version++;
    this.#texts[id] = { ...old, uri, lines };
  }

  get(id: number): SourceText {
    const t = this.#texts[id];
    if (!t) throw new RangeError(`no source text ${id}`);
    return t;
  }

  get size(): number {
    return this.#texts.length;
  }

  /** 0-based line of an offset in its own text. */
  lineOf(loc: Loc): number {
    return this.#lineAt(loc.src, loc.start);
  }

  #lineAt(src: number, offset: number): number {
    const starts = this.#starts[src] ?? [0];
    let lo = 0;
    let hi = starts.length - 1;
    while (lo < hi) {
      const mid = (lo + hi + 1) >> 1;
      if ((starts[mid] ?? 0) <= offset) lo = mid;
      else hi = mid - 1;
    }
    return lo;
  }

  #place(src: number, offset: number): { line: number; character: number } {
    const line = this.#lineAt(src, offset);
    const character = offset - (this.#starts[src]?.[line] ?? 0);
    const origin = this.get(src).lines?.[line];
    return origin
      ? { line: origin.line, character: origin.column + character }
      : { line, character };
  }

  /** The range in the document the user sees. */
  docRange(loc: Loc): DocRange {
    const a = this.#place(loc.src, loc.start);
    const b = this.#place(loc.src, loc.end);
    return {
      uri: this.get(loc.src).uri,
      line: a.line,
      character: a.character,
      endLine: b.line,
      endCharacter: b.character,
    };
  }

  /** Offset in a text of a place in its document; undefined when the text does not stand there. */
  offsetAt(src: number, line: number, character: number): number | undefined {
    const { lines, text } = this.get(src);
    const own = lines ? lines.findIndex((l) => l.line === line) : line;
    const start = own < 0 ? undefined : this.#starts[src]?.[own];
    if (start === undefined) return undefined;
    const end = this.#starts[src]?.[own + 1] ?? text.length + 1;
    const column = character - (lines?.[own]?.column ?? 0);
    return Math.min(start + Math.max(0, column), end - 1);
  }

  /** Diff mark of the line on which `loc` starts; `=` for texts that are no image of a diff. */
  markOf(loc: Loc): LineOrigin['mark'] {
    const t = this.get(loc.src);
    return t.lines?.[this.#lineAt(loc.src, loc.start)]?.mark ?? '=';
  }

  /** Source text of a range. */
  slice(loc: Loc): string {
    return this.get(loc.src).text.slice(loc.start, loc.end);
  }
}
