import { expect, test } from 'vitest';
import { HEADER, HUNK, diffsOf, lineText, patch, quoted, state } from './show.js';
import type { FilePatch } from '../../../server/patch/index.js';

const CLEAN = HUNK.slice(1).join('\n');

function brief(file: FilePatch): string {
  const flags = [
    file.isNew && 'new',
    file.isDeleted && 'deleted',
    file.isRename && 'rename',
    file.isCopy && 'copy',
    file.isBinary && 'binary',
  ];
  return [
    `${file.oldPath} → ${file.newPath}`,
    ...flags.filter((f) => typeof f === 'string'),
    `depth ${file.depth}`,
    `line ${file.headerLine + 1}`,
    `${file.hunks.length} hunks`,
  ].join(', ');
}
const briefs = (...lines: readonly string[]): string[] => diffsOf(lines.join('\n')).map(brief);

const SMALL = ['@@ -1 +1 @@', '-a', '+b'];

test('git header', () => {
  const [file] = diffsOf(patch(HUNK));
  expect(file && brief(file)).toBe('fs/demo/count.c → fs/demo/count.c, depth 0, line 1, 1 hunks');
  expect(file).toMatchObject({
    preBlob: '1234567',
    postBlob: '89abcde',
    newMode: '100644',
    path: 'fs/demo/count.c',
    message: 0,
    problems: [],
  });
  expect(file?.hunks[0]).toMatchObject({
    oldStart: 10,
    oldCount: 7,
    newStart: 10,
    newCount: 8,
    section: 'int demo_count(struct demo *d)',
    headerLine: 4,
  });
});

test.each<readonly [readonly string[], string]>([
  [['--- a/x.c', '+++ b/x.c'], 'x.c → x.c, depth 0, line 1, 1 hunks'],
  [
    ['--- linux.orig/fs/x.c\t2008-01-01 10:00:00.0 +0100', '+++ linux/fs/x.c\t2008-01-01'],
    'fs/x.c → fs/x.c, depth 0, line 1, 1 hunks',
  ],
  [
    ['--- fs/x.c 2008-01-01 10:00:00', '+++ fs/x.c 2008-01-01 10:00:01'],
    'fs/x.c → fs/x.c, depth 0, line 1, 1 hunks',
  ],
  [
    ['Index: fs/x.c', '=====', '--- i/fs/x.c', '+++ w/fs/x.c'],
    'fs/x.c → fs/x.c, depth 0, line 3, 1 hunks',
  ],
  [
    [
      'diff --git a/x.c b/x.c',
      'new file mode 100644',
      'index 0000000..1234567',
      '--- /dev/null',
      '+++ b/x.c',
    ],
    '/dev/null → x.c, new, depth 0, line 1, 1 hunks',
  ],
  [
    ['diff --git a/x.c b/x.c', 'deleted file mode 100644', '--- a/x.c', '+++ /dev/null'],
    'x.c → /dev/null, deleted, depth 0, line 1, 1 hunks',
  ],
  [
    [
      'diff --git a/x.c b/y.c',
      'similarity index 90%',
      'rename from x.c',
      'rename to y.c',
      '--- a/x.c',
      '+++ b/y.c',
    ],
    'x.c → y.c, rename, depth 0, line 1, 1 hunks',
  ],
  [
    [
      'diff --git "a/f\\303\\244.c" "b/f\\303\\244.c"',
      '--- "a/f\\303\\244.c"',
      '+++ "b/f\\303\\244.c"',
    ],
    'fä.c → fä.c, depth 0, line 1, 1 hunks',
  ],
  [[], ' → , depth 0, line 1, 1 hunks'],
])('header %j', (header, expected) => {
  expect(briefs(...header, ...SMALL)).toEqual([expected]);
});

test('renames, modes and binary files have no hunks', () => {
  const text = [
    'diff --git a/x.c b/y.c',
    'rename from x.c',
    'rename to y.c',
    'diff --git a/s.sh b/s.sh',
    'old mode 100644',
    'new mode 100755',
    'diff --git a/i.png b/i.png',
    'Binary files a/i.png and b/i.png differ',
  ];
  expect(briefs(...text)).toEqual([
    'x.c → y.c, rename, depth 0, line 1, 0 hunks',
    's.sh → s.sh, depth 0, line 4, 0 hunks',
    'i.png → i.png, binary, depth 0, line 7, 0 hunks',
  ]);
});

test.each(['> ', '>', '> > ', '>> ', '> >> '])('a diff quoted with %j', (prefix) => {
  const text = quoted(patch(HUNK).split('\n'), prefix).join('\n');
  const [file] = diffsOf(text);
  const hunk = file?.hunks[0];
  expect(hunk && lineText(hunk)).toBe(CLEAN);
  expect(hunk && state(hunk)).toBe('9 lines');
  expect(file?.depth).toBe(prefix.replaceAll(' ', '').length);
  expect(hunk?.lines[4]?.column).toBe(prefix.length + 1);
});

test('a reply inside a quoted hunk: the hunk goes on behind it', () => {
  const lines = quoted(patch(HUNK).trimEnd().split('\n'));
  const text = [
    ...lines.slice(0, 9),
    '',
    'Why not atomically?',
    '',
    ...lines.slice(9),
    '',
    'Bob',
  ].join('\n');
  const [file] = diffsOf(text);
  expect(file?.hunks.map(state)).toEqual(['9 lines, reply@10']);
  expect(file?.hunks.map(lineText)).toEqual([CLEAN]);
  expect(file?.problems).toEqual([
    { severity: 'note', line: 9, message: 'reply text inside a quoted hunk' },
  ]);
});

test('an empty quoted line before the text of a reply is none of the hunk', () => {
  const lines = quoted(patch(HUNK).trimEnd().split('\n'));
  const text = [...lines.slice(0, 9), '>', '', 'Why?', '', ...lines.slice(9)].join('\n');
  expect(diffsOf(text).flatMap((f) => f.hunks.map(state))).toEqual(['9 lines, reply@11']);
});

test('a reply with a diff of its own inside a quoted hunk', () => {
  const lines = quoted(patch(HUNK).trimEnd().split('\n'));
  const own = ['--- a/own.c', '+++ b/own.c', ...SMALL];
  const files = diffsOf([...lines.slice(0, 9), '', ...own, '', ...lines.slice(9), ''].join('\n'));
  expect(files.map(brief)).toEqual([
    'fs/demo/count.c → fs/demo/count.c, depth 1, line 1, 1 hunks',
    'own.c → own.c, depth 0, line 11, 1 hunks',
  ]);
  expect(files.flatMap((f) => f.hunks.map(state))).toEqual(['9 lines, reply@10', '2 lines']);
});

test('behind a reply, other quoted text is not taken for the rest of the hunk', () => {
  const lines = quoted(patch(HUNK).trimEnd().split('\n'));
  for (const later of [
    ['Some words of the mail', 'before the diff'],
    ['- one point', '- another'],
    ['@@ -90 +90 @@', '-x', '+y'],
    ['[...]', '+\tn = d->count;'],
  ]) {
    const [file] = diffsOf([...lines.slice(0, 9), '', 'Why?', '', ...quoted(later)].join('\n'));
    expect(file?.hunks[0] && state(file.hunks[0])).toBe(
      '4 lines, damaged@9: hunk ends after 3 of 8 lines',
    );
  }
});

test('lines that a reply cut out end the hunk', () => {
  const lines = quoted(patch(HUNK).trimEnd().split('\n'));
  const [file] = diffsOf([...lines.slice(0, 9), '[...]', ...lines.slice(11)].join('\n'));
  expect(file?.hunks.map(state)).toEqual(['4 lines, damaged@9: hunk ends after 3 of 8 lines']);
});

test('a quoted line that was wrapped is damage at the wrapped line', () => {
  const long = `+\tn = d->count; ${'/* a long remark */ '.repeat(3)}`;
  const lines = quoted(
    patch(HUNK.map((l, i) => (i === 6 ? long : l)))
      .trimEnd()
      .split('\n'),
  );
  const [file] = diffsOf([...lines.slice(0, 11), 'tail of it', ...lines.slice(11)].join('\n'));
  expect(file?.hunks.map(state)).toEqual([
    '6 lines, damaged@12: hunk ends after 5 of 8 lines: this line was wrapped',
  ]);
});

test('a quoted hunk behind [...] has the path of the header before, with a note', () => {
  const [file] = diffsOf([...quoted(HEADER), '[...]', ...quoted(HUNK)].join('\n'));
  expect(file && brief(file)).toBe('fs/demo/count.c → fs/demo/count.c, depth 1, line 1, 1 hunks');
  expect(file?.problems.map((p) => `${p.line + 1} ${p.message}`)).toEqual([
    '6 lines are left out before this hunk; it may be one of another file',
  ]);
});

test('a quoted hunk without any header', () => {
  const [file] = diffsOf(['On Monday Ann wrote:', '> [...]', ...quoted(HUNK)].join('\n'));
  expect(file && brief(file)).toBe(' → , depth 1, line 3, 1 hunks');
  expect(file?.problems.map((p) => `${p.line + 1} ${p.message}`)).toEqual([
    '3 this hunk has no file header',
  ]);
});

test('the unquoted hunk of a reply does not go to the quoted file', () => {
  const files = diffsOf([...quoted(HEADER), ...quoted(HUNK), '', 'Rather:', ...HUNK].join('\n'));
  expect(files.map(brief)).toEqual([
    'fs/demo/count.c → fs/demo/count.c, depth 1, line 1, 1 hunks',
    ' → , depth 0, line 17, 1 hunks',
  ]);
});

test('a second version of a hunk below the first is a diff of its own', () => {
  const files = diffsOf([...HEADER, ...HUNK, '', 'or', '', ...HUNK].join('\n'));
  expect(files.map((f) => `${f.path} ${f.hunks.length}`)).toEqual([
    'fs/demo/count.c 1',
    'fs/demo/count.c 1',
  ]);
});

test('hunks of every mail of an mbox, none across its end', () => {
  const mail = (body: string): string =>
    `From x@y Thu Jan  1 00:00:00 1970\nFrom: a@b\nSubject: s\n\n${body}\n`;
  const files = diffsOf(mail(patch(HUNK.slice(0, 4))) + mail(patch(HUNK)));
  expect(files.map((f) => [f.message, ...f.hunks.map(state)])).toEqual([
    [0, '3 lines, damaged@12: hunk ends after 3 of 8 lines'],
    [1, '9 lines'],
  ]);
});

test('a broken or combined @@ line is a problem with its line', () => {
  expect(
    diffsOf([...HEADER, '@@ -1,7 +1,8'].join('\n'))[0]?.problems.map(
      (p) => `${p.line + 1} ${p.message}`,
    ),
  ).toEqual(['5 this @@ line is not complete']);
  expect(
    diffsOf([...HEADER, '@@@ -1,2 -1,2 +1,3 @@@'].join('\n'))[0]?.problems.map((p) => p.message),
  ).toEqual(['combined diffs of merges are not read']);
});

test('a diff without mail and with CRLF line ends', () => {
  const hunk = diffsOf(patch(HUNK).replaceAll('\n', '\r\n'))[0]?.hunks[0];
  expect(hunk && lineText(hunk)).toBe(CLEAN);
});

test.each([
  ['fs/demo/a.c.orig', 'fs/demo/a.c', 'fs/demo/a.c'],
  ['/srv/config', '/srv/config.new', 'srv/config'],
  ['linux.orig/fs/a.c', 'linux/fs/a.c', 'fs/a.c'],
  ['a/fs/a.c', 'b/fs/a.c', 'fs/a.c'],
  ['/dev/null', 'b/fs/a.c', 'fs/a.c'],
])('diff of %s and %s without git is of %s', (from, to, path) => {
  const [file] = diffsOf(`--- ${from}\t2026-01-01\n+++ ${to}\t2026-01-02\n@@ -1 +1 @@\n-a\n+b\n`);
  expect(file?.path).toBe(path);
});
