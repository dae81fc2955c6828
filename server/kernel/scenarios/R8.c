/*
 * The worker of ioends waits for another ioend of the same inode.
 *
 * i_disksize is in the middle of block 0, whose tail was zeroed in the page cache when the file grew;
 * block 1 has the new data. i_disksize may not pass the zeros before they are on disk, so the worker
 * waits for the folio of block 0 when it completes the ioend of block 1. But block 0 is unwritten:
 * its writeback ends in a worker too, with the same work item.
 *
 *	disk                            kworker
 *	end of I/O: ioend A (block 1)
 *	list empty: queue_work()
 *	                                takes the list, ioend A
 *	                                filemap_fdatawait_range(tail)
 *	                                sleeps
 *	end of I/O: ioend B (block 0)
 *	list empty: queue_work()
 *	                                the item does not run twice at a time
 *
 * The report says that the second queue_work() returns false, since the work is executing. It returns
 * true: PENDING was cleared before the function ran. The item is on the queue then, but other workers
 * leave it alone until the first one returns. If both bios end before the worker takes the list, B is
 * in its private list, where nobody else can find it: the shorter way to the same deadlock, which is
 * the one that is shown.
 *
 * A wake-up from the interrupt closes it, for an unwritten tail too: what has to be on disk is the
 * I/O, not the conversion. Until that, the block reads as zeros.
 */
__scenario("R8", "the ioend worker waits for an ioend that only it can complete");
__source("linux-ext4, 25 Jun 2026: ext4: wait for ordered I/O in the iomap buffered I/O path, v4 18/23");
__on("7.1");
__with("fdatawait-tail");
__bound("2 folios × 1 block");
__bound("2 workers");
__bound("no commit");

__fixed_by("irq-wakeup", "the interrupt of the tail's I/O wakes the waiter");
__fixed_by("straddle", "nobody waits: the ioend of the tail's block moves i_disksize");
__fixed_by("work-per-ioend", "a work item for each ioend, and enough workers");
__fixed_by("b9dc57ecc8a5", "nobody waits in the worker: writeback writes the tail first, and waits");

#define NR_FOLIOS 2
#define PAGE_SHIFT 1
#define BLKBITS 1
#define COMMITS 0

struct file file;

/* Two dirty folios over unwritten blocks; the file was one byte long before. */
__setup
static void extended_over_unaligned_end(void)
{
	file.f_inode = &inode;
	inode.ext4.i_disksize = 1;
	inode.ext4.i_ordered_tail = true;
	workqueue.workers = 2;
	start_extent(0, EXTENT_STATUS_UNWRITTEN);
	start_extent(1, EXTENT_STATUS_UNWRITTEN);
	start_folio(0);
	start_folio(1);
	start_dirty_block(0);
	start_dirty_block(1);
}

/* The user wants the new data on disk soon. */
__thread("sync_file_range")
static void sync_new_data(void)
{
	sync_file_range(&file, PAGE_SIZE, PAGE_SIZE, SYNC_FILE_RANGE_WRITE);
}

/* Periodic writeback of the inode; waits for nothing. */
__thread("flusher")
static void flusher(void)
{
	filemap_flush(inode.i_mapping);
}

/* Another worker of the same queue. */
__daemon("kworker_2")
static void second_worker(void)
{
	for (;;)
		process_one_work(&workqueue, 1);
}

__finally
static void everything_is_written(void)
{
	__assert(!folio[0].writeback && !folio[1].writeback, "writeback has ended");
	__assert(inode.ext4.i_disksize == inode.i_size, "i_disksize is i_size");
}
