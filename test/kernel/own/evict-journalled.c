/*
 * Memory is short, and the inode that goes has data in the journal.
 *
 * A task allocates with a handle open. Reclaim evicts an inode, whose data are in the running transaction
 * and in no other place: eviction commits it, and waits for the handle of its own caller.
 */
__scenario("evict-journalled", "eviction commits the transaction of its caller's handle");
__on("7.1");
__without("81378da64de6");
__bound("2 inodes");
__bound("1 commit");

__fixed_by("81378da64de6", "no allocation goes into the file system while a handle is open");

#define NR_FOLIOS 1
#define PAGE_SHIFT 0
#define BLKBITS 0
#define COMMITS 0
#define RECLAIM 1

static inline bool ext4_should_journal_data(struct inode *inode)
{
	return ext4_test_inode_flag(inode, EXT4_INODE_JOURNAL_DATA);
}

/* Its last user is a dentry that may go. */
__setup
static void data_in_journal(void)
{
	unused_dentry = __alloc(ext4_inode_cachep);
	unused_dentry->i_sb = &super_block;
	unused_dentry->i_mapping = &unused_dentry->i_data;
	unused_dentry->i_data.host = unused_dentry;
	unused_dentry->i_nlink = 1;
	unused_dentry->i_state = I_DONTCACHE;
	unused_dentry->ext4.i_flags = BIT(EXT4_INODE_JOURNAL_DATA);
	ext4_set_aops(unused_dentry);
	unused_dentry->ext4.i_datasync_tid = jbd2_get_transaction(&journal)->t_tid;
}

__thread("setxattr")
static void allocate_with_handle(void)
{
	handle_t *handle = ext4_journal_start(&inode, EXT4_HT_INODE, 1);

	might_alloc(GFP_KERNEL);
	ext4_journal_stop(handle);
}
