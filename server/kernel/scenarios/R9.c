/*
 * Truncate to a larger size asks whether zeros are in flight, and then it is no longer so.
 *
 * The file ends in the middle of block 0, and the rest of the block on disk is not zero. truncate
 * zeroes it in the page cache and marks it: i_disksize may move only when these zeros are on disk.
 * The mark is looked at first and the size is set later. In between the zeros go to disk, and the
 * completion sets i_disksize to i_size, which is still the old one. truncate then leaves i_disksize
 * to a completion that has been: nothing is dirty, so no other will come. fsync has nothing to do,
 * and after a crash the file has its old size.
 *
 *	truncate                     flusher, disk          kworker
 *	ext4_block_zero_eof()
 *	pending: yes
 *	                             writes the block
 *	                                                    clears the mark,
 *	                                                    i_disksize = i_size (old)
 *	i_size = new,
 *	i_disksize left to the
 *	completion
 *
 * Between zeroing and the new size truncate starts a handle, and that may wait for a commit: the
 * window is not small. To update at once instead shows what was behind the end after a crash.
 */
__scenario("R9", "truncate leaves i_disksize to a completion that has been: the size is lost");
__source("linux-ext4, 25 Jun 2026: ext4: wait for ordered I/O in the iomap buffered I/O path, v4 18/23");
__on("7.1");
__with("pending");
__with("query-before");
__crashes(1);
__bound("2 folios × 1 block");
__bound("1 commit");

__fixed_by("query-locked", "the mark is looked at with i_data_sem held, in which the sizes change");
__fixed_by("always-defer", "no question: i_disksize is always left to the completion");

#define NR_FOLIOS 2
#define PAGE_SHIFT 1
#define BLKBITS 1
#define COMMITS 1
#define CRASH 1

/* One byte of data in block 0, and something behind it; block 1 is a hole. */
__setup
static void unaligned_end(void)
{
	inode.i_size = 1;
	inode.ext4.i_disksize = 1;
	start_extent(0, EXTENT_STATUS_WRITTEN);
	start_extent(1, EXTENT_STATUS_HOLE);
	disk_data[1] = DATA_STALE;
	start_folio(0);
	start_disk_inode();
}

/* truncate(2) into block 1. */
__thread("truncate")
static void truncate_up(void)
{
	struct iattr attr = { .ia_size = 3 };

	inode_lock(&inode);
	ext4_setattr(&inode, &attr);
	inode_unlock(&inode);
}

/* Periodic writeback of the inode; waits for nothing. */
__thread("flusher")
static void flusher(void)
{
	filemap_flush(inode.i_mapping);
}

/* Whatever is dirty will be written some time, and its completion may still move the size. */
__finally
static void size_goes_to_disk(void)
{
	__assert(folio[0].dirty || inode.ext4.i_disksize == inode.i_size,
		 "nothing is dirty, so i_disksize is i_size");
}

__after_crash("no stale data inside the file")
static bool no_stale_data(void)
{
	return disk_has_no_stale_data();
}
