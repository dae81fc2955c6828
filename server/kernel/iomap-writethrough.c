/*
 * iomap: buffered writes that go to disk at once (RWF_WRITETHROUGH). The data are copied into the page
 * cache, the folio goes under writeback, and the direct I/O machinery writes it from there.
 */

struct iomap_writethrough_ctx {
	struct kiocb iocb;
	struct folio *folio;
	struct inode *inode;
	loff_t orig_pos;
	loff_t orig_len;
};

static struct iomap_writethrough_ctx iomap_writethrough_pool[1] __pool;

/* A larger file; the I/O is done. Proposed for v3: done under i_rwsem, since nobody else may. */
static void iomap_writethrough_update_size(struct inode *inode, loff_t end)
{
	if (__fix("rwsem-in-worker"))
		inode_lock(inode);
	if (end > i_size_read(inode))
		i_size_write(inode, end);
	if (__fix("rwsem-in-worker"))
		inode_unlock(inode);
}

__source("linux-fsdevel, RFC v2 2/5:iomap_writethrough_end_io")
static int iomap_writethrough_end_io(struct kiocb *iocb, ssize_t size, int error, unsigned flags)
{
	struct iomap_writethrough_ctx *wt_ctx =
		container_of(iocb, struct iomap_writethrough_ctx, iocb);

	if (error)
		return error;
	iomap_writethrough_update_size(wt_ctx->inode, wt_ctx->orig_pos + wt_ctx->orig_len);
	return 0;
}

static const struct iomap_dio_ops iomap_writethrough_dio_ops = {
	.end_io = iomap_writethrough_end_io,
};

__source("linux-fsdevel, RFC v2 2/5:iomap_writethrough_endio")
static void iomap_writethrough_endio(struct kiocb *iocb, long ret)
{
	struct iomap_writethrough_ctx *wt_ctx =
		container_of(iocb, struct iomap_writethrough_ctx, iocb);

	if (ret < 0)
		errseq_set(&wt_ctx->inode->i_mapping->wb_err, ret);
	folio_end_writeback(wt_ctx->folio);
	__free(wt_ctx);
}

/* Copied into the folio, which is locked: what writeback would do with it is done here. */
__source("linux-fsdevel, RFC 1/3:iomap_writethrough_begin")
static struct iomap_writethrough_ctx *iomap_writethrough_begin(struct kiocb *iocb,
							       struct folio *folio, loff_t pos,
							       size_t len)
{
	struct iomap_writethrough_ctx *wt_ctx;

	folio_wait_writeback(folio);
	/* Not submitted: nobody else can reach it. */
	__atomic {
		wt_ctx = __alloc(iomap_writethrough_pool);
		wt_ctx->iocb = *iocb;
		wt_ctx->iocb.ki_pos = pos;
		wt_ctx->iocb.ki_complete = iomap_writethrough_endio;
		wt_ctx->folio = folio;
		wt_ctx->inode = file_inode(iocb->ki_filp);
		wt_ctx->orig_pos = pos;
		wt_ctx->orig_len = len;
	}
	folio_start_writeback(folio);
	return wt_ctx;
}

/* One folio. Without fix the caller does not wait, whether the file grows or not. */
__source("linux-fsdevel, RFC v2 2/5:iomap_writethrough_iter")
static int iomap_writethrough_iter(struct kiocb *iocb, struct inode *inode, struct iov_iter *from,
				   const struct iomap_ops *ops)
{
	loff_t pos = iocb->ki_pos;
	loff_t old_size = i_size_read(inode);
	size_t len = iov_iter_count(from);
	struct iov_iter iov_wt = { .count = len, .data = from->data };
	struct iomap_writethrough_ctx *wt_ctx;
	int dio_flags = IOMAP_DIO_BUF_WRITETHROUGH;
	struct folio *folio;
	long status;

	folio = filemap_grab_folio(inode->i_mapping, pos >> PAGE_SHIFT);
	copy_folio_from_iter(folio, offset_in_folio(folio, pos), len, from);
	if (__fix("size-at-submission"))
		iomap_writethrough_update_size(inode, pos + len);
	if (__fix("force-wait") && pos + len > old_size)
		dio_flags |= IOMAP_DIO_FORCE_WAIT;
	wt_ctx = iomap_writethrough_begin(iocb, folio, pos, len);
	status = iomap_dio_rw(&wt_ctx->iocb, &iov_wt, ops, &iomap_writethrough_dio_ops, dio_flags);
	if (status != -EIOCBQUEUED)
		iomap_writethrough_endio(&wt_ctx->iocb, status);
	folio_unlock(folio);
	if (__fix("force-wait") && old_size < pos)
		pagecache_isize_extended(inode, old_size, pos);
	return status < 0 && status != -EIOCBQUEUED ? status : 0;
}

/* The caller holds i_rwsem. */
__source("linux-fsdevel, RFC 1/3:iomap_file_writethrough_write")
ssize_t iomap_file_writethrough_write(struct kiocb *iocb, struct iov_iter *from,
				      const struct iomap_ops *ops)
{
	ssize_t count = iov_iter_count(from);
	int ret = iomap_writethrough_iter(iocb, file_inode(iocb->ki_filp), from, ops);

	return ret < 0 ? ret : count;
}
