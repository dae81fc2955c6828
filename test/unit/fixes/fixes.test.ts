import { describe, expect, it } from 'vitest';
import * as P from './patches.js';
import type { Diff } from './support.js';
import { reversed, verdicts } from './support.js';

interface Row {
  readonly name: string;
  readonly patches: readonly (readonly Diff[])[];
  readonly asked: readonly string[];
  /** What each patch does to what is asked. */
  readonly told: readonly (readonly string[])[];
}

/** The table of fixes; each with its reverse on top, which opens the race again. */
const TABLE: readonly Row[] = [
  {
    name: 'R5: lookup and fill under one lock',
    patches: [P.ONE_LOCK, reversed(P.ONE_LOCK)],
    asked: ['R5'],
    told: [['R5 fixed'], ['R5 appears']],
  },
  {
    name: 'R5: an empty batch counts only while the mapping is the same',
    patches: [P.SEQ_CHECK, reversed(P.SEQ_CHECK)],
    asked: ['R5'],
    told: [['R5 fixed'], ['R5 appears']],
  },
  {
    name: 'R6 and R7: map and allocate at once, then look again, then skip holes',
    patches: [P.MAP_AT_ONCE, P.RECHECK, P.SKIP_HOLES, reversed(P.SKIP_HOLES)],
    asked: ['R6', 'R7'],
    told: [
      ['R6 appears', 'R7 appears'],
      ['R6 fixed', 'R7 still there'],
      ['R6 absent', 'R7 fixed'],
      ['R6 absent', 'R7 appears'],
    ],
  },
  {
    name: 'R8: a wait in the worker, and none',
    patches: [P.WAIT_IN_WORKER, P.NO_WAIT_IN_WORKER],
    asked: ['R8'],
    told: [['R8 appears'], ['R8 fixed']],
  },
  {
    name: 'R9: query and update under i_data_sem, and the query before it',
    patches: [P.TRACK_PENDING, P.QUERY_FIRST, reversed(P.QUERY_FIRST)],
    asked: ['R9'],
    told: [['R9 fixed'], ['R9 appears'], ['R9 fixed']],
  },
  {
    name: 'R11: the same in a helper',
    patches: [P.DIO_WAIT_HELPER],
    asked: ['R11'],
    told: [['R11 fixed']],
  },
  {
    name: 'R11: inode_dio_wait() in every buffered write',
    patches: [P.DIO_WAIT, reversed(P.DIO_WAIT)],
    asked: ['R11'],
    told: [['R11 fixed'], ['R11 appears']],
  },
  {
    name: 'R12: pagecache_isize_extended() after the size',
    patches: [P.NO_ISIZE_EXTENDED, reversed(P.NO_ISIZE_EXTENDED)],
    asked: ['R12'],
    told: [['R12 appears'], ['R12 fixed']],
  },
  {
    name: 'R12: the same, which every version of the model has already',
    patches: [reversed(P.NO_ISIZE_EXTENDED)],
    asked: ['R12'],
    told: [['R12 fixed']],
  },
  {
    name: 'R13: completion under i_rwsem',
    patches: [P.FORCE_WAIT, reversed(P.FORCE_WAIT)],
    asked: ['R13'],
    told: [['R13 fixed'], ['R13 appears']],
  },
];

describe('the fixes that were proposed', { timeout: 240_000 }, () => {
  it.each(TABLE)('$name', async ({ patches, asked, told }) => {
    const result = await verdicts(patches, asked);
    expect(result.map((r) => r.notPlaced)).toEqual(patches.map(() => []));
    expect(result.map((r) => r.races)).toEqual(told);
  });
});
