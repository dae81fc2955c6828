/*
 * Data go into the journal from now on, and writeback that has begun before does not know.
 *
 * A file with data in the journal is written back in another way, with more credits. chattr +j writes
 * everything that is dirty, keeps handles out and changes the flag. Writeback of the same file has looked
 * at the flag and has found a folio that needs blocks, but has no handle yet: neither the flush, which
 * writes that folio for it, nor the barrier stops it.
 *
 *	flusher                             chattr
 *	ext4_writepages(): data not
 *	in the journal
 *	                                    ext4_change_inode_journal_flag()
 *	                                      filemap_write_and_wait()
 *	                                      jbd2_journal_lock_updates()
 *	                                      data in the journal
 *	ext4_journal_start()
 *	  writes as if they were not
 */
__scenario("C17", "writeback goes on while a file changes to data in the journal");
__source("commit c8585c6fcaf2: ext4: fix races between changing inode journal mode and ext4_writepages");
__on("7.1");
__without("c8585c6fcaf2");
__bound("1 folio × 1 block");
__bound("1 change");

__fixed_by("c8585c6fcaf2", "s_writepages_rwsem: shared for writeback, alone for the change");

#define NR_FOLIOS 1
#define PAGE_SHIFT 0
#define BLKBITS 0
#define COMMITS 0

/* What the flag says, while it changes. */
static inline bool ext4_should_journal_data(struct inode *inode)
{
	return ext4_test_inode_flag(inode, EXT4_INODE_JOURNAL_DATA);
}

/* A delayed block under a dirty folio. */
__setup
static void delayed(void)
{
	inode.ext4.i_state_flags = 0;
	ext4_set_aops(&inode);
	start_extent(0, EXTENT_STATUS_DELAYED);
	start_folio(0);
	start_dirty_block(0);
}

/* Periodic writeback of the file. */
__thread("flusher")
static void write_back(void)
{
	filemap_flush(inode.i_mapping);
}

/* chattr +j, under the lock that it takes. */
__thread("chattr")
static void journal_data(void)
{
	inode_lock(&inode);
	ext4_change_inode_journal_flag(&inode, 1);
	inode_unlock(&inode);
}
