/**
 * The review of a file that is too large to be analysed while it is edited: read from disk when it is asked
 * for, and not kept. Series, answers and comments; no findings and no functions.
 */
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ReviewNode, ReviewResult, ReviewThread } from '../../shared/review.js';
import type { DocRange } from '../../shared/trace.js';
import { tooLarge } from '../../shared/sniff.js';
import { textOf } from '../mail/byte-text.js';
import { readMailDocument } from '../mail/index.js';
import { readDiffs, writtenMail } from '../patch/index.js';
import { reviewOf } from './review.js';

/** Larger files are archives, of which a thread is to be taken first. */
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_MESSAGES = 5000;

function bytesOf(uri: string): Uint8Array | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    const path = fileURLToPath(uri);
    const stat = statSync(path);
    return stat.isFile() && stat.size <= MOST_BYTES ? readFileSync(path) : undefined;
  } catch {
    // Gone, or not to be read: there is nothing to show.
    return undefined;
  }
}

type Move = (at: DocRange) => DocRange;

function movedNode(node: ReviewNode, move: Move): ReviewNode {
  const children = node.children.map((child) => movedNode(child, move));
  return { ...node, ...(node.at ? { at: move(node.at) } : {}), children };
}

function movedThread(thread: ReviewThread, move: Move): ReviewThread {
  const comments = thread.comments.map((c) => ({ ...c, at: move(c.at) }));
  return { ...thread, at: move(thread.at), comments };
}

/** From lines of the decoded text to those of the file. */
function inFile(rawLine: readonly number[]): Move {
  const line = (n: number): number => rawLine[n] ?? n;
  return (at) => ({
    ...at,
    line: line(at.line),
    character: 0,
    endLine: line(at.endLine),
    endCharacter: 0,
  });
}

/** Undefined for what is no large file of mails. */
export function reviewOfLarge(uri: string): ReviewResult | undefined {
  const bytes = bytesOf(uri);
  if (!bytes) return undefined;
  const { text, isBytes } = textOf(bytes);
  if (tooLarge(text) === undefined) return undefined;
  const written = writtenMail(text, uri, isBytes);
  const mail = readMailDocument(written?.text ?? text, uri);
  if (mail.messages.length > MOST_MESSAGES) return undefined;
  const parts = { mail, files: readDiffs(mail), functionsOf: () => [] };
  const review = reviewOf(uri, 0, parts, []);
  if (!written) return review;
  const move = inFile(written.rawLine);
  return {
    ...review,
    nodes: review.nodes.map((node) => movedNode(node, move)),
    threads: review.threads.map((thread) => movedThread(thread, move)),
  };
}
