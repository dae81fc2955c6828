/*
 * xfs: system calls and faults on a regular file.
 */

__source("fs/xfs/xfs_file.c:xfs_file_buffered_write")
ssize_t xfs_file_buffered_write(struct kiocb *iocb, struct iov_iter *from)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	struct xfs_inode *ip = XFS_I(inode);
	ssize_t ret;

	xfs_ilock(ip, XFS_IOLOCK_EXCL);
	/* A part of xfs_file_write_checks(). */
	ret = xfs_file_write_zero_eof(iocb, ip);
	if (!ret)
		ret = iomap_file_buffered_write(iocb, from, &xfs_buffered_write_iomap_ops,
						&xfs_iomap_write_ops);
	xfs_iunlock(ip, XFS_IOLOCK_EXCL);
	return ret;
}

__source("fs/xfs/xfs_file.c:__xfs_filemap_fault")
static int xfs_filemap_page_mkwrite(struct vm_fault *vmf)
{
	struct xfs_inode *ip = XFS_I(vmf->vma->vm_mapping->host);
	int ret;

	xfs_ilock(ip, XFS_MMAPLOCK_SHARED);
	ret = iomap_page_mkwrite(vmf, &xfs_buffered_write_iomap_ops);
	xfs_iunlock(ip, XFS_MMAPLOCK_SHARED);
	return ret;
}

const struct vm_operations_struct xfs_file_vm_ops = {
	.page_mkwrite = xfs_filemap_page_mkwrite,
};

static struct xfs_mount xfs_mount;

/* Makes the one file of a run a file of xfs, without a block; scenarios call it from their __setup. */
static void start_xfs(void)
{
	xfs_fileoff_t b;

	for (b = 0; b < NR_BLOCKS; b++)
		inode.xfs.i_df.if_ext[b] = EXTENT_STATUS_HOLE;
	xfs_mount.m_blkbits = BLKBITS;
	inode.xfs.i_mount = &xfs_mount;
	inode.xfs.i_ioend_work.func = xfs_end_io;
	inode.i_data.a_ops = &xfs_address_space_operations;
	vma.vm_ops = &xfs_file_vm_ops;
}

/* Gives a block its extent. */
static void start_xfs_extent(xfs_fileoff_t block, enum block_status status)
{
	inode.xfs.i_df.if_ext[block] = status;
	if (status == EXTENT_STATUS_DELAYED)
		inode.xfs.i_delayed_blks++;
}

/* What is reserved is what is delayed; whoever holds ILOCK for writing is in the middle of a change. */
static bool xfs_reserved_is_delayed(void)
{
	return inode.xfs.i_lock.mr_lock.count < 0 ||
	       inode.xfs.i_delayed_blks ==
		       blocks_with(inode.xfs.i_df.if_ext, EXTENT_STATUS_DELAYED);
}
