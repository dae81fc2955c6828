/*
 * A read caches a hole over a block that a write has just reserved.
 *
 * Both hold i_data_sem for reading. The read finds a hole in the tree and no delayed extent in the
 * cache; the write reserves the block and enters it as delayed; then the read caches its hole over it.
 * The reservation stays, and nothing will ever use it: the next write reserves once more.
 *
 *	reader                                  writer
 *	ext4_map_blocks()
 *	down_read(i_data_sem)
 *	a hole, nothing delayed
 *	                                        ext4_da_map_blocks()
 *	                                        down_read(i_data_sem)
 *	                                        ext4_insert_delayed_blocks()
 *	ext4_ext_put_gap_in_cache()
 *	caches the hole
 */
__scenario("U3", "a read caches a hole over a delayed block");
__source("linux-ext4, 27 Jan 2024: ext4: convert to exclusive lock while inserting delalloc extents");
__on("6.1");
__bound("1 folio × 1 block");
__bound("no commit");

__fixed_by("acf795dc161f", "delayed extents are added with i_data_sem held for writing");

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
	inode.ext4.es[0] = EXTENT_STATUS_NONE;
}

/* Reading looks the block up; what it does with a hole touches nothing that is shared. */
__thread("reader")
static void read_hole(void)
{
	struct ext4_map_blocks map;

	map.m_lblk = 0;
	map.m_len = 1;
	ext4_map_blocks(NULL, &inode, &map, 0);
}

__thread("writer")
static void write_block(void)
{
	struct folio *locked;

	inode_lock(&inode);
	ext4_da_write_begin(NULL, inode.i_mapping, 0, PAGE_SIZE, &locked);
	ext4_da_write_end(NULL, inode.i_mapping, 0, PAGE_SIZE, PAGE_SIZE, locked);
	inode_unlock(&inode);
}

__finally
static void reservation_is_exact(void)
{
	__assert(reserved_is_delayed(), "reserved blocks are the delayed ones");
}
