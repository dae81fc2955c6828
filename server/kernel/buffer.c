/*
 * Buffers of metadata, in the page cache of the block device, and what the journal does to them.
 *
 * Writeback of the device locks a folio and then, one by one, the buffers on it: folio lock before
 * buffer lock.
 */

/* Buffers that a folio of the device may have. */
#define NR_BUFFERS 2

struct buffer_head {
	/* Number of the thread that has BH_Lock, 0: unlocked. */
	int b_locked;
	bool b_dirty;
	/* The journal writes it; dirty for others when the commit has logged it. */
	bool b_jbddirty;
	/* Truncated while a transaction had it: not dirty for anybody any more. */
	bool b_freed;
	bool b_revokevalid;
	bool b_revoked;
	sector_t b_blocknr;
	struct folio *b_folio;
	/* Of the journal_head. */
	spinlock_t b_state_lock;
};

/* The device as an inode, and its one folio. */
static struct inode bdev_inode;
static struct super_block blockdev_superblock;
static struct folio bdev_folio;
struct buffer_head bdev_buffers[NR_BUFFERS];

__source("include/linux/blkdev.h:sb_is_blkdev_sb")
static inline bool sb_is_blkdev_sb(struct super_block *sb)
{
	return sb == &blockdev_superblock;
}

/* ---- lock ---------------------------------------------------------------- */

__source("include/linux/buffer_head.h:lock_buffer")
void lock_buffer(struct buffer_head *bh)
{
	/* test_and_set_bit(BH_Lock); a woken sleeper tries again. */
	__atomic {
		__wait(!bh->b_locked, "buffer lock", bh);
		bh->b_locked = __current();
		__acquire(bh, "buffer lock");
	}
}

__source("fs/buffer.c:unlock_buffer")
void unlock_buffer(struct buffer_head *bh)
{
	/* clear_bit_unlock(BH_Lock). */
	__atomic {
		bh->b_locked = 0;
		__release(bh, "buffer lock");
	}
}

/* ---- lookup -------------------------------------------------------------- */

/* The buffer of a block of the device. Buffers of a folio may come and go, unless something is held. */
__source("fs/buffer.c:__find_get_block_slow")
static struct buffer_head *__find_get_block_slow(struct address_space *bd_mapping, sector_t block,
						 bool atomic)
{
	struct folio *folio = filemap_get_folio(bd_mapping, 0);
	struct buffer_head *ret = NULL;
	int i;

	if (!folio)
		return NULL;
	if (!atomic)
		folio_lock(folio);
	/* Under i_private_lock, or the folio lock. */
	__atomic {
		for (i = 0; i < NR_BUFFERS; i++)
			if (bdev_buffers[i].b_folio == folio && bdev_buffers[i].b_blocknr == block)
				ret = &bdev_buffers[i];
	}
	if (!atomic)
		folio_unlock(folio);
	return ret;
}

/* ---- writeback of the device --------------------------------------------- */

/* The folio is locked; a synchronous writer waits for each of its buffers, also for clean ones. */
__source("fs/buffer.c:__block_write_full_folio")
static void block_write_full_folio(struct folio *folio)
{
	struct buffer_head *bh;

	for (bh = bdev_buffers; bh < bdev_buffers + NR_BUFFERS; bh++) {
		lock_buffer(bh);
		/* test_clear_buffer_dirty(); its I/O, which ends by itself, is left out. */
		__atomic {
			bh->b_dirty = false;
		}
		unlock_buffer(bh);
	}
}

/* fsync() of the device, or sync(2). */
__source("block/fops.c:blkdev_writepages")
void blkdev_writepages(struct address_space *mapping)
{
	struct folio *folio = filemap_get_folio(mapping, 0);

	folio_lock(folio);
	if (folio_clear_dirty_for_io(folio))
		block_write_full_folio(folio);
	folio_unlock(folio);
}

/* ---- the journal --------------------------------------------------------- */

/*
 * The block is in use again: a revoke record must not keep it from being replayed. Another buffer of
 * the same block, in the page cache of the device, may carry the mark too.
 */
__source("fs/jbd2/revoke.c:jbd2_journal_cancel_revoke")
void jbd2_journal_cancel_revoke(handle_t *handle, struct buffer_head *bh)
{
	struct address_space *bh_mapping = bh->b_folio->mapping;
	struct buffer_head *bh2;
	bool need_cancel;

	/* test_set_bit(BH_RevokeValid), test_clear_bit(BH_Revoked); the caller has the buffer locked. */
	__atomic {
		need_cancel = !bh->b_revokevalid || bh->b_revoked;
		bh->b_revokevalid = true;
		bh->b_revoked = false;
	}
	/* Does the buffer belong to the device itself? Then the lookup finds just this one. */
	if (__since("981fcc5674e6", "2026-04-13") && sb_is_blkdev_sb(bh_mapping->host->i_sb))
		return;
	if (!need_cancel)
		return;
	bh2 = __find_get_block_slow(&bdev_inode.i_data, bh->b_blocknr,
				    !__since("f76d4c28a46a", "2025-05-25"));
	if (bh2 && bh2 != bh)
		bh2->b_revoked = false;
}

/* A new block of metadata; the caller has the buffer locked. */
__source("fs/jbd2/transaction.c:jbd2_journal_get_create_access")
int jbd2_journal_get_create_access(handle_t *handle, struct buffer_head *bh)
{
	spin_lock(&bh->b_state_lock);
	bh->b_jbddirty = true;
	spin_unlock(&bh->b_state_lock);
	jbd2_journal_cancel_revoke(handle, bh);
	return 0;
}

/* Data of the file that is in the journal; the page cache knows nothing of it until it is logged. */
__source("fs/buffer.c:mark_buffer_dirty")
void mark_buffer_dirty(struct buffer_head *bh)
{
	struct folio *folio = bh->b_folio;
	struct address_space *mapping = NULL;
	bool was_dirty;

	/* test_set_buffer_dirty(). */
	__atomic {
		was_dirty = bh->b_dirty;
		bh->b_dirty = true;
	}
	if (was_dirty)
		return;
	/* TestSetPageDirty(), and a look at the mapping under the i_pages lock. */
	__atomic {
		if (!folio->dirty)
			mapping = folio->mapping;
		folio->dirty = true;
		folio->tag_dirty = true;
	}
	if (mapping)
		__mark_inode_dirty(mapping->host, I_DIRTY_PAGES);
}

__source("fs/jbd2/transaction.c:__jbd2_journal_unfile_buffer")
static void __jbd2_journal_unfile_buffer(struct buffer_head *bh)
{
	bool jbddirty;

	/* test_clear_buffer_jbddirty(). */
	__atomic {
		jbddirty = bh->b_jbddirty;
		bh->b_jbddirty = false;
	}
	if (jbddirty)
		mark_buffer_dirty(bh);
}

/* The commit has logged the buffer: from now on it is written back like any other. */
__source("fs/jbd2/commit.c:jbd2_journal_commit_transaction")
static void jbd2_journal_forget_buffer(struct buffer_head *bh)
{
	spin_lock(&bh->b_state_lock);
	if (bh->b_freed)
		bh->b_jbddirty = false;
	__jbd2_journal_unfile_buffer(bh);
	spin_unlock(&bh->b_state_lock);
}

/* The folio is cut off; a commit that still has the buffer will find that nobody wants it. */
__source("fs/jbd2/transaction.c:journal_unmap_buffer")
static void journal_unmap_buffer(struct buffer_head *bh)
{
	lock_buffer(bh);
	spin_lock(&bh->b_state_lock);
	bh->b_freed = true;
	bh->b_dirty = false;
	spin_unlock(&bh->b_state_lock);
	unlock_buffer(bh);
}

/* The folio is locked, and cut off as a whole. */
__source("fs/ext4/inode.c:ext4_journalled_invalidate_folio")
static void ext4_journalled_invalidate_folio(struct folio *folio)
{
	if (folio->private)
		journal_unmap_buffer(folio->private);
}
