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

/* The same block by block, before 1850d76c1b78. */
__source("fs/ext4/inode.c:ext4_insert_delayed_block")
static int ext4_insert_delayed_block(struct inode *inode, ext4_lblk_t lblk)
{
	return ext4_insert_delayed_blocks(inode, lblk, 1);
}

/*
 * The block under a buffered write or a store: a hole is reserved, for writeback to allocate. The
 * folio is locked; but fallocate needs no folio, and a fault has no i_rwsem.
 */
__source("fs/ext4/inode.c:ext4_da_map_blocks")
static int ext4_da_map_blocks(struct inode *inode, struct ext4_map_blocks *map)
{
	/* Once a parameter of its own. */
	ext4_lblk_t iblock = map->m_lblk;
	struct extent_status es;
	int retval;

	map->m_flags = 0;
	if (ext4_es_lookup_extent(inode, iblock, NULL, &es, &map->m_seq)) {
		if (__since("acf795dc161f", "2024-03-11")) {
			if (ext4_es_is_hole(&es))
				goto add_delayed;
		} else if (ext4_es_is_hole(&es)) {
			down_read(&EXT4_I(inode)->i_data_sem);
			goto add_delayed;
		}
		if (__since("0ea6560abb3b", "2024-07-15")) {
found:
			;
		}
		map->m_len = min_t(unsigned int, map->m_len, es.es_len);
		return ext4_map_status(map, es.es_status);
	}

	down_read(&EXT4_I(inode)->i_data_sem);
	if (__since("acf795dc161f", "2024-03-11")) {
		retval = ext4_map_query_blocks(NULL, inode, map);
		up_read(&EXT4_I(inode)->i_data_sem);
		if (retval)
			return retval;
	} else {
		if (ext4_test_inode_flag(inode, EXT4_INODE_EXTENTS))
			retval = ext4_ext_map_blocks(NULL, inode, map, 0);
		else
			retval = ext4_ind_map_blocks(NULL, inode, map, 0);
		if (retval < 0)
			goto out_unlock;
		if (retval > 0) {
			ext4_es_cache_extent(inode, map->m_lblk, map->m_len,
					     ext4_extent_status(map));
			goto out_unlock;
		}
	}

add_delayed:
	if (__since("acf795dc161f", "2024-03-11"))
		down_write(&EXT4_I(inode)->i_data_sem);
	if (__since("0ea6560abb3b", "2024-07-15")) {
		if (ext4_es_lookup_extent(inode, iblock, NULL, &es, &map->m_seq)) {
			if (!ext4_es_is_hole(&es)) {
				up_write(&EXT4_I(inode)->i_data_sem);
				goto found;
			}
		} else {
			retval = ext4_map_query_blocks(NULL, inode, map);
			if (retval) {
				up_write(&EXT4_I(inode)->i_data_sem);
				return retval;
			}
		}
	}
	if (__since("1850d76c1b78", "2024-07-15"))
		retval = ext4_insert_delayed_blocks(inode, map->m_lblk, map->m_len);
	else
		retval = ext4_insert_delayed_block(inode, map->m_lblk);
	if (__since("acf795dc161f", "2024-03-11")) {
		up_write(&EXT4_I(inode)->i_data_sem);
		if (retval)
			return retval;
		map->m_flags |= EXT4_MAP_DELAYED;
		return retval;
	} else {
		if (retval)
			goto out_unlock;
		map->m_flags |= EXT4_MAP_DELAYED;
out_unlock:
		up_read(&EXT4_I(inode)->i_data_sem);
		return retval;
	}
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

/* ---- without delayed allocation ------------------------------------------ */

/* Blocks are allocated at once, with the handle of the write. */
__source("fs/ext4/inode.c:ext4_block_write_begin")
static int ext4_block_write_begin(handle_t *handle, struct inode *inode, loff_t pos, unsigned len)
{
	ext4_lblk_t end = (pos + len - 1) >> inode->i_blkbits;
	struct ext4_map_blocks map;
	int ret = 0;

	for (map.m_lblk = pos >> inode->i_blkbits; ret >= 0 && map.m_lblk <= end; map.m_lblk++) {
		map.m_len = 1;
		ret = ext4_map_blocks(handle, inode, &map,
				      ext4_should_dioread_nolock(inode) ?
					      EXT4_GET_BLOCKS_CREATE_UNWRIT_EXT :
					      EXT4_GET_BLOCKS_CREATE);
	}
	return ret < 0 ? ret : 0;
}

/* The folio as it may be written into: locked, and not on its way to a device that needs it stable. */
__source("mm/folio-compat.c:grab_cache_page_write_begin")
static struct folio *grab_cache_page_write_begin(struct address_space *mapping, pgoff_t index)
{
	struct folio *folio = filemap_grab_folio(mapping, index);

	folio_wait_stable(folio);
	return folio;
}

/* Returns the folio locked and a handle open: the handle first, but no allocation inside. */
__source("fs/ext4/inode.c:ext4_write_begin")
static int ext4_write_begin(struct kiocb *iocb, struct address_space *mapping, loff_t pos,
			    unsigned len, struct folio **foliop)
{
	struct inode *inode = mapping->host;
	pgoff_t index = pos >> PAGE_SHIFT;
	handle_t *handle;
	int ret;

retry_grab:
	if (__since("47564bfb95bf", "2013-02-09")) {
		*foliop = grab_cache_page_write_begin(mapping, index);
		folio_unlock(*foliop);
	}
retry_journal:
	handle = ext4_journal_start(inode, EXT4_HT_WRITE_PAGE, 1);
	if (IS_ERR(handle))
		return PTR_ERR(handle);
	if (__since("47564bfb95bf", "2013-02-09")) {
		folio_lock(*foliop);
		if ((*foliop)->mapping != mapping) {
			folio_unlock(*foliop);
			ext4_journal_stop(handle);
			goto retry_grab;
		}
		folio_wait_stable(*foliop);
	} else {
		*foliop = grab_cache_page_write_begin(mapping, index);
	}
	ret = ext4_block_write_begin(handle, inode, pos, len);
	if (ret) {
		folio_unlock(*foliop);
		ext4_journal_stop(handle);
		if (ret == -ENOSPC && ext4_should_retry_alloc(inode->i_sb))
			goto retry_journal;
	}
	return ret;
}

__source("fs/ext4/ext4.h:ext4_update_inode_size")
static int ext4_update_inode_size(struct inode *inode, loff_t newsize)
{
	int changed = 0;

	if (newsize > inode->i_size) {
		i_size_write(inode, newsize);
		changed = 1;
	}
	if (newsize > EXT4_I(inode)->i_disksize) {
		ext4_update_i_disksize(inode, newsize);
		changed |= 2;
	}
	return changed;
}

/* The folio is locked, and the handle of ext4_write_begin() open. */
__source("fs/ext4/inode.c:ext4_write_end")
static int ext4_write_end(struct kiocb *iocb, struct address_space *mapping, loff_t pos,
			  unsigned len, unsigned copied, struct folio *folio)
{
	handle_t *handle = journal_current_handle();
	struct inode *inode = mapping->host;
	loff_t old_size = inode->i_size;
	int changed;

	/* The bits of the blocks are only looked at under the folio lock, which is held. */
	__atomic {
		iomap_set_range_dirty(folio, offset_in_folio(folio, pos), copied);
		filemap_dirty_folio(mapping, folio);
	}
	changed = ext4_update_inode_size(inode, pos + copied);
	folio_unlock(folio);
	if (old_size < pos)
		pagecache_isize_extended(inode, old_size, pos);
	if (changed)
		ext4_mark_inode_dirty(handle, inode);
	ext4_journal_stop(handle);
	return copied;
}

/* ---- through iomap ------------------------------------------------------- */

__source("fs/ext4/inode.c:ext4_iomap_buffered_da_write_begin")
static int ext4_iomap_buffered_da_write_begin(struct inode *inode, loff_t offset, loff_t length,
					      unsigned flags, struct iomap *iomap,
					      struct iomap *srcmap)
{
	struct ext4_map_blocks map;
	u8 blkbits = inode->i_blkbits;
	int ret;

	map.m_lblk = offset >> blkbits;
	map.m_len = ((offset + length - 1) >> blkbits) - map.m_lblk + 1;
	ret = ext4_da_map_blocks(inode, &map);
	if (ret < 0)
		return ret;
	ext4_set_iomap(inode, iomap, &map, offset, length, flags);
	return 0;
}

const struct iomap_ops ext4_iomap_buffered_da_write_ops = {
	.iomap_begin = ext4_iomap_buffered_da_write_begin,
};

/*
 * Zeroes the rest of the block that the old end of the file cuts, before the file grows over it. No
 * handle is open: zeroing may write back and wait. ext4_block_zero_eof() with the lookups of iomap.
 */
__source("fs/ext4/inode.c:ext4_block_zero_eof")
static int ext4_iomap_zero_eof(struct inode *inode, loff_t from, loff_t end)
{
	u32 blocksize = i_blocksize(inode);

	if (!(from & (blocksize - 1)) || from >= end)
		return 0;
	return ext4_block_zero_page_range(NULL, inode->i_mapping, from,
					  min_t(loff_t, blocksize, end - from));
}

/* What ext4_buffered_write_iter() is for an inode on the iomap path. */
__source("fs/ext4/file.c:ext4_buffered_write_iter")
static ssize_t ext4_iomap_buffered_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	loff_t old_size;
	ssize_t ret = 0;

	inode_lock(inode);
	inode_dio_wait(inode);
	old_size = i_size_read(inode);
	if (iocb->ki_pos > old_size)
		ret = ext4_iomap_zero_eof(inode, old_size, iocb->ki_pos);
	if (!ret)
		ret = iomap_file_buffered_write(iocb, from, &ext4_iomap_buffered_da_write_ops,
						&ext4_iomap_write_ops);
	inode_unlock(inode);
	return ret;
}

/* ---- stores through a mapping -------------------------------------------- */

/* Through buffer_heads: reserves block by block what lies inside the file. */
__source("fs/buffer.c:block_page_mkwrite")
static int block_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = vmf->vma->vm_mapping->host;
	struct folio *folio = vmf->folio;
	struct ext4_map_blocks map;
	ext4_lblk_t end;
	int ret;

	folio_lock(folio);
	ret = folio_mkwrite_check_truncate(folio, inode);
	if (ret < 0)
		goto out_unlock;
	end = EXT4_B_TO_LBLK(inode, folio_pos(folio) + ret);
	for (map.m_lblk = folio_pos(folio) >> inode->i_blkbits; map.m_lblk < end; map.m_lblk++) {
		map.m_len = 1;
		ret = ext4_da_map_blocks(inode, &map);
		if (ret < 0)
			goto out_unlock;
	}
	folio_mark_dirty(folio);
	folio_wait_stable(folio);
	return VM_FAULT_LOCKED;

out_unlock:
	folio_unlock(folio);
	return VM_FAULT_NOPAGE;
}

/* Are too few blocks free to promise any? Not but in scenarios that say so with a function of their own. */
__source("fs/ext4/inode.c:ext4_nonda_switch")
static inline int ext4_nonda_switch(struct super_block *sb)
{
	return 0;
}

/* Allocates what lies inside the file at once; the folio is locked when it returns 0. */
__source("fs/ext4/inode.c:ext4_block_page_mkwrite")
static int ext4_block_page_mkwrite(struct inode *inode, struct folio *folio)
{
	handle_t *handle;
	int ret;

	handle = ext4_journal_start(inode, EXT4_HT_WRITE_PAGE, 1);
	if (IS_ERR(handle))
		return PTR_ERR(handle);
	folio_lock(folio);
	ret = folio_mkwrite_check_truncate(folio, inode);
	if (ret < 0)
		goto out_error;
	ret = ext4_block_write_begin(handle, inode, folio_pos(folio), ret);
	if (ret)
		goto out_error;
	folio_mark_dirty(folio);
	ext4_journal_stop(handle);
	folio_wait_stable(folio);
	return 0;

out_error:
	folio_unlock(folio);
	ext4_journal_stop(handle);
	return ret;
}

/* Where nothing may be promised. A folio whose buffers are mapped, delayed ones too, needs no block. */
static int ext4_nonda_page_mkwrite(struct inode *inode, struct folio *folio)
{
	int err;

	folio_lock(folio);
	if (folio_mkwrite_check_truncate(folio, inode) < 0) {
		folio_unlock(folio);
		return VM_FAULT_NOPAGE;
	}
	if (ext4_buffer_mapped(folio)) {
		folio_wait_stable(folio);
		return VM_FAULT_LOCKED;
	}
	folio_unlock(folio);
	err = ext4_block_page_mkwrite(inode, folio);
	return err < 0 ? VM_FAULT_NOPAGE : VM_FAULT_LOCKED;
}

/* No i_rwsem: the fault may come from a system call that holds it. */
__source("fs/ext4/inode.c:ext4_page_mkwrite")
static int ext4_page_mkwrite(struct vm_fault *vmf)
{
	struct address_space *mapping = vmf->vma->vm_mapping;
	int ret;

	filemap_invalidate_lock_shared(mapping);
	if (ext4_test_inode_state(mapping->host, EXT4_STATE_BUFFERED_IOMAP))
		ret = iomap_page_mkwrite(vmf, &ext4_iomap_buffered_da_write_ops);
	else if (!ext4_nonda_switch(mapping->host->i_sb))
		ret = block_page_mkwrite(vmf);
	else
		ret = ext4_nonda_page_mkwrite(mapping->host, vmf->folio);
	filemap_invalidate_unlock_shared(mapping);
	return ret;
}

const struct vm_operations_struct ext4_file_vm_ops = {
	.page_mkwrite = ext4_page_mkwrite,
};
