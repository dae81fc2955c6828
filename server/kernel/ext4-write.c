/*
 * ext4: what a buffered write does before and after the copy, with delayed allocation.
 */

/* Reserves the blocks and remembers that writeback has to allocate them. */
__source("fs/ext4/inode.c:ext4_insert_delayed_blocks")
static int ext4_insert_delayed_blocks(struct inode *inode, ext4_lblk_t lblk, ext4_lblk_t len)
{
	int ret = ext4_da_reserve_space(inode, len);

	if (!ret)
		ext4_es_set(inode, lblk, len, EXTENT_STATUS_DELAYED);
	return ret;
}

/* The block under a buffered write: a hole is reserved, for writeback to allocate. */
__source("fs/ext4/inode.c:ext4_da_map_blocks")
static int ext4_da_map_blocks(struct inode *inode, struct ext4_map_blocks *map)
{
	int ret = ext4_map_blocks(NULL, inode, map, 0);

	if (ret || (map->m_flags & EXT4_MAP_DELAYED))
		return ret;
	down_write(&EXT4_I(inode)->i_data_sem);
	ret = ext4_insert_delayed_blocks(inode, map->m_lblk, map->m_len);
	up_write(&EXT4_I(inode)->i_data_sem);
	return ret;
}

/* Returns the folio locked. No handle: blocks are allocated by writeback. */
__source("fs/ext4/inode.c:ext4_da_write_begin")
static int ext4_da_write_begin(struct kiocb *iocb, struct address_space *mapping, loff_t pos,
			       unsigned len, struct folio **foliop)
{
	struct inode *inode = mapping->host;
	u8 blkbits = inode->i_blkbits;
	ext4_lblk_t end = (pos + len - 1) >> blkbits;
	struct ext4_map_blocks map;
	int ret;

	*foliop = filemap_grab_folio(mapping, pos >> PAGE_SHIFT);
	folio_wait_stable(*foliop);
	for (map.m_lblk = pos >> blkbits; map.m_lblk <= end; map.m_lblk++) {
		map.m_len = 1;
		ret = ext4_da_map_blocks(inode, &map);
		if (ret < 0)
			return ret;
	}
	return 0;
}

/* The folio is locked; i_size grows under its lock. */
__source("fs/ext4/inode.c:ext4_da_write_end")
static int ext4_da_write_end(struct kiocb *iocb, struct address_space *mapping, loff_t pos,
			     unsigned len, unsigned copied, struct folio *folio)
{
	struct inode *inode = mapping->host;

	/* The bits of the blocks are only looked at under the folio lock, which is held. */
	__atomic {
		iomap_set_range_dirty(folio, offset_in_folio(folio, pos), copied);
		filemap_dirty_folio(mapping, folio);
	}
	if (pos + copied > inode->i_size)
		i_size_write(inode, pos + copied);
	folio_unlock(folio);
	return copied;
}
