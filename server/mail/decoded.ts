/**
 * A mail or mbox as the text that was written: the same messages with the same structure, texts in base64,
 * quoted-printable and other character sets decoded in their places. Every line knows the line of the file
 * it came from. Own code, because mail libraries keep no positions.
 */
import { decodeLine } from './byte-text.js';
import { isSevenBit } from './charset.js';
import { decodeWords } from './encoded-word.js';
import { readMailDocument } from './index.js';
import { isFromText } from './mbox.js';
import { decodeLines } from './transfer.js';
import type { EncodedPart, MailDocument, Message, TextPart } from './types.js';

export interface DecodedMail {
  readonly text: string;
  /** 0-based line of the file for each line of `text`. */
  readonly rawLine: readonly number[];
  /** 0-based line of the file that names the first encoding, or whose line ends were lost. */
  readonly encodingLine: number;
  readonly cause: 'encoded' | 'lost-lines';
  /** Of the first message that has one. */
  readonly messageId: string | undefined;
}

/** Fields whose encoded words are shown decoded. */
const READ = /^(?:From|To|Cc|Subject|Sender|Reply-To):/i;
const ENCODED =
  /content-transfer-encoding:\s*(?:base64|quoted-printable)|charset\s*=\s*"?iso-2022-/i;
/** Encoded texts above this are no patches that anybody reads; they stay as they are. */
const MOST_ENCODED = 32 * 1024 * 1024;
const HIGH = /[\u0080-\u00ff]/;

function isTooLong(doc: MailDocument, part: EncodedPart): boolean {
  return doc.lines.start(part.endLine) - doc.lines.start(part.startLine) > MOST_ENCODED;
}

function encodedParts(doc: MailDocument, message: Message): readonly EncodedPart[] {
  return message.encoded.filter((part) => !isTooLong(doc, part));
}

/** Writes the decoded text of one document. */
class Writer {
  readonly #lines: string[] = [];
  readonly #raw: number[] = [];
  /** Lines of headers that name a transfer encoding that is gone afterwards. */
  readonly #gone: ReadonlySet<number>;

  constructor(
    readonly doc: MailDocument,
    readonly isBytes: boolean,
  ) {
    this.#gone = new Set(
      doc.messages.flatMap((m) => encodedParts(doc, m).map((p) => p.encodingLine)),
    );
  }

  run(): { text: string; rawLine: readonly number[] } {
    let at = 0;
    for (const message of this.doc.messages) {
      this.#copy(at, message.startLine, '');
      this.#headers(message);
      at = this.#body(message);
    }
    this.#copy(at, this.doc.lines.count, '');
    return { text: this.#lines.join('\n'), rawLine: this.#raw };
  }

  #add(line: string, raw: number): void {
    this.#lines.push(line);
    this.#raw.push(raw);
  }

  /** Lines without transfer encoding. */
  #copy(from: number, to: number, charset: string): void {
    for (let n = from; n < to; n++) {
      if (this.#gone.has(n)) this.#add('Content-Transfer-Encoding: 8bit', n);
      else this.#add(decodeLine(this.doc.lines.line(n), charset, this.isBytes), n);
    }
  }

  #headers({ startLine, bodyLine, text }: Message): void {
    const { lines } = this.doc;
    const charset = text[0]?.charset ?? '';
    for (let n = startLine; n < bodyLine; n++) {
      const line = lines.line(n);
      const folded = [line];
      if (READ.test(line)) {
        while (n + folded.length < bodyLine && /^[ \t]/.test(lines.head(n + folded.length, 1)))
          folded.push(lines.line(n + folded.length).trim());
      }
      const whole = folded.join(' ');
      if (!whole.includes('=?')) this.#copy(n, n + folded.length, charset);
      else if (READ.test(line)) this.#add(oneLine(decodeWords(whole)), n);
      else this.#copy(n, n + folded.length, charset);
      n += folded.length - 1;
    }
  }

  #body(message: Message): number {
    const parts = [...message.text, ...encodedParts(this.doc, message)];
    parts.sort((a, b) => a.startLine - b.startLine);
    let at = message.bodyLine;
    for (const part of parts) {
      this.#copy(at, part.startLine, '');
      if ('encoding' in part) this.#decode(part);
      else this.#plain(part);
      at = part.endLine;
    }
    this.#copy(at, message.endLine, '');
    return message.endLine;
  }

  #plain(part: TextPart): void {
    this.#copy(part.startLine, part.endLine, part.charset ?? '');
  }

  #decode(part: EncodedPart): void {
    const { doc, isBytes } = this;
    const encoded: string[] = [];
    for (let n = part.startLine; n < part.endLine; n++) encoded.push(doc.lines.line(n));
    const { lines, from } = decodeLines(encoded, part.encoding, part.charset, isBytes);
    lines.forEach((line, i) => {
      // What looks like the beginning of another mail is the text of this one.
      const escaped = doc.form === 'mbox' && isFromText(line) ? `>${line}` : line;
      this.#add(escaped, part.startLine + (from[i] ?? 0));
    });
    const last = lines.at(-1);
    if (last !== undefined && last !== '')
      this.#add('', Math.max(part.startLine, part.endLine - 1));
  }
}

/** A decoded header stays one line. */
function oneLine(text: string): string {
  return text.replace(/[\r\n\u0085\u2028\u2029]+/g, ' ');
}

function needed(doc: MailDocument, isBytes: boolean): boolean {
  return (
    doc.messages.some(
      (m) => encodedParts(doc, m).length > 0 || m.text.some((p) => isSevenBit(p.charset ?? '')),
    ) ||
    (isBytes && HIGH.test(doc.lines.text))
  );
}

/**
 * The text with what is encoded in it decoded; undefined when nothing is.
 * @param isBytes the text has one character for each byte of the file, because that is no UTF-8.
 */
export function decodeMail(text: string, uri: string, isBytes = false): DecodedMail | undefined {
  if (!isBytes && !ENCODED.test(text)) return undefined;
  const doc = readMailDocument(text, uri);
  if (!needed(doc, isBytes)) return undefined;
  const messageId = doc.messages.find((m) => m.messageId !== undefined)?.messageId;
  const [first] = doc.messages
    .flatMap((m) => encodedParts(doc, m))
    .sort((a, b) => a.startLine - b.startLine);
  const encodingLine = first?.encodingLine ?? 0;
  return { ...new Writer(doc, isBytes).run(), encodingLine, cause: 'encoded', messageId };
}
