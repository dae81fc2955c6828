/*
 * ext4: write(2), direct and through the page cache.
 *
 * A direct write that cannot go on (a hole of an inode without extents, pages that stay in the
 * cache) writes the rest through the page cache, and writes back and drops what it has cached there
 * with no lock held.
 */

/* No inode of the model is protected by verity or keeps its data in the inode. */
static inline bool fsverity_active(struct inode *inode)
{
	return false;
}

static inline bool ext4_has_inline_data(struct inode *inode)
{
	return false;
}

/* ---- what may be written directly ---------------------------------------- */

/* 0: no direct I/O; 1: whatever iomap asks for. */
__source("fs/ext4/inode.c:ext4_dio_alignment")
u32 ext4_dio_alignment(struct inode *inode)
{
	if (fsverity_active(inode))
		return 0;
	if (__fix("no-dio") && !ext4_test_inode_flag(inode, EXT4_INODE_EXTENTS))
		return 0;
	if (ext4_should_journal_data(inode))
		return 0;
	if (ext4_has_inline_data(inode))
		return 0;
	return 1;
}

__source("fs/ext4/file.c:ext4_should_use_dio")
static bool ext4_should_use_dio(struct kiocb *iocb, struct iov_iter *iter)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	u32 dio_align = ext4_dio_alignment(inode);

	if (dio_align == 0)
		return false;
	return true;
}

__source("fs/ext4/file.c:ext4_extending_io")
static bool ext4_extending_io(struct inode *inode, loff_t offset, size_t len)
{
	return offset + len > i_size_read(inode) || offset + len > EXT4_I(inode)->i_disksize;
}

/* Is the whole range allocated and written? */
__source("fs/ext4/file.c:ext4_overwrite_io")
static bool ext4_overwrite_io(struct inode *inode, loff_t pos, loff_t len)
{
	struct ext4_map_blocks map;
	unsigned int blklen;
	int err;

	if (pos + len > i_size_read(inode))
		return false;
	map.m_lblk = pos >> inode->i_blkbits;
	blklen = (round_up(pos + len, i_blocksize(inode)) >> inode->i_blkbits) - map.m_lblk;
	map.m_len = blklen;
	err = ext4_map_blocks(NULL, inode, &map, 0);
	return err == blklen && (map.m_flags & EXT4_MAP_MAPPED);
}

static bool ext4_partial_needs_zeroing(struct inode *inode, loff_t pos)
{
	struct ext4_map_blocks map;
	int err;

	if (!(pos & (i_blocksize(inode) - 1)))
		return false;
	map.m_lblk = pos >> inode->i_blkbits;
	map.m_len = 1;
	err = ext4_map_blocks(NULL, inode, &map, 0);
	return err <= 0 || !(map.m_flags & EXT4_MAP_MAPPED);
}

/* Would the direct I/O layer zero a part of the first or the last block? */
__source("fs/ext4/file.c:ext4_dio_needs_zeroing@07961ebb09c9")
static bool ext4_dio_needs_zeroing(struct inode *inode, loff_t pos, loff_t len)
{
	if (pos + len > i_size_read(inode))
		return true;
	return ext4_partial_needs_zeroing(inode, pos) ||
	       ext4_partial_needs_zeroing(inode, pos + len);
}

/* ---- direct writes ------------------------------------------------------- */

/* Sizes of an extending write; the caller holds i_rwsem exclusively. */
__source("fs/ext4/file.c:ext4_handle_inode_extension")
static ssize_t ext4_handle_inode_extension(struct inode *inode, loff_t offset, ssize_t count)
{
	handle_t *handle = ext4_journal_start(inode, EXT4_HT_INODE, 2);

	if (IS_ERR(handle))
		return PTR_ERR(handle);
	if (offset + count > i_size_read(inode))
		i_size_write(inode, offset + count);
	ext4_update_i_disksize(inode, offset + count);
	ext4_mark_inode_dirty(handle, inode);
	ext4_journal_stop(handle);
	return count;
}

__source("fs/ext4/file.c:ext4_dio_write_end_io")
static int ext4_dio_write_end_io(struct kiocb *iocb, ssize_t size, int error, unsigned flags)
{
	loff_t pos = iocb->ki_pos;
	struct inode *inode = file_inode(iocb->ki_filp);

	if (!error && size && (flags & IOMAP_DIO_UNWRITTEN))
		error = ext4_convert_unwritten_extents(NULL, inode, pos, size);
	if (error)
		return error;
	if (pos + size <= READ_ONCE(EXT4_I(inode)->i_disksize) &&
	    pos + size <= i_size_read(inode))
		return 0;
	error = ext4_handle_inode_extension(inode, pos, size);
	return error < 0 ? error : 0;
}

static const struct iomap_dio_ops ext4_dio_write_ops = {
	.end_io = ext4_dio_write_end_io,
};

/* May the write share i_rwsem with others? Nobody allocates or changes sizes under it then. */
static bool ext4_dio_needs_exclusive(struct inode *inode, loff_t offset, size_t count)
{
	if (ext4_extending_io(inode, offset, count))
		return true;
	if (__fix("exclusive-dio") && !ext4_test_inode_flag(inode, EXT4_INODE_EXTENTS))
		return true;
	if (__since("07961ebb09c9", "2026-06-15"))
		return ext4_dio_needs_zeroing(inode, offset, count);
	return !ext4_overwrite_io(inode, offset, count);
}

/* Settles the lock: taken shared by the caller, exchanged for an exclusive one where needed. */
__source("fs/ext4/file.c:ext4_dio_write_checks")
static ssize_t ext4_dio_write_checks(struct kiocb *iocb, struct iov_iter *from,
				     bool *ilock_shared, bool *extend, int *dio_flags)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	loff_t offset;
	size_t count;

restart:
	offset = iocb->ki_pos;
	count = iov_iter_count(from);
	*extend = ext4_extending_io(inode, offset, count);

	if (*ilock_shared && ext4_dio_needs_exclusive(inode, offset, count)) {
		if (iocb->ki_flags & IOCB_NOWAIT) {
			inode_unlock_shared(inode);
			return -EAGAIN;
		}
		inode_unlock_shared(inode);
		*ilock_shared = false;
		inode_lock(inode);
		goto restart;
	}
	if (!*ilock_shared && (*extend || ext4_dio_needs_zeroing(inode, offset, count))) {
		inode_dio_wait(inode);
		*dio_flags = IOMAP_DIO_FORCE_WAIT;
	}
	if (__fix("exclusive-dio") && !ext4_test_inode_flag(inode, EXT4_INODE_EXTENTS))
		*dio_flags = IOMAP_DIO_FORCE_WAIT;
	return count;
}

__source("fs/ext4/file.c:ext4_buffered_write_iter")
static ssize_t ext4_buffered_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	ssize_t ret;

	inode_lock(inode);
	/* Direct I/O that is in flight would find our dirty pages when it completes. */
	if (__since("15cdefd0c052", "2026-08-17"))
		inode_dio_wait(inode);
	ret = generic_perform_write(iocb, from);
	inode_unlock(inode);
	return ret;
}

__source("fs/ext4/file.c:ext4_dio_write_iter")
static ssize_t ext4_dio_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	loff_t offset = iocb->ki_pos;
	size_t count = iov_iter_count(from);
	bool ilock_shared = true;
	bool extend = false;
	int dio_flags = 0;
	ssize_t ret;

	if (offset + count > i_size_read(inode))
		ilock_shared = false;
	if (ilock_shared)
		inode_lock_shared(inode);
	else
		inode_lock(inode);

	if (!ext4_should_use_dio(iocb, from)) {
		if (ilock_shared)
			inode_unlock_shared(inode);
		else
			inode_unlock(inode);
		return ext4_buffered_write_iter(iocb, from);
	}

	ret = ext4_dio_write_checks(iocb, from, &ilock_shared, &extend, &dio_flags);
	if (ret <= 0)
		return ret;

	ret = iomap_dio_rw(iocb, from, &ext4_iomap_ops, &ext4_dio_write_ops, dio_flags);
	if (ret == -ENOTBLK)
		ret = 0;

	if (ilock_shared)
		inode_unlock_shared(inode);
	else
		inode_unlock(inode);

	if (ret >= 0 && iov_iter_count(from)) {
		struct address_space *mapping = iocb->ki_filp->f_mapping;
		loff_t endbyte;
		ssize_t err;

		/* Proposed in June 2026; direct I/O does not take this lock. */
		if (__fix("fallback-invalidate-lock"))
			filemap_invalidate_lock(mapping);
		offset = iocb->ki_pos;
		err = ext4_buffered_write_iter(iocb, from);
		if (err < 0)
			return err;
		endbyte = offset + err - 1;
		err = filemap_write_and_wait_range(mapping, offset, endbyte);
		if (!err)
			invalidate_mapping_pages(mapping, offset >> PAGE_SHIFT,
						 endbyte >> PAGE_SHIFT);
		if (__fix("fallback-invalidate-lock"))
			filemap_invalidate_unlock(mapping);
	}
	return ret;
}

__source("fs/ext4/file.c:ext4_file_write_iter")
ssize_t ext4_file_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	if (iocb->ki_flags & IOCB_DIRECT)
		return ext4_dio_write_iter(iocb, from);
	return ext4_buffered_write_iter(iocb, from);
}
