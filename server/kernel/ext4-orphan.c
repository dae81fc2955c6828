/*
 * The orphan list: inodes whose truncation or removal a crash may have interrupted. Only who is on it is
 * kept, not the order; recovery from it is not modelled.
 */

/* A new inode or one that is going away is known to nobody else. */
#define orphan_is_own(inode) ((inode)->i_state & (I_NEW | I_FREEING))

__source("fs/ext4/orphan.c:ext4_orphan_add")
int ext4_orphan_add(handle_t *handle, struct inode *inode)
{
	if (!orphan_is_own(inode))
		__require(&inode->i_rwsem, "the orphan list changes under i_rwsem", "RL-ORPHAN-LOCK");
	__require("handle", "the orphan list changes with a handle open", "RL-ORPHAN-LOCK");
	/* Under s_orphan_lock. */
	__atomic {
		EXT4_I(inode)->i_on_orphan = true;
	}
	return 0;
}

/* Without a handle only the list in memory changes, after an error. */
__source("fs/ext4/orphan.c:ext4_orphan_del")
int ext4_orphan_del(handle_t *handle, struct inode *inode)
{
	if (!orphan_is_own(inode))
		__require(&inode->i_rwsem, "the orphan list changes under i_rwsem", "RL-ORPHAN-LOCK");
	if (handle)
		__require("handle", "the orphan list changes with a handle open", "RL-ORPHAN-LOCK");
	/* Under s_orphan_lock. */
	__atomic {
		EXT4_I(inode)->i_on_orphan = false;
	}
	return 0;
}
