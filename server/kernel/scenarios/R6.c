/*
 * Writeback allocates what truncate has just cut off.
 *
 * Three delayed blocks, one a folio, all dirty. Writeback locks folio 0 and looks up the extent that
 * it is in: delayed, blocks 0 to 2. It maps all of it at once, so that the next folios need no
 * lookup, but it holds the lock of folio 0 only. Truncate to one block removes the folios 1 and 2
 * without waiting for anybody, and gives back the reservations of their blocks. Then writeback
 * allocates three blocks. Only one of them is delayed any more, so one is charged: two blocks lie
 * behind the end of the file and nobody has paid for them.
 *
 *	wb                              truncate
 *	ext4_es_lookup_extent()
 *	[0,3) delayed
 *	                                ext4_truncate_down()
 *	                                truncate_inode_pages_range()
 *	                                removes folios 1 and 2
 *	                                ext4_truncate()
 *	                                down_write(i_data_sem)
 *	                                ext4_es_remove_extent()
 *	                                3 reserved blocks become 1
 *	                                up_write(i_data_sem)
 *	down_write(i_data_sem)
 *	ext4_map_create_blocks()
 *	allocates 3 blocks
 *	ext4_es_insert_extent()
 *	reclaims 1 block
 *	up_write(i_data_sem)
 *
 * The buffer_head path has the folio locks of all blocks that it maps: truncate waits.
 */
__scenario("R6", "stale delayed extent against truncate: blocks that nobody has paid for");
__source("linux-ext4, 30 Jun 2026: ext4: implement writeback path using iomap, v4 09/23");
__on("7.1");
__with("8787d53c6c84");
__small(NR_FOLIOS, 1);
__bound("3 folios × 1 block");
__bound("no commit");

__fixed_by("9a9ce46904bd", "look up again when i_es_seq has changed under i_data_sem");
__fixed_by("open-coded", "lookup and allocation under one i_data_sem");
__fixed_by("one-folio", "map no more than the locked folio");
__fixed_by("lock-extent", "lock all folios of the extent, as the buffer_head path does");
__fixed_by("first-block", "look at the first block again under i_data_sem");

#define NR_FOLIOS 3
#define PAGE_SHIFT 0
#define BLKBITS 0
#define COMMITS 0

/* Three delayed blocks under dirty folios; nothing is on disk. */
__setup
static void three_delayed(void)
{
	ext4_lblk_t b;

	inode.ext4.i_disksize = 0;
	for (b = 0; b < NR_BLOCKS; b++) {
		start_extent(b, EXTENT_STATUS_DELAYED);
		start_folio(b);
		start_dirty_block(b);
	}
}

/* Periodic writeback of the inode; waits for nothing. */
__thread("wb")
static void write_back(void)
{
	filemap_flush(inode.i_mapping);
}

/* truncate(2) to one block, under the locks it takes. */
__thread("truncate")
static void truncate_to_one_block(void)
{
	inode_lock(&inode);
	filemap_invalidate_lock(inode.i_mapping);
	ext4_truncate_down(&inode, i_blocksize(&inode));
	filemap_invalidate_unlock(inode.i_mapping);
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
