/**
 * Choices of the model that would be wrong the other way round: the hazards of modelling that the facts number
 * from 1 to 22. Each is reversed in the model's own C, and the verdict of some scenario changes. What is no
 * choice of the model has a test of another kind, and what is not there says why.
 */
import { describe, expect, it } from 'vitest';
import { ModelKernel, NO_SWITCHES } from '../../server/analysis/model.js';
import { runScenario } from '../../server/analysis/run.js';
import * as own from './hazard-scenarios.js';
import { changed, modelKernel, mutant, parser, run, type Mutation } from './support.js';

interface Hazard {
  readonly hazard: number;
  /** The other choice. */
  readonly what: string;
  readonly changes: readonly Mutation[];
  /** A scenario of the model, or the text of one that shows just this. */
  readonly race: string;
  readonly on: string;
  /** With the model as it is, and with the other choice. */
  readonly verdicts: readonly [string, string];
}

const HAZARDS: readonly Hazard[] = [
  {
    hazard: 1,
    what: 'a nested start reserves what it asks for',
    changes: [
      {
        file: 'jbd2.c',
        from: '\t\t\thandle->h_ref++;\n',
        to: '\t\t\thandle->h_ref++;\n\t\t\thandle->h_rsv_handle = new_handle(journal, true);\n',
      },
    ],
    race: 'R1',
    on: 'reserved-nested',
    verdicts: ['found deadlock', 'none'],
  },
  {
    hazard: 2,
    what: 'an item that executes cannot be queued: a wake-up is lost',
    changes: [
      {
        file: 'workqueue.c',
        from: 'if (work->pending)',
        to: 'if (work->pending || work_executes(wq, work))',
      },
    ],
    race: 'R8',
    on: 'straddle',
    verdicts: ['none', 'found final'],
  },
  {
    hazard: 2,
    what: 'PENDING is cleared after the function: a wake-up is lost',
    changes: [
      {
        file: 'workqueue.c',
        from: '\t\twork->pending = false;\n\t\tif (wq->workers)\n\t\t\twq->current_work[worker] = work;\n\t}\n\tif (completes_io(wq))\n\t\t__acquire(work, "I/O completion");\n\telse\n\t\t__acquire(work, "work item");\n\t/* The function may free its item. */\n\twork->func(work);\n',
        to: '\t\tif (wq->workers)\n\t\t\twq->current_work[worker] = work;\n\t}\n\tif (completes_io(wq))\n\t\t__acquire(work, "I/O completion");\n\telse\n\t\t__acquire(work, "work item");\n\t/* The function may free its item. */\n\twork->func(work);\n\twork->pending = false;\n',
      },
    ],
    race: 'R8',
    on: 'straddle',
    verdicts: ['none', 'found final'],
  },
  {
    hazard: 3,
    what: 'the end of an ioend is the end of its blocks',
    changes: [
      {
        file: 'iomap-writeback.c',
        from: '\t\tif (ioend->io_offset + ioend->io_size > end_pos)\n\t\t\tioend->io_size = end_pos - ioend->io_offset;\n',
        to: '',
      },
    ],
    race: own.GROWN_IN_BLOCK,
    on: 'min-end',
    verdicts: ['found final', 'none'],
  },
  {
    hazard: 4,
    what: 'the device reads the page when the bio is submitted',
    changes: [
      {
        file: 'block.c',
        from: '\t\tbio->bi_next = NULL;\n',
        to: '\t\tdisk_transfer(bio);\n\t\tbio->bi_next = NULL;\n',
      },
      {
        file: 'block.c',
        from: '\t\tdisk_queue = bio->bi_next;\n\t\tdisk_transfer(bio);\n',
        to: '\t\tdisk_queue = bio->bi_next;\n',
      },
    ],
    race: 'R10b',
    on: '',
    verdicts: ['found crash', 'none'],
  },
  {
    hazard: 5,
    what: 'the test for dirty pages looks at blocks instead of folios',
    changes: [
      {
        file: 'mm.c',
        from: 'folio && (folio->dirty || folio->locked || folio->writeback)',
        to: 'folio && (folio->bdirty & BIT(start_byte >> BLKBITS))',
      },
    ],
    race: 'R3',
    on: '',
    verdicts: ['found deadlock', 'none'],
  },
  {
    hazard: 5,
    what: 'folios that are locked or under writeback are not looked for',
    changes: [
      {
        file: 'mm.c',
        from: 'if (folio && (folio->locked || folio->dirty || folio->writeback))',
        to: 'if (folio && folio->dirty)',
      },
    ],
    race: 'R5',
    on: 'lookup-lock',
    verdicts: ['none', 'found final'],
  },
  {
    hazard: 6,
    what: 'truncate dirties the folio that it cuts',
    changes: [
      {
        file: 'mm-truncate.c',
        from: '\tfolio_zero_range(folio, offset, last - offset + 1);\n',
        to: '\tfolio_zero_range(folio, offset, last - offset + 1);\n\tfilemap_dirty_folio(folio->mapping, folio);\n',
      },
    ],
    race: own.CUT_IN_BLOCK,
    on: '',
    verdicts: ['none', 'found final'],
  },
  {
    hazard: 6,
    what: 'pagecache_isize_extended() dirties a folio that nobody could write',
    changes: [
      {
        file: 'mm-fault.c',
        from: '\tif (folio_mkclean(folio))\n\t\tfolio_mark_dirty(folio);\n\n\t/* Stores behind',
        to: '\tfolio_mkclean(folio);\n\tfolio_mark_dirty(folio);\n\n\t/* Stores behind',
      },
    ],
    race: own.GROWN_CLEAN,
    on: '',
    verdicts: ['none', 'found final'],
  },
  {
    hazard: 7,
    what: 'direct I/O is over before its page cache is dropped',
    changes: [
      {
        file: 'iomap-dio.c',
        from: '\tif (!error && size && (flags & IOMAP_DIO_WRITE) &&',
        to: '\tinode_dio_end(file_inode(iocb->ki_filp));\n\tif (!error && size && (flags & IOMAP_DIO_WRITE) &&',
      },
      {
        file: 'iomap-dio.c',
        from: '\t\tkiocb_invalidate_post_direct_write(iocb, size);\n\n\tinode_dio_end(file_inode(iocb->ki_filp));\n',
        to: '\t\tkiocb_invalidate_post_direct_write(iocb, size);\n',
      },
    ],
    race: 'R11',
    on: '15cdefd0c052',
    verdicts: ['none', 'found invariant'],
  },
  {
    hazard: 8,
    what: 'a handle starts when the commit has ended',
    changes: [
      {
        file: 'jbd2.c',
        from: '\t\t\t(!journal->j_running_transaction ||\n',
        to: '\t\t\t!journal->j_committing_transaction &&\n\t\t\t(!journal->j_running_transaction ||\n',
      },
    ],
    race: own.ORDERED_FOLIO,
    on: '',
    verdicts: ['none', 'found deadlock'],
  },
  {
    hazard: 9,
    what: 'writeback ends, and then the extent is converted',
    changes: [
      {
        file: 'ext4-writeback.c',
        from: '\tif (failed)\n\t\tgoto out;\n',
        to: '\tbio_finish_folios(&ioend->io_bio);\n\tif (failed)\n\t\tgoto out;\n',
      },
      {
        file: 'ext4-writeback.c',
        from: '\tiomap_finish_ioend(ioend);\n',
        to: '\t__free(ioend);\n',
      },
    ],
    race: 'R5',
    on: 'lookup-lock',
    verdicts: ['none', 'found final'],
  },
  {
    hazard: 10,
    what: 'a fault and its store dirty only the first block',
    changes: [
      {
        file: 'mm-fault.c',
        from: '\t\tfolio->bdirty = BIT(PAGE_SIZE >> BLKBITS) - 1;\n',
        to: '\t\tfolio->bdirty |= 1;\n',
      },
    ],
    race: 'R7',
    on: 'isize-extended',
    verdicts: ['found assert', 'found final'],
  },
  {
    hazard: 11,
    what: 'the entry is made writable after the folio is unlocked',
    changes: [
      {
        file: 'mm-fault.c',
        from: '\t/* The page table lock. */\n',
        to: '\tfolio_unlock(vmf->folio);\n\tfolio_lock(vmf->folio);\n',
      },
    ],
    race: 'R12',
    on: 'isize-extended',
    verdicts: ['none', 'found final'],
  },
  {
    hazard: 12,
    what: 'the commit record does not flush the cache of the disk',
    changes: [{ file: 'jbd2.c', from: '\t\t__flush();\n', to: '' }],
    race: 'R10',
    on: 'write-tail-first',
    verdicts: ['none', 'found crash'],
  },
  {
    hazard: 13,
    what: 'a mapping is looked at again where the batch has no folio',
    changes: [
      {
        file: 'iomap.c',
        from: '\tif (!folio)\n\t\treturn 0;\n\n\tif (write_ops',
        to: '\tif (!folio) {\n\t\tif (!write_ops->iomap_valid(iter->inode, &iter->iomap))\n\t\t\titer->iomap.flags |= IOMAP_F_STALE;\n\t\treturn 0;\n\t}\n\n\tif (write_ops',
      },
    ],
    race: 'R5',
    on: '',
    verdicts: ['found final', 'none'],
  },
  {
    hazard: 13,
    what: 'an empty batch is none',
    changes: [
      {
        file: 'iomap.c',
        from: 'if (__fix("batch-if-found") && !iter->fbatch->nr)',
        to: 'if (!iter->fbatch->nr)',
      },
    ],
    race: 'R4',
    on: 'outside',
    verdicts: ['found final', 'none'],
  },
  {
    hazard: 14,
    what: 'truncate does not wait for the folios that it removes',
    changes: [
      {
        file: 'mm-truncate.c',
        from: '\t\tfolio_wait_writeback(folio);\n\t\tif (JOURNALLED_DATA)',
        to: '\t\tif (JOURNALLED_DATA)',
      },
    ],
    race: 'C10',
    on: 'd9252d526ba6',
    verdicts: ['none', 'found assert, invariant, null-dereference'],
  },
  {
    hazard: 14,
    what: 'truncate keeps the folio locked that stays',
    changes: [
      {
        file: 'ext4-truncate.c',
        from: '\ttruncate_pagecache(inode, newsize);\n\treturn ext4_truncate(inode);\n',
        to: '\tfolio_lock(&folio[0]);\n\ttruncate_pagecache(inode, newsize);\n\terror = ext4_truncate(inode);\n\tfolio_unlock(&folio[0]);\n\treturn error;\n',
      },
    ],
    race: 'R6',
    on: '',
    verdicts: ['found assert, invariant', 'none'],
  },
  {
    hazard: 15,
    what: 'i_size changes after i_data_sem was dropped',
    changes: [
      {
        file: 'ext4-disksize.c',
        from: '\tif (!__fix("one-lock"))\n\t\ti_size_write(inode, newsize);\n\tup_write(&ei->i_data_sem);\n',
        to: '\tup_write(&ei->i_data_sem);\n\tif (!__fix("one-lock"))\n\t\ti_size_write(inode, newsize);\n',
      },
    ],
    race: 'R9',
    on: 'query-locked',
    verdicts: ['none', 'found final'],
  },
  {
    hazard: 16,
    what: 'a writer that waits lets new readers pass',
    changes: [
      {
        file: 'types.c',
        from: '#define RWSEM_WRITER_PREFERRED 1',
        to: '#define RWSEM_WRITER_PREFERRED 0',
      },
    ],
    race: 'C16',
    on: '',
    verdicts: ['found deadlock', 'none'],
  },
  {
    hazard: 18,
    what: 'an open handle does not keep reclaim out of the file system',
    changes: [
      {
        file: 'jbd2.c',
        from: '\t\t\thandle->saved_alloc_context = memalloc_nofs_save();\n',
        to: '\t\t\thandle->saved_alloc_context = false;\n',
      },
    ],
    race: own.RECLAIM_IN_HANDLE,
    on: '',
    verdicts: ['none', 'found assert'],
  },
  {
    hazard: 19,
    what: 'an error that was reported stays for the file',
    changes: [{ file: 'mm-invalidate.c', from: '\t\t\t*since = *eseq;\n', to: '' }],
    race: own.TWO_FILES,
    on: '',
    verdicts: ['none', 'found final'],
  },
  {
    hazard: 21,
    what: 'folios of all inodes come behind the handle',
    changes: [
      {
        file: 'ext4.c',
        from: 'CHECK_HANDLE_ORDER && !ext4_test_inode_state(inode, EXT4_STATE_BUFFERED_IOMAP)',
        to: 'CHECK_HANDLE_ORDER',
      },
    ],
    race: 'R6',
    on: '9a9ce46904bd',
    verdicts: ['none', 'found assert'],
  },
  {
    hazard: 22,
    what: 'a worker without work counts as waiting',
    changes: [
      {
        file: 'workqueue.c',
        from: '__idle(next_work(wq) != NULL);',
        to: '__wait(next_work(wq) != NULL, "work");',
      },
    ],
    race: 'R1',
    on: 'batch',
    verdicts: ['none', 'found deadlock'],
  },
];

/** What is no choice of the model, or not there. */
const OTHERS: ReadonlyMap<number, string> = new Map([
  [17, 'no function restarts a handle: truncate is one handle, and holds i_data_sem throughout'],
  [20, 'a run that goes on for ever is told as such, below'],
]);

describe('a hazard of modelling', { timeout: 240_000 }, () => {
  it.each(HAZARDS)('$hazard: $what', async ({ changes, race, on, verdicts }) => {
    const isText = race.includes('__scenario(');
    const id = isText ? 'T' : race;
    const extra = isText ? [{ name: 'scenarios/T.c', text: race }] : [];
    const asked = { on: on.split(' ').filter((s) => s !== '') };
    const before = new ModelKernel(await parser(), [...changed([]), ...extra]);
    const after = new ModelKernel(await parser(), [...changed(changes), ...extra]);
    expect([run(before, id, asked).verdict, run(after, id, asked).verdict]).toEqual(verdicts);
  });

  it('has all 22, by a reversed choice or by a reason', () => {
    const there = new Set([...HAZARDS.map((h) => h.hazard), ...OTHERS.keys()]);
    expect([...there].sort((a, b) => a - b)).toEqual(Array.from({ length: 22 }, (_, i) => i + 1));
  });

  it('20: a retry that never ends is not taken for a run without a finding', async () => {
    const verdict = (kernel: ModelKernel): string => {
      const scenario = kernel.scenario('R6');
      if (!scenario) throw new Error('no R6');
      const switches = { ...NO_SWITCHES, on: new Set(['9a9ce46904bd', ...scenario.switches.on]) };
      const config = { scenario, profile: kernel.latest, switches, patch: [], base: '' };
      const budget = { states: 500_000, expired: () => false };
      return runScenario(kernel, kernel.table, config, budget).verdict.kind;
    };
    const from = 'return map->m_seq != ei->i_es_seq;';
    const endless = await mutant({ file: 'ext4.c', from, to: 'return true;' });
    expect(verdict(await modelKernel())).toBe('none');
    expect(verdict(endless)).not.toBe('none');
  });
});
