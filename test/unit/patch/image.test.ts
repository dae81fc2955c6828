import { expect, test } from 'vitest';
import { readMailDocument } from '../../../server/mail/index.js';
import { image, readDiffs } from '../../../server/patch/index.js';
import { HEADER, HUNK, diffsOf, patch, quoted } from './show.js';

test('the text before and after the change', () => {
  const [file] = diffsOf(patch(HUNK));
  expect(file && image(file, 'pre').map((i) => i.text)).toEqual([
    '{\n\tint n;\n\n\tn = d->count;\n\tspin_unlock(&d->lock);\n\treturn n;\n}',
  ]);
  expect(file && image(file, 'post').map((i) => i.text)).toEqual([
    '{\n\tint n;\n\n\tspin_lock(&d->lock);\n\tn = d->count;\n\tspin_unlock(&d->lock);\n\treturn n;\n}',
  ]);
});

test('a line of an image stands in the document behind prefix and mark', () => {
  const [file] = diffsOf([...quoted(HEADER), ...quoted(HUNK)].join('\n'));
  const post = file && image(file, 'post')[0];
  expect(post?.section).toBe('int demo_count(struct demo *d)');
  expect(post?.lines[3]).toEqual({ line: 9, column: 3, mark: '+' });
  expect(post?.lines[0]).toEqual({ line: 5, column: 3, mark: ' ' });
});

/** mulberry32: the same edits in every run. */
function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const SCRAPS = [
  '',
  ' ',
  '\t',
  '+x',
  '-y',
  ' z',
  '> q',
  '>> +q',
  '@@ -1,3 +1,4 @@ f',
  '@@ -9,2',
  'diff --git a/k.c b/k.c',
  '--- a/k.c',
  '+++ b/k.c',
  '-- ',
  '\\ No newline at end of file',
  'text',
  '\u00a0a',
  '[...]',
  'From x@y Thu Jan  1 00:00:00 1970',
  '\r',
  '\u2028',
];

function edited(lines: readonly string[], next: () => number): string[] {
  const out = [...lines];
  for (let n = 1 + Math.floor(next() * 6); n > 0; n--) {
    const at = Math.floor(next() * out.length);
    const scrap = SCRAPS[Math.floor(next() * SCRAPS.length)] ?? '';
    const line = out[at] ?? '';
    switch (Math.floor(next() * 6)) {
      case 0:
        out.splice(at, 1);
        break;
      case 1:
        out.splice(at, 0, scrap);
        break;
      case 2:
        out[at] = line.slice(1);
        break;
      case 3:
        out[at] = scrap + line;
        break;
      case 4:
        out.splice(at, 0, line);
        break;
      default:
        out.splice(at, 1, line.slice(0, line.length / 2), line.slice(line.length / 2));
    }
  }
  return out;
}

const PLAIN = [
  ...HEADER,
  ...HUNK,
  '@@ -40,2 +41,3 @@ int other(void)',
  ' \ta();',
  '+\tb();',
  ' \tc();',
  '',
  'Thanks,',
  'Ann',
  '-- ',
  '2.50.1',
];
const REPLY = [...quoted(PLAIN.slice(0, 9)), '', 'No.', '', ...quoted(PLAIN.slice(9)), ...PLAIN];

/** What is wrong with the lines of one document: moved, invented or read twice. */
function faults(text: string): { bad: string[]; seen: number } {
  const doc = readMailDocument(text, 'file:///r');
  const bad: string[] = [];
  const used = new Set<number>();
  for (const file of readDiffs(doc)) {
    for (const { text: body, lines } of [...image(file, 'pre'), ...image(file, 'post')]) {
      const there = lines.map((at) =>
        doc.lines.line(at.line).slice(at.column).replaceAll('\u00a0', ' '),
      );
      if (there.join('\n') !== body) bad.push(`image differs: ${body}`);
    }
    for (const hunk of file.hunks) {
      hunk.lines.forEach(({ line }, i) => {
        if (line <= (hunk.lines[i - 1]?.line ?? hunk.headerLine))
          bad.push(`line ${line} is out of order`);
        if (used.has(line)) bad.push(`line ${line} is read twice`);
        used.add(line);
      });
    }
  }
  return { bad, seen: used.size };
}

test('whatever is done to a patch: no throw, and no line is invented, moved or read twice', () => {
  const next = random(20260203);
  let total = 0;
  for (let round = 0; round < 3000; round++) {
    const text = edited(round % 2 === 0 ? PLAIN : REPLY, next).join('\n');
    const { bad, seen } = faults(text);
    expect(bad, text).toEqual([]);
    total += seen;
  }
  expect(total).toBeGreaterThan(20_000);
});
