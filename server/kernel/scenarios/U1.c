/*
 * Waiting for the handles of a transaction that is committed and freed meanwhile.
 *
 * jbd2_journal_lock_updates() waits until nobody has a handle open. It looks up the running transaction
 * once and sleeps until its last handle is stopped. When it wakes up, the commit may have gone on with
 * the transaction, to its end, and freed it.
 *
 *	write                  freeze                          jbd2
 *	jbd2__journal_start()
 *	                       jbd2_journal_lock_updates()
 *	                         t_updates is 1: sleeps
 *	                                                       T_LOCKED
 *	jbd2_journal_stop()
 *	  wakes both
 *	                                                       commits
 *	                                                       jbd2_journal_free_transaction()
 *	                         reads t_updates of it
 */
__scenario("U1", "jbd2_journal_wait_updates() looks at a transaction that the commit has freed");
__source("linux-ext4, 10 Feb 2022: jbd2: Fix use-after-free of transaction_t race");
__on("2025-07");
__without("cc16eecae687");
__bound("1 handle, 1 barrier");
__bound("1 commit");

__fixed_by("cc16eecae687", "look up the running transaction again after each sleep");

#define NR_FOLIOS 1
#define PAGE_SHIFT 0
#define BLKBITS 0
#define COMMITS 1

/* Any operation with a handle. */
__thread("write")
static void change_inode(void)
{
	handle_t *handle = ext4_journal_start(&inode, EXT4_HT_INODE, 1);

	ext4_journal_stop(handle);
}

/* FIFREEZE, or a change of the journal mode, keeps new handles out and waits for open ones. */
__thread("freeze")
static void stop_updates(void)
{
	jbd2_journal_lock_updates(&journal);
	jbd2_journal_unlock_updates(&journal);
}
