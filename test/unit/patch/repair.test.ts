import { expect, test } from 'vitest';
import { HEADER, HUNK, diffsOf, lineText, patch, quoted, state, states } from './show.js';

const CLEAN = HUNK.slice(1).join('\n');
const first = (text: string): string => {
  const hunk = diffsOf(text)[0]?.hunks[0];
  return hunk ? lineText(hunk) : '';
};
const change = (at: number, line: string): string[] =>
  HUNK.map((old, i) => (i === at ? line : old));

test('a whole hunk needs no repair', () => {
  expect(states(patch(HUNK))).toEqual(['9 lines']);
  expect(first(patch(HUNK))).toBe(CLEAN);
});

/** what happened | hunk as it arrives | what is said (lines are 1-based in the document, the hunk begins on 5) */
const REPAIRED: readonly (readonly [string, readonly string[], string])[] = [
  ['trailing space of a blank context line was stripped', change(3, ''), 'blank-context@8'],
  ['a context line lost its leading space', change(7, HUNK[7]?.slice(1) ?? ''), 'lost-space@12'],
  [
    'all context lines did',
    HUNK.map((l) => l.replace(/^ /, '')),
    'lost-space@6, lost-space@7, blank-context@8, lost-space@12, lost-space@13, lost-space@14',
  ],
  ['a context line in the first column did', change(1, '{'), 'lost-space@6'],
  ['the last line did', change(9, '}'), 'lost-space@14'],
  ['a mail program sent no-break spaces', change(7, '\u00a0\tspin_unlock(&d->lock);'), 'nbsp@12'],
  ['also inside the line', change(6, '+\tn\u00a0=\u00a0d->count;'), 'nbsp@11'],
];

test.each(REPAIRED)('repaired: %s', (_what, hunk, said) => {
  expect(states(patch(hunk))).toEqual([`9 lines, ${said}`]);
  expect(first(patch(hunk))).toBe(hunk.includes('') ? CLEAN.replace('\n \n', '\n \n') : CLEAN);
});

test.each(REPAIRED)('repaired in a quote: %s', (_what, hunk) => {
  expect(first(quoted(patch(hunk).split('\n')).join('\n'))).toBe(CLEAN);
});

test('an @@ line that was wrapped', () => {
  const [head = '', ...rest] = HUNK;
  const wrapped = [
    '@@ -10,7 +10,8 @@ static inline unsigned long demo_count_all(struct demo *d,',
    'struct other *o)',
    ...rest,
  ];
  expect(states(patch(wrapped))).toEqual(['9 lines, wrapped-header@6']);
  expect(first(patch(wrapped))).toBe(CLEAN);
  expect(head).toMatch(/^@@/);
});

test('format=flowed: the space that was stuffed before lines with a leading space', () => {
  const mail = 'From: a@b\nSubject: x\nContent-Type: text/plain; format=flowed\n\n';
  const stuffed = patch(HUNK.map((line) => line.replace(/^ /, '  ')));
  expect(first(mail + stuffed)).toBe(CLEAN);
});

/** what happened | lines of the hunk and what follows | what is said */
const DAMAGED: readonly (readonly [string, readonly string[], string])[] = [
  ['cut', HUNK.slice(0, 5), '4 lines, damaged@9: hunk ends after 3 of 8 lines'],
  [
    'cut, text behind',
    [...HUNK.slice(0, 5), '', 'That is', 'the idea.', '', 'Ann'],
    '4 lines, damaged@9: hunk ends after 3 of 8 lines',
  ],
  [
    'cut, signature behind',
    [...HUNK.slice(0, 6), '-- ', '2.50.1'],
    '5 lines, damaged@10: hunk ends after 4 of 8 lines',
  ],
  [
    'cut, another file behind',
    [...HUNK.slice(0, 4), ...HEADER],
    '3 lines, damaged@8: hunk ends after 3 of 8 lines',
  ],
  [
    'a line was wrapped',
    [...HUNK.slice(0, 6), '+\tn =', 'd->count;', ...HUNK.slice(7)],
    '6 lines, damaged@12: hunk ends after 5 of 8 lines: this line is not one of a diff',
  ],
  [
    'text that could be code does not complete a cut hunk',
    [...HUNK.slice(0, 7), '', 'Then go on with the rest of it, please', 'and thanks.'],
    '6 lines, damaged@11: hunk ends after 5 of 8 lines',
  ],
];

test.each(DAMAGED)('damaged: %s', (_what, hunk, said) => {
  expect(states(patch(hunk))[0]).toBe(said);
  const intact = first(patch(hunk));
  expect(patch(hunk).includes(intact)).toBe(true);
});

/** Somebody types in the hunk: counts are off, no line is lost. */
const EDITED: readonly (readonly [string, readonly string[]])[] = [
  ['an added line was deleted', HUNK.filter((_, i) => i !== 5)],
  ['a removed line was deleted', HUNK.filter((_, i) => i !== 4)],
  ['a context line was deleted', HUNK.filter((_, i) => i !== 7)],
  ['a line was added in the middle', [...HUNK.slice(0, 6), '+\tif (!n)', ...HUNK.slice(6)]],
  ['three lines were', [...HUNK.slice(0, 6), '+\tif (!n)', '+\t\tn++;', '+', ...HUNK.slice(6)]],
  ['a line was added at the end', [...HUNK, '+/* end */']],
  ['an added line became context', HUNK.map((l, i) => (i === 5 ? l.replace('+', ' ') : l))],
];

test.each(EDITED)('while typing: %s', (_what, hunk) => {
  for (const behind of [
    [],
    ['-- ', '2.50.1'],
    ['', 'Thanks,', 'Ann'],
    ['@@ -90,0 +91,1 @@', '+x'],
  ]) {
    const file = diffsOf(patch(hunk, ...behind))[0];
    const read = file?.hunks[0];
    expect(read && lineText(read)).toBe(hunk.slice(1).join('\n'));
    expect(read?.countsOff).toBe(true);
    expect(read?.damaged).toBeUndefined();
  }
});

test('an edited hunk without leading spaces stays whole, too', () => {
  const lost = HUNK.map((l) => l.replace(/^ (?=\t)/, ''));
  const read = diffsOf(
    patch([...lost.slice(0, 6), '+\tif (!n)', ...lost.slice(6)], '', 'Thanks,'),
  )[0]?.hunks[0];
  expect(read?.lines.length).toBe(10);
  expect(read?.countsOff).toBe(true);
});

test('lists and rules behind a whole hunk are not part of it', () => {
  for (const behind of [
    '',
    '-- ',
    '---',
    '-- \n- a',
    '\n- one\n- two',
    '\n  indented',
    '-----BEGIN PGP SIGNATURE-----',
    '> quoted',
    'text',
  ]) {
    expect(states(patch(HUNK, behind))).toEqual(['9 lines']);
  }
});

test('a removed line that looks like a file header is a removed line', () => {
  const hunk = ['@@ -1,2 +1,1 @@', '--- a comment', ' x'];
  expect(first(patch(hunk))).toBe('--- a comment\n x');
});

test('no newline at the end of the file', () => {
  const hunk = [
    '@@ -1,1 +1,1 @@',
    '-a',
    '\\ No newline at end of file',
    '+b',
    '\\ No newline at end of file',
  ];
  expect(first(patch(hunk))).toBe('-a$\n+b$');
});

test('states are of the document: an empty hunk says where', () => {
  const hunk = diffsOf(patch(['@@ -1,3 +1,9 @@'], 'text'))[0]?.hunks[0];
  expect(hunk && state(hunk)).toBe(
    '0 lines, damaged@6: hunk ends after 0 of 9 lines: this line is not one of a diff',
  );
});

test('an empty context line between typed lines and the end is not lost', () => {
  const hunk = ['@@ -1,4 +1,5 @@', ' {', '+a', '+typed', '+typed', ' x', '', ' }'];
  expect(states(patch(hunk))).toEqual(['7 lines, blank-context@11, counts off']);
});

test('prose right behind a cut hunk does not complete it', () => {
  const hunk = ['@@ -1,2 +1,3 @@', ' a', '+b'];
  expect(states(patch(hunk, 'Then we call it (twice);', 'and return.'))).toEqual([
    '2 lines, counts off',
  ]);
});
