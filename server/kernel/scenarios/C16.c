/*
 * Writeback allocates memory, reclaim evicts an inode, and that is written back first.
 *
 * s_writepages_rwsem is held by all writeback of a file system, shared, and by chattr +j, alone. Writeback
 * allocates an io_end. Memory is short: a dentry goes, and with it the last user of another inode, which is
 * dirty and not to stay in the cache. So it is written back, under the same lock once more. A writer that
 * waits keeps new readers out, also those that are readers already.
 *
 *	flusher                                     chattr
 *	ext4_writepages()
 *	  percpu_down_read(s_writepages_rwsem)
 *	                                            ext4_change_inode_journal_flag()
 *	                                              percpu_down_write(s_writepages_rwsem)
 *	  ext4_init_io_end(GFP_KERNEL)                waits for the reader
 *	    iput_final(), write_inode_now()
 *	    ext4_writepages()
 *	      percpu_down_read(s_writepages_rwsem)
 *	      waits behind the writer
 */
__scenario("C16", "reclaim inside writeback waits for the lock of writeback behind a writer");
__source("commit 00d873c17e29: ext4: avoid deadlock in fs reclaim with page writeback");
__on("7.1");
__without("00d873c17e29");
__bound("1 folio × 1 block, 2 other inodes without data");
__bound("no commit");

__fixed_by("00d873c17e29", "no allocation under s_writepages_rwsem goes into the file system");

#define NR_FOLIOS 1
#define PAGE_SHIFT 0
#define BLKBITS 0
#define COMMITS 0
#define RECLAIM 1

static struct inode changed;

/* A file in the cache, without folios. */
static void start_empty(struct inode *other)
{
	other->i_sb = &super_block;
	other->i_mapping = &other->i_data;
	other->i_data.host = other;
	other->i_data.a_ops = &ext4_da_aops;
	other->i_nlink = 1;
}

/* The file to write has one block, written; the last user of another one is a dentry that may go. */
__setup
static void memory_is_short(void)
{
	inode.ext4.i_state_flags = 0;
	ext4_set_aops(&inode);
	start_extent(0, EXTENT_STATUS_WRITTEN);
	start_folio(0);
	start_dirty_block(0);
	start_empty(&changed);
	unused_dentry = __alloc(ext4_inode_cachep);
	start_empty(unused_dentry);
	unused_dentry->i_state = I_DONTCACHE | I_DIRTY_PAGES;
}

/* Periodic writeback of the file. */
__thread("flusher")
static void write_back(void)
{
	filemap_flush(inode.i_mapping);
}

/* chattr +j of a third file, under the lock that it takes. */
__thread("chattr")
static void journal_data(void)
{
	inode_lock(&changed);
	ext4_change_inode_journal_flag(&changed, 1);
	inode_unlock(&changed);
}
