/**
 * Which texts are ours, told from their beginning. Used by the client, so that nothing else is sent,
 * and by the server for clients that send everything.
 */

/** Characters that are looked at. */
const SNIFFED = 64 * 1024;
/** A document above one of these is not analysed while it is edited. */
const MAX_LENGTH = 4 * 1024 * 1024;
const MAX_MESSAGES = 200;

const QUOTE = String.raw`[> \t|]{0,40}`;
const C_PATH = new RegExp(
  String.raw`^${QUOTE}(?:diff --git \S|--- |\+\+\+ )\S*\.[ch](?:[ \t].*)?$`,
  'm',
);
const HUNK = new RegExp(String.raw`^${QUOTE}@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@`, 'm');
const DIFF = new RegExp(String.raw`^${QUOTE}(?:diff --git |--- \S)`, 'm');
const ENCODED = /^Content-Transfer-Encoding:\s*(?:base64|quoted-printable)\s*$/im;
const FROM_LINE = /^From \S+ .*\d{4}\s*$/m;
const FROM_HEADER = /^From: \S/m;
const QUOTED_HUNK = / > @@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@/;
/** No line of a mail is longer (RFC 5322). */
const LONGEST_LINE = 998;
const SUBJECT = /^Subject: \S/m;

/** Whether a document is a scenario that a user writes: a C file in a folder called `.racelore`. */
export function isModelUri(uri: string): boolean {
  return /\/\.racelore\/[^/]+\.c$/.test(uri);
}

/** Whether a document is a whole file of C, and not a scenario. */
export function isKernelFile(uri: string): boolean {
  return /\.[ch]$/.test(uri) && !isModelUri(uri);
}

/** A mail in one line, as web pages leave it, with a quoted hunk in it. */
function isOneLine(head: string): boolean {
  const end = head.indexOf('\n');
  const first = end < 0 ? head : head.slice(0, end);
  const isLong = first.length > LONGEST_LINE && first.includes(' From: ');
  return isLong && first.includes(' Subject: ') && QUOTED_HUNK.test(first);
}

/** Mail headers or a From_ line with a diff or an encoded text, or a hunk that names a C file; quoted ones too. */
export function isOurs(text: string): boolean {
  const head = text.slice(0, SNIFFED);
  if (C_PATH.test(head) && HUNK.test(head)) return true;
  if (isOneLine(head)) return true;
  const mail = FROM_LINE.test(head) || (FROM_HEADER.test(head) && SUBJECT.test(head));
  return mail && ((DIFF.test(head) && HUNK.test(head)) || ENCODED.test(head));
}

function count(text: string, pattern: RegExp): number {
  let n = 0;
  for (const found of text.matchAll(pattern)) n += found.length > 0 ? 1 : 0;
  return n;
}

/** Why a document is too large to be analysed while it is edited, one line; undefined when it is not. */
export function tooLarge(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return 'larger than 4 MB';
  const messages = Math.max(count(text, /^From \S+ .*\d{4}\s*$/gm), count(text, /^From: \S/gm));
  return messages > MAX_MESSAGES ? `${String(messages)} messages` : undefined;
}
