/*
 * xfs: writeback, and what its worker does when the I/O has ended.
 */

/* Is the cached mapping still that of the data fork? The folio is locked. */
__source("fs/xfs/xfs_aops.c:xfs_imap_valid")
static bool xfs_imap_valid(struct iomap_writepage_ctx *wpc, struct xfs_inode *ip, loff_t offset)
{
	if (offset < wpc->iomap.offset || offset >= wpc->iomap.offset + wpc->iomap.length)
		return false;
	if (__since("d9252d526ba6", "2018-08-12") &&
	    wpc->iomap.validity_cookie != xfs_iomap_inode_sequence(ip, 0))
		return false;
	return true;
}

/* Looks the delayed extent up again under ILOCK, and allocates no more than is there now. */
__source("fs/xfs/libxfs/xfs_bmap.c:xfs_bmapi_convert_delalloc")
int xfs_bmapi_convert_delalloc(struct xfs_inode *ip, int whichfork, loff_t offset,
			       struct iomap *iomap)
{
	struct xfs_mount *mp = ip->i_mount;
	xfs_fileoff_t offset_fsb = XFS_B_TO_FSBT(mp, offset);
	struct xfs_bmbt_irec imap;
	int error = 0;

	xfs_ilock(ip, XFS_ILOCK_EXCL);
	if (!xfs_iext_lookup_extent(ip, &ip->i_df, offset_fsb, &imap) ||
	    imap.br_startoff > offset_fsb) {
		error = -EAGAIN;
		goto out;
	}
	if (isnullstartblock(imap.br_startblock)) {
		/* Unwritten until the data are on disk: a crash shows zeros. */
		ip->i_delayed_blks -= xfs_iext_change(ip, &ip->i_df, imap.br_startoff,
						      imap.br_startoff + imap.br_blockcount,
						      EXTENT_STATUS_DELAYED,
						      EXTENT_STATUS_UNWRITTEN);
		imap.br_startblock = imap.br_startoff;
		imap.br_state = XFS_EXT_UNWRITTEN;
	}
	xfs_bmbt_to_iomap(ip, iomap, &imap, 0, 0, xfs_iomap_inode_sequence(ip, 0));
out:
	xfs_iunlock(ip, XFS_ILOCK_EXCL);
	return error;
}

__source("fs/xfs/xfs_aops.c:xfs_map_blocks")
static int xfs_map_blocks(struct iomap_writepage_ctx *wpc, struct inode *inode, loff_t offset)
{
	struct xfs_inode *ip = XFS_I(inode);
	struct xfs_mount *mp = ip->i_mount;
	xfs_fileoff_t offset_fsb = XFS_B_TO_FSBT(mp, offset);
	xfs_fileoff_t end_fsb = XFS_B_TO_FSB(mp, offset + i_blocksize(inode));
	struct xfs_bmbt_irec imap;
	u64 seq;

	if (xfs_imap_valid(wpc, ip, offset))
		return 0;

	xfs_ilock(ip, XFS_ILOCK_SHARED);
	if (!xfs_iext_lookup_extent(ip, &ip->i_df, offset_fsb, &imap))
		imap.br_startoff = end_fsb;
	seq = xfs_iomap_inode_sequence(ip, 0);
	xfs_iunlock(ip, XFS_ILOCK_SHARED);

	if (imap.br_startoff > offset_fsb) {
		imap.br_blockcount = imap.br_startoff - offset_fsb;
		imap.br_startoff = offset_fsb;
		imap.br_startblock = HOLESTARTBLOCK;
		imap.br_state = XFS_EXT_NORM;
	}
	if (isnullstartblock(imap.br_startblock))
		return xfs_bmapi_convert_delalloc(ip, XFS_DATA_FORK, offset, &wpc->iomap);
	return xfs_bmbt_to_iomap(ip, &wpc->iomap, &imap, 0, 0, seq);
}

__source("fs/xfs/xfs_aops.c:xfs_writeback_range")
static long xfs_writeback_range(struct iomap_writepage_ctx *wpc, struct folio *folio, u64 offset,
				unsigned int len, u64 end_pos)
{
	int error = xfs_map_blocks(wpc, wpc->inode, offset);

	if (error)
		return error;
	return iomap_add_to_ioend(wpc, folio, offset, end_pos, len);
}

/* ---- the end of I/O ------------------------------------------------------ */

/* Converts what was written, and the size on disk with it. */
__source("fs/xfs/xfs_iomap.c:xfs_iomap_write_unwritten")
int xfs_iomap_write_unwritten(struct xfs_inode *ip, loff_t offset, loff_t count)
{
	struct xfs_mount *mp = ip->i_mount;
	loff_t i_size;

	xfs_ilock(ip, XFS_ILOCK_EXCL);
	xfs_iext_change(ip, &ip->i_df, XFS_B_TO_FSBT(mp, offset), XFS_B_TO_FSB(mp, offset + count),
			EXTENT_STATUS_UNWRITTEN, EXTENT_STATUS_WRITTEN);
	i_size = min_t(loff_t, offset + count, XFS_ISIZE(ip));
	if (i_size > ip->i_disk_size)
		ip->i_disk_size = i_size;
	xfs_iunlock(ip, XFS_ILOCK_EXCL);
	return 0;
}

/* Conversion first, end of writeback last. Waits for no folio. */
__source("fs/xfs/xfs_aops.c:xfs_end_ioend")
static void xfs_end_ioend(struct iomap_ioend *ioend)
{
	xfs_iomap_write_unwritten(XFS_I(ioend->io_inode), ioend->io_offset, ioend->io_size);
	iomap_finish_ioend(ioend);
}

__source("fs/xfs/xfs_aops.c:xfs_end_io")
static void xfs_end_io(struct work_struct *work)
{
	struct xfs_inode *ip = container_of(work, struct xfs_inode, i_ioend_work);
	struct iomap_ioend *ioend, *next;

	/* list_replace_init() under i_ioend_lock. */
	__atomic {
		ioend = ip->i_ioend_list;
		ip->i_ioend_list = NULL;
	}
	for (; ioend; ioend = next) {
		next = ioend->io_next;
		xfs_end_ioend(ioend);
	}
}

/* Interrupt: hands the ioend to the worker. */
__source("fs/xfs/xfs_aops.c:xfs_end_bio")
static void xfs_end_bio(struct bio *bio)
{
	struct iomap_ioend *ioend = container_of(bio, struct iomap_ioend, io_bio);
	struct xfs_inode *ip;

	/* i_ioend_lock, irqs off. */
	__atomic {
		ip = XFS_I(ioend->io_inode);
		if (!ip->i_ioend_list)
			insert_work(&workqueue, &ip->i_ioend_work);
		ip->i_ioend_list = ioend_append(ip->i_ioend_list, ioend);
	}
}

/* A written block needs no worker, unless the file grows. */
__source("fs/xfs/xfs_aops.c:xfs_writeback_submit")
static int xfs_writeback_submit(struct iomap_writepage_ctx *wpc, int error)
{
	struct iomap_ioend *ioend = wpc->wb_ctx;

	/* Not submitted: nobody else can reach it. */
	__atomic {
		if ((ioend->io_flags & IOMAP_IOEND_UNWRITTEN) ||
		    ioend->io_offset + ioend->io_size > XFS_I(wpc->inode)->i_disk_size)
			ioend->io_bio.bi_end_io = xfs_end_bio;
	}
	return iomap_ioend_writeback_submit(wpc, error);
}

const struct iomap_writeback_ops xfs_writeback_ops = {
	.writeback_range = xfs_writeback_range,
	.writeback_submit = xfs_writeback_submit,
};

__source("fs/xfs/xfs_aops.c:xfs_vm_writepages")
static int xfs_vm_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct iomap_writepage_ctx wpc = {
		.inode = mapping->host,
		.wbc = wbc,
		.ops = &xfs_writeback_ops,
	};

	return iomap_writepages(&wpc);
}

__source("fs/xfs/xfs_aops.c:xfs_vm_read_folio")
static int xfs_vm_read_folio(struct folio *folio)
{
	struct xfs_inode *ip = XFS_I(folio->mapping->host);
	loff_t pos = folio_pos(folio);
	u32 i;

	/* The lookup and the read I/O as one step: only writers of the folio would notice. */
	__atomic {
		for (i = 0; i < PAGE_SIZE; i++) {
			folio->data[i] = 0;
			if (ip->i_df.if_ext[(pos + i) >> BLKBITS] == EXTENT_STATUS_WRITTEN)
				folio->data[i] = disk_data[pos + i];
		}
	}
	return 0;
}

const struct address_space_operations xfs_address_space_operations = {
	.read_folio = xfs_vm_read_folio,
	.writepages = xfs_vm_writepages,
};
