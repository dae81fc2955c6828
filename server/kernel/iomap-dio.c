/*
 * iomap: direct writes.
 *
 * The page cache of the range is written back and dropped before the I/O and dropped again after
 * it. A write that nobody waits for is completed by a work item of its own, with no lock held; the
 * count of direct I/Os in flight goes down last, after that second drop.
 *
 * A dio that is not submitted yet, or whose last reference was taken, can only be reached by one
 * thread: it is read and changed in one step.
 */

#define IOMAP_DIO_FORCE_WAIT BIT(0)
/* The data are in the page cache already: nothing there to drop, before or after. */
#define IOMAP_DIO_BUF_WRITETHROUGH BIT(4)

#define IOMAP_DIO_UNWRITTEN BIT(28)
#define IOMAP_DIO_WRITE BIT(30)

struct iomap_dio_ops {
	int (*end_io)(struct kiocb *iocb, ssize_t size, int error, unsigned flags);
};

struct iomap_dio {
	struct kiocb *iocb;
	const struct iomap_dio_ops *dops;
	loff_t size;
	atomic_t ref;
	unsigned flags;
	int error;
	bool wait_for_completion;
	/* Set until the last bio is done. */
	bool waiter;
	struct work_struct work;
	/* Its only bio: mappings are not longer than a write here. */
	struct bio bio;
};

static struct iomap_dio iomap_dio_pool[NR_DIOS] __pool;

/* ---- completion ---------------------------------------------------------- */

__source("fs/iomap/direct-io.c:iomap_dio_complete")
ssize_t iomap_dio_complete(struct iomap_dio *dio)
{
	const struct iomap_dio_ops *dops;
	struct kiocb *iocb;
	unsigned flags;
	loff_t size;
	ssize_t ret;
	int error;

	/* The last reference was ours: nobody else can reach it. */
	__atomic {
		dops = dio->dops;
		iocb = dio->iocb;
		flags = dio->flags;
		size = dio->size;
		error = dio->error;
	}
	ret = error;
	if (dops && dops->end_io)
		ret = dops->end_io(iocb, size, error, flags);
	if (!ret)
		ret = size;

	if (!error && size && (flags & IOMAP_DIO_WRITE) &&
	    !(flags & IOMAP_DIO_BUF_WRITETHROUGH))
		kiocb_invalidate_post_direct_write(iocb, size);

	inode_dio_end(file_inode(iocb->ki_filp));

	if (ret > 0)
		iocb->ki_pos += ret;
	__free(dio);
	return ret;
}

__source("fs/iomap/direct-io.c:iomap_dio_complete_work")
static void iomap_dio_complete_work(struct work_struct *work)
{
	struct iomap_dio *dio = container_of(work, struct iomap_dio, work);
	struct kiocb *iocb = dio->iocb;

	iocb->ki_complete(iocb, iomap_dio_complete(dio));
}

/* Interrupt: the last reference wakes the submitter, or hands the rest to a worker. */
__source("fs/iomap/direct-io.c:iomap_dio_bio_end_io")
static void iomap_dio_bio_end_io(struct bio *bio)
{
	struct iomap_dio *dio = container_of(bio, struct iomap_dio, bio);
	struct inode *inode;

	if (bio->bi_status)
		dio->error = -EIO;
	if (!atomic_dec_and_test(&dio->ref))
		return;
	/* Nobody else takes a reference: who waits only waits for this. */
	__atomic {
		inode = file_inode(dio->iocb->ki_filp);
		if (dio->wait_for_completion)
			dio->waiter = false;
		else
			insert_work(inode->i_sb->s_dio_done_wq, &dio->work);
	}
}

/* ---- submission ---------------------------------------------------------- */

/* Not submitted: nobody else can reach it. */
static struct iomap_dio *iomap_dio_alloc(struct kiocb *iocb, const struct iomap_dio_ops *dops,
					 unsigned int flags, bool wait_for_completion)
{
	struct iomap_dio *dio;

	/* Before it is submitted nobody else can reach it. */
	__atomic {
		dio = __alloc(iomap_dio_pool);
		dio->iocb = iocb;
		dio->dops = dops;
		dio->size = 0;
		dio->ref.counter = 1;
		dio->flags = IOMAP_DIO_WRITE | (flags & IOMAP_DIO_BUF_WRITETHROUGH);
		dio->error = 0;
		dio->wait_for_completion = wait_for_completion;
		dio->waiter = true;
		dio->work.pending = false;
		dio->work.func = iomap_dio_complete_work;
	}
	return dio;
}

/* One bio for what the mapping covers of the write. */
__source("fs/iomap/direct-io.c:iomap_dio_bio_iter")
static int iomap_dio_bio_iter(struct iomap_iter *iter, struct iomap_dio *dio,
			      struct iov_iter *from)
{
	u64 length = iomap_length(iter);

	/* Not submitted: nobody else can reach it. */
	__atomic {
		dio->ref.counter++;
		dio->size += length;
		if (iter->iomap.type == IOMAP_UNWRITTEN)
			dio->flags |= IOMAP_DIO_UNWRITTEN;
		dio->bio.bi_mapping = NULL;
		if (dio->flags & IOMAP_DIO_BUF_WRITETHROUGH)
			dio->bio.bi_mapping = iter->inode->i_mapping;
		dio->bio.bi_user = from->data;
		dio->bio.bi_pos = iter->pos;
		dio->bio.bi_size = length;
		dio->bio.bi_sector = iter->iomap.addr + iter->pos - iter->iomap.offset;
		dio->bio.bi_status = 0;
		dio->bio.bi_end_io = iomap_dio_bio_end_io;
	}
	from->count -= length;
	submit_bio(&dio->bio);
	return iomap_iter_advance(iter, length);
}

/*
 * NULL, an error, or the dio of a write that is done. -ENOTBLK of the file system ends the write
 * where it is: the caller goes on with the rest through the page cache.
 */
__source("fs/iomap/direct-io.c:__iomap_dio_rw")
struct iomap_dio *__iomap_dio_rw(struct kiocb *iocb, struct iov_iter *from,
				 const struct iomap_ops *ops, const struct iomap_dio_ops *dops,
				 unsigned int dio_flags)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	struct iomap_iter iomi = {
		.inode = inode,
		.pos = iocb->ki_pos,
		.len = iov_iter_count(from),
		.flags = IOMAP_WRITE | IOMAP_DIRECT,
	};
	bool wait_for_completion = is_sync_kiocb(iocb) || (dio_flags & IOMAP_DIO_FORCE_WAIT);
	struct iomap_dio *dio;
	int ret;

	if (!iomi.len)
		return NULL;

	if (!(dio_flags & IOMAP_DIO_BUF_WRITETHROUGH)) {
		ret = kiocb_invalidate_pages(iocb, iomi.len);
		if (ret) {
			/* Not -EAGAIN: the caller does the write through the page cache. */
			if (ret != -EAGAIN)
				ret = -ENOTBLK;
			return ERR_PTR(ret);
		}
	}

	inode_dio_begin(inode);
	dio = iomap_dio_alloc(iocb, dops, dio_flags, wait_for_completion);

	while ((ret = iomap_iter(&iomi, ops)) > 0)
		iomi.status = iomap_dio_bio_iter(&iomi, dio, from);

	/* Only the submitter and the bio know the dio. */
	__atomic {
		if (ret == -ENOTBLK) {
			wait_for_completion = true;
			dio->wait_for_completion = true;
			ret = 0;
		}
		if (ret < 0)
			dio->error = ret;
	}

	if (!atomic_dec_and_test(&dio->ref)) {
		if (!wait_for_completion)
			return ERR_PTR(-EIOCBQUEUED);
		__wait(!dio->waiter, "direct I/O", inode);
	}
	return dio;
}

__source("fs/iomap/direct-io.c:iomap_dio_rw")
ssize_t iomap_dio_rw(struct kiocb *iocb, struct iov_iter *from, const struct iomap_ops *ops,
		     const struct iomap_dio_ops *dops, unsigned int dio_flags)
{
	struct iomap_dio *dio = __iomap_dio_rw(iocb, from, ops, dops, dio_flags);

	if (IS_ERR_OR_NULL(dio))
		return PTR_ERR_OR_ZERO(dio);
	return iomap_dio_complete(dio);
}
