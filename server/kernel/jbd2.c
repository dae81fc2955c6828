/*
 * The journal: handles, transactions and the commit thread.
 *
 * What matters for every deadlock through the journal: a commit locks the running transaction and
 * waits until its open handles are closed; from then until T_FLUSH nobody can start a handle,
 * except with a reservation. So a task that waits inside a handle for something that itself needs
 * a handle waits for ever. Credits and log space are not counted: a start that has to wait for
 * log space waits for the same commit.
 */

static handle_t jbd2_handle_cache[NR_HANDLES] __pool;

/* One that runs and one that commits. */
static transaction_t transactions[2] __pool;

/* Number of the thread that commits; 0 before the first commit. */
static int jbd2_commit_task;

/* Nobody else knows the new handle, so callers do this in one step with what follows. */
static handle_t *new_handle(journal_t *journal, bool reserved)
{
	handle_t *handle = __alloc(jbd2_handle_cache);

	handle->h_journal = journal;
	handle->h_ref = 1;
	handle->h_reserved = reserved;
	return handle;
}

__source("include/linux/jbd2.h:journal_current_handle")
static inline handle_t *journal_current_handle(void)
{
	return current_task->journal_info;
}

/* The first handle after a commit has taken the running transaction away opens a new one. */
static transaction_t *jbd2_get_transaction(journal_t *journal)
{
	transaction_t *transaction = journal->j_running_transaction;

	if (transaction)
		return transaction;
	transaction = __alloc(transactions);
	transaction->t_state = T_RUNNING;
	transaction->t_tid = ++journal->j_transaction_sequence;
	journal->j_running_transaction = transaction;
	return transaction;
}

/*
 * Joins the running transaction. While it is T_LOCKED only reserved handles may join; all others
 * wait for T_FLUSH, which is enough: they need not wait for the commit record.
 */
__source("fs/jbd2/transaction.c:start_this_handle")
static int start_this_handle(journal_t *journal, handle_t *handle)
{
	transaction_t *transaction;

	/* j_state_lock is held from the test of the state to t_updates++. */
	__atomic {
		__wait((!journal->j_barrier_count &&
			(!journal->j_running_transaction ||
			 journal->j_running_transaction->t_state == T_RUNNING)) ||
		       handle->h_reserved,
		       "commit", journal);
		__assert(!jbd2_commit_task || jbd2_commit_task != __current(),
			 "the commit thread starts no handle", "RL-COMMIT-START");
		transaction = jbd2_get_transaction(journal);
		transaction->t_updates++;
		handle->h_transaction = transaction;
		handle->h_reserved = false;
		current_task->journal_info = handle;
		if (__since("81378da64de6", "2017-05-03"))
			handle->saved_alloc_context = memalloc_nofs_save();
		__acquire_shared(handle, "handle");
	}
	return 0;
}

/*
 * A nested start takes one more reference of the handle that is open already. It reserves
 * nothing: the credits and the reservation that it asks for are ignored.
 */
__source("fs/jbd2/transaction.c:jbd2__journal_start")
handle_t *jbd2__journal_start(journal_t *journal, int nblocks, int rsv_blocks)
{
	handle_t *handle, *new = NULL;
	int err;

	/* journal_info is the task's own, and nobody else knows a new handle. */
	__atomic {
		handle = journal_current_handle();
		if (!handle) {
			new = new_handle(journal, false);
			if (rsv_blocks)
				new->h_rsv_handle = new_handle(journal, true);
		}
	}
	if (handle) {
		/* Only its own task touches a handle. */
		__atomic {
			handle->h_ref++;
			__acquire_shared(handle, "handle");
		}
		return handle;
	}

	err = start_this_handle(journal, new);
	if (err < 0)
		return ERR_PTR(err);
	return new;
}

__source("fs/jbd2/transaction.c:jbd2_journal_start_reserved")
int jbd2_journal_start_reserved(handle_t *handle)
{
	WARN_ON(!handle->h_reserved);
	if (WARN_ON(journal_current_handle()))
		return -EIO;
	return start_this_handle(handle->h_journal, handle);
}

/* The last stop of a synchronous handle asks for the commit, and waits for it with no handle open. */
__source("fs/jbd2/transaction.c:jbd2_journal_stop")
int jbd2_journal_stop(handle_t *handle)
{
	bool wait_for_commit = false;
	journal_t *journal;
	tid_t tid;

	/* Only its own task touches a handle; t_updates is an atomic counter. */
	__atomic {
		__release(handle, "handle");
		if (handle->h_sync)
			__forbid("folio lock", "no folio is locked when a handle waits for its commit",
				 "RL-SYNC-STOP", "handle");
		handle->h_ref--;
		if (!handle->h_ref) {
			journal = handle->h_journal;
			wait_for_commit = handle->h_sync;
			tid = handle->h_transaction->t_tid;
			if (wait_for_commit)
				jbd2_log_start_commit(journal, tid);
			__free(handle->h_rsv_handle);
			handle->h_transaction->t_updates--;
			if (!handle->h_transaction->t_updates)
				wake_up(&handle->h_journal->j_wait_updates);
			current_task->journal_info = NULL;
			if (__since("81378da64de6", "2017-05-03"))
				memalloc_nofs_restore(handle->saved_alloc_context);
			__free(handle);
		}
	}
	if (wait_for_commit)
		return jbd2_log_wait_commit(journal, tid);
	return 0;
}

/* ---- barrier ------------------------------------------------------------- */

/* Until no handle is open. j_state_lock is held on entry, and dropped while this sleeps. */
__source("fs/jbd2/transaction.c:jbd2_journal_wait_updates")
void jbd2_journal_wait_updates(journal_t *journal)
{
	transaction_t *transaction = NULL;
	bool slept = false, done;

	DEFINE_WAIT(wait);

	for (;;) {
		/* Under j_state_lock; the commit changes what is looked at under it too. */
		__atomic {
			if (!slept || __since("cc16eecae687", "2022-03-20"))
				transaction = journal->j_running_transaction;
			done = !transaction || !transaction->t_updates;
			if (!done)
				prepare_to_wait(&journal->j_wait_updates, &wait,
						TASK_UNINTERRUPTIBLE);
		}
		if (done)
			return;
		schedule();
		finish_wait(&journal->j_wait_updates, &wait);
		slept = true;
	}
}

/* Keeps new handles out and waits for those that are open. */
__source("fs/jbd2/transaction.c:jbd2_journal_lock_updates")
void jbd2_journal_lock_updates(journal_t *journal)
{
	/* Under j_state_lock; journal_info is the task's own. */
	__atomic {
		__assert(!journal_current_handle(),
			 "who waits for all handles has none open", "RL-WAIT-HANDLE");
		journal->j_barrier_count++;
	}
	jbd2_journal_wait_updates(journal);
	/* Others that want the journal for themselves. */
	mutex_lock(&journal->j_barrier);
}

__source("fs/jbd2/transaction.c:jbd2_journal_unlock_updates")
void jbd2_journal_unlock_updates(journal_t *journal)
{
	mutex_unlock(&journal->j_barrier);
	/* Under j_state_lock. */
	__atomic {
		journal->j_barrier_count--;
	}
}

/* ---- commit -------------------------------------------------------------- */

/* Data of the inode have to be on disk before this transaction is. */
__source("fs/jbd2/transaction.c:jbd2_journal_inode_ranged_write")
void jbd2_journal_inode_ranged_write(handle_t *handle, struct inode *inode)
{
	/* Under j_list_lock. */
	__atomic {
		handle->h_transaction->t_inode_list = inode;
		handle->h_transaction->t_inode_flags = JI_WRITE_DATA | JI_WAIT_DATA;
	}
}

/* The same, for data that the caller writes: the commit only waits for them. */
__source("fs/jbd2/transaction.c:jbd2_journal_inode_ranged_wait")
void jbd2_journal_inode_ranged_wait(handle_t *handle, struct inode *inode)
{
	/* Under j_list_lock. */
	__atomic {
		handle->h_transaction->t_inode_list = inode;
		handle->h_transaction->t_inode_flags |= JI_WAIT_DATA;
	}
}

/* Writes what is mapped already, without a handle. */
__source("fs/jbd2/commit.c:journal_submit_data_buffers")
static void journal_submit_data_buffers(transaction_t *commit_transaction)
{
	if (!commit_transaction->t_inode_list)
		return;
	if (commit_transaction->t_inode_flags & JI_WRITE_DATA)
		ext4_normal_submit_inode_data_buffers(commit_transaction->t_inode_list);
}

__source("fs/jbd2/commit.c:journal_finish_inode_data_buffers")
static void journal_finish_inode_data_buffers(transaction_t *commit_transaction)
{
	if (!commit_transaction->t_inode_list)
		return;
	filemap_fdatawait_range(commit_transaction->t_inode_list->i_mapping, 0,
				NR_FOLIOS * PAGE_SIZE - 1);
	commit_transaction->t_inode_list = NULL;
}

/* Is there a transaction that the timer, or somebody who waits for it, wants to be committed? */
static bool jbd2_commit_due(journal_t *journal)
{
	transaction_t *transaction = journal->j_running_transaction;

	return transaction &&
	       (journal->j_commits || journal->j_commit_request == transaction->t_tid);
}

/* Log I/O is not modelled: what was logged is on the medium with the commit record. */
__source("fs/jbd2/commit.c:journal_submit_commit_record")
static void jbd2_write_commit_record(transaction_t *commit_transaction)
{
	if (!CRASH)
		return;
	/* REQ_PREFLUSH | REQ_FUA: data that completed before are on the medium first. */
	__atomic {
		__flush();
		if (commit_transaction->t_has_inode)
			disk_inode = commit_transaction->t_inode;
		commit_transaction->t_has_inode = false;
	}
}

/* Sleeps until there is something to commit and the timer fires. */
__source("fs/jbd2/commit.c:jbd2_journal_commit_transaction")
static void jbd2_journal_commit_transaction(journal_t *journal)
{
	transaction_t *commit_transaction;

	/* The timer may fire at any moment; T_LOCKED is set under j_state_lock. */
	__atomic {
		__idle(jbd2_commit_due(journal));
		commit_transaction = journal->j_running_transaction;
		if (journal->j_commit_request != commit_transaction->t_tid)
			journal->j_commits--;
		commit_transaction->t_state = T_LOCKED;
		jbd2_commit_task = __current();
		/* From here to T_FLUSH the commit is what a start waits for. */
		__acquire(journal, "commit");
	}
	/*
	 * jbd2_journal_wait_updates() tests t_updates under j_state_lock. T_SWITCH, the revoke
	 * table and T_FLUSH follow without a wait, and no modelled function tells them apart.
	 */
	__atomic {
		__wait(!commit_transaction->t_updates, "handle");
		commit_transaction->t_state = T_FLUSH;
		__release(journal, "commit");
		journal->j_committing_transaction = commit_transaction;
		journal->j_running_transaction = NULL;
	}
	/* Inodes on the iomap path have no ordered data: a folio is locked before a handle there. */
	if (ORDERED_DATA || __fix("ordered")) {
		journal_submit_data_buffers(commit_transaction);
		journal_finish_inode_data_buffers(commit_transaction);
	}
	jbd2_write_commit_record(commit_transaction);
	if (JOURNALLED_DATA && commit_transaction->t_forget)
		jbd2_journal_forget_buffer(commit_transaction->t_forget);
	/* The end of the commit is under j_state_lock. */
	__atomic {
		commit_transaction->t_state = T_FINISHED;
		journal->j_commit_sequence = commit_transaction->t_tid;
		journal->j_committing_transaction = NULL;
		/* jbd2_journal_free_transaction(): nothing of it waits for a checkpoint. */
		__free(commit_transaction);
	}
}

/* The timer, an fsync of anybody or a full log starts a commit: at any moment, COMMITS times. */
__source("fs/jbd2/journal.c:kjournald2")
__daemon("jbd2")
static void kjournald2(void)
{
	for (;;)
		jbd2_journal_commit_transaction(&journal);
}

__setup
static void journal_setup(void)
{
	journal.j_commits = COMMITS;
}
