/*
 * How `racelore conform` reads a kernel tree, and why functions differ from those of Linux 6.1, or are
 * not in it. A reason that no row needs any more fails a test, and so does a row without one.
 */

/* ---- what is seen of a tree ---------------------------------------------- */

/*
 * Functions of these files are followed wherever they are called; of all others only those of the
 * calling function's own file. First wrappers, from pages to folios and in headers.
 */
__followed("mm/folio-compat.c");
__followed("include/linux/pagemap.h");
__followed("include/linux/fs.h");
__followed("include/linux/jbd2.h");
__followed("fs/ext4/ext4_jbd2.h");
__followed("fs/ext4/ext4_jbd2.c");
__followed("include/linux/rmap.h");
__followed("include/linux/highmem.h");
__followed("include/linux/percpu-rwsem.h");
__followed("include/linux/wait.h");
/* What the file system and the journal call across their own files. */
__followed("fs/ext4/ext4.h");
__followed("fs/ext4/extents.c");
__followed("fs/ext4/inode.c");
__followed("fs/jbd2/transaction.c");
__followed("mm/filemap.c");
__followed("fs/buffer.c");
__followed("fs/xfs/mrlock.h");

/* Members to which stores count. */
__tracked("i_disksize");
__tracked("i_es_seq");
__tracked("i_reserved_data_blocks");
__tracked("t_state");
__tracked("h_ref");
__tracked("h_sync");
__tracked("io_flags");
__tracked("i_private");

/* ---- the model leaves something out, or says it in another way ----------- */

__differs("bios and io_ends of the buffer_head path are iomap's in the model",
	  "ext4_end_io_rsv_work", "ext4_bh_writeback_range", "mpage_submit_folio");
__differs("the delay and unwritten bits of a buffer are the extent status of its block",
	  "mpage_add_bh_to_extent");
__differs("the folio that ends a run is unlocked at once, not by mpage_release_unused_pages()",
	  "mpage_prepare_extent_to_map");
__differs("the folios of a run are submitted after its last extent, not after each",
	  "mpage_map_and_submit_extent");
__differs("inline data, journalled data, and the handles for them are left out", "ext4_writepages",
	  "ext4_da_write_begin", "__ext4_block_zero_page_range");
__differs("trylocks for IOCB_NOWAIT and the orphan list are left out; 6.1 waits for direct I/O here",
	  "ext4_dio_write_iter");
__differs("the block that the new end cuts is not zeroed here", "ext4_truncate");
__differs("a part of ext4_setattr()", "ext4_truncate_down", "ext4_truncate_up");
__differs("quota, the orphan list and the wait for the commit of the last folio are left out",
	  "ext4_setattr");
__differs("what generic_write_end() does after the folio lock, and i_disksize inside a block, are left out",
	  "ext4_da_write_end");
__differs("a buffer becomes dirty with its folio; what a short copy leaves is not cut off",
	  "ext4_write_end");
__differs("the blocks are mapped in a callback, which is not seen", "block_page_mkwrite",
	  "ext4_block_write_begin");
__differs("inodes on the iomap path go another way here; freezing and journalled data are left out",
	  "ext4_page_mkwrite");
__differs("an io_end has one extent", "ext4_convert_unwritten_io_end_vec");
__differs("the tree is a table: no handle of its own, no blocks of the tree", "ext4_ext_remove_space");
__differs("only writes are modelled; a read completes in the interrupt", "iomap_dio_bio_end_io");
__differs("all retries are one wait", "start_this_handle");
__differs("one pointer is tested twice: the way that takes both halves does not exist",
	  "jbd2__journal_start");
__differs("ordered data go through callbacks of the file system, which are not seen",
	  "journal_submit_data_buffers", "journal_finish_inode_data_buffers");
__differs("what happens to buffers of metadata is left out", "ext4_mark_inode_dirty");
__differs("waits in place of __jbd2_journal_force_commit(); checkpoints are left out",
	  "jbd2_journal_flush");
__differs("only what others wait for: log I/O, buffers, checkpoints are left out, ordered data a switch",
	  "jbd2_journal_commit_transaction");
__differs("sleeps inside the commit", "kjournald2");
__differs("sleeps inside the function that takes a work item", "worker_thread");
__differs("calls worker->current_func, a copy of work->func", "process_one_work");
__differs("read-ahead and retries are left out", "filemap_fault", "filemap_get_pages");
__differs("the folio is added by filemap_grab_folio(), and its I/O is one step",
	  "filemap_create_folio");
__differs("filemap_fault() is called through a pointer", "do_shared_fault");
__differs("trylock, tests, removal and unlock are one step", "invalidate_mapping_pages");
__differs("one function with flags in the kernel", "filemap_get_folio", "filemap_lock_folio",
	  "filemap_grab_folio", "grab_cache_page_write_begin");
__differs("waits for reserved credits, and who would wake them, are left out", "jbd2_journal_stop");
__differs("test and queueing are one step", "jbd2_journal_wait_updates");
__differs("that another one has the journal for itself is waited for at its mutex only",
	  "jbd2_journal_lock_updates");
__differs("what buffers do outside of the journal is left out", "jbd2_journal_get_create_access");
__differs("a part of jbd2_journal_commit_transaction()", "jbd2_journal_forget_buffer");
__differs("the buffer lock, which its caller takes in the kernel, is taken here", "journal_unmap_buffer");
__differs("one buffer, and its lock is taken deeper", "ext4_journalled_invalidate_folio");
__differs("clusters, and blocks of the tree, are left out", "ext4_insert_delayed_blocks");
__differs("one device: no i_lock and no retry to find its list", "inode_io_list_del",
	  "__mark_inode_dirty");
__differs("one inode: no walk over the lists, no wait for others", "writeback_sb_inodes");
__differs("one folio with one buffer, and what removes them, in place", "truncate_inode_pages_final");
__differs("freezing and xattrs are left out", "ext4_evict_inode");
__differs("writeback_single_inode() in place, and of that the data only", "write_inode_now");
__differs("direct reclaim is not seen from there", "might_alloc", "ext4_init_io_end");
__differs("the file system is called directly, not through ->evict_inode", "evict");
__differs("inodes that stay in the cache are left out", "iput_final");
__differs("the lookup by flags, and the buffers of a folio one by one, are left out",
	  "__find_get_block_slow");
__differs("the generic loop over dirty folios is not seen", "blkdev_writepages");
__differs("page tables are walked deeper than calls are followed", "unmap_mapping_range",
	  "unmap_mapping_folio");
__differs("mappings without ->writepages are left out", "do_writepages");
__differs("no lookup under RCU, since folios are never freed; no shadow entries",
	  "truncate_inode_pages_range");
__differs("waits for a grace period when it has no memory", "kvfree_call_rcu");
__differs("objects to free and callbacks are one list", "rcu_do_batch");
__differs("sleeps in an action that is called through a pointer", "wait_on_bit");

__differs("copies of shared blocks, transactions, and what is done after an error are left out",
	  "xfs_bmapi_convert_delalloc", "xfs_map_blocks", "xfs_end_ioend",
	  "xfs_buffered_write_iomap_begin");
__differs("the conversion is one section under ILOCK, without a transaction for each extent",
	  "xfs_iomap_write_unwritten");
__differs("what is tried again when there is no space is left out", "xfs_file_buffered_write");
__differs("freezing and reads are left out", "xfs_filemap_page_mkwrite");
__differs("folios are looked at one by one, not the runs of those that are cached",
	  "iomap_write_delalloc_release");

/* ---- the tree has a fix of a later kernel --------------------------------- */

__differs("6.1.y has 15cdefd0c052 as a backport", "ext4_buffered_write_iter");
__differs("6.1.y has acf795dc161f and 0ea6560abb3b as backports", "ext4_da_map_blocks");
__differs("blocks of inodes without extents are found in their table too", "ext4_ind_map_blocks");
__differs("buffers are extent status here", "ext4_insert_delayed_block");

/* ---- later than 6.1 -------------------------------------------------------- */

__differs("later: the test for blocks that direct I/O would zero", "ext4_dio_write_checks",
	  "ext4_dio_needs_zeroing");
__differs("later: ext4_fallocate() takes the locks for all modes; only holes are punched here",
	  "ext4_punch_hole", "ext4_fallocate", "ext4_do_fallocate",
	  "ext4_truncate_page_cache_block_range");
__differs("later: an insertion settles the reservation", "ext4_es_insert_extent");
__differs("later: what a lookup finds is cached apart from changes", "ext4_map_query_blocks");
__differs("later: the handle is started here, and what was not reserved is charged here",
	  "ext4_map_blocks", "ext4_map_create_blocks");
__differs("later: iomap_iter_advance() in the body of a loop", "iomap_dio_bio_iter",
	  "iomap_folio_mkwrite_iter", "iomap_write_iter", "iomap_zero_iter", "iomap_zero_range",
	  "iomap_iter_advance_full", "iomap_iter_reset_iomap");
__differs("later: batches of folios", "iomap_iter", "iomap_write_begin", "__iomap_get_folio",
	  "__iomap_put_folio", "iomap_fill_dirty_folios", "iomap_zero_iter_flush_and_stale",
	  "folio_batch_next", "filemap_get_folios_dirty");
__differs("later: pagecache_isize_extended() moved to the caller", "iomap_write_end");
__differs("later: ->writeback_range() and ->writeback_submit(), and folios by writeback_iter()",
	  "iomap_add_to_ioend", "iomap_writeback_folio", "iomap_writepages", "iomap_writeback_range",
	  "iomap_writeback_handle_eof", "folio_prepare_writeback", "writeback_iter");
__differs("later: ->writeback_range() and ->writeback_submit()", "xfs_writeback_range",
	  "xfs_writeback_submit");
__differs("later: a function of its own", "xfs_file_write_zero_eof");
__differs("later: dirty bits of blocks", "iomap_block_is_dirty", "iomap_find_dirty_range",
	  "iomap_set_range_dirty", "iomap_clear_range_dirty");
__differs("later: split from ext4_writepages()", "ext4_do_writepages",
	  "ext4_normal_submit_inode_data_buffers");
__differs("6.1 does this inside mpage_map_and_submit_extent()", "ext4_wb_update_i_disksize");
__differs("later: folios in the place of pages, and headers in other places", "block_write_full_folio",
	  "sb_is_blkdev_sb");
__differs("later: one test for two states", "ext4_emergency_state");
__differs("later: zeroing has moved out of the handle", "ext4_block_zero_eof", "ext4_iomap_zero_eof",
	  "ext4_grow_inode_size");
__differs("proposed: regular files of ext4 on iomap", "ext4_iomap_buffered_write_iter",
	  "ext4_iomap_buffered_da_write_begin", "ext4_iomap_finish_ioend", "ext4_iomap_end_io",
	  "ext4_iomap_end_bio", "ext4_iomap_writeback_submit", "ext4_iomap_map_one_extent",
	  "ext4_iomap_map_writeback_range", "ext4_iomap_writeback_range", "ext4_iomap_writepages",
	  "ext4_iomap_zero_begin", "ext4_iomap_block_zero_range", "ext4_iomap_valid");

/* ---- not to be read -------------------------------------------------------- */

__differs("made by a macro", "ext4_test_inode_state", "ext4_test_inode_flag", "test_bit",
	  "mutex_is_locked");
