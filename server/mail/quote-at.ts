import { isEscapedFrom } from './mbox.js';
import { quoteOf, type Quote } from './quote.js';
import type { MailDocument } from './types.js';

/** Longest prefix that is looked at for quote marks. */
const PREFIX = 200;
const GT = 62;

/** Quote depth of a line of a document; the `>` that an mbox puts before `From ` is no quote. */
export function quoteAt(doc: MailDocument, line: number): Quote {
  if (doc.lines.codeAt(line, 0) !== GT) return { depth: 0, column: 0 };
  const head = doc.lines.head(line, PREFIX);
  const quote = quoteOf(head);
  const escaped = doc.form !== 'thread-text' && isEscapedFrom(head);
  return escaped ? { depth: quote.depth - 1, column: quote.column } : quote;
}
