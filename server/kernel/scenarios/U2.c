/*
 * An inode with journalled data is freed while it is on the list of dirty inodes.
 *
 * The commit has logged a block of data and now gives it to writeback: the buffer, its folio and the
 * inode become dirty. It sees under i_lock that the inode is not being freed, drops that lock, and
 * takes the one of the list. In between the inode is evicted: it is not on the list yet, so there is
 * nothing to remove. Removing the page cache waits for the commit, but by then nobody looks at the
 * list again.
 *
 *	unlink                              jbd2                            flusher
 *	                                    jbd2_journal_commit_transaction()
 *	                                      mark_buffer_dirty()
 *	                                        __mark_inode_dirty()
 *	                                        no I_FREEING
 *	iput_final()
 *	  I_FREEING
 *	  not on the list
 *	                                        adds the inode to the list
 *	  ext4_evict_inode()
 *	  frees the inode
 *	                                                                    finds it
 */
__scenario("U2", "a commit puts an inode on the dirty list that is being evicted");
__source("linux-ext4, 21 Apr 2020: ext4: Avoid freeing inodes on dirty list, 3/3");
__on("2025-07");
__without("ceff86fddae8");
__bound("1 inode, 1 folio, 1 pass of the flusher");
__bound("1 commit");

__fixed_by("ceff86fddae8", "off the list when the page cache is gone");

#define NR_FOLIOS 1
#define PAGE_SHIFT 0
#define BLKBITS 0
#define COMMITS 1
#define JOURNALLED_DATA 1

static struct inode *victim;
static struct buffer_head data_bh;

/* One block of data in the running transaction; the file has no link and no user any more. */
__setup
static void journalled_data(void)
{
	victim = __alloc(ext4_inode_cachep);
	victim->i_sb = &super_block;
	victim->i_mapping = &victim->i_data;
	victim->i_data.host = victim;
	victim->i_data.i_pages[0] = &folio[0];
	victim->i_data.a_ops = &ext4_journalled_aops;
	folio[0].mapping = &victim->i_data;
	folio[0].private = &data_bh;
	data_bh.b_folio = &folio[0];
	data_bh.b_jbddirty = true;
	jbd2_get_transaction(&journal)->t_forget = &data_bh;
}

__thread("unlink")
static void last_user_leaves(void)
{
	iput_final(victim);
}

/* Periodic writeback of the device. */
__thread("flusher")
static void write_dirty_inodes(void)
{
	writeback_sb_inodes(&bdi_writeback);
}
