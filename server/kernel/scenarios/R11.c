/*
 * A direct write completes while the buffered fallback of another one has dirty pages: fsync fails.
 *
 * The file has no extents (mkfs.ext4 -O ^extents); its first block is a hole, the second written. A
 * writes the second block with direct I/O and does not wait. B writes both. A hole of such an inode
 * cannot be filled by direct I/O, so B goes through the page cache, and that with no lock that A's
 * completion would need. When A's I/O ends between B's copy and B's flush, the page cache cannot be
 * invalidated: the kernel reports that data was lost. None was.
 *
 *	A                            B                             kworker_A
 *	inode_lock_shared()
 *	iomap_dio_rw()
 *	  kiocb_invalidate_pages(): clean
 *	  submit_bio()
 *	inode_unlock_shared()
 *	                             inode_lock_shared()
 *	                             iomap_dio_rw(): -ENOTBLK
 *	                             inode_unlock_shared()
 *	                             ext4_buffered_write_iter()
 *	                               dirties both pages
 *	                                                           iomap_dio_complete()
 *	                                                             a dirty page: -EIO
 *
 * It needs no large folio: the ranges overlap in the second block. A page that is dirtied through
 * mmap instead does the same, and nothing here keeps that from happening: then it is the
 * documented collision of direct I/O and mmap.
 *
 * invalidate_lock around the fallback does not help, as direct I/O does not take it; and it is taken
 * before the i_rwsem of the buffered write there, against the order of the two.
 */
__scenario("R11", "direct I/O completes over dirty pages of a buffered fallback: false -EIO");
__source("linux-ext4, 17 Jun 2026: ext4: base unaligned DIO lock decision on partial block zeroing");
__on("7.1");
/* The patch that the thread is about. Without it B's direct write holds i_rwsem exclusively. */
__with("07961ebb09c9");
__bound("2 folios × 1 block");
__bound("2 direct writes");
__bound("no commit");

__fixed_by("15cdefd0c052", "buffered writes wait for direct I/O in flight, under i_rwsem");
__fixed_by("exclusive-dio", "direct I/O without extents holds i_rwsem exclusively and waits");
__fixed_by("no-dio", "no direct I/O without extents");
__fixed_by("fallback-invalidate-lock", "invalidate_lock around the buffered fallback");

#define NR_FOLIOS 2
#define PAGE_SHIFT 1
#define BLKBITS 1
#define COMMITS 0

struct file file;
struct kiocb aio;
struct kiocb iocb;

static void aio_complete(struct kiocb *iocb, long ret)
{
}

/* [hole][written], no extents, buffer_heads; nothing cached. */
__setup
static void hole_and_written(void)
{
	inode.ext4.i_flags = 0;
	inode.ext4.i_state_flags = 0;
	ext4_set_aops(&inode);
	start_extent(0, EXTENT_STATUS_HOLE);
	start_extent(1, EXTENT_STATUS_WRITTEN);
	file.f_inode = &inode;
	file.f_mapping = inode.i_mapping;
	aio.ki_filp = &file;
	aio.ki_pos = PAGE_SIZE;
	aio.ki_flags = IOCB_DIRECT;
	aio.ki_complete = aio_complete;
	iocb.ki_filp = &file;
	iocb.ki_flags = IOCB_DIRECT;
}

/* Asynchronous, one block. */
__thread("A")
static void write_allocated_block(void)
{
	struct iov_iter from = { .count = PAGE_SIZE, .data = DATA_NEW };

	ext4_file_write_iter(&aio, &from);
}

/* Both blocks. */
__thread("B")
static void write_hole_and_block(void)
{
	struct iov_iter from = { .count = 2 * PAGE_SIZE, .data = DATA_NEW };

	ext4_file_write_iter(&iocb, &from);
}

/* Completes A's write: the worker of s_dio_done_wq. */
__daemon("kworker_A")
static void dio_done(void)
{
	other_worker_thread(&dio_workqueue);
}

/* No I/O fails here, so that no error may be reported. */
__invariant("no error is reported, since no data was lost")
static bool no_false_error(void)
{
	return !inode.i_mapping->wb_err;
}
