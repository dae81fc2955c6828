import { quoteAt, type MailDocument, type Message } from '../mail/index.js';

/** Longest part of a line that is compared. */
const HEAD = 400;
/** Shorter lines stand in many mails: they tell something only next to what was found before. */
const TELLING = 12;
/** The least that a line must have where the mail that it was written in is known. */
const LEAST = 4;
/** How far such a line may stand from the one before. */
const NEAR = 12;
/** A mail program wraps lines; what is left must be this long to name its line. */
const WRAPPED = 20;

/** A line as it compares: white space and no-break spaces are changed by quoting. */
export function bare(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Text of a line past all quote marks. */
export function unquoted(doc: MailDocument, line: number): string {
  return bare(doc.lines.head(line, HEAD).slice(quoteAt(doc, line).column));
}

/** The lines that the sender of a message wrote, to be found again in quotations. */
export class OwnText {
  readonly #places = new Map<string, number[]>();
  /** Lines in order, with their text. */
  readonly #all: { readonly line: number; readonly text: string }[] = [];

  constructor(doc: MailDocument, message: Message) {
    for (const part of message.text) {
      for (let line = part.startLine; line < part.endLine; line++) {
        if (quoteAt(doc, line).depth > 0) continue;
        const text = bare(doc.lines.head(line, HEAD));
        if (text === '') continue;
        this.#all.push({ line, text });
        const places = this.#places.get(text);
        if (places) places.push(line);
        else this.#places.set(text, [line]);
      }
    }
  }

  has(text: string): boolean {
    return this.#places.has(text);
  }

  /**
   * The line that a quoted line is, or undefined. `after`: the line that was found before it; quotations
   * keep the order, so the first place behind that is taken. `expected`: by its depth it is of this mail.
   */
  find(text: string, after: number | undefined, expected: boolean): number | undefined {
    const places = this.#places.get(text);
    if (!places) return after === undefined ? undefined : this.#wrapped(text, after);
    const next = places.find((line) => line > (after ?? -1));
    const only = expected && places.length === 1 && text.length >= LEAST;
    if (only || text.length >= TELLING) return next ?? places[0];
    return after !== undefined && next !== undefined && next - after <= NEAR ? next : undefined;
  }

  /** A line soon after `after` that begins so: the quotation was wrapped. */
  #wrapped(text: string, after: number): number | undefined {
    if (text.length < WRAPPED) return undefined;
    const from = this.#all.findIndex(({ line }) => line > after);
    if (from < 0) return undefined;
    return this.#all.slice(from, from + NEAR).find((own) => own.text.startsWith(text))?.line;
  }
}
