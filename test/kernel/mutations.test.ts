/**
 * Each fix is taken back in the model's own C, by one line, and each rule that the races rest on
 * is broken. The verdict must change: so the table in verdicts.test.ts depends on that very line.
 */
import { describe, expect, it } from 'vitest';
import { modelKernel, mutant, run, type Mutation } from './support.js';

interface Case extends Mutation {
  readonly what: string;
  readonly race: string;
  readonly on: readonly string[];
  /** Verdict with the line as it is, and with the line changed. */
  readonly verdicts: readonly [string, string];
}

const FIXED: readonly [string, string] = ['none', 'found deadlock'];
const SKIPPED: readonly [string, string] = ['none', 'found final'];
const BROKEN: readonly [string, string] = ['found deadlock', 'none'];

const CASES: readonly Case[] = [
  {
    what: 'zeroing stays inside the handle',
    file: 'ext4-zero.c',
    from: 'if (!__since("c4602a1d09ec", "2026-04-13"))',
    to: 'if (1)',
    race: 'R1b',
    on: ['c4602a1d09ec'],
    verdicts: FIXED,
  },
  {
    what: 'the batch is allocated again',
    file: 'iomap.c',
    from: 'iter->fbatch = &iter->onstack;',
    to: 'iter->fbatch = kmalloc(sizeof(struct folio_batch), GFP_KERNEL);',
    race: 'R2',
    on: ['ed61378b4dc6'],
    verdicts: FIXED,
  },
  {
    what: 'a failed allocation is not an error',
    file: 'iomap.c',
    from: 'return -ENOMEM;',
    to: 'return offset + length;',
    race: 'R2',
    on: ['enomem'],
    verdicts: FIXED,
  },
  {
    what: 'the error of the fill is dropped',
    file: 'ext4-zero.c',
    from: 'if (end < 0)\n\t\t\treturn end;',
    to: 'if (end < 0)\n\t\t\tend = (loff_t)(map.m_lblk + map.m_len) << blkbits;',
    race: 'R2',
    on: ['enomem'],
    verdicts: FIXED,
  },
  {
    what: 'ext4 does not fill the batch',
    file: 'ext4-zero.c',
    from: '(map->m_flags & EXT4_MAP_UNWRITTEN);',
    to: '(map->m_flags & EXT4_MAP_DELAYED);',
    race: 'R1',
    on: ['batch'],
    verdicts: FIXED,
  },
  {
    what: 'ext4 does not fill the batch for holes',
    file: 'ext4-zero.c',
    from: '!(map->m_flags & (EXT4_MAP_MAPPED | EXT4_MAP_DELAYED))',
    to: '(map->m_flags & EXT4_MAP_UNWRITTEN)',
    race: 'R3',
    on: ['batch-holes'],
    verdicts: FIXED,
  },
  {
    what: 'holes are flushed again',
    file: 'iomap.c',
    from: '!iter.fbatch &&\n\t\t    srcmap->type == IOMAP_HOLE) {',
    to: '!iter.fbatch &&\n\t\t    srcmap->type == IOMAP_MAPPED) {',
    race: 'R3',
    on: ['a35bb0dec955'],
    verdicts: FIXED,
  },
  {
    what: 'unwritten extents are flushed although they are revalidated',
    file: 'iomap.c',
    from: 'srcmap->type == IOMAP_UNWRITTEN) {\n\t\t\titer.status = iomap_zero_iter',
    to: 'srcmap->type == IOMAP_MAPPED) {\n\t\t\titer.status = iomap_zero_iter',
    race: 'R1',
    on: ['iomap-valid'],
    verdicts: FIXED,
  },
  {
    what: 'the file system has no iomap_valid()',
    file: 'ext4.c',
    from: '\t.iomap_valid = ext4_iomap_valid,\n',
    to: '',
    race: 'R3',
    on: ['iomap-valid'],
    verdicts: FIXED,
  },
  {
    what: 'a locked transaction admits no reserved handle',
    file: 'jbd2.c',
    from: 't_state == T_RUNNING)) ||\n\t\t       handle->h_reserved,',
    to: 't_state == T_RUNNING)),',
    race: 'R1',
    on: ['reserved-ioend'],
    verdicts: FIXED,
  },
  {
    what: 'a batch for a hole is an error',
    file: 'iomap.c',
    from: '!__fix("batch-holes") && iter.fbatch',
    to: 'iter.fbatch',
    race: 'R3',
    on: ['batch-holes'],
    verdicts: ['none', 'found warn'],
  },
  {
    what: 'writeback locks folios before it starts the handle',
    file: 'ext4-writeback.c',
    from: '!__fix("handle-first") && ',
    to: '',
    race: 'R1b',
    on: ['handle-first'],
    verdicts: FIXED,
  },
  {
    what: 'folios are looked up after the lock is dropped',
    file: 'ext4-zero.c',
    from: 'ret = ext4_map_query_blocks(NULL, inode, &map);\n',
    to: 'ret = ext4_map_query_blocks(NULL, inode, &map);\n\t\tup_read(&EXT4_I(inode)->i_data_sem);\n\t\tdown_read(&EXT4_I(inode)->i_data_sem);\n',
    race: 'R5',
    on: ['lookup-lock'],
    verdicts: SKIPPED,
  },
  {
    what: 'a conversion does not count as a change of the mapping',
    file: 'ext4-extents.c',
    from: '\t\tei->i_es_seq++;\n',
    to: '',
    race: 'R5',
    on: ['seq-check'],
    verdicts: SKIPPED,
  },
  {
    what: 'an empty batch counts whatever became of the mapping',
    file: 'ext4-zero.c',
    from: '\t\tiomap->flags |= IOMAP_F_STALE;\n',
    to: '\t\treturn 0;\n',
    race: 'R5',
    on: ['seq-check'],
    verdicts: SKIPPED,
  },
  {
    what: 'the caller zeroes only the first folio before',
    file: 'scenarios/R5.c',
    from: 'truncate_pagecache_range(&inode, 0, NR_FOLIOS * PAGE_SIZE - 1);',
    to: 'truncate_pagecache_range(&inode, 0, PAGE_SIZE - 1);',
    race: 'R5',
    on: ['pre-zeroed'],
    verdicts: SKIPPED,
  },
  {
    what: 'punch hole does not zero the page cache first',
    file: 'ext4-zero.c',
    from: '\ttruncate_pagecache_range(inode, start, end - 1);\n',
    to: '',
    race: 'R5b',
    on: [],
    verdicts: SKIPPED,
  },
  {
    what: 'the commit does not wait for open handles',
    file: 'jbd2.c',
    from: '__wait(!commit_transaction->t_updates, "handle");\n',
    to: '',
    race: 'R1',
    on: [],
    verdicts: ['found deadlock', 'found use-after-free'],
  },
  {
    what: 'a locked transaction admits everybody',
    file: 'jbd2.c',
    from: 't_state == T_RUNNING)) ||\n',
    to: 't_state != T_FINISHED)) ||\n',
    race: 'R1b',
    on: [],
    verdicts: BROKEN,
  },
  {
    what: 'writeback ends before the conversion',
    file: 'ext4-writeback.c',
    from: '\t\thandle = ext4_journal_start(inode, EXT4_HT_EXT_CONVERT, 1);\n\tif (IS_ERR(handle))\n\t\tgoto out;',
    to: '\t\tgoto out;\n\tgoto out;',
    race: 'R3',
    on: [],
    verdicts: BROKEN,
  },
];

const known = new Map<string, string>();

/** Verdict of the model as it is; several lines are tried against the same run. */
async function unchanged(race: string, on: readonly string[]): Promise<string> {
  const key = `${race} ${on.join(' ')}`;
  const verdict = known.get(key) ?? run(await modelKernel(), race, { on }).verdict;
  known.set(key, verdict);
  return verdict;
}

describe('one changed line changes the verdict', () => {
  it.each(CASES)('$what ($race)', async ({ race, on, verdicts, ...mutation }) => {
    const before = await unchanged(race, on);
    const after = run(await mutant(mutation), race, { on }).verdict;
    expect([before, after]).toEqual(verdicts);
  });
});
