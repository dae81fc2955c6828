/*
 * What stands beside the model in the kernel's functions: calls that nothing of the model can notice, and
 * tests that have one answer here. A patch may change, pass or add them.
 */

/*
 * These take no lock, wait for nothing, and change nothing that the model holds; a star stands for any
 * part of a name. A function of the model is never one of them.
 */
__inert("trace_*");
/* Messages, checks of the kernel itself, statistics. */
__inert("pr_*", "printk*", "dump_stack", "ext4_msg", "ext4_warning*", "ext4_debug", "ext_debug",
	"mb_debug", "es_debug", "jbd_debug", "jbd2_debug", "BUFFER_TRACE", "JBUFFER_TRACE",
	"lockdep_assert*", "might_sleep*", "might_lock*", "VM_BUG_ON*", "VM_WARN_ON*", "J_ASSERT*",
	"ASSERT", "BUILD_BUG_ON*", "KUNIT_*", "count_vm_event*", "__count_vm_event*",
	"task_io_account_*", "wbc_account_cgroup_owner", "inode_debug*", "xfs_alert*");
/* An error is reported; what an aborted journal does is not modelled. */
__inert("ext4_std_error", "ext4_error*", "EXT4_ERROR_*", "ext4_set_errno");
/* Credits of a handle: how large, never whether. */
__inert("ext4_*_trans_blocks", "ext4_*_trans_extent", "ext4_blocks_for_truncate",
	"ext4_ext_calc_credits*", "ext4_*_revoke_credits", "ext4_*_credits", "EXT4_*_TRANS_BLOCKS*",
	"jbd2_handle_buffer_credits");
/* Times and version numbers of an inode. */
__inert("inode_set_*time*", "inode_get_*time*", "inode_set_ctime*", "current_time",
	"inode_inc_iversion*", "inode_maybe_inc_iversion", "ext4_update_inode_fsync_trans",
	"ktime_get*", "jiffies_*", "time_after*", "time_before*");
/* What only reads: sizes, positions, flags, features. */
__inert("S_ISREG", "S_ISDIR", "S_ISLNK", "IS_SYNC", "IS_DIRSYNC", "IS_ENCRYPTED", "IS_VERITY",
	"IS_APPEND", "IS_IMMUTABLE", "IS_NOQUOTA", "IS_SWAPFILE", "IS_ENABLED", "test_opt*",
	"ext4_has_feature_*", "ext4_handle_valid", "ext4_handle_sync", "ext4_should_*",
	"ext4_has_inline_data", "ext4_verity_in_progress", "ext4_is_quota_file", "ext4_inode_is_*",
	"fscrypt_*_uses_*", "fscrypt_needs_*", "fsverity_active", "is_bad_inode", "sb_rdonly",
	"i_blocksize", "i_block*", "mapping_gfp_*", "mapping_large_folio_support", "inode_is_locked",
	"rwsem_is_locked", "folio_nr_pages", "folio_shift", "folio_index", "folio_next_*",
	"prefetch*", "current_gfp_context", "cpu_relax");

/*
 * False for every inode and file system of the model: nothing is encrypted, a block is a cluster, nothing
 * is shut down. A branch behind such a test is never entered; nor is one behind a function of the model
 * that only returns false.
 */
__never("ext4_verity_in_progress", "IS_ENCRYPTED", "IS_VERITY", "ext4_has_feature_bigalloc",
	"ext4_forced_shutdown", "fscrypt_inode_uses_fs_layer_crypto");

/* ---- arithmetic ------------------------------------------------------------ */

#define IS_ALIGNED(x, a) (((x) & ((a) - 1)) == 0)
#define ALIGN(x, a) round_up(x, a)
#define ALIGN_DOWN(x, a) round_down(x, a)
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define ERR_CAST(ptr) ((void *)(ptr))
