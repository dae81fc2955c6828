/** What people see of mails: nothing in it may steer a terminal or leave its place in a page. */
import type { DocumentParts } from '../../server/analysis/parts.js';
import { comparisonAt } from '../../server/lsp/compare.js';
import { documentLinks } from '../../server/lsp/document-link.js';
import { documentSymbols } from '../../server/lsp/document-symbol.js';
import { draftReply, quotedLines } from '../../server/lsp/draft-reply.js';
import { foldingRanges } from '../../server/lsp/folding-range.js';
import { reviewOf } from '../../server/lsp/review.js';
import type { MailDocument } from '../../server/mail/index.js';
import type { FilePatch } from '../../server/patch/index.js';
import { plain } from '../../server/report/plain.js';
import type { ReviewNode } from '../../shared/review.js';
import { held } from './held.js';

/** Without a parser: the functions are those that the `@@` lines name. */
function partsOf(doc: MailDocument, files: readonly FilePatch[]): DocumentParts {
  return {
    mail: doc,
    files,
    functionsOf: ({ hunks }) =>
      hunks.map(({ section, headerLine }) => ({
        name: section.split('(')[0] ?? '',
        at: { uri: doc.uri, line: headerLine, character: 0, endLine: headerLine, endCharacter: 0 },
      })),
  };
}

/** Lines of a text are lines of ours; in one line there is no other. */
export function isSafe(text: string): boolean {
  return plain(text) === text;
}

function checkNodes(nodes: readonly ReviewNode[], seen: Set<string>): void {
  for (const { id, label, detail, children } of nodes) {
    held(!seen.has(id), 'a row with the id of another');
    seen.add(id);
    held(isSafe(label) && isSafe(detail) && !/\n/.test(label + detail), `a row: ${label}`);
    checkNodes(children, seen);
  }
}

/** @throws when something does not hold. */
export function checkViews(doc: MailDocument, files: readonly FilePatch[]): void {
  const parts = partsOf(doc, files);
  const { nodes, threads } = reviewOf(doc.uri, 1, parts, []);
  checkNodes(nodes, new Set());
  for (const { at, comments } of threads) {
    held(at.line <= at.endLine && at.endLine < doc.lines.count, 'a thread in the document');
    for (const { by, text } of comments) held(isSafe(by) && isSafe(text), 'a comment');
  }
  for (const { name, range } of documentSymbols(parts)) {
    held(isSafe(name) && !name.includes('\n'), `a symbol: ${name}`);
    held(range.start.line <= range.end.line, 'a symbol has lines');
  }
  for (const { startLine, endLine } of foldingRanges(parts))
    held(startLine < endLine && endLine < doc.lines.count, 'a fold in the document');
  for (const { target = '', tooltip = '' } of documentLinks(doc.uri, parts))
    held(
      /^(?:https:\/\/(?:lore|git)\.kernel\.org\/|f#L\d+$)/.test(target) && isSafe(tooltip),
      target,
    );
  for (const line of [0, doc.lines.count >> 1, doc.lines.count - 1]) {
    const draft = draftReply(parts, quotedLines(parts, { line, endLine: line }), []);
    held(isSafe(draft), 'a draft');
    const compared = comparisonAt(parts, line);
    held(isSafe(typeof compared === 'string' ? compared : compared.text), 'a comparison');
  }
}
