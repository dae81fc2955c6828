/*
 * A crash shows what was behind the end of a file that has grown.
 *
 * The file ends in the middle of block 0. Behind the end the block on disk is not zero: somebody
 * stored there through mmap, and DMA took it along. truncate zeroes these bytes in the page cache and
 * sets both sizes. A commit brings the new size to disk before writeback brings the zeros: after a
 * crash the old bytes are inside the file.
 *
 *	truncate                        jbd2                    crash
 *	ext4_block_zero_eof()
 *	i_size = i_disksize = 3
 *	                                commit record: size 3
 *	                                                        byte 1 is stale
 *
 * So i_disksize has to wait for the zeros. Who moves it then? The completion of the block that
 * i_disksize cuts, says one proposal ("straddle": by the range of the ioend; "straddle-block": by its
 * blocks). Neither shows stale bytes here, but both lose the size when writeback comes between the
 * zeros and the new i_size: the ioend is clamped to the old i_size, so its range does not pass
 * i_disksize; or it does, and sets i_disksize to the i_size of that moment, the old one. Nothing is
 * dirty then, and no completion will come. Zeros and i_size under one hold of the folio lock close
 * that, for both. A mark that is set with the zeros and cleared by an ioend which was built after it
 * needs no such lock. If the file grows once more, only the mark holds: see R10b.
 */
__scenario("R10", "a larger size is on disk before the zeros behind the old end");
__source("linux-ext4, 25 Jun 2026: ext4: wait for ordered I/O in the iomap buffered I/O path, v4 18/23");
__on("7.1");
__crashes(1);
__bound("2 folios × 1 block");
__bound("1 commit");

__fixed_by("min-end", "the completion of writeback moves i_disksize, up to the end of the ioend");
__fixed_by("straddle", "the ioend whose range has i_disksize in it moves it to i_size");
__fixed_by("straddle-block", "the ioend of the block that i_disksize cuts moves it to i_size");
__fixed_by("one-lock", "zeros and i_size under one hold of the folio lock; alone it changes nothing");
__fixed_by("pending-written", "a mark set with zeros in the block of i_disksize, cleared by their ioend");
__fixed_by("pending", "a mark set with zeros in any block, cleared by their ioend");
__fixed_by("ordered", "buffer_heads: the commit writes the zeros before its record");
__fixed_by("write-tail-first", "truncate writes the zeros and waits, then it sets the sizes");

#define NR_FOLIOS 2
#define PAGE_SHIFT 1
#define BLKBITS 1
#define COMMITS 1
#define CRASH 1

/* One byte of data in block 0, and something behind it; block 1 is a hole. */
__setup
static void unaligned_end(void)
{
	if (__fix("ordered"))
		inode.ext4.i_state_flags = 0;
	ext4_set_aops(&inode);
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
