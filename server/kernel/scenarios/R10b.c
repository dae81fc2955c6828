/*
 * The file grows twice: the first end has its zeros on disk, the second one has not.
 *
 * i_disksize is in block 0, i_size in block 1: the file has grown once. Writeback has submitted the
 * zeros of block 0 and the new data of block 1, with the tail of block 1 zeroed. Then somebody has
 * stored behind the end of the file through mmap; no lock and no stable page stops that, and DMA takes
 * the byte to disk. Truncate lets the file grow again, and zeroes it in the page cache. Now the ioend
 * of block 0 completes. It has i_disksize in its block, so it moves it to i_size: to the second end. A
 * commit later the garbage of block 1 is inside the file.
 *
 *	disk               truncate                     kworker
 *	writes 0 and 1
 *	                   zeroes the tail of 1
 *	                   i_size = second end
 *	                                                ioend 0: i_disksize = second end
 *	                                                ioend 1: block 1 is written
 *
 * So it is not true that only the block of i_disksize matters. Right is: i_disksize may go up to the
 * first end of the file whose zeros are not on disk yet. A mark that is set with zeros in any block
 * does that; one that is set in the block of i_disksize only does not.
 *
 * Zeros and i_size under one hold of the folio lock help neither the block of i_disksize nor the mark in
 * that block: the schedule needs both before ioend 0 completes, and nothing between them. "min-end" is
 * right from here on; what it does wrong it does when the file grows for the first time (R10, "append").
 * Ordered mode and writing the zeros first are not in the list: with them the first growth would not
 * have left this state.
 */
__scenario("R10b", "the file grows twice: i_disksize passes zeros that are not on disk");
__source("linux-ext4, 25 Jun 2026: follows from the scheme of the thread");
__on("7.1");
__with("straddle-block");
__crashes(1);
__bound("3 folios × 1 block");
__bound("1 commit");

__fixed_by("straddle", "the range of the ioend has to have i_disksize in it, not only its blocks");
__fixed_by("one-lock", "zeros and i_size under one hold of the folio lock");
__fixed_by("pending-written", "a mark set with zeros in the block of i_disksize, cleared by their ioend");
__fixed_by("pending", "a mark set with zeros in any block, cleared by their ioend");

#define NR_FOLIOS 3
#define PAGE_SHIFT 1
#define BLKBITS 1
#define COMMITS 1
#define CRASH 1

/*
 * Grown from the middle of block 0 to the middle of block 1; writeback has submitted both blocks, and
 * then a store has hit the tail of block 1.
 */
__setup
static void grown_once(void)
{
	inode.i_size = 3;
	inode.ext4.i_disksize = 1;
	start_extent(0, EXTENT_STATUS_WRITTEN);
	start_extent(1, EXTENT_STATUS_DELAYED);
	start_extent(2, EXTENT_STATUS_HOLE);
	start_folio(0);
	start_dirty_block(0);
	folio[0].data[1] = 0;
	disk_data[1] = DATA_STALE;
	start_folio(1);
	start_dirty_block(1);
	folio[1].data[1] = 0;
	if (ext4_tracks_pending())
		inode.ext4.i_grow_pending = BIT(0);
	start_disk_inode();
	filemap_flush(inode.i_mapping);
	folio_mark_dirty(&folio[1]);
	folio[1].data[1] = DATA_STALE;
}

/* truncate(2) into block 2; i_rwsem and invalidate_lock are left out, since nobody else takes them. */
__thread("truncate")
static void truncate_up(void)
{
	inode_lock(&inode);
	ext4_block_zero_eof(&inode, 3, 5);
	ext4_grow_inode_size(&inode, 5);
	inode_unlock(&inode);
}

__after_crash("no stale data inside the file")
static bool no_stale_data(void)
{
	return disk_has_no_stale_data();
}
