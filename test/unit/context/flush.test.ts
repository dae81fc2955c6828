/** Writeback under a handle in whole files, and the shapes that are legal there. */
import { describe, expect, it } from 'vitest';
import { findings } from './kernel-c.js';

function underHandle(statement: string): readonly string[] {
  return findings(`
int f(struct inode *inode, struct folio *folio)
{
	handle_t *handle = ext4_journal_start(inode, 1, 2);

	if (IS_ERR(handle))
		return PTR_ERR(handle);
	${statement}
	ext4_journal_stop(handle);
	return 0;
}
`);
}

describe('writeback under a handle in a whole file', () => {
  it('is found where the call itself starts what it waits for', () => {
    const [found, more] = underHandle('filemap_write_and_wait(inode->i_mapping);');
    expect(found).toMatch(/^7: RL-WB-HANDLE .*while handle is held/);
    expect(more).toBeUndefined();
  });

  it('is found through a function of the file, where that one is called', () => {
    const text = `
static int flush(struct inode *inode)
{
	return filemap_write_and_wait(inode->i_mapping);
}
int f(struct inode *inode)
{
	handle_t *handle = ext4_journal_start(inode, 1, 2);

	if (IS_ERR(handle))
		return PTR_ERR(handle);
	flush(inode);
	ext4_journal_stop(handle);
	return 0;
}
`;
    expect(findings(text).map((f) => f.slice(0, 16))).toEqual(['11: RL-WB-HANDLE']);
  });

  it.each([
    [
      'a folio is locked: the order of the buffer_head path',
      'folio_lock(folio);\n\tfolio_unlock(folio);',
    ],
    ['somebody else ends the writeback, with a reserved handle', 'folio_wait_writeback(folio);'],
    ['a page is waited for', 'wait_on_page_writeback(folio);'],
    ['a folio is to be stable', 'folio_wait_stable(folio);'],
  ])('is not there when %s', (_, statement) => {
    expect(underHandle(statement)).toEqual([]);
  });
});

describe('a failure that leaves by a return of its own', () => {
  it('has not given back what the others do, whatever they were called with', () => {
    const text = `
int f(struct inode *inode)
{
	handle_t *handle;
	int err = check(inode);

	if (err)
		goto out;
	handle = ext4_journal_start(inode, 1, 2);
	if (IS_ERR(handle)) {
		err = PTR_ERR(handle);
		goto out;
	}
	err = add(inode);
	if (err)
		return err;
	ext4_journal_stop(handle);
out:
	return err;
}
`;
    expect(findings(text)).toEqual(['15: RL-LEFT-HELD handle is still held at this return, in f']);
  });

  it('is told although an object from which the lock is found was given away', () => {
    const text = `
int f(struct inode *inode)
{
	spin_lock(&EXT4_I(inode)->i_block_reservation_lock);
	if (claim(inode)) {
		undo(inode);
		return -ENOSPC;
	}
	spin_unlock(&EXT4_I(inode)->i_block_reservation_lock);
	return 0;
}
`;
    expect(findings(text).map((f) => f.slice(0, 15))).toEqual(['6: RL-LEFT-HELD']);
  });
});
