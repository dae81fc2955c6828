/**
 * When the size on disk may follow i_size (R9, R10): the table of proposals, and what it depends on.
 * The bounds have one crash at any moment and one commit.
 */
import { describe, expect, it } from 'vitest';
import { modelKernel, mutant, run, type Mutation } from './support.js';
import { testTable } from './table.js';

/** Bytes that nobody has written to the file are inside it after a crash. */
const STALE = 'found crash';
/** Nothing is dirty, and the size on disk is still the old one. */
const LOST = 'found final';

testTable({
  R9: [
    ['', LOST],
    ['query-locked', 'none'],
    ['always-defer', LOST],
  ],
  R10: [
    ['', STALE],
    ['min-end', LOST],
    ['straddle', LOST],
    ['straddle-block', LOST],
    ['one-lock', STALE],
    ['straddle one-lock', 'none'],
    ['straddle-block one-lock', 'none'],
    ['pending-written', 'none'],
    ['pending', 'none'],
    ['ordered', 'none'],
    ['write-tail-first', 'none'],
  ],
  R10b: [
    ['', STALE],
    ['straddle', STALE],
    ['one-lock', STALE],
    ['straddle one-lock', STALE],
    ['pending-written', STALE],
    ['pending', 'none'],
  ],
});

/**
 * The proposals row by row: truncate up, an append, and a second growth while the first is on its way.
 * No verdict: the first growth leaves no such state.
 */
const RULES: readonly (readonly [string, string, string, string | undefined])[] = [
  ['', STALE, STALE, STALE],
  ['min-end', LOST, STALE, 'none'],
  ['straddle', LOST, LOST, STALE],
  ['straddle one-lock', 'none', 'none', STALE],
  ['straddle-block', LOST, LOST, STALE],
  ['straddle-block one-lock', 'none', 'none', STALE],
  ['pending-written', 'none', 'none', STALE],
  ['pending-written one-lock', 'none', 'none', STALE],
  ['pending', 'none', 'none', 'none'],
  ['ordered', 'none', 'none', undefined],
  ['write-tail-first', 'none', 'none', undefined],
];

describe('i_disksize by the rule', { timeout: 120_000 }, () => {
  it.each(RULES)('"%s": truncate up %s, append %s, twice %s', async (rule, up, append, twice) => {
    const kernel = await modelKernel();
    const on = rule.split(' ').filter((w) => w !== '');
    expect(run(kernel, 'R10', { on }).verdict).toBe(up);
    expect(run(kernel, 'R10', { on: ['append', ...on] }).verdict).toBe(append);
    if (twice === undefined) return;
    const off = on.includes('straddle-block') ? [] : ['straddle-block'];
    expect(run(kernel, 'R10b', { on, off }).verdict).toBe(twice);
  });
});

interface Case extends Mutation {
  readonly what: string;
  readonly race: string;
  readonly on: string;
  readonly verdict: string;
}

/** Each of these runs is without a finding when the line stands. */
const CASES: readonly Case[] = [
  {
    what: 'the dirty tag goes with the dirty bit: a second writer passes the first one',
    file: 'mm.c',
    from: '\t\tdirty = folio->dirty;\n\t\tfolio->dirty = false;\n',
    to: '\t\tdirty = folio->dirty;\n\t\tfolio->dirty = false;\n\t\tfolio->tag_dirty = false;\n',
    race: 'R10',
    on: 'write-tail-first',
    verdict: STALE,
  },
  {
    what: 'the commit does not wait for ordered data',
    file: 'jbd2.c',
    from: '\tfilemap_fdatawait_range(commit_transaction->t_inode_list->i_mapping, 0,\n\t\t\t\tNR_FOLIOS * PAGE_SIZE - 1);\n',
    to: '',
    race: 'R10',
    on: 'ordered',
    verdict: STALE,
  },
  {
    what: 'any ioend clears the mark, also one that was built before it was set',
    file: 'ext4-disksize.c',
    from: '\t\tdone = ioend->io_grow;\n',
    to: '\t\tdone = EXT4_I(inode)->i_grow_pending;\n',
    race: 'R10b',
    on: 'pending',
    verdict: STALE,
  },
  {
    what: 'the mark is cleared by a plain store, which takes back one that is set meanwhile',
    file: 'ext4-disksize.c',
    from: '\t__atomic {\n\t\tei->i_grow_pending &= ~done;\n\t}\n',
    to: '\tei->i_grow_pending &= ~done;\n',
    race: 'R10b',
    on: 'pending',
    verdict: STALE,
  },
  {
    what: 'the completion ignores marks that are left',
    file: 'ext4-disksize.c',
    from: 'if (!ei->i_grow_pending && newsize > ei->i_disksize)',
    to: 'if (newsize > ei->i_disksize)',
    race: 'R10b',
    on: 'pending',
    verdict: STALE,
  },
  {
    what: 'the mark is looked at before i_data_sem is taken',
    file: 'ext4-disksize.c',
    from: '\tif (!__fix("query-before") || __fix("query-locked"))\n\t\tpending = ei->i_grow_pending != 0;\n',
    to: '',
    race: 'R9',
    on: 'query-locked',
    verdict: STALE,
  },
];

describe('one changed line changes the verdict', { timeout: 120_000 }, () => {
  it.each(CASES)('$what ($race)', async ({ race, on, verdict, ...mutation }) => {
    expect(run(await mutant(mutation), race, { on: [on] }).verdict).toBe(verdict);
  });
});
