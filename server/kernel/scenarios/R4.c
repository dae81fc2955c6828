/*
 * The range is tested for dirty folios once; one of them is written meanwhile.
 *
 *	| dirty folio 1  || dirty folio 2  |
 *	[      unwr      ][      unwr      ]
 *
 * Both are to be zeroed, with a handle open. The range is dirty, the first mapping unwritten. Then
 * sync_file_range() writes folio 1 and its block is converted: the batch of the first mapping is empty.
 *
 *	zero_range                      sync_file_range        kworker
 *	range_dirty = true
 *	ext4_map_blocks(): unwritten
 *	                                writes folio 1
 *	                                                       converts, ends writeback
 *	iomap_fill_dirty_folios()
 *	finds nothing
 *
 * The report says: no batch, so the range is flushed, folio 2 is dirty, and the circle of R1 closes.
 * That is so only when an empty batch counts as none (batch-if-found). As the helper is written an
 * empty batch is a batch: nothing is flushed, and the first mapping is skipped though it has data. That
 * is R5, and a test for dirty folios after each lookup does not change it. Outside of the handle, with an
 * empty batch as none, the flush makes a second lookup, which finds a written block: both are right.
 */
__scenario("R4", "folios are tested once for the whole range, and one is written in between");
__source("linux-ext4, 6 Aug 2025: iomap: optional zero range dirty folio processing, v3 3/7");
__on("2025-07");
__with("ext4-iomap-zero");
__with("batch");
__with("ed61378b4dc6");
__bound("2 folios × 1 block");
__bound("1 commit");
__hypothetical("ext4 zeroes only partial blocks that it has zeroed in the page cache before");

__fixed_by("batch-if-found", "an empty batch is no batch");
__fixed_by("lookup-lock", "one lock over both lookups, against the conversion");
__fixed_by("seq-check", "an empty batch counts only if the mapping is unchanged");
__fixed_by("dirty-per-mapping", "test for dirty pages after every lookup");
__fixed_by("outside", "zeroing without an open handle");

#define NR_FOLIOS 2
#define PAGE_SHIFT 0
#define BLKBITS 0
#define COMMITS 1

struct file file;

/* Two unwritten extents, a dirty folio over each. */
__setup
static void dirty_over_unwritten(void)
{
	file.f_inode = &inode;
	start_extent(0, EXTENT_STATUS_UNWRITTEN);
	start_extent(1, EXTENT_STATUS_UNWRITTEN);
	inode.ext4.ext_first[1] = true;
	start_folio(0);
	start_folio(1);
	start_dirty_block(0);
	start_dirty_block(1);
}

/*
 * A wider use than ext4 has today: two blocks as one range, where ext4 gives iomap ranges. Block by block
 * the test for dirty folios is one for each, and there is R5 only.
 */
__thread("zero_range")
static void zero_range(void)
{
	handle_t *handle = NULL;

	if (!__since("ext4-iomap-zero", "2026-02-03"))
		return;
	inode_lock(&inode);
	filemap_invalidate_lock(inode.i_mapping);
	if (!__fix("outside"))
		handle = ext4_journal_start(&inode, EXT4_HT_TRUNCATE, 1);
	ext4_iomap_block_zero_range(&inode, 0, NR_FOLIOS * PAGE_SIZE);
	if (!__fix("outside"))
		ext4_journal_stop(handle);
	filemap_invalidate_unlock(inode.i_mapping);
	inode_unlock(&inode);
}

__thread("sync_file_range")
static void sync_first_folio(void)
{
	sync_file_range(&file, 0, PAGE_SIZE, SYNC_FILE_RANGE_WRITE);
}

__finally
static void range_reads_zero(void)
{
	if (__since("ext4-iomap-zero", "2026-02-03"))
		__assert(end_read(0) == 0 && end_read(1) == 0, "the zeroed range reads as zeros");
}
