/** Assertions in the primitives of the model kernel hold in every run: each is broken once. */
import { describe, expect, it } from 'vitest';
import { modelKernel, mutant, run, type Mutation } from './support.js';

interface Case extends Mutation {
  readonly what: string;
  readonly race: string;
  readonly on: readonly string[];
  /** Rule that the finding names. */
  readonly rule: string;
}

const CASES: readonly Case[] = [
  {
    what: 'blocks are punched without i_data_sem',
    file: 'ext4-zero.c',
    from: '\tdown_write(&EXT4_I(inode)->i_data_sem);\n\text4_es_remove_extent(',
    to: '\text4_es_remove_extent(',
    race: 'C7',
    on: ['011278485ecc'],
    rule: 'RL-MAP-LOCK',
  },
  {
    what: 'blocks are converted under i_data_sem for reading',
    file: 'ext4.c',
    from: '\tdown_write(&EXT4_I(inode)->i_data_sem);\n\tif (ext4_map_stale(',
    to: '\tdown_read(&EXT4_I(inode)->i_data_sem);\n\tif (ext4_map_stale(',
    race: 'R5b',
    on: [],
    rule: 'RL-MAP-LOCK',
  },
  {
    what: 'a lookup is cached without i_data_sem',
    file: 'ext4.c',
    from: '\tdown_read(&EXT4_I(inode)->i_data_sem);\n\tretval = ext4_map_query_blocks(',
    to: '\tretval = ext4_map_query_blocks(',
    race: 'C10',
    on: ['d9252d526ba6'],
    rule: 'RL-MAP-LOCK',
  },
  {
    what: 'the commit starts a handle',
    file: 'jbd2.c',
    from: '\tjbd2_write_commit_record(commit_transaction);\n\tif (',
    to: '\tjbd2_journal_stop(jbd2__journal_start(journal, 1, 0));\n\tif (',
    race: 'U1',
    on: ['cc16eecae687'],
    rule: 'RL-COMMIT-START',
  },
  {
    what: 'updates are locked with a handle open',
    file: 'scenarios/U1.c',
    from: '\tjbd2_journal_lock_updates(&journal);\n',
    to: '\text4_journal_start(&inode, EXT4_HT_INODE, 1);\n\tjbd2_journal_lock_updates(&journal);\n',
    race: 'U1',
    on: ['cc16eecae687'],
    rule: 'RL-WAIT-HANDLE',
  },
];

describe('a rule of the kernel is checked in every run', { timeout: 120_000 }, () => {
  it.each(CASES)('$what', async ({ race, on, rule, ...mutation }) => {
    expect(run(await modelKernel(), race, { on }).verdict).toBe('none');
    const found = run(await mutant(mutation), race, { on });
    expect(found.witnesses.map((w) => w.key.rule)).toContain(rule);
  });
});
