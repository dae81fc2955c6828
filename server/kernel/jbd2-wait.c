/*
 * The journal: who asks for a commit, and who waits for one.
 *
 * A transaction is known by its number. Whoever waits for it must not have a handle of it open: it would
 * wait for itself.
 */

#define tid_gt(x, y) ((int)((x) - (y)) > 0)
#define tid_geq(x, y) ((int)((x) - (y)) >= 0)

/* Only the running transaction can be asked for; any other one is older. */
__source("fs/jbd2/journal.c:jbd2_log_start_commit")
int jbd2_log_start_commit(journal_t *journal, tid_t tid)
{
	int ret = 0;

	/* Under j_state_lock. */
	__atomic {
		if (journal->j_commit_request != tid && journal->j_running_transaction &&
		    journal->j_running_transaction->t_tid == tid) {
			journal->j_commit_request = tid;
			ret = 1;
		}
	}
	return ret;
}

/* Is the transaction committed, or on its way without its handles? */
static bool jbd2_commit_goes_on(journal_t *journal, tid_t tid)
{
	return !tid_gt(tid, journal->j_commit_sequence) ||
	       (journal->j_committing_transaction &&
		journal->j_committing_transaction->t_tid == tid);
}

__source("fs/jbd2/journal.c:jbd2_log_wait_commit")
int jbd2_log_wait_commit(journal_t *journal, tid_t tid)
{
	/* jbd2_might_wait_for_commit(), under j_state_lock. */
	__atomic {
		__assert(!journal_current_handle() || jbd2_commit_goes_on(journal, tid),
			 "who waits for a commit has no handle open", "RL-WAIT-HANDLE");
	}
	/* The number is tested, and the sleeper queued, in j_wait_done_commit. */
	__wait(!tid_gt(tid, journal->j_commit_sequence), "commit", &journal->j_commit_sequence);
	return 0;
}

/* Commits a transaction that may have been committed long ago. */
__source("fs/jbd2/journal.c:jbd2_complete_transaction")
int jbd2_complete_transaction(journal_t *journal, tid_t tid)
{
	bool running, committing;

	/* Under j_state_lock. */
	__atomic {
		running = journal->j_running_transaction &&
			  journal->j_running_transaction->t_tid == tid;
		committing = journal->j_committing_transaction &&
			     journal->j_committing_transaction->t_tid == tid;
	}
	if (running)
		jbd2_log_start_commit(journal, tid);
	else if (!committing)
		return 0;
	return jbd2_log_wait_commit(journal, tid);
}

/* With a handle open only what is committing already is waited for. */
__source("fs/jbd2/journal.c:__jbd2_journal_force_commit")
static int __jbd2_journal_force_commit(journal_t *journal)
{
	transaction_t *transaction = NULL;
	bool start = false;
	tid_t tid = 0;

	/* Under j_state_lock. */
	__atomic {
		if (journal->j_running_transaction && !journal_current_handle()) {
			transaction = journal->j_running_transaction;
			start = true;
		} else {
			transaction = journal->j_committing_transaction;
		}
		if (transaction)
			tid = transaction->t_tid;
	}
	if (!tid)
		return 0;
	if (start)
		jbd2_log_start_commit(journal, tid);
	jbd2_log_wait_commit(journal, tid);
	return 1;
}

__source("fs/jbd2/journal.c:jbd2_journal_force_commit_nested")
int jbd2_journal_force_commit_nested(journal_t *journal)
{
	return __jbd2_journal_force_commit(journal);
}

/* Commits all there is. The caller keeps new handles out; what the checkpoint does then is left out. */
__source("fs/jbd2/journal.c:jbd2_journal_flush")
int jbd2_journal_flush(journal_t *journal)
{
	__jbd2_journal_force_commit(journal);
	return 0;
}

/* The caller has no handle open. */
__source("fs/jbd2/journal.c:jbd2_journal_force_commit")
int jbd2_journal_force_commit(journal_t *journal)
{
	__assert(!journal_current_handle(), "who waits for a commit has no handle open",
		 "RL-WAIT-HANDLE");
	__jbd2_journal_force_commit(journal);
	return 0;
}
