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

/* ---- properties: what a run can show without a rule above ------------------------------------- */

/*
 * Tasks that wait for each other, in a way that no rule names.
 *
 * The report shows the circle: who waits for what, who holds it, and since which step. A daemon may
 * rest where it has nothing to do; everywhere else it counts like a task.
 */
__page("RL-DEADLOCK", "tasks wait for each other");

/*
 * An assertion of the model, or a BUG_ON of the code, does not hold in some order of the steps.
 */
__page("RL-ASSERT", "an assertion fails");

/*
 * A WARN_ON of the code fires in some order of the steps.
 */
__page("RL-WARN", "a warning fires");

/*
 * A condition that must hold in every state is broken: the report shows the first step after
 * which it is.
 */
__page("RL-INVARIANT", "an invariant is broken");

/*
 * A crash after some step leaves something wrong on the disk: the report ends with the crash, which
 * cells of the device's write cache reached the medium, what recovery does, and the check that fails.
 */
__page("RL-CRASH", "wrong after a crash");

/*
 * Everybody has finished, nothing is in flight, and the result is wrong: data that was to be
 * zeroed is there, a size or a count does not match.
 */
__page("RL-FINAL", "the result is wrong");

/*
 * Code that runs in an interrupt waits.
 */
__page("RL-IRQ-WAIT", "waiting in an interrupt");

/*
 * Use of an object after it was freed, freeing it twice, or freeing it while it is in use.
 */
__page("RL-LIFETIME", "use of a freed object");
