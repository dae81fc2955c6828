/*
 * Writeback goes on with a mapping that truncate has made stale: data go to a freed block.
 *
 * Writeback maps three blocks with the lookup for the first folio and keeps the mapping for the others. In
 * between the file is cut to one block, which frees the others, and is written again behind it: a
 * new dirty folio over a delayed block. Writeback locks it and still has the old mapping. Without a look
 * at the number of changes of the mapping, under the folio lock, it writes to the block that was freed;
 * somebody else may own it by now.
 *
 *	flusher                          truncate
 *	maps [0,3), folio 0
 *	                                 ext4_setattr(): one block
 *	                                   removes folios, frees blocks
 *	                                 write(2): folio 1, delayed
 *	folio 1: the mapping covers it
 *	submits
 *
 * xfs had it; writeback of ext4 through iomap has looked at i_es_seq from its first version on.
 */
__scenario("C10", "a mapping that is kept over folios: writeback to a freed block");
__source("commit d9252d526ba6: xfs: validate writeback mapping using data fork seq counter");
__on("7.1");
__without("d9252d526ba6");
__small(NR_FOLIOS, 1);
__bound("3 folios × 1 block");
__bound("no commit");

__fixed_by("d9252d526ba6", "compare the number of changes under each folio's lock");

#define NR_FOLIOS 3
#define PAGE_SHIFT 0
#define BLKBITS 0
#define COMMITS 0

struct file file;

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
	file.f_inode = &inode;
	file.f_mapping = inode.i_mapping;
}

/* Periodic writeback of the inode; waits for nothing. */
__thread("flusher")
static void write_back(void)
{
	filemap_flush(inode.i_mapping);
}

/* truncate(2) to one block, then write(2) of the second. */
__thread("truncate")
static void cut_and_grow(void)
{
	struct iattr attr = { .ia_size = 1 };
	struct kiocb iocb = { .ki_filp = &file, .ki_pos = 1 };
	struct iov_iter from = { .count = 1, .data = DATA_NEW };

	inode_lock(&inode);
	ext4_setattr(&inode, &attr);
	inode_unlock(&inode);
	ext4_iomap_buffered_write_iter(&iocb, &from);
}

/* Whoever removes a block waits for its writeback first. */
__invariant("what is written is allocated")
static bool bios_have_blocks(void)
{
	return disk_queue == NULL ||
	       inode.ext4.ext[disk_queue->bi_sector + disk_queue->bi_size - 1] !=
		       EXTENT_STATUS_HOLE;
}
