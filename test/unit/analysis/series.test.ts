import { describe, expect, it } from 'vitest';
import { seriesJson } from '../../../server/report/series-json.js';
import { seriesText } from '../../../server/report/series-text.js';
import { graftText } from '../../../server/report/graft-text.js';
import { analyzer, check, EXAMPLE } from './support.js';

/** A mail with one patch; hunks of our own against the kernel of July 2025. */
function mail(n: string, title: string, hunks: string): string {
  return `From mboxrd@z Thu Jan  1 00:00:00 1970
From: A <a@example.org>
Date: Mon, 4 Aug 2025 10:00:0${n.slice(0, 1)} +0000
Subject: [PATCH v3 ${n}] ext4: ${title}
Message-Id: <${n}@example.org>

diff --git a/fs/ext4/inode.c b/fs/ext4/inode.c
--- a/fs/ext4/inode.c
+++ b/fs/ext4/inode.c
${hunks}-- 
2.47.0

`;
}

/** Opens a race: the cache is written back with the handle open. */
const OPENS = mail(
  '1/3',
  'write the range back before zeroing',
  `@@ -10,5 +10,8 @@ int ext4_punch_hole(struct file *file, loff_t offset, loff_t length)
 	handle = ext4_journal_start(inode, EXT4_HT_TRUNCATE, credits);
 	if (IS_ERR(handle))
 		return PTR_ERR(handle);
 
+	ret = filemap_write_and_wait_range(inode->i_mapping, offset, end - 1);
+	if (ret)
+		goto out_handle;
 	ret = ext4_zero_partial_blocks(handle, inode, offset, length);
`,
);

const NEUTRAL = mail(
  '2/3',
  'say what the hole is',
  `@@ -2,4 +2,5 @@ int ext4_punch_hole(struct file *file, loff_t offset, loff_t length)
 	ret = ext4_truncate_page_cache_block_range(inode, offset, end);
+	/* The page cache is gone. */
 	if (ret)
 		return ret;
 
`,
);

/** Closes it again, on what the first one has made. */
const CLOSES = mail(
  '3/3',
  'write the range back earlier',
  `@@ -7,12 +7,12 @@ int ext4_punch_hole(struct file *file, loff_t offset, loff_t length)
+	ret = filemap_write_and_wait_range(inode->i_mapping, offset, end - 1);
+	if (ret)
+		return ret;
 	handle = ext4_journal_start(inode, EXT4_HT_TRUNCATE, credits);
 	if (IS_ERR(handle))
 		return PTR_ERR(handle);
 
-	ret = filemap_write_and_wait_range(inode->i_mapping, offset, end - 1);
-	if (ret)
-		goto out_handle;
 	ret = ext4_zero_partial_blocks(handle, inode, offset, length);
`,
);

describe('a series', { timeout: 120_000 }, () => {
  it('stands each patch on those before it, in the order of their numbers', async () => {
    const result = await check(CLOSES + OPENS + NEUTRAL);
    const byNumber = [...result.changes].sort((a, b) => (a.series?.n ?? 0) - (b.series?.n ?? 0));
    expect(byNumber.map((c) => [c.series?.n, c.base])).toEqual([
      [1, '2025-07'],
      [2, ''],
      [3, '2025-07 + 1 of 3'],
    ]);
    const of = (id: string): readonly (string | undefined)[] =>
      byNumber.map((c) => c.races.find((r) => r.scenario === id)?.outcome);
    expect(of('R1')).toEqual(['appears', undefined, 'fixed']);
  });

  it('is a matrix of at most 72 columns', async () => {
    const result = await check(OPENS + NEUTRAL + CLOSES);
    const text = seriesText(result, result.changes);
    expect(text.split('\n').filter((l) => l.length > 72)).toEqual([]);
    const row = (name: string): string | undefined =>
      text.split('\n').find((l) => l.startsWith(name));
    const column = row('patch')?.indexOf(' R1 ') ?? -1;
    expect(column).toBeGreaterThan(0);
    const cell = (name: string): string | undefined =>
      row(name)
        ?.slice(column + 1)
        .split(' ')[0];
    expect(['1/3 ', '2/3', '3/3'].map(cell)).toEqual(['NEW', '', 'fixed']);
    expect(text).toContain('R1 appears: ');
    expect(text).toContain('no changed line has an effect in functions of the model');
    expect(text).toContain(
      '\nall: in modelled functions: 9 on the model, 1 no effect, 0 not placed;\n',
    );
  });

  it('says in JSON of each patch what it does to each race', async () => {
    const result = await check(OPENS + NEUTRAL + CLOSES);
    const json: unknown = JSON.parse(seriesJson(result, result.changes));
    expect(json).toMatchObject({
      schema: 'racelore/series@1',
      patches: [
        { name: '1/3', races: { R1: 'appears' } },
        { name: '2/3', races: {} },
        { name: '3/3', races: { R1: 'fixed' } },
      ],
    });
  });
});

describe('where a patch went', () => {
  it('shows each changed line with its place, and the function with the change', async () => {
    const changes = (await analyzer()).explainGraft('test:graft', OPENS);
    const text = graftText(changes);
    expect(text.split('\n').filter((l) => l.length > 72)).toEqual([]);
    expect(text).toContain(' +    ret = filemap_write_and_wait_range(');
    expect(text).toMatch(/= on the model: added, ext4-zero\.c:\d+\n/);
    expect(text).toMatch(/\n {6}\+ +ret = filemap_write_and_wait_range\(/);
  });

  it('has every changed line of the example, once', async () => {
    const changes = (await analyzer()).explainGraft('test:graft', EXAMPLE);
    const lines = changes.flatMap((c) => c.functions.flatMap((f) => f.lines));
    const marked = EXAMPLE.split('\n').flatMap((l, i) =>
      /^[+-](?!\+\+|--)/.test(l) && i > 20 ? [i] : [],
    );
    const told = new Set(lines.map((l) => l.line));
    expect(lines.length).toBe(told.size);
    for (const l of lines) expect(EXAMPLE.split('\n')[l.line]).toBe(`${l.mark}${l.text}`);
    expect(told.size).toBeGreaterThan(marked.length / 2);
  });
});
