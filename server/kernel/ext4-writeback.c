/*
 * ext4: writeback on the iomap path, the conversion of unwritten extents when it completes, and the
 * inode that all scenarios start from.
 */

/* ---- conversion of unwritten extents ------------------------------------- */

/* Converts a range: with the caller's handle, else with one for each extent of it. */
__source("fs/ext4/extents.c:ext4_convert_unwritten_extents")
int ext4_convert_unwritten_extents(handle_t *handle, struct inode *inode, loff_t offset,
				   u64 len)
{
	struct ext4_map_blocks map;
	u8 blkbits = inode->i_blkbits;
	unsigned int end = round_up(offset + len, i_blocksize(inode)) >> blkbits;
	bool own = !handle;
	int ret = 0;

	map.m_lblk = offset >> blkbits;
	while (map.m_lblk < end) {
		map.m_len = end - map.m_lblk;
		if (own) {
			handle = ext4_journal_start(inode, EXT4_HT_MAP_BLOCKS, 1);
			if (IS_ERR(handle))
				return PTR_ERR(handle);
		}
		ret = ext4_map_blocks(handle, inode, &map, EXT4_GET_BLOCKS_IO_CONVERT_EXT);
		if (own)
			ext4_journal_stop(handle);
		if (ret <= 0)
			break;
		map.m_lblk += map.m_len;
	}
	return ret < 0 ? ret : 0;
}

/* What an io_end of buffer_heads covers, with the handle that was reserved at submission. */
__source("fs/ext4/extents.c:ext4_convert_unwritten_io_end_vec")
int ext4_convert_unwritten_io_end_vec(handle_t *handle, struct iomap_ioend *io_end)
{
	int ret;

	if (handle) {
		handle = ext4_journal_start_reserved(handle, EXT4_HT_EXT_CONVERT);
		if (IS_ERR(handle))
			return PTR_ERR(handle);
	}
	ret = ext4_convert_unwritten_extents(handle, io_end->io_inode, io_end->io_offset,
					     io_end->io_size);
	if (handle)
		ext4_journal_stop(handle);
	return ret;
}

/* With a reserved handle: starts that, which a locked transaction still admits. */
static handle_t *ext4_ioend_journal_start(handle_t *handle, struct inode *inode)
{
	if (handle)
		return ext4_journal_start_reserved(handle, EXT4_HT_EXT_CONVERT);
	return ext4_journal_start(inode, EXT4_HT_EXT_CONVERT, 1);
}

__source("fs/ext4/ext4.h:ext4_update_i_disksize")
static void ext4_update_i_disksize(struct inode *inode, loff_t newsize)
{
	down_write(&EXT4_I(inode)->i_data_sem);
	if (newsize > EXT4_I(inode)->i_disksize)
		WRITE_ONCE(EXT4_I(inode)->i_disksize, newsize);
	up_write(&EXT4_I(inode)->i_data_sem);
}

/* Never beyond i_size, never backwards. */
__source("fs/ext4/ext4.h:ext4_wb_update_i_disksize")
static void ext4_wb_update_i_disksize(struct inode *inode, loff_t newsize)
{
	down_write(&EXT4_I(inode)->i_data_sem);
	newsize = min_t(loff_t, newsize, i_size_read(inode));
	if (newsize > EXT4_I(inode)->i_disksize)
		WRITE_ONCE(EXT4_I(inode)->i_disksize, newsize);
	up_write(&EXT4_I(inode)->i_data_sem);
}

/* ---- writeback, iomap path ----------------------------------------------- */

/*
 * Proposed in June 2026: i_disksize may pass a block that it cuts only when the zeros behind it are
 * on disk. Waits for them; see R8 for what comes of it.
 */
static void ext4_iomap_wait_tail(struct inode *inode, loff_t pos, bool more)
{
	/* Read once: when it moves on meanwhile, the byte there may be in the ioend's own folio. */
	loff_t tail = READ_ONCE(EXT4_I(inode)->i_disksize);

	if (pos <= tail)
		return;
	if (__fix("irq-wakeup")) {
		__wait(!EXT4_I(inode)->i_ordered_tail, "zeroed tail", inode);
		return;
	}
	if (more)
		__note("the rest of the list is this worker's own: nobody else finishes it");
	filemap_fdatawait_range(inode->i_mapping, tail, tail);
}

/* Conversion and size update first, end of writeback last: a clean folio has a final mapping. */
__source("fs/ext4/page-io.c:ext4_iomap_finish_ioend")
static void ext4_iomap_finish_ioend(struct iomap_ioend *ioend)
{
	struct inode *inode;
	loff_t pos, end;
	bool failed, unwritten, more;
	handle_t *handle;

	/* Off the list: nobody else can reach it. */
	__atomic {
		inode = ioend->io_inode;
		pos = ioend->io_offset;
		end = ioend->io_offset + ioend->io_size;
		failed = ioend->io_bio.bi_status != 0;
		unwritten = (ioend->io_flags & IOMAP_IOEND_UNWRITTEN) != 0;
		handle = ioend->io_handle;
		more = ioend->io_next != NULL;
	}
	if (failed)
		goto out;
	if (__fix("fdatawait-tail") && !__fix("straddle") && !__fix("b9dc57ecc8a5"))
		ext4_iomap_wait_tail(inode, pos, more);
	if (__fix("reserved-ioend") || __fix("reserved-nested"))
		handle = ext4_ioend_journal_start(handle, inode);
	else
		handle = ext4_journal_start(inode, EXT4_HT_EXT_CONVERT, 1);
	if (IS_ERR(handle))
		goto out;
	if (unwritten)
		ext4_convert_unwritten_extents(handle, inode, pos, end - pos);
	ext4_iomap_update_disksize(inode, ioend, pos, end);
	ext4_mark_inode_dirty(handle, inode);
	ext4_journal_stop(handle);
out:
	iomap_finish_ioend(ioend);
}

__source("fs/ext4/page-io.c:ext4_iomap_end_io")
static void ext4_iomap_end_io(struct work_struct *work)
{
	struct ext4_inode_info *ei = container_of(work, struct ext4_inode_info, i_iomap_ioend_work);
	struct iomap_ioend *ioend, *next;

	/* list_replace_init() under i_completed_io_lock. */
	__atomic {
		ioend = ei->i_iomap_ioend_list;
		ei->i_iomap_ioend_list = NULL;
	}
	for (; ioend; ioend = next) {
		next = ioend->io_next;
		ext4_iomap_finish_ioend(ioend);
	}
}

/* list_add_tail() on a list that is linked one way; returns its head. */
static struct iomap_ioend *ioend_append(struct iomap_ioend *list, struct iomap_ioend *ioend)
{
	struct iomap_ioend *last = list;

	if (!list)
		return ioend;
	while (last->io_next)
		last = last->io_next;
	last->io_next = ioend;
	return list;
}

/* Runs as the ioend's own work item. */
static void ext4_iomap_ioend_work(struct work_struct *work)
{
	ext4_iomap_finish_ioend(container_of(work, struct iomap_ioend, io_work));
}

/* Under i_completed_io_lock; queues the worker if the list was empty. */
static void ext4_iomap_queue_ioend(struct ext4_inode_info *ei, struct workqueue_struct *wq,
				   struct iomap_ioend *ioend)
{
	if (__fix("work-per-ioend")) {
		ioend->io_work.func = ext4_iomap_ioend_work;
		insert_work(wq, &ioend->io_work);
		return;
	}
	if (!ei->i_iomap_ioend_list && insert_work(wq, &ei->i_iomap_ioend_work) &&
	    work_executes(wq, &ei->i_iomap_ioend_work))
		__note("queue_work() is true, PENDING was cleared before the function ran; but the item does not run twice at a time");
	ei->i_iomap_ioend_list = ioend_append(ei->i_iomap_ioend_list, ioend);
}

/* Interrupt: hands the ioend to the worker. */
__source("fs/ext4/page-io.c:ext4_iomap_end_bio")
static void ext4_iomap_end_bio(struct bio *bio)
{
	struct iomap_ioend *ioend = container_of(bio, struct iomap_ioend, io_bio);
	struct inode *inode;
	struct ext4_inode_info *ei;

	/* i_completed_io_lock, irqs off. */
	__atomic {
		inode = ioend->io_inode;
		ei = EXT4_I(inode);
		if (ioend->io_offset <= ei->i_disksize)
			ei->i_ordered_tail = false;
		ext4_iomap_queue_ioend(ei, EXT4_SB(inode->i_sb)->rsv_conversion_wq, ioend);
	}
}

/* A handle that was reserved for the conversion when the ioend was built, if one could be had. */
static handle_t *ext4_iomap_reserve(struct inode *inode)
{
	handle_t *handle, *rsv_handle;

	if (__fix("reserved-ioend")) {
		/* Nobody else knows it. */
		__atomic {
			rsv_handle = new_handle(EXT4_SB(inode->i_sb)->s_journal, true);
		}
		return rsv_handle;
	}
	handle = ext4_journal_start_with_reserve(inode, EXT4_HT_WRITE_PAGE, 1, 1);
	rsv_handle = handle->h_rsv_handle;
	handle->h_rsv_handle = NULL;
	ext4_journal_stop(handle);
	return rsv_handle;
}

__source("fs/ext4/page-io.c:ext4_iomap_writeback_submit")
static int ext4_iomap_writeback_submit(struct iomap_writepage_ctx *wpc, int error)
{
	struct iomap_ioend *ioend = wpc->wb_ctx;
	bool unwritten, extends;

	/* Not submitted: nobody else can reach it. */
	__atomic {
		unwritten = (ioend->io_flags & IOMAP_IOEND_UNWRITTEN) != 0;
		extends = ext4_iomap_end_needs_worker(wpc->inode,
						      ioend->io_offset + ioend->io_size);
		if (unwritten || extends)
			ioend->io_bio.bi_end_io = ext4_iomap_end_bio;
	}
	if (unwritten && (__fix("reserved-ioend") || __fix("reserved-nested")))
		ioend->io_handle = ext4_iomap_reserve(wpc->inode);
	return iomap_ioend_writeback_submit(wpc, error);
}

/*
 * Allocates a delayed extent, unwritten: looked up once more under the lock of the allocation, since
 * truncate may have cut it. The folio lock keeps truncate from the one folio that is locked.
 */
__source("fs/ext4/inode.c:ext4_iomap_map_one_extent")
static int ext4_iomap_map_one_extent(struct inode *inode, struct ext4_map_blocks *map)
{
	struct extent_status es;
	handle_t *handle;
	int retval = 0;

	handle = ext4_journal_start(inode, EXT4_HT_WRITE_PAGE, 1);
	if (IS_ERR(handle))
		return PTR_ERR(handle);

	down_write(&EXT4_I(inode)->i_data_sem);
	if (ext4_es_lookup_extent(inode, map->m_lblk, NULL, &es, &map->m_seq)) {
		map->m_len = min_t(unsigned int, map->m_len, es.es_len);
		retval = ext4_map_status(map, es.es_status);
		if (map->m_flags & EXT4_MAP_DELAYED)
			retval = ext4_map_create_blocks(handle, inode, map,
							EXT4_GET_BLOCKS_CREATE_UNWRIT_EXT);
	} else {
		retval = ext4_map_query_blocks(handle, inode, map);
	}
	up_write(&EXT4_I(inode)->i_data_sem);
	ext4_journal_stop(handle);
	return retval;
}

/* How many blocks to map at once: as far as writeback is asked to go, beyond the locked folio. */
static unsigned int ext4_writeback_map_len(struct iomap_writepage_ctx *wpc, loff_t offset,
					   unsigned int dirty_len)
{
	u8 blkbits = wpc->inode->i_blkbits;
	unsigned int index = offset >> blkbits;
	unsigned int blk_len = ((offset + dirty_len - 1) >> blkbits) - index + 1;
	unsigned int blk_end = wpc->wbc->range_end >> blkbits;

	if (!__fix("one-folio") && blk_end > index + blk_len)
		blk_len = blk_end - index + 1;
	return blk_len;
}

/* Maps what writeback needs, with the folio locked and under writeback. */
__source("fs/ext4/inode.c:ext4_iomap_map_writeback_range")
static int ext4_iomap_map_writeback_range(struct iomap_writepage_ctx *wpc, loff_t offset,
					  unsigned int dirty_len)
{
	struct inode *inode = wpc->inode;
	struct ext4_map_blocks map;
	int ret;

	if (wpc->iomap.length && offset >= wpc->iomap.offset &&
	    offset < wpc->iomap.offset + wpc->iomap.length &&
	    (!__since("d9252d526ba6", "2018-08-12") || ext4_iomap_valid(inode, &wpc->iomap)))
		return 0;

	map.m_lblk = offset >> inode->i_blkbits;
	map.m_len = ext4_writeback_map_len(wpc, offset, dirty_len);
	/* Proposed 30 June 2026: no lookup here, ext4_map_blocks() starts the handle. */
	if (__fix("8787d53c6c84") && !__fix("open-coded")) {
		ret = ext4_map_blocks(NULL, inode, &map,
				      EXT4_GET_BLOCKS_CREATE_UNWRIT_EXT |
					      EXT4_GET_BLOCKS_IO_SUBMIT);
		if (ret < 0)
			return ret;
		goto out;
	}
	ret = ext4_map_blocks(NULL, inode, &map, EXT4_GET_BLOCKS_IO_SUBMIT);
	if (ret >= 0 && (map.m_flags & EXT4_MAP_DELAYED))
		ret = ext4_iomap_map_one_extent(inode, &map);
	if (ret < 0)
		return ret;
out:
	ext4_set_iomap(inode, &wpc->iomap, &map, offset, dirty_len, 0);
	return 0;
}

__source("fs/ext4/inode.c:ext4_iomap_writeback_range")
static long ext4_iomap_writeback_range(struct iomap_writepage_ctx *wpc, struct folio *folio,
				       u64 offset, unsigned int len, u64 end_pos)
{
	long ret = ext4_iomap_map_writeback_range(wpc, offset, len);

	if (ret < 0)
		return ret;
	ret = iomap_add_to_ioend(wpc, folio, offset, end_pos, len);
	ext4_iomap_note_pending(wpc->inode, wpc->wb_ctx, offset);
	return ret;
}

const struct iomap_writeback_ops ext4_iomap_writeback_ops = {
	.writeback_range = ext4_iomap_writeback_range,
	.writeback_submit = ext4_iomap_writeback_submit,
};

/* The block that i_disksize cuts goes to disk first, so that no completion has to wait for it. */
static void ext4_iomap_write_tail(struct inode *inode)
{
	loff_t tail = READ_ONCE(EXT4_I(inode)->i_disksize);
	struct writeback_control wbc = {
		.sync_mode = WB_SYNC_ALL,
		.range_start = tail,
		.range_end = tail,
		.index = tail >> PAGE_SHIFT,
	};
	struct iomap_writepage_ctx wpc = {
		.inode = inode,
		.wbc = &wbc,
		.ops = &ext4_iomap_writeback_ops,
	};

	if (!(tail & (i_blocksize(inode) - 1)))
		return;
	iomap_writepages(&wpc);
	/*
	 * Not for the folio: another task may have cleaned it and not yet set its writeback bit, so
	 * that it is neither dirty nor under writeback.
	 */
	__wait(!EXT4_I(inode)->i_ordered_tail, "zeroed tail", inode);
}

__source("fs/ext4/inode.c:ext4_iomap_writepages")
static int ext4_iomap_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct inode *inode = mapping->host;
	struct super_block *sb = inode->i_sb;
	struct iomap_writepage_ctx wpc = {
		.inode = inode,
		.wbc = wbc,
		.ops = &ext4_iomap_writeback_ops,
	};
	int alloc_ctx;
	int ret;

	alloc_ctx = ext4_writepages_down_read(sb);
	if (__fix("b9dc57ecc8a5") && EXT4_I(inode)->i_ordered_tail)
		ext4_iomap_write_tail(inode);
	ret = iomap_writepages(&wpc);
	ext4_writepages_up_read(sb, alloc_ctx);
	return ret;
}

/* ---- the one inode ------------------------------------------------------- */

/* Fills a new, locked folio from the disk; holes and unwritten blocks are zeros. */
__source("fs/ext4/inode.c:ext4_read_folio")
static int ext4_read_folio(struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	loff_t pos = folio_pos(folio);
	u32 i;

	/* The lookup and the read I/O as one step: only writers of the folio would notice. */
	__atomic {
		for (i = 0; i < PAGE_SIZE; i++) {
			folio->data[i] = 0;
			if (EXT4_I(inode)->ext[(pos + i) >> BLKBITS] == EXTENT_STATUS_WRITTEN)
				folio->data[i] = disk_data[pos + i];
		}
	}
	return 0;
}

const struct address_space_operations ext4_da_aops = {
	.read_folio = ext4_read_folio,
	.writepages = ext4_writepages,
	.write_begin = ext4_da_write_begin,
	.write_end = ext4_da_write_end,
};

/* Without delayed allocation. */
const struct address_space_operations ext4_aops = {
	.read_folio = ext4_read_folio,
	.writepages = ext4_writepages,
	.write_begin = ext4_write_begin,
	.write_end = ext4_write_end,
};

const struct address_space_operations ext4_journalled_aops = {
	.read_folio = ext4_read_folio,
	.writepages = ext4_writepages,
	.invalidate_folio = ext4_journalled_invalidate_folio,
};

const struct address_space_operations ext4_iomap_aops = {
	.read_folio = ext4_read_folio,
	.writepages = ext4_iomap_writepages,
};

__source("fs/ext4/inode.c:ext4_set_aops")
static void ext4_set_aops(struct inode *inode)
{
	if (ext4_should_journal_data(inode))
		inode->i_mapping->a_ops = &ext4_journalled_aops;
	else if (ext4_test_inode_state(inode, EXT4_STATE_BUFFERED_IOMAP) &&
		 !__fix("handle-first") && !__fix("lock-extent"))
		inode->i_mapping->a_ops = &ext4_iomap_aops;
	else
		inode->i_mapping->a_ops = &ext4_da_aops;
}

/* An empty file of the full size on a mounted file system; scenarios add extents and folios. */
__setup
static void ext4_iget_setup(void)
{
	pgoff_t i;

	for (i = 0; i < NR_FOLIOS; i++)
		folio[i].index = i;
	ext4_sb.s_journal = &journal;
	ext4_sb.rsv_conversion_wq = &workqueue;
	super_block.s_blocksize = 1 << BLKBITS;
	super_block.s_blocksize_bits = BLKBITS;
	super_block.s_fs_info = &ext4_sb;
	super_block.s_dio_done_wq = &dio_workqueue;
	inode.i_sb = &super_block;
	inode.i_mapping = &inode.i_data;
	inode.i_data.host = &inode;
	inode.i_blkbits = BLKBITS;
	inode.i_size = NR_FOLIOS * PAGE_SIZE;
	inode.ext4.i_disksize = inode.i_size;
	inode.ext4.i_flags = BIT(EXT4_INODE_EXTENTS);
	inode.ext4.i_state_flags = BIT(EXT4_STATE_BUFFERED_IOMAP);
	inode.ext4.i_iomap_ioend_work.func = ext4_iomap_end_io;
	inode.ext4.i_rsv_conversion_work.func = ext4_end_io_rsv_work;
	ext4_set_aops(&inode);
	vma.vm_mapping = inode.i_mapping;
	vma.vm_ops = &ext4_file_vm_ops;
}
