/* Contracts of inodes, folios and buffers, and of file systems. What contracts are: contracts.h. */

/* ---- inodes, folios, pages, buffers, super blocks ------------------------ */

int inode_trylock(struct inode *inode)
{
	return down_write_trylock(&inode->i_rwsem);
}

int inode_trylock_shared(struct inode *inode)
{
	return down_read_trylock(&inode->i_rwsem);
}

int inode_lock_killable(struct inode *inode)
{
	return down_write_killable(&inode->i_rwsem);
}

#define inode_lock_nested(inode, subclass) inode_lock(inode)

bool folio_trylock(struct folio *folio)
{
	__atomic {
		if (!folio->locked) {
			__acquire(folio, "folio lock");
			return 1;
		}
	}
	return 0;
}

int folio_lock_killable(struct folio *folio)
{
	__atomic {
		__wait(!folio->locked, "folio lock", folio);
		if (interrupted())
			return -EINTR;
		__acquire(folio, "folio lock");
	}
	return 0;
}

/* A page is locked through its folio. */
#define page_folio(page) (page)
#define lock_page(page) folio_lock(page)
#define unlock_page(page) folio_unlock(page)
#define trylock_page(page) folio_trylock(page)
#define lock_page_killable(page) folio_lock_killable(page)

int trylock_buffer(struct buffer_head *bh)
{
	__atomic {
		if (!bh->b_locked) {
			__acquire(bh, "buffer lock");
			return 1;
		}
	}
	return 0;
}

/* Whoever gives a locked buffer to the device has it back unlocked. */
int submit_bh(blk_opf_t opf, struct buffer_head *bh)
{
	__release(bh, "buffer lock");
	return submit_error(bh);
}

int bh_uptodate_or_lock(struct buffer_head *bh)
{
	if (uptodate(bh))
		return 1;
	lock_buffer(bh);
	return 0;
}

int ext4_read_bh(struct buffer_head *bh, blk_opf_t op_flags, bh_end_io_t *end_io)
	__releases(bh, "buffer lock");
void ext4_read_bh_nowait(struct buffer_head *bh, blk_opf_t op_flags, bh_end_io_t *end_io)
	__releases(bh, "buffer lock");

/* ---- inodes, two at a time ----------------------------------------------- */

/* Directories are left out; nobody calls it with one. */
void lock_two_nondirectories(struct inode *inode1, struct inode *inode2)
{
	down_write(&inode1->i_rwsem);
	down_write(&inode2->i_rwsem);
}

void unlock_two_nondirectories(struct inode *inode1, struct inode *inode2)
{
	up_write(&inode1->i_rwsem);
	up_write(&inode2->i_rwsem);
}

/* ---- jbd2 ---------------------------------------------------------------- */

void jbd_lock_bh_journal_head(struct buffer_head *bh)
{
	bit_spin_lock(0, &bh->b_state);
}

void jbd_unlock_bh_journal_head(struct buffer_head *bh)
{
	bit_spin_unlock(0, &bh->b_state);
}

int mnt_want_write_file(struct file *file)
{
	if (frozen(file))
		return -EROFS;
	__acquire_shared(file, "write access");
	return 0;
}

void mnt_drop_write_file(struct file *file)
{
	__release(file, "write access");
}

int mnt_want_write(struct vfsmount *mnt)
{
	if (frozen(mnt))
		return -EROFS;
	__acquire_shared(mnt, "write access");
	return 0;
}

void mnt_drop_write(struct vfsmount *mnt)
{
	__release(mnt, "write access");
}

/* ---- ext4 ---------------------------------------------------------------- */

handle_t *ext4_journal_start_sb(struct super_block *sb, int type, int nblocks)
{
	return jbd2__journal_start(EXT4_SB(sb)->s_journal, nblocks, 0);
}

#define __ext4_journal_start(inode, line, type, blocks, rsv_blocks, revoke_creds)                 \
	ext4_journal_start(inode, type, blocks)
#define ext4_journal_start_with_revoke(inode, type, blocks, revoke_creds)                         \
	ext4_journal_start(inode, type, blocks)
#define __ext4_journal_start_reserved(handle, line, type) ext4_journal_start_reserved(handle, type)
#define __ext4_journal_stop(where, line, handle) ext4_journal_stop(handle)

void ext4_lock_group(struct super_block *sb, ext4_group_t group)
{
	__atomic {
		__spin(sb->group[group].free);
		__acquire(&sb->group[group], "group lock");
	}
}

void ext4_unlock_group(struct super_block *sb, ext4_group_t group)
{
	__release(&sb->group[group], "group lock");
}

void ext4_write_lock_xattr(struct inode *inode, int *save)
{
	down_write(&EXT4_I(inode)->xattr_sem);
}

void ext4_write_unlock_xattr(struct inode *inode, int *save)
{
	up_write(&EXT4_I(inode)->xattr_sem);
}

int ext4_write_trylock_xattr(struct inode *inode, int *save)
{
	return down_write_trylock(&EXT4_I(inode)->xattr_sem);
}

/* ---- xfs ----------------------------------------------------------------- */

#define XFS_IOLOCK_EXCL 0x01u
#define XFS_IOLOCK_SHARED 0x02u
#define XFS_ILOCK_EXCL 0x04u
#define XFS_ILOCK_SHARED 0x08u
#define XFS_MMAPLOCK_EXCL 0x10u
#define XFS_MMAPLOCK_SHARED 0x20u
/* Classes of the lock checker: no locks. */
#define XFS_ILOCK_PARENT 0x5000000u
#define XFS_ILOCK_RTBITMAP 0x6000000u
#define XFS_ILOCK_RTSUM 0x7000000u

void xfs_ilock(struct xfs_inode *ip, unsigned int lock_flags)
{
	if (lock_flags & XFS_IOLOCK_EXCL)
		down_write(&VFS_I(ip)->i_rwsem);
	else if (lock_flags & XFS_IOLOCK_SHARED)
		down_read(&VFS_I(ip)->i_rwsem);
	if (lock_flags & XFS_MMAPLOCK_EXCL)
		down_write(&VFS_I(ip)->i_mapping->invalidate_lock);
	else if (lock_flags & XFS_MMAPLOCK_SHARED)
		down_read(&VFS_I(ip)->i_mapping->invalidate_lock);
	if (lock_flags & XFS_ILOCK_EXCL)
		down_write(&ip->i_lock);
	else if (lock_flags & XFS_ILOCK_SHARED)
		down_read(&ip->i_lock);
}

void xfs_iunlock(struct xfs_inode *ip, unsigned int lock_flags)
{
	if (lock_flags & XFS_IOLOCK_EXCL)
		up_write(&VFS_I(ip)->i_rwsem);
	else if (lock_flags & XFS_IOLOCK_SHARED)
		up_read(&VFS_I(ip)->i_rwsem);
	if (lock_flags & XFS_MMAPLOCK_EXCL)
		up_write(&VFS_I(ip)->i_mapping->invalidate_lock);
	else if (lock_flags & XFS_MMAPLOCK_SHARED)
		up_read(&VFS_I(ip)->i_mapping->invalidate_lock);
	if (lock_flags & XFS_ILOCK_EXCL)
		up_write(&ip->i_lock);
	else if (lock_flags & XFS_ILOCK_SHARED)
		up_read(&ip->i_lock);
}

/* One lock at a time, as its callers use it. */
int xfs_ilock_nowait(struct xfs_inode *ip, unsigned int lock_flags)
{
	if (lock_flags & XFS_IOLOCK_EXCL)
		return down_write_trylock(&VFS_I(ip)->i_rwsem);
	if (lock_flags & XFS_IOLOCK_SHARED)
		return down_read_trylock(&VFS_I(ip)->i_rwsem);
	if (lock_flags & XFS_MMAPLOCK_EXCL)
		return down_write_trylock(&VFS_I(ip)->i_mapping->invalidate_lock);
	if (lock_flags & XFS_MMAPLOCK_SHARED)
		return down_read_trylock(&VFS_I(ip)->i_mapping->invalidate_lock);
	if (lock_flags & XFS_ILOCK_EXCL)
		return down_write_trylock(&ip->i_lock);
	return down_read_trylock(&ip->i_lock);
}

void xfs_ilock_demote(struct xfs_inode *ip, unsigned int lock_flags)
{
	if (lock_flags & XFS_ILOCK_EXCL)
		downgrade_write(&ip->i_lock);
	if (lock_flags & XFS_MMAPLOCK_EXCL)
		downgrade_write(&VFS_I(ip)->i_mapping->invalidate_lock);
	if (lock_flags & XFS_IOLOCK_EXCL)
		downgrade_write(&VFS_I(ip)->i_rwsem);
}

/* The modes in which they take the lock come back as their result, which callers unlock with. */
unsigned int xfs_ilock_data_map_shared(struct xfs_inode *ip)
{
	down_read(&ip->i_lock);
	return lock_mode_of(ip);
}

unsigned int xfs_ilock_attr_map_shared(struct xfs_inode *ip)
{
	down_read(&ip->i_lock);
	return lock_mode_of(ip);
}

int xfs_trans_alloc(struct xfs_mount *mp, struct xfs_trans_res *resp, unsigned int blocks,
		    unsigned int rtextents, unsigned int flags, struct xfs_trans **tpp)
{
	if (no_space(mp))
		return -ENOSPC;
	__acquire_shared(*tpp, "transaction");
	return 0;
}

int xfs_trans_alloc_empty(struct xfs_mount *mp, struct xfs_trans **tpp)
{
	__acquire_shared(*tpp, "transaction");
	return 0;
}

int xfs_trans_commit(struct xfs_trans *tp)
{
	__release(tp, "transaction");
	return commit_error(tp);
}

void xfs_trans_cancel(struct xfs_trans *tp)
{
	__release(tp, "transaction");
}

/* With flags the transaction unlocks the inode when it ends. */
#define xfs_trans_ijoin(tp, ip, lock_flags) ((lock_flags) ? ijoin_locked(tp, ip) : ijoin(tp, ip))
void ijoin_locked(struct xfs_trans *tp, struct xfs_inode *ip) __gives(&ip->i_lock, tp);
void ijoin(struct xfs_trans *tp, struct xfs_inode *ip) { joined(tp, ip); }

void xfs_buf_lock(struct xfs_buf *bp)
{
	__atomic {
		__wait(bp->b_sema.count);
		__acquire(&bp->b_sema);
	}
}

void xfs_buf_unlock(struct xfs_buf *bp)
{
	__release(&bp->b_sema);
}

bool xfs_buf_trylock(struct xfs_buf *bp)
{
	__atomic {
		if (bp->b_sema.count) {
			__acquire(&bp->b_sema);
			return 1;
		}
	}
	return 0;
}

void xfs_buf_relse(struct xfs_buf *bp)
{
	xfs_buf_unlock(bp);
}

/* A new inode comes with its ILOCK held, which the transaction gives back. */
int xfs_init_new_inode(struct user_namespace *mnt_userns, struct xfs_trans *tp,
		       struct xfs_inode *pip, xfs_ino_t ino, umode_t mode, xfs_nlink_t nlink,
		       dev_t rdev, prid_t prid, bool init_xattrs, struct xfs_inode **ipp)
	__gives(&(*ipp)->i_lock, tp);
int xfs_init_new_inode(struct user_namespace *mnt_userns, struct xfs_trans *tp,
		       struct xfs_inode *pip, xfs_ino_t ino, umode_t mode, xfs_nlink_t nlink,
		       dev_t rdev, prid_t prid, bool init_xattrs, struct xfs_inode **ipp)
{
	if (no_space(tp))
		return -ENOSPC;
	down_write(&(*ipp)->i_lock);
	return 0;
}

/* What the headers of the log declare. */
int xlog_wait_on_iclog(struct xlog_in_core *iclog) __releases(&iclog->ic_log->l_icloglock);
void xlog_wait(struct wait_queue_head *wq, struct spinlock *lock) __releases(lock);
void xfs_trans_ail_update_bulk(struct xfs_ail *ailp, struct xfs_ail_cursor *cur,
			       struct xfs_log_item **log_items, int nr_items, xfs_lsn_t lsn)
	__releases(&ailp->ail_lock);
void xfs_trans_ail_update(struct xfs_ail *ailp, struct xfs_log_item *lip, xfs_lsn_t lsn)
	__releases(&ailp->ail_lock);
void xfs_ail_update_finish(struct xfs_ail *ailp, xfs_lsn_t old_lsn) __releases(&ailp->ail_lock);

void xfs_dqlock(struct xfs_dquot *dqp)
{
	mutex_lock(&dqp->q_qlock);
}

void xfs_dqunlock(struct xfs_dquot *dqp)
{
	mutex_unlock(&dqp->q_qlock);
}

int xfs_dqlock_nowait(struct xfs_dquot *dqp)
{
	return mutex_trylock(&dqp->q_qlock);
}

/* ---- btrfs --------------------------------------------------------------- */

#define BTRFS_ILOCK_SHARED 1u
#define BTRFS_ILOCK_TRY 2u
#define BTRFS_ILOCK_MMAP 4u

void btrfs_tree_lock(struct extent_buffer *eb)
{
	down_write(&eb->lock);
}

void btrfs_tree_unlock(struct extent_buffer *eb)
{
	up_write(&eb->lock);
}

void btrfs_tree_read_lock(struct extent_buffer *eb)
{
	down_read(&eb->lock);
}

void btrfs_tree_read_unlock(struct extent_buffer *eb)
{
	up_read(&eb->lock);
}

int btrfs_try_tree_write_lock(struct extent_buffer *eb)
{
	return down_write_trylock(&eb->lock);
}

int btrfs_try_tree_read_lock(struct extent_buffer *eb)
{
	return down_read_trylock(&eb->lock);
}

struct extent_buffer *btrfs_lock_root_node(struct btrfs_root *root)
{
	struct extent_buffer *eb = root_node(root);

	btrfs_tree_lock(eb);
	return eb;
}

struct extent_buffer *btrfs_read_lock_root_node(struct btrfs_root *root)
{
	struct extent_buffer *eb = root_node(root);

	btrfs_tree_read_lock(eb);
	return eb;
}

int btrfs_delayed_ref_lock(struct btrfs_delayed_ref_root *delayed_refs,
			   struct btrfs_delayed_ref_head *head)
{
	if (gone(head))
		return -EAGAIN;
	mutex_lock(&head->mutex);
	return 0;
}

void btrfs_delayed_ref_unlock(struct btrfs_delayed_ref_head *head)
{
	mutex_unlock(&head->mutex);
}

#define __btrfs_tree_lock(eb, nest) btrfs_tree_lock(eb)
#define __btrfs_tree_read_lock(eb, nest) btrfs_tree_read_lock(eb)

int btrfs_inode_lock(struct inode *inode, unsigned int ilock_flags)
{
	if (ilock_flags & BTRFS_ILOCK_TRY) {
		if (ilock_flags & BTRFS_ILOCK_SHARED)
			return down_read_trylock(&inode->i_rwsem) ? 0 : -EAGAIN;
		return down_write_trylock(&inode->i_rwsem) ? 0 : -EAGAIN;
	}
	if (ilock_flags & BTRFS_ILOCK_SHARED)
		down_read(&inode->i_rwsem);
	else
		down_write(&inode->i_rwsem);
	if (ilock_flags & BTRFS_ILOCK_MMAP)
		down_write(&BTRFS_I(inode)->i_mmap_lock);
	return 0;
}

void btrfs_inode_unlock(struct inode *inode, unsigned int ilock_flags)
{
	if (ilock_flags & BTRFS_ILOCK_MMAP)
		up_write(&BTRFS_I(inode)->i_mmap_lock);
	if (ilock_flags & BTRFS_ILOCK_SHARED)
		up_read(&inode->i_rwsem);
	else
		up_write(&inode->i_rwsem);
}

struct btrfs_trans_handle *btrfs_start_transaction(struct btrfs_root *root, unsigned int items)
{
	struct btrfs_trans_handle *trans = transaction_of(root);

	if (no_space(root))
		return ERR_PTR(-ENOSPC);
	__acquire_shared(trans, "transaction");
	return trans;
}

#define btrfs_start_transaction_fallback_global_rsv(root, items) btrfs_start_transaction(root, items)
#define btrfs_join_transaction(root) btrfs_start_transaction(root, 0)
#define btrfs_join_transaction_spacecache(root) btrfs_start_transaction(root, 0)
#define btrfs_join_transaction_nostart(root) btrfs_start_transaction(root, 0)
#define btrfs_attach_transaction(root) btrfs_start_transaction(root, 0)
#define btrfs_attach_transaction_barrier(root) btrfs_start_transaction(root, 0)

int btrfs_end_transaction(struct btrfs_trans_handle *trans)
{
	__release(trans, "transaction");
	return commit_error(trans);
}

int btrfs_end_transaction_throttle(struct btrfs_trans_handle *trans)
{
	__release(trans, "transaction");
	return commit_error(trans);
}

int btrfs_commit_transaction(struct btrfs_trans_handle *trans)
{
	__release(trans, "transaction");
	return commit_error(trans);
}

void btrfs_commit_transaction_async(struct btrfs_trans_handle *trans)
{
	__release(trans, "transaction");
}
