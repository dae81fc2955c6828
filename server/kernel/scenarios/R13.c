/*
 * An asynchronous write-through write updates i_size when its I/O ends, and EOF moves back.
 *
 * A writes through behind EOF and does not wait: it has left i_rwsem when its I/O ends, and the
 * worker sets i_size. It reads the old size, and before it stores the new one, B, which holds i_rwsem
 * as it should, writes further behind and sets a larger size. The worker's store takes that back: B's
 * data are in the page cache, behind EOF.
 *
 *	A                        B                            kworker_A
 *	inode_lock()
 *	iomap_file_writethrough_write()
 *	inode_unlock()
 *	                                                      i_size_read(): 1
 *	                         inode_lock()
 *	                         writes, i_size_write(3)
 *	                         inode_unlock()
 *	                                                      i_size_write(2)
 *
 * A worker that takes i_rwsem is no way out: whoever waits for direct I/O in flight holds it. A file
 * system whose writers wait for that (ext4 since 15cdefd0c052) does not have the race.
 */
__scenario("R13", "write-through updates i_size without i_rwsem: EOF moves back");
__source("linux-fsdevel, 22 Apr 2026: iomap: Add initial support for buffered RWF_WRITETHROUGH, v2 2/5");
__on("7.1");
__bound("3 folios × 1 block");
__bound("no commit");

__fixed_by("force-wait", "a write that extends the file waits for its I/O, under i_rwsem");
__fixed_by("size-at-submission", "i_size when the write is submitted, under i_rwsem");
__fixed_by("15cdefd0c052", "buffered writes wait for direct I/O in flight, under i_rwsem");
__fixed_by("rwsem-in-worker", "i_rwsem in the worker");

#define NR_FOLIOS 3
#define PAGE_SHIFT 0
#define BLKBITS 0
#define COMMITS 0
/*
 * The worker that sets i_size holds no i_rwsem: that is the question here, and with 15cdefd0c052 it is
 * right all the same. That a handle is started under the folio lock, on an inode that is written back
 * through buffer_heads, is another question, which this scenario does not ask.
 */
#define CHECK_SIZE_LOCK 0
#define CHECK_HANDLE_ORDER 0

struct file file;
struct kiocb aio;

static void aio_complete(struct kiocb *iocb, long ret)
{
}

/* One written block. */
__setup
static void one_block(void)
{
	inode.ext4.i_state_flags = 0;
	ext4_set_aops(&inode);
	inode.i_size = 1;
	inode.ext4.i_disksize = 1;
	start_extent(0, EXTENT_STATUS_WRITTEN);
	start_extent(1, EXTENT_STATUS_HOLE);
	start_extent(2, EXTENT_STATUS_HOLE);
	file.f_inode = &inode;
	file.f_mapping = inode.i_mapping;
	aio.ki_filp = &file;
	aio.ki_pos = 1;
	aio.ki_complete = aio_complete;
}

/* pwritev2(RWF_WRITETHROUGH) of block 1, by a caller that does not wait. */
__thread("A")
static void write_through(void)
{
	struct iov_iter from = { .count = 1, .data = DATA_NEW };

	inode_lock(&inode);
	iomap_file_writethrough_write(&aio, &from, &ext4_iomap_ops);
	inode_unlock(&inode);
}

/* write(2) of block 2. */
__thread("B")
static void append(void)
{
	struct kiocb iocb = { .ki_filp = &file, .ki_pos = 2 };
	struct iov_iter from = { .count = 1, .data = DATA_NEW };

	ext4_file_write_iter(&iocb, &from);
}

/* Completes A's write. */
__daemon("kworker_A")
static void dio_done(void)
{
	other_worker_thread(&dio_workqueue);
}

__finally
static void file_ends_behind_b(void)
{
	__assert(inode.i_size == 3, "EOF is behind all data that were written");
}
