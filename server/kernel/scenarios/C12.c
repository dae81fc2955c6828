/*
 * A write that fails throws away what a fault has stored meanwhile.
 *
 * write(2) reserves two blocks of a hole on xfs. The first page is copied; the page of the user's buffer
 * with the second half is gone. The reservation of the second block has to be given up, and its folios
 * with it. But they are not this write's: another process has the file mapped, its fault found the block
 * reserved, and it has stored there. i_rwsem keeps writers out, not faults.
 *
 *	write                             mmap_writer
 *	reserves both blocks
 *	copies the first page
 *	                                  page_mkwrite(): delayed already,
 *	                                    nothing to reserve
 *	                                  stores into the second page
 *	-EFAULT
 *	truncate_pagecache_range()
 *	  drops the dirty folio
 *
 * The fix looks at the page cache under invalidate_lock, which faults need: dirty folios, and the blocks
 * under them, stay.
 */
__scenario("C12", "xfs: a failed write drops what was stored through a mapping");
__source("commit f43dc4dc3eff: xfs: buffered write failure should not truncate the page cache");
__on("7.1");
__without("f43dc4dc3eff");
__bound("2 folios × 1 block");
__bound("1 store");
__bound("no commit");

__fixed_by("f43dc4dc3eff", "keep dirty folios; look for them under invalidate_lock");

#define NR_FOLIOS 2
#define PAGE_SHIFT 1
#define BLKBITS 1
#define COMMITS 0

struct file file;

/* Two holes; nothing is cached. */
__setup
static void two_holes(void)
{
	start_xfs();
	file.f_inode = &inode;
	file.f_mapping = inode.i_mapping;
	user_value = DATA_NEW;
}

/* write(2) of both blocks; the second half of the buffer cannot be read. */
__thread("write")
static void write_both(void)
{
	struct kiocb iocb = { .ki_filp = &file, .ki_pos = 0 };
	struct iov_iter from = { .count = 4, .data = DATA_OLD, .unreadable = 2 };

	xfs_file_buffered_write(&iocb, &from);
}

/* A store into the second block. */
__thread("mmap_writer")
static void store_once(void)
{
	user_store(2, &user_value);
}

__invariant("reserved blocks are the delayed ones")
static bool reservation_is_exact(void)
{
	return xfs_reserved_is_delayed();
}

__finally
static void no_store_is_lost(void)
{
	__assert(inode.i_mapping->i_pages[1] && folio[1].dirty && folio[1].data[0] == DATA_NEW,
		 "a store into the file is not lost");
	__assert(inode.xfs.i_df.if_ext[1] == EXTENT_STATUS_DELAYED,
		 "a dirty folio has its block reserved");
}
