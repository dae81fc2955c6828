/*
 * ext4: zeroing of partial blocks, through buffer_heads and through iomap, and punch hole.
 */

#define FALLOC_FL_KEEP_SIZE 0x01
#define FALLOC_FL_PUNCH_HOLE 0x02

/* ---- zeroing of partial blocks ------------------------------------------- */

__source("fs/dax.c:dax_zero_range")
int dax_zero_range(struct inode *inode, loff_t pos, loff_t len, bool *did_zero,
		   const struct iomap_ops *ops)
{
	/* No inode of the model has S_DAX. */
	return -EOPNOTSUPP;
}

/* Does the file system hand a batch of dirty folios to iomap_zero_range()? */
static inline bool ext4_zero_fills_batch(struct ext4_map_blocks *map)
{
	if (__fix("batch-holes") && !(map->m_flags & (EXT4_MAP_MAPPED | EXT4_MAP_DELAYED)))
		return true;
	return (__fix("batch") || __fix("batch-holes") || __fix("enomem") ||
		__since("ed61378b4dc6", "2026-02-09")) &&
	       (map->m_flags & EXT4_MAP_UNWRITTEN);
}

/* Mapping for zeroing: a lookup that allocates nothing and holds no lock when it returns. */
__source("fs/ext4/inode.c:ext4_iomap_zero_begin")
static int ext4_iomap_zero_begin(struct inode *inode, loff_t offset, loff_t length,
				 unsigned flags, struct iomap *iomap, struct iomap *srcmap)
{
	struct iomap_iter *iter = container_of(iomap, struct iomap_iter, iomap);
	struct ext4_map_blocks map;
	u8 blkbits = inode->i_blkbits;
	loff_t end;
	int ret;

	ret = ext4_emergency_state(inode->i_sb);
	if (unlikely(ret))
		return ret;

	map.m_lblk = offset >> blkbits;
	map.m_len = min_t(loff_t, (offset + length - 1) >> blkbits, EXT4_MAX_LOGICAL_BLOCK) -
		    map.m_lblk + 1;
	/* Proposed for wider use: both lookups under one lock against conversion. */
	if (__fix("lookup-lock")) {
		down_read(&EXT4_I(inode)->i_data_sem);
		ret = ext4_map_query_blocks(NULL, inode, &map);
	} else {
		ret = ext4_map_blocks(NULL, inode, &map, 0);
	}
	if (ret < 0)
		return ret;

	if (ext4_zero_fills_batch(&map) &&
	    map.m_lblk < EXT4_B_TO_LBLK(inode, i_size_read(inode))) {
		end = iomap_fill_dirty_folios(iter, (loff_t)map.m_lblk << blkbits,
					      (loff_t)map.m_len << blkbits);
		if (end < 0)
			return end;
		if ((end >> blkbits) < map.m_lblk + map.m_len)
			map.m_len = (end >> blkbits) - map.m_lblk;
	}
	if (__fix("lookup-lock"))
		up_read(&EXT4_I(inode)->i_data_sem);

	ext4_set_iomap(inode, iomap, &map, offset, length, flags);
	/* Proposed for wider use: an empty batch counts only if the mapping is still the same. */
	if (__fix("seq-check") && iter->fbatch && !iter->fbatch->nr &&
	    !ext4_iomap_valid(inode, iomap))
		iomap->flags |= IOMAP_F_STALE;
	return 0;
}

const struct iomap_ops ext4_iomap_zero_ops = {
	.iomap_begin = ext4_iomap_zero_begin,
};

__source("fs/ext4/inode.c:ext4_iomap_block_zero_range")
static int ext4_iomap_block_zero_range(struct inode *inode, loff_t from, loff_t length)
{
	return iomap_zero_range(inode, from, length, NULL, &ext4_iomap_zero_ops,
				&ext4_iomap_write_ops, NULL);
}

/* A buffer_head is mapped from the moment its data became dirty, whatever its block is. */
static bool ext4_buffer_mapped(struct folio *folio)
{
	return folio->dirty || folio->writeback;
}

/*
 * Zeroes part of one block through its buffer_head, with the folio locked; the caller's handle is
 * open all the while. A hole, and an unwritten block without data in the cache, are zeros already.
 */
__source("fs/ext4/inode.c:__ext4_block_zero_page_range")
static int __ext4_block_zero_page_range(handle_t *handle, struct address_space *mapping,
					loff_t from, loff_t length)
{
	pgoff_t index = from >> PAGE_SHIFT;
	unsigned offset = from & (PAGE_SIZE - 1);
	struct inode *inode = mapping->host;
	struct ext4_map_blocks map;
	struct folio *folio;
	int err = 0;

	folio = filemap_grab_folio(mapping, index);
	if (!ext4_buffer_mapped(folio)) {
		map.m_lblk = from >> inode->i_blkbits;
		map.m_len = 1;
		err = ext4_map_blocks(handle, inode, &map, 0);
		if (err <= 0 || !(map.m_flags & EXT4_MAP_MAPPED))
			goto unlock;
	}

	err = 0;
	folio_zero_range(folio, offset, length);
	iomap_set_range_dirty(folio, offset, length);
	filemap_dirty_folio(mapping, folio);

unlock:
	folio_unlock(folio);
	return err < 0 ? err : 0;
}

/* Zeroes from 'from' at most to the end of its block. */
__source("fs/ext4/inode.c:ext4_block_zero_page_range")
static int ext4_block_zero_page_range(handle_t *handle, struct address_space *mapping,
				      loff_t from, loff_t length)
{
	struct inode *inode = mapping->host;
	unsigned blocksize = inode->i_sb->s_blocksize;
	unsigned offset = from & (PAGE_SIZE - 1);
	unsigned max = blocksize - (offset & (blocksize - 1));

	if (length > max || length < 0)
		length = max;

	if (IS_DAX(inode)) {
		return dax_zero_range(inode, from, length, NULL,
				      &ext4_iomap_ops);
	}
	if (__since("ext4-iomap-zero", "2026-02-03") &&
	    ext4_test_inode_state(inode, EXT4_STATE_BUFFERED_IOMAP))
		return ext4_iomap_block_zero_range(inode, from, length);
	return __ext4_block_zero_page_range(handle, mapping, from, length);
}

/* Zeroes the parts of the range that do not fill a block, at its start and at its end. */
__source("fs/ext4/inode.c:ext4_zero_partial_blocks")
int ext4_zero_partial_blocks(handle_t *handle, struct inode *inode, loff_t lstart, loff_t length)
{
	struct super_block *sb = inode->i_sb;
	struct address_space *mapping = inode->i_mapping;
	loff_t byte_end = lstart + length - 1;
	unsigned partial_start = lstart & (sb->s_blocksize - 1);
	unsigned partial_end = byte_end & (sb->s_blocksize - 1);
	ext4_fsblk_t start = lstart >> sb->s_blocksize_bits;
	ext4_fsblk_t end = byte_end >> sb->s_blocksize_bits;
	int err = 0;

	if (start == end && (partial_start || partial_end != sb->s_blocksize - 1)) {
		err = ext4_block_zero_page_range(handle, mapping, lstart, length);
		return err;
	}
	if (partial_start) {
		err = ext4_block_zero_page_range(handle, mapping, lstart, sb->s_blocksize);
		if (err)
			return err;
	}
	if (partial_end != sb->s_blocksize - 1)
		err = ext4_block_zero_page_range(handle, mapping, byte_end - partial_end,
						 partial_end + 1);
	return err;
}

/* ---- punch hole ---------------------------------------------------------- */

/*
 * Writeback brings i_disksize to i_size when it writes the last block. It will not find that block any
 * more when the hole covers it. And a store into a hole behind i_disksize may allocate a block there, see U5.
 */
__source("fs/ext4/inode.c:ext4_update_disksize_before_punch")
static int ext4_update_disksize_before_punch(struct inode *inode, loff_t offset, loff_t len)
{
	handle_t *handle;
	loff_t size = i_size_read(inode);

	if (__since("disksize-before-punch", "2025-10-01")) {
		if (offset > size)
			return 0;
		if (offset + len < size)
			size = offset + len;
	} else if (offset > size || offset + len < size) {
		return 0;
	}
	if (EXT4_I(inode)->i_disksize >= size)
		return 0;

	handle = ext4_journal_start(inode, EXT4_HT_INODE, 1);
	if (IS_ERR(handle))
		return PTR_ERR(handle);
	ext4_update_i_disksize(inode, size);
	ext4_mark_inode_dirty(handle, inode);
	ext4_journal_stop(handle);
	return 0;
}

/* The page cache is dropped or zeroed first, then the blocks on disk. */
__source("fs/ext4/inode.c:ext4_truncate_page_cache_block_range")
static int ext4_truncate_page_cache_block_range(struct inode *inode, loff_t start, loff_t end)
{
	truncate_pagecache_range(inode, start, end - 1);
	return 0;
}

/* Removes whole blocks; the caller holds a handle. */
static int ext4_punch_blocks(handle_t *handle, struct inode *inode, ext4_lblk_t start_lblk,
			     ext4_lblk_t end_lblk)
{
	ext4_lblk_t hole_len = end_lblk - start_lblk;
	int ret;

	down_write(&EXT4_I(inode)->i_data_sem);
	ext4_es_remove_extent(inode, start_lblk, hole_len);
	ret = ext4_ext_remove_space(inode, start_lblk, end_lblk - 1);
	if (ret)
		goto out;
	ext4_es_insert_extent(inode, start_lblk, hole_len, ~0, EXTENT_STATUS_HOLE, 0);
out:
	up_write(&EXT4_I(inode)->i_data_sem);
	return ret;
}

__source("fs/ext4/inode.c:ext4_punch_hole")
int ext4_punch_hole(struct file *file, loff_t offset, loff_t length)
{
	struct inode *inode = file_inode(file);
	loff_t end = offset + length;
	ext4_lblk_t start_lblk, end_lblk;
	handle_t *handle;
	int ret;

	if (__since("011278485ecc", "2015-12-07")) {
		ret = ext4_update_disksize_before_punch(inode, offset, length);
		if (ret)
			return ret;
	}

	ret = ext4_truncate_page_cache_block_range(inode, offset, end);
	if (ret)
		return ret;

	if (__since("c4602a1d09ec", "2026-04-13")) {
		ret = ext4_zero_partial_blocks(NULL, inode, offset, length);
		if (ret)
			return ret;
	}

	handle = ext4_journal_start(inode, EXT4_HT_TRUNCATE, 1);
	if (IS_ERR(handle))
		return PTR_ERR(handle);

	if (!__since("c4602a1d09ec", "2026-04-13")) {
		ret = ext4_zero_partial_blocks(handle, inode, offset, length);
		if (ret)
			goto out_handle;
	}

	start_lblk = EXT4_B_TO_LBLK(inode, offset);
	end_lblk = end >> inode->i_blkbits;
	if (end_lblk > start_lblk)
		ret = ext4_punch_blocks(handle, inode, start_lblk, end_lblk);

out_handle:
	ext4_journal_stop(handle);
	return ret;
}

/* Allocates unwritten blocks; no folio is touched, so that no folio lock is needed. */
__source("fs/ext4/extents.c:ext4_do_fallocate")
static int ext4_do_fallocate(struct file *file, loff_t offset, loff_t len)
{
	struct inode *inode = file_inode(file);
	struct ext4_map_blocks map;
	ext4_lblk_t end = EXT4_B_TO_LBLK(inode, offset + len);
	handle_t *handle;
	int ret = 0;

	for (map.m_lblk = offset >> inode->i_blkbits; ret >= 0 && map.m_lblk < end;
	     map.m_lblk += map.m_len) {
		map.m_len = end - map.m_lblk;
		handle = ext4_journal_start(inode, EXT4_HT_MAP_BLOCKS, 1);
		if (IS_ERR(handle))
			return PTR_ERR(handle);
		ret = ext4_map_blocks(handle, inode, &map, EXT4_GET_BLOCKS_CREATE_UNWRIT_EXT);
		ext4_journal_stop(handle);
	}
	return ret < 0 ? ret : 0;
}

__source("fs/ext4/extents.c:ext4_fallocate")
long ext4_fallocate(struct file *file, int mode, loff_t offset, loff_t len)
{
	struct inode *inode = file_inode(file);
	struct address_space *mapping = inode->i_mapping;
	long ret = -EOPNOTSUPP;

	inode_lock(inode);
	/* Direct I/O that is in flight may still map or convert blocks. */
	inode_dio_wait(inode);
	if (!(mode & ~FALLOC_FL_KEEP_SIZE)) {
		ret = ext4_do_fallocate(file, offset, len);
		goto out;
	}
	/* i_mmap_sem of that commit. */
	if (__since("ea3d7209ca01", "2015-12-07"))
		filemap_invalidate_lock(mapping);
	if (mode & FALLOC_FL_PUNCH_HOLE)
		ret = ext4_punch_hole(file, offset, len);
	if (__since("ea3d7209ca01", "2015-12-07"))
		filemap_invalidate_unlock(mapping);
out:
	inode_unlock(inode);
	return ret;
}

