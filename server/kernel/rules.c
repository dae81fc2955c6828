/*
 * Rules over what is held and what is waited for. Each is a finding only where the wait can close
 * a cycle; the comment above a rule is its page.
 */

/*
 * Waiting for writeback while a journal handle is open.
 *
 * Writeback of an unwritten or extending block ends in a worker, and the worker needs a handle to
 * convert the extent. A commit that has locked the running transaction lets nobody start one
 * until all open handles are closed. Whoever waits for that writeback with a handle open keeps the
 * transaction from closing: all three wait for ever. A nested start in the flush does not help, it
 * is the same handle.
 *
 * Smallest example:
 *
 *	handle = ext4_journal_start(inode, EXT4_HT_TRUNCATE, credits);
 *	ret = filemap_write_and_wait_range(inode->i_mapping, start, end);
 *	ext4_journal_stop(handle);
 *
 * It is not a deadlock if no block of the range can need a conversion or a size update when its
 * I/O ends, or if the worker has a reserved handle: a locked transaction still admits those. A
 * reservation that was asked for in a nested start is not there.
 */
__rule("RL-WB-HANDLE", "writeback under active handle", "handle", "writeback");

/*
 * Locking a folio while a journal handle is open, on the iomap path.
 *
 * Writeback through iomap locks the folio first and starts its handle under the folio lock. A task
 * that locks the folio of such an inode with a handle open takes the two in the opposite order.
 * With a commit between them neither can go on: writeback waits for the next transaction, the
 * commit for the open handle, and its owner for the folio. Nothing needs to be flushed for this.
 *
 * Smallest example:
 *
 *	handle = ext4_journal_start(inode, EXT4_HT_TRUNCATE, credits);
 *	folio_lock(folio);
 *	folio_unlock(folio);
 *	ext4_journal_stop(handle);
 *
 * It is the legal order for inodes that are written back through buffer_heads: there writeback
 * starts the handle before it locks a folio. A trylock under a handle is no finding either.
 */
__rule("RL-FOLIO-HANDLE", "folio lock under active handle", "handle", "folio lock");
