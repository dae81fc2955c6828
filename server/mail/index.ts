/**
 * Mail. In: the text of one file, decoded to UTF-16. Out: its messages with author, date, subject,
 * reply structure and line ranges, and quote depth of a line. It never decodes transfer encodings,
 * never reads diffs, never throws; what it could not read is a problem with its line.
 */
import { field, isMailHeaders, readHeaders } from './headers.js';
import { LineTable } from './lines.js';
import { isFromLine, readMbox } from './mbox.js';
import { linkByIds, linkByTree } from './reply.js';
import { readMail } from './single.js';
import { isThreadFrom, isThreadText, readThread } from './thread-text.js';
import type { LooseMessage, MailDocument, MailForm, Problem } from './types.js';
import { readLostLines, readWebText } from './web-text.js';

export { readMailbox } from './address.js';
export { readDate } from './date.js';
export { isSpaced, pastQuote, quoteOf } from './quote.js';
export { quoteAt } from './quote-at.js';
export type {
  MailDate,
  MailDocument,
  MailForm,
  Mailbox,
  Message,
  Problem,
  TextPart,
} from './types.js';

interface Found {
  readonly form: MailForm;
  readonly messages: readonly LooseMessage[];
  readonly problems: readonly Problem[];
}

function firstLine(lines: LineTable): number {
  let at = 0;
  while (at < lines.count - 1 && lines.length(at) === 0) at++;
  return at;
}

const DIFF = /^(?:diff (?:--git|-)|--- (?:a\/|\/dev\/null|\S+\t)|Index: |@@ -\d)/;

/** Whether a text begins as a mail or mbox does: then a page that somebody pasted into it is text. */
function beginsAsMail(lines: LineTable, first: number): boolean {
  if (isFromLine(lines, first)) return readMbox(lines, first) !== undefined;
  const headers = readHeaders(lines, first, lines.count);
  return isMailHeaders(headers) && !isThreadFrom(field(headers, 'from'));
}

/** The whole text as one message without headers. */
function plain(lines: LineTable, first: number): Found {
  const message: LooseMessage = {
    from: { name: '' },
    date: { raw: '' },
    subject: '',
    references: [],
    startLine: 0,
    bodyLine: 0,
    endLine: lines.count,
    text: [{ startLine: 0, endLine: lines.count, flowed: false }],
    encoded: [],
  };
  return {
    form: DIFF.test(lines.head(first, 200)) ? 'diff' : 'text',
    messages: [message],
    problems: [],
  };
}

function mails(lines: LineTable, first: number): Found {
  const mbox = isFromLine(lines, first) ? readMbox(lines, first) : undefined;
  if (mbox) return mbox;
  const headers = readHeaders(lines, first, lines.count);
  if (isMailHeaders(headers) && !headers.fields.has('re')) {
    const mail = readMail(lines, headers, first, lines.count);
    return { form: 'mail', messages: [mail.message], problems: mail.problems };
  }
  const web = readWebText(lines);
  if (web) return { form: 'mail', messages: [web], problems: [] };
  const lost = readLostLines(lines);
  if (lost) return { form: 'mail', messages: [lost.message], problems: [lost.problem] };
  return plain(lines, first);
}

/**
 * Reads a saved thread page, a mail, an mbox, git format-patch output, a bare diff or any other text.
 * @param uri kept as it is, for positions.
 */
export function readMailDocument(text: string, uri: string): MailDocument {
  const lines = new LineTable(text);
  const first = firstLine(lines);
  if (isThreadText(lines) && !beginsAsMail(lines, first)) {
    const { entries, problems } = readThread(lines);
    return { uri, form: 'thread-text', messages: linkByTree(entries), lines, problems };
  }
  const found = mails(lines, first);
  return {
    uri,
    form: found.form,
    messages: linkByIds(found.messages),
    lines,
    problems: found.problems,
  };
}
