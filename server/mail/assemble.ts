/**
 * Mails of several files as one mbox, so that everything behind it reads them as one document. Every line
 * knows its file and its line there.
 */
import { isMailHeaders, readHeaders } from './headers.js';
import { isFromText } from './mbox.js';
import type { MailDocument, Message } from './types.js';

export interface AssembledMail {
  readonly file: string;
  readonly doc: MailDocument;
  /** 0-based line of the file for each line of the document; undefined when they are the same. */
  readonly rawLine: readonly number[] | undefined;
  /** Messages of the document that are wanted, by index. */
  readonly messages: readonly number[];
}

export interface Assembled {
  readonly text: string;
  /** 0-based line in the file for each line of `text`. */
  readonly rawLine: readonly number[];
  /** Place in `files` for each line of `text`. */
  readonly fileOf: readonly number[];
  readonly files: readonly string[];
}

const FROM = 'From mboxrd@z Thu Jan  1 00:00:00 1970';

class Writer {
  readonly lines: string[] = [];
  readonly raw: number[] = [];
  readonly fileOf: number[] = [];
  readonly files: string[] = [];

  add(line: string, raw: number): void {
    this.lines.push(line);
    this.raw.push(raw);
    this.fileOf.push(this.files.length - 1);
  }
}

/** A header block for a message of a saved web page, of a bare diff or text. */
function headersFor(file: string, m: Message): string[] {
  const id = (n: number): string => `<${n}@${file.replaceAll(/[^\w.-]/g, '-')}>`;
  const tidy = (text: string): string => text.replaceAll(/[\r\n]+/g, ' ');
  const address = m.from.address === undefined ? '' : ` <${m.from.address}>`;
  return [
    `From: ${tidy(m.from.name)}${address}`,
    `Date: ${tidy(m.date.raw)}`,
    `Subject: ${tidy(m.subject)}`,
    `Message-ID: ${m.messageId === undefined ? id(m.index) : `<${m.messageId}>`}`,
    ...(m.parent === undefined ? [] : [`In-Reply-To: ${id(m.parent)}`]),
    '',
  ];
}

function write(out: Writer, mail: AssembledMail, m: Message): void {
  const { doc, file, rawLine } = mail;
  const raw = (line: number): number => rawLine?.[line] ?? line;
  const first = isFromText(doc.lines.head(m.startLine, 400)) ? m.startLine + 1 : m.startLine;
  const isMail = isMailHeaders(readHeaders(doc.lines, first, m.endLine));
  const from = isMail ? first : m.bodyLine;
  out.add(FROM, raw(m.startLine));
  if (!isMail) for (const line of headersFor(file, m)) out.add(line, raw(m.startLine));
  for (let n = from; n < m.endLine; n++) {
    const line = doc.lines.line(n);
    out.add(isFromText(line) ? `>${line}` : line, raw(n));
  }
  if (out.lines.at(-1) !== '') out.add('', raw(Math.max(m.startLine, m.endLine - 1)));
}

/** The wanted messages in the order given. */
export function assemble(mails: readonly AssembledMail[]): Assembled {
  const out = new Writer();
  for (const mail of mails) {
    out.files.push(mail.file);
    for (const at of mail.messages) {
      const message = mail.doc.messages[at];
      if (message) write(out, mail, message);
    }
  }
  return { text: out.lines.join('\n'), rawLine: out.raw, fileOf: out.fileOf, files: out.files };
}
