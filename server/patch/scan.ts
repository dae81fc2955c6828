import { isSpaced, pastQuote, quoteAt, type MailDocument, type TextPart } from '../mail/index.js';

/** A line past its quote prefix. */
export interface Row {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

/** Longest prefix that is looked at for quote marks. */
const PREFIX = 200;

/** The lines of one text part with their quote depths. */
export class Scan {
  readonly from: number;
  readonly to: number;
  readonly flowed: boolean;
  /** Its line ends were lost and put back. */
  readonly lost: boolean;
  readonly #depths: Uint8Array;
  /** Per line: the first later line, outside its own run, whose depth is at least as great. */
  readonly #resume: Uint32Array;

  constructor(
    readonly doc: MailDocument,
    part: TextPart,
  ) {
    this.from = part.startLine;
    this.to = part.endLine;
    this.flowed = part.flowed;
    // Such a mail is alone in its document.
    this.lost = doc.messages[0]?.lostLines === true;
    const count = Math.max(0, this.to - this.from);
    this.#depths = new Uint8Array(count);
    for (let i = 0; i < count; i++)
      this.#depths[i] = Math.min(255, quoteAt(doc, this.from + i).depth);
    this.#resume = this.#link(count);
  }

  #link(count: number): Uint32Array {
    const resume = new Uint32Array(count).fill(this.to);
    const open: number[] = [];
    for (let i = count - 1; i >= 0; i--) {
      const own = this.#depths[i] ?? 0;
      if (i + 1 < count && this.#depths[i + 1] === own) {
        resume[i] = resume[i + 1] ?? this.to;
        open[open.length - 1] = i;
        continue;
      }
      while (open.length > 0 && (this.#depths[open.at(-1) ?? 0] ?? 0) < own) open.pop();
      const next = open.at(-1);
      if (next !== undefined) resume[i] = this.from + next;
      open.push(i);
    }
    return resume;
  }

  depth(line: number): number {
    return this.#depths[line - this.from] ?? 0;
  }

  /** First line after the text that interrupts the quote of `line`; `to` when there is none. */
  resumeAfter(line: number): number {
    return this.#resume[line - this.from] ?? this.to;
  }

  /** The line past `depth` marks. `depth` must not be greater than the line's own. */
  row(line: number, depth: number, spaced: boolean): Row {
    const text = this.doc.lines.line(line);
    const column = pastQuote(text, depth, spaced) ?? 0;
    return { line, column, text: column === 0 ? text : text.slice(column) };
  }

  /** Whether the writer of this quote puts a space behind the marks. */
  spaced(line: number, depth: number): boolean {
    return isSpaced(this.doc.lines.head(line, PREFIX), depth);
  }
}
