import { expect, test } from 'vitest';
import { pastQuote, quoteAt, quoteOf, readMailDocument } from '../../../server/mail/index.js';

/** line | depth | text behind the prefix */
const TABLE: readonly (readonly [string, number, string])[] = [
  ['', 0, ''],
  ['plain text', 0, 'plain text'],
  ['> a', 1, 'a'],
  ['>a', 1, 'a'],
  ['>', 1, ''],
  ['> ', 1, ''],
  ['>> a', 2, 'a'],
  ['> > a', 2, 'a'],
  ['> > >> a', 4, 'a'],
  ['>> > a', 3, 'a'],
  ['> >>', 3, ''],
  ['>  a', 1, ' a'],
  ['> \ta', 1, '\ta'],
  ['>\ta', 1, '\ta'],
  ['> +\tx >> 2;', 1, '+\tx >> 2;'],
  ['> -a > b', 1, '-a > b'],
  // two spaces: the second one is the mark of a context line
  ['>  > 5', 1, ' > 5'],
  // no quotes
  ['-> a', 0, '-> a'],
  ['+> a', 0, '+> a'],
  ['->> a', 0, '->> a'],
  [' > a', 0, ' > a'],
  ['\t>> shift;', 0, '\t>> shift;'],
  ['>= limit', 0, '>= limit'],
  ['>>= 1;', 0, '>>= 1;'],
];

test.each(TABLE)('%j has depth %i', (line, depth, text) => {
  const quote = quoteOf(line);
  expect({ depth: quote.depth, text: line.slice(quote.column) }).toEqual({ depth, text });
});

test('only as many marks are taken off as the quote is deep', () => {
  const line = '> > > x';
  expect(line.slice(pastQuote(line, 2, true) ?? 0)).toBe('> x');
  expect(pastQuote('> x', 2, true)).toBeUndefined();
});

test('where the writer puts no space behind the mark, a space there belongs to the text', () => {
  expect('> return;'.slice(pastQuote('> return;', 1, false) ?? 0)).toBe(' return;');
});

test('the escape that an mbox puts before From is no quote', () => {
  const text =
    'From x@y Thu Jan  1 00:00:00 1970\nFrom: a@b\nSubject: s\n\n>From here\n>>From there\n> From x\n';
  const doc = readMailDocument(text, 'file:///m');
  expect([4, 5, 6].map((line) => quoteAt(doc, line).depth)).toEqual([0, 1, 1]);
});
