/*
 * ext4: what is known of a file's blocks. The extent tree, and the cache of it, which also has the
 * delayed ones.
 */

/* ---- extent status ------------------------------------------------------- */

/* The cached extent around a block; false when the cache does not know. */
__source("fs/ext4/extents_status.c:ext4_es_lookup_extent")
static bool ext4_es_lookup_extent(struct inode *inode, ext4_lblk_t lblk, ext4_lblk_t *next_lblk,
				  struct extent_status *es, u64 *pseq)
{
	struct ext4_inode_info *ei = EXT4_I(inode);
	ext4_lblk_t end = lblk;

	es->es_lblk = lblk;
	es->es_status = EXTENT_STATUS_HOLE;
	es->es_len = 1;
	if (lblk >= NR_BLOCKS)
		return true;
	/* Under i_es_lock. */
	__atomic {
		es->es_status = ei->es[lblk];
		do
			end++;
		while (end < NR_BLOCKS && ei->es[end] == es->es_status && !ei->ext_first[end]);
		if (pseq)
			*pseq = ei->i_es_seq;
	}
	es->es_len = end - lblk;
	return es->es_status != EXTENT_STATUS_NONE;
}

static inline int ext4_es_is_hole(struct extent_status *es)
{
	return es->es_status == EXTENT_STATUS_HOLE;
}

/* Caches what a lookup in the tree found; does not count as a change of the mapping. */
__source("fs/ext4/extents_status.c:ext4_es_cache_extent")
static void ext4_es_cache_extent(struct inode *inode, ext4_lblk_t lblk, ext4_lblk_t len,
				 int status)
{
	struct ext4_inode_info *ei = EXT4_I(inode);
	ext4_lblk_t b;

	/* Under i_es_lock; only where nothing is cached. */
	__atomic {
		__assert(ei->i_data_sem.count != 0, "a lookup is cached under i_data_sem",
			 "RL-MAP-LOCK");
		for (b = lblk; b < lblk + len; b++)
			if (ei->es[b] == EXTENT_STATUS_NONE)
				ei->es[b] = status;
	}
}

/* Gives a range one status and returns how many of its blocks were delayed. */
static int ext4_es_set(struct inode *inode, ext4_lblk_t lblk, ext4_lblk_t len, int status)
{
	struct ext4_inode_info *ei = EXT4_I(inode);
	int delayed = 0;
	ext4_lblk_t b;

	/*
	 * Under i_es_lock; the caller holds i_data_sem for writing. Delayed extents were once added with
	 * it held for reading.
	 */
	__atomic {
		__assert(ei->i_data_sem.count < 0 ||
				 (!__since("acf795dc161f", "2024-03-11") &&
				  status == EXTENT_STATUS_DELAYED && ei->i_data_sem.count > 0),
			 "extent status changes under i_data_sem for writing", "RL-MAP-LOCK");
		for (b = lblk; b < lblk + len; b++) {
			delayed += ei->es[b] == EXTENT_STATUS_DELAYED;
			ei->es[b] = status;
		}
		ei->i_es_seq++;
	}
	return delayed;
}

/*
 * Enters a new mapping. Blocks of the range that are delayed at this moment are not delayed any
 * more: with delalloc_reserve_used their reservation has become the allocation, else the allocation
 * was charged by itself and the reservation is given back.
 */
__source("fs/ext4/extents_status.c:ext4_es_insert_extent")
static void ext4_es_insert_extent(struct inode *inode, ext4_lblk_t lblk, ext4_lblk_t len,
				  ext4_fsblk_t pblk, int status, bool delalloc_reserve_used)
{
	int resv_used = ext4_es_set(inode, lblk, len, status);

	if (resv_used)
		ext4_da_update_reserve_space(inode, resv_used, delalloc_reserve_used);
}

/* Forgets a range; delayed blocks in it lose their reservation. */
__source("fs/ext4/extents_status.c:ext4_es_remove_extent")
static void ext4_es_remove_extent(struct inode *inode, ext4_lblk_t lblk, ext4_lblk_t len)
{
	int reserved = ext4_es_set(inode, lblk, len, EXTENT_STATUS_NONE);

	if (reserved)
		ext4_da_release_space(inode, reserved);
}

/* ---- extent tree --------------------------------------------------------- */

/* Status and length of the extent at a block; the caller holds i_data_sem. */
__source("fs/ext4/extents.c:ext4_ext_map_blocks")
static int ext4_ext_find(struct inode *inode, ext4_lblk_t lblk, unsigned int *len)
{
	struct ext4_inode_info *ei = EXT4_I(inode);
	ext4_lblk_t end = lblk;
	int status;

	/* The tree changes only under i_data_sem, which the caller holds. */
	__atomic {
		status = ei->ext[lblk];
		do
			end++;
		while (end < NR_BLOCKS && end < lblk + *len && ei->ext[end] == status &&
		       !ei->ext_first[end]);
	}
	*len = end - lblk;
	return status;
}

/*
 * Gives all blocks of a range one status and returns how many of them were holes; the caller holds
 * i_data_sem for writing.
 */
__source("fs/ext4/extents.c:ext4_ext_map_blocks")
static int ext4_ext_set(struct inode *inode, ext4_lblk_t lblk, unsigned int len, int status)
{
	struct ext4_inode_info *ei = EXT4_I(inode);
	int holes = 0;
	ext4_lblk_t b;

	/* The tree changes only under i_data_sem, which the caller holds. */
	__atomic {
		__assert(ei->i_data_sem.count < 0,
			 "the extent tree changes under i_data_sem for writing", "RL-MAP-LOCK");
		for (b = lblk; b < lblk + len; b++) {
			holes += ei->ext[b] == EXTENT_STATUS_HOLE;
			ei->ext[b] = status;
		}
	}
	return holes;
}

__source("fs/ext4/extents.c:ext4_ext_remove_space")
static int ext4_ext_remove_space(struct inode *inode, ext4_lblk_t start, ext4_lblk_t end)
{
	ext4_lblk_t len = end - start + 1;

	/* The tree and what it counts change only under i_data_sem, which the caller holds. */
	__atomic {
		inode->i_blocks -= len - ext4_ext_set(inode, start, len, EXTENT_STATUS_HOLE);
	}
	return 0;
}
