/** The first inputs of `npm run fuzz`, and hostile ones made by hand. */
import { describe, expect, test } from 'vitest';
import { checkMail } from '../../fuzz/mail.js';
import { MailMaker } from '../../fuzz/mail-text.js';

test('300 mails made from seeds are read without a fault', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const input = new MailMaker(seed).make();
    expect(() => checkMail(input), `seed ${seed}`).not.toThrow();
  }
});

const HEAD =
  'From: A <a@x>\nSubject: [PATCH] x\nMessage-ID: <a@x>\nDate: Mon, 1 Jun 2026 10:00:00 +0000\n';
const parts = (n: number): string =>
  `${HEAD}Content-Type: multipart/mixed; boundary=b\n\n${'--b\nContent-Type: text/plain\n\nx\n'.repeat(n)}--b--\n`;
const nested = (n: number): string =>
  HEAD +
  Array.from(
    { length: n },
    (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\n\n--b${i}\n`,
  ).join('');
const repeated = (text: string, n: number): string => `${HEAD}\n${text.repeat(n)}`;

describe('hostile mails are read in little time', () => {
  test.each([
    ['ten thousand parts', parts(10_000)],
    ['parts in parts in parts', nested(3000)],
    ['one line of 20 MB', repeated('x', 20_000_000)],
    ['one quoted line of 5 MB', repeated('> ', 2_500_000)],
    ['quotes that go up and down', repeated('>>>>>>>> a\n> b\n>>> c\n', 30_000)],
    ['a hunk that never ends', repeated('@@ -1,99999 +1,99999 @@\n a\n', 30_000)],
    ['files without hunks', repeated('diff --git a/x b/x\n--- a/x\n+++ b/x\n', 30_000)],
    ['hunks cut by replies', repeated('> @@ -1,9 +1,9 @@\n> +a\nb\n', 20_000)],
    ['references without end', `${HEAD}References: ${'<a@x> '.repeat(200_000)}\n\nx\n`],
    ['a subject of brackets', `From: a@x\nDate: x\nSubject: ${'[PATCH '.repeat(100_000)}\n\nx\n`],
    ['encoded words', `From: a@x\nDate: x\nSubject: ${'=?utf-8?q?a?= '.repeat(100_000)}\n\nx\n`],
    ['headers without end', `${HEAD}${'X-A: b\n'.repeat(200_000)}\nx\n`],
    ['folds without end', `${HEAD}X-A: b\n${' c\n'.repeat(200_000)}\nx\n`],
    ['From lines', repeated('\nFrom a@b Mon Sep 17 10:00:00 2001\n', 50_000)],
    ['base64 of nothing', `${HEAD}Content-Transfer-Encoding: base64\n\n${'=\n'.repeat(500_000)}`],
    ['dashes that may be scissors', repeated('-- 8< -- >8 --- - - -- 8<x\n', 50_000)],
    ['lines that may announce a quotation', repeated('On x, y wrote:\n> a\n', 50_000)],
  ])(
    '%s',
    (_, text) => {
      const from = process.cpuUsage();
      expect(() => checkMail(Buffer.from(text))).not.toThrow();
      const { user } = process.cpuUsage(from);
      expect(user / 1000).toBeLessThan(1000 * Math.ceil(text.length / 100_000));
    },
    120_000,
  );
});
