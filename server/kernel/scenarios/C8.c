/*
 * A fault reserves a block that fallocate has just allocated.
 *
 * The fault holds the folio lock, fallocate i_rwsem: neither keeps the other out. The fault looks the
 * block up and finds a hole. fallocate allocates it, unwritten. The fault inserts its delayed extent
 * over it: one block is reserved too many, and the cache says of an allocated block that it is not.
 *
 *	mmap_writer                             fallocate
 *	ext4_page_mkwrite()
 *	ext4_da_map_blocks(): a hole
 *	                                        ext4_map_blocks()
 *	                                        unwritten
 *	down_write(i_data_sem)
 *	ext4_insert_delayed_blocks()
 */
__scenario("C8", "a fault inserts a delayed block over an allocated one");
__source("ext4: check the extent status again before inserting delalloc block (2024)");
__on("7.1");
__without("0ea6560abb3b");
__bound("1 folio × 1 block");
__bound("no commit");

__fixed_by("0ea6560abb3b", "look up again under i_data_sem");

#define NR_FOLIOS 1
#define PAGE_SHIFT 0
#define BLKBITS 0
#define COMMITS 0

struct file file;

/* A hole inside the file; nothing is cached. */
__setup
static void hole(void)
{
	file.f_inode = &inode;
	inode.ext4.i_state_flags = 0;
	ext4_set_aops(&inode);
	start_extent(0, EXTENT_STATUS_HOLE);
}

__thread("mmap_writer")
static void store_once(void)
{
	user_store(0, &user_value);
}

/* fallocate(2), mode 0, under the lock it takes. */
__thread("fallocate")
static void preallocate(void)
{
	inode_lock(&inode);
	ext4_do_fallocate(&file, 0, PAGE_SIZE);
	inode_unlock(&inode);
}

__invariant("reserved blocks are the delayed ones")
static bool reservation_is_exact(void)
{
	return reserved_is_delayed();
}

__invariant("charged blocks are the allocated ones")
static bool charge_is_exact(void)
{
	return charged_is_allocated();
}

__invariant("the status cache agrees with the extent tree")
static bool cache_is_exact(void)
{
	return status_is_in_tree();
}
