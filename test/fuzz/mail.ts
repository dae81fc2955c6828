/** What must hold for every input that is read as mail. */
import { assemble } from '../../server/mail/assemble.js';
import { textOf } from '../../server/mail/byte-text.js';
import { readMailDocument, type MailDocument } from '../../server/mail/index.js';
import {
  groupChanges,
  image,
  readDiffs,
  whyNothing,
  writtenMail,
} from '../../server/patch/index.js';
import type { FilePatch } from '../../server/patch/index.js';
import { threadsText } from '../../server/report/threads-text.js';
import {
  commentsIn,
  lettersOf,
  parentsOf,
  pointsIn,
  seriesIn,
  threadsOf,
} from '../../server/review/index.js';
import { checkApplied } from './applied.js';
import { held } from './held.js';
import { checkViews, isSafe } from './views.js';

/** Messages lie in the document, one after the other, with their texts inside. */
function checkDocument(doc: MailDocument): void {
  let at = 0;
  for (const m of doc.messages) {
    held(
      m.startLine >= at && m.startLine <= m.bodyLine,
      `message ${m.index} begins at ${m.startLine}`,
    );
    held(m.bodyLine <= m.endLine && m.endLine <= doc.lines.count, `message ${m.index} ends`);
    for (const part of [...m.text, ...m.encoded])
      held(part.startLine >= m.bodyLine && part.endLine <= m.endLine, `a part of ${m.index}`);
    at = m.endLine;
  }
}

/** Every line of every hunk stands in the document where it says. */
function checkDiffs(doc: MailDocument, files: readonly FilePatch[]): void {
  for (const file of files) {
    checkApplied(file);
    for (const side of ['pre', 'post'] as const) {
      for (const { text, lines } of image(file, side)) {
        const there = lines.map(({ line, column }) =>
          doc.lines.line(line).slice(column).replaceAll('\u00a0', ' '),
        );
        held(there.join('\n') === text, `a hunk at line ${file.headerLine + 1}`);
      }
    }
  }
  groupChanges(files);
  whyNothing(doc, files);
}

function checkReview(doc: MailDocument, files: readonly FilePatch[]): void {
  const letters = lettersOf(doc, files);
  const threads = threadsOf(letters);
  const seen = threads.flatMap((t) => t.entries.map((e) => e.letter)).sort((a, b) => a - b);
  held(seen.join() === letters.map((l) => l.index).join(), 'each letter is in one thread');
  const series = seriesIn(letters, threads);
  for (const s of series)
    held(s.previous === undefined || s.previous !== s.index, 'a series comes before itself');
  const comments = commentsIn(doc, letters, parentsOf(letters), files);
  for (const c of comments) {
    held(c.parent === undefined || c.parent < c.index, 'an answer stands behind its question');
    held(c.lines.startLine < c.lines.endLine, 'a comment has lines');
  }
  pointsIn(doc, letters, series, comments, files);
  const shown = threadsText(letters, threads, series);
  held(isSafe(shown), 'a control character');
}

/** @throws when something does not hold. */
export function checkMail(bytes: Uint8Array): void {
  const { text, isBytes } = textOf(bytes);
  const decoded = writtenMail(text, 'f', isBytes);
  const read = decoded?.text ?? text;
  if (decoded) held(decoded.rawLine.length === read.split('\n').length, 'a raw line for each line');
  if (decoded?.cause === 'lost-lines')
    held(
      read.replaceAll('\n', ' ') === text.replaceAll(/\r?\n/g, ' '),
      'only line ends are put back',
    );
  const doc = readMailDocument(read, 'f');
  checkDocument(doc);
  const files = readDiffs(doc);
  checkDiffs(doc, files);
  checkReview(doc, files);
  checkViews(doc, files);
  const messages = doc.messages.map((m) => m.index);
  const box = assemble([{ file: 'f', doc, rawLine: decoded?.rawLine, messages }]);
  const again = readMailDocument(box.text, 'b');
  held(again.messages.length === doc.messages.length, 'as many mails as were put together');
  held(box.rawLine.length === again.lines.count, 'a raw line for each line put together');
}
