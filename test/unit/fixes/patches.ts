/**
 * The fixes that were proposed for the races, as patches of our own: hunks as somebody would send them
 * against the kernel of their day, with the statements around them that the model leaves out.
 */
import type { Diff } from './support.js';

const EXT4 = 'fs/ext4/inode.c';

/** R5: the mapping and the dirty folios are looked up under one lock. */
export const ONE_LOCK: readonly Diff[] = [
  {
    path: EXT4,
    hunks: `@@ -3900,14 +3900,19 @@ static int ext4_iomap_zero_begin(struct inode *inode, loff_t offset,
 	map.m_len = min_t(loff_t, (offset + length - 1) >> blkbits,
 			  EXT4_MAX_LOGICAL_BLOCK) - map.m_lblk + 1;
 
-	ret = ext4_map_blocks(NULL, inode, &map, 0);
-	if (ret < 0)
+	/* Conversion takes the lock for writing. */
+	down_read(&EXT4_I(inode)->i_data_sem);
+	ret = ext4_map_query_blocks(NULL, inode, &map, 0);
+	if (ret < 0) {
+		up_read(&EXT4_I(inode)->i_data_sem);
 		return ret;
+	}
 
 	/*
 	 * Look up dirty folios for unwritten mappings inside the file.
 	 */
 	if ((map.m_flags & EXT4_MAP_UNWRITTEN) &&
 	    map.m_lblk < EXT4_B_TO_LBLK(inode, i_size_read(inode))) {
 		loff_t end;
 
 		end = iomap_fill_dirty_folios(iter, map.m_lblk << blkbits,
 					      map.m_len << blkbits);
 		if ((end >> blkbits) < map.m_lblk + map.m_len)
 			map.m_len = (end >> blkbits) - map.m_lblk;
 	}
+	up_read(&EXT4_I(inode)->i_data_sem);
 
 	ext4_set_iomap(inode, iomap, &map, offset, length, flags);
`,
  },
];

/** R5: an empty batch counts only while the mapping is the same. */
export const SEQ_CHECK: readonly Diff[] = [
  {
    path: EXT4,
    hunks: `@@ -3920,6 +3920,10 @@ static int ext4_iomap_zero_begin(struct inode *inode, loff_t offset,
 			map.m_len = (end >> blkbits) - map.m_lblk;
 	}
 
 	ext4_set_iomap(inode, iomap, &map, offset, length, flags);
+	/* Nothing dirty was found: has writeback been faster? */
+	if (iter->fbatch && !iter->fbatch->nr &&
+	    iomap->validity_cookie != READ_ONCE(EXT4_I(inode)->i_es_seq))
+		iomap->flags |= IOMAP_F_STALE;
 	return 0;
 }
`,
  },
];

/** Opens R6 and R7: writeback maps and allocates with one call, whatever is dirty. */
export const MAP_AT_ONCE: readonly Diff[] = [
  {
    path: EXT4,
    hunks: `@@ -4300,10 +4300,10 @@ static int ext4_iomap_map_writeback_range(struct iomap_writepage_ctx *wpc,
 	map.m_lblk = offset >> inode->i_blkbits;
 	map.m_len = ext4_writeback_map_len(wpc, offset, dirty_len);
 
-	ret = ext4_map_blocks(NULL, inode, &map, EXT4_GET_BLOCKS_IO_SUBMIT);
-	if (ret >= 0 && (map.m_flags & EXT4_MAP_DELAYED))
-		ret = ext4_iomap_map_one_extent(inode, &map);
+	ret = ext4_map_blocks(NULL, inode, &map,
+			      EXT4_GET_BLOCKS_CREATE_UNWRIT_EXT |
+			      EXT4_GET_BLOCKS_IO_SUBMIT);
 	if (ret < 0)
 		return ret;
 
`,
  },
];

/** R6: the extents are looked up again when they have changed before the lock was taken. */
export const RECHECK: readonly Diff[] = [
  {
    path: EXT4,
    hunks: `@@ -700,6 +700,7 @@ int ext4_map_blocks(handle_t *handle, struct inode *inode,
 	int retval;
 	int ret = 0;
 
+retry:
 	map->m_flags = 0;
 	ext_debug(inode, "flag 0x%x, max_blocks %u, logical block %lu\\n",
 		  flags, map->m_len, (unsigned long) map->m_lblk);
@@ -790,6 +791,10 @@ int ext4_map_blocks(handle_t *handle, struct inode *inode,
 	 * with create == 1 flag.
 	 */
 	down_write(&EXT4_I(inode)->i_data_sem);
+	if (map->m_seq != READ_ONCE(EXT4_I(inode)->i_es_seq)) {
+		up_write(&EXT4_I(inode)->i_data_sem);
+		goto retry;
+	}
 	retval = ext4_map_create_blocks(handle, inode, map, flags);
 	up_write((&EXT4_I(inode)->i_data_sem));
`,
  },
];

/** R7: writeback leaves holes alone. */
export const SKIP_HOLES: readonly Diff[] = [
  {
    path: EXT4,
    hunks: `@@ -770,6 +770,11 @@ int ext4_map_blocks(handle_t *handle, struct inode *inode,
 	if ((flags & EXT4_GET_BLOCKS_CREATE) == 0)
 		return retval;
 
+	/* Nobody has reserved the blocks of a dirty hole. */
+	if ((flags & EXT4_GET_BLOCKS_IO_SUBMIT) &&
+	    !(map->m_flags & (EXT4_MAP_DELAYED | EXT4_MAP_UNWRITTEN)))
+		return retval;
+
 	/*
 	 * Returns if the blocks have already allocated
`,
  },
];

/** Opens R8: the worker of ioends waits for the zeros behind the old end. */
export const WAIT_IN_WORKER: readonly Diff[] = [
  {
    path: 'fs/ext4/page-io.c',
    hunks: `@@ -580,4 +580,12 @@
 
+static void ext4_iomap_wait_ordered(struct inode *inode, loff_t pos)
+{
+	loff_t disksize = READ_ONCE(EXT4_I(inode)->i_disksize);
+
+	if (pos > disksize)
+		filemap_fdatawait_range(inode->i_mapping, disksize, disksize);
+}
+
 static void ext4_iomap_end_io(struct work_struct *work)
@@ -600,6 +608,7 @@ static void ext4_iomap_finish_ioend(struct iomap_ioend *ioend)
 	if (unlikely(ret))
 		goto out;
 
+	ext4_iomap_wait_ordered(inode, pos);
 	handle = ext4_journal_start(inode, EXT4_HT_EXT_CONVERT, credits);
 	if (IS_ERR(handle)) {
 		ret = PTR_ERR(handle);
`,
  },
];

/** R8: nobody waits in the worker. */
export const NO_WAIT_IN_WORKER: readonly Diff[] = [
  {
    path: 'fs/ext4/page-io.c',
    hunks: `@@ -600,8 +600,7 @@ static void ext4_iomap_finish_ioend(struct iomap_ioend *ioend)
 	if (unlikely(ret))
 		goto out;
 
-	ext4_iomap_wait_ordered(inode, pos);
 	handle = ext4_journal_start(inode, EXT4_HT_EXT_CONVERT, credits);
 	if (IS_ERR(handle)) {
 		ret = PTR_ERR(handle);
`,
  },
];

/** R9 without the question: the size on disk is left to the completion while zeros are in flight. */
export const TRACK_PENDING: readonly Diff[] = [
  {
    path: EXT4,
    hunks: `@@ -10,4 +10,4 @@ static inline bool ext4_disksize_at_once(void)
 static inline bool ext4_disksize_at_once(void)
 {
-	return true;
+	return false;
 }
@@ -16,4 +16,4 @@ static inline bool ext4_tracks_pending(void)
 static inline bool ext4_tracks_pending(void)
 {
-	return false;
+	return true;
 }
@@ -48,3 +48,4 @@ static void ext4_set_grow_pending(struct inode *inode, ext4_lblk_t lblk)
 {
 	struct ext4_inode_info *ei = EXT4_I(inode);
+	ei->i_grow_pending |= BIT(lblk);
 }
`,
  },
];

/** Opens R9: the question is asked before the lock in which the sizes change. */
export const QUERY_FIRST: readonly Diff[] = [
  {
    path: EXT4,
    hunks: `@@ -110,12 +110,12 @@ static int ext4_grow_inode_size(struct inode *inode, loff_t newsize)
 	bool pending = false;
 	handle_t *handle;
 
+	pending = READ_ONCE(ei->i_grow_pending) != 0;
 	handle = ext4_journal_start(inode, EXT4_HT_INODE, 3);
 	if (IS_ERR(handle))
 		return PTR_ERR(handle);
 	down_write(&ei->i_data_sem);
-	pending = ei->i_grow_pending != 0;
 	if (!ext4_defers_disksize(inode, pending))
 		ei->i_disksize = newsize;
`,
  },
];

/** R11: buffered writes wait for direct I/O in flight. */
export const DIO_WAIT: readonly Diff[] = [
  {
    path: 'fs/ext4/file.c',
    hunks: `@@ -300,6 +300,9 @@ static ssize_t ext4_buffered_write_iter(struct kiocb *iocb,
 		return -EOPNOTSUPP;
 
 	inode_lock(inode);
+	/* It would find our dirty pages when it completes. */
+	inode_dio_wait(inode);
+
 	ret = ext4_write_checks(iocb, from);
 	if (ret <= 0)
 		goto out;
`,
  },
];

/** Opens R12: nothing tells the file system of the next store. */
export const NO_ISIZE_EXTENDED: readonly Diff[] = [
  {
    path: 'fs/iomap/buffered-io.c',
    hunks: `@@ -900,9 +900,6 @@ static int iomap_write_iter(struct iomap_iter *iter, struct iov_iter *i,
 			iter->iomap.flags |= IOMAP_F_SIZE_CHANGED;
 		}
 		__iomap_put_folio(iter, write_ops, written, folio);
 
-		if (old_size < pos)
-			pagecache_isize_extended(iter->inode, old_size, pos);
-
 		cond_resched();
 		if (unlikely(written == 0)) {
`,
  },
];

/** R13: a write that extends the file waits for its I/O. */
export const FORCE_WAIT: readonly Diff[] = [
  {
    path: 'fs/iomap/buffered-io.c',
    hunks: `@@ -1200,6 +1200,9 @@ static int iomap_writethrough_iter(struct kiocb *iocb, struct inode *inode,
 	copy_folio_from_iter(folio, offset_in_folio(folio, pos), len, from);
 
+	/* The size changes under i_rwsem. */
+	if (pos + len > old_size)
+		dio_flags |= IOMAP_DIO_FORCE_WAIT;
 	wt_ctx = iomap_writethrough_begin(iocb, folio, pos, len);
 	status = iomap_dio_rw(&wt_ctx->iocb, &iov_wt, ops,
 			      &iomap_writethrough_dio_ops, dio_flags);
`,
  },
];

/** The same with a helper of its own. */
export const DIO_WAIT_HELPER: readonly Diff[] = [
  {
    path: 'fs/ext4/file.c',
    hunks: `@@ -280,4 +280,10 @@
 
+/* Direct I/O in flight would find our dirty pages when it completes. */
+static inline void ext4_lock_buffered(struct inode *inode)
+{
+	inode_lock(inode);
+	inode_dio_wait(inode);
+}
+
 static ssize_t ext4_buffered_write_iter(struct kiocb *iocb,
 					struct iov_iter *from)
@@ -300,6 +306,6 @@ static ssize_t ext4_buffered_write_iter(struct kiocb *iocb,
 		return -EOPNOTSUPP;
 
-	inode_lock(inode);
+	ext4_lock_buffered(inode);
 	ret = ext4_write_checks(iocb, from);
 	if (ret <= 0)
 		goto out;
`,
  },
];
