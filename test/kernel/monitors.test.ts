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
    from: '\tdown_write(&EXT4_I(inode)->i_data_sem);\n\tif ((__fix("first-block")',
    to: '\tdown_read(&EXT4_I(inode)->i_data_sem);\n\tif ((__fix("first-block")',
    race: 'R5b',
    on: [],
    rule: 'RL-MAP-LOCK',
  },
  {
    what: 'a lookup is cached without i_data_sem',
    file: 'ext4-write.c',
    from: '\tdown_read(&EXT4_I(inode)->i_data_sem);\n\tif (__since(',
    to: '\tif (__since(',
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

/** Code put before `ext4_setattr()` in R10, where i_rwsem is held, and what it breaks. */
const UNDER_I_RWSEM: readonly (readonly [what: string, code: string, found: string])[] = [
  [
    'i_rwsem is taken under i_data_sem',
    'inode_unlock(&inode); down_write(&inode.ext4.i_data_sem); inode_lock(&inode); up_write(&inode.ext4.i_data_sem);',
    'lock-order',
  ],
  [
    'a handle is started under i_data_sem',
    'down_read(&inode.ext4.i_data_sem); ext4_journal_stop(ext4_journal_start(&inode, EXT4_HT_INODE, 1)); up_read(&inode.ext4.i_data_sem);',
    'lock-order',
  ],
  [
    'a handle is open before invalidate_lock',
    'handle_t *h = ext4_journal_start(&inode, EXT4_HT_INODE, 1); filemap_invalidate_lock(inode.i_mapping); filemap_invalidate_unlock(inode.i_mapping); ext4_journal_stop(h);',
    'lock-order',
  ],
  ['a folio stays locked', 'folio_lock(&folio[1]);', 'lock-held'],
  ['a handle stays open', 'ext4_journal_start(&inode, EXT4_HT_INODE, 1);', 'lock-held'],
  ['a lock is released twice', 'up_read(&inode.ext4.i_data_sem);', 'unlock'],
  [
    'writeback is waited for under a spinlock',
    'spin_lock(&inode.i_lock); folio_wait_writeback(&folio[1]); spin_unlock(&inode.i_lock);',
    'atomic-wait',
  ],
  [
    'a synchronous handle is stopped under a folio lock',
    'folio_lock(&folio[1]); handle_t *h = ext4_journal_start(&inode, EXT4_HT_INODE, 1); h->h_sync = true; ext4_journal_stop(h); folio_unlock(&folio[1]);',
    'RL-SYNC-STOP',
  ],
  [
    'a handle is started under a folio lock on the buffer_head path',
    'inode.ext4.i_state_flags = 0; folio_lock(&folio[1]); ext4_journal_stop(ext4_journal_start(&inode, EXT4_HT_INODE, 1)); folio_unlock(&folio[1]);',
    'RL-HANDLE-ORDER',
  ],
  ['the orphan list changes without a handle', 'ext4_orphan_add(NULL, &inode);', 'RL-ORPHAN-LOCK'],
  [
    'the orphan list changes without i_rwsem',
    'inode_unlock(&inode); handle_t *h = ext4_journal_start(&inode, EXT4_HT_INODE, 1); ext4_orphan_add(h, &inode); ext4_journal_stop(h); inode_lock(&inode);',
    'RL-ORPHAN-LOCK',
  ],
  [
    'i_size changes under a shared i_rwsem',
    'inode_unlock(&inode); inode_lock_shared(&inode); i_size_write(&inode, 1); inode_unlock_shared(&inode); inode_lock(&inode);',
    'RL-SIZE-LOCK',
  ],
];

/** The same things, done as they should be. */
const RIGHT: readonly (readonly [what: string, code: string])[] = [
  [
    'i_data_sem inside a handle, and a spinlock inside that',
    'handle_t *h = ext4_journal_start(&inode, EXT4_HT_INODE, 1); down_write(&inode.ext4.i_data_sem); spin_lock(&inode.i_lock); spin_unlock(&inode.i_lock); up_write(&inode.ext4.i_data_sem); ext4_journal_stop(h);',
  ],
  [
    'i_rwsem that is only tried, under i_data_sem',
    'down_write(&inode.ext4.i_data_sem); if (down_read_trylock(&inode.i_rwsem)) inode_unlock_shared(&inode); up_write(&inode.ext4.i_data_sem);',
  ],
  [
    'a synchronous handle that is stopped after the folio was unlocked, and one inside another',
    'handle_t *h = ext4_journal_start(&inode, EXT4_HT_INODE, 1); h->h_sync = true; ext4_journal_stop(h);',
  ],
  [
    'a nested start under a folio lock',
    'inode.ext4.i_state_flags = 0; handle_t *h = ext4_journal_start(&inode, EXT4_HT_INODE, 1); folio_lock(&folio[1]); ext4_journal_stop(ext4_journal_start(&inode, EXT4_HT_INODE, 1)); folio_unlock(&folio[1]); ext4_journal_stop(h);',
  ],
  [
    'the orphan list under i_rwsem with a handle, and of an inode that is going away',
    'handle_t *h = ext4_journal_start(&inode, EXT4_HT_INODE, 1); ext4_orphan_add(h, &inode); ext4_orphan_del(h, &inode); inode_unlock(&inode); inode.i_state = I_FREEING; ext4_orphan_del(h, &inode); inode.i_state = 0; ext4_journal_stop(h); inode_lock(&inode);',
  ],
];

/** What R10 with a fix, and this code in its thread, finds. */
async function withCode(code: string): Promise<readonly string[]> {
  const from = '\text4_setattr(&inode, &attr);\n';
  const kernel = await mutant({ file: 'scenarios/R10.c', from, to: `\t{ ${code} }\n${from}` });
  const { witnesses, complete } = run(kernel, 'R10', { on: ['pending'], profile: '7.1' });
  expect(complete).toBe(true);
  return witnesses.map((w) => w.key.rule ?? w.key.property);
}

describe('what a task holds is looked at in every run', { timeout: 120_000 }, () => {
  it.each(UNDER_I_RWSEM)('%s', async (_, code, found) => {
    expect(await withCode(code)).toContain(found);
  });

  it.each(RIGHT)('%s: nothing is found', async (_, code) => {
    expect(await withCode(code)).toEqual([]);
  });
});

describe('a rule of the kernel is checked in every run', { timeout: 120_000 }, () => {
  it.each(CASES)('$what', async ({ race, on, rule, ...mutation }) => {
    expect(run(await modelKernel(), race, { on }).verdict).toBe('none');
    const found = run(await mutant(mutation), race, { on });
    expect(found.witnesses.map((w) => w.key.rule)).toContain(rule);
  });
});
