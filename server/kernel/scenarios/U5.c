/*
 * A store allocates a block behind the size on disk, and the commit brings it there.
 *
 * write(2) has made the file larger and its blocks are delayed: i_disksize follows when writeback has written
 * them. punch_hole removes the first of them again, and leaves i_disksize alone, since the hole does not reach
 * to the end of the file. The file system is nearly full, so that nothing more is promised: a store into the
 * hole allocates its block at once, a written one. Nobody moves i_disksize for it. After a commit and a crash
 * the inode has a block behind its size.
 *
 *	punch_hole                              mmap_writer                       jbd2
 *	ext4_update_disksize_before_punch()
 *	  not up to i_size: nothing to do
 *	removes the delayed block
 *	                                        ext4_page_mkwrite()
 *	                                          ext4_nonda_switch(): 1
 *	                                          ext4_block_page_mkwrite()
 *	                                            a written block
 *	                                                                          commits
 *
 * e2fsck says of it: end of extent exceeds allowed value. While the blocks are delayed, all is well: the store
 * finds its buffer mapped and allocates nothing.
 */
__scenario("U5", "a store into a hole allocates behind i_disksize: the inode is wrong after a crash");
__source("linux-ext4, 11 Sep 2025: ext4: increase i_disksize to offset + len in ext4_update_disksize_before_punch(), v5");
__on("7.1");
__without("disksize-before-punch");
__crashes(1);
__bound("2 folios × 1 block");
__bound("1 commit");

__fixed_by("disksize-before-punch", "i_disksize goes to the end of the hole before the blocks go");

#define NR_FOLIOS 2
#define PAGE_SHIFT 0
#define BLKBITS 0
#define COMMITS 1
#define CRASH 1

struct file file;

/* Few blocks are free: a new one is allocated at once. */
static inline int ext4_nonda_switch(struct super_block *sb)
{
	return 1;
}

/* Two blocks of a new file, written by write(2) and not yet by writeback; it has no unwritten blocks. */
__setup
static void two_delayed(void)
{
	file.f_inode = &inode;
	inode.ext4.i_flags = 0;
	inode.ext4.i_state_flags = 0;
	ext4_set_aops(&inode);
	inode.ext4.i_disksize = 0;
	start_extent(0, EXTENT_STATUS_DELAYED);
	start_extent(1, EXTENT_STATUS_DELAYED);
	start_folio(0);
	start_folio(1);
	start_dirty_block(0);
	start_dirty_block(1);
	start_disk_inode();
}

/* fallocate(FALLOC_FL_PUNCH_HOLE) of the first block. */
__thread("punch_hole")
static void punch_first(void)
{
	ext4_fallocate(&file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 1);
}

/* A store into it. */
__thread("mmap_writer")
static void store_first(void)
{
	user_store(0, &user_value);
}

__after_crash("no block lies behind the size of the inode")
static bool no_block_behind_size(void)
{
	ext4_lblk_t b;

	for (b = 0; b < NR_BLOCKS; b++)
		if (disk_inode.i_block[b] == EXTENT_STATUS_WRITTEN &&
		    (b << BLKBITS) >= disk_inode.i_size)
			return false;
	return true;
}
