/**
 * Bugs seeded into Linux 6.1, by pattern, in memory: each is found on its line, and nothing else is.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Analyzer } from '../../server/analysis/index.js';
import { KernelDocument } from '../../server/analysis/kernel-document.js';
import { readAssets } from '../../server/assets.js';
import { JUDGED_TREE } from '../support/kernel-tree.js';
import { record } from './record.js';

const TREE = JUDGED_TREE ?? '';
const INODE = 'fs/ext4/inode.c';

interface Mutant {
  readonly kind: string;
  readonly file: string;
  /** First place below this text. */
  readonly after: string;
  readonly find: RegExp;
  readonly put: string;
  readonly rule: string;
  readonly says: RegExp;
  /** Text of the line that the finding is on. */
  readonly on: string;
  /** A rule that callers of the function break then. */
  readonly also?: string;
}

const MUTANTS: readonly Mutant[] = [
  {
    ...{ kind: 'rwsem left held on an error path', file: INODE, after: 'int ext4_punch_hole(' },
    ...{ find: /\n\t*up_write\(&EXT4_I\(inode\)->i_data_sem\);(\n\t*goto )/, put: '$1' },
    ...{ rule: 'RL-LEFT-HELD', says: /i_data_sem.* still held/, on: 'return ret;' },
  },
  {
    ...{ kind: 'spinlock left held on an error path', file: INODE },
    after: 'int ext4_da_reserve_space(',
    ...{ find: /\n\t*spin_unlock\(&ei->i_block_reservation_lock\);(\n\t*dquot_rel)/, put: '$1' },
    ...{ rule: 'RL-LEFT-HELD', says: /i_block_reservation_lock.* still held/ },
    on: 'return -ENOSPC;',
  },
  {
    ...{ kind: 'allocation that sleeps under a spinlock', file: INODE },
    after: 'int ext4_da_reserve_space(',
    ...{
      find: /(spin_lock\(&ei->i_block_reservation_lock\);\n)/,
      put: '$1\tkmalloc(16, GFP_KERNEL);\n',
    },
    ...{
      rule: 'RL-SLEEP-ATOMIC',
      says: /kmalloc sleeps.*i_block_reservation_lock/,
      on: 'kmalloc(16',
    },
  },
  {
    ...{ kind: 'flush under a spinlock', file: INODE, after: 'int ext4_da_reserve_space(' },
    find: /(spin_lock\(&ei->i_block_reservation_lock\);\n)/,
    put: '$1\tfilemap_write_and_wait(inode->i_mapping);\n',
    ...{ rule: 'RL-SLEEP-ATOMIC', says: /i_block_reservation_lock/, on: 'filemap_write_and_wait(' },
    also: 'RL-WB-HANDLE',
  },
  {
    ...{ kind: 'flush under a handle', file: INODE, after: 'int ext4_truncate(' },
    find: /(ext4_journal_start\(inode, EXT4_HT_TRUNCATE, credits\);[^}]*}\n)/,
    put: '$1\tfilemap_write_and_wait(mapping);\n',
    ...{ rule: 'RL-WB-HANDLE', says: /writeback/, on: 'filemap_write_and_wait(' },
  },
  {
    ...{ kind: 'two locks in the other order', file: INODE, after: 'int ext4_truncate(' },
    find: /(down_write\(&EXT4_I\(inode\)->i_data_sem\);\n)/,
    put: '$1\tinode_lock(inode);\n\tinode_unlock(inode);\n',
    ...{ rule: 'RL-LOCK-ORDER', says: /i_rwsem.* under .*i_data_sem/, on: 'inode_lock(inode);' },
  },
  {
    ...{ kind: 'handle leaked on an error path', file: INODE, after: 'int ext4_truncate(' },
    ...{
      find: /(ext4_orphan_add\(handle, inode\);\n\tif \(err\)\n\t\t)goto \w+;/,
      put: '$1return err;',
    },
    ...{ rule: 'RL-LEFT-HELD', says: /handle/, on: 'return err;' },
  },
  {
    ...{ kind: 'lock taken twice on a branch', file: INODE, after: 'int ext4_punch_hole(' },
    ...{
      find: /(\tinode_lock\(inode\);\n)/,
      put: '$1\tif (length > offset)\n\t\tinode_lock(inode) ;\n',
    },
    ...{ rule: 'RL-TAKEN-TWICE', says: /i_rwsem.* again/, on: 'inode_lock(inode) ;' },
  },
  {
    ...{ kind: 'mutex left held on an error path', file: 'fs/btrfs/volumes.c' },
    after: 'int btrfs_run_dev_stats(',
    ...{ find: /(mutex_lock\(&fs_devices->device_list_mutex\);\n)/ },
    put: '$1\tif (!trans)\n\t\treturn -EINVAL;\n',
    ...{ rule: 'RL-LEFT-HELD', says: /device_list_mutex.* still held/, on: 'return -EINVAL;' },
  },
  {
    ...{
      kind: 'spinlock slept under',
      file: 'fs/xfs/xfs_trans_ail.c',
      after: 'xfs_ail_push_all_sync(',
    },
    ...{ find: /(spin_lock\(&ailp->ail_lock\);\n)/, put: '$1\tmsleep(1);\n' },
    ...{ rule: 'RL-SLEEP-ATOMIC', says: /ail_lock/, on: 'msleep(1);' },
  },
];

function mutate(text: string, m: Mutant): string {
  const from = text.indexOf(m.after);
  const changed = text.slice(from).replace(m.find, m.put);
  if (from < 0 || changed === text.slice(from)) throw new Error(`no place for: ${m.kind}`);
  return text.slice(0, from) + changed;
}

describe.runIf(JUDGED_TREE !== undefined)('seeded bugs', { timeout: 900_000 }, () => {
  test('each is found on its line, and nothing else', async () => {
    const { kernel, parser } = await Analyzer.create(readAssets());
    const missed: string[] = [];
    for (const m of MUTANTS) {
      const text = mutate(readFileSync(join(TREE, m.file), 'latin1'), m);
      const lines = text.split('\n');
      const { findings } = new KernelDocument(kernel, parser, m.file).check(text);
      const shown = findings.map(
        (f) => `${f.at.line + 1}: ${f.rule} ${f.message} | ${lines[f.at.line]?.trim() ?? ''}`,
      );
      const right = findings.filter(
        (f) =>
          f.rule === m.rule && m.says.test(f.message) && lines[f.at.line]?.includes(m.on) === true,
      );
      const others = findings.filter((f) => !right.includes(f) && f.rule !== m.also);
      if (right.length !== 1 || others.length > 0)
        missed.push(`${m.kind} in ${m.file}: ${shown.join('; ') || 'nothing'}`);
    }
    record('mutants', `seeded bugs: ${MUTANTS.length - missed.length} of ${MUTANTS.length} found`);
    expect(missed).toEqual([]);
  });
});
