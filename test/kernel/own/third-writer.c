/*
 * R11 with a third writer, which goes through the page cache on its own account.
 *
 * A writes the second block with direct I/O and does not wait, B writes the hole and falls back to the page
 * cache, C writes the second block through the page cache. The wait for direct I/O helps C only because it
 * is in the function that B's fallback calls, and not in the fallback.
 */
__scenario("third-writer", "a buffered writer beside direct I/O and a fallback: false -EIO");
__on("7.1");
__with("07961ebb09c9");
__bound("2 folios × 1 block");
__bound("3 writes, no commit");

__fixed_by("15cdefd0c052", "buffered writes wait for direct I/O in flight, under i_rwsem");

#define NR_FOLIOS 2
#define PAGE_SHIFT 0
#define BLKBITS 0
#define COMMITS 0

struct file file;

/* [hole][written], no extents, buffer_heads; nothing cached. */
__setup
static void hole_and_written(void)
{
	inode.ext4.i_flags = 0;
	inode.ext4.i_state_flags = 0;
	ext4_set_aops(&inode);
	start_extent(1, EXTENT_STATUS_WRITTEN);
	start_extent(0, EXTENT_STATUS_HOLE);
	file.f_inode = &inode;
	file.f_mapping = inode.i_mapping;
}

static void done(struct kiocb *iocb, long ret)
{
}

static struct kiocb a = { .ki_pos = 1, .ki_flags = IOCB_DIRECT, .ki_complete = done };
static struct kiocb b = { .ki_flags = IOCB_DIRECT };
static struct kiocb c = { .ki_pos = 1 };

static void write_at(struct kiocb *iocb, size_t count)
{
	struct iov_iter from = { .count = count, .data = DATA_NEW };

	iocb->ki_filp = &file;
	ext4_file_write_iter(iocb, &from);
}

__thread("A") static void direct(void) { write_at(&a, 1); }
__thread("B") static void falls_back(void) { write_at(&b, 1); }
__thread("C") static void buffered(void) { write_at(&c, 1); }
__daemon("kworker_A") static void dio_done(void) { other_worker_thread(&dio_workqueue); }
__invariant("no error is reported, since no data was lost") static bool no_false_error(void)
{
	return !inode.i_mapping->wb_err;
}
