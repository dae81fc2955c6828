import { expect, test } from 'vitest';
import { applyHunks, reverse } from '../../../server/patch/index.js';
import { HUNK, diffsOf, patch } from './show.js';

const BEFORE =
  Array.from({ length: 9 }, (_, i) => `/* ${i + 1} */`).join('\n') +
  '\n{\n\tint n;\n\n\tn = d->count;\n\tspin_unlock(&d->lock);\n\treturn n;\n}\n';

test('applied and taken back', () => {
  const [file] = diffsOf(patch(HUNK));
  if (!file) throw new Error('no diff');
  const after = applyHunks(BEFORE, file.hunks);
  expect(after.text).toContain('\tspin_lock(&d->lock);\n\tn = d->count;\n');
  expect([after.offsets, after.failed]).toEqual([[0], []]);
  expect(applyHunks(after.text, reverse(file).hunks).text).toBe(BEFORE);
});

test('a hunk may stand elsewhere, if only in one place', () => {
  const [file] = diffsOf(patch(HUNK));
  const hunks = file?.hunks ?? [];
  expect(applyHunks(`a\nb\nc\n${BEFORE}`, hunks).offsets).toEqual([3]);
  const twice = BEFORE.slice(BEFORE.indexOf('{'));
  expect(applyHunks(`\n\n${twice}${twice}`, hunks).offsets).toEqual([0]);
  const around = `\n\n${twice}${'x\n'.repeat(7)}${twice}`;
  expect(applyHunks(around, hunks).failed.map((f) => f.reason)).toEqual(['two places fit equally']);
  expect(applyHunks('int x;\n', hunks).failed.map((f) => f.reason)).toEqual([
    'the lines are not there',
  ]);
});

test('a damaged hunk is not applied', () => {
  const [file] = diffsOf(patch(HUNK.slice(0, 5)));
  const done = applyHunks(BEFORE, file?.hunks ?? []);
  expect(done.text).toBe(BEFORE);
  expect(done.failed.map((f) => f.reason)).toEqual(['hunk ends after 3 of 8 lines']);
});

test('the last newline comes and goes', () => {
  const [file] = diffsOf(patch(['@@ -1 +1 @@', '-a', '\\ No newline at end of file', '+a']));
  if (!file) throw new Error('no diff');
  expect(applyHunks('a', file.hunks).text).toBe('a\n');
  expect(applyHunks('a\n', reverse(file).hunks).text).toBe('a');
});

test('a new file, and its removal', () => {
  const [file] = diffsOf('--- /dev/null\n+++ b/x.c\n@@ -0,0 +1,2 @@\n+a\n+b\n');
  if (!file) throw new Error('no diff');
  expect(applyHunks('', file.hunks).text).toBe('a\nb\n');
  const back = reverse(file);
  expect([back.path, back.isDeleted]).toEqual(['x.c', true]);
  expect(applyHunks('a\nb\n', back.hunks).text).toBe('');
});

/** A unified diff of `old` with every `at` line replaced by `to` lines; three lines of context. */
function unified(old: readonly string[], edits: ReadonlyMap<number, readonly string[]>): string {
  const out = ['--- a/x.c', '+++ b/x.c'];
  let drift = 0;
  for (const [at, to] of edits) {
    const from = Math.max(0, at - 3);
    const end = Math.min(old.length, at + 4);
    out.push(`@@ -${from + 1},${end - from} +${from + 1 + drift},${end - from - 1 + to.length} @@`);
    old.slice(from, at).forEach((l) => out.push(` ${l}`));
    out.push(`-${old[at] ?? ''}`, ...to.map((l) => `+${l}`));
    old.slice(at + 1, end).forEach((l) => out.push(` ${l}`));
    drift += to.length - 1;
  }
  return `${out.join('\n')}\n`;
}

test('any diff: applying and reversing gives the original text', () => {
  let seed = 7;
  const next = (n: number): number => (seed = (seed * 48271) % 2147483647) % n;
  for (let round = 0; round < 300; round++) {
    const old = Array.from(
      { length: 10 + next(60) },
      () => ['a', 'b', '', '\tx', '}', '-- ', '> y'][next(7)] ?? '',
    );
    const edits = new Map<number, string[]>();
    for (let at = next(8); at < old.length; at += 7 + next(10))
      edits.set(
        at,
        Array.from({ length: next(4) }, () => `n${next(9)}`),
      );
    const [file] = diffsOf(unified(old, edits));
    if (edits.size === 0) continue;
    if (!file) throw new Error('no diff');
    const text = `${old.join('\n')}\n`;
    const after = applyHunks(text, file.hunks);
    expect(after.offsets.every((off) => off === 0)).toBe(true);
    const expected = old.flatMap((line, i) => edits.get(i) ?? [line]);
    if (file.hunks.some((h) => h.damaged ?? h.countsOff)) {
      // only a removed "- " line can be mistaken for a signature
      expect(old.some((line, i) => edits.has(i) && line === '-- ')).toBe(false);
    }
    expect(after.text).toBe(expected.length === 0 ? '' : `${expected.join('\n')}\n`);
    expect(applyHunks(after.text, reverse(file).hunks).text).toBe(text);
  }
});
