import { quoteAt, type MailDocument, type Message } from '../mail/index.js';
import type { FilePatch } from '../patch/index.js';
import { blocksOf, type Block } from './blocks.js';
import { DiffLines } from './diff-lines.js';
import { OwnText, unquoted } from './own-text.js';
import type { Anchor, Comment, Letter, LineRange } from './types.js';

/** Mails above a reply that are searched for what it quotes. */
const DEEPEST = 30;
/** Lines at the end of a quotation that may have been edited or cut. */
const EDITED = 6;
/** Lines of one mail that are quoted together although some between them are left out. */
const TOGETHER = 2;

interface Found {
  readonly message: number;
  readonly line: number;
}

/** Finds what replies quote, and binds what they say to it. */
class Binder {
  readonly comments: Comment[] = [];
  readonly #own = new Map<number, OwnText>();
  readonly #diffs: DiffLines;
  readonly #quoted: DiffLines;

  constructor(
    readonly doc: MailDocument,
    readonly letters: readonly Letter[],
    readonly up: readonly (number | undefined)[],
    files: readonly FilePatch[],
  ) {
    this.#diffs = new DiffLines(files, false);
    this.#quoted = new DiffLines(files, true);
  }

  add(message: Message): void {
    const above = this.#above(message.index);
    const after = new Map<number, number>();
    for (const block of blocksOf(this.doc, message)) {
      const found = block.quote ? this.#find(block.quote, above, after) : [];
      this.comments.push(this.#comment(message, block, found));
    }
  }

  /** The mails that a reply may quote, nearest first. */
  #above(message: number): number[] {
    const found: number[] = [];
    for (let at = this.up[message]; at !== undefined && found.length < DEEPEST; at = this.up[at])
      found.push(at);
    return found;
  }

  #ownText(message: number): OwnText | undefined {
    const known = this.#own.get(message);
    const there = this.doc.messages[message];
    if (known || !there) return known;
    const made = new OwnText(this.doc, there);
    this.#own.set(message, made);
    return made;
  }

  /** Each quoted line that an earlier mail has; what is quoted n times was written n mails above, as a rule. */
  #find(quote: LineRange, above: readonly number[], after: Map<number, number>): Found[] {
    const found: Found[] = [];
    for (let line = quote.startLine; line < quote.endLine; line++) {
      const text = unquoted(this.doc, line);
      if (text === '') continue;
      const depth = quoteAt(this.doc, line).depth;
      const order = [...above.slice(depth - 1), ...above.slice(0, depth - 1).reverse()];
      for (const message of order) {
        const place = this.#ownText(message)?.find(
          text,
          after.get(message),
          message === above[depth - 1],
        );
        if (place === undefined) continue;
        after.set(message, place);
        found.push({ message, line: place });
        break;
      }
    }
    return found;
  }

  #comment(message: Message, block: Block, found: readonly Found[]): Comment {
    const index = this.comments.length;
    const { lines, quote, isFormal } = block;
    const base = { index, message: message.index, lines, isFormal, ...(quote ? { quote } : {}) };
    const last = this.#isCut(quote, found) ? undefined : found.at(-1);
    if (!last) return { ...base, ...this.#inQuote(message.index, quote) };
    const parent = this.comments.findLast(
      (c) =>
        c.message === last.message && c.lines.startLine <= last.line && last.line < c.lines.endLine,
    );
    if (parent && !this.#diffs.has(last.line)) {
      const anchor = parent.anchor ? { anchor: parent.anchor } : {};
      return { ...base, parent: parent.index, ...anchor };
    }
    return { ...base, anchor: this.#anchor(found, last) };
  }

  /** Whether too many lines at the end of the quotation are in no earlier mail. */
  #isCut(quote: LineRange | undefined, found: readonly Found[]): boolean {
    if (!quote || found.length === 0) return true;
    let unknown = 0;
    const last = found.at(-1);
    const text = last ? unquotedOwn(this.doc, last.line) : '';
    for (let line = quote.endLine - 1; line >= quote.startLine; line--) {
      const own = unquoted(this.doc, line);
      if (own === '') continue;
      if (own === text || text.startsWith(own)) return false;
      if (++unknown > EDITED) return true;
    }
    return true;
  }

  /** The quoted diff itself, when the mail that it was in is not there. */
  #inQuote(message: number, quote: LineRange | undefined): { anchor?: Anchor } {
    let end = quote?.endLine ?? 0;
    const floor = Math.max(quote?.startLine ?? 0, end - EDITED);
    while (end > floor && !this.#quoted.has(end - 1)) end--;
    if (!quote || end <= floor) return {};
    let startLine = end - 1;
    while (startLine > quote.startLine && this.#quoted.has(startLine - 1)) startLine--;
    const lines = { startLine, endLine: end };
    return { anchor: { message, lines, ...this.#quoted.numbers(startLine, end - 1) } };
  }

  #anchor(found: readonly Found[], last: Found): Anchor {
    let startLine = last.line;
    for (const { message, line } of [...found].reverse()) {
      if (message !== last.message || line > startLine || startLine - line > TOGETHER) break;
      startLine = line;
    }
    return {
      message: last.message,
      lines: { startLine, endLine: last.line + 1 },
      ...this.#diffs.numbers(startLine, last.line),
    };
  }
}

function unquotedOwn(doc: MailDocument, line: number): string {
  return doc.lines.head(line, 400).replace(/\s+/g, ' ').trim();
}

/**
 * What replies say, each bound to the lines that it is about: through several levels of quotation and
 * where quotations were cut, wrapped or edited. A patch and what its sender says in it is no comment.
 * @param up the letter above each (`parentsOf`).
 */
export function commentsIn(
  doc: MailDocument,
  letters: readonly Letter[],
  up: readonly (number | undefined)[],
  files: readonly FilePatch[],
): Comment[] {
  const binder = new Binder(doc, letters, up, files);
  for (const at of inOrder(up)) {
    const message = doc.messages[at];
    if (message && letters[at]?.kind === 'reply') binder.add(message);
  }
  return binder.comments;
}

/** Every letter after the one above it, else in their order. */
function inOrder(up: readonly (number | undefined)[]): number[] {
  const done = new Set<number>();
  const order: number[] = [];
  up.forEach((_, i) => {
    const chain: number[] = [];
    for (let at: number | undefined = i; at !== undefined && !done.has(at); at = up[at]) {
      done.add(at);
      chain.push(at);
    }
    order.push(...chain.reverse());
  });
  return order;
}
