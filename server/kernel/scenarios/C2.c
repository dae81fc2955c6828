/*
 * The conversion at the end of I/O needs a handle, and who waits for it has one.
 *
 * Two folios. The second is under writeback over an unwritten block, and dirty again. fsync() starts a
 * handle for the first one, which is delayed, and locks the folios behind it that the run may take in. So
 * it waits for writeback of the second with its handle open. The worker converts the block before it ends
 * writeback; with an ordinary handle it has to wait for the next transaction.
 *
 *	fsync                            disk         kworker                jbd2
 *	ext4_journal_start()
 *	mpage_prepare_extent_to_map()
 *	  waits for writeback of folio 1
 *	                                 end of I/O
 *	                                                                     T_LOCKED, waits for
 *	                                                                     open handles
 *	                                              ext4_journal_start()
 *	                                              waits for T_FLUSH
 *
 * So the submitter reserves what the conversion needs, with its own handle: a locked transaction lets a
 * reserved handle in. Without it writeback would have to end before the conversion.
 */
__scenario("C2", "conversion at the end of I/O without a reserved handle");
__source("commits 8f7d89f36829, 6b523df4fb5a: transaction reservation for extent conversion in ext4_end_io");
__on("7.1");
__without("6b523df4fb5a");
__bound("2 folios × 1 block");
__bound("1 commit");

__fixed_by("6b523df4fb5a", "the submitter reserves a handle for the conversion");

#define NR_FOLIOS 2
#define PAGE_SHIFT 0
#define BLKBITS 0
#define COMMITS 1

/* Block 1 is unwritten and on its way to the disk; its folio was stored into since. Block 0 is delayed. */
__setup
static void rewritten_in_flight(void)
{
	inode.ext4.i_state_flags = 0;
	ext4_set_aops(&inode);
	start_extent(0, EXTENT_STATUS_DELAYED);
	start_extent(1, EXTENT_STATUS_UNWRITTEN);
	start_folio(0);
	start_folio(1);
	start_dirty_block(1);
	filemap_flush(inode.i_mapping);
	start_dirty_block(1);
	start_dirty_block(0);
}

/* fsync(2): writes the data and waits for them. */
__thread("fsync")
static void write_and_wait(void)
{
	filemap_write_and_wait_range(inode.i_mapping, 0, NR_FOLIOS * PAGE_SIZE - 1);
}
