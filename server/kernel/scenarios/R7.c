/*
 * Writeback meets a dirty block that nobody has reserved.
 *
 *	|-    dirty folio   -|
 *	[ delayed ][  hole   ]
 *	           ^ end of file
 *
 * A store through a mapping faults. page_mkwrite() reserves blocks up to the end of the file, but
 * marks all blocks of the folio dirty, since nobody knows where the next stores go. Then the file
 * grows over the second block, and writeback finds it dirty, inside the file, and a hole.
 *
 *	truncate                    wb
 *	i_size_write()
 *	                            folio_clear_dirty_for_io()
 *	                            dirty: both blocks
 *	                            block 1: a hole
 *	                            allocates it
 *
 * Allocating it takes space and quota that nobody has promised. Not allocating it is right only if no
 * store can have gone there since the file grew: pagecache_isize_extended() takes the write permission
 * away after the size has changed, so that the next store faults and is reserved. It does not replace
 * the skip: writeback may come before it. One without the other fails.
 *
 * A store that comes after i_size_write() and before pagecache_isize_extended() may be lost with both:
 * writeback of that moment skips its block and leaves the folio clean. truncate() has not returned
 * then, and nobody may rely on such a store; only later ones count here.
 *
 * Marking no more than the blocks inside the file dirty in page_mkwrite() does not help: the store has
 * set the dirty bit of the page table entry, and when writeback takes the write permission away,
 * folio_clear_dirty_for_io() marks the whole folio dirty again.
 */
__scenario("R7", "a store before the file grows: writeback allocates what nobody has reserved");
__source("linux-ext4, 30 Jun 2026: ext4: implement writeback path using iomap, v4 09/23");
__on("7.1");
__with("8787d53c6c84");
__without("isize-extended");
__bound("1 folio × 2 blocks");
__bound("1 store, after an earlier one");
__bound("no commit");

__fixed_by("a88a4ccb5d8c", "writeback leaves holes alone");
__fixed_by("isize-extended", "pagecache_isize_extended() after the size has changed");
__fixed_by("open-coded", "lookup and allocation of delayed extents only");

#define NR_FOLIOS 1
#define PAGE_SHIFT 1
#define BLKBITS 0
#define COMMITS 0

/* Block 0 is delayed and dirty, the file ends behind it; the process has stored there before. */
__setup
static void delayed_then_hole(void)
{
	inode.i_size = 1;
	inode.ext4.i_disksize = 0;
	start_extent(0, EXTENT_STATUS_DELAYED);
	start_extent(1, EXTENT_STATUS_HOLE);
	start_folio(0);
	start_dirty_block(0);
	page_table[0].present = true;
	page_table[0].write = true;
	page_table[0].dirty = true;
	folio[0].data[1] = DATA_PAST;
}

/* A store into the second block. */
__thread("mmap_writer")
static void store_again(void)
{
	user_store(1, &user_value);
}

/* truncate(2) to two blocks, under the locks it takes; the old end cuts no block. */
__thread("truncate")
static void truncate_to_two_blocks(void)
{
	inode_lock(&inode);
	filemap_invalidate_lock(inode.i_mapping);
	ext4_extend_size(&inode, 1, 2);
	filemap_invalidate_unlock(inode.i_mapping);
	inode_unlock(&inode);
	user_value = DATA_NEW;
}

/* Periodic writeback of the inode; waits for nothing. */
__thread("wb")
static void write_back(void)
{
	filemap_flush(inode.i_mapping);
}

__finally
static void no_store_is_lost(void)
{
	__assert(store_is_kept(1), "a store into the file is not lost");
}
