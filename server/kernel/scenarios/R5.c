/*
 * Zeroing of whole folios skips what writeback has just cleaned.
 *
 * Two dirty folios over two unwritten blocks are to be zeroed, and nobody has zeroed them in the
 * page cache before. ext4 looks the mapping up: unwritten. Before it looks for dirty folios, the
 * flusher writes the folio back and the worker converts the block. Now the folio is clean: the
 * batch is empty, and an empty batch means that there is nothing to zero. The old data stays, in
 * the cache and on disk.
 *
 *	zero_range                   flusher                 kworker
 *	ext4_map_blocks(): unwritten
 *	                             writes the folio
 *	                                                     converts the block,
 *	                                                     ends writeback
 *	fill: no dirty folio
 *	skips the mapping
 *
 * No check catches it: iomap_valid() is called only after a folio was found. ext4 is safe today,
 * since it only zeroes partial blocks, and has zeroed them in the page cache before (R5b).
 */
__scenario("R5", "zeroing is skipped when writeback comes between mapping and folio lookup");
__source("linux-ext4, 2 Aug 2025: iomap: optional zero range dirty folio processing, v3 3/7");
__on("2025-07");
__with("ext4-iomap-zero");
__with("batch");
__bound("2 folios × 1 block");
__bound("no commit");
__hypothetical("ext4 zeroes only partial blocks that it has zeroed in the page cache before");

__fixed_by("pre-zeroed", "the caller has zeroed the page cache before");
__fixed_by("lookup-lock", "one lock over both lookups, against the conversion");
__fixed_by("seq-check", "an empty batch counts only if the mapping is unchanged");
__fixed_by("dirty-per-mapping", "test for dirty pages after every lookup");
__fixed_by("iomap-valid", "zero without a flush where iomap_valid() revalidates the mapping");

#define NR_FOLIOS 2
#define PAGE_SHIFT 1
#define BLKBITS 1
#define COMMITS 0

/* Two unwritten blocks, a dirty folio over each. */
__setup
static void dirty_over_unwritten(void)
{
	start_extent(0, EXTENT_STATUS_UNWRITTEN);
	start_extent(1, EXTENT_STATUS_UNWRITTEN);
	start_folio(0);
	start_folio(1);
	start_dirty_block(0);
	start_dirty_block(1);
}

/* A wider use than ext4 has today: whole blocks through the function for partial ones. */
__thread("zero_range")
static void zero_range(void)
{
	handle_t *handle;
	loff_t pos;

	inode_lock(&inode);
	filemap_invalidate_lock(inode.i_mapping);
	if (__fix("pre-zeroed"))
		truncate_pagecache_range(&inode, 0, NR_FOLIOS * PAGE_SIZE - 1);
	handle = ext4_journal_start(&inode, EXT4_HT_TRUNCATE, 1);
	for (pos = 0; pos < NR_FOLIOS * PAGE_SIZE; pos += i_blocksize(&inode))
		ext4_block_zero_page_range(handle, inode.i_mapping, pos, i_blocksize(&inode));
	ext4_journal_stop(handle);
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
static void range_reads_zero(void)
{
	loff_t pos;

	for (pos = 0; pos < NR_FOLIOS * PAGE_SIZE; pos++)
		__assert(end_read(pos) == 0, "the zeroed range reads as zeros");
}
