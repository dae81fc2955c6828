import { quoteAt, type MailDocument, type Message } from '../mail/index.js';
import type { LineRange } from './types.js';

/** What one person wrote in one place of a reply, and the quotation above it. */
export interface Block {
  readonly lines: LineRange;
  readonly quote: LineRange | undefined;
  readonly isFormal: boolean;
}

const HEAD = 400;
/** `On Monday, Ann wrote:` and its kin. */
const WROTE =
  /(?:wrote|writes|said|schrieb|écrit|escribió|ha scritto|写道|写到)(?: (?:on|at) .{0,60})?\s*[:：]\s*$/i;
const OPENS = /^(?:On |Am |Le |El |Il |在|At |Quoting |\* |From: |Hi[, ]|Hello)/;
const TRAILER = /^[A-Z][\w-]{1,30}-by:\s/;
const COURTESY =
  /^(?:(?:hi|hello|dear|hey)\b.{0,30}|(?:many )?(?:thanks|thank you|thx)(?: (?:a lot|again|very much|so much|for .{0,50}))?[,.!]*(?: [A-Z]\w*[.!]?)?|cheers.{0,20}|(?:best |kind )?regards.{0,20}|lgtm[.!]?|looks (?:good|fine|ok)(?: to me)?[.!,]?|<snip>|[[(<]?\.{3}[\])>]?)$/i;
/** A name as people sign with it. */
const NAME = /^[-–— ]{0,3}[A-Z][\w.'-]{0,20}(?: [A-Z][\w.'-]{0,20}){0,3}$/;

function isFormal(doc: MailDocument, from: number, to: number): boolean {
  let inTrailer = false;
  let isBehind = false;
  for (let line = from; line < to; line++) {
    const text = doc.lines.head(line, HEAD).trim();
    if (text === '') continue;
    const continues = inTrailer && /^<[^<>\s]+>$/.test(text);
    inTrailer = TRAILER.test(text);
    const isName = isBehind && NAME.test(text);
    if (!inTrailer && !continues && !isName && !COURTESY.test(text)) return false;
    isBehind = true;
  }
  return true;
}

/** Takes the line that announces the next quotation from the end of a block, with its wrapped beginning. */
function withoutAttribution(doc: MailDocument, from: number, to: number): number {
  let end = to;
  while (end > from && doc.lines.length(end - 1) === 0) end--;
  if (end === from || !WROTE.test(doc.lines.head(end - 1, HEAD))) return to;
  for (let line = end - 1; line >= Math.max(from, end - 3); line--)
    if (OPENS.test(doc.lines.head(line, 40))) return line;
  return end - 1;
}

function trimmed(doc: MailDocument, from: number, to: number): LineRange | undefined {
  let startLine = from;
  let endLine = to;
  const blank = (line: number): boolean => doc.lines.head(line, HEAD).trim() === '';
  while (startLine < endLine && blank(startLine)) startLine++;
  while (endLine > startLine && blank(endLine - 1)) endLine--;
  return startLine < endLine ? { startLine, endLine } : undefined;
}

/** The signature, or the end. */
function endOf(doc: MailDocument, from: number, to: number): number {
  for (let line = from; line < to; line++) {
    const text = doc.lines.head(line, 80);
    if (text === '-- ' || text === '--' || /^_{30,}$|^-{3,} ?Original Message/i.test(text))
      return line;
  }
  return to;
}

/** The sender's own blocks of a reply, each with the quotation above it. */
export function blocksOf(doc: MailDocument, message: Message): Block[] {
  const found: Block[] = [];
  for (const part of message.text) {
    const to = endOf(doc, part.startLine, part.endLine);
    let quote: LineRange | undefined;
    for (let line = part.startLine; line < to;) {
      const isQuote = quoteAt(doc, line).depth > 0;
      let end = line;
      while (end < to && quoteAt(doc, end).depth > 0 === isQuote) end++;
      if (isQuote) quote = { startLine: quote?.startLine ?? line, endLine: end };
      else {
        const own = end < to ? withoutAttribution(doc, line, end) : end;
        const lines = trimmed(doc, line, own);
        if (lines) {
          found.push({ lines, quote, isFormal: isFormal(doc, lines.startLine, lines.endLine) });
        }
        // Blank lines between two quotations do not part them.
        if (lines ?? own < end) quote = undefined;
      }
      line = end;
    }
  }
  return found;
}
