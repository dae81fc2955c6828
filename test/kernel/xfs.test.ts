/** xfs: what is closed there by ILOCK and by zeroing without a transaction, and what was not. */
import { describe, expect, it } from 'vitest';
import { modelKernel, mutant, run } from './support.js';
import { testTable } from './table.js';

testTable({
  C12: [
    ['', 'found final'],
    ['f43dc4dc3eff', 'none'],
  ],
  X1: [
    ['', 'found warn'],
    ['a35bb0dec955', 'none'],
  ],
});

describe('C12', { timeout: 120_000 }, () => {
  it('loses the store, or leaves a dirty folio over a hole', async () => {
    const { witnesses } = run(await modelKernel(), 'C12');
    expect(witnesses.map((w) => w.key.id).sort()).toEqual([
      'final: no_store_is_lost: a dirty folio has its block reserved',
      'final: no_store_is_lost: a store into the file is not lost',
    ]);
  });

  it('needs the look at the page cache and the lock around it', async () => {
    const on = ['f43dc4dc3eff'];
    const blind = await mutant({
      file: 'iomap-write.c',
      from: '\t\tif (folio->dirty) {\n\t\t\tif (start > *punch_start)',
      to: '\t\tif (false) {\n\t\t\tif (start > *punch_start)',
    });
    expect(run(blind, 'C12', { on }).verdict).toBe('found final');
    const shared = await mutant({
      file: 'iomap-write.c',
      from: '\tfilemap_invalidate_lock(inode->i_mapping);\n\terror = iomap_write_delalloc_scan',
      to: '\tfilemap_invalidate_lock_shared(inode->i_mapping);\n\terror = iomap_write_delalloc_scan',
    });
    expect(run(shared, 'C12', { on }).verdict).toContain('final');
  });
});

describe('zeroing on xfs', { timeout: 120_000 }, () => {
  it('meets no folio behind EOF without the proposal, in any version', async () => {
    const kernel = await modelKernel();
    const off = ['iomap-valid'];
    for (const profile of ['2025-07', '7.0', '7.1'])
      expect(run(kernel, 'X1', { off, profile }).verdict).toBe('none');
  });

  it('warns where the flush of the whole range is left out', async () => {
    const kernel = await mutant({
      file: 'iomap.c',
      from: '\t\t\tif (range_dirty) {\n\t\t\t\trange_dirty = false;\n\t\t\t\tstatus = iomap_zero_iter_flush_and_stale(&iter);',
      to: '\t\t\tif (range_dirty) {\n\t\t\t\tstatus = iomap_zero_iter(&iter, did_zero, write_ops);',
    });
    expect(run(kernel, 'X1', { off: ['iomap-valid'] }).verdict).toBe('found warn');
  });
});

describe('the extents of xfs', { timeout: 120_000 }, () => {
  it('change under ILOCK', async () => {
    const kernel = await mutant({
      file: 'xfs.c',
      from: '\txfs_ilock(ip, XFS_ILOCK_EXCL);\n\tip->i_delayed_blks -= xfs_iext_change(',
      to: '\txfs_ilock(ip, XFS_ILOCK_SHARED);\n\tip->i_delayed_blks -= xfs_iext_change(',
    });
    const { witnesses } = run(kernel, 'C12', { on: ['f43dc4dc3eff'] });
    expect(witnesses.map((w) => w.key.rule)).toContain('RL-MAP-LOCK');
  });

  it('no folio is locked under ILOCK', async () => {
    const from = '\tip->i_delayed_blks -= xfs_iext_change(ip, &ip->i_df, start_fsb, end_fsb,';
    const kernel = await mutant({
      file: 'xfs.c',
      from,
      to: `\tfolio_lock(&folio[0]);\n\tfolio_unlock(&folio[0]);\n${from}`,
    });
    const { witnesses } = run(kernel, 'C12', { on: ['f43dc4dc3eff'] });
    expect(witnesses.map((w) => w.key.property)).toContain('lock-order');
  });
});
