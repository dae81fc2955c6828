/*
 * A read fills a page while a hole is punched.
 *
 * punch_hole drops the page cache of the range and then removes the blocks. i_rwsem keeps writes out
 * meanwhile, and a lock of its own faults; read(2) takes neither. It finds no page, adds one and fills it from
 * the block that is about to go. When the hole is there, the page still has the old data, and everybody who
 * reads gets them; a store into it is written to a block that somebody else may own by then.
 *
 *	reader                              punch_hole
 *	                                    truncate_pagecache_range()
 *	filemap_get_pages()
 *	  no folio
 *	  filemap_create_folio()
 *	    reads the block
 *	                                    ext4_es_remove_extent()
 *	                                    ext4_ext_remove_space()
 *
 * With invalidate_lock, shared, from the lookup of the block to the end of the read, punch_hole comes before or
 * after. It was i_mmap_sem of ext4 when this was reported.
 */
__scenario("U4", "a read brings a page back whose block is being punched");
__source("linux-ext4, 20 Jan 2021: ext4: Fix stale data exposure when read races with hole punch");
__on("7.1");
__without("730633f0b7f9");
__bound("1 folio × 1 block");
__bound("no commit");

__fixed_by("730633f0b7f9", "invalidate_lock while a folio is added to the page cache");

#define NR_FOLIOS 1
#define PAGE_SHIFT 0
#define BLKBITS 0
#define COMMITS 0

struct file file;

/* One written block, clean in the page cache. */
__setup
static void written(void)
{
	file.f_inode = &inode;
	file.f_mapping = inode.i_mapping;
	inode.ext4.i_state_flags = 0;
	ext4_set_aops(&inode);
	start_extent(0, EXTENT_STATUS_WRITTEN);
	start_folio(0);
}

/* read(2) */
__thread("reader")
static void read_block(void)
{
	struct kiocb iocb = { .ki_filp = &file };

	filemap_get_pages(&iocb);
}

__thread("punch_hole")
static void punch(void)
{
	ext4_fallocate(&file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 1);
}

__finally
static void hole_reads_zero(void)
{
	__assert(!end_read(0), "the punched block reads as zeros");
}
