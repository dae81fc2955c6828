/*
 * Direct reclaim: where memory is short, an allocation frees a dentry and with it the last user of an
 * inode. So it evicts inodes with whatever locks and handles its caller has, unless that has said that
 * it must not go into the file system.
 */

/* The inode whose last user is a dentry that nobody uses. */
static struct inode *unused_dentry;

__source("include/linux/sched/mm.h:memalloc_nofs_save")
static inline bool memalloc_nofs_save(void)
{
	bool nofs;

	if (!RECLAIM)
		return false;
	/* A flag of the task's own. */
	__atomic {
		nofs = current_task->nofs;
		current_task->nofs = true;
	}
	return nofs;
}

__source("include/linux/sched/mm.h:memalloc_nofs_restore")
static inline void memalloc_nofs_restore(bool nofs)
{
	if (RECLAIM)
		current_task->nofs = nofs;
}

/* What an allocation may do before it returns. */
__source("include/linux/sched/mm.h:might_alloc")
void might_alloc(gfp_t gfp_mask)
{
	struct inode *inode;

	if (!RECLAIM || gfp_mask == GFP_NOFS || current_task->nofs)
		return;
	/* Taken off the list of unused dentries under its lock. */
	__atomic {
		inode = unused_dentry;
		unused_dentry = NULL;
	}
	if (inode)
		iput_final(inode);
}
