/*
 * The same through buffer_heads, as it was found in 2014.
 *
 * Blocks are smaller than pages. A store behind the end of the file leaves a writable entry; then the
 * file grows, and the process stores there again without a fault. The buffer is dirty, but neither
 * mapped nor delayed: writeback skips it, and the data is lost.
 */
__scenario("C5", "blocks smaller than pages: a store is lost after truncate up");
__source("vfs: fix data corruption when blocksize < pagesize for mmaped data (2014)");
__on("7.1");
__without("isize-extended");
__bound("1 folio × 2 blocks");
__bound("1 store, after an earlier one");
__bound("no commit");

__fixed_by("isize-extended", "pagecache_isize_extended() after the size has changed");

#define NR_FOLIOS 1
#define PAGE_SHIFT 1
#define BLKBITS 0
#define COMMITS 0

/* Block 0 is delayed and dirty, the file ends behind it; the process has stored there before. */
__setup
static void delayed_then_hole(void)
{
	inode.ext4.i_state_flags = 0;
	ext4_set_aops(&inode);
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

/* truncate(2) to two blocks, under the locks it takes, and writeback later. */
__thread("truncate")
static void truncate_to_two_blocks(void)
{
	inode_lock(&inode);
	filemap_invalidate_lock(inode.i_mapping);
	ext4_extend_size(&inode, 1, 2);
	filemap_invalidate_unlock(inode.i_mapping);
	inode_unlock(&inode);
	user_value = DATA_NEW;
	filemap_flush(inode.i_mapping);
}

__finally
static void no_store_is_lost(void)
{
	__assert(store_is_kept(1), "a store into the file is not lost");
}
