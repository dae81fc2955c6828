/*
 * xfs: zeroing from the end of the file to where a write begins meets no folio behind the end.
 *
 * A write far behind EOF first zeroes the gap: the rest of the folio with EOF, and whatever lies behind.
 * Behind it there is space that was preallocated and never written. iomap_zero_range() tests the whole
 * range for dirty pages once; the folio at EOF is dirty. So the unwritten extent is flushed, looked up
 * again, still unwritten, and skipped. Whoever zeroes it instead, because its mapping can be revalidated
 * (the second proposal of 21 July 2025), makes folios behind EOF that writeback will never write: iomap
 * warns. ext4 does not show it, as it zeroes no more than the block with EOF.
 *
 *	write
 *	xfs_file_write_zero_eof(1, 4)
 *	  iomap_zero_range(): dirty
 *	  xfs: written up to EOF's block, zeroed
 *	  xfs: unwritten behind it
 *	    iomap_zero_iter(): a folio behind i_size
 *
 * The folio of EOF may be written back meanwhile: both ways of the test are in the run.
 */
__scenario("X1", "xfs: zeroing the gap before a write behind EOF");
__source("linux-ext4, 21 and 28 Jul 2025: iomap: optional zero range dirty folio processing, v3 3/7");
__on("2025-07");
__with("iomap-valid");
__bound("3 folios × 1 block");
__bound("no commit");

__fixed_by("a35bb0dec955", "xfs flushes the range itself, holes are not flushed");

#define NR_FOLIOS 3
#define PAGE_SHIFT 1
#define BLKBITS 1
#define COMMITS 0

struct file file;

/* EOF inside the first block, which is written and dirty; preallocated space behind it. */
__setup
static void preallocated(void)
{
	start_xfs();
	inode.i_size = 1;
	inode.xfs.i_disk_size = 1;
	start_xfs_extent(0, EXTENT_STATUS_WRITTEN);
	start_xfs_extent(1, EXTENT_STATUS_UNWRITTEN);
	start_folio(0);
	start_dirty_block(0);
	file.f_inode = &inode;
	file.f_mapping = inode.i_mapping;
}

/* write(2) of the third block. */
__thread("write")
static void write_behind(void)
{
	struct kiocb iocb = { .ki_filp = &file, .ki_pos = 4 };
	struct iov_iter from = { .count = 2, .data = DATA_NEW };

	xfs_file_buffered_write(&iocb, &from);
}

/* Periodic writeback of the inode; waits for nothing. */
__thread("flusher")
static void flusher(void)
{
	filemap_flush(inode.i_mapping);
}

__finally
static void gap_reads_zero(void)
{
	loff_t pos;

	for (pos = 1; pos < 4; pos++)
		__assert(!inode.i_mapping->i_pages[pos >> PAGE_SHIFT] ||
				 folio[pos >> PAGE_SHIFT].data[pos & (PAGE_SIZE - 1)] == 0,
			 "the gap reads as zeros");
}
