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
 *
 * With "append" the file grows by new data in block 1. Then "min-end" shows stale bytes too: the ioend of
 * block 1 moves i_disksize, though it has nothing to do with block 0.
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

/* With "ordered" an append starts a handle under the folio lock: whether it may is another question. */
#define CHECK_HANDLE_ORDER (!__fix("append"))
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

/* A write(2) of the first byte of block 1. The size follows under the lock of the folio it is in. */
static void append(void)
{
	struct iov_iter from = { .count = 1, .data = DATA_NEW };
	struct folio *folio;

	ext4_block_zero_eof(&inode, inode.i_size, 3);
	ext4_da_write_begin(NULL, inode.i_mapping, 2, 1, &folio);
	copy_folio_from_iter(folio, 0, 1, &from);
	iomap_set_range_dirty(folio, 0, 1);
	filemap_dirty_folio(inode.i_mapping, folio);
	ext4_grow_inode_size(&inode, 3);
	folio_unlock(folio);
}

/* truncate(2) into block 1. */
__thread("truncate")
static void truncate_up(void)
{
	struct iattr attr = { .ia_size = 3 };

	inode_lock(&inode);
	if (__fix("append"))
		append();
	else
		ext4_setattr(&inode, &attr);
	inode_unlock(&inode);
}

/* Periodic writeback of the inode; waits for nothing. It may begin in the middle of a larger file. */
__thread("flusher")
static void flusher(void)
{
	loff_t start = __fix("append") ? __choose(2) * PAGE_SIZE : 0;

	__filemap_fdatawrite_range(inode.i_mapping, start, start + PAGE_SIZE - 1, WB_SYNC_NONE);
}

/* Whatever is dirty will be written some time: may its completion still move the size? */
static bool size_may_move(void)
{
	if (__fix("straddle") || __fix("straddle-block"))
		return folio[0].dirty;
	return folio[0].dirty || folio[1].dirty;
}

__finally
static void size_goes_to_disk(void)
{
	__assert(size_may_move() || inode.ext4.i_disksize == inode.i_size,
		 "nothing is dirty, so i_disksize is i_size");
}

__after_crash("no stale data inside the file")
static bool no_stale_data(void)
{
	return disk_has_no_stale_data();
}
