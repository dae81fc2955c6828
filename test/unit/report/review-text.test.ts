/** What `racelore review` prints. */
import { expect, test } from 'vitest';
import { readMailDocument } from '../../../server/mail/index.js';
import { readDiffs } from '../../../server/patch/index.js';
import { remarksIn } from '../../../server/report/remarks.js';
import { reviewJson, reviewText } from '../../../server/report/review-text.js';
import { isSafe } from '../../fuzz/views.js';
import { box, diff, type Mail } from '../review/support.js';

const BODY = `Take it.\n\n${diff('fs/demo/a.c', 'lock(demo);')}`;
const PATCH: Mail = { id: 'p@x', subject: '[PATCH] demo: lock it', body: BODY };
const QUOTE = BODY.split('\n')
  .slice(0, 11)
  .map((line) => `> ${line}`)
  .join('\n');

function reply(id: string, from: string, body: string, to = 'p@x'): Mail {
  return { id, from, subject: 'Re: [PATCH] demo: lock it', to, at: 10, body };
}

const BOB = 'Bob Reviewer <bob@example.org>';
const ANN = 'Ann Author <ann@example.org>';
const NONE = { rawLine: undefined, fileOf: undefined };

function shown(...mails: readonly Mail[]): string {
  const doc = readMailDocument(box(...mails), 'file:///box');
  return reviewText(remarksIn(doc, readDiffs(doc)), NONE);
}

test('a point is open until the author answers', () => {
  const asked = reply('r@x', BOB, `${QUOTE}\n\nWhy here?`);
  const open = shown(PATCH, asked);
  expect(open).toContain('1 patch; 1 point, 1 open');
  expect(open).toContain(
    `  [open] Bob Reviewer, 2026-06-01, fs/demo/a.c:12, line 40
    >  {
    >   int n;
    > + lock(demo);
    Why here?`
      .replaceAll('>   int', '>    int')
      .replaceAll('> + lock', '> +  lock'),
  );
  const answer = reply('a@x', ANN, '> Why here?\n\nBecause.', 'r@x');
  const done = shown(PATCH, asked, answer);
  expect(done).toContain('1 point, 0 open');
  expect(done).toContain('-> 1 answer, the last by Ann Author');
});

test('trailers and thanks are no points, but are shown', () => {
  const text = shown(PATCH, reply('r@x', BOB, `${QUOTE}\n\nReviewed-by: ${BOB}`));
  expect(text).toContain('nothing to answer');
  expect(text).toContain(`  Reviewed-by: ${BOB}`);
});

test('nothing of a mail steers a terminal, and no line is wider than 72', () => {
  const evil = `${QUOTE}\n\nWhy\u001b[2J \u202e<script>${'wide '.repeat(40)}\n\u009b1m`;
  const text = shown(PATCH, reply('r@x', 'E\u001bve <eve@example.org>', evil));
  expect(isSafe(text)).toBe(true);
  expect(text.split('\n').every((line) => line.length <= 72)).toBe(true);
  const doc = readMailDocument(box(PATCH, reply('r@x', BOB, evil)), 'file:///box');
  const json = reviewJson(remarksIn(doc, readDiffs(doc)), NONE);
  expect(isSafe(json)).toBe(true);
  expect(JSON.parse(json)).toMatchObject({
    schema: 'racelore/remarks@1',
    series: [{ version: 1 }],
  });
});

test('JSON has lines of the files that were given', () => {
  const doc = readMailDocument(box(PATCH, reply('r@x', BOB, 'Why?')), 'file:///box');
  const rawLine = Array.from({ length: doc.lines.count }, (_, i) => i + 1000);
  const text = reviewJson(remarksIn(doc, readDiffs(doc)), { rawLine, fileOf: () => 'cur/1' });
  expect(JSON.parse(text)).toMatchObject({
    series: [
      {
        mails: [
          {
            number: 1,
            remarks: [{ by: 'Bob Reviewer', file: 'cur/1', isOpen: true, text: ['Why?'] }],
          },
        ],
      },
    ],
  });
  expect(/"line": 10\d\d/.test(text)).toBe(true);
});
