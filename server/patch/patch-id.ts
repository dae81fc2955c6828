/** The id that `git patch-id --stable` gives a patch: it depends on neither line numbers, white space nor file order. */
import type { MailDocument } from '../mail/index.js';
import { sha1 } from './sha1.js';
import type { FilePatch } from './types.js';

/** Longest header line, and most lines of one header. */
const HEAD = 1000;
const MOST = 20;

/** What git hashes of a header: all lines of words but `index`, and the two names. */
function headerOf(doc: MailDocument, file: FilePatch): string | undefined {
  const first = doc.lines.head(file.headerLine, HEAD);
  if (!first.startsWith('diff --git ')) return undefined;
  let text = first;
  for (let line = file.headerLine + 1; line < file.headerLine + MOST; line++) {
    const next = doc.lines.head(line, HEAD);
    if (next.startsWith('--- ')) return text + next + doc.lines.head(line + 1, HEAD);
    if (!/^[A-Za-z]/.test(next) || next.startsWith('diff ')) break;
    if (!next.startsWith('index ')) text += next;
  }
  return file.hunks.length === 0 ? text : undefined;
}

/** What git hashes of one file, without white space; undefined where it would read something else. */
function textOf(doc: MailDocument, file: FilePatch): string | undefined {
  const header = headerOf(doc, file);
  if (header === undefined || file.isBinary || file.hunks.some((h) => h.damaged)) return undefined;
  const parts = [header];
  for (const { lines } of file.hunks) for (const { mark, text } of lines) parts.push(mark, text);
  return parts.join('').replace(/[ \t\n\v\f\r]+/g, '');
}

/** Adds two numbers of 160 bits, the lowest byte first. */
function add(sum: Uint8Array, more: Uint8Array): void {
  let carry = 0;
  for (let i = 0; i < 20; i++) {
    carry += (sum[i] ?? 0) + (more[i] ?? 0);
    sum[i] = carry & 255;
    carry >>= 8;
  }
}

/**
 * @param files the diffs that one message makes. Undefined without any, and for what git would read
 * otherwise: damaged hunks, diffs that git did not write. Binary files too: mails abbreviate their ids.
 */
export function patchId(doc: MailDocument, files: readonly FilePatch[]): string | undefined {
  if (files.length === 0) return undefined;
  const sum = new Uint8Array(20);
  let open = '';
  for (const [i, file] of files.entries()) {
    const text = textOf(doc, file);
    if (text === undefined) return undefined;
    open += text;
    // To git, a file without hunks goes on in the next.
    if (file.hunks.length === 0 && i < files.length - 1) continue;
    add(sum, sha1(new TextEncoder().encode(open)));
    open = '';
  }
  return [...sum].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
