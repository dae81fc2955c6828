/*
 * The same race for one partial block: nothing is lost.
 *
 * punch_hole zeroes the part in the page cache first, and keeps others from writing with i_rwsem
 * and invalidate_lock. Whatever writeback then cleans and converts has zeros in that part already,
 * so that it does no harm when zeroing skips it.
 */
__scenario("R5b", "a partial block that is zeroed in the page cache first is not lost");
__source("linux-ext4, 2 Aug 2025: iomap: optional zero range dirty folio processing, v3 3/7");
__on("2025-07");
__with("ext4-iomap-zero");
__with("batch");
__bound("1 folio × 1 block");
__bound("no commit");

#define NR_FOLIOS 1
#define PAGE_SHIFT 2
#define BLKBITS 2
#define COMMITS 0

struct file file;

/* The block is unwritten, its folio dirty. */
__setup
static void dirty_over_unwritten(void)
{
	file.f_inode = &inode;
	start_extent(0, EXTENT_STATUS_UNWRITTEN);
	start_folio(0);
	start_dirty_block(0);
}

/* fallocate(FALLOC_FL_PUNCH_HOLE) on bytes 1 and 2 of block 0, under the locks it takes. */
__thread("punch_hole")
static void punch_hole(void)
{
	inode_lock(&inode);
	filemap_invalidate_lock(inode.i_mapping);
	ext4_punch_hole(&file, 1, 2);
	filemap_invalidate_unlock(inode.i_mapping);
	inode_unlock(&inode);
}

/* Periodic writeback of the inode; waits for nothing. */
__thread("flusher")
static void flusher(void)
{
	filemap_flush(inode.i_mapping);
}

__finally
static void punched_bytes_read_zero(void)
{
	__assert(end_read(1) == 0 && end_read(2) == 0, "the punched bytes read as zeros");
	__assert(end_read(0) == DATA_NEW && end_read(3) == DATA_NEW, "the other bytes are kept");
}
