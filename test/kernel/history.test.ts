/** Races of the kernel's past: with and without the fix that closed them. */
import { testTable } from './table.js';

const DEADLOCK = 'found deadlock';

testTable({
  C7: [
    ['', 'found final'],
    ['011278485ecc', 'none'],
  ],
  C19: [
    ['', DEADLOCK],
    ['981fcc5674e6', 'none'],
  ],
  U1: [
    ['', 'found use-after-free'],
    ['cc16eecae687', 'none'],
  ],
});
