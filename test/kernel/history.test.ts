/** Races of the kernel's past: with and without the fix that closed them. */
import { testMutations, testTable } from './table.js';

const DEADLOCK = 'found deadlock';
/** A block that is freed is written, through a mapping that is over. */
const WRITTEN_FREED = 'found assert, invariant';

testTable({
  C1: [
    ['', DEADLOCK],
    ['646caa9c8e19', 'none'],
    ['ordered-wait', DEADLOCK],
    ['dioread_nolock', 'none'],
    ['646caa9c8e19 ordered-wait', 'none'],
  ],
  C2: [
    ['', DEADLOCK],
    ['6b523df4fb5a', 'none'],
  ],
  C3: [
    ['', DEADLOCK],
    ['47564bfb95bf', DEADLOCK],
    ['6b523df4fb5a', 'none'],
    ['no-stable-pages', 'none'],
    ['47564bfb95bf 6b523df4fb5a', 'none'],
  ],
  C6: [
    ['', 'found final'],
    ['ea3d7209ca01', 'none'],
  ],
  C16: [
    ['', DEADLOCK],
    ['00d873c17e29', 'none'],
  ],
  C17: [
    ['', 'found assert'],
    ['c8585c6fcaf2', 'none'],
  ],
  C7: [
    ['', 'found final'],
    ['011278485ecc', 'none'],
  ],
  C10: [
    ['', WRITTEN_FREED],
    ['d9252d526ba6', 'none'],
  ],
  C19: [
    ['', DEADLOCK],
    ['981fcc5674e6', 'none'],
  ],
  U4: [
    ['', 'found final'],
    ['730633f0b7f9', 'none'],
  ],
  U5: [
    ['', 'found crash'],
    ['disksize-before-punch', 'none'],
  ],
  U1: [
    ['', 'found use-after-free'],
    ['cc16eecae687', 'none'],
  ],
  U2: [
    ['', 'found free-in-use, use-after-free'],
    ['ceff86fddae8', 'none'],
  ],
  U3: [
    ['', 'found final'],
    ['acf795dc161f', 'none'],
  ],
});

testMutations([
  {
    what: 'the commit does not wait for ordered data',
    file: 'jbd2.c',
    from: '\tfilemap_fdatawait_range(commit_transaction->t_inode_list->i_mapping, 0,\n\t\t\t\tNR_FOLIOS * PAGE_SIZE - 1);\n',
    to: '',
    race: 'C1',
    on: [],
    verdicts: [DEADLOCK, 'none'],
  },
  {
    what: 'the bio is submitted after the stop, also of a synchronous handle',
    file: 'ext4-bh-writeback.c',
    from: '\tif (!late)\n\t\text4_journal_stop(handle);\n',
    to: '\text4_journal_stop(handle);\n\tlate = false;\n',
    race: 'C1',
    on: ['646caa9c8e19'],
    verdicts: ['none', DEADLOCK],
  },
  {
    what: 'writeback of a folio ends before its block is converted',
    file: 'ext4-bh-writeback.c',
    from: '\t\text4_convert_unwritten_io_end_vec(io_end->io_handle, io_end);\n\t\tiomap_finish_ioend(io_end);\n',
    to: '\t\tbio_finish_folios(&io_end->io_bio);\n\t\text4_convert_unwritten_io_end_vec(io_end->io_handle, io_end);\n\t\t__free(io_end);\n',
    race: 'C2',
    on: [],
    verdicts: [DEADLOCK, 'none'],
  },
  {
    what: 'a locked transaction takes no reserved handle either',
    file: 'jbd2.c',
    from: ' ||\n\t\t       handle->h_reserved,\n',
    to: ',\n',
    race: 'C2',
    on: ['6b523df4fb5a'],
    verdicts: ['none', DEADLOCK],
  },
  {
    what: 'a folio that was dropped meanwhile is written into',
    file: 'ext4-write.c',
    from: 'if ((*foliop)->mapping != mapping) {',
    to: 'if (0) {',
    race: 'C3',
    on: ['47564bfb95bf', '6b523df4fb5a'],
    verdicts: ['none', 'found final'],
  },
  {
    what: 'handles are kept out before writeback is',
    file: 'ext4-journal-mode.c',
    from: '\talloc_ctx = ext4_writepages_down_write(inode->i_sb);\n\tjbd2_journal_lock_updates(journal);\n',
    to: '\tjbd2_journal_lock_updates(journal);\n\talloc_ctx = ext4_writepages_down_write(inode->i_sb);\n',
    race: 'C17',
    on: ['c8585c6fcaf2'],
    verdicts: ['none', DEADLOCK],
  },
  {
    what: 'a reader looks for delayed blocks and caches its hole in one step',
    file: 'ext4.c',
    from: '\t\t\tdelayed |= ei->es[b] == EXTENT_STATUS_DELAYED;\n\t}\n',
    to: '\t\t\tdelayed |= ei->es[b] == EXTENT_STATUS_DELAYED;\n\t\tif (!delayed)\n\t\t\tei->es[lblk] = EXTENT_STATUS_HOLE;\n\t}\n\treturn;\n',
    race: 'U3',
    on: [],
    verdicts: ['found final', 'none'],
  },
  {
    what: 'a hole that ends at the end of the file is left alone',
    file: 'ext4-zero.c',
    from: '|| offset + len < size) {',
    to: '|| offset + len <= size) {',
    race: 'C7',
    on: ['011278485ecc'],
    verdicts: ['none', 'found final'],
  },
  {
    what: 'truncate does not count as a change of the mapping',
    file: 'ext4-extents.c',
    from: '\t\tei->i_es_seq++;\n',
    to: '',
    race: 'C10',
    on: ['d9252d526ba6'],
    verdicts: ['none', WRITTEN_FREED],
  },
  {
    what: 'the lookup of the alias does not sleep',
    file: 'buffer.c',
    from: '!__since("f76d4c28a46a", "2025-05-25")',
    to: 'true',
    race: 'C19',
    on: [],
    verdicts: [DEADLOCK, 'none'],
  },
  {
    what: 'writeback of the device locks only dirty buffers',
    file: 'buffer.c',
    from: '\t\tlock_buffer(bh);\n\t\t/* test',
    to: '\t\tif (!bh->b_dirty)\n\t\t\tcontinue;\n\t\tlock_buffer(bh);\n\t\t/* test',
    race: 'C19',
    on: [],
    verdicts: [DEADLOCK, 'none'],
  },
  {
    what: 'the last handle wakes nobody',
    file: 'jbd2.c',
    from: '\t\t\t\twake_up(&handle->h_journal->j_wait_updates);\n',
    to: '\t\t\t\thandle->h_sync = false;\n',
    race: 'U1',
    on: ['cc16eecae687'],
    verdicts: ['none', DEADLOCK],
  },
  {
    what: 'the commit gives the buffer to writeback when it has dropped b_state_lock',
    file: 'buffer.c',
    from: '\t__jbd2_journal_unfile_buffer(bh);\n\tspin_unlock(&bh->b_state_lock);\n',
    to: '\tspin_unlock(&bh->b_state_lock);\n\t__jbd2_journal_unfile_buffer(bh);\n',
    race: 'U2',
    on: ['ceff86fddae8'],
    verdicts: ['none', 'found free-in-use, use-after-free'],
  },
]);
