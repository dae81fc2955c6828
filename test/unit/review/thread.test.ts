import { expect, test } from 'vitest';
import { readBody, isScissors } from '../../../server/review/body.js';
import { readMailDocument } from '../../../server/mail/index.js';
import { threadsOf, type Letter } from '../../../server/review/index.js';
import { box, read, type Mail } from './support.js';

/** Each thread as an indented list of letters; `!` before an id that is not there. */
function tree(...mails: readonly Mail[]): string[] {
  return read(...mails).threads.map((t) =>
    t.entries
      .map((e) => `${'  '.repeat(e.level)}${e.letter}${e.missing ? ` !${e.missing}` : ''}`)
      .join('\n'),
  );
}

test('answers stand below what they answer, by date', () => {
  const found = tree(
    { id: 'a', subject: 'one', at: 0 },
    { id: 'late', subject: 'Re: one', at: 9, to: 'a' },
    { id: 'early', subject: 'Re: one', at: 5, to: 'a' },
    { id: 'deep', subject: 'Re: one', at: 7, to: 'early', refs: ['a', 'early'] },
    { id: 'z', subject: 'two', at: 1 },
  );
  expect(found).toEqual(['0\n  2\n    3\n  1', '4']);
});

test('answers to a mail that is not there are one thread, and the id is named', () => {
  const found = tree(
    { id: 'b', subject: 'Re: one', to: 'gone', refs: ['root', 'gone'] },
    { id: 'c', subject: 'Re: one', at: 1, to: 'gone2', refs: ['root', 'gone2'] },
    { id: 'd', subject: 'Re: one', at: 2, to: 'lost', refs: ['root', 'b', 'lost'] },
  );
  expect(found).toEqual(['0 !gone\n  2 !lost\n1 !gone2']);
  expect(read({ id: 'b', subject: 'x', to: 'gone', refs: ['root'] }).threads[0]?.missing).toEqual([
    'gone',
    'root',
  ]);
});

test('ids that lie: cycles, themselves, twice the same', () => {
  const cycle = tree(
    { id: 'a', subject: 'x', to: 'b' },
    { id: 'b', subject: 'x', to: 'c' },
    { id: 'c', subject: 'x', to: 'a' },
    { id: 'd', subject: 'x', to: 'd' },
    { id: 'a', subject: 'copy' },
  );
  expect(cycle.join('\n').match(/\d+/g)?.map(Number).sort()).toEqual([0, 1, 2, 3, 4]);
});

test('a chain of 50,000 answers, from either end', () => {
  const letter = (i: number, to: number): Letter => ({
    index: i,
    kind: 'reply',
    subject: {
      reply: true,
      patch: false,
      patchset: false,
      pull: false,
      rfc: false,
      resend: false,
      version: 1,
      tags: [],
      title: 'x',
    },
    rawSubject: 'x',
    from: { name: '' },
    author: { name: '' },
    date: { raw: '' },
    messageId: `${i}@x`,
    inReplyTo: `${to}@x`,
    references: [],
    files: [],
    trailers: [],
    base: { prerequisitePatchIds: [], prerequisiteChangeIds: [], prerequisiteMessageIds: [] },
    mentions: [],
    destination: 'unknown',
  });
  for (const step of [-1, 1]) {
    const [thread] = threadsOf(Array.from({ length: 50_000 }, (_, i) => letter(i, i + step)));
    expect(thread?.entries.length).toBe(50_000);
    expect(thread?.entries.at(-1)?.level).toBe(49_999);
  }
});

test.each([
  ['-- >8 --', true],
  ['---------------->8---------------------------', true],
  ['- - - - cut here 8< - - - - - -', true],
  ['------ cut here ------', false],
  ['a -- >8 -- long remark that is no cut at all', false],
  ['-----', false],
])('scissors: %s %s', (line, expected) => expect(isScissors(line)).toBe(expected));

test('headers inside the body and scissors, as git am reads them', () => {
  const body = [
    'Hi, this is what I meant:',
    '',
    '-- >8 --',
    'From: Carl Writer <carl@example.org>',
    'Subject: [PATCH v2 1/2] demo: inside',
    'Date: Mon, 1 Jun 2026 08:00:00 +0000',
    '',
    'The message.',
    '---',
    ' a.c | 1 +',
  ].join('\n');
  const doc = readMailDocument(box({ subject: 'Re: demo', body }), '');
  const [message] = doc.messages;
  if (!message) throw new Error('one mail');
  const found = readBody(doc, message);
  expect(found).toMatchObject({
    author: { name: 'Carl Writer', address: 'carl@example.org' },
    subject: '[PATCH v2 1/2] demo: inside',
    date: { iso: '2026-06-01T08:00:00Z' },
  });
  expect(doc.lines.line(found.messageLine)).toBe('The message.');
  expect(doc.lines.line(found.messageEnd)).toBe('---');
});
