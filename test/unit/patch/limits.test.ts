import { expect, test } from 'vitest';
import { readMailDocument } from '../../../server/mail/index.js';
import { groupChanges, readDiffs, whyNothing } from '../../../server/patch/index.js';

const MB = 1 << 20;
const fill = (text: string, bytes: number): string => text.repeat(Math.ceil(bytes / text.length));

/** Texts that make a careless reader slow: all must be read in time that grows with their size. */
const TEXTS: readonly (readonly [string, () => string])[] = [
  ['5 MB of prose', () => fill('The quick brown fox jumps over the lazy dog.\n', 5 * MB)],
  ['one line of 100 MB', () => fill('x', 100 * MB)],
  ['one line of 100 MB of quote marks', () => fill('>', 100 * MB)],
  [
    'one line of 100 MB of spaces in a mail',
    () => `From: a@b\nSubject: x\n\n${fill(' ', 100 * MB)}`,
  ],
  ['256 KB of empty lines', () => fill('\n', MB / 4)],
  ['256 KB of @@ lines', () => fill('@@ -1,99999 +1,99999 @@\n', MB / 4)],
  [
    '256 KB of hunks that never end',
    () => fill('> @@ -1,99999 +1,99999 @@\n> +a\nreply\n', MB / 4),
  ],
  [
    '256 KB of one hunk with replies',
    () => `> @@ -1,0 +1,9999999 @@\n${fill('> +a\nreply\n', MB / 4)}`,
  ],
  [
    '256 KB of quotes that get deeper',
    () =>
      fill(
        Array.from({ length: 90 }, (_, i) => `${'>'.repeat(i + 1)} @@ -1,9 +1,9 @@`).join('\n') +
          '\n',
        MB / 4,
      ),
  ],
  ['256 KB of empty context lines', () => `@@ -1,9999999 +1,9999999 @@\n${fill('\n', MB / 4)}text`],
  [
    '256 KB of additions',
    () => `--- a/x.c\n+++ b/x.c\n@@ -0,0 +1,9999999 @@\n${fill('+\tint x;\n', MB / 4)}text`,
  ],
  [
    '20,000 mails',
    () => 'From a@b Thu Jan  1 00:00:00 1970\nFrom: a\nSubject: b\n\nx\n\n'.repeat(20_000),
  ],
  ['256 KB of file headers', () => fill('--- a/x.c\n+++ b/x.c\n', MB / 4)],
  ['256 KB of folded header', () => `Subject: x\nFrom: y\n${fill(' fold\n', MB / 4)}`],
  ['256 KB of From_ lines', () => fill('\nFrom a@b Thu Jan  1 00:00:00 1970\n', MB / 4)],
  [
    '256 KB of permalinks',
    () => fill('From: a @ 2026-01-01 00:00 UTC (permalink / raw)\n', MB / 4),
  ],
  [
    '256 KB of boundaries',
    () =>
      `From: a\nSubject: b\nContent-Type: multipart/mixed; boundary=b\n\n${fill('--b\n\nx\n', MB / 4)}`,
  ],
];

test.each(TEXTS)('%s', { timeout: 30_000 }, (_name, make) => {
  const text = make();
  const from = performance.now();
  const doc = readMailDocument(text, 'file:///big');
  const files = readDiffs(doc);
  groupChanges(files);
  whyNothing(doc, files);
  expect(performance.now() - from).toBeLessThan(2000);
});
