/** Fixes of races as they were posted: the race is there before, and gone after. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../support/tools.mjs';
import { apart, check, outcomes } from './support.js';

const MAILS = join(sharedData() ?? '', 'corpus/raw');
const names = existsSync(MAILS) ? readdirSync(MAILS) : [];

function mail(number: string): string {
  const name = names.find((n) => n.startsWith(`${number}-`)) ?? '';
  return readFileSync(join(MAILS, name), 'utf8');
}

describe.skipIf(names.length === 0)('a fix from the archives', { timeout: 120_000 }, () => {
  it('delayed extents under i_data_sem for writing, on 6.1', async () => {
    const { changes, findings } = await check(mail('156'));
    expect(changes[0]?.base).toMatch(/^6\.1\b/);
    expect(changes[0]?.coverage.notPlaced).toEqual([]);
    expect(outcomes(changes[0])).toContain('U3 fixed');
    // The window that the next one closes is open on both sides.
    expect(outcomes(changes[0])).toContain('C8 still there');
    // Races that buffered writes have in common with it are not what it is about.
    expect(apart(changes[0])).toEqual(['R11', 'R13']);
    expect(findings.filter((f) => f.severity === 'error')).toEqual([]);
  });

  it('the second lookup under i_data_sem, on what came between', async () => {
    const { changes } = await check(mail('235'));
    expect(changes[0]?.base).toMatch(/^6\.9\b/);
    expect(changes[0]?.coverage.notPlaced).toEqual([]);
    expect(outcomes(changes[0])).toContain('C8 fixed');
    expect(outcomes(changes[0])).toContain('U3 absent');
    expect(apart(changes[0])).toEqual(['R11', 'R13']);
  });
});

const IN_THE_MODEL = `From: A <a@example.org>
Date: Mon, 3 Nov 2025 10:00:00 +0000
Subject: [PATCH] ext4: reserve under i_data_sem

---
diff --git a/fs/ext4/inode.c b/fs/ext4/inode.c
--- a/fs/ext4/inode.c
+++ b/fs/ext4/inode.c
@@ -1800,6 +1800,8 @@ static int ext4_da_map_blocks(struct inode *inode, struct ext4_map_blocks *map)
 \t\t}
 \t}
 
 \tretval = ext4_insert_delayed_blocks(inode, map->m_lblk, map->m_len);
+\tup_write(&EXT4_I(inode)->i_data_sem);
 \tif (retval)
 \t\treturn retval;
`;

describe('a patch that the model has already', { timeout: 60_000 }, () => {
  it('is taken out for the run before', async () => {
    const { changes } = await check(IN_THE_MODEL);
    expect(changes[0]?.status).toBe('in the model');
    expect(changes[0]?.coverage.onModel).toBe(1);
    expect(outcomes(changes[0]).filter((o) => o.endsWith('fixed')).length).toBeGreaterThan(0);
    expect(outcomes(changes[0]).filter((o) => o.endsWith('appears'))).toEqual([]);
  });
});
