/*
 * Zeroing flushes a dirty folio and waits for it with a handle open.
 *
 * The file has one block, unwritten, with new data in a dirty folio. punch_hole zeroes a part of
 * the block. It opens a handle and asks iomap to zero. iomap finds an unwritten mapping over a
 * dirty range and does not know what is in the cache, so it writes the range back and waits.
 *
 *	punch_hole               disk         kworker                 jbd2
 *	ext4_journal_start()
 *	submit, wait for WB
 *	                         end of I/O
 *	                                                              T_LOCKED, waits for
 *	                                                              open handles
 *	                                      ext4_journal_start()
 *	                                      waits for T_FLUSH
 *
 * The end of writeback waits for the conversion, the conversion for a handle, the handle for the
 * commit, the commit for the handle of punch_hole.
 */
__scenario("R1", "zero range waits for writeback under an active handle");
__source("linux-ext4, 19 Jul 2025: iomap: optional zero range dirty folio processing, v3 3/7");
__on("2025-07");
/* ext4 as in the report: zeroing of an iomap inode goes through iomap_zero_range(). */
__with("ext4-iomap-zero");
__bound("1 folio × 1 block");
__bound("1 commit");

__fixed_by("enomem", "batch of dirty folios, and an error when it cannot be allocated");
__fixed_by("batch", "batch of dirty folios instead of the flush");
__fixed_by("ed61378b4dc6", "batch on the stack");
__fixed_by("a35bb0dec955", "flush unwritten mappings only, not holes");
__fixed_by("iomap-valid", "zero without a flush where iomap_valid() revalidates the mapping");
__fixed_by("reserved-ioend", "conversion with a reserved handle");
__fixed_by("reserved-nested", "reserved handle from the submitter's own, nested start");
__fixed_by("c4602a1d09ec", "zero partial blocks before the handle is started");

#define NR_FOLIOS 1
#define PAGE_SHIFT 2
#define BLKBITS 2
#define COMMITS 1

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
