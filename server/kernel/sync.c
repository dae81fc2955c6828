/*
 * System calls that write back.
 */

#define SYNC_FILE_RANGE_WAIT_BEFORE 1
#define SYNC_FILE_RANGE_WRITE 2
#define SYNC_FILE_RANGE_WAIT_AFTER 4

__source("fs/sync.c:sync_file_range")
int sync_file_range(struct file *file, loff_t offset, loff_t nbytes, unsigned int flags)
{
	struct address_space *mapping = file_inode(file)->i_mapping;
	loff_t endbyte = offset + nbytes - 1;
	int ret = 0;

	if (flags & SYNC_FILE_RANGE_WAIT_BEFORE)
		ret = filemap_fdatawait_range(mapping, offset, endbyte);
	if (!ret && (flags & SYNC_FILE_RANGE_WRITE))
		ret = __filemap_fdatawrite_range(mapping, offset, endbyte, WB_SYNC_NONE);
	if (!ret && (flags & SYNC_FILE_RANGE_WAIT_AFTER))
		ret = filemap_fdatawait_range(mapping, offset, endbyte);
	return ret;
}
