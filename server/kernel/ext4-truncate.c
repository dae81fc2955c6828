/*
 * ext4: a new size, and the removal of what lies behind it.
 */

__source("mm/truncate.c:truncate_pagecache")
void truncate_pagecache(struct inode *inode, loff_t newsize)
{
	struct address_space *mapping = inode->i_mapping;
	loff_t holebegin = round_up(newsize, PAGE_SIZE);

	unmap_mapping_range(mapping, holebegin, 0);
	truncate_inode_pages_range(mapping, newsize, NR_FOLIOS * PAGE_SIZE - 1);
	unmap_mapping_range(mapping, holebegin, 0);
}

/* Removes the blocks behind i_size. The page cache has been cut before. */
__source("fs/ext4/inode.c:ext4_truncate")
int ext4_truncate(struct inode *inode)
{
	ext4_lblk_t last_block = EXT4_B_TO_LBLK(inode, i_size_read(inode));
	handle_t *handle;
	int err = 0;

	handle = ext4_journal_start(inode, EXT4_HT_TRUNCATE, 1);
	if (IS_ERR(handle))
		return PTR_ERR(handle);

	down_write(&EXT4_I(inode)->i_data_sem);
	if (last_block < NR_BLOCKS) {
		ext4_es_remove_extent(inode, last_block, NR_BLOCKS - last_block);
		err = ext4_ext_remove_space(inode, last_block, NR_BLOCKS - 1);
	}
	up_write(&EXT4_I(inode)->i_data_sem);

	ext4_journal_stop(handle);
	return err;
}

/* Both sizes change together under i_data_sem. */
static int ext4_set_inode_size(struct inode *inode, loff_t newsize)
{
	handle_t *handle = ext4_journal_start(inode, EXT4_HT_INODE, 1);

	if (IS_ERR(handle))
		return PTR_ERR(handle);
	down_write(&EXT4_I(inode)->i_data_sem);
	EXT4_I(inode)->i_disksize = newsize;
	i_size_write(inode, newsize);
	up_write(&EXT4_I(inode)->i_data_sem);
	ext4_journal_stop(handle);
	return 0;
}

/* A smaller size: folios behind it go first, then the blocks. Other folios are not waited for. */
__source("fs/ext4/inode.c:ext4_setattr")
static int ext4_truncate_down(struct inode *inode, loff_t newsize)
{
	int error = ext4_set_inode_size(inode, newsize);

	if (error)
		return error;
	truncate_pagecache(inode, newsize);
	return ext4_truncate(inode);
}

/* A larger size, when the old end is zeroed or does not cut a block. */
static int ext4_extend_size(struct inode *inode, loff_t oldsize, loff_t newsize)
{
	int error = ext4_grow_inode_size(inode, newsize);

	if (error)
		return error;
	pagecache_isize_extended(inode, oldsize, newsize);
	return 0;
}

/* A larger size: the old end is zeroed before, with no handle open. */
__source("fs/ext4/inode.c:ext4_setattr")
static int ext4_truncate_up(struct inode *inode, loff_t oldsize, loff_t newsize)
{
	ext4_block_zero_eof(inode, oldsize, newsize);
	return ext4_extend_size(inode, oldsize, newsize);
}

/* The VFS holds i_rwsem. */
__source("fs/ext4/inode.c:ext4_setattr")
int ext4_setattr(struct inode *inode, struct iattr *attr)
{
	loff_t oldsize = inode->i_size;
	int error;

	inode_dio_wait(inode);
	filemap_invalidate_lock(inode->i_mapping);
	if (attr->ia_size < oldsize)
		error = ext4_truncate_down(inode, attr->ia_size);
	else
		error = ext4_truncate_up(inode, oldsize, attr->ia_size);
	filemap_invalidate_unlock(inode->i_mapping);
	return error;
}
