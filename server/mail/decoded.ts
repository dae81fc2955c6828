/**
 * A mail or mbox whose texts are in base64 or quoted-printable, as the text that was written: the same
 * messages with the same structure, each encoded part in its place, decoded. Every line knows the line
 * of the file it came from. Own code, because mail libraries keep no positions.
 */
import { decodeWords } from './encoded-word.js';
import { readMailDocument } from './index.js';
import { isFromLine } from './mbox.js';
import { decodeLines } from './transfer.js';
import { LineTable } from './lines.js';
import type { EncodedPart, MailDocument } from './types.js';

export interface DecodedMail {
  readonly text: string;
  /** 0-based line of the file for each line of `text`. */
  readonly rawLine: readonly number[];
  /** 0-based line of the file that names the first encoding. */
  readonly encodingLine: number;
  /** Of the first message that has one. */
  readonly messageId: string | undefined;
}

/** Fields whose encoded words are shown decoded. */
const READ = /^(?:From|To|Cc|Subject|Sender|Reply-To):/i;

class Writer {
  readonly lines: string[] = [];
  readonly raw: number[] = [];

  add(line: string, raw: number): void {
    this.lines.push(line);
    this.raw.push(raw);
  }
}

/** The text with its encoded parts decoded; undefined when it has none. */
export function decodeMail(text: string, uri: string): DecodedMail | undefined {
  if (!/content-transfer-encoding:\s*(?:base64|quoted-printable)/i.test(text)) return undefined;
  const doc = readMailDocument(text, uri);
  const parts = doc.messages.flatMap((m) => m.encoded).sort((a, b) => a.startLine - b.startLine);
  if (parts.length === 0) return undefined;
  const out = new Writer();
  let at = 0;
  for (const part of parts) {
    copy(doc, at, part.startLine, part, out);
    write(doc, part, out);
    at = part.endLine;
  }
  copy(doc, at, doc.lines.count, undefined, out);
  const messageId = doc.messages.find((m) => m.messageId !== undefined)?.messageId;
  const { encodingLine = 0 } = parts[0] ?? {};
  return { text: out.lines.join('\n'), rawLine: out.raw, encodingLine, messageId };
}

/** Lines as they are, but for what the headers say of the encoding, and encoded words. */
function copy(
  doc: MailDocument,
  from: number,
  to: number,
  next: EncodedPart | undefined,
  out: Writer,
): void {
  const inHeader = new Set(doc.messages.flatMap((m) => [m.startLine, m.bodyLine]));
  let header = inHeader.has(from) && doc.messages.some((m) => m.startLine === from);
  for (let n = from; n < to; n++) {
    if (doc.messages.some((m) => m.startLine === n)) header = true;
    if (doc.messages.some((m) => m.bodyLine === n)) header = false;
    const line = doc.lines.line(n);
    if (n === next?.encodingLine) out.add('Content-Transfer-Encoding: 8bit', n);
    else if (header && READ.test(line) && line.includes('=?')) {
      const folded = [line];
      while (n + folded.length < to && /^[ \t]/.test(doc.lines.head(n + folded.length, 1)))
        folded.push(doc.lines.line(n + folded.length).trim());
      out.add(oneLine(decodeWords(folded.join(' '))), n);
      n += folded.length - 1;
    } else out.add(line, n);
  }
}

/** A decoded header stays one line. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}

function write(doc: MailDocument, part: EncodedPart, out: Writer): void {
  const encoded: string[] = [];
  for (let n = part.startLine; n < part.endLine; n++) encoded.push(doc.lines.line(n));
  const { lines, from } = decodeLines(encoded, part.encoding, part.charset);
  lines.forEach((line, i) => {
    // What looks like the beginning of another mail is the text of this one.
    const escaped = doc.form === 'mbox' && isFromLine(new LineTable(line), 0) ? `>${line}` : line;
    out.add(escaped, part.startLine + (from[i] ?? 0));
  });
  const last = lines.at(-1);
  if (last !== undefined && last !== '') out.add('', Math.max(part.startLine, part.endLine - 1));
}
