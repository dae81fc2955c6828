/*
 * Punching the last folio of a file that grew: nobody is left to bring the new size to disk.
 *
 * With delayed allocation i_disksize follows i_size when writeback has written the block that the file
 * grew by. punch_hole drops that block's dirty folio before writeback sees it. i_size stays, as it
 * should, but i_disksize is never set again: after a crash or a remount the file is shorter than what
 * write(2) and punch_hole made it.
 *
 *	write                              flusher
 *	i_size = 2, folio dirty
 *	ext4_fallocate()
 *	  truncate_pagecache_range()
 *	    drops the dirty folio
 *	                                   finds nothing dirty
 *
 * Writeback that comes first, or a byte written behind the hole later, hides it.
 */
__scenario("C7", "punch_hole of the dirty tail: i_disksize stays behind i_size for good");
__source("commit 011278485ecc: ext4: fix races of writeback with punch hole and zero range");
__on("2025-07");
__without("011278485ecc");
__bound("2 folios × 1 block");
__bound("no commit");

__fixed_by("011278485ecc", "i_disksize follows i_size before the page cache is dropped");

#define NR_FOLIOS 2
#define PAGE_SHIFT 0
#define BLKBITS 0
#define COMMITS 0

struct file file;

/* One written block, on the buffer_head path. */
__setup
static void one_block(void)
{
	inode.ext4.i_state_flags = 0;
	ext4_set_aops(&inode);
	inode.i_size = 1;
	inode.ext4.i_disksize = 1;
	start_extent(0, EXTENT_STATUS_WRITTEN);
	start_extent(1, EXTENT_STATUS_HOLE);
	file.f_inode = &inode;
	file.f_mapping = inode.i_mapping;
}

/* write(2) of the second block, then fallocate(FALLOC_FL_PUNCH_HOLE) of it. */
__thread("write")
static void grow_and_punch(void)
{
	struct kiocb iocb = { .ki_filp = &file, .ki_pos = 1 };
	struct iov_iter from = { .count = 1, .data = DATA_NEW };

	ext4_file_write_iter(&iocb, &from);
	ext4_fallocate(&file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 1, 1);
}

/* Periodic writeback of the inode; waits for nothing. */
__thread("flusher")
static void write_back(void)
{
	filemap_flush(inode.i_mapping);
}

__finally
static void size_is_on_its_way(void)
{
	__assert(folio[1].dirty || inode.ext4.i_disksize == inode.i_size,
		 "nothing is dirty: i_disksize is i_size");
}
