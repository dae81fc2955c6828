/*
 * The file grows, and a mapping keeps its write permission behind the old end.
 *
 *	|- folio 0, mapped  -||-      folio 1     -|
 *	[ unwr ..][  hole    ][   new data       ]
 *	      ^ end of file
 *
 * An extending write zeroes the rest of the block that the old end cuts. iomap_zero_range() may write
 * the folio back, and that takes the write permission of the mapping away; but a store faults it in
 * again before the size changes, and page_mkwrite() reserves up to the old end only. After the change
 * the process stores behind the old end without a fault, into a block that nobody knows of.
 *
 *	extending_write                         mmap_writer
 *	iomap_zero_range()
 *	filemap_write_and_wait_range()
 *	                                        ext4_page_mkwrite(), old size
 *	                                        store
 *	iomap_write_iter()
 *	i_size_write()
 *	                                        store, without a fault
 *
 * Writeback, later and by anybody, finds a hole, writes nothing and leaves the folio clean: the store is lost. With
 * pagecache_isize_extended() after the change the next store faults and is reserved.
 */
__scenario("R12", "page_mkwrite is not called again after the file has grown");
__source("linux-fsdevel, 22 Apr 2026: iomap: Add initial support for buffered RWF_WRITETHROUGH, v2 2/5");
__on("7.1");
__without("isize-extended");
__without("ed61378b4dc6");
__bound("2 folios × 2 blocks");
__bound("2 stores");
__bound("no commit");

__fixed_by("isize-extended", "pagecache_isize_extended() after the size has changed");
__fixed_by("ed61378b4dc6", "zeroing without the flush");
__fixed_by("8787d53c6c84", "writeback allocates what is dirty, holes too");

#define NR_FOLIOS 2
#define PAGE_SHIFT 2
#define BLKBITS 1
#define COMMITS 0

struct file file;
struct kiocb iocb;

/* The file ends in the middle of block 0, which is dirty; the process has stored there before. */
__setup
static void mapped_tail(void)
{
	file.f_inode = &inode;
	file.f_mapping = inode.i_mapping;
	iocb.ki_filp = &file;
	iocb.ki_pos = PAGE_SIZE;
	inode.i_size = 1;
	inode.ext4.i_disksize = 1;
	start_extent(0, EXTENT_STATUS_UNWRITTEN);
	start_extent(1, EXTENT_STATUS_HOLE);
	start_extent(2, EXTENT_STATUS_HOLE);
	start_extent(3, EXTENT_STATUS_HOLE);
	start_folio(0);
	start_dirty_block(0);
	page_table[0].present = true;
}

/* Appends one block, in the next folio; later the first one is written back. */
__thread("extending_write")
static void write_behind_the_end(void)
{
	struct iov_iter from = { .count = i_blocksize(&inode), .data = DATA_NEW };

	ext4_iomap_buffered_write_iter(&iocb, &from);
	user_value = DATA_NEW;
	sync_file_range(&file, 0, PAGE_SIZE, SYNC_FILE_RANGE_WRITE);
}

/* Two stores into block 1. */
__thread("mmap_writer")
static void store_twice(void)
{
	user_store(2, &user_value);
	user_store(2, &user_value);
}

__finally
static void no_store_is_lost(void)
{
	__assert(store_is_kept(2), "a store into the file is not lost");
}
