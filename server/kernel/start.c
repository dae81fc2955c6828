/*
 * What scenarios put into the file before the first step, and how they look at it in the end.
 * Only __setup and __finally functions call these.
 */

/* Bytes of user data; a zero byte is a zeroed one. */
#define DATA_OLD 1
#define DATA_NEW 2
/* What nobody has written to this file: stored behind its end, or left there by another one. */
#define DATA_STALE 3
/* A store that nobody may rely on: the file has not grown over it yet, or is just growing. */
#define DATA_PAST 3

/* Gives a block its extent, in the tree and in the status cache. Old data of a written block. */
static void start_extent(ext4_lblk_t lblk, int status)
{
	u32 i;

	inode.ext4.es[lblk] = status;
	inode.ext4.ext[lblk] = status;
	if (status == EXTENT_STATUS_DELAYED) {
		inode.ext4.ext[lblk] = EXTENT_STATUS_HOLE;
		inode.ext4.i_reserved_data_blocks++;
		inode.ext4.i_reserved_quota++;
	} else if (status != EXTENT_STATUS_HOLE) {
		inode.i_blocks++;
	}
	if (status == EXTENT_STATUS_WRITTEN)
		for (i = 0; i < BIT(BLKBITS); i++)
			disk_data[(lblk << BLKBITS) + i] = DATA_OLD;
}

/* Puts a clean folio into the page cache, with what the disk has. */
static struct folio *start_folio(pgoff_t index)
{
	u32 i;

	folio[index].mapping = inode.i_mapping;
	folio[index].index = index;
	inode.i_mapping->i_pages[index] = &folio[index];
	for (i = 0; i < PAGE_SIZE; i++)
		folio[index].data[i] = disk_data[(index << PAGE_SHIFT) + i];
	return &folio[index];
}

/* Writes new data into a block of a cached folio. */
static void start_dirty_block(ext4_lblk_t lblk)
{
	pgoff_t index = (lblk << BLKBITS) >> PAGE_SHIFT;
	u32 off = (lblk << BLKBITS) & (PAGE_SIZE - 1);
	u32 i;

	for (i = 0; i < BIT(BLKBITS); i++)
		folio[index].data[off + i] = DATA_NEW;
	folio[index].bdirty |= BIT(off >> BLKBITS);
	folio[index].dirty = true;
	folio[index].tag_dirty = true;
}

/* What read() returns for a byte inside EOF: the page cache, else the disk where it is written. */
static u8 end_read(loff_t pos)
{
	struct folio *cached = inode.i_mapping->i_pages[pos >> PAGE_SHIFT];

	if (cached)
		return cached->data[pos & (PAGE_SIZE - 1)];
	if (inode.ext4.ext[pos >> BLKBITS] == EXTENT_STATUS_WRITTEN)
		return disk_data[pos];
	return 0;
}

/* ---- accounts ------------------------------------------------------------ */

static int blocks_with(enum block_status *blocks, int status)
{
	int n = 0;
	ext4_lblk_t b;

	for (b = 0; b < NR_BLOCKS; b++)
		n += blocks[b] == status;
	return n;
}

/* Whoever holds i_data_sem may be in the middle of a change: for writing, and once also for reading. */
static bool mapping_changes(void)
{
	if (!__since("acf795dc161f", "2024-03-11"))
		return inode.ext4.i_data_sem.count != 0;
	return inode.ext4.i_data_sem.count < 0;
}

/* What is promised is what is delayed. */
static bool reserved_is_delayed(void)
{
	int delayed = blocks_with(inode.ext4.es, EXTENT_STATUS_DELAYED);

	return mapping_changes() || (inode.ext4.i_reserved_data_blocks == delayed &&
				     inode.ext4.i_reserved_quota == delayed);
}

/* What the quota was charged for is what is allocated. */
static bool charged_is_allocated(void)
{
	return mapping_changes() ||
	       inode.i_blocks == NR_BLOCKS - blocks_with(inode.ext4.ext, EXTENT_STATUS_HOLE);
}

/* The cache of the extent tree knows nothing that is not in the tree. */
static bool status_is_in_tree(void)
{
	ext4_lblk_t b;

	if (mapping_changes())
		return true;
	for (b = 0; b < NR_BLOCKS; b++) {
		if (inode.ext4.es[b] == EXTENT_STATUS_NONE)
			continue;
		if (inode.ext4.es[b] == EXTENT_STATUS_DELAYED) {
			if (inode.ext4.ext[b] != EXTENT_STATUS_HOLE)
				return false;
		} else if (inode.ext4.es[b] != inode.ext4.ext[b]) {
			return false;
		}
	}
	return true;
}

/* ---- crash --------------------------------------------------------------- */

/* What was in memory when the file was last in a transaction is on disk. */
static void start_disk_inode(void)
{
	ext4_lblk_t b;

	disk_inode.i_size = inode.ext4.i_disksize;
	for (b = 0; b < NR_BLOCKS; b++)
		disk_inode.i_block[b] = inode.ext4.ext[b];
}

/* After a crash: no byte inside the file is one that nobody has written to it. */
static bool disk_has_no_stale_data(void)
{
	loff_t pos;

	for (pos = 0; pos < disk_inode.i_size; pos++)
		if (disk_inode.i_block[pos >> BLKBITS] == EXTENT_STATUS_WRITTEN &&
		    disk_data[pos] == DATA_STALE)
			return false;
	return true;
}

/* ---- stores -------------------------------------------------------------- */

/* What the process stores next: DATA_NEW once the call that makes the file grow has returned. */
u8 user_value = DATA_PAST;

/*
 * A store of DATA_NEW is on disk, or the folio or its page table entry is dirty.
 * False: the folio is clean, and memory has what the disk does not have.
 */
static bool store_is_kept(loff_t pos)
{
	struct folio *cached = inode.i_mapping->i_pages[pos >> PAGE_SHIFT];

	if (!cached || cached->data[pos & (PAGE_SIZE - 1)] != DATA_NEW)
		return true;
	if (cached->dirty || cached->writeback || page_table[pos >> PAGE_SHIFT].dirty)
		return true;
	return inode.ext4.ext[pos >> BLKBITS] == EXTENT_STATUS_WRITTEN &&
	       disk_data[pos] == DATA_NEW;
}
