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

/* Removes all folios; data in the journal are taken back first. */
__source("mm/truncate.c:truncate_inode_pages_final")
static void truncate_inode_pages_final(struct address_space *mapping, struct buffer_head *bh)
{
	struct folio *folio = filemap_lock_folio(mapping, 0);

	if (!folio)
		return;
	folio_wait_writeback(folio);
	/* ext4_journalled_invalidate_folio() */
	journal_unmap_buffer(bh);
	truncate_inode_folio(mapping, folio);
	folio_unlock(folio);
}

/* The last link and the last user are gone. */
__source("fs/ext4/inode.c:ext4_evict_inode")
void ext4_evict_inode(struct inode *inode, struct buffer_head *bh)
{
	handle_t *handle;

	truncate_inode_pages_final(&inode->i_data, bh);
	/* The commit may have dirtied the inode up to here, and nobody can from here on. */
	if (__since("ceff86fddae8", "2020-06-01") && inode->i_io_listed)
		inode_io_list_del(inode);

	handle = ext4_journal_start(inode, EXT4_HT_TRUNCATE, 3);
	if (!IS_ERR(handle))
		ext4_journal_stop(handle);
}

__source("fs/inode.c:evict")
static void evict(struct inode *inode, struct buffer_head *bh)
{
	if (inode->i_io_listed)
		inode_io_list_del(inode);
	/* The flusher starts nothing new, because of I_FREEING. */
	inode_wait_for_writeback(inode);
	ext4_evict_inode(inode, bh);
	/* Those who wait for I_NEW are woken; whoever still has i_lock has seen I_FREEING. */
	spin_lock(&inode->i_lock);
	spin_unlock(&inode->i_lock);
	__free(inode);
}

__source("fs/inode.c:iput_final")
void iput_final(struct inode *inode, struct buffer_head *bh)
{
	spin_lock(&inode->i_lock);
	inode->i_state |= I_FREEING;
	spin_unlock(&inode->i_lock);
	evict(inode, bh);
}
