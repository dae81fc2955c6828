/** Outline, folding, links and review of texts that nobody means well with: they end, and soon. */
import { describe, expect, it } from 'vitest';
import type { DocumentParts } from '../../../server/analysis/parts.js';
import { documentLinks } from '../../../server/lsp/document-link.js';
import { documentSymbols } from '../../../server/lsp/document-symbol.js';
import { foldingRanges } from '../../../server/lsp/folding-range.js';
import { reviewOf } from '../../../server/lsp/review.js';
import { readMailDocument } from '../../../server/mail/index.js';
import { readDiffs } from '../../../server/patch/index.js';
import type { ReviewNode } from '../../../shared/review.js';

const URI = 'file:///hostile.mbox';
const KILOBYTE = 1024;
const MAIL = 'From: A B <a@example.org>\nSubject: [PATCH] a\nMessage-ID: <1@example.org>\n\n';

function partsOf(text: string): DocumentParts {
  const mail = readMailDocument(text, URI);
  return { mail, files: readDiffs(mail), functionsOf: () => [] };
}

/** Milliseconds of CPU for all features on a text of 100 KB, made by repeating. */
function cost(line: string): number {
  const parts = partsOf(MAIL + line.repeat(Math.ceil((100 * KILOBYTE) / line.length)));
  const before = process.cpuUsage();
  documentSymbols(parts);
  foldingRanges(parts);
  documentLinks(URI, parts);
  reviewOf(URI, 1, parts, []);
  return process.cpuUsage(before).user / 1000;
}

describe('100 KB cost less than a second', () => {
  it.each([
    ['addresses without an end', `${'<a@'.repeat(300)}\n`],
    ['signs of an address', `<${'@'.repeat(900)}\n`],
    ['one long line', 'commit abcdef01 <a@b> f() '],
    ['nested quotes', `${'>'.repeat(90)} x\n`],
    ['stairs of quotes', '> a\n>> b\n>>> c\n> d\n'],
    ['one file many times', '--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@ int f(void)\n-a\n+b\n'],
    ['hunks of one function', '@@ -1 +1 @@ int f(void)\n-a\n+b\n'],
    ['links', 'https://lore.kernel.org/r/1@example.org/\n'],
  ])('%s', (_, line) => {
    expect(cost(line)).toBeLessThan(1000);
  });
});

it('a file that is named twice has two rows with two ids', () => {
  const diff = '--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n';
  const { nodes } = reviewOf(
    URI,
    1,
    partsOf(`${MAIL}${diff}text\n${diff.replace('-a', '-c')}`),
    [],
  );
  const all = (list: readonly ReviewNode[]): readonly ReviewNode[] =>
    list.flatMap((node) => [node, ...all(node.children)]);
  const files = all(nodes).filter(({ kind }) => kind === 'file');
  expect(files.map(({ label }) => label)).toEqual(['x.c', 'x.c']);
  expect(new Set(all(nodes).map(({ id }) => id)).size).toBe(all(nodes).length);
});
