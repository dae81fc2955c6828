/*
 * ext4: delayed allocation. Space and quota are promised when a block becomes dirty, and charged when
 * writeback allocates it; what is promised must at any time be what is delayed.
 */

/* ---- quota --------------------------------------------------------------- */

__source("include/linux/quotaops.h:dquot_alloc_block")
static void dquot_alloc_block(struct inode *inode, int nr)
{
	/* Under i_lock. */
	__atomic {
		inode->i_blocks += nr;
	}
}

/* ---- reservations -------------------------------------------------------- */

__source("fs/ext4/inode.c:ext4_da_reserve_space")
static int ext4_da_reserve_space(struct inode *inode, int nr_resv)
{
	struct ext4_inode_info *ei = EXT4_I(inode);

	/* Quota and free space first, then the count under i_block_reservation_lock. */
	__atomic {
		ei->i_reserved_quota += nr_resv;
		ei->i_reserved_data_blocks += nr_resv;
	}
	return 0;
}

__source("fs/ext4/inode.c:ext4_da_release_space")
static void ext4_da_release_space(struct inode *inode, int to_free)
{
	struct ext4_inode_info *ei = EXT4_I(inode);

	/* Under i_block_reservation_lock. */
	__atomic {
		__assert(ei->i_reserved_data_blocks >= to_free, "more is released than reserved");
		ei->i_reserved_data_blocks -= to_free;
		ei->i_reserved_quota -= to_free;
	}
}

/* The reservation becomes the charge for the allocation; else the allocation has charged itself. */
__source("fs/ext4/inode.c:ext4_da_update_reserve_space")
static void ext4_da_update_reserve_space(struct inode *inode, int used, int quota_claim)
{
	struct ext4_inode_info *ei = EXT4_I(inode);

	/* Under i_block_reservation_lock; dquot_claim_block() or dquot_release_reservation_block(). */
	__atomic {
		__assert(ei->i_reserved_data_blocks >= used, "more is used than reserved");
		ei->i_reserved_data_blocks -= used;
		ei->i_reserved_quota -= used;
		if (quota_claim)
			inode->i_blocks += used;
	}
}
