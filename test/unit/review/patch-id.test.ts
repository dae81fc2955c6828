/** Patch ids as git computes them, and series that ask for patches by them. */
import { chmodSync, renameSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { readMailDocument } from '../../../server/mail/index.js';
import { readDiffs } from '../../../server/patch/index.js';
import { sha1 } from '../../../server/patch/sha1.js';
import { lettersOf, seriesIn, threadsOf, type Letter } from '../../../server/review/index.js';
import { threadsText } from '../../../server/report/threads-text.js';
import { Repository } from '../../support/git.js';
import { which } from '../../support/tools.mjs';

test.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 70_000])('SHA-1 of %i bytes', (n) => {
  const bytes = Uint8Array.from({ length: n }, (_, i) => (i * 7919) & 255);
  expect(Buffer.from(sha1(bytes)).toString('hex')).toBe(
    createHash('sha1').update(bytes).digest('hex'),
  );
});

function lettersIn(text: string): Letter[] {
  const doc = readMailDocument(text, 'file:///box');
  return lettersOf(doc, readDiffs(doc));
}

const text = (n: number, tail = '\n'): string =>
  Array.from({ length: n }, (_, i) => `\tline ${i};`).join('\n') + tail;

describe.runIf(which('git') !== undefined)('against git', () => {
  const repository = new Repository();
  afterAll(() => repository.remove());
  repository.write('a.c', text(40));
  repository.write('b.c', text(20, ''));
  repository.commit('base');
  const base = repository.run('rev-parse', 'HEAD').trim();
  repository.write(
    'a.c',
    text(40).replace('line 7', 'new 7').replace('line 30;', 'line 30;\n\n+x'),
  );
  repository.commit('two hunks');
  repository.write('b.c', text(21, ''));
  repository.write('new.c', 'int x;\n\n-- \nint ü;\n');
  repository.commit('no newline, and a new file');
  renameSync(join(repository.dir, 'a.c'), join(repository.dir, 'c.c'));
  chmodSync(join(repository.dir, 'b.c'), 0o755);
  repository.commit('a rename and a mode');
  unlinkSync(join(repository.dir, 'new.c'));
  repository.write('empty.c', '');
  repository.commit('a file less, and an empty one');
  const mails = repository.run('format-patch', '--stdout', '-M', base);

  test('the ids of whole patches', () => {
    const theirs = repository.fed(mails, 'patch-id', '--stable').trim().split('\n');
    const ours = lettersIn(mails).map((l) => l.patchId);
    expect(ours).toEqual(theirs.map((line) => line.split(' ')[0]));
    expect(ours.length).toBe(4);
  });

  test('a series names those below it, and is shown on top of them', () => {
    const upper = repository.run('format-patch', '--stdout', `--base=${base}`, 'HEAD~2..HEAD');
    const lower = repository.run('format-patch', '--stdout', '-M', `${base}..HEAD~2`);
    const letters = lettersIn(lower.replaceAll('ann@', 'bob@') + upper);
    const threads = threadsOf(letters);
    const series = seriesIn(letters, threads);
    const top = series.at(-1);
    expect(top?.base.prerequisitePatchIds).toEqual(letters.slice(0, 2).map((l) => l.patchId));
    expect(top).toMatchObject({ needs: [0], needsMissing: [] });
    expect(threadsText(letters, threads, series)).toContain('on "two hunks"');
    const alone = lettersIn(upper);
    const found = seriesIn(alone, threadsOf(alone));
    expect(found.map((s) => s.needsMissing.length)).toEqual([2]);
    expect(threadsText(alone, threadsOf(alone), found)).toContain('on 2 prerequisites not here');
  });
});
