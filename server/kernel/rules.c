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

/* ---- assertions of the model's own primitives, in every run ------------------------------------ */

/*
 * The extent tree or the extent status of a file changes without i_data_sem, or a lookup is cached
 * without it.
 *
 * Both say the same about each block, and what is reserved is what is delayed, only because they change
 * together under i_data_sem for writing. A lookup in the tree that is cached without the lock may be
 * older than the last change.
 */
__page("RL-MAP-LOCK", "block mapping without i_data_sem");

/*
 * The thread that commits starts a handle. Nobody can start one until it has closed the running
 * transaction: it would wait for itself. So it may not allocate blocks, and writes only what is mapped.
 */
__page("RL-COMMIT-START", "the commit thread starts a handle");

/*
 * A task waits until no handle is open, or for a commit, with a handle of its own open: it waits for
 * itself.
 */
__page("RL-WAIT-HANDLE", "waiting for all handles with one open");

/*
 * A lock is waited for while one is held that comes behind it in the order of the kernel.
 *
 * Two tasks that take two locks in opposite orders can wait for each other. The order is what the
 * comments of mm/filemap.c, mm/rmap.c and fs/ext4/super.c say, as far as all paths agree: the folio lock and
 * a journal handle have no order here, because the two writeback paths of ext4 take them in opposite
 * orders (RL-FOLIO-HANDLE). It is found in one task alone, as lockdep finds it: the task that would
 * be the other half of the deadlock need not be in the scenario. A trylock may be in any order.
 *
 * Smallest example:
 *
 *	down_write(&EXT4_I(inode)->i_data_sem);
 *	inode_lock(inode);
 */
__page("RL-LOCK-ORDER", "locks in the wrong order");

__order("i_rwsem", "invalidate_lock", "folio lock", "i_data_sem");
__order("invalidate_lock", "handle", "i_data_sem");
/* ILOCK of xfs. */
__order("folio lock", "mr_lock");
__order("j_barrier", "handle", "buffer lock");

/*
 * A task ends, or a system call returns, with a lock held or a handle open. Whoever needs it next waits
 * for ever. Mostly it is a way of an error that leaves out the unlock.
 */
__page("RL-LOCK-HELD", "a task ends with a lock held");

/*
 * A lock is released by a task that does not hold it: it was never taken, it was released before, or
 * another task took it. A mutex, a spinlock, an rwsem and a handle belong to the task that took them.
 */
__page("RL-UNLOCK", "a lock is released by who does not hold it");

/*
 * A task sleeps, or may sleep, while it holds a spinlock. Whoever spins for the lock on its CPU keeps it
 * from running; so it is an error also when there is nothing to wait for.
 *
 * Smallest example:
 *
 *	spin_lock(&ei->i_completed_io_lock);
 *	folio_wait_writeback(folio);
 */
__page("RL-ATOMIC-WAIT", "sleeping with a spinlock held");

/*
 * i_size changes without i_rwsem held for writing.
 *
 * Two writers that both extend a file, or a writer and truncate, each compare the size and then set it;
 * without i_rwsem the end of the file moves back. Readers of i_size need no lock.
 */
__page("RL-SIZE-LOCK", "i_size changes without i_rwsem");

/*
 * A handle is started with a folio locked, for an inode that is written back through buffer_heads.
 *
 * Writeback starts its handle before it locks folios there. A task with a folio locked that waits for a
 * commit, while the commit waits for a handle whose owner waits for the folio, is a deadlock. The first
 * page of write_begin is looked up, unlocked, and locked again with the handle open. On the iomap
 * path the order is the other one (RL-FOLIO-HANDLE).
 */
__page("RL-HANDLE-ORDER", "handle started under a folio lock");

/*
 * A synchronous handle is stopped with a folio locked.
 *
 * The stop waits for the commit, and the commit may write ordered data: it waits for the folio lock. All folios
 * are submitted and unlocked before such a handle is stopped.
 */
__page("RL-SYNC-STOP", "waiting for a commit under a folio lock");

/*
 * An inode is put on the orphan list, or taken from it, without i_rwsem or without a handle.
 *
 * Whether an inode is on the list is looked at without the lock of the list; only i_rwsem keeps two tasks
 * from changing that at the same time. New inodes, and those that are evicted, are known to nobody else.
 */
__page("RL-ORPHAN-LOCK", "orphan list without i_rwsem or handle");

/*
 * The worker that ends writeback of a file waits for writeback of that file, or drops its page cache, which
 * waits as well.
 *
 * An inode has one work item for the I/O that needs a worker to complete. The item does not run twice at a
 * time: what ends behind the one that it completes is in its own list, or in its queue, and nobody else gets
 * to it. Where each I/O has a work item of its own, or the wait is in the task that submits, it is no finding.
 *
 * Smallest example:
 *
 *	static void ext4_iomap_end_io(struct work_struct *work)
 *	{
 *		filemap_fdatawait_range(inode->i_mapping, pos, pos);
 *
 * A block that was written before, and does not extend the file, ends in the interrupt. Nothing keeps the folio
 * that is waited for from being another one.
 */
__page("RL-WB-WORKER", "the worker waits for writeback that it ends");

/*
 * The completion of I/O takes i_rwsem.
 *
 * inode_dio_wait() waits for direct I/O with i_rwsem held, and so does whoever waits for writeback of the
 * file with it held: truncate, fallocate, a write behind the end. Where the completion needs the lock too, both
 * wait for ever. What has to change under i_rwsem when I/O ends is changed by the submitter, which waits for it.
 * A trylock is no finding.
 */
__page("RL-COMPLETION-LOCK", "I/O completion takes i_rwsem");

/*
 * A mapping is used that somebody else has changed.
 *
 * A lookup that was made without i_data_sem, or before the folio was locked, may be over when it is used. Blocks
 * are allocated or converted only after another look under i_data_sem for writing: as delayed ones only if
 * they still are. A folio is dirtied or written only through a mapping that has its blocks while the folio is
 * locked: i_es_seq or the sequence count of the fork is compared, or the lookup is made under the folio lock.
 *
 * The finding is a run in which the mapping was not true any more. How the code makes sure of it does not matter:
 * with the folios of all blocks locked, nobody can change them.
 */
__page("RL-STALE-MAP", "a mapping is used that has changed");

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
 * A task uses NULL as if it were an object: a pointer that another task had not set yet or has taken
 * away, or an error that was not looked at. Where a patch was put on the model this is no finding but
 * an error of the run, as a pointer may be NULL only because the model does not set it.
 */
__page("RL-NULL-DEREFERENCE", "NULL is dereferenced");

/*
 * Arithmetic that C leaves undefined: a division by zero, a shift by a negative number or by at least
 * the width of the value, a signed overflow of int. The kernel is built so that signed overflow
 * wraps; an int that wraps is a finding all the same, as it is for UBSAN.
 */
__page("RL-ARITHMETIC", "undefined arithmetic");

/*
 * A value is stored that is outside the range which the declaration of its variable or member states.
 */
__page("RL-RANGE", "value out of its declared range");

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
 * Code that runs in an interrupt sleeps: it takes a mutex, an rwsem or a folio lock, or waits for
 * writeback, a handle or a wake-up. There is no task that could be put to sleep, so it is an error
 * also when the lock is free. Spinning is allowed.
 */
__page("RL-IRQ-WAIT", "sleeping in an interrupt");

/*
 * An interrupt spins for a lock that the task under it holds, with interrupts enabled.
 *
 * The interrupt came on the CPU of the task that holds the lock. The task does not run before the
 * interrupt returns, and the interrupt does not return before the task unlocks. A lock that an
 * interrupt takes must be taken with spin_lock_irqsave() or spin_lock_irq() everywhere else.
 *
 * Smallest example:
 *
 *	spin_lock(&ei->i_completed_io_lock);
 *					<interrupt>
 *					spin_lock_irqsave(&ei->i_completed_io_lock, flags);
 */
__page("RL-IRQ-LOCK", "interrupt spins for a lock of the interrupted task");

/*
 * Use of an object after it was freed.
 *
 * The report says who freed it, and the trace when. A pointer belongs to one life of its object: it
 * stays stale when the memory is given out again, so a use that hits the next object is found too.
 *
 * Smallest example:
 *
 *	kfree(ioend);
 *	return ioend->io_offset;
 */
__page("RL-USE-AFTER-FREE", "use after free");

/*
 * An object is freed twice: two tasks both take themselves for the last user, or the way of an
 * error frees what the caller frees again.
 */
__page("RL-DOUBLE-FREE", "double free");

/*
 * An object is freed while one of its locks is held, or while it is on a list or queue; or a function
 * returns while an object on its stack is. Whoever unlocks it, or walks the list, uses it after that.
 */
__page("RL-FREE-IN-USE", "free of an object in use");

/*
 * Everybody has finished and an object is still allocated. Only objects are counted whose scenario
 * asks for it; the report names the function that allocated it.
 */
__page("RL-LEAK", "an object is never freed");

/*
 * A local variable is used after its function has returned, for instance an on-stack completion
 * that is completed after its waiter has gone on; or something is freed that was not allocated.
 */
__page("RL-LIFETIME", "use of an object outside its life");
