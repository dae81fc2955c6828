import { expect, it } from 'vitest';
import { check, outcomes } from './support.js';

/** A mail with one diff of our own. */
function mail(hunk: string): string {
  return `From: A <a@example.org>
Date: Mon, 4 Aug 2025 10:00:00 +0000
Subject: [PATCH] ext4: demo

diff --git a/fs/ext4/inode.c b/fs/ext4/inode.c
index 1111111..2222222 100644
--- a/fs/ext4/inode.c
+++ b/fs/ext4/inode.c
${hunk}-- 
2.47.0
`;
}

it('does not report one more caller of what is called with the handle held already', async () => {
  const result = await check(
    mail(`@@ -10,5 +10,6 @@ int ext4_demo(struct inode *inode, loff_t from, loff_t length)
 	handle = ext4_journal_start(inode, EXT4_HT_TRUNCATE, 1);
 	if (IS_ERR(handle))
 		return PTR_ERR(handle);
+	ret = ext4_block_zero_page_range(handle, inode->i_mapping, from, length);
 	ext4_journal_stop(handle);
 	return ret;
`),
  );
  expect(result.findings).toEqual([]);
});

it('gives a hint for an unmodelled function that flushes with the handle held', async () => {
  const result = await check(
    mail(`@@ -10,5 +10,6 @@ int ext4_demo(struct inode *inode, loff_t from, loff_t length)
 	handle = ext4_journal_start(inode, EXT4_HT_TRUNCATE, 1);
 	if (IS_ERR(handle))
 		return PTR_ERR(handle);
+	ret = filemap_write_and_wait_range(inode->i_mapping, from, from + length - 1);
 	ext4_journal_stop(handle);
 	return ret;
`),
  );
  expect(result.findings.map((f) => `${f.at.line + 1} ${f.severity} ${f.rule}`)).toContain(
    '13 hint RL-WB-HANDLE',
  );
  expect(result.changes.flatMap(outcomes)).toEqual([]);
});

it('is silent when the flush stands before the handle or behind it', async () => {
  for (const place of ['before', 'behind']) {
    const flush =
      '+	ret = filemap_write_and_wait_range(inode->i_mapping, from, from + length - 1);\n';
    const result = await check(
      mail(`@@ -10,5 +10,6 @@ int ext4_demo(struct inode *inode, loff_t from, loff_t length)
${place === 'before' ? flush : ''} 	handle = ext4_journal_start(inode, EXT4_HT_TRUNCATE, 1);
 	if (IS_ERR(handle))
 		return PTR_ERR(handle);
 	ext4_journal_stop(handle);
${place === 'behind' ? flush : ''} 	return ret;
`),
    );
    expect(result.findings, place).toEqual([]);
  }
});

it('names a patch that is too large to analyse, and takes no time over it', async () => {
  const hunk = (n: number): string =>
    `@@ -${9 * n + 1},1 +${9 * n + 1},1 @@ int ext4_punch_hole(struct file *file, loff_t offset)\n-	a(${n});\n+	b(${n});\n`;
  const result = await check(mail(Array.from({ length: 301 }, (_, n) => hunk(n)).join('')));
  expect(result.notes.map((n) => n.message)).toContain('a patch of 301 hunks is not analysed');
  expect(result.changes).toEqual([]);
});
