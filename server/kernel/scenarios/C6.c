/*
 * A fault brings a folio back that punch_hole has just dropped.
 *
 * punch_hole removes the folio and then the block. i_rwsem keeps writes out meanwhile, not faults. A store
 * faults between the two: the folio is read again from the block that is about to go, nothing has to be
 * reserved for a block that is there, and the entry becomes writable. After punch_hole has returned the
 * process stores again, without a fault: a dirty folio over a hole. In Linux the buffer still maps the freed
 * block, and writeback writes into whatever file owns that by now. Here writeback looks the block up again
 * and skips it: the store is lost.
 *
 *	mmap_writer                         punch_hole
 *	                                    truncate_pagecache_range()
 *	do_shared_fault()
 *	  reads the folio from the block
 *	  the entry is writable
 *	                                    removes the block
 *	                                    returns
 *	stores again, no fault
 *
 * The lock is i_mmap_sem of that commit, invalidate_lock since 2021: alone for the hole, shared in a fault.
 */
__scenario("C6", "punch_hole against a fault: a writable page over a freed block");
__source("commit ea3d7209ca01: ext4: fix races between page faults and hole punching");
__on("7.1");
__without("ea3d7209ca01");
__bound("1 folio × 1 block");
__bound("2 stores, no commit");

__fixed_by("ea3d7209ca01", "a lock over page cache and block, against faults");

#define NR_FOLIOS 1
#define PAGE_SHIFT 0
#define BLKBITS 0
#define COMMITS 0

struct file file;

/* One written block, clean in the page cache; nothing is mapped yet. */
__setup
static void written(void)
{
	file.f_inode = &inode;
	inode.ext4.i_state_flags = 0;
	ext4_set_aops(&inode);
	start_extent(0, EXTENT_STATUS_WRITTEN);
	start_folio(0);
}

/* Two stores; what they store counts when the hole is there. */
__thread("mmap_writer")
static void store_twice(void)
{
	user_store(0, &user_value);
	user_store(0, &user_value);
}

/* fallocate(FALLOC_FL_PUNCH_HOLE), and writeback later. */
__thread("punch_hole")
static void punch_and_write(void)
{
	ext4_fallocate(&file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 1);
	user_value = DATA_NEW;
	filemap_flush(inode.i_mapping);
}

__finally
static void no_store_is_lost(void)
{
	__assert(store_is_kept(0), "a store after the hole was punched is not lost");
}
