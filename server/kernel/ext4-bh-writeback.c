/*
 * ext4: writeback through buffer_heads.
 *
 * The handle is started before folios are locked. All folios whose blocks are mapped are locked
 * meanwhile, so that truncate cannot take any of them away. The delay and unwritten bits of a buffer
 * are the extent status of its block here.
 */

/* ---- completion ---------------------------------------------------------- */

__source("fs/ext4/page-io.c:ext4_end_io_rsv_work")
static void ext4_end_io_rsv_work(struct work_struct *work)
{
	struct ext4_inode_info *ei = container_of(work, struct ext4_inode_info,
						  i_rsv_conversion_work);
	struct iomap_ioend *io_end, *next;

	/* list_replace_init() under i_completed_io_lock. */
	__atomic {
		io_end = ei->i_rsv_conversion_list;
		ei->i_rsv_conversion_list = NULL;
	}
	for (; io_end; io_end = next) {
		next = io_end->io_next;
		ext4_convert_unwritten_io_end_vec(io_end->io_handle, io_end);
		iomap_finish_ioend(io_end);
	}
}

/* Interrupt: an io_end with unwritten blocks goes to the worker. */
__source("fs/ext4/page-io.c:ext4_end_bio")
static void ext4_end_bio(struct bio *bio)
{
	struct iomap_ioend *io_end = container_of(bio, struct iomap_ioend, io_bio);
	struct inode *inode;
	struct ext4_inode_info *ei;

	/* i_completed_io_lock, irqs off. */
	__atomic {
		inode = io_end->io_inode;
		ei = EXT4_I(inode);
		if (!ei->i_rsv_conversion_list)
			insert_work(EXT4_SB(inode->i_sb)->rsv_conversion_wq,
				    &ei->i_rsv_conversion_work);
		ei->i_rsv_conversion_list = ioend_append(ei->i_rsv_conversion_list, io_end);
	}
}

/* What one round of writeback knows. */
struct mpage_da_data {
	struct inode *inode;
	struct writeback_control *wbc;
	/* False when the journal asks: it has no handle, and must not start one. */
	bool can_map;
	/* A handle is open: blocks may be allocated. */
	bool do_map;
	bool scanned_until_end;
	/* The run of locked folios: from the first to before the next. */
	pgoff_t first_page;
	pgoff_t next_page;
	/* What has to be mapped in it. */
	struct ext4_map_blocks map;
	/* Reserved with the handle, for the conversion of what is written now. */
	handle_t *rsv_handle;
	struct iomap_writepage_ctx wpc;
};

/* ---- folios and bios ----------------------------------------------------- */

__source("fs/ext4/page-io.c:ext4_io_submit")
static int ext4_bh_writeback_submit(struct iomap_writepage_ctx *wpc, int error)
{
	struct mpage_da_data *mpd = container_of(wpc, struct mpage_da_data, wpc);
	struct iomap_ioend *io_end = wpc->wb_ctx;

	/* Not submitted: nobody else can reach it. */
	__atomic {
		if (io_end->io_flags & IOMAP_IOEND_UNWRITTEN) {
			io_end->io_bio.bi_end_io = ext4_end_bio;
			io_end->io_handle = mpd->rsv_handle;
			mpd->rsv_handle = NULL;
		}
	}
	return iomap_ioend_writeback_submit(wpc, error);
}

/* Are blocks allocated unwritten and converted when they are written? */
__source("fs/ext4/ext4_jbd2.h:ext4_should_dioread_nolock")
static inline bool ext4_should_dioread_nolock(struct inode *inode)
{
	return ext4_test_inode_flag(inode, EXT4_INODE_EXTENTS);
}

/* What is mapped already, by this writeback or before: a hole is not written. */
__source("fs/ext4/page-io.c:ext4_bio_write_folio")
__source("fs/ext4/page-io.c:ext4_bio_write_page")
static long ext4_bh_writeback_range(struct iomap_writepage_ctx *wpc, struct folio *folio,
				    u64 offset, unsigned int len, u64 end_pos)
{
	struct inode *inode = wpc->inode;
	struct ext4_map_blocks map;
	int ret;

	map.m_lblk = offset >> inode->i_blkbits;
	map.m_len = 1;
	ret = ext4_map_blocks(NULL, inode, &map, 0);
	if (ret < 0)
		return ret;
	ext4_set_iomap(inode, &wpc->iomap, &map, offset, len, 0);
	return iomap_add_to_ioend(wpc, folio, offset, end_pos, len);
}

const struct iomap_writeback_ops ext4_bh_writeback_ops = {
	.writeback_range = ext4_bh_writeback_range,
	.writeback_submit = ext4_bh_writeback_submit,
};

/* ---- a run of folios ----------------------------------------------------- */

__source("fs/ext4/inode.c:mpage_release_unused_pages")
static void mpage_release_unused_pages(struct mpage_da_data *mpd)
{
	pgoff_t index;

	for (index = mpd->first_page; index < mpd->next_page; index++)
		folio_unlock(mpd->inode->i_mapping->i_pages[index]);
	mpd->first_page = mpd->next_page;
}

/* Unlocks the folio, the last of the run, after its bio has it. */
__source("fs/ext4/inode.c:mpage_submit_folio")
__source("fs/ext4/inode.c:mpage_submit_page")
static int mpage_submit_folio(struct mpage_da_data *mpd, struct folio *folio)
{
	int err;

	folio_clear_dirty_for_io(folio);
	err = iomap_writeback_folio(&mpd->wpc, folio);
	folio_unlock(folio);
	return err;
}

/* Does a dirty buffer have to be mapped before it is written? Holes are left alone. */
static bool mpage_bh_needs_map(struct mpage_da_data *mpd, struct folio *folio, ext4_lblk_t lblk)
{
	struct extent_status es;
	u64 seq;

	if (!iomap_block_is_dirty(folio, (u64)lblk << BLKBITS))
		return false;
	ext4_es_lookup_extent(mpd->inode, lblk, NULL, &es, &seq);
	return es.es_status == EXTENT_STATUS_DELAYED || es.es_status == EXTENT_STATUS_UNWRITTEN;
}

/* Adds the buffer to the extent that is to be mapped; false when it does not go on there. */
__source("fs/ext4/inode.c:mpage_add_bh_to_extent")
static bool mpage_add_bh_to_extent(struct mpage_da_data *mpd, struct folio *folio,
				   ext4_lblk_t lblk)
{
	struct ext4_map_blocks *map = &mpd->map;

	if (!mpage_bh_needs_map(mpd, folio, lblk))
		return true;
	if (!mpd->do_map)
		return false;
	if (map->m_len == 0) {
		map->m_lblk = lblk;
		map->m_len = 1;
		return true;
	}
	if (lblk != map->m_lblk + map->m_len)
		return false;
	map->m_len++;
	return true;
}

/* Without a handle a folio is written when none of its buffers has to be mapped. */
__source("fs/ext4/inode.c:ext4_page_nomap_can_writeout")
static bool ext4_folio_nomap_can_writeout(struct mpage_da_data *mpd, struct folio *folio)
{
	ext4_lblk_t lblk = folio_pos(folio) >> BLKBITS;
	ext4_lblk_t end = lblk + (PAGE_SIZE >> BLKBITS);

	for (; lblk < end; lblk++)
		if (mpage_bh_needs_map(mpd, folio, lblk))
			return false;
	return true;
}

/* False when the run ends before this folio; a folio without anything to map is submitted. */
__source("fs/ext4/inode.c:mpage_process_page_bufs")
static bool mpage_process_page_bufs(struct mpage_da_data *mpd, struct folio *folio)
{
	ext4_lblk_t blocks = EXT4_B_TO_LBLK(mpd->inode, i_size_read(mpd->inode));
	ext4_lblk_t lblk = folio_pos(folio) >> BLKBITS;
	ext4_lblk_t end = min_t(ext4_lblk_t, blocks, lblk + (PAGE_SIZE >> BLKBITS));

	for (; lblk < end; lblk++)
		if (!mpage_add_bh_to_extent(mpd, folio, lblk))
			return false;
	if (mpd->map.m_len == 0) {
		mpage_submit_folio(mpd, folio);
		return true;
	}
	mpd->next_page = folio->index + 1;
	return true;
}

/* Locks folios as far as their blocks are one extent; those that need no mapping are submitted. */
__source("fs/ext4/inode.c:mpage_prepare_extent_to_map")
static int mpage_prepare_extent_to_map(struct mpage_da_data *mpd)
{
	struct address_space *mapping = mpd->inode->i_mapping;
	struct folio *folio;

	mpd->map.m_len = 0;
	while ((folio = writeback_get_folio(mapping, mpd->wbc)) != NULL) {
		if (mpd->map.m_len > 0 && mpd->next_page != folio->index)
			goto full;
		folio_lock(folio);
		if (folio->mapping != mapping || !folio->dirty ||
		    (folio->writeback && mpd->wbc->sync_mode == WB_SYNC_NONE)) {
			folio_unlock(folio);
			continue;
		}
		folio_wait_writeback(folio);
		if (!mpd->can_map) {
			if (ext4_folio_nomap_can_writeout(mpd, folio))
				mpage_submit_folio(mpd, folio);
			else
				folio_unlock(folio);
			continue;
		}
		if (mpd->map.m_len == 0) {
			mpd->first_page = folio->index;
			mpd->next_page = folio->index;
		}
		if (!mpage_process_page_bufs(mpd, folio)) {
			folio_unlock(folio);
			goto full;
		}
	}
	mpd->scanned_until_end = true;
	return 0;
full:
	mpd->wbc->index = folio->index;
	return 0;
}

/* ---- mapping under the handle -------------------------------------------- */

__source("fs/ext4/inode.c:mpage_map_one_extent")
static int mpage_map_one_extent(handle_t *handle, struct mpage_da_data *mpd)
{
	struct inode *inode = mpd->inode;

	if (!mpd->rsv_handle) {
		mpd->rsv_handle = handle->h_rsv_handle;
		handle->h_rsv_handle = NULL;
	}
	return ext4_map_blocks(handle, inode, &mpd->map,
			       EXT4_GET_BLOCKS_IO_SUBMIT |
				       (ext4_should_dioread_nolock(inode) ?
						EXT4_GET_BLOCKS_CREATE_UNWRIT_EXT :
						EXT4_GET_BLOCKS_CREATE));
}

/* Puts the folios of the run into bios and unlocks them. */
__source("fs/ext4/inode.c:mpage_map_and_submit_buffers")
static int mpage_map_and_submit_buffers(struct mpage_da_data *mpd)
{
	int err = 0;

	while (!err && mpd->first_page < mpd->next_page) {
		err = mpage_submit_folio(mpd, mpd->inode->i_mapping->i_pages[mpd->first_page]);
		mpd->first_page++;
	}
	return err;
}

/* i_disksize follows at submission here: the data is on disk before the transaction commits. */
static void ext4_writeback_update_disksize(handle_t *handle, struct inode *inode, loff_t disksize)
{
	loff_t i_size;

	if (disksize <= READ_ONCE(EXT4_I(inode)->i_disksize))
		return;
	down_write(&EXT4_I(inode)->i_data_sem);
	i_size = i_size_read(inode);
	if (disksize > i_size)
		disksize = i_size;
	if (disksize > EXT4_I(inode)->i_disksize)
		EXT4_I(inode)->i_disksize = disksize;
	up_write(&EXT4_I(inode)->i_data_sem);
	ext4_mark_inode_dirty(handle, inode);
}

__source("fs/ext4/inode.c:mpage_map_and_submit_extent")
static int mpage_map_and_submit_extent(handle_t *handle, struct mpage_da_data *mpd)
{
	struct ext4_map_blocks *map = &mpd->map;
	ext4_lblk_t end = map->m_lblk + map->m_len;
	loff_t disksize = (loff_t)mpd->next_page << PAGE_SHIFT;
	int err;

	while (map->m_lblk < end) {
		map->m_len = end - map->m_lblk;
		err = mpage_map_one_extent(handle, mpd);
		if (err < 0)
			return err;
		map->m_lblk += map->m_len;
	}
	err = mpage_map_and_submit_buffers(mpd);
	ext4_writeback_update_disksize(handle, mpd->inode, disksize);
	return err;
}

/* ---- writepages ---------------------------------------------------------- */

static void ext4_submit_prepared_bio(struct mpage_da_data *mpd)
{
	if (mpd->wpc.wb_ctx)
		ext4_bh_writeback_submit(&mpd->wpc, 0);
	/* Nothing was to be converted. */
	__free(mpd->rsv_handle);
	mpd->rsv_handle = NULL;
}

/*
 * Ends one round. The stop of a synchronous handle waits for the commit, and the commit may wait for
 * the folios: they go first then.
 */
static void ext4_end_extent(handle_t *handle, struct mpage_da_data *mpd)
{
	bool late = __since("646caa9c8e19", "2016-02-15") && handle->h_sync;

	if (!late)
		ext4_journal_stop(handle);
	mpage_release_unused_pages(mpd);
	ext4_submit_prepared_bio(mpd);
	if (late)
		ext4_journal_stop(handle);
}

/* The io_end comes with its bio, in iomap_alloc_ioend(); here is what its allocation may do. */
__source("fs/ext4/page-io.c:ext4_init_io_end")
static void ext4_init_io_end(struct inode *inode, gfp_t flags)
{
	might_alloc(flags);
}

/* First what needs no mapping, without a handle; then a handle for each extent. */
__source("fs/ext4/inode.c:ext4_do_writepages")
static int ext4_do_writepages(struct mpage_da_data *mpd)
{
	struct inode *inode = mpd->inode;
	int rsv_blocks = __since("6b523df4fb5a", "2013-06-04") ? 1 : 0;
	handle_t *handle;
	int ret;

	ext4_init_io_end(inode, GFP_KERNEL);
	ret = mpage_prepare_extent_to_map(mpd);
	ext4_submit_prepared_bio(mpd);
	if (!mpd->can_map)
		return ret;

	while (!ret && !mpd->scanned_until_end) {
		ext4_init_io_end(inode, GFP_KERNEL);
		/* What follows neither journals data nor has the credits for it. */
		BUG_ON(ext4_should_journal_data(inode));
		handle = ext4_journal_start_with_reserve(inode, EXT4_HT_WRITE_PAGE, 1, rsv_blocks);
		if (IS_ERR(handle))
			return PTR_ERR(handle);
		mpd->do_map = true;
		ret = mpage_prepare_extent_to_map(mpd);
		if (!ret && mpd->map.m_len)
			ret = mpage_map_and_submit_extent(handle, mpd);
		ext4_end_extent(handle, mpd);
	}
	return ret;
}

/* From the commit: it owns no handle, and blocks that are not allocated stay for later. */
__source("fs/ext4/super.c:ext4_normal_submit_inode_data_buffers")
static int ext4_normal_submit_inode_data_buffers(struct inode *inode)
{
	struct writeback_control wbc = {
		.sync_mode = WB_SYNC_ALL,
		.range_end = NR_FOLIOS * PAGE_SIZE - 1,
	};
	struct mpage_da_data mpd = {
		.inode = inode,
		.wbc = &wbc,
		.can_map = false,
		.wpc = { .inode = inode, .wbc = &wbc, .ops = &ext4_bh_writeback_ops },
	};

	return ext4_do_writepages(&mpd);
}

__source("fs/ext4/inode.c:ext4_writepages")
static int ext4_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct inode *inode = mapping->host;
	struct super_block *sb = inode->i_sb;
	struct mpage_da_data mpd = {
		.inode = inode,
		.wbc = wbc,
		.can_map = true,
		.wpc = { .inode = inode, .wbc = wbc, .ops = &ext4_bh_writeback_ops },
	};
	int alloc_ctx;
	int ret = 0;

	alloc_ctx = ext4_writepages_down_read(sb);
	/* Data in the journal are written by the commit. */
	if (!ext4_should_journal_data(inode))
		ret = ext4_do_writepages(&mpd);
	ext4_writepages_up_read(sb, alloc_ctx);
	return ret;
}
