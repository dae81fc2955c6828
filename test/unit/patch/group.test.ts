import { expect, test } from 'vitest';
import { groupChanges, type Change } from '../../../server/patch/index.js';
import { HEADER, HUNK, diffsOf, patch, quoted } from './show.js';

const WHOLE = patch(HUNK).trimEnd().split('\n');
const groups = (...lines: readonly string[]): Change[] => groupChanges(diffsOf(lines.join('\n')));
const places = (changes: readonly Change[]): number[][] =>
  changes.map((c) => [c.primary, ...c.copies].map((f) => f.headerLine + 1));

test('a quoted copy is the same change; the unquoted one leads', () => {
  expect(places(groups(...quoted(WHOLE), '', ...WHOLE, '', ...quoted(WHOLE, '>> ')))).toEqual([
    [16, 1, 31],
  ]);
});

test('a copy trimmed by the reply is still a copy', () => {
  const two = [...WHOLE, '@@ -40,2 +41,3 @@ int other(void)', ' \ta();', '+\tb();', ' \tc();'];
  expect(
    places(
      groups(
        ...two,
        '',
        ...quoted(two.slice(0, 8)),
        '',
        ...quoted(HEADER, '>> '),
        ...quoted(two.slice(14), '>> '),
      ),
    ),
  ).toEqual([[1, 20, 29]]);
});

test('a trimmed copy without file header is one, too', () => {
  expect(places(groups(...WHOLE, '', ...quoted(HUNK)))).toEqual([[1, 16]]);
});

test('with quoted copies only, the first place leads, even if it is shorter', () => {
  expect(
    places(groups(...quoted(WHOLE.slice(0, 9)), '', 'cut', '', ...quoted(WHOLE, '>> '))),
  ).toEqual([[1, 13]]);
});

test('a new version that leaves lines out is a change of its own', () => {
  const v2 = WHOLE.filter((line) => line !== '+\tspin_lock(&d->lock);').map((l) =>
    l.replace('+10,8', '+10,7'),
  );
  expect(places(groups(...WHOLE, '', ...v2, '', ...quoted(v2)))).toEqual([[1], [16, 30]]);
});

test('blobs tell diffs apart whose quoted parts are equal', () => {
  const other = WHOLE.map((l) => l.replace('89abcde', '7777777').replace('return n', 'return 0'));
  expect(places(groups(...WHOLE, '', ...other, '', ...quoted(WHOLE.slice(0, 9))))).toEqual([
    [1, 31],
    [16],
  ]);
});

test('the id is one of the content: the same in every document, another for another line', () => {
  const [a] = groups(...WHOLE);
  const [b] = groups('words', '', ...WHOLE);
  const [c] = groups(...WHOLE.map((l) => l.replace('spin_lock', 'read_lock')));
  expect(a?.id).toMatch(/^[0-9a-f]{16}$/);
  expect(b?.id).toBe(a?.id);
  expect(c?.id).not.toBe(a?.id);
});

const mail = (name: string, ...body: readonly string[]): string[] => [
  'From x@y Thu Jan  1 00:00:00 1970',
  `From: ${name}@b`,
  'Subject: s',
  '',
  ...body,
  '',
];

test.each([
  ['with object ids', WHOLE],
  ['without', WHOLE.filter((l) => !l.startsWith('index '))],
])('while the first place is edited, the copies in replies stay copies: %s', (_how, whole) => {
  const replies = [...mail('bob', ...quoted(whole)), ...mail('cy', ...quoted(whole, '>> '))];
  const quietly = places(groups(...mail('ann', ...whole), ...replies));
  expect(quietly.map((p) => p.length)).toEqual([3]);
  for (const edit of [
    whole.slice(0, -1),
    whole.filter((l) => !l.includes('spin_lock')),
    whole.map((l) => l.replace('spin_lock', 'spin_l')),
  ]) {
    const edited = places(groups(...mail('ann', ...edit), ...replies));
    expect(edited.map((p) => p.length)).toEqual([3]);
  }
});

test('a quoted diff that the same mail answers with another version stays a change of its own', () => {
  const v1 = WHOLE.filter((l) => !l.startsWith('index '));
  const v2 = v1.map((l) => l.replace('spin_lock', 'read_lock'));
  expect(places(groups(...mail('bob', ...quoted(v1), '', 'Rather:', '', ...v2)))).toEqual([
    [5],
    [21],
  ]);
});
