/*
 * iomap: buffered writes and stores through a mapping.
 */

/* ---- write(2) ------------------------------------------------------------ */

/* The size grows under the lock of the folio that was written, and under i_rwsem. */
__source("fs/iomap/buffered-io.c:iomap_write_iter")
static int iomap_write_iter(struct iomap_iter *iter, struct iov_iter *i,
			    const struct iomap_write_ops *write_ops)
{
	int status = 0;

	do {
		struct folio *folio = NULL;
		loff_t pos = iter->pos;
		loff_t old_size;
		size_t offset;
		u64 bytes = min_t(u64, iomap_length(iter), PAGE_SIZE - (pos & (PAGE_SIZE - 1)));

		/* Nothing may fault while a folio is locked. */
		if (fault_in_iov_iter_readable(i, bytes) == bytes) {
			status = -EFAULT;
			break;
		}
		status = iomap_write_begin(iter, write_ops, &folio, &offset, &bytes);
		if (status || (iter->iomap.flags & IOMAP_F_STALE))
			break;
		bytes = min_t(u64, bytes, iov_iter_count(i));
		copy_folio_from_iter(folio, offset, bytes, i);
		iomap_write_end(iter, bytes, folio);

		old_size = iter->inode->i_size;
		if (pos + bytes > old_size)
			i_size_write(iter->inode, pos + bytes);
		__iomap_put_folio(iter, folio);

		if (old_size < pos)
			pagecache_isize_extended(iter->inode, old_size, pos);
		status = iomap_iter_advance(iter, bytes);
	} while (!status && iov_iter_count(i) && iomap_length(iter));
	return status;
}

__source("fs/iomap/buffered-io.c:iomap_file_buffered_write")
ssize_t iomap_file_buffered_write(struct kiocb *iocb, struct iov_iter *i,
				  const struct iomap_ops *ops,
				  const struct iomap_write_ops *write_ops)
{
	struct iomap_iter iter = {
		.inode = file_inode(iocb->ki_filp),
		.pos = iocb->ki_pos,
		.len = iov_iter_count(i),
		.flags = IOMAP_WRITE,
	};
	ssize_t ret;

	while ((ret = iomap_iter(&iter, ops)) > 0)
		iter.status = iomap_write_iter(&iter, i, write_ops);
	if (iter.pos == iocb->ki_pos)
		return ret;
	ret = iter.pos - iocb->ki_pos;
	iocb->ki_pos = iter.pos;
	return ret;
}

/* ---- a write that failed ------------------------------------------------- */

/*
 * Gives up the reservation of a range but for dirty folios, which somebody else has stored into: it is
 * theirs now. *punch_start is where the next part to give up begins.
 */
__source("fs/iomap/buffered-io.c:iomap_write_delalloc_scan")
static int iomap_write_delalloc_scan(struct inode *inode, loff_t *punch_start, loff_t start,
				     loff_t end,
				     int (*punch)(struct inode *inode, loff_t offset, loff_t length))
{
	struct folio *folio;

	for (; start < end; start = round_down(start, PAGE_SIZE) + PAGE_SIZE) {
		folio = filemap_lock_folio(inode->i_mapping, start >> PAGE_SHIFT);
		if (!folio)
			continue;
		if (folio->dirty) {
			if (start > *punch_start)
				punch(inode, *punch_start, start - *punch_start);
			*punch_start = min_t(loff_t, end, folio_pos(folio) + folio_size(folio));
		}
		folio_unlock(folio);
	}
	return 0;
}

/* invalidate_lock keeps faults out from the look at the page cache to the end of the reservation. */
__source("fs/iomap/buffered-io.c:iomap_write_delalloc_release")
static int iomap_write_delalloc_release(struct inode *inode, loff_t start_byte, loff_t end_byte,
					int (*punch)(struct inode *inode, loff_t offset,
						     loff_t length))
{
	loff_t punch_start_byte = start_byte;
	int error;

	filemap_invalidate_lock(inode->i_mapping);
	error = iomap_write_delalloc_scan(inode, &punch_start_byte, start_byte, end_byte, punch);
	if (!error && punch_start_byte < end_byte)
		error = punch(inode, punch_start_byte, end_byte - punch_start_byte);
	filemap_invalidate_unlock(inode->i_mapping);
	return error;
}

/* What this write has reserved and not written. */
__source("fs/iomap/buffered-io.c:iomap_file_buffered_write_punch_delalloc")
int iomap_file_buffered_write_punch_delalloc(struct inode *inode, struct iomap *iomap, loff_t pos,
					     loff_t length, ssize_t written,
					     int (*punch)(struct inode *inode, loff_t offset,
							  loff_t length))
{
	loff_t start_byte = round_up(pos + written, i_blocksize(inode));
	loff_t end_byte = round_up(pos + length, i_blocksize(inode));

	if (iomap->type != IOMAP_DELALLOC || !(iomap->flags & IOMAP_F_NEW))
		return 0;
	if (start_byte >= end_byte)
		return 0;
	return iomap_write_delalloc_release(inode, start_byte, end_byte, punch);
}

/* ---- stores -------------------------------------------------------------- */

__source("fs/iomap/buffered-io.c:iomap_folio_mkwrite_iter")
static int iomap_folio_mkwrite_iter(struct iomap_iter *iter, struct folio *folio)
{
	/* All blocks, also those behind the end of the file that nothing was reserved for. */
	folio_mark_dirty(folio);
	return iomap_iter_advance(iter, iomap_length(iter));
}

/* Reserves what lies inside the file; the folio is locked when it returns. */
__source("fs/iomap/buffered-io.c:iomap_page_mkwrite")
int iomap_page_mkwrite(struct vm_fault *vmf, const struct iomap_ops *ops)
{
	struct iomap_iter iter = {
		.inode = vmf->vma->vm_mapping->host,
		.flags = IOMAP_WRITE,
	};
	struct folio *folio = vmf->folio;
	int ret;

	folio_lock(folio);
	ret = folio_mkwrite_check_truncate(folio, iter.inode);
	if (ret < 0)
		goto out_unlock;
	iter.pos = folio_pos(folio);
	iter.len = ret;
	while ((ret = iomap_iter(&iter, ops)) > 0)
		iter.status = iomap_folio_mkwrite_iter(&iter, folio);
	if (ret < 0)
		goto out_unlock;
	folio_wait_stable(folio);
	return VM_FAULT_LOCKED;

out_unlock:
	folio_unlock(folio);
	return VM_FAULT_NOPAGE;
}
