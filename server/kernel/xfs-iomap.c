/*
 * xfs: what iomap asks of it for buffered writes, stores and zeroing.
 *
 * The mapping and the dirty folios over it are looked up under one ILOCK, and the worker converts unwritten
 * extents under the same lock: zeroing cannot miss what writeback has just cleaned (R5).
 */

/* The counts of both forks, where blocks are shared; else that of the data fork. */
__source("fs/xfs/xfs_iomap.c:xfs_iomap_inode_sequence")
u64 xfs_iomap_inode_sequence(struct xfs_inode *ip, u16 iomap_flags)
{
	u64 cookie = 0;

	if ((iomap_flags & IOMAP_F_SHARED) && ip->i_cowfp)
		cookie = (u64)READ_ONCE(ip->i_cowfp->if_seq) << 16;
	return cookie | READ_ONCE(ip->i_df.if_seq);
}

__source("fs/xfs/xfs_iomap.c:xfs_iomap_valid")
static bool xfs_iomap_valid(struct inode *inode, const struct iomap *iomap)
{
	return iomap->validity_cookie == xfs_iomap_inode_sequence(XFS_I(inode), iomap->flags);
}

const struct iomap_write_ops xfs_iomap_write_ops = {
	.iomap_valid = xfs_iomap_valid,
};

__source("fs/xfs/xfs_iomap.c:xfs_bmbt_to_iomap")
int xfs_bmbt_to_iomap(struct xfs_inode *ip, struct iomap *iomap, struct xfs_bmbt_irec *imap,
		      unsigned int mapping_flags, u16 iomap_flags, u64 sequence_cookie)
{
	struct xfs_mount *mp = ip->i_mount;

	if (imap->br_startblock == HOLESTARTBLOCK) {
		iomap->addr = IOMAP_NULL_ADDR;
		iomap->type = IOMAP_HOLE;
	} else if (isnullstartblock(imap->br_startblock)) {
		iomap->addr = IOMAP_NULL_ADDR;
		iomap->type = IOMAP_DELALLOC;
	} else {
		iomap->addr = XFS_FSB_TO_B(mp, imap->br_startblock);
		iomap->type = imap->br_state == XFS_EXT_UNWRITTEN ? IOMAP_UNWRITTEN : IOMAP_MAPPED;
	}
	iomap->offset = XFS_FSB_TO_B(mp, imap->br_startoff);
	iomap->length = XFS_FSB_TO_B(mp, imap->br_blockcount);
	iomap->flags = iomap_flags;
	iomap->validity_cookie = sequence_cookie;
	return 0;
}

__source("fs/xfs/xfs_iomap.c:xfs_hole_to_iomap")
static void xfs_hole_to_iomap(struct xfs_inode *ip, struct iomap *iomap, xfs_fileoff_t offset_fsb,
			      xfs_fileoff_t end_fsb)
{
	struct xfs_mount *mp = ip->i_mount;

	iomap->addr = IOMAP_NULL_ADDR;
	iomap->type = IOMAP_HOLE;
	iomap->offset = XFS_FSB_TO_B(mp, offset_fsb);
	iomap->length = XFS_FSB_TO_B(mp, end_fsb - offset_fsb);
}

/* Looks an extent up and reserves a hole that is written to. No file of the model shares blocks. */
__source("fs/xfs/xfs_iomap.c:xfs_buffered_write_iomap_begin")
static int xfs_buffered_write_iomap_begin(struct inode *inode, loff_t offset, loff_t count,
					  unsigned flags, struct iomap *iomap,
					  struct iomap *srcmap)
{
	struct iomap_iter *iter = container_of(iomap, struct iomap_iter, iomap);
	struct xfs_inode *ip = XFS_I(inode);
	struct xfs_mount *mp = ip->i_mount;
	xfs_fileoff_t offset_fsb = XFS_B_TO_FSBT(mp, offset);
	xfs_fileoff_t end_fsb = XFS_B_TO_FSB(mp, offset + count);
	unsigned int lockmode = XFS_ILOCK_EXCL;
	struct xfs_bmbt_irec imap;
	u64 seq;

	xfs_ilock(ip, lockmode);
	/* A hole up to the end, where there is no extent. */
	if (!xfs_iext_lookup_extent(ip, &ip->i_df, offset_fsb, &imap))
		imap.br_startoff = end_fsb;

	/* Nothing is allocated for zeroing a hole. */
	if ((flags & IOMAP_ZERO) && imap.br_startoff > offset_fsb) {
		xfs_hole_to_iomap(ip, iomap, offset_fsb, imap.br_startoff);
		goto out_unlock;
	}

	if (imap.br_startoff <= offset_fsb) {
		/* Inside EOF dirty folios over an unwritten extent are zeroed, one by one. */
		if (__since("395ed1ef0012", "2025-11-29") && (flags & IOMAP_ZERO) &&
		    imap.br_state == XFS_EXT_UNWRITTEN &&
		    offset_fsb < XFS_B_TO_FSB(mp, XFS_ISIZE(ip))) {
			loff_t end = iomap_fill_dirty_folios(iter, offset,
							     XFS_FSB_TO_B(mp, imap.br_blockcount));

			if (end < 0) {
				xfs_iunlock(ip, lockmode);
				return end;
			}
			if (XFS_B_TO_FSBT(mp, end) < imap.br_startoff + imap.br_blockcount)
				imap.br_blockcount = XFS_B_TO_FSBT(mp, end) - imap.br_startoff;
		}
		seq = xfs_iomap_inode_sequence(ip, 0);
		xfs_iunlock(ip, lockmode);
		return xfs_bmbt_to_iomap(ip, iomap, &imap, flags, 0, seq);
	}

	if (imap.br_startoff < end_fsb)
		end_fsb = imap.br_startoff;
	xfs_bmapi_reserve_delalloc(ip, XFS_DATA_FORK, offset_fsb, end_fsb - offset_fsb, &imap);
	/* New: given up again if the write fails. */
	seq = xfs_iomap_inode_sequence(ip, IOMAP_F_NEW);
	xfs_iunlock(ip, lockmode);
	return xfs_bmbt_to_iomap(ip, iomap, &imap, flags, IOMAP_F_NEW, seq);

out_unlock:
	xfs_iunlock(ip, lockmode);
	return 0;
}

__source("fs/xfs/xfs_iomap.c:xfs_buffered_write_delalloc_punch")
static int xfs_buffered_write_delalloc_punch(struct inode *inode, loff_t offset, loff_t length)
{
	return xfs_bmap_punch_delalloc_range(XFS_I(inode), offset, offset + length);
}

/* Gives up what was reserved for a write and not written. */
__source("fs/xfs/xfs_iomap.c:xfs_buffered_write_iomap_end")
static int xfs_buffered_write_iomap_end(struct inode *inode, loff_t offset, loff_t length,
					long written, unsigned flags, struct iomap *iomap)
{
	loff_t start = round_up(offset + written, i_blocksize(inode));
	loff_t end = round_up(offset + length, i_blocksize(inode));

	if (__since("f43dc4dc3eff", "2022-12-11"))
		return iomap_file_buffered_write_punch_delalloc(inode, iomap, offset, length,
								written,
								xfs_buffered_write_delalloc_punch);

	/* Whoever delays allocation here has i_rwsem; a fault that found the reservation has not. */
	if (!(iomap->flags & IOMAP_F_NEW) || start >= end)
		return 0;
	truncate_pagecache_range(inode, start, end - 1);
	return xfs_buffered_write_delalloc_punch(inode, start, end - start);
}

const struct iomap_ops xfs_buffered_write_iomap_ops = {
	.iomap_begin = xfs_buffered_write_iomap_begin,
	.iomap_end = xfs_buffered_write_iomap_end,
};

/* ---- zeroing ------------------------------------------------------------- */

/* No transaction is open, so this may flush and wait. */
__source("fs/xfs/xfs_iomap.c:xfs_zero_range")
int xfs_zero_range(struct xfs_inode *ip, loff_t pos, loff_t len, bool *did_zero)
{
	struct inode *inode = VFS_I(ip);

	/* iomap does not flush holes any more; one may have a folio of the block at EOF over it. */
	if (__since("a35bb0dec955", "2026-04-13"))
		filemap_write_and_wait_range(inode->i_mapping, pos, pos + len - 1);
	return iomap_zero_range(inode, pos, len, did_zero, &xfs_buffered_write_iomap_ops,
				&xfs_iomap_write_ops, NULL);
}

/* Zeroes from EOF to where a write begins; the caller holds IOLOCK exclusively. */
__source("fs/xfs/xfs_file.c:xfs_file_write_zero_eof")
int xfs_file_write_zero_eof(struct kiocb *iocb, struct xfs_inode *ip)
{
	loff_t isize = i_size_read(VFS_I(ip));
	int error;

	if (iocb->ki_pos <= isize)
		return 0;
	/* Direct I/O that is in flight may still change EOF. */
	inode_dio_wait(VFS_I(ip));
	xfs_ilock(ip, XFS_MMAPLOCK_EXCL);
	error = xfs_zero_range(ip, isize, iocb->ki_pos - isize, NULL);
	xfs_iunlock(ip, XFS_MMAPLOCK_EXCL);
	return error;
}
