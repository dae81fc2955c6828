/**
 * Writeback, page cache, truncate and reservations: race × fix, with the verdicts of the discussion
 * that each scenario names; and the lines of the model that they rest on.
 */
import { describe, expect, it } from 'vitest';
import { traceText } from '../../server/report/trace-text.js';
import { modelKernel, traces } from './support.js';
import { testMutations, testTable } from './table.js';

const DEADLOCK = 'found deadlock';
const UNPAID = 'found invariant';
/** With the rule that was broken before. */
const STALE = 'found assert, invariant';
const IN_WORKER = 'found assert, deadlock';
const UNRESERVED = 'found assert';
const LOST = 'found final';

testTable({
  R4: [
    ['', LOST],
    ['dirty-per-mapping', LOST],
    ['outside', LOST],
    ['batch-if-found', DEADLOCK],
    ['outside batch-if-found', 'none'],
    ['lookup-lock', 'none'],
    ['seq-check', 'none'],
  ],
  R6: [
    ['', STALE],
    ['9a9ce46904bd', 'none'],
    ['open-coded', 'none'],
    ['one-folio', 'none'],
    ['lock-extent', 'none'],
    ['first-block', STALE],
  ],
  R7: [
    ['', UNRESERVED],
    ['isize-extended', UNRESERVED],
    ['a88a4ccb5d8c', LOST],
    ['open-coded', LOST],
    ['isize-extended a88a4ccb5d8c', 'none'],
    ['isize-extended open-coded', 'none'],
  ],
  R8: [
    ['', IN_WORKER],
    ['irq-wakeup', 'none'],
    ['straddle', 'none'],
    ['work-per-ioend', 'none'],
    ['b9dc57ecc8a5', 'none'],
  ],
  R12: [
    ['', LOST],
    ['isize-extended', 'none'],
    ['ed61378b4dc6', LOST],
    ['isize-extended ed61378b4dc6', 'none'],
    ['8787d53c6c84', UNRESERVED],
    ['isize-extended 8787d53c6c84', UNRESERVED],
  ],
  C5: [
    ['', LOST],
    ['isize-extended', 'none'],
  ],
  C8: [
    ['', UNPAID],
    ['0ea6560abb3b', 'none'],
  ],
});

testMutations([
  {
    what: 'an insertion reclaims no reservation',
    file: 'ext4-extents.c',
    from: '\t\text4_da_update_reserve_space(inode, resv_used, delalloc_reserve_used);\n',
    to: '\t\treturn;\n',
    race: 'R6',
    on: ['9a9ce46904bd'],
    verdicts: ['none', UNPAID],
  },
  {
    what: 'pagecache_isize_extended() leaves the write permission',
    file: 'mm-fault.c',
    from: '\tif (folio_mkclean(folio))\n\t\tfolio_mark_dirty(folio);\n\n\t/* Stores behind',
    to: '\t/* Stores behind',
    race: 'C5',
    on: ['isize-extended'],
    verdicts: ['none', LOST],
  },
]);

/** What each thread enters, in the order of the shortest witness: `truncate: ext4_truncate`. */
async function entered(race: string): Promise<readonly string[]> {
  const [trace] = traces(await modelKernel(), race);
  const names = new Map(trace?.threads.map((t) => [t.id, t.name]));
  const inside = new Map<number, readonly string[]>();
  return (trace?.steps ?? []).flatMap((s) => {
    const shown = s.stack.findIndex((f) => f.at.uri === s.at.uri && f.at.line === s.at.line);
    const outer = s.stack.slice(0, shown + 1).map((f) => f.function);
    const before = inside.get(s.thread) ?? [];
    const differs = outer.findIndex((f, i) => f !== before[i]);
    inside.set(s.thread, outer);
    const frames = differs < 0 ? [] : outer.slice(differs);
    return [...frames, ...s.calls].map((f) => `${names.get(s.thread)}: ${f}`);
  });
}

/** The diagram, line by line, is in the witness in this order. */
async function expectDiagram(race: string, diagram: readonly string[]): Promise<void> {
  const all = await entered(race);
  let at = 0;
  const found = diagram.filter((line) => {
    const next = all.indexOf(line, at);
    if (next < 0) return false;
    at = next + 1;
    return true;
  });
  expect(found).toEqual(diagram);
}

/** What the text of the first trace says that the threads were in, without line breaks. */
async function toldOf(race: string): Promise<string> {
  const [trace] = traces(await modelKernel(), race);
  if (!trace) throw new Error('no trace');
  return traceText(trace).replace(/\s+/g, ' ');
}

describe('R6', { timeout: 60_000 }, () => {
  it('is one broken invariant, told before the rule: two blocks that nobody has paid for', async () => {
    const told = traces(await modelKernel(), 'R6');
    expect(told.map((t) => t.key.id)).toEqual([
      'invariant: charged blocks are the allocated ones: up_write',
      'assert: ext4_map_create_blocks: blocks are still what they were looked up as',
    ]);
  });

  it('goes as the diagram of the report', () =>
    expectDiagram('R6', [
      'wb: ext4_es_lookup_extent',
      'truncate: ext4_truncate_down',
      'truncate: truncate_inode_pages_range',
      'truncate: ext4_truncate',
      'truncate: ext4_es_remove_extent',
      'truncate: ext4_da_release_space',
      'wb: ext4_map_create_blocks',
      'wb: ext4_es_insert_extent',
      'wb: up_write',
    ]));

  it('names on each side what the diagram names there, in a row of its own', async () => {
    const text = await toldOf('R6');
    expect(text).toContain('ext4_map_blocks(): ext4_es_lookup_extent(), ');
    expect(text).toContain('unmap_mapping_range(), truncate_inode_pages_range(), ');
    expect(text).toContain('ext4_es_remove_extent(): ext4_es_set(), ext4_da_release_space()');
    expect(text).toContain(
      'ext4_map_blocks(): down_write(), ext4_map_create_blocks() > ext4_es_insert_extent(), up_write()',
    );
  });
});

describe('R8', { timeout: 60_000 }, () => {
  it('says of both ways what is not as reported', async () => {
    const told = traces(await modelKernel(), 'R8');
    expect(told.map((t) => t.key.rule ?? t.key.property)).toEqual([
      'deadlock',
      'deadlock',
      'RL-WB-WORKER',
    ]);
    const notes = told.map((t) => t.steps.flatMap((s) => s.notes));
    expect(notes.flat().join('\n')).toMatch(/queue_work\(\) is true/);
    expect(notes.flat().join('\n')).toMatch(/this worker's own/);
  });

  it('goes as the list of the report', () =>
    expectDiagram('R8', [
      'disk: ext4_iomap_end_bio',
      'kworker: ext4_iomap_end_io',
      'kworker: ext4_iomap_wait_tail',
      'disk: ext4_iomap_end_bio',
    ]));

  it('says where the worker stays', async () => {
    expect(await toldOf('R8')).toContain(
      'ext4_iomap_wait_tail() > filemap_fdatawait_range() > folio_wait_writeback()',
    );
  });
});

describe('R12', { timeout: 60_000 }, () => {
  it('goes as the diagram of the report', () =>
    expectDiagram('R12', [
      'extending_write: iomap_zero_range',
      'extending_write: filemap_write_and_wait_range',
      'mmap_writer: do_shared_fault',
      'mmap_writer: ext4_page_mkwrite',
      'extending_write: iomap_write_iter',
      'mmap_writer: store_instruction',
    ]));
});
