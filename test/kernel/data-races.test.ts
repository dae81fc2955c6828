/**
 * Writeback, page cache, truncate and reservations: race × fix, with the verdicts of the discussion
 * that each scenario names.
 */
import { describe, expect, it } from 'vitest';
import { modelKernel, run } from './support.js';
import { testTable } from './table.js';

const UNPAID = 'found invariant';

testTable({
  R6: [
    ['', UNPAID],
    ['9a9ce46904bd', 'none'],
    ['open-coded', 'none'],
    ['one-folio', 'none'],
    ['first-block', UNPAID],
  ],
});

describe('R6', { timeout: 60_000 }, () => {
  it('is one broken invariant: two blocks are allocated that nobody has paid for', async () => {
    const { witnesses } = run(await modelKernel(), 'R6');
    expect(witnesses.map((w) => w.key.id)).toEqual([
      'invariant: charged blocks are the allocated ones: up_write',
    ]);
  });
});
