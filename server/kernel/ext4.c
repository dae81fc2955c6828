/*
 * ext4: handles, extent status, block mapping and what iomap asks of them.
 *
 * An inode takes one of two writeback paths, and their lock orders are opposite:
 *   buffer_head:  handle, then folio lock, then i_data_sem
 *   iomap:        folio lock (and the writeback bit), then handle, then i_data_sem
 * EXT4_STATE_BUFFERED_IOMAP says which.
 */

#define EXT4_INODE_EXTENTS 19

#define EXT4_STATE_BUFFERED_IOMAP 11

#define EXT4_MAX_LOGICAL_BLOCK 0x7ffffffe
#define EXT4_B_TO_LBLK(inode, offset) \
	(round_up((offset), i_blocksize(inode)) >> (inode)->i_blkbits)

#define EXT4_MAP_MAPPED BIT(5)
#define EXT4_MAP_UNWRITTEN BIT(11)
#define EXT4_MAP_DELAYED BIT(13)

#define EXT4_GET_BLOCKS_CREATE 0x0001
#define EXT4_GET_BLOCKS_UNWRIT_EXT 0x0002
/* The blocks are delayed: their space and quota are reserved already. */
#define EXT4_GET_BLOCKS_DELALLOC_RESERVE 0x0004
#define EXT4_GET_BLOCKS_CONVERT 0x0010
/* The caller is writeback, which must not allocate what nobody has reserved. */
#define EXT4_GET_BLOCKS_IO_SUBMIT 0x0400
#define EXT4_GET_BLOCKS_CREATE_UNWRIT_EXT (EXT4_GET_BLOCKS_UNWRIT_EXT | EXT4_GET_BLOCKS_CREATE)
#define EXT4_GET_BLOCKS_IO_CONVERT_EXT (EXT4_GET_BLOCKS_CONVERT | EXT4_GET_BLOCKS_CREATE)

#define EXT4_HT_INODE 1
#define EXT4_HT_WRITE_PAGE 2
#define EXT4_HT_MAP_BLOCKS 3
#define EXT4_HT_TRUNCATE 5
#define EXT4_HT_EXT_CONVERT 10

__source("fs/ext4/ext4.h:ext4_test_inode_state")
static inline int ext4_test_inode_state(struct inode *inode, int bit)
{
	return (EXT4_I(inode)->i_state_flags & BIT(bit)) != 0;
}

__source("fs/ext4/ext4.h:ext4_test_inode_flag")
static inline int ext4_test_inode_flag(struct inode *inode, int bit)
{
	return (EXT4_I(inode)->i_flags & BIT(bit)) != 0;
}

/* Shut down or read-only after an error; neither is modelled. */
__source("fs/ext4/ext4.h:ext4_emergency_state")
static inline int ext4_emergency_state(struct super_block *sb)
{
	return 0;
}

/* ---- handles ------------------------------------------------------------- */

__source("fs/ext4/ext4_jbd2.h:ext4_journal_start_with_reserve")
handle_t *ext4_journal_start_with_reserve(struct inode *inode, int type, int nblocks,
					  int rsv_blocks)
{
	/* Through iomap the folio lock comes first. */
	if (CHECK_HANDLE_ORDER && !ext4_test_inode_state(inode, EXT4_STATE_BUFFERED_IOMAP))
		__forbid("folio lock", "a handle starts before folios are locked",
			 "RL-HANDLE-ORDER", "handle");
	return jbd2__journal_start(EXT4_SB(inode->i_sb)->s_journal, nblocks, rsv_blocks);
}

__source("fs/ext4/ext4_jbd2.h:ext4_journal_start")
handle_t *ext4_journal_start(struct inode *inode, int type, int nblocks)
{
	return ext4_journal_start_with_reserve(inode, type, nblocks, 0);
}

__source("fs/ext4/ext4_jbd2.h:ext4_journal_start_reserved")
handle_t *ext4_journal_start_reserved(handle_t *handle, int type)
{
	int err = jbd2_journal_start_reserved(handle);

	if (err < 0)
		return ERR_PTR(err);
	return handle;
}

__source("fs/ext4/ext4_jbd2.h:ext4_journal_stop")
int ext4_journal_stop(handle_t *handle)
{
	return jbd2_journal_stop(handle);
}

/* The stop of the handle waits for its commit. */
__source("fs/ext4/ext4_jbd2.h:ext4_handle_sync")
static inline void ext4_handle_sync(handle_t *handle)
{
	handle->h_sync = true;
}

/* ---- block mapping ------------------------------------------------------- */

/* Fills the result for a status; returns the number of mapped blocks, 0 for a hole or delayed. */
static int ext4_map_status(struct ext4_map_blocks *map, int status)
{
	map->m_flags = 0;
	switch (status) {
	case EXTENT_STATUS_WRITTEN:
		map->m_flags |= EXT4_MAP_MAPPED;
		break;
	case EXTENT_STATUS_UNWRITTEN:
		map->m_flags |= EXT4_MAP_UNWRITTEN;
		break;
	case EXTENT_STATUS_DELAYED:
		map->m_flags |= EXT4_MAP_DELAYED;
		return 0;
	default:
		return 0;
	}
	map->m_pblk = map->m_lblk;
	return map->m_len;
}

/* Before acf795dc161f: caches a hole over whatever is there, unless some of it is delayed by now. */
__source("fs/ext4/extents.c:ext4_ext_put_gap_in_cache")
static void ext4_ext_put_gap_in_cache(struct inode *inode, ext4_lblk_t lblk, ext4_lblk_t len)
{
	struct ext4_inode_info *ei = EXT4_I(inode);
	bool delayed = false;
	ext4_lblk_t b;

	/* ext4_es_find_extent_range(), under i_es_lock. */
	__atomic {
		for (b = lblk; b < lblk + len; b++)
			delayed |= ei->es[b] == EXTENT_STATUS_DELAYED;
	}
	if (delayed)
		return;
	/* ext4_es_insert_extent(), under i_es_lock again. */
	__atomic {
		__assert(ei->i_data_sem.count != 0, "a lookup is cached under i_data_sem",
			 "RL-MAP-LOCK");
		for (b = lblk; b < lblk + len; b++)
			ei->es[b] = EXTENT_STATUS_HOLE;
	}
}

/* What the cache is told of blocks that were found. */
static int ext4_extent_status(struct ext4_map_blocks *map)
{
	return map->m_flags & EXT4_MAP_UNWRITTEN ? EXTENT_STATUS_UNWRITTEN : EXTENT_STATUS_WRITTEN;
}

/* Looks the tree up, under i_data_sem; returns the number of mapped blocks, 0 for a hole, which it caches. */
__source("fs/ext4/extents.c:ext4_ext_map_blocks")
static int ext4_ext_map_blocks(handle_t *handle, struct inode *inode, struct ext4_map_blocks *map,
			       int flags)
{
	int status = ext4_ext_find(inode, map->m_lblk, &map->m_len);

	if (status == EXTENT_STATUS_HOLE)
		ext4_ext_put_gap_in_cache(inode, map->m_lblk, map->m_len);
	return ext4_map_status(map, status);
}

/* Blocks of an inode without extents are found in the same way here. */
__source("fs/ext4/indirect.c:ext4_ind_map_blocks")
static int ext4_ind_map_blocks(handle_t *handle, struct inode *inode, struct ext4_map_blocks *map,
			       int flags)
{
	return ext4_ext_map_blocks(handle, inode, map, flags);
}

__source("fs/ext4/inode.c:ext4_map_query_blocks")
static int ext4_map_query_blocks(handle_t *handle, struct inode *inode,
				 struct ext4_map_blocks *map)
{
	int status, retval;

	if (!__since("acf795dc161f", "2024-03-11")) {
		retval = ext4_ext_map_blocks(handle, inode, map, 0);
		if (retval > 0)
			ext4_es_cache_extent(inode, map->m_lblk, map->m_len,
					     ext4_extent_status(map));
		map->m_seq = EXT4_I(inode)->i_es_seq;
		return retval;
	}
	/* i_data_sem is held, so that the tree does not change between lookup and caching. */
	__atomic {
		status = ext4_ext_find(inode, map->m_lblk, &map->m_len);
		ext4_es_cache_extent(inode, map->m_lblk, map->m_len, status);
		map->m_seq = EXT4_I(inode)->i_es_seq;
	}
	return ext4_map_status(map, status);
}

/*
 * Are the blocks still what they were when they were looked up, so that they may be allocated as delayed ones,
 * or converted? What was a hole is looked up in the tree again by who fills it.
 */
static bool ext4_map_is_current(struct inode *inode, struct ext4_map_blocks *map, int flags)
{
	struct ext4_inode_info *ei = EXT4_I(inode);
	ext4_lblk_t b;

	for (b = map->m_lblk; b < map->m_lblk + map->m_len; b++) {
		if ((flags & EXT4_GET_BLOCKS_DELALLOC_RESERVE) &&
		    ei->es[b] != EXTENT_STATUS_DELAYED)
			return false;
		if ((flags & EXT4_GET_BLOCKS_CONVERT) && ei->ext[b] == EXTENT_STATUS_HOLE)
			return false;
	}
	return true;
}

/* Allocates, or converts unwritten to written. */
__source("fs/ext4/inode.c:ext4_map_create_blocks")
static int ext4_map_create_blocks(handle_t *handle, struct inode *inode,
				  struct ext4_map_blocks *map, int flags)
{
	int status = EXTENT_STATUS_WRITTEN;
	int found = EXTENT_STATUS_HOLE;
	int allocated;

	if (map->m_flags & EXT4_MAP_DELAYED)
		flags |= EXT4_GET_BLOCKS_DELALLOC_RESERVE;
	if ((flags & EXT4_GET_BLOCKS_UNWRIT_EXT) && !(flags & EXT4_GET_BLOCKS_CONVERT))
		status = EXTENT_STATUS_UNWRITTEN;
	/*
	 * The tree changes only under i_data_sem, which is held for writing. What was a hole is looked up once
	 * more: what somebody else has allocated there meanwhile stays as it is.
	 */
	__atomic {
		__require(ext4_map_is_current(inode, map, flags),
			  "blocks are still what they were looked up as", "RL-STALE-MAP");
		if (!map->m_flags)
			found = ext4_ext_find(inode, map->m_lblk, &map->m_len);
		if (found == EXTENT_STATUS_HOLE) {
			allocated = ext4_ext_set(inode, map->m_lblk, map->m_len, status);
			if (!(flags & EXT4_GET_BLOCKS_DELALLOC_RESERVE))
				dquot_alloc_block(inode, allocated);
			ext4_mark_inode_dirty(handle, inode);
		}
	}
	if (found != EXTENT_STATUS_HOLE)
		return ext4_map_status(map, found);
	/* Readers of the status cache hold no lock: until now they see what was there before. */
	ext4_es_insert_extent(inode, map->m_lblk, map->m_len, map->m_lblk, status,
			      flags & EXT4_GET_BLOCKS_DELALLOC_RESERVE);
	map->m_seq = EXT4_I(inode)->i_es_seq;
	return ext4_map_status(map, status);
}

/* Is the lookup that ext4_map_blocks() made without the lock still good for an allocation? */
static bool ext4_map_stale(struct inode *inode, struct ext4_map_blocks *map)
{
	struct ext4_inode_info *ei = EXT4_I(inode);

	/* As ext4_da_map_blocks() does it; says nothing about the other blocks of the range. */
	if (__fix("first-block"))
		return ei->es[map->m_lblk] != EXTENT_STATUS_DELAYED;
	return map->m_seq != ei->i_es_seq;
}

/* New blocks are written ones: the data get to disk before the transaction that they belong to. */
static void ext4_order_data(handle_t *handle, struct inode *inode, int flags)
{
	if ((flags & EXT4_GET_BLOCKS_IO_SUBMIT) && __since("ordered-wait", "2016-04-24"))
		jbd2_journal_inode_ranged_wait(handle, inode);
	else
		jbd2_journal_inode_ranged_write(handle, inode);
}

/*
 * Up to three critical sections with nothing held between them: the status cache, the tree under
 * i_data_sem for reading, and the change under i_data_sem for writing.
 */
__source("fs/ext4/inode.c:ext4_map_blocks")
int ext4_map_blocks(handle_t *handle, struct inode *inode, struct ext4_map_blocks *map,
		    int flags)
{
	unsigned int orig_mlen = map->m_len;
	handle_t *own = NULL;
	struct extent_status es;
	int retval;

	if (__fix("first-block") || __fix("9a9ce46904bd")) {
retry:
		map->m_len = orig_mlen;
	}
	map->m_flags = 0;
	map->m_pblk = 0;
	if (ext4_es_lookup_extent(inode, map->m_lblk, NULL, &es, &map->m_seq)) {
		map->m_len = min_t(unsigned int, map->m_len, es.es_len);
		retval = ext4_map_status(map, es.es_status);
		goto found;
	}

	down_read(&EXT4_I(inode)->i_data_sem);
	retval = ext4_map_query_blocks(handle, inode, map);
	up_read(&EXT4_I(inode)->i_data_sem);

found:
	if ((flags & EXT4_GET_BLOCKS_CREATE) == 0)
		return retval;
	if (retval > 0 && (map->m_flags & EXT4_MAP_MAPPED))
		goto out;
	if (retval > 0 && !(flags & EXT4_GET_BLOCKS_CONVERT))
		goto out;
	/* Proposed 30 June 2026: a dirty hole is not written, see R7. */
	if (__fix("a88a4ccb5d8c") && (flags & EXT4_GET_BLOCKS_IO_SUBMIT) && !map->m_flags)
		goto out;
	if (!handle) {
		own = ext4_journal_start(inode, EXT4_HT_WRITE_PAGE, 1);
		if (IS_ERR(own))
			return PTR_ERR(own);
		handle = own;
	}

	down_write(&EXT4_I(inode)->i_data_sem);
	if ((__fix("first-block") || __fix("9a9ce46904bd")) && ext4_map_stale(inode, map)) {
		up_write(&EXT4_I(inode)->i_data_sem);
		goto retry;
	}
	__assert(!(flags & EXT4_GET_BLOCKS_IO_SUBMIT) || map->m_flags,
		 "writeback allocates nothing that is not reserved");
	retval = ext4_map_create_blocks(handle, inode, map, flags);
	up_write(&EXT4_I(inode)->i_data_sem);
	if (ORDERED_DATA && (map->m_flags & EXT4_MAP_MAPPED) && !(flags & EXT4_GET_BLOCKS_CONVERT))
		ext4_order_data(handle, inode, flags);
out:
	if (own)
		ext4_journal_stop(own);
	return retval;
}

__source("fs/ext4/inode.c:ext4_set_iomap")
static void ext4_set_iomap(struct inode *inode, struct iomap *iomap, struct ext4_map_blocks *map,
			   loff_t offset, loff_t length, unsigned int flags)
{
	u8 blkbits = inode->i_blkbits;

	iomap->flags = 0;
	iomap->validity_cookie = map->m_seq;
	iomap->offset = (u64)map->m_lblk << blkbits;
	iomap->length = (u64)map->m_len << blkbits;
	iomap->addr = (u64)map->m_pblk << blkbits;

	if (map->m_flags & EXT4_MAP_UNWRITTEN) {
		iomap->type = IOMAP_UNWRITTEN;
	} else if (map->m_flags & EXT4_MAP_MAPPED) {
		iomap->type = IOMAP_MAPPED;
	} else if (map->m_flags & EXT4_MAP_DELAYED) {
		iomap->type = IOMAP_DELALLOC;
		iomap->addr = IOMAP_NULL_ADDR;
	} else {
		iomap->type = IOMAP_HOLE;
		iomap->addr = IOMAP_NULL_ADDR;
	}
}

__source("fs/ext4/inode.c:ext4_iomap_valid")
static bool ext4_iomap_valid(struct inode *inode, const struct iomap *iomap)
{
	return iomap->validity_cookie == READ_ONCE(EXT4_I(inode)->i_es_seq);
}

const struct iomap_write_ops ext4_iomap_write_ops = {
	.iomap_valid = ext4_iomap_valid,
};

/* The disk of the model is never full: no commit would free blocks. */
static inline int ext4_should_retry_alloc(struct super_block *sb)
{
	return 0;
}

/*
 * Allocates for a direct write. A hole of an inode without extents cannot be filled: it would show
 * old blocks after a crash, since there are no unwritten ones.
 */
__source("fs/ext4/inode.c:ext4_iomap_alloc")
static int ext4_iomap_alloc(struct inode *inode, struct ext4_map_blocks *map, unsigned int flags)
{
	u8 blkbits = inode->i_blkbits;
	int ret, m_flags = 0;
	handle_t *handle;

retry:
	handle = ext4_journal_start(inode, EXT4_HT_MAP_BLOCKS, 1);
	if (IS_ERR(handle))
		return PTR_ERR(handle);

	if (((loff_t)map->m_lblk << blkbits) >= i_size_read(inode))
		m_flags = EXT4_GET_BLOCKS_CREATE;
	else if (ext4_test_inode_flag(inode, EXT4_INODE_EXTENTS))
		m_flags = EXT4_GET_BLOCKS_CREATE_UNWRIT_EXT;

	ret = ext4_map_blocks(handle, inode, map, m_flags);
	if (!m_flags && !ret)
		ret = -ENOTBLK;
	ext4_journal_stop(handle);
	if (ret == -ENOSPC && ext4_should_retry_alloc(inode->i_sb))
		goto retry;
	return ret;
}

__source("fs/ext4/inode.c:ext4_iomap_begin")
static int ext4_iomap_begin(struct inode *inode, loff_t offset, loff_t length, unsigned flags,
			    struct iomap *iomap, struct iomap *srcmap)
{
	struct ext4_map_blocks map;
	u8 blkbits = inode->i_blkbits;
	int ret;

	map.m_lblk = offset >> blkbits;
	map.m_len = min_t(loff_t, (offset + length - 1) >> blkbits, EXT4_MAX_LOGICAL_BLOCK) -
		    map.m_lblk + 1;
	ret = ext4_map_blocks(NULL, inode, &map, 0);
	/* Inside EOF written blocks need no transaction. */
	if ((flags & IOMAP_WRITE) &&
	    !(offset + length <= i_size_read(inode) && ret > 0 &&
	      (map.m_flags & EXT4_MAP_MAPPED)))
		ret = ext4_iomap_alloc(inode, &map, flags);
	if (ret < 0)
		return ret;
	ext4_set_iomap(inode, iomap, &map, offset, length, flags);
	return 0;
}

const struct iomap_ops ext4_iomap_ops = {
	.iomap_begin = ext4_iomap_begin,
};

