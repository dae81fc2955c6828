/** What replies say, bound to the lines they are about. */
import { describe, expect, test } from 'vitest';
import { readMailDocument } from '../../../server/mail/index.js';
import { readDiffs } from '../../../server/patch/index.js';
import {
  commentsIn,
  lettersOf,
  parentsOf,
  pointsIn,
  seriesIn,
  threadsOf,
} from '../../../server/review/index.js';
import { box, diff, type Mail } from './support.js';

const ANN = 'Ann Author <ann@example.org>';
const BOB = 'Bob Reviewer <bob@example.org>';

const PATCH: Mail = {
  id: 'p@x',
  from: ANN,
  subject: '[PATCH] demo: take the lock',
  body: `The counter is read by the worker without the lock.\nTake it there.\n\nSigned-off-by: Ann Author <ann@example.org>\n${diff('fs/demo/a.c', 'take_the_lock(demo);')}`,
};
const LINES = (PATCH.body ?? '').split('\n');
const quoted = (lines: readonly string[], mark = '> '): string =>
  lines.map((l) => (mark + l).trimEnd()).join('\n');

function setup(mails: readonly Mail[]): {
  comments: string[];
  points: string[];
} {
  const doc = readMailDocument(box(...mails), '');
  const files = readDiffs(doc);
  const letters = lettersOf(doc, files);
  const series = seriesIn(letters, threadsOf(letters));
  const comments = commentsIn(doc, letters, parentsOf(letters), files);
  const shown = comments.map((c) => {
    const a = c.anchor;
    const on = a
      ? `${a.message} ${a.path ?? 'text'}${a.newLine === undefined ? '' : `:${a.newLine}`} "${doc.lines.line(a.lines.endLine - 1).trim()}"`
      : '-';
    const parent = c.parent === undefined ? '' : ` ^${c.parent}`;
    return `${doc.lines.line(c.lines.startLine)}${c.isFormal ? ' (formal)' : ''}${parent} | ${on}`;
  });
  const points = pointsIn(doc, letters, series, comments, files).map((p) => {
    const { lines } = comments[p.comment] ?? { lines: { startLine: 0 } };
    const next = p.next === undefined ? '' : ` ${p.next}`;
    return `${doc.lines.line(lines.startLine)}: ${p.answered ? 'answered' : 'open'}${next}`;
  });
  return { comments: shown, points };
}

const reply = (body: string, more: Partial<Mail> = {}): Mail => ({
  id: 'r@x',
  from: BOB,
  subject: 'Re: [PATCH] demo: take the lock',
  to: 'p@x',
  at: 10,
  body,
  ...more,
});
const comments = (...mails: readonly Mail[]): string[] => setup([PATCH, ...mails]).comments;

const at = (text: string): number => LINES.findIndex((l) => l.includes(text)) + 1;
const UP_TO_LOCK = LINES.slice(0, at('take_the_lock'));
const ON_LOCK = '0 fs/demo/a.c:12 "+\ttake_the_lock(demo);"';

describe('a comment is bound', () => {
  test('to the line of the diff right above it', () => {
    expect(comments(reply(`On Monday, Ann wrote:\n${quoted(UP_TO_LOCK)}\n\nWhy here?`))).toEqual([
      `Why here? | ${ON_LOCK}`,
    ]);
  });

  test('to a line of the commit message; several in one reply', () => {
    const body = `${quoted(LINES.slice(0, 1))}\n\nWhich worker?\n\n${quoted(LINES.slice(1, at('int n')))}\n\nNot 64 bits?`;
    expect(comments(reply(body))).toEqual([
      `Which worker? | 0 text "${LINES[0] ?? ''}"`,
      'Not 64 bits? | 0 fs/demo/a.c:11 "int n;"',
    ]);
  });

  test.each([
    ['without space behind the mark', quoted(UP_TO_LOCK, '>')],
    ['cut in the middle', quoted(['[...]', ...UP_TO_LOCK.slice(-2)])],
    ['tabs became spaces', quoted(UP_TO_LOCK.map((l) => l.replaceAll('\t', '        ')))],
    ['an empty quoted line behind', `${quoted(UP_TO_LOCK)}\n>\n>`],
    ['a remark left inside', `${quoted(UP_TO_LOCK)}\n> so far the lock`],
  ])('although the quotation is changed: %s', (_, quote) => {
    expect(comments(reply(`${quote}\n\nWhy here?`))).toEqual([`Why here? | ${ON_LOCK}`]);
  });

  test('although a line of the quotation was wrapped', () => {
    const [first = ''] = LINES;
    const body = `> ${first.slice(0, 30)}\n> ${first.slice(30)}\n> ${LINES[1] ?? ''}\n\nWhere?`;
    expect(comments(reply(body))).toEqual([`Where? | 0 text "${LINES[1] ?? ''}"`]);
  });

  test('through several levels: an answer to an answer is about the same line', () => {
    const first = reply(`${quoted(UP_TO_LOCK)}\n\nWhy here?`);
    const second = reply(
      `On Tuesday, Bob wrote:\n${quoted(UP_TO_LOCK, '> > ')}\n>\n> Why here?\n\nBecause of the worker.`,
      { id: 's@x', to: 'r@x', from: ANN, at: 20 },
    );
    const third = reply(
      `${quoted(UP_TO_LOCK, '>>> ')}\n>>\n>> Why here?\n>\n> Because of the worker.\n\nI see now.`,
      { id: 't@x', to: 's@x', at: 30 },
    );
    expect(comments(third, first, second)).toEqual([
      `Why here? | ${ON_LOCK}`,
      `Because of the worker. ^0 | ${ON_LOCK}`,
      `I see now. ^1 | ${ON_LOCK}`,
    ]);
  });

  test('to the grandparent, when the line right above was the patch all the same', () => {
    const first = reply(`${quoted(UP_TO_LOCK)}\n\nWhy here?`);
    const second = reply(`${quoted(UP_TO_LOCK, '> > ')}\n\nAnd the other side?`, {
      id: 's@x',
      to: 'r@x',
      from: 'Cy <cy@example.org>',
    });
    expect(comments(first, second)[1]).toBe(`And the other side? | ${ON_LOCK}`);
  });

  test('to the quoted diff itself, when the patch is not there', () => {
    const alone = setup([reply(`${quoted(UP_TO_LOCK)}\n\nWhy here?`)]).comments;
    expect(alone).toEqual(['Why here? | 0 fs/demo/a.c:12 "> +\ttake_the_lock(demo);"']);
  });

  test('to nothing, when nothing above it is known', () => {
    const body = '> somebody else said this once\n\nNo.';
    expect(comments(reply(body))).toEqual(['No. | -']);
    expect(comments(reply('This is wrong as a whole.'))).toEqual(['This is wrong as a whole. | -']);
  });

  test('signatures and the line that announces a quotation are no comments', () => {
    const body = `On Mon, 1 Jun 2026 at 10:00, Ann Author\n<ann@example.org> wrote:\n${quoted(UP_TO_LOCK)}\n\nWhy here?\n\n-- \nBob Reviewer, of Example`;
    expect(comments(reply(body))).toEqual([`Why here? | ${ON_LOCK}`]);
  });

  test('thanks and trailers are formal', () => {
    const body = `${quoted(UP_TO_LOCK)}\n\nLooks good to me!\n\nReviewed-by: Bob Reviewer\n <bob@example.org>`;
    expect(comments(reply(body))[0]).toContain('(formal)');
    expect(comments(reply(`${quoted(UP_TO_LOCK)}\n\nThanks, but no.`))[0]).not.toContain(
      '(formal)',
    );
  });
});

describe('points', () => {
  const ask = reply(`${quoted(UP_TO_LOCK)}\n\nWhy here?`);
  const nack = reply(`${quoted(LINES.slice(0, 2))}\n\nReally?\n\nReviewed-by: Bob <b@x>`, {
    id: 'n@x',
  });
  const v2 = (added: string): Mail => ({
    id: 'v2@x',
    from: ANN,
    subject: '[PATCH v2] demo: take the lock',
    at: 900,
    body: (PATCH.body ?? '').replace('take_the_lock(demo);', added),
  });

  test('are open until the author of the patch answers', () => {
    expect(setup([PATCH, ask]).points).toEqual(['Why here?: open']);
    const answer = (from: string): Mail =>
      reply('> Why here?\n\nSo that it is held.', { id: 's@x', to: 'r@x', from, at: 20 });
    expect(setup([PATCH, ask, answer('Cy <cy@x>')]).points).toEqual(['Why here?: open']);
    expect(setup([PATCH, ask, answer(ANN)]).points).toEqual(['Why here?: answered']);
  });

  test('say whether the next version changed the lines', () => {
    const points = (added: string): string[] => setup([PATCH, ask, nack, v2(added)]).points;
    expect(points('lock_it(demo);')).toEqual([
      'Why here?: open changed',
      'Really?: open unchanged',
    ]);
    expect(points('take_the_lock(demo);')).toEqual([
      'Why here?: open unchanged',
      'Really?: open unchanged',
    ]);
  });

  test('say that the patch is gone', () => {
    const cover = (v: string, id: string, at: number): Mail => ({
      id,
      from: ANN,
      subject: `[PATCH${v} 0/1] demo: all of it`,
      at,
    });
    const first = { ...PATCH, subject: '[PATCH 1/1] demo: take the lock', to: 'c1@x' };
    const other: Mail = {
      id: 'o@x',
      from: ANN,
      to: 'c2@x',
      at: 901,
      subject: '[PATCH v2 1/1] demo: other',
      body: diff('fs/demo/other.c', 'x();'),
    };
    const mails = [cover('', 'c1@x', 0), first, ask, cover(' v2', 'c2@x', 900), other];
    expect(setup(mails).points).toEqual(['Why here?: open gone']);
  });

  test('are not what is formal, nor what the author says', () => {
    const formal = reply(`${quoted(UP_TO_LOCK)}\n\nAcked-by: Bob <b@x>`);
    const own = reply(`${quoted(UP_TO_LOCK)}\n\nThis is wrong, v2 comes.`, { from: ANN });
    expect(setup([PATCH, formal, { ...own, id: 'o@x' }]).points).toEqual([]);
  });

  test('may be about a whole patch', () => {
    expect(setup([PATCH, reply('This is wrong as a whole.')]).points).toEqual([
      'This is wrong as a whole.: open',
    ]);
  });
});
