/*
 * The list of dirty inodes of a device, the flusher that walks it, and eviction.
 *
 * The lock of the list comes before i_lock. Whoever dirties an inode looks at its state under i_lock
 * first, so it has to drop that in between.
 */

struct bdi_writeback {
	spinlock_t list_lock;
	struct inode *b_dirty;
};

struct bdi_writeback bdi_writeback;

static struct inode ext4_inode_cachep[1] __pool;

/* ---- the list ------------------------------------------------------------ */

__source("fs/fs-writeback.c:inode_io_list_move_locked")
static void inode_io_list_move_locked(struct inode *inode, struct bdi_writeback *wb)
{
	if (inode->i_io_listed)
		return;
	inode->i_io_listed = true;
	inode->i_io_next = wb->b_dirty;
	wb->b_dirty = inode;
}

static void inode_io_list_del_locked(struct inode *inode, struct bdi_writeback *wb)
{
	struct inode **link = &wb->b_dirty;

	while (*link && *link != inode)
		link = &(*link)->i_io_next;
	if (*link)
		*link = inode->i_io_next;
	inode->i_io_listed = false;
}

__source("fs/fs-writeback.c:inode_io_list_del")
void inode_io_list_del(struct inode *inode)
{
	spin_lock(&bdi_writeback.list_lock);
	inode_io_list_del_locked(inode, &bdi_writeback);
	spin_unlock(&bdi_writeback.list_lock);
}

/* i_lock is dropped before the list is locked: what was seen under it may be over. */
__source("fs/fs-writeback.c:__mark_inode_dirty")
void __mark_inode_dirty(struct inode *inode, int flags)
{
	spin_lock(&inode->i_lock);
	if ((inode->i_state & flags) || (inode->i_state & I_FREEING)) {
		inode->i_state |= flags;
		spin_unlock(&inode->i_lock);
		return;
	}
	inode->i_state |= flags;
	spin_unlock(&inode->i_lock);

	/* locked_inode_to_wb_and_lock_list() */
	spin_lock(&bdi_writeback.list_lock);
	inode_io_list_move_locked(inode, &bdi_writeback);
	spin_unlock(&bdi_writeback.list_lock);
}

/* ---- the flusher --------------------------------------------------------- */

/* One pass; what it writes is left out. An inode that is being freed is not touched. */
__source("fs/fs-writeback.c:writeback_sb_inodes")
void writeback_sb_inodes(struct bdi_writeback *wb)
{
	struct inode *inode;

	spin_lock(&wb->list_lock);
	inode = wb->b_dirty;
	if (!inode)
		goto out;
	spin_lock(&inode->i_lock);
	if (inode->i_state & I_FREEING) {
		spin_unlock(&inode->i_lock);
		goto out;
	}
	inode->i_state |= I_SYNC;
	spin_unlock(&wb->list_lock);
	inode->i_state &= ~I_DIRTY_PAGES;
	spin_unlock(&inode->i_lock);

	spin_lock(&wb->list_lock);
	spin_lock(&inode->i_lock);
	if (!(inode->i_state & I_DIRTY_PAGES))
		inode_io_list_del_locked(inode, wb);
	/* inode_sync_complete() */
	inode->i_state &= ~I_SYNC;
	spin_unlock(&inode->i_lock);
out:
	spin_unlock(&wb->list_lock);
}

/* ---- eviction ------------------------------------------------------------ */

__source("fs/fs-writeback.c:inode_wait_for_writeback")
void inode_wait_for_writeback(struct inode *inode)
{
	spin_lock(&inode->i_lock);
	while (inode->i_state & I_SYNC) {
		spin_unlock(&inode->i_lock);
		__wait(!(inode->i_state & I_SYNC), "writeback of the inode", inode);
		spin_lock(&inode->i_lock);
	}
	spin_unlock(&inode->i_lock);
}

__source("mm/truncate.c:truncate_inode_pages_final")
void truncate_inode_pages_final(struct address_space *mapping)
{
	truncate_inode_pages_range(mapping, 0, NR_FOLIOS * PAGE_SIZE - 1);
}

/*
 * The last user is gone. An inode without links gives its blocks back, with a handle of its own or with
 * that of whoever was the last user.
 */
__source("fs/ext4/inode.c:ext4_evict_inode")
void ext4_evict_inode(struct inode *inode)
{
	handle_t *handle;

	if (inode->i_nlink) {
		/* Data in the journal look clean to everybody else. */
		if (ext4_should_journal_data(inode)) {
			jbd2_complete_transaction(EXT4_SB(inode->i_sb)->s_journal,
						  EXT4_I(inode)->i_datasync_tid);
			filemap_write_and_wait(inode->i_mapping);
		}
		truncate_inode_pages_final(&inode->i_data);
		return;
	}
	truncate_inode_pages_final(&inode->i_data);
	/* The commit may have dirtied the inode up to here, and nobody can from here on. */
	if (__since("ceff86fddae8", "2020-06-01") && inode->i_io_listed)
		inode_io_list_del(inode);

	handle = ext4_journal_start(inode, EXT4_HT_TRUNCATE, 3);
	if (IS_ERR(handle)) {
		ext4_orphan_del(NULL, inode);
		return;
	}
	inode->i_size = 0;
	ext4_mark_inode_dirty(handle, inode);
	if (inode->i_blocks)
		ext4_truncate(inode);
	ext4_orphan_del(handle, inode);
	ext4_journal_stop(handle);
}

__source("fs/inode.c:evict")
static void evict(struct inode *inode)
{
	if (inode->i_io_listed)
		inode_io_list_del(inode);
	/* The flusher starts nothing new, because of I_FREEING. */
	inode_wait_for_writeback(inode);
	ext4_evict_inode(inode);
	/* Those who wait for I_NEW are woken; whoever still has i_lock has seen I_FREEING. */
	spin_lock(&inode->i_lock);
	spin_unlock(&inode->i_lock);
	__free(inode);
}

/* Writes one inode, of which only its data are modelled, and waits. */
__source("fs/fs-writeback.c:write_inode_now")
int write_inode_now(struct inode *inode, int sync)
{
	struct writeback_control wbc = {
		.sync_mode = sync ? WB_SYNC_ALL : WB_SYNC_NONE,
		.range_end = NR_FOLIOS * PAGE_SIZE - 1,
	};
	int ret;

	inode_wait_for_writeback(inode);
	spin_lock(&inode->i_lock);
	inode->i_state |= I_SYNC;
	spin_unlock(&inode->i_lock);
	ret = do_writepages(inode->i_mapping, &wbc);
	spin_lock(&inode->i_lock);
	inode->i_state &= ~(I_SYNC | I_DIRTY_PAGES);
	spin_unlock(&inode->i_lock);
	return ret;
}

/* The last reference is gone. With links left the inode stays in the cache, unless it is not to. */
__source("fs/inode.c:iput_final")
void iput_final(struct inode *inode)
{
	bool drop = !inode->i_nlink;

	spin_lock(&inode->i_lock);
	if (!drop && !(inode->i_state & I_DONTCACHE)) {
		spin_unlock(&inode->i_lock);
		return;
	}
	if (!drop) {
		inode->i_state |= I_WILL_FREE;
		spin_unlock(&inode->i_lock);
		write_inode_now(inode, 1);
		spin_lock(&inode->i_lock);
		inode->i_state &= ~I_WILL_FREE;
	}
	inode->i_state |= I_FREEING;
	spin_unlock(&inode->i_lock);
	evict(inode);
}
