/*
 * ext4: data of a file in the journal or not, and the lock that keeps writeback out while that changes.
 */

#define EXT4_INODE_JOURNAL_DATA 14

/* No file has its data in the journal, but in scenarios that say so with a function of their own. */
__source("fs/ext4/ext4_jbd2.h:ext4_should_journal_data")
static inline bool ext4_should_journal_data(struct inode *inode)
{
	return false;
}

/* ---- s_writepages_rwsem -------------------------------------------------- */

/* Writeback of any file. No allocation inside may come back here. */
__source("fs/ext4/ext4.h:ext4_writepages_down_read")
static inline int ext4_writepages_down_read(struct super_block *sb)
{
	if (__since("c8585c6fcaf2", "2016-04-25"))
		percpu_down_read(&EXT4_SB(sb)->s_writepages_rwsem);
	if (__since("00d873c17e29", "2023-05-04"))
		return memalloc_nofs_save();
	return 0;
}

__source("fs/ext4/ext4.h:ext4_writepages_up_read")
static inline void ext4_writepages_up_read(struct super_block *sb, int ctx)
{
	if (__since("00d873c17e29", "2023-05-04"))
		memalloc_nofs_restore(ctx);
	if (__since("c8585c6fcaf2", "2016-04-25"))
		percpu_up_read(&EXT4_SB(sb)->s_writepages_rwsem);
}

__source("fs/ext4/ext4.h:ext4_writepages_down_write")
static inline int ext4_writepages_down_write(struct super_block *sb)
{
	if (__since("c8585c6fcaf2", "2016-04-25"))
		percpu_down_write(&EXT4_SB(sb)->s_writepages_rwsem);
	return memalloc_nofs_save();
}

__source("fs/ext4/ext4.h:ext4_writepages_up_write")
static inline void ext4_writepages_up_write(struct super_block *sb, int ctx)
{
	memalloc_nofs_restore(ctx);
	if (__since("c8585c6fcaf2", "2016-04-25"))
		percpu_up_write(&EXT4_SB(sb)->s_writepages_rwsem);
}

/* ---- the change ---------------------------------------------------------- */

/*
 * chattr +j, -j. Nobody may use what the flag says while it changes: writeback has its lock, everybody else
 * a handle. What is dirty already was dirtied for the old mode and goes to disk before. The caller holds
 * i_rwsem.
 */
__source("fs/ext4/inode.c:ext4_change_inode_journal_flag")
int ext4_change_inode_journal_flag(struct inode *inode, int val)
{
	journal_t *journal = EXT4_SB(inode->i_sb)->s_journal;
	handle_t *handle;
	int alloc_ctx;
	int err;

	inode_dio_wait(inode);
	if (val) {
		filemap_invalidate_lock(inode->i_mapping);
		err = filemap_write_and_wait(inode->i_mapping);
		if (err < 0) {
			filemap_invalidate_unlock(inode->i_mapping);
			return err;
		}
	}

	alloc_ctx = ext4_writepages_down_write(inode->i_sb);
	jbd2_journal_lock_updates(journal);
	if (val) {
		EXT4_I(inode)->i_flags |= BIT(EXT4_INODE_JOURNAL_DATA);
	} else {
		err = jbd2_journal_flush(journal);
		if (err < 0) {
			jbd2_journal_unlock_updates(journal);
			ext4_writepages_up_write(inode->i_sb, alloc_ctx);
			return err;
		}
		EXT4_I(inode)->i_flags &= ~BIT(EXT4_INODE_JOURNAL_DATA);
	}
	ext4_set_aops(inode);
	jbd2_journal_unlock_updates(journal);
	ext4_writepages_up_write(inode->i_sb, alloc_ctx);
	if (val)
		filemap_invalidate_unlock(inode->i_mapping);

	handle = ext4_journal_start(inode, EXT4_HT_INODE, 1);
	if (IS_ERR(handle))
		return PTR_ERR(handle);
	err = ext4_mark_inode_dirty(handle, inode);
	ext4_handle_sync(handle);
	ext4_journal_stop(handle);
	return err;
}
