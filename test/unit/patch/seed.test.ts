import { describe, expect, test } from 'vitest';
import { readMailDocument } from '../../../server/mail/index.js';
import { groupChanges, image, readDiffs, type FilePatch } from '../../../server/patch/index.js';
import { state } from './show.js';
import { readShared, shared } from './shared-data.js';

const SEED = 'seeds/004_96d5ec619a9424d3.txt';
const there = shared(SEED) !== undefined;

/** All line numbers below are 1-based lines of the saved thread. */
describe.runIf(there)('the thread of July and August 2025', () => {
  const doc = readMailDocument(there ? readShared(SEED) : '', 'file:///seed');
  const files = readDiffs(doc);
  const at = (line: number): FilePatch => {
    const file = files.find((f) => f.headerLine === line - 1);
    if (!file) throw new Error(`no diff at ${line}`);
    return file;
  };

  test('13 messages with author, date and reply structure', () => {
    expect(doc.form).toBe('thread-text');
    expect(doc.problems).toEqual([]);
    expect(
      doc.messages.map(
        (m) => `${m.startLine + 1} ${m.date.iso ?? '?'} ${m.from.name} ^${m.parent ?? '-'}`,
      ),
    ).toEqual([
      '3 2025-07-18T11:30:00Z Zhang Yi ^-',
      '102 2025-07-18T13:48:00Z Brian Foster ^0',
      '243 2025-07-19T11:07:00Z Zhang Yi ^1',
      '545 2025-07-21T08:47:00Z Zhang Yi ^2',
      '888 2025-07-28T12:57:00Z Zhang Yi ^3',
      '1287 2025-07-30T13:17:00Z Brian Foster ^2',
      '1630 2025-07-30T13:19:00Z Brian Foster ^4',
      '2059 2025-08-02T07:19:00Z Zhang Yi ^5',
      '2427 2025-08-02T07:26:00Z Zhang Yi ^6',
      '2799 2025-08-05T13:08:00Z Brian Foster ^7',
      '3205 2025-08-06T03:10:00Z Zhang Yi ^9',
      '3635 2025-08-06T13:25:00Z Brian Foster ^10',
      '4096 2025-08-07T04:58:00Z Zhang Yi ^11',
    ]);
    expect(
      doc.messages.every(
        (m) => m.subject === 'Re: [PATCH v3 3/7] iomap: optional zero range dirty folio processing',
      ),
    ).toBe(true);
    expect(doc.messages[0]?.inReplyTo).toBe('20250715052259.GO2672049@frogsfrogsfrogs');
  });

  test('diffs (a), (b), (c) and (d) are complete', () => {
    expect(at(366).hunks.map(state)).toEqual([
      '53 lines, blank-context@373, blank-context@421',
      '17 lines, blank-context@427',
      '8 lines',
    ]);
    expect(at(840).hunks.map(state)).toEqual([
      '11 lines, blank-context@845, lost-space@846, lost-space@847, lost-space@853, lost-space@854, lost-space@855',
    ]);
    expect(at(1211).hunks.map(state)).toEqual([
      '9 lines, blank-context@1218, blank-context@1224',
      '56 lines, blank-context@1228, blank-context@1239, blank-context@1255',
    ]);
    expect(at(2382).hunks.map(state)).toEqual([
      '8 lines, lost-space@2385, lost-space@2386, blank-context@2387, lost-space@2390, lost-space@2391, lost-space@2392',
    ]);
    for (const line of [366, 840, 1211, 2382]) expect(at(line).problems).toEqual([]);
    expect(at(366)).toMatchObject({
      path: 'fs/ext4/inode.c',
      preBlob: '28547663e4fd',
      postBlob: '1a21667f3f7c',
      message: 2,
      depth: 0,
    });
    expect(at(2382)).toMatchObject({ path: 'fs/iomap/buffered-io.c', message: 7, depth: 0 });
  });

  test('the added line 447 begins in column 1, behind its mark', () => {
    const post = image(at(366), 'post')[2];
    const i = post?.lines.findIndex((l) => l.line === 446) ?? -1;
    expect(post?.lines[i]).toEqual({ line: 446, column: 1, mark: '+' });
    expect(post?.text.split('\n')[i]).toBe(doc.lines.line(446).slice(1));
    expect(image(at(366), 'pre')[2]?.lines.some((l) => l.line === 446)).toBe(false);
  });

  test('every image line stands in the document where it says', () => {
    let lines = 0;
    for (const file of files) {
      for (const { text, lines: origins } of [...image(file, 'pre'), ...image(file, 'post')]) {
        text.split('\n').forEach((line, i) => {
          const origin = origins[i];
          if (!origin) return;
          expect(doc.lines.line(origin.line).slice(origin.column)).toBe(line);
          lines++;
        });
      }
    }
    expect(lines).toBeGreaterThan(1500);
  });

  test('each change with the places where it is quoted', () => {
    const places = groupChanges(files).map((c) =>
      [c.primary, ...c.copies].map((f) => f.headerLine + 1),
    );
    expect(places).toEqual([
      // quoted only: a reply is written into it, or its end is cut
      [55, 155, 298, 601, 944, 1343, 1687, 2115, 2484, 2856, 3263, 3694, 4155],
      // (a) and its ten copies
      [366, 669, 1012, 1414, 1755, 2186, 2552, 2927, 3334, 3765, 4226],
      // (b)
      [840, 1183, 1926, 2723],
      // (c)
      [1211, 1982],
      // (d)
      [2382, 3141, 3551, 3982, 4443],
    ]);
  });

  test('the quoted patch that a reply interrupts keeps the lines on both sides', () => {
    expect(at(55).hunks.map(state)).toEqual([
      '22 lines, reply@76, damaged@97: hunk ends after 22 of 26 lines',
    ]);
    expect(at(944).hunks.map(state)).toEqual([
      '15 lines, damaged@964: hunk ends after 15 of 26 lines',
    ]);
  });

  test('deleting line 447 leaves the hunk readable and its copies copies', () => {
    const lines = readShared(SEED).split('\n');
    lines.splice(446, 1);
    const file = readDiffs(readMailDocument(lines.join('\n'), 'file:///seed')).find(
      (f) => f.headerLine === 365,
    );
    expect(file?.hunks.map(state).at(-1)).toBe('7 lines, counts off');
  });
});

test.runIf(there)('the other saved mails: author, date, and what was lost', () => {
  const brief = (name: string): string => {
    const doc = readMailDocument(readShared(`seeds/${name}`), 'file:///seed');
    const [m] = doc.messages;
    return `${doc.messages.length} ${m?.from.name ?? ''} ${m?.date.iso ?? ''} ${m?.subject ?? ''} ${doc.problems.map((p) => p.message).join()}`.trim();
  };
  expect(brief('000_f19b51ad492a501c.txt')).toBe(
    '1 Jan Kara 2026-06-25T10:46:23Z Re: [PATCH v4 18/23] ext4: wait for ordered I/O in the iomap buffered I/O path',
  );
  expect(brief('001_81aeb9cffb0cf60a.txt')).toBe(
    '1 Zhang Yi 2026-06-30T05:42:08Z Re: [PATCH v4 09/23] ext4: implement writeback path using iomap',
  );
  expect(brief('002_d8540cbdf7c256c4.txt')).toContain(
    'Zhang Yi 2026-06-17T02:45:10Z Re: [PATCH 2/2] ext4: base unaligned DIO lock',
  );
  expect(brief('002_d8540cbdf7c256c4.txt')).toContain('the line ends of this mail were lost');
  expect(brief('003_c5474e71ee742995.txt')).toBe(
    '1 Jan Kara 2026-04-22T11:01:27Z Re: [RFC PATCH v2 2/5] iomap: Add initial support for buffered RWF_WRITETHROUGH',
  );
});
