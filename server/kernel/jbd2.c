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

static handle_t *new_handle(journal_t *journal)
{
	handle_t *handle;

	/* Nobody else knows the handle yet. */
	__atomic {
		handle = __alloc(jbd2_handle_cache);
		handle->h_journal = journal;
		handle->h_ref = 1;
	}
	return handle;
}

__source("include/linux/jbd2.h:journal_current_handle")
static inline handle_t *journal_current_handle(void)
{
	/* A field of the task itself: no other thread reads or writes it. */
	return current_task->journal_info;
}

/* The first handle after a commit has taken the running transaction away opens a new one. */
static transaction_t *jbd2_get_transaction(journal_t *journal)
{
	transaction_t *transaction = journal->j_running_transaction;

	if (transaction)
		return transaction;
	transaction = &transactions[0];
	if (transaction->t_state != T_FINISHED)
		transaction = &transactions[1];
	transaction->t_state = T_RUNNING;
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
		__wait(!journal->j_running_transaction ||
		       journal->j_running_transaction->t_state == T_RUNNING ||
		       handle->h_reserved,
		       "handle", journal);
		transaction = jbd2_get_transaction(journal);
		transaction->t_updates++;
		handle->h_transaction = transaction;
		handle->h_reserved = false;
		current_task->journal_info = handle;
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
	handle_t *handle = journal_current_handle();
	handle_t *rsv_handle;
	int err;

	if (handle) {
		/* Only its own task touches a handle. */
		__atomic {
			handle->h_ref++;
			__acquire_shared(handle, "handle");
		}
		return handle;
	}

	handle = new_handle(journal);
	if (rsv_blocks) {
		rsv_handle = new_handle(journal);
		rsv_handle->h_reserved = true;
		handle->h_rsv_handle = rsv_handle;
	}

	err = start_this_handle(journal, handle);
	if (err < 0)
		return ERR_PTR(err);
	return handle;
}

__source("fs/jbd2/transaction.c:jbd2_journal_start_reserved")
int jbd2_journal_start_reserved(handle_t *handle)
{
	WARN_ON(!handle->h_reserved);
	if (WARN_ON(journal_current_handle()))
		return -EIO;
	return start_this_handle(handle->h_journal, handle);
}

__source("fs/jbd2/transaction.c:jbd2_journal_stop")
int jbd2_journal_stop(handle_t *handle)
{
	bool last;

	/* Only its own task touches a handle. */
	__atomic {
		handle->h_ref--;
		last = handle->h_ref == 0;
		if (!last)
			__release(handle, "handle");
	}
	if (!last)
		return 0;

	if (handle->h_rsv_handle)
		__free(handle->h_rsv_handle);
	/* t_updates is decremented under j_state_lock, which also wakes the commit thread. */
	__atomic {
		handle->h_transaction->t_updates--;
		current_task->journal_info = NULL;
		__release(handle, "handle");
		__free(handle);
	}
	return 0;
}

__source("fs/jbd2/commit.c:jbd2_journal_commit_transaction")
static void jbd2_journal_commit_transaction(journal_t *journal)
{
	transaction_t *commit_transaction;

	/* Under j_state_lock. */
	__atomic {
		commit_transaction = journal->j_running_transaction;
		commit_transaction->t_state = T_LOCKED;
	}
	/*
	 * jbd2_journal_wait_updates() tests t_updates under j_state_lock. T_SWITCH, the revoke table
	 * and T_FLUSH follow without a wait in between, and no modelled function tells them apart.
	 */
	__atomic {
		__wait(!commit_transaction->t_updates, "handle", commit_transaction);
		commit_transaction->t_state = T_FLUSH;
		journal->j_committing_transaction = commit_transaction;
		journal->j_running_transaction = NULL;
	}
	/* Log I/O is not modelled. The end of the commit is under j_state_lock. */
	__atomic {
		commit_transaction->t_state = T_FINISHED;
		journal->j_committing_transaction = NULL;
	}
}

/* The timer, an fsync of anybody or a full log starts a commit: at any moment, COMMITS times. */
__source("fs/jbd2/journal.c:kjournald2")
__daemon("jbd2")
static void kjournald2(void)
{
	for (;;) {
		__atomic {
			__idle(journal.j_commits && journal.j_running_transaction);
			journal.j_commits--;
		}
		jbd2_journal_commit_transaction(&journal);
	}
}

__setup
static void journal_setup(void)
{
	journal.j_commits = COMMITS;
}
