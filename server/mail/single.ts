import { readIds, readMailbox } from './address.js';
import { readDate } from './date.js';
import { decodeWords } from './encoded-word.js';
import { field, type Headers } from './headers.js';
import type { LineTable } from './lines.js';
import { textParts } from './mime.js';
import type { LooseMessage, Mailbox, Problem } from './types.js';

function mailbox(value: string): Mailbox {
  const raw = readMailbox(value);
  return { ...raw, name: decodeWords(raw.name) };
}

/** One mail whose header block was read; `start` is its first line (the From_ line of an mbox), `end` one past its last. */
export function readMail(
  lines: LineTable,
  headers: Headers,
  start: number,
  end: number,
): { message: LooseMessage; problems: readonly Problem[] } {
  const bodyLine = Math.min(
    lines.length(headers.endLine) === 0 ? headers.endLine + 1 : headers.endLine,
    end,
  );
  const messageId = readIds(field(headers, 'message-id'))[0];
  const inReplyTo = readIds(field(headers, 'in-reply-to'))[0];
  const { parts, encoded, problems } = textParts(lines, headers, { from: bodyLine, to: end });
  const message: LooseMessage = {
    from: mailbox(field(headers, 'from')),
    date: readDate(field(headers, 'date')),
    subject: decodeWords(field(headers, 'subject')),
    ...(messageId === undefined ? {} : { messageId }),
    ...(inReplyTo === undefined ? {} : { inReplyTo }),
    references: readIds(field(headers, 'references')),
    startLine: start,
    bodyLine,
    endLine: end,
    text: parts,
    encoded,
  };
  return { message, problems };
}
