/*
 * write(2) without delayed allocation waits for writeback of its folio with a handle open.
 *
 * The device needs stable pages. The folio to write into is under writeback, over an unwritten block: that
 * ends when the worker has converted the block, with a handle of its own. ext4_write_begin() has started
 * its handle before it gets the folio, and waits.
 *
 *	write                         flusher      disk         kworker             jbd2
 *	                              submits
 *	                                           end of I/O
 *	ext4_journal_start()
 *	                                                                            T_LOCKED, waits for
 *	                                                                            open handles
 *	                                                        ext4_journal_start()
 *	                                                        waits for T_FLUSH
 *	grab_cache_page_write_begin()
 *	  waits for writeback
 *
 * Getting the folio before the handle is started makes the wait short, and takes allocation out of it. It
 * does not close this: the folio has to be unlocked for the start, writeback may begin then, and the
 * function waits a second time, with the handle. What closes it is the reservation of C2. That somebody with
 * the folio lock wants a handle is another matter: on this path nobody does.
 */
__scenario("C3", "write_begin waits for writeback under a handle");
__source("commit 47564bfb95bf: ext4: grab page before starting transaction handle in write_begin()");
__on("7.1");
__without("47564bfb95bf");
__without("6b523df4fb5a");
__bound("1 folio × 1 block");
__bound("1 commit");

__fixed_by("47564bfb95bf", "get the folio before the handle is started");
__fixed_by("6b523df4fb5a", "the submitter reserves a handle for the conversion");
__fixed_by("no-stable-pages", "a device that does not need stable pages");

#define NR_FOLIOS 1
#define PAGE_SHIFT 0
#define BLKBITS 0
#define COMMITS 1
#define mapping_stable_writes(mapping) (!__fix("no-stable-pages"))

struct file file;

/* An unwritten block under a folio that is dirty with older data. */
__setup
static void dirty_over_unwritten(void)
{
	inode.ext4.i_state_flags = 0;
	inode.i_mapping->a_ops = &ext4_aops;
	start_extent(0, EXTENT_STATUS_UNWRITTEN);
	start_folio(0);
	start_dirty_block(0);
	folio[0].data[0] = DATA_OLD;
	file.f_inode = &inode;
	file.f_mapping = inode.i_mapping;
}

__thread("write")
static void overwrite(void)
{
	struct kiocb iocb = { .ki_filp = &file };
	struct iov_iter from = { .count = 1, .data = DATA_NEW };

	ext4_file_write_iter(&iocb, &from);
}

/* Periodic writeback of the file. */
__thread("flusher")
static void write_back(void)
{
	filemap_flush(inode.i_mapping);
}

/* Memory pressure, or drop_caches: clean folios go, whoever waits for their lock. */
__thread("drop_caches")
static void drop_clean_folios(void)
{
	invalidate_mapping_pages(inode.i_mapping, 0, 0);
}

__finally
static void the_write_is_there(void)
{
	__assert(store_is_kept(0) && end_read(0) == DATA_NEW, "what was written is there");
}
