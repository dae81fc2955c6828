/*
 * A dirty folio over a hole and an unwritten block: zeroing in the hole flushes the other half.
 *
 *	|-  dirty folio -|
 *	[  hole ][  unwr ]
 *
 * The new data is in the second half. punch_hole zeroes a part of the first. The test for dirty
 * pages sees whole folios and says the range is dirty. The lookup says hole, and the batch of dirty
 * folios is made for unwritten mappings only. So there is no batch, and a hole over a dirty range
 * is flushed: the unwritten half goes to disk, its end of writeback needs the conversion, and the
 * circle is that of R1. No other writer is needed.
 *
 *	punch_hole               disk         kworker                 jbd2
 *	ext4_journal_start()
 *	hole, dirty: flush,
 *	wait for WB
 *	                         end of I/O
 *	                                                              T_LOCKED, waits for
 *	                                                              open handles
 *	                                      ext4_journal_start()
 *	                                      waits for T_FLUSH
 */
__scenario("R3", "punching the hole half of a dirty folio flushes its unwritten half");
__source("linux-ext4, 19 Jul 2025: iomap: optional zero range dirty folio processing, v3 3/7");
__on("2025-07");
__with("ext4-iomap-zero");
__with("batch");
__bound("1 folio × 2 blocks");
__bound("1 commit");

__fixed_by("a35bb0dec955", "flush unwritten mappings only, not holes");
__fixed_by("batch-holes", "batch for holes too");
__fixed_by("iomap-valid", "zero without a flush where iomap_valid() revalidates the mapping");
__fixed_by("ed61378b4dc6", "batch on the stack, for unwritten mappings only");
__fixed_by("enomem", "an error when the batch cannot be allocated");
__fixed_by("c4602a1d09ec", "zero partial blocks before the handle is started");

#define NR_FOLIOS 1
#define PAGE_SHIFT 3
#define BLKBITS 2
#define COMMITS 1

struct file file;

/* Block 0 is a hole, block 1 unwritten with new data in the folio. */
__setup
static void dirty_over_hole_and_unwritten(void)
{
	file.f_inode = &inode;
	start_extent(0, EXTENT_STATUS_HOLE);
	start_extent(1, EXTENT_STATUS_UNWRITTEN);
	start_folio(0);
	start_dirty_block(1);
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
