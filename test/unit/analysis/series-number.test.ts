/** Which patch of which series a mail is, and which series `racelore series` shows. */
import { expect, test } from 'vitest';
import { seriesNumbers } from '../../../server/analysis/series-number.js';
import { newestSeries } from '../../../server/cli/series.js';
import { readMailDocument } from '../../../server/mail/index.js';
import { readDiffs } from '../../../server/patch/index.js';
import { box, diff, type Mail } from '../review/support.js';

/** A series of patches, one mail each. */
function mails(name: string, total: number, mark: string, at: number, from?: string): Mail[] {
  return Array.from({ length: total }, (_, i) => ({
    id: `${name}${i + 1}@x`,
    subject: mark.replace('#', `${i + 1}/${total}`) + ` ${name.replace(/\d/, '')}: part ${i + 1}`,
    at,
    ...(i === 0 ? {} : { to: `${name}1@x` }),
    ...(from === undefined ? {} : { from }),
    body: diff(`fs/${name.replace(/\d/, '')}.c`, `part_${i}();`),
  }));
}

/** The mails of the series that is shown, by subject. */
function shown(...all: readonly Mail[]): string[] {
  const doc = readMailDocument(box(...all), 'file:///box');
  const numbers = seriesNumbers(doc, readDiffs(doc));
  const changes = doc.messages.map(({ index, subject }) => {
    const series = numbers.get(index);
    return { status: 'no effect' as const, subject, ...(series ? { series } : {}) };
  });
  return newestSeries(changes).map((c) => c.subject);
}

const BOB = 'Bob <bob@example.org>';

test('the newest version of a series, however its subject is written', () => {
  const v1 = mails('a1', 2, '[PATCH #]', 0);
  const v2 = mails('a2', 2, '[PATCH # v2]', 90);
  expect(shown(...v1, ...v2)).toEqual(['[PATCH 1/2 v2] a: part 1', '[PATCH 2/2 v2] a: part 2']);
  expect(shown(...v2, ...v1)).toEqual(['[PATCH 1/2 v2] a: part 1', '[PATCH 2/2 v2] a: part 2']);
});

test('a higher version of another, shorter series is not it', () => {
  const long = mails('a', 3, '[PATCH #]', 0);
  const short = mails('b', 2, '[PATCH v7 #]', 90, BOB);
  expect(shown(...long, ...short).length).toBe(3);
});

test('two series with the same numbers are two', () => {
  const one = mails('a', 2, '[PATCH #]', 0);
  const other = mails('b', 2, '[PATCH #]', 90, BOB);
  expect(shown(...one, ...other)).toEqual(['[PATCH 1/2] b: part 1', '[PATCH 2/2] b: part 2']);
});

test('without numbers, all patches', () => {
  const alone = { id: 'x', subject: '[PATCH] one', body: diff('fs/a.c', 'x();') };
  expect(shown(alone, { ...alone, id: 'y', subject: '[PATCH] two' })).toEqual([
    '[PATCH] one',
    '[PATCH] two',
  ]);
});
