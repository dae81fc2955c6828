/* Rules over the use of locks, for reading kernel C: their pages. The order of locks is in rules.c. */

/*
 * In a whole file, where it is not seen who ends a writeback: a call that locks folios by itself starts
 * the writeback that it waits for. A wait alone is right where the worker has a reserved handle.
 */
__closes("RL-WB-HANDLE", "folio lock");

/* ---- rules over the use of locks ----------------------------------------- */

/*
 * A function takes something, gives it back on one path, and returns with it on another.
 *
 * Where the result tells its callers which of the two happened, that is its contract and no finding: a
 * trylock, "returns true with the lock". A path that fails, or whose result is the same as that of a
 * path that gave it back, leaves the lock or the handle to nobody. The report names the place where it
 * was taken, the decisions on the way to the return, and the places where other paths give it back.
 *
 * Smallest example:
 *
 *	down_write(&EXT4_I(inode)->i_data_sem);
 *	err = ext4_ext_check_inode(inode);
 *	if (err)
 *		return err;
 *	up_write(&EXT4_I(inode)->i_data_sem);
 *
 * Nothing is reported when the object was stored, or given to an unknown function, on that path only:
 * whoever has it now may be the one to give it back.
 */
__page("RL-LEFT-HELD", "left held at a return");

/*
 * A path waits for a lock that it holds already.
 *
 * Neither mutex, rwsem nor spinlock may be taken twice by one task, not for reading either when the
 * other one is for writing: the second wait never ends. Two objects of one kind may be locked together;
 * only the same object by the same path counts.
 *
 * Smallest example:
 *
 *	inode_lock(inode);
 *	if (flags & MOVE_LOCKED)
 *		inode_lock(inode);
 */
__page("RL-TAKEN-TWICE", "taken while it is held");

/*
 * A function that sleeps is called under a spinlock, in an RCU reader, or with preemption off.
 *
 * Counted is only what sleeps whatever happens: a sleeping lock, a wait, writeback that is waited for,
 * an allocation that may reclaim. With GFP_ATOMIC or GFP_NOWAIT an allocation does not sleep.
 *
 * Smallest example:
 *
 *	spin_lock(&ei->i_block_reservation_lock);
 *	p = kmalloc(size, GFP_KERNEL);
 *	spin_unlock(&ei->i_block_reservation_lock);
 */
__page("RL-SLEEP-ATOMIC", "sleep in atomic context");
