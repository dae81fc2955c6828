/*
 * Writeback stops a synchronous handle before it has submitted its bio.
 *
 * The file is the first one that gets larger than 2 GB. That is a flag of the super block, and the handle
 * that sets it is synchronous: its stop waits for the commit. Writeback is that handle's owner. It has the
 * folio under writeback, in a bio that it has not submitted. The blocks are written ones, so the commit
 * has to wait for their data (data=ordered).
 *
 *	flusher                                jbd2
 *	ext4_journal_start()
 *	allocates, folio under writeback
 *	ext4_mark_inode_dirty()
 *	  the handle becomes synchronous
 *	ext4_journal_stop()
 *	  waits for the commit
 *	                                       journal_finish_inode_data_buffers()
 *	                                         waits for writeback of the folio
 *
 * No folio lock is needed for it, though folios of the run that were not mapped are locked still: the commit
 * of that time wrote the data itself and could meet those too. Soon after it only waited (ordered-wait),
 * which does not help. Blocks that are allocated unwritten have no ordered data.
 */
__scenario("C1", "the stop of a synchronous handle waits for a commit that waits for an unsubmitted bio");
__source("commit 646caa9c8e19: ext4: fix deadlock during page writeback");
__on("7.1");
__without("646caa9c8e19");
__without("ordered-wait");
__bound("1 folio × 1 block");
__bound("1 commit");

__fixed_by("646caa9c8e19", "submit the bio and unlock the folios before the stop");
__fixed_by("ordered-wait", "the commit waits for the data, and does not write them");
__fixed_by("dioread_nolock", "blocks are allocated unwritten");

#define NR_FOLIOS 1
#define PAGE_SHIFT 0
#define BLKBITS 0
#define COMMITS 0
#define ORDERED_DATA 1
#define FIRST_LARGE_FILE 1

/* A delayed block under a dirty folio, of a file without unwritten extents; the disk has no size yet. */
__setup
static void delayed(void)
{
	inode.ext4.i_state_flags = 0;
	if (!__fix("dioread_nolock"))
		inode.ext4.i_flags = 0;
	ext4_set_aops(&inode);
	inode.ext4.i_disksize = 0;
	start_extent(0, EXTENT_STATUS_DELAYED);
	start_folio(0);
	start_dirty_block(0);
}

/* Periodic writeback of the inode. */
__thread("flusher")
static void write_back(void)
{
	filemap_flush(inode.i_mapping);
}
