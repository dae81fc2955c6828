/*
 * ext4: when the size on disk follows i_size.
 *
 * Behind the end of a file, in the block that the end cuts, the disk may hold anything: what somebody
 * stored there through mmap went to disk with the block. When the file grows, these bytes are zeroed
 * in the page cache. If a crash finds the larger size on disk and not the zeros, they can be read. The
 * switches below are the rules that were proposed for i_disksize.
 */

/* The rule of ordered mode and of the first iomap versions: at once, with i_size. */
static inline bool ext4_disksize_at_once(void)
{
	return !__fix("min-end") && !__fix("straddle") && !__fix("straddle-block") &&
	       !__fix("pending") && !__fix("pending-written");
}

/* EXT4_STATE_DISKSIZE_GROW_PENDING: zeros behind an old end are not on disk yet. */
static inline bool ext4_tracks_pending(void)
{
	return __fix("pending") || __fix("pending-written");
}

/* The first file of more than 2 GB sets a flag in the super block: a rare change, which is waited for. */
__source("fs/ext4/inode.c:ext4_do_update_inode")
static void ext4_do_update_inode(handle_t *handle, struct inode *inode)
{
	struct ext4_sb_info *sbi = EXT4_SB(inode->i_sb);

	/* Under the lock of the super block's buffer; the handle is the task's own. */
	__atomic {
		if (EXT4_I(inode)->i_disksize && !sbi->s_large_file) {
			sbi->s_large_file = true;
			ext4_handle_sync(handle);
		}
	}
}

/*
 * The inode goes into the transaction with its size and its extents. They change only with a handle
 * open, and whoever changes them does this afterwards.
 */
__source("fs/ext4/ext4_jbd2.h:ext4_mark_inode_dirty")
static int ext4_mark_inode_dirty(handle_t *handle, struct inode *inode)
{
	ext4_lblk_t b;

	if (FIRST_LARGE_FILE)
		ext4_do_update_inode(handle, inode);
	if (!CRASH)
		return 0;
	/* Under i_raw_lock; the transaction cannot go on while the handle is open. */
	__atomic {
		handle->h_transaction->t_inode.i_size = EXT4_I(inode)->i_disksize;
		for (b = 0; b < NR_BLOCKS; b++)
			handle->h_transaction->t_inode.i_block[b] = EXT4_I(inode)->ext[b];
		handle->h_transaction->t_has_inode = true;
	}
	return 0;
}

/* ---- the file grows ------------------------------------------------------ */

/* The caller has the folio locked: writeback of it that starts later knows of the zeros. */
static void ext4_set_grow_pending(struct inode *inode, ext4_lblk_t lblk)
{
	struct ext4_inode_info *ei = EXT4_I(inode);

	if (__fix("pending") ||
	    (__fix("pending-written") && lblk == ei->i_disksize >> inode->i_blkbits))
		ei->i_grow_pending |= BIT(lblk);
}

/*
 * Zeroes the block that EOF cuts behind EOF, in the page cache. The lookups of iomap_zero_range() are
 * left out: only truncate changes what is mapped there, and the caller holds i_rwsem.
 */
__source("fs/ext4/inode.c:ext4_block_zero_eof@3f60efd65412")
static void ext4_block_zero_eof(struct inode *inode, loff_t from, loff_t newsize)
{
	u32 offset = from & (i_blocksize(inode) - 1);
	u32 length = i_blocksize(inode) - offset;
	struct folio *folio;
	handle_t *handle;

	if (!offset)
		return;
	folio = filemap_grab_folio(inode->i_mapping, from >> PAGE_SHIFT);
	/* The folio is locked; stores through mmap come before or after. */
	__atomic {
		folio_zero_range(folio, offset_in_folio(folio, from), length);
		iomap_set_range_dirty(folio, offset_in_folio(folio, from), length);
		filemap_dirty_folio(inode->i_mapping, folio);
		ext4_set_grow_pending(inode, from >> inode->i_blkbits);
		if (__fix("one-lock"))
			i_size_write(inode, newsize);
		tail_zeroed |= BIT(from >> inode->i_blkbits);
	}
	folio_unlock(folio);

	if (__fix("ordered")) {
		handle = ext4_journal_start(inode, EXT4_HT_INODE, 1);
		jbd2_journal_inode_ranged_write(handle, inode);
		ext4_journal_stop(handle);
	}
	if (__fix("write-tail-first"))
		filemap_write_and_wait_range(inode->i_mapping, from, from);
}

/* Is i_disksize left to the completion of writeback? The caller holds i_data_sem for writing. */
static bool ext4_defers_disksize(struct inode *inode, bool pending)
{
	if (ext4_tracks_pending())
		return pending || __fix("always-defer");
	/* Nothing was zeroed where i_disksize does not cut a block. */
	if (__fix("straddle") || __fix("straddle-block"))
		return (EXT4_I(inode)->i_disksize & (i_blocksize(inode) - 1)) != 0;
	return !ext4_disksize_at_once();
}

/* The larger size, after what lies behind the old one was zeroed. */
__source("fs/ext4/inode.c:ext4_set_inode_size")
static int ext4_grow_inode_size(struct inode *inode, loff_t newsize)
{
	struct ext4_inode_info *ei = EXT4_I(inode);
	bool pending = false;
	handle_t *handle;

	if (__fix("query-before") && !__fix("query-locked"))
		pending = READ_ONCE(ei->i_grow_pending) != 0;

	handle = ext4_journal_start(inode, EXT4_HT_INODE, 1);
	if (IS_ERR(handle))
		return PTR_ERR(handle);
	down_write(&ei->i_data_sem);
	if (!__fix("query-before") || __fix("query-locked"))
		pending = ei->i_grow_pending != 0;
	if (!ext4_defers_disksize(inode, pending))
		ei->i_disksize = newsize;
	ext4_mark_inode_dirty(handle, inode);
	if (!__fix("one-lock"))
		i_size_write(inode, newsize);
	up_write(&ei->i_data_sem);
	ext4_journal_stop(handle);
	return 0;
}

/* ---- writeback completes ------------------------------------------------- */

/* The block was added to the ioend with its folio locked: were its zeros in the page cache then? */
static void ext4_iomap_note_pending(struct inode *inode, struct iomap_ioend *ioend, loff_t pos)
{
	if (!ext4_tracks_pending() || !ioend)
		return;
	/* Not submitted: nobody else can reach it. */
	__atomic {
		ioend->io_grow |= EXT4_I(inode)->i_grow_pending & BIT(pos >> inode->i_blkbits);
	}
}

/*
 * Zeros of this ioend are on disk now. While there are others that are not, the size stays: it goes
 * to i_size with the last of them.
 */
static void ext4_iomap_clear_pending(struct inode *inode, struct iomap_ioend *ioend, loff_t end)
{
	struct ext4_inode_info *ei = EXT4_I(inode);
	loff_t newsize;
	u32 done;

	/* Off the list: nobody else can reach it. */
	__atomic {
		done = ioend->io_grow;
		ioend->io_grow = 0;
	}
	down_write(&ei->i_data_sem);
	/* clear_bit(): marks are set under the folio lock, which is not held here. */
	__atomic {
		ei->i_grow_pending &= ~done;
	}
	newsize = done ? i_size_read(inode) : min_t(loff_t, end, i_size_read(inode));
	if (!ei->i_grow_pending && newsize > ei->i_disksize)
		WRITE_ONCE(ei->i_disksize, newsize);
	up_write(&ei->i_data_sem);
}

/* Does the range have a byte of the block that i_disksize cuts? */
static bool ext4_range_has_disksize(struct inode *inode, loff_t pos, loff_t end)
{
	u8 blkbits = inode->i_blkbits;
	loff_t lblk = READ_ONCE(EXT4_I(inode)->i_disksize) >> blkbits;

	return pos >> blkbits <= lblk && lblk <= (end - 1) >> blkbits;
}

/* The I/O is done and its extents are converted; the caller holds a handle. */
static void ext4_iomap_update_disksize(struct inode *inode, struct iomap_ioend *ioend, loff_t pos,
				       loff_t end)
{
	loff_t disksize;

	if (ext4_tracks_pending())
		return ext4_iomap_clear_pending(inode, ioend, end);
	if (__fix("straddle-block")) {
		if (ext4_range_has_disksize(inode, pos, end))
			ext4_wb_update_i_disksize(inode, i_size_read(inode));
		return;
	}
	disksize = READ_ONCE(EXT4_I(inode)->i_disksize);
	/* Proposed 25 June 2026: the ioend of the block that i_disksize cuts moves it, and no other. */
	if (__fix("straddle")) {
		if (pos <= disksize && end > disksize)
			ext4_wb_update_i_disksize(inode, i_size_read(inode));
		return;
	}
	if (end > disksize)
		ext4_wb_update_i_disksize(inode, end);
}

/* Must the completion run in a worker, to change sizes with a handle? */
static bool ext4_iomap_end_needs_worker(struct inode *inode, loff_t end)
{
	return !ext4_disksize_at_once() || end > EXT4_I(inode)->i_disksize;
}
