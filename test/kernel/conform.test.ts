/**
 * The model against a kernel tree of 6.1, where there is one: `RACELORE_TREE`, or Debian's
 * linux-source-6.1 unpacked in /usr/src.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ModelKernel } from '../../server/analysis/model.js';
import { conform, profileOfTree } from '../../server/conform/index.js';
import type { ConformRow } from '../../server/conform/index.js';
import { declared } from '../../server/conform/tree.js';
import { modelKernel, mutant, parser } from './support.js';

const TREE = [process.env['RACELORE_TREE'], '/usr/src/linux-source-6.1'].find(
  (dir) => dir !== undefined && statSync(dir, { throwIfNoEntry: false })?.isDirectory(),
);

function read(path: string): string | undefined {
  const file = join(TREE ?? '', path);
  return statSync(file, { throwIfNoEntry: false })?.isFile()
    ? readFileSync(file, 'utf8')
    : undefined;
}

async function rowsOf(kernel: ModelKernel): Promise<readonly ConformRow[]> {
  const profile = profileOfTree(kernel, read);
  if (profile?.name !== '6.1') throw new Error(`not a tree of 6.1: ${profile?.name ?? ''}`);
  return conform(kernel, profile, await parser(), read);
}

let known: Promise<readonly ConformRow[]> | undefined;

/** Of the model as it is, compared once. */
function rows(): Promise<readonly ConformRow[]> {
  known ??= modelKernel().then(rowsOf);
  return known;
}

function names(rows: readonly ConformRow[]): readonly string[] {
  return rows.map((r) => r.function);
}

describe.runIf(TREE !== undefined)('the model and Linux 6.1', { timeout: 120_000 }, () => {
  it('has 60 functions and more that do the same in the same order', async () => {
    const same = (await rows()).filter((r) => r.outcome === 'conforms');
    expect(same.length).toBeGreaterThanOrEqual(60);
  });

  it('says of all others why not, and of no others', async () => {
    const others = (await rows()).filter(
      (r) => !['conforms', 'no events', 'primitive'].includes(r.outcome),
    );
    expect(names(others.filter((r) => r.reason === undefined))).toEqual([]);
    const reasons = declared((await modelKernel()).kernelUnits, '__differs').flatMap(
      ([, ...of]) => of,
    );
    expect(reasons.filter((name) => !names(others).includes(name))).toEqual([]);
  });

  it.each([
    {
      what: 'the stop before the mapping',
      row: 'ext4_iomap_alloc',
      file: 'ext4.c',
      from: '\tret = ext4_map_blocks(handle, inode, map, m_flags);\n\tif (!m_flags && !ret)\n\t\tret = -ENOTBLK;\n\text4_journal_stop(handle);\n',
      to: '\text4_journal_stop(handle);\n\tret = ext4_map_blocks(handle, inode, map, m_flags);\n\tif (!m_flags && !ret)\n\t\tret = -ENOTBLK;\n',
    },
    {
      what: 'the second drop of the page cache after the count of direct I/Os',
      row: 'iomap_dio_complete',
      file: 'iomap-dio.c',
      from: '\t\tkiocb_invalidate_post_direct_write(iocb, size);\n\n\tinode_dio_end(file_inode(iocb->ki_filp));\n',
      to: '\t\t;\n\tinode_dio_end(file_inode(iocb->ki_filp));\n\tkiocb_invalidate_post_direct_write(iocb, size);\n',
    },
    {
      what: 'zeroing before the wait for writeback',
      row: 'truncate_inode_partial_folio',
      file: 'mm-truncate.c',
      from: '\tfolio_wait_writeback(folio);\n\tfolio_zero_range(folio, offset, last - offset + 1);\n',
      to: '\tfolio_zero_range(folio, offset, last - offset + 1);\n\tfolio_wait_writeback(folio);\n',
    },
  ])('sees $what', async ({ row, ...mutation }) => {
    const outcome = (all: readonly ConformRow[]): string | undefined =>
      all.find((r) => r.function === row)?.outcome;
    expect(outcome(await rows())).toBe('conforms');
    expect(outcome(await rowsOf(await mutant(mutation)))).toBe('differs');
  });
});
