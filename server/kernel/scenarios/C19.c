/*
 * A new directory block against writeback of the device: buffer lock and folio lock, both ways round.
 *
 * mkdir takes a new block for the directory: it locks the buffer, and the journal cancels a revoke of
 * the block. For that it looks for another buffer of the same block in the page cache of the device,
 * and since f76d4c28a46a this lookup locks the folio. sync writes the folio because another buffer on
 * it is dirty: it has the folio locked and locks every buffer, one by one, also the clean ones.
 *
 *	mkdir                                  sync
 *	ext4_journal_start()
 *	lock_buffer()
 *	                                       blkdev_writepages()
 *	                                         folio_lock()
 *	jbd2_journal_get_create_access()
 *	  jbd2_journal_cancel_revoke()
 *	    folio_lock(), waits
 *	                                       block_write_full_folio()
 *	                                         lock_buffer(), waits
 *
 * It takes two blocks on one folio. The lookup is not needed: the buffer of metadata is itself the one
 * of the device. The old lookup held i_private_lock, and no lock that sleeps.
 */
__scenario("C19", "a revoke is cancelled under the buffer lock: ABBA with the folio of the device");
__source("linux-ext4, 9 Apr 2026: jbd2: fix deadlock in jbd2_journal_cancel_revoke()");
__on("7.0");
__bound("1 folio × 2 buffers of the device");
__bound("no commit");

__fixed_by("981fcc5674e6", "no lookup for a buffer that belongs to the device");

#define NR_FOLIOS 1
#define PAGE_SHIFT 1
#define BLKBITS 0
#define COMMITS 0

/* Two buffers on the device's folio: 0 is new, 1 is dirty. */
__setup
static void dirty_neighbour(void)
{
	bdev_inode.i_sb = &blockdev_superblock;
	bdev_inode.i_mapping = &bdev_inode.i_data;
	bdev_inode.i_data.host = &bdev_inode;
	bdev_inode.i_data.i_pages[0] = &bdev_folio;
	bdev_folio.mapping = &bdev_inode.i_data;
	bdev_folio.dirty = true;
	bdev_buffers[0].b_folio = &bdev_folio;
	bdev_buffers[1].b_folio = &bdev_folio;
	bdev_buffers[1].b_blocknr = 1;
	bdev_buffers[1].b_dirty = true;
}

/* mkdir(2): ext4_append() takes a block for the new directory. */
__thread("mkdir")
static void make_directory(void)
{
	handle_t *handle = ext4_journal_start(&inode, EXT4_HT_INODE, 1);

	lock_buffer(&bdev_buffers[0]);
	jbd2_journal_get_create_access(handle, &bdev_buffers[0]);
	unlock_buffer(&bdev_buffers[0]);
	ext4_journal_stop(handle);
}

/* sync(2) writes the device. */
__thread("sync")
static void write_device(void)
{
	blkdev_writepages(&bdev_inode.i_data);
}
