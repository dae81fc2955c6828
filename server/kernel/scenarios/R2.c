/*
 * The batch that replaces the flush cannot be allocated.
 *
 * As R1, but ext4 hands iomap a batch of the dirty folios, and iomap zeroes those instead of
 * flushing. The batch comes from kmalloc. When that fails, the helper reports the whole range as
 * looked at and leaves no batch, and iomap_zero_range() falls back to the flush: R1 again.
 */
__scenario("R2", "no memory for the folio batch: zero range falls back to the flush");
__source("linux-ext4, 18 Jul 2025: iomap: optional zero range dirty folio processing, v3 3/7");
__on("2025-07");
__with("ext4-iomap-zero");
__with("batch");
__faults(1);
__bound("1 folio × 1 block");
__bound("1 commit");

__fixed_by("ed61378b4dc6", "batch on the stack: nothing to allocate");
__fixed_by("enomem", "an error when the batch cannot be allocated; the system call fails");
__fixed_by("a35bb0dec955", "flush unwritten mappings only, not holes");
__fixed_by("batch-holes", "batch for holes too");
__fixed_by("iomap-valid", "zero without a flush where iomap_valid() revalidates the mapping");
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
