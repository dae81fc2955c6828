/**
 * Writeback, page cache, truncate and reservations: race × fix, with the verdicts of the discussion
 * that each scenario names; and the lines of the model that they rest on.
 */
import { describe, expect, it } from 'vitest';
import { modelKernel, run, traces } from './support.js';
import { testMutations, testTable } from './table.js';

const DEADLOCK = 'found deadlock';
const UNPAID = 'found invariant';

testTable({
  R6: [
    ['', UNPAID],
    ['9a9ce46904bd', 'none'],
    ['open-coded', 'none'],
    ['one-folio', 'none'],
    ['lock-extent', 'none'],
    ['first-block', UNPAID],
  ],
  R8: [
    ['', DEADLOCK],
    ['irq-wakeup', 'none'],
    ['straddle', 'none'],
    ['work-per-ioend', 'none'],
    ['b9dc57ecc8a5', 'none'],
  ],
});

testMutations([
  {
    what: 'an insertion reclaims no reservation',
    file: 'ext4.c',
    from: '\t\text4_da_update_reserve_space(inode, resv_used, delalloc_reserve_used);\n',
    to: '\t\treturn;\n',
    race: 'R6',
    on: ['9a9ce46904bd'],
    verdicts: ['none', UNPAID],
  },
  {
    what: 'an item that executes cannot be queued: a wake-up is lost',
    file: 'workqueue.c',
    from: 'if (work->pending)',
    to: 'if (work->pending || work_executes(wq, work))',
    race: 'R8',
    on: ['straddle'],
    verdicts: ['none', 'found final'],
  },
  {
    what: 'PENDING is cleared after the function: a wake-up is lost',
    file: 'workqueue.c',
    from: '\t\twork->pending = false;\n\t\tif (wq->workers)\n\t\t\twq->current_work[worker] = work;\n\t}\n\t/* The function may free its item. */\n\twork->func(work);\n',
    to: '\t\tif (wq->workers)\n\t\t\twq->current_work[worker] = work;\n\t}\n\twork->func(work);\n\twork->pending = false;\n',
    race: 'R8',
    on: ['straddle'],
    verdicts: ['none', 'found final'],
  },
]);

describe('R6', { timeout: 60_000 }, () => {
  it('is one broken invariant: two blocks are allocated that nobody has paid for', async () => {
    const { witnesses } = run(await modelKernel(), 'R6');
    expect(witnesses.map((w) => w.key.id)).toEqual([
      'invariant: charged blocks are the allocated ones: up_write',
    ]);
  });
});

describe('R8', { timeout: 60_000 }, () => {
  it('says of both ways what is not as reported', async () => {
    const notes = traces(await modelKernel(), 'R8').map((t) => t.steps.flatMap((s) => s.notes));
    expect(notes).toHaveLength(2);
    expect(notes.flat().join('\n')).toMatch(/queue_work\(\) is true/);
    expect(notes.flat().join('\n')).toMatch(/this worker's own/);
  });
});
