/** Races of the kernel's past: with and without the fix that closed them. */
import { testMutations, testTable } from './table.js';

const DEADLOCK = 'found deadlock';

testTable({
  C7: [
    ['', 'found final'],
    ['011278485ecc', 'none'],
  ],
  C10: [
    ['', 'found invariant'],
    ['d9252d526ba6', 'none'],
  ],
  C19: [
    ['', DEADLOCK],
    ['981fcc5674e6', 'none'],
  ],
  U1: [
    ['', 'found use-after-free'],
    ['cc16eecae687', 'none'],
  ],
  U2: [
    ['', 'found free-in-use, use-after-free'],
    ['ceff86fddae8', 'none'],
  ],
});

testMutations([
  {
    what: 'a hole that ends at the end of the file is left alone',
    file: 'ext4-zero.c',
    from: 'offset + len < size)',
    to: 'offset + len <= size)',
    race: 'C7',
    on: ['011278485ecc'],
    verdicts: ['none', 'found final'],
  },
  {
    what: 'truncate does not count as a change of the mapping',
    file: 'ext4.c',
    from: '\t\tei->i_es_seq++;\n',
    to: '',
    race: 'C10',
    on: ['d9252d526ba6'],
    verdicts: ['none', 'found invariant'],
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
