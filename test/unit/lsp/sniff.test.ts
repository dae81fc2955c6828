import { describe, expect, test } from 'vitest';
import { isOurs, tooLarge } from '../../../shared/sniff.js';

const HUNK = '@@ -1,3 +1,3 @@\n a\n-b\n+c\n d\n';

describe('what is ours', () => {
  test.each([
    ['a bare diff of a C file', `--- a/fs/x.c\n+++ b/fs/x.c\n${HUNK}`],
    ['a header file', `diff --git a/x.h b/x.h\n--- a/x.h\n+++ b/x.h\n${HUNK}`],
    ['a diff quoted in a reply', `> --- a/fs/x.c\n> +++ b/fs/x.c\n> @@ -1,3 +1,3 @@ f()\n>  a\n`],
    ['a diff quoted twice', `>> +++ b/fs/x.c\n>> @@ -1 +1 @@\n`],
    [
      'a mail with any diff',
      `From: A <a@b>\nSubject: [PATCH] x\n\n--- a/Makefile\n+++ b/Makefile\n${HUNK}`,
    ],
    ['an mbox', `From me Thu Jan  1 00:00:00 1970\n\ndiff --git a/doc b/doc\n${HUNK}`],
    ['time stamps behind the paths', `--- a/x.c\t2025-01-01\n+++ b/x.c\t2025-01-01\n${HUNK}`],
  ])('%s', (_, text) => {
    expect(isOurs(text)).toBe(true);
  });

  test.each([
    ['a mail without a diff', 'From: A <a@b>\nSubject: hello\n\nSome text -- and a @@ in it\n'],
    ['a diff of another language', `--- a/x.py\n+++ b/x.py\n${HUNK}`],
    ['C itself', 'int f(void)\n{\n\treturn 0;\n}\n'],
    ['a diff that begins behind what is looked at', `${'x\n'.repeat(40_000)}--- a/x.c\n${HUNK}`],
    ['a list of changed files', ' fs/x.c | 2 +-\n--- a/fs/x.c\n+++ b/fs/x.c\n'],
    ['nothing', ''],
  ])('not %s', (_, text) => {
    expect(isOurs(text)).toBe(false);
  });
});

describe('what is too large', () => {
  test('200 messages are not, 201 are', () => {
    const message = 'From me Thu Jan  1 00:00:00 1970\nSubject: x\n\n';
    expect(tooLarge(message.repeat(200))).toBeUndefined();
    expect(tooLarge(message.repeat(201))).toBe('201 messages');
  });

  test('4 MB are not, one more is', () => {
    expect(tooLarge('x'.repeat(4 * 1024 * 1024))).toBeUndefined();
    expect(tooLarge('x'.repeat(4 * 1024 * 1024 + 1))).toBe('larger than 4 MB');
  });
});
