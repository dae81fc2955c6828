/*
 * Types of an inode, with what ext4 keeps of it, of reads and writes; and the objects of a run.
 */

/* ---- ext4 ---------------------------------------------------------------- */

/* State of one block, in the extent tree and in the extent status tree. */
enum block_status {
	EXTENT_STATUS_NONE,
	EXTENT_STATUS_HOLE,
	EXTENT_STATUS_DELAYED,
	EXTENT_STATUS_UNWRITTEN,
	EXTENT_STATUS_WRITTEN,
};

struct extent_status {
	ext4_lblk_t es_lblk;
	ext4_lblk_t es_len;
	int es_status;
};

struct ext4_map_blocks {
	ext4_fsblk_t m_pblk;
	ext4_lblk_t m_lblk;
	unsigned int m_len;
	unsigned int m_flags;
	u64 m_seq;
};

struct ext4_inode_info {
	struct rw_semaphore i_data_sem;
	loff_t i_disksize;
	/* Blocks that an old end of the file cuts, and whose zeros are not on disk: one bit each. */
	u32 i_grow_pending;
	unsigned long i_flags;
	unsigned long i_state_flags;
	/* The extent tree: hole, unwritten or written. */
	enum block_status ext[NR_BLOCKS];
	/* The extent status tree; EXTENT_STATUS_NONE: not cached. */
	enum block_status es[NR_BLOCKS];
	/*
	 * The first block of an extent that does not go on on disk where the one before ends: lookups
	 * end there, although both have the same status.
	 */
	bool ext_first[NR_BLOCKS];
	u64 i_es_seq;
	/* Delayed blocks that have a promise of free space, and of quota. */
	unsigned int i_reserved_data_blocks;
	unsigned int i_reserved_quota;
	spinlock_t i_completed_io_lock;
	struct iomap_ioend *i_iomap_ioend_list;
	struct work_struct i_iomap_ioend_work;
	/* i_orphan: on the list of inodes that recovery truncates or removes. */
	bool i_on_orphan;
	/* The zeroed tail of the block of i_disksize is not on disk yet. */
	bool i_ordered_tail;
	/* The transaction that data of the file are in, when they are in the journal. */
	tid_t i_datasync_tid;
	struct iomap_ioend *i_rsv_conversion_list;
	struct work_struct i_rsv_conversion_work;
};

/* ---- xfs ----------------------------------------------------------------- */

typedef struct mrlock {
	struct rw_semaphore mr_lock;
} mrlock_t;

/* A fork of the inode: its extents in memory, delayed ones too, and how often they have changed. */
struct xfs_ifork {
	u32 if_seq;
	enum block_status if_ext[NR_BLOCKS];
};

struct xfs_mount {
	u8 m_blkbits;
};

struct xfs_inode {
	struct xfs_mount *i_mount;
	/* ILOCK: the extents, and the size on disk. */
	mrlock_t i_lock;
	struct xfs_ifork i_df;
	/* Copies that are not written yet; NULL: the file shares no block. */
	struct xfs_ifork *i_cowfp;
	unsigned int i_delayed_blks;
	loff_t i_disk_size;
	spinlock_t i_ioend_lock;
	struct iomap_ioend *i_ioend_list;
	struct work_struct i_ioend_work;
};

struct ext4_sb_info {
	journal_t *s_journal;
	struct workqueue_struct *rsv_conversion_wq;
	struct percpu_rw_semaphore s_writepages_rwsem;
	/* EXT4_FEATURE_RO_COMPAT_LARGE_FILE of the super block. */
	bool s_large_file;
};

struct super_block {
	unsigned long s_blocksize;
	u8 s_blocksize_bits;
	struct ext4_sb_info *s_fs_info;
	struct workqueue_struct *s_dio_done_wq;
};

#define S_DAX BIT(13)

#define I_DIRTY_PAGES BIT(2)
#define I_NEW BIT(3)
#define I_WILL_FREE BIT(4)
#define I_FREEING BIT(5)
#define I_SYNC BIT(7)
/* Not kept in the cache when its last user leaves. */
#define I_DONTCACHE BIT(16)

struct inode {
	struct super_block *i_sb;
	struct address_space *i_mapping;
	loff_t i_size;
	u8 i_blkbits;
	unsigned int i_nlink;
	/* What the quota was charged for, in blocks. */
	u32 i_blocks;
	unsigned int i_flags;
	spinlock_t i_lock;
	unsigned long i_state;
	/* On the list of dirty inodes, and the next one there. */
	bool i_io_listed;
	struct inode *i_io_next;
	struct rw_semaphore i_rwsem;
	atomic_t i_dio_count;
	struct address_space i_data;
	/* In Linux the outer structure; here fields print as inode.ext4.i_data_sem. */
	struct ext4_inode_info ext4;
	/* In Linux the inode is inside; fields print as inode.xfs.i_df. */
	struct xfs_inode xfs;
};

struct file {
	struct inode *f_inode;
	struct address_space *f_mapping;
	errseq_t f_wb_err;
};

/* What a system call asks of setattr; only a new size is modelled. */
struct iattr {
	loff_t ia_size;
};

/* ---- reads and writes ---------------------------------------------------- */

#define IOCB_NOWAIT BIT(7)
#define IOCB_DIRECT BIT(17)

struct kiocb {
	struct file *ki_filp;
	loff_t ki_pos;
	/* NULL: the caller waits. */
	void (*ki_complete)(struct kiocb *iocb, long ret);
	int ki_flags;
};

/* A user's buffer: how many bytes are left of it, and the value that all of them have. */
struct iov_iter {
	size_t count;
	u8 data;
	/* The last bytes lie in a page that cannot be read. */
	size_t unreadable;
};

#define iov_iter_count(i) ((i)->count)
#define is_sync_kiocb(kiocb) ((kiocb)->ki_complete == NULL)

/* ---- the objects of a run ------------------------------------------------ */

struct task_struct task[NR_TASKS];
struct super_block super_block;
struct ext4_sb_info ext4_sb;
struct inode inode;
struct folio folio[NR_FOLIOS];
struct pte page_table[NR_FOLIOS];
/* The inode on the medium: what the last commit has brought there. */
struct ext4_inode disk_inode __media;
/* Blocks that were zeroed behind an end of the file in this run; only scenarios look at it. */
u32 tail_zeroed;
struct vm_area_struct vma;
journal_t journal;
struct workqueue_struct workqueue;
struct workqueue_struct dio_workqueue;

#define current_task (&task[__current()])

#define file_inode(file) ((file)->f_inode)
#define i_size_write(inode, size)                                                                 \
	({                                                                                        \
		if (CHECK_SIZE_LOCK)                                                              \
			__require(&(inode)->i_rwsem, "i_size changes under i_rwsem",              \
				  "RL-SIZE-LOCK");                                                \
		WRITE_ONCE((inode)->i_size, (size));                                              \
	})
/* The items that end writeback of the file: what one of them waits for may be behind it, in its own list. */
#define forbid_in_own_completion(inode)                                                           \
	do {                                                                                      \
		__forbid(&(inode)->ext4.i_iomap_ioend_work,                                       \
			 "the worker does not wait for writeback that it ends itself",            \
			 "RL-WB-WORKER");                                                         \
		__forbid(&(inode)->ext4.i_rsv_conversion_work,                                    \
			 "the worker does not wait for writeback that it ends itself",            \
			 "RL-WB-WORKER");                                                         \
		__forbid(&(inode)->xfs.i_ioend_work,                                              \
			 "the worker does not wait for writeback that it ends itself",            \
			 "RL-WB-WORKER");                                                         \
	} while (0)
#define i_size_read(inode) READ_ONCE((inode)->i_size)
#define i_blocksize(inode) (1 << (inode)->i_blkbits)
#define IS_DAX(inode) ((inode)->i_flags & S_DAX)

#define EXT4_I(inode) (&(inode)->ext4)
#define XFS_I(inode) (&(inode)->xfs)
#define VFS_I(ip) container_of((ip), struct inode, xfs)
#define EXT4_SB(sb) ((sb)->s_fs_info)
