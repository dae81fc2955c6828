/*
 * iomap: ioends and buffered writeback.
 *
 * An ioend that is not submitted yet can only be reached by the task that builds it: it is read
 * and changed in one step.
 */

/* ---- ioends -------------------------------------------------------------- */

static struct iomap_ioend iomap_ioend_pool[NR_IOENDS] __pool;

__source("fs/iomap/buffered-io.c:iomap_finish_folio_write")
static void iomap_finish_folio_write(struct inode *inode, struct folio *folio, size_t len)
{
	/* Only completions look at the count, and only the one that takes the last goes on. */
	__atomic {
		if (atomic_sub_and_test(len, &folio->write_bytes_pending))
			folio_end_writeback(folio);
	}
}

/* Ends writeback of every folio of a completed bio; folios under writeback stay in the cache. */
static void bio_finish_folios(struct bio *bio)
{
	struct address_space *mapping;
	struct folio *folio;
	loff_t pos, end, next;

	/* Completed: nobody else can reach the bio. */
	__atomic {
		mapping = bio->bi_mapping;
		pos = bio->bi_pos;
		end = bio->bi_pos + bio->bi_size;
	}
	while (pos < end) {
		next = min_t(loff_t, end, round_down(pos, PAGE_SIZE) + PAGE_SIZE);
		folio = filemap_get_folio(mapping, pos >> PAGE_SHIFT);
		iomap_finish_folio_write(mapping->host, folio, next - pos);
		pos = next;
	}
}

__source("fs/iomap/ioend.c:iomap_finish_ioend_buffered")
__source("fs/iomap/buffered-io.c:iomap_finish_ioend")
void iomap_finish_ioend(struct iomap_ioend *ioend)
{
	bio_finish_folios(&ioend->io_bio);
	__free(ioend);
}

/* A chain of ioends that were merged. */
__source("fs/iomap/ioend.c:iomap_finish_ioends")
__source("fs/iomap/buffered-io.c:iomap_finish_ioends")
void iomap_finish_ioends(struct iomap_ioend *ioend)
{
	struct iomap_ioend *next;

	do {
		next = ioend->io_next;
		iomap_finish_ioend(ioend);
	} while ((ioend = next));
}

__source("fs/iomap/ioend.c:ioend_writeback_end_bio")
__source("fs/iomap/buffered-io.c:iomap_writepage_end_bio")
static void ioend_writeback_end_bio(struct bio *bio)
{
	iomap_finish_ioend(container_of(bio, struct iomap_ioend, io_bio));
}

__source("fs/iomap/buffered-io.c:iomap_alloc_ioend")
static struct iomap_ioend *iomap_alloc_ioend(struct iomap_writepage_ctx *wpc, loff_t pos,
					     u16 ioend_flags)
{
	struct iomap_ioend *ioend;

	/* Not submitted: nobody else can reach it. */
	__atomic {
		ioend = __alloc(iomap_ioend_pool);
		ioend->io_next = NULL;
		ioend->io_flags = ioend_flags;
		ioend->io_inode = wpc->inode;
		ioend->io_offset = pos;
		ioend->io_size = 0;
		ioend->io_handle = NULL;
		ioend->io_bio.bi_mapping = wpc->inode->i_mapping;
		ioend->io_bio.bi_pos = pos;
		ioend->io_bio.bi_size = 0;
		ioend->io_bio.bi_sector = wpc->iomap.addr + pos - wpc->iomap.offset;
		ioend->io_bio.bi_status = 0;
		ioend->io_bio.bi_end_io = ioend_writeback_end_bio;
	}
	return ioend;
}

__source("fs/iomap/buffered-io.c:iomap_can_add_to_ioend")
static bool iomap_can_add_to_ioend(struct iomap_writepage_ctx *wpc, loff_t pos, u16 ioend_flags)
{
	struct iomap_ioend *ioend = wpc->wb_ctx;
	bool can;

	/* Not submitted: nobody else can reach it. */
	__atomic {
		can = ioend->io_flags == ioend_flags &&
		      pos == ioend->io_offset + ioend->io_bio.bi_size;
	}
	return can;
}

__source("fs/iomap/buffered-io.c:iomap_ioend_writeback_submit")
__source("fs/iomap/buffered-io.c:iomap_submit_ioend")
int iomap_ioend_writeback_submit(struct iomap_writepage_ctx *wpc, int error)
{
	struct iomap_ioend *ioend = wpc->wb_ctx;

	wpc->wb_ctx = NULL;
	submit_bio(&ioend->io_bio);
	return error;
}

/*
 * Adds the dirty range to the ioend that is being built, or submits that and starts another one.
 * Returns how much of the range the mapping covers; a hole is not written.
 */
__source("fs/iomap/buffered-io.c:iomap_add_to_ioend")
long iomap_add_to_ioend(struct iomap_writepage_ctx *wpc, struct folio *folio, loff_t pos,
			loff_t end_pos, unsigned int dirty_len)
{
	struct iomap_ioend *ioend = wpc->wb_ctx;
	u64 mapped = wpc->iomap.offset + wpc->iomap.length - pos;
	unsigned int map_len = min_t(u64, dirty_len, mapped);
	u16 ioend_flags = 0;
	int error;

	switch (wpc->iomap.type) {
	case IOMAP_UNWRITTEN:
		ioend_flags |= IOMAP_IOEND_UNWRITTEN;
		break;
	case IOMAP_MAPPED:
		break;
	case IOMAP_HOLE:
		return map_len;
	default:
		WARN_ON_ONCE(1);
		return -EIO;
	}

	if (ioend && !iomap_can_add_to_ioend(wpc, pos, ioend_flags)) {
		error = wpc->ops->writeback_submit(wpc, 0);
		if (error)
			return error;
		ioend = NULL;
	}
	if (!ioend) {
		ioend = iomap_alloc_ioend(wpc, pos, ioend_flags);
		wpc->wb_ctx = ioend;
	}

	/* Not submitted, and the folio is locked with its own count in write_bytes_pending. */
	__atomic {
		__require(iomap_range_is_there(wpc->inode, pos, map_len, true),
			  "the mapping still has the blocks, under the folio lock", "RL-STALE-MAP");
		folio->write_bytes_pending.counter += map_len;
		ioend->io_bio.bi_size += map_len;
		ioend->io_size += map_len;
		if (ioend->io_offset + ioend->io_size > end_pos)
			ioend->io_size = end_pos - ioend->io_offset;
	}
	return map_len;
}

/* ---- writeback ----------------------------------------------------------- */

__source("fs/iomap/buffered-io.c:ifs_block_is_dirty")
static inline bool iomap_block_is_dirty(struct folio *folio, u64 pos)
{
	return (folio->bdirty & BIT(offset_in_folio(folio, pos) >> BLKBITS)) != 0;
}

/* Next run of dirty blocks at or after *pos; its length in bytes, 0 when there is none. */
__source("fs/iomap/buffered-io.c:iomap_find_dirty_range")
static u32 iomap_find_dirty_range(struct folio *folio, u64 *pos, u64 end)
{
	u32 rlen = 0;

	/* Under the state_lock of the iomap_folio_state. */
	__atomic {
		while (*pos < end && !iomap_block_is_dirty(folio, *pos))
			*pos += BIT(BLKBITS);
		while (*pos + rlen < end && iomap_block_is_dirty(folio, *pos + rlen))
			rlen += BIT(BLKBITS);
	}
	return rlen;
}

__source("fs/iomap/buffered-io.c:iomap_writeback_range")
static int iomap_writeback_range(struct iomap_writepage_ctx *wpc, struct folio *folio, u64 pos,
				 u32 rlen, u64 end_pos)
{
	long ret;

	do {
		ret = wpc->ops->writeback_range(wpc, folio, pos, rlen, end_pos);
		if (ret < 0)
			return ret;
		if (WARN_ON_ONCE(ret == 0 || ret > rlen))
			return -EIO;
		rlen -= ret;
		pos += ret;
	} while (rlen);
	return 0;
}

/* A folio beyond EOF is not written; the tail of one that straddles EOF is zeroed first. */
__source("fs/iomap/buffered-io.c:iomap_writeback_handle_eof")
static bool iomap_writeback_handle_eof(struct folio *folio, struct inode *inode, u64 *end_pos)
{
	u64 isize = i_size_read(inode);
	u32 poff;

	if (*end_pos > isize) {
		if (folio_pos(folio) >= isize)
			return false;
		poff = offset_in_folio(folio, isize);
		folio_zero_range(folio, poff, folio_size(folio) - poff);
		*end_pos = isize;
	}
	return true;
}

/* The folio is locked, and stays so while blocks are mapped and handles are started. */
__source("fs/iomap/buffered-io.c:iomap_writeback_folio")
__source("fs/iomap/buffered-io.c:iomap_writepage_map")
int iomap_writeback_folio(struct iomap_writepage_ctx *wpc, struct folio *folio)
{
	struct inode *inode = wpc->inode;
	u64 pos = folio_pos(folio);
	u64 end_pos = pos + folio_size(folio);
	u64 end_aligned;
	int error = 0;
	u32 rlen;

	if (!iomap_writeback_handle_eof(folio, inode, &end_pos))
		return 0;
	end_aligned = round_up(end_pos, i_blocksize(inode));

	/* One count of our own, so that a fast completion does not end writeback early. */
	__atomic {
		folio->write_bytes_pending.counter = 1;
		folio_start_writeback(folio);
	}

	while ((rlen = iomap_find_dirty_range(folio, &pos, end_aligned))) {
		error = iomap_writeback_range(wpc, folio, pos, rlen, end_pos);
		if (error)
			break;
		pos += rlen;
	}

	/* The bits of the blocks are only looked at under the folio lock, which is held. */
	__atomic {
		iomap_clear_range_dirty(folio);
		iomap_finish_folio_write(inode, folio, 1);
	}
	return error;
}

__source("fs/iomap/buffered-io.c:iomap_writepages")
int iomap_writepages(struct iomap_writepage_ctx *wpc)
{
	struct address_space *mapping = wpc->inode->i_mapping;
	struct folio *folio;
	int error = 0;

	while ((folio = writeback_iter(mapping, wpc->wbc)) != NULL) {
		error = iomap_writeback_folio(wpc, folio);
		folio_unlock(folio);
		if (error)
			break;
	}
	if (wpc->wb_ctx)
		return wpc->ops->writeback_submit(wpc, error);
	return error;
}
