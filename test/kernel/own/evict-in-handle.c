/*
 * The last user of an unlinked file leaves with a handle open.
 *
 * A task changes something else in the file system, and with its handle open it drops the last reference of
 * a file without links. Eviction removes the page cache and waits for writeback of the one folio. Its block
 * is unwritten: the worker wants a handle before writeback ends.
 */
__scenario("evict-in-handle", "eviction waits for writeback with the handle of its caller");
__on("7.1");
__bound("1 folio × 1 block");
__bound("1 commit");

__fixed_by("reserved-ioend", "conversion with a reserved handle");
__fixed_by("after-stop", "the reference is dropped after the handle is stopped");

#define NR_FOLIOS 1
#define PAGE_SHIFT 0
#define BLKBITS 0
#define COMMITS 1

/* No link is left; the block is on its way to the disk. */
__setup
static void unlinked_in_flight(void)
{
	inode.i_nlink = 0;
	inode.i_state = I_FREEING;
	start_extent(0, EXTENT_STATUS_UNWRITTEN);
	start_folio(0);
	start_dirty_block(0);
}

__thread("flusher")
static void write_back(void)
{
	filemap_flush(inode.i_mapping);
}

__thread("rename")
static void drop_last_reference(void)
{
	handle_t *handle = ext4_journal_start(&inode, EXT4_HT_INODE, 1);

	if (!__fix("after-stop"))
		ext4_evict_inode(&inode);
	ext4_journal_stop(handle);
	if (__fix("after-stop"))
		ext4_evict_inode(&inode);
}

__finally
static void nothing_is_left(void)
{
	__assert(inode.i_blocks == 0 && !inode.i_data.i_pages[0], "blocks and folios are gone");
}
