import type { LineTable } from './lines.js';
import type { TransferEncoding } from './transfer.js';

/** What was not understood, or understood only in part, and where (0-based line in the document). */
export interface Problem {
  readonly severity: 'error' | 'warning' | 'note';
  readonly line: number;
  readonly message: string;
}

export interface Mailbox {
  /** Display name; empty when there is none. */
  readonly name: string;
  readonly address?: string;
}

export interface MailDate {
  /** UTC, `2025-07-18T11:30:00Z`; absent when `raw` could not be read. */
  readonly iso?: string;
  readonly raw: string;
}

/** Lines of a message that hold plain text as it was written: the whole body, or parts of a multipart one. */
export interface TextPart {
  readonly startLine: number;
  /** One past the last line. */
  readonly endLine: number;
  /** `format=flowed` (RFC 3676). */
  readonly flowed: boolean;
  /** As the header names it in lower case; absent when it does not. */
  readonly charset?: string;
}

/** Lines that hold text in a transfer encoding. */
export interface EncodedPart {
  readonly startLine: number;
  /** One past the last line. */
  readonly endLine: number;
  readonly encoding: TransferEncoding;
  /** As the header names it, empty when it does not. */
  readonly charset: string;
  /** Line of the header that names the encoding. */
  readonly encodingLine: number;
}

/** One mail of a document. Lines are 0-based lines of the document. */
export interface Message {
  /** Place in `MailDocument.messages`. */
  readonly index: number;
  readonly from: Mailbox;
  readonly date: MailDate;
  readonly subject: string;
  /** Without the angle brackets, like every id here. */
  readonly messageId?: string;
  readonly inReplyTo?: string;
  readonly references: readonly string[];
  /** Index of the message that this one answers, when it is in the document. */
  readonly parent?: number;
  readonly startLine: number;
  readonly bodyLine: number;
  /** One past the last line. */
  readonly endLine: number;
  /** What of the body can be read without decoding; empty for base64 and quoted-printable. */
  readonly text: readonly TextPart[];
  /** What has to be decoded first (decoded.ts). */
  readonly encoded: readonly EncodedPart[];
  /** Its line ends were lost: what lines it has were put back. */
  readonly lostLines?: true;
}

/** `thread-text`: a saved public-inbox thread page; `text`: none of the others. */
export type MailForm = 'thread-text' | 'mail' | 'mbox' | 'diff' | 'text';

export interface MailDocument {
  readonly uri: string;
  readonly form: MailForm;
  /** In document order; `diff` and `text` have one message without headers. */
  readonly messages: readonly Message[];
  readonly lines: LineTable;
  readonly problems: readonly Problem[];
}

/** A message before the reply structure is known. */
export type LooseMessage = Omit<Message, 'index' | 'parent'>;
