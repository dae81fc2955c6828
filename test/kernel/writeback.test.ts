/** What writeback waits for, asked of the model by a caller that has a handle open. */
import { describe, expect, it } from 'vitest';
import { mutant, run } from './support.js';

/** Keys of the deadlocks when punch_hole makes one call under a handle, beside the flusher of R1b. */
async function deadlocksOf(call: string): Promise<string> {
  const kernel = await mutant({
    file: 'scenarios/R1b.c',
    from: '\text4_punch_hole(&file, 1, 2);',
    to: `\thandle_t *handle = ext4_journal_start(&inode, EXT4_HT_TRUNCATE, 1);
	${call}
	ext4_journal_stop(handle);`,
  });
  return run(kernel, 'R1b')
    .witnesses.map((w) => w.key.id)
    .join('\n');
}

describe('a handle is open', () => {
  it('starting writeback locks folios, but waits for no folio that the flusher has just cleaned', async () => {
    const keys = await deadlocksOf('filemap_fdatawrite_range(inode.i_mapping, 0, PAGE_SIZE - 1);');
    expect(keys).toContain('punch_hole waits folio lock in folio_lock');
    expect(keys).not.toContain('punch_hole waits writeback');
  });

  it('waiting for writeback waits for that folio too', async () => {
    const keys = await deadlocksOf(
      'filemap_write_and_wait_range(inode.i_mapping, 0, PAGE_SIZE - 1);',
    );
    expect(keys).toContain('punch_hole waits writeback in folio_wait_writeback');
  });
});
