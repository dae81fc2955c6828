/*
 * iomap: iteration over mappings and zeroing through the page cache.
 */

/* ---- iteration ----------------------------------------------------------- */

__source("include/linux/iomap.h:iomap_length")
static inline u64 iomap_length(const struct iomap_iter *iter)
{
	u64 end = iter->iomap.offset + iter->iomap.length;

	return min_t(u64, iter->len, end - iter->pos);
}

__source("include/linux/iomap.h:iomap_iter_srcmap")
static inline const struct iomap *iomap_iter_srcmap(const struct iomap_iter *iter)
{
	if (iter->srcmap.type != IOMAP_HOLE)
		return &iter->srcmap;
	return &iter->iomap;
}

__source("fs/iomap/iter.c:iomap_iter_advance")
int iomap_iter_advance(struct iomap_iter *iter, u64 count)
{
	if (WARN_ON_ONCE(count > iomap_length(iter)))
		return -EIO;
	iter->pos += count;
	iter->len -= count;
	return 0;
}

__source("include/linux/iomap.h:iomap_iter_advance_full")
static inline int iomap_iter_advance_full(struct iomap_iter *iter)
{
	return iomap_iter_advance(iter, iomap_length(iter));
}

static void iomap_drop_batch(struct iomap_iter *iter)
{
	if (iter->fbatch != &iter->onstack)
		kfree(iter->fbatch);
	iter->fbatch = NULL;
}

__source("fs/iomap/iter.c:iomap_iter_reset_iomap")
static inline void iomap_iter_reset_iomap(struct iomap_iter *iter)
{
	if (iter->fbatch)
		iomap_drop_batch(iter);
	iter->status = 0;
	iter->iomap = (struct iomap){ 0 };
	iter->srcmap = (struct iomap){ 0 };
}

/* Returns 1 with a mapping, 0 at the end, or an error. A stale mapping is looked up again. */
__source("fs/iomap/iter.c:iomap_iter")
int iomap_iter(struct iomap_iter *iter, const struct iomap_ops *ops)
{
	bool stale = iter->iomap.flags & IOMAP_F_STALE;
	bool advanced = iter->pos > iter->iter_start_pos;
	int ret;

	if (!iter->iomap.length)
		goto begin;

	if (ops->iomap_end) {
		u64 advance = iter->pos - iter->iter_start_pos;

		ret = ops->iomap_end(iter->inode, iter->iter_start_pos,
				     iomap_length(iter) + advance, advance, iter->flags,
				     &iter->iomap);
		if (ret < 0 && !advanced)
			return ret;
	}

	if (iter->status < 0)
		ret = iter->status;
	else if (iter->len == 0 || (!advanced && !stale))
		ret = 0;
	else
		ret = 1;
	iomap_iter_reset_iomap(iter);
	if (ret <= 0)
		return ret;

begin:
	iter->iter_start_pos = iter->pos;
	ret = ops->iomap_begin(iter->inode, iter->pos, iter->len, iter->flags, &iter->iomap,
			       &iter->srcmap);
	if (ret < 0)
		return ret;
	return 1;
}

/* What the file system has of a block now, whatever a mapping says: delayed ones are no holes. */
static enum block_status iomap_block_now(struct inode *inode, u64 block)
{
	if (inode->xfs.i_mount)
		return inode->xfs.i_df.if_ext[block];
	if (inode->ext4.es[block] == EXTENT_STATUS_DELAYED)
		return EXTENT_STATUS_DELAYED;
	return inode->ext4.ext[block];
}

/* Are all blocks of the range there, so that they may be dirtied; or allocated, so that they may be written? */
static bool iomap_range_is_there(struct inode *inode, loff_t pos, u64 len, bool allocated)
{
	u64 b, end = (pos + len - 1) >> BLKBITS;

	for (b = pos >> BLKBITS; b <= end; b++) {
		enum block_status now = iomap_block_now(inode, b);

		if (now == EXTENT_STATUS_HOLE || (allocated && now == EXTENT_STATUS_DELAYED))
			return false;
	}
	return true;
}

/* ---- one folio of a write or zero iteration ------------------------------ */

__source("fs/iomap/buffered-io.c:iomap_set_range_dirty")
static void iomap_set_range_dirty(struct folio *folio, u32 off, u32 len)
{
	u32 b;

	/* Under the state_lock of the iomap_folio_state. */
	__atomic {
		for (b = off >> BLKBITS; b <= (off + len - 1) >> BLKBITS; b++)
			folio->bdirty |= BIT(b);
	}
}

__source("fs/iomap/buffered-io.c:iomap_clear_range_dirty")
static void iomap_clear_range_dirty(struct folio *folio)
{
	folio->bdirty = 0;
}

/* The next folio of the batch, or any folio at the position; returned locked. */
__source("fs/iomap/buffered-io.c:__iomap_get_folio")
static struct folio *__iomap_get_folio(struct iomap_iter *iter)
{
	loff_t pos = iter->pos;

	if (iter->fbatch) {
		struct folio *folio = folio_batch_next(iter->fbatch);

		if (!folio)
			return NULL;
		folio_lock(folio);
		if (unlikely(folio->mapping != iter->inode->i_mapping)) {
			iter->iomap.flags |= IOMAP_F_STALE;
			folio_unlock(folio);
			return NULL;
		}
		return folio;
	}

	return filemap_grab_folio(iter->inode->i_mapping, pos >> PAGE_SHIFT);
}

__source("fs/iomap/buffered-io.c:__iomap_put_folio")
static void __iomap_put_folio(struct iomap_iter *iter, struct folio *folio)
{
	folio_unlock(folio);
}

/*
 * Returns the folio locked. A batch that has no folio left returns NULL, and that is before the
 * mapping is looked at: an empty batch is never revalidated.
 */
__source("fs/iomap/buffered-io.c:iomap_write_begin")
static int iomap_write_begin(struct iomap_iter *iter, const struct iomap_write_ops *write_ops,
			     struct folio **foliop, size_t *poffset, u64 *plen)
{
	struct folio *folio;

	folio = __iomap_get_folio(iter);
	if (!folio)
		return 0;

	if (write_ops && write_ops->iomap_valid) {
		if (!write_ops->iomap_valid(iter->inode, &iter->iomap)) {
			iter->iomap.flags |= IOMAP_F_STALE;
			goto out_unlock;
		}
	}

	/* The folios of a batch need not be contiguous. */
	if (iter->fbatch && folio_pos(folio) > iter->pos)
		iomap_iter_advance(iter, min_t(u64, folio_pos(folio) - iter->pos,
					       iomap_length(iter)));

	*poffset = offset_in_folio(folio, iter->pos);
	*plen = min_t(u64, iomap_length(iter), folio_size(folio) - *poffset);
	*foliop = folio;
	return 0;

out_unlock:
	__iomap_put_folio(iter, folio);
	return 0;
}

__source("fs/iomap/buffered-io.c:iomap_write_end")
static bool iomap_write_end(struct iomap_iter *iter, u64 len, struct folio *folio)
{
	/* The bits of the blocks are only looked at under the folio lock, which is held. */
	__atomic {
		__require(iomap_iter_srcmap(iter)->type == IOMAP_HOLE ||
				  iomap_range_is_there(iter->inode, iter->pos, len, false),
			  "the mapping still has the blocks, under the folio lock", "RL-STALE-MAP");
		iomap_set_range_dirty(folio, offset_in_folio(folio, iter->pos), len);
		filemap_dirty_folio(iter->inode->i_mapping, folio);
	}
	return true;
}

/* ---- zeroing ------------------------------------------------------------- */

/*
 * Collects the dirty folios of a mapping for the caller, from inside ->iomap_begin. Without
 * memory there is no batch, and the whole range counts as looked at.
 */
__source("fs/iomap/buffered-io.c:iomap_fill_dirty_folios")
loff_t iomap_fill_dirty_folios(struct iomap_iter *iter, loff_t offset, loff_t length)
{
	struct address_space *mapping = iter->inode->i_mapping;
	pgoff_t start = offset >> PAGE_SHIFT;
	pgoff_t end = (offset + length - 1) >> PAGE_SHIFT;

	/* IOMAP_F_FOLIO_BATCH of that commit is the pointer here: "the file system has looked". */
	if (__since("ed61378b4dc6", "2026-02-09"))
		iter->fbatch = &iter->onstack;
	else
		iter->fbatch = kmalloc(sizeof(struct folio_batch), GFP_KERNEL);
	if (!iter->fbatch) {
		if (__fix("enomem"))
			return -ENOMEM;
		return offset + length;
	}
	folio_batch_init(iter->fbatch);

	filemap_get_folios_dirty(mapping, &start, end, iter->fbatch);
	/* The other reading of "there is a batch": something was found. */
	if (__fix("batch-if-found") && !iter->fbatch->nr)
		iomap_drop_batch(iter);
	return start << PAGE_SHIFT;
}

/* Zeroes the part of the mapping that is in the page cache, folio by folio. */
__source("fs/iomap/buffered-io.c:iomap_zero_iter")
static int iomap_zero_iter(struct iomap_iter *iter, bool *did_zero,
			   const struct iomap_write_ops *write_ops)
{
	u64 bytes = iomap_length(iter);
	int status;

	do {
		struct folio *folio = NULL;
		size_t offset;
		bool ret;

		bytes = min_t(u64, SIZE_MAX, bytes);
		status = iomap_write_begin(iter, write_ops, &folio, &offset, &bytes);
		if (status)
			return status;
		if (iter->iomap.flags & IOMAP_F_STALE)
			break;

		/* The batch is exhausted: nothing dirty in the rest of the mapping. */
		if (!folio) {
			status = iomap_iter_advance_full(iter);
			break;
		}

		/* A folio beyond EOF will never be written back. */
		WARN_ON_ONCE(folio_pos(folio) > iter->inode->i_size);

		folio_zero_range(folio, offset, bytes);
		folio_mark_accessed(folio);

		ret = iomap_write_end(iter, bytes, folio);
		__iomap_put_folio(iter, folio);
		if (WARN_ON_ONCE(!ret))
			return -EIO;

		status = iomap_iter_advance(iter, bytes);
		if (status)
			break;
	} while ((bytes = iomap_length(iter)) > 0);

	if (did_zero)
		*did_zero = true;
	return status;
}

/* Writes the rest of the range back, so that a second lookup tells what has become of it. */
__source("fs/iomap/buffered-io.c:iomap_zero_iter_flush_and_stale")
static inline int iomap_zero_iter_flush_and_stale(struct iomap_iter *i)
{
	struct address_space *mapping = i->inode->i_mapping;
	loff_t end = i->pos + i->len - 1;

	i->iomap.flags |= IOMAP_F_STALE;
	return filemap_write_and_wait_range(mapping, i->pos, end);
}

/*
 * Zeroes a byte range. Holes and unwritten extents read as zeros already, unless there is dirty
 * data over them in the page cache: then the caller's batch says which folios, or the range is
 * written back and looked up again.
 */
__source("fs/iomap/buffered-io.c:iomap_zero_range")
int iomap_zero_range(struct inode *inode, loff_t pos, loff_t len, bool *did_zero,
		     const struct iomap_ops *ops, const struct iomap_write_ops *write_ops,
		     void *private)
{
	struct iomap_iter iter = {
		.inode = inode,
		.pos = pos,
		.len = len,
		.flags = IOMAP_ZERO,
		.private = private,
	};
	struct address_space *mapping = inode->i_mapping;
	int ret;
	bool range_dirty;

	/* Tested once, before the first lookup: a test after it would race with writeback. */
	range_dirty = filemap_range_needs_writeback(mapping, iter.pos, iter.pos + iter.len - 1);
	while ((ret = iomap_iter(&iter, ops)) > 0) {
		const struct iomap *srcmap = iomap_iter_srcmap(&iter);

		if (WARN_ON_ONCE(!__fix("batch-holes") && iter.fbatch &&
				 srcmap->type != IOMAP_UNWRITTEN))
			return -EIO;

		/* Proposed 6 August 2025. */
		if (__fix("dirty-per-mapping"))
			range_dirty = filemap_range_needs_writeback(
				mapping, iter.pos, iter.pos + iomap_length(&iter) - 1);

		/* Proposed 21 and 28 July 2025: a mapping that is revalidated needs no flush. */
		if (__fix("iomap-valid") && !iter.fbatch && range_dirty && write_ops->iomap_valid &&
		    srcmap->type == IOMAP_UNWRITTEN) {
			iter.status = iomap_zero_iter(&iter, did_zero, write_ops);
			continue;
		}
		if (__fix("iomap-valid") && write_ops->iomap_valid && srcmap->type == IOMAP_HOLE) {
			iter.status = iomap_iter_advance_full(&iter);
			continue;
		}

		/* Writeback does not change a hole, so there is nothing to flush for it. */
		if (__since("a35bb0dec955", "2026-04-13") && !iter.fbatch &&
		    srcmap->type == IOMAP_HOLE) {
			iter.status = iomap_iter_advance_full(&iter);
			continue;
		}

		if (!iter.fbatch &&
		    (srcmap->type == IOMAP_HOLE ||
		     srcmap->type == IOMAP_UNWRITTEN)) {
			s64 status;

			if (range_dirty) {
				range_dirty = false;
				status = iomap_zero_iter_flush_and_stale(&iter);
			} else {
				status = iomap_iter_advance_full(&iter);
			}
			iter.status = status;
			continue;
		}

		iter.status = iomap_zero_iter(&iter, did_zero, write_ops);
	}
	return ret;
}
