/*
 * Zeroing locks a folio with a handle open, writeback starts a handle with the folio locked.
 *
 * The folio has two blocks: the first written, the second delayed and dirty. punch_hole zeroes a
 * part of the first. There is nothing to flush and no unwritten extent; it only has to lock the
 * folio, and it has a handle open. The flusher holds the folio lock and needs a handle to allocate
 * the second block.
 *
 *	punch_hole               flusher                       jbd2
 *	ext4_journal_start()
 *	                         folio_lock()
 *	                                                       T_LOCKED, waits for open handles
 *	                         ext4_journal_start()
 *	                         waits for T_FLUSH
 *	folio_lock() waits
 *
 * So every proposal that only removes the flush from zeroing leaves this deadlock.
 */
__scenario("R1b", "folio lock under a handle against a handle under the folio lock");
__source("linux-ext4, 19 Jul 2025: follows from the two lock orders in the same thread");
__on("2025-07");
/* The same holds for zeroing through buffer_heads, which locks the folio under the handle too. */
__with("ext4-iomap-zero");
__bound("1 folio × 2 blocks");
__bound("1 commit");

__fixed_by("enomem", "batch of dirty folios, and an error when it cannot be allocated");
__fixed_by("batch", "batch of dirty folios instead of the flush");
__fixed_by("ed61378b4dc6", "batch on the stack");
__fixed_by("a35bb0dec955", "flush unwritten mappings only, not holes");
__fixed_by("iomap-valid", "zero without a flush where iomap_valid() revalidates the mapping");
__fixed_by("reserved-ioend", "conversion with a reserved handle");
__fixed_by("handle-first", "writeback starts its handle before it locks folios");
__fixed_by("c4602a1d09ec", "zero partial blocks before the handle is started");

#define NR_FOLIOS 1
#define PAGE_SHIFT 3
#define BLKBITS 2
#define COMMITS 1

struct file file;

/* Block 0 is written and clean, block 1 is delayed and dirty. */
__setup
static void written_and_delayed(void)
{
	file.f_inode = &inode;
	start_extent(0, EXTENT_STATUS_WRITTEN);
	start_extent(1, EXTENT_STATUS_DELAYED);
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

/* Periodic writeback of the inode; waits for nothing. */
__thread("flusher")
static void flusher(void)
{
	filemap_flush(inode.i_mapping);
}
