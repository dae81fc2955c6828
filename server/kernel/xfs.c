/*
 * xfs: the locks of an inode, and its extents in memory.
 *
 * Order: IOLOCK (i_rwsem), MMAPLOCK (invalidate_lock), folio lock, ILOCK. The extents, delayed ones among
 * them, change under ILOCK for writing, and each change counts. Transactions are left out: one never waits
 * for data or for another one to end, so none is a part of a circle. Not there either: the fork for copy on
 * write and shared blocks, direct I/O, truncate and punch, and what a crash leaves; an extent is never split
 * on disk, and log space is never short.
 */

#define XFS_IOLOCK_EXCL BIT(0)
#define XFS_IOLOCK_SHARED BIT(1)
#define XFS_ILOCK_EXCL BIT(2)
#define XFS_ILOCK_SHARED BIT(3)
#define XFS_MMAPLOCK_EXCL BIT(4)
#define XFS_MMAPLOCK_SHARED BIT(5)

#define XFS_DATA_FORK 0
#define XFS_COW_FORK 2

typedef u64 xfs_fileoff_t;

enum xfs_exntst { XFS_EXT_NORM, XFS_EXT_UNWRITTEN };

#define HOLESTARTBLOCK (-2)
#define DELAYSTARTBLOCK (-1)
#define isnullstartblock(block) ((block) == DELAYSTARTBLOCK)

struct xfs_bmbt_irec {
	xfs_fileoff_t br_startoff;
	s64 br_startblock;
	u64 br_blockcount;
	enum xfs_exntst br_state;
};

#define XFS_B_TO_FSBT(mp, b) ((b) >> (mp)->m_blkbits)
#define XFS_B_TO_FSB(mp, b) (((b) + BIT((mp)->m_blkbits) - 1) >> (mp)->m_blkbits)
#define XFS_FSB_TO_B(mp, fsb) ((loff_t)(fsb) << (mp)->m_blkbits)
#define XFS_ISIZE(ip) i_size_read(VFS_I(ip))

/* ---- locks --------------------------------------------------------------- */

__source("fs/xfs/mrlock.h:mrupdate_nested")
static inline void mrupdate(mrlock_t *mrp)
{
	down_write(&mrp->mr_lock);
}

__source("fs/xfs/mrlock.h:mraccess_nested")
static inline void mraccess(mrlock_t *mrp)
{
	down_read(&mrp->mr_lock);
}

__source("fs/xfs/xfs_inode.c:xfs_ilock")
void xfs_ilock(struct xfs_inode *ip, unsigned int lock_flags)
{
	if (lock_flags & (XFS_IOLOCK_EXCL | XFS_IOLOCK_SHARED))
		__forbid("I/O completion", "I/O completes without i_rwsem", "RL-COMPLETION-LOCK");
	if (lock_flags & XFS_IOLOCK_EXCL)
		down_write(&VFS_I(ip)->i_rwsem);
	else if (lock_flags & XFS_IOLOCK_SHARED)
		down_read(&VFS_I(ip)->i_rwsem);

	if (lock_flags & XFS_MMAPLOCK_EXCL)
		down_write(&VFS_I(ip)->i_mapping->invalidate_lock);
	else if (lock_flags & XFS_MMAPLOCK_SHARED)
		down_read(&VFS_I(ip)->i_mapping->invalidate_lock);

	if (lock_flags & XFS_ILOCK_EXCL)
		mrupdate(&ip->i_lock);
	else if (lock_flags & XFS_ILOCK_SHARED)
		mraccess(&ip->i_lock);
}

__source("fs/xfs/xfs_inode.c:xfs_iunlock")
void xfs_iunlock(struct xfs_inode *ip, unsigned int lock_flags)
{
	if (lock_flags & XFS_IOLOCK_EXCL)
		up_write(&VFS_I(ip)->i_rwsem);
	else if (lock_flags & XFS_IOLOCK_SHARED)
		up_read(&VFS_I(ip)->i_rwsem);

	if (lock_flags & XFS_MMAPLOCK_EXCL)
		up_write(&VFS_I(ip)->i_mapping->invalidate_lock);
	else if (lock_flags & XFS_MMAPLOCK_SHARED)
		up_read(&VFS_I(ip)->i_mapping->invalidate_lock);

	if (lock_flags & XFS_ILOCK_EXCL)
		up_write(&ip->i_lock.mr_lock);
	else if (lock_flags & XFS_ILOCK_SHARED)
		up_read(&ip->i_lock.mr_lock);
}

/* ---- extents ------------------------------------------------------------- */

/* The extent at a block, or the next one behind it; false when there is none. The caller holds ILOCK. */
__source("fs/xfs/libxfs/xfs_iext_tree.c:xfs_iext_lookup_extent")
bool xfs_iext_lookup_extent(struct xfs_inode *ip, struct xfs_ifork *ifp, xfs_fileoff_t bno,
			    struct xfs_bmbt_irec *gotp)
{
	xfs_fileoff_t first = bno, end;
	enum block_status status = EXTENT_STATUS_HOLE;

	/* ILOCK is held: nothing changes meanwhile. */
	__atomic {
		while (first < NR_BLOCKS && ifp->if_ext[first] == EXTENT_STATUS_HOLE)
			first++;
		end = first;
		if (first < NR_BLOCKS)
			status = ifp->if_ext[first];
		while (end < NR_BLOCKS && ifp->if_ext[end] == status)
			end++;
	}
	gotp->br_startoff = first;
	gotp->br_blockcount = end - first;
	gotp->br_startblock = status == EXTENT_STATUS_DELAYED ? DELAYSTARTBLOCK : (s64)first;
	gotp->br_state = status == EXTENT_STATUS_UNWRITTEN ? XFS_EXT_UNWRITTEN : XFS_EXT_NORM;
	return first < NR_BLOCKS;
}

/* Gives the blocks of a range that have one status another; how many there were. */
static int xfs_iext_change(struct xfs_inode *ip, struct xfs_ifork *ifp, xfs_fileoff_t start,
			   xfs_fileoff_t end, enum block_status from, enum block_status to)
{
	xfs_fileoff_t b;
	int changed = 0;

	__require(&ip->i_lock.mr_lock, "the extents change under ILOCK", "RL-MAP-LOCK");
	/* ILOCK is held for writing: nobody looks. */
	__atomic {
		for (b = start; b < end && b < NR_BLOCKS; b++) {
			if (ifp->if_ext[b] != from)
				continue;
			ifp->if_ext[b] = to;
			changed++;
		}
		/* xfs_iext_inc_seq() */
		if (changed)
			ifp->if_seq++;
	}
	return changed;
}

/* Delays the allocation of a hole: space is reserved, no block is chosen. */
__source("fs/xfs/libxfs/xfs_bmap.c:xfs_bmapi_reserve_delalloc")
int xfs_bmapi_reserve_delalloc(struct xfs_inode *ip, int whichfork, xfs_fileoff_t off, u64 len,
			       struct xfs_bmbt_irec *got)
{
	int indlen = xfs_iext_change(ip, &ip->i_df, off, off + len, EXTENT_STATUS_HOLE,
				     EXTENT_STATUS_DELAYED);

	ip->i_delayed_blks += indlen;
	got->br_startoff = off;
	got->br_startblock = DELAYSTARTBLOCK;
	got->br_blockcount = len;
	got->br_state = XFS_EXT_NORM;
	return 0;
}

/* Gives delayed blocks of a range up; others stay. */
__source("fs/xfs/xfs_bmap_util.c:xfs_bmap_punch_delalloc_range")
int xfs_bmap_punch_delalloc_range(struct xfs_inode *ip, loff_t start_byte, loff_t end_byte)
{
	struct xfs_mount *mp = ip->i_mount;
	xfs_fileoff_t start_fsb = XFS_B_TO_FSBT(mp, start_byte);
	xfs_fileoff_t end_fsb = XFS_B_TO_FSB(mp, end_byte);

	xfs_ilock(ip, XFS_ILOCK_EXCL);
	ip->i_delayed_blks -= xfs_iext_change(ip, &ip->i_df, start_fsb, end_fsb,
					      EXTENT_STATUS_DELAYED, EXTENT_STATUS_HOLE);
	xfs_iunlock(ip, XFS_ILOCK_EXCL);
	return 0;
}
