/*
 * Types, constants and small macros that all files of the model kernel share.
 *
 * Sizes are tiny on purpose and every scenario may set its own (a #define there wins), so that
 * the byte arithmetic of real code runs unchanged: a page of 8 bytes holds 2 blocks of 4 bytes.
 * Structures keep the kernel's field names; fields that no modelled function reads are left out.
 */

typedef signed char s8;
typedef unsigned char u8;
typedef unsigned short u16;
typedef int s32;
typedef unsigned int u32;
typedef long long s64;
typedef unsigned long long u64;
typedef long long loff_t;
typedef unsigned long pgoff_t;
typedef unsigned long sector_t;
typedef unsigned int gfp_t;
typedef unsigned int ext4_lblk_t;
typedef unsigned long ext4_fsblk_t;
typedef unsigned int errseq_t;
typedef unsigned int tid_t;
typedef long ssize_t;

/* ---- bounds -------------------------------------------------------------- */

/* Folios of the one file. */
#define NR_FOLIOS 1
#define PAGE_SHIFT 3
/* log2 of the block size in bytes. */
#define BLKBITS 2
/* How often the commit timer may fire in a run. */
#define COMMITS 1
/* One slot for every thread number; threads count from 1. */
#define NR_TASKS 10
/* 0: a waiting writer lets new readers pass it, as no rwsem of Linux does. */
#define RWSEM_WRITER_PREFERRED 1
#define NR_IOENDS 3
/* Workers of one workqueue. */
#define NR_WORKERS 2
#define NR_HANDLES 4
/* Direct writes in flight. */
#define NR_DIOS 2
/* Does the scenario have crashes? Then what is in a transaction is told from what is in memory. */
#define CRASH 0
/* Does the scenario have data=ordered? Then the commit waits for data of files, or writes them. */
#define ORDERED_DATA 0
/* Is the file of the scenario the first one of the file system that is larger than 2 GB? */
#define FIRST_LARGE_FILE 0
/* Is memory short? Then every allocation that may go into the file system frees an inode first. */
#define RECLAIM 0
/* Does the scenario have data of files in the journal? Then the commit gives them to writeback. */
#define JOURNALLED_DATA 0
/* 0: a scenario that is about who may change i_size, or start a handle, under which locks. */
#define CHECK_SIZE_LOCK 1
#define CHECK_HANDLE_ORDER 1

#define PAGE_SIZE (1 << PAGE_SHIFT)
#define NR_BLOCKS ((NR_FOLIOS * PAGE_SIZE) >> BLKBITS)

/* ---- C that the kernel's headers provide --------------------------------- */

#define likely(x) (x)
#define unlikely(x) (x)
#define READ_ONCE(x) (x)
#define WRITE_ONCE(x, val) ((x) = (val))
#define BIT(nr) (1 << (nr))
#define U64_MAX 0x7fffffff
#define SIZE_MAX 0x7fffffff
#define min_t(type, x, y) ({ type __x = (x); type __y = (y); __x < __y ? __x : __y; })
#define max_t(type, x, y) ({ type __x = (x); type __y = (y); __x > __y ? __x : __y; })
#define min(x, y) ({ typeof(x) __x = (x); typeof(y) __y = (y); __x < __y ? __x : __y; })
#define max(x, y) ({ typeof(x) __x = (x); typeof(y) __y = (y); __x > __y ? __x : __y; })
#define round_down(x, y) ((x) & ~((y) - 1))
#define round_up(x, y) (((x) + (y) - 1) & ~((y) - 1))
#define container_of(ptr, type, member) ((type *)((char *)(ptr) - offsetof(type, member)))

#define WARN_ON(cond) __warn(cond)
#define WARN_ON_ONCE(cond) __warn(cond)
#define BUG_ON(cond) __assert(!(cond), "BUG_ON")

#define EIO 5
#define EAGAIN 11
#define ENOMEM 12
#define ENOTBLK 15
#define EFAULT 14
#define EBUSY 16
#define EINVAL 22
#define ENOSPC 28
#define EROFS 30
#define EOPNOTSUPP 95
#define EIOCBQUEUED 529

#define ERR_PTR(error) ((void *)(long)(error))
#define PTR_ERR(ptr) ((long)(ptr))
#define IS_ERR(ptr) ((long)(ptr) < 0)
#define IS_ERR_OR_NULL(ptr) ((long)(ptr) <= 0)
#define PTR_ERR_OR_ZERO(ptr) (IS_ERR(ptr) ? PTR_ERR(ptr) : 0)

#define GFP_KERNEL 0
#define GFP_NOFS 1

/* ---- locks --------------------------------------------------------------- */

struct mutex {
	int owner __busy("is held");
};

typedef struct spinlock {
	/* Number of the thread, negative for an interrupt. */
	int owner __busy("is held");
} spinlock_t;

struct rw_semaphore {
	/* Number of readers, -1 for a writer: one word, as in Linux. */
	int count __busy("is held");
	/* Writers in the queue; new readers line up behind them. */
	int waiters;
};

struct percpu_rw_semaphore {
	/* Readers on all CPUs, -1 for a writer. */
	int count __busy("is held");
	/* Writers that block new readers and wait for those inside. */
	int waiters;
};

typedef struct {
	int counter;
} atomic_t;

/* ---- wait queues --------------------------------------------------------- */

#define TASK_RUNNING 0
#define TASK_INTERRUPTIBLE 1
#define TASK_UNINTERRUPTIBLE 2
#define TASK_KILLABLE 2

#define WQ_FLAG_EXCLUSIVE 1

/* Tasks in the queue, one bit each: a task waits in a queue once. */
struct wait_queue_head {
	u32 waiting __busy("has waiters");
	u32 exclusive __busy("has waiters");
};
typedef struct wait_queue_head wait_queue_head_t;

/* The queue knows its tasks, so the entry has nothing to link. */
struct wait_queue_entry {
	unsigned int flags;
};
typedef struct wait_queue_entry wait_queue_entry_t;

/* Tested and changed under wait.lock alone: a count is all that is seen of it. */
struct completion {
	unsigned int done;
};

/* ---- RCU ----------------------------------------------------------------- */

struct rcu_head {
	struct rcu_head *next;
	void (*func)(struct rcu_head *head);
	/* What kfree_rcu() frees. */
	void *ptr __busy("is queued for RCU");
	/* Tasks that were inside a read-side critical section when it was queued and still are. */
	u32 readers;
};

/* ---- work items and bios ------------------------------------------------- */

struct work_struct {
	bool pending __busy("is queued");
	void (*func)(struct work_struct *work);
	struct work_struct *next;
};

struct workqueue_struct {
	struct work_struct *first;
	/* Workers that look at each other's items; 0: there is one only, which has nobody to look at. */
	int workers;
	struct work_struct *current_work[NR_WORKERS];
};

struct folio;
struct buffer_head;
struct kiocb;
struct address_space;
struct inode;
struct super_block;

/*
 * The pages of a bio are one range of a file here, so one position stands for its bio_vecs. Without
 * a mapping they are a user's buffer, all bytes of which have one value.
 */
struct bio {
	struct address_space *bi_mapping;
	u8 bi_user;
	loff_t bi_pos;
	u32 bi_size;
	sector_t bi_sector;
	int bi_status;
	void (*bi_end_io)(struct bio *bio);
	struct bio *bi_next;
};

/* ---- page cache ---------------------------------------------------------- */

struct folio {
	struct address_space *mapping;
	pgoff_t index;
	/* Number of the thread that holds the folio lock, 0: unlocked. */
	int locked;
	bool dirty;
	bool writeback;
	/* PAGECACHE_TAG_DIRTY: stays when the dirty bit is cleared for I/O, until writeback starts. */
	bool tag_dirty;
	/* struct iomap_folio_state: one dirty bit per block, bytes still in flight. */
	u32 bdirty;
	atomic_t write_bytes_pending;
	/* The buffer of a folio whose data are in the journal. */
	struct buffer_head *private;
	u8 data[PAGE_SIZE];
};

/* The page table entry of a folio, in the one process that maps the file shared. */
struct pte {
	bool present;
	bool write;
	/* Set by the MMU with a store, without any step of the kernel. */
	bool dirty;
};

struct vm_fault;

struct vm_operations_struct {
	int (*page_mkwrite)(struct vm_fault *vmf);
};

struct vm_area_struct {
	struct address_space *vm_mapping;
	const struct vm_operations_struct *vm_ops;
};

struct vm_fault {
	struct vm_area_struct *vma;
	pgoff_t pgoff;
	struct folio *folio;
};

struct folio_batch {
	u32 nr;
	u32 i;
	struct folio *folios[NR_FOLIOS];
};

enum writeback_sync_modes { WB_SYNC_NONE, WB_SYNC_ALL };

struct writeback_control {
	loff_t range_start;
	loff_t range_end;
	enum writeback_sync_modes sync_mode;
	/* Where writeback_iter() goes on. */
	pgoff_t index;
};

struct address_space_operations {
	int (*read_folio)(struct folio *folio);
	int (*writepages)(struct address_space *mapping, struct writeback_control *wbc);
	int (*write_begin)(struct kiocb *iocb, struct address_space *mapping, loff_t pos,
			   unsigned len, struct folio **foliop);
	int (*write_end)(struct kiocb *iocb, struct address_space *mapping, loff_t pos,
			 unsigned len, unsigned copied, struct folio *folio);
	void (*invalidate_folio)(struct folio *folio);
};

struct address_space {
	struct inode *host;
	struct rw_semaphore invalidate_lock;
	struct folio *i_pages[NR_FOLIOS];
	const struct address_space_operations *a_ops;
	errseq_t wb_err;
};

/* ---- jbd2 ---------------------------------------------------------------- */

/* The inode as it stands on disk: the size, and what each block of the file is. */
struct ext4_inode {
	loff_t i_size;
	int i_block[NR_BLOCKS];
};

enum transaction_state { T_FINISHED, T_RUNNING, T_LOCKED, T_FLUSH };

/* Of an inode on the t_inode_list: what the commit does with its data. */
#define JI_WRITE_DATA BIT(1)
#define JI_WAIT_DATA BIT(2)

typedef struct transaction_s {
	enum transaction_state t_state;
	tid_t t_tid;
	/* Open handles. */
	int t_updates;
	/* The inode as handles of this transaction have left it, when one has changed it. */
	struct ext4_inode t_inode;
	bool t_has_inode;
	/* t_inode_list: data of the inode go to disk before the commit record. */
	struct inode *t_inode_list;
	unsigned int t_inode_flags;
	/* t_forget: a buffer that is done with when the transaction is. */
	struct buffer_head *t_forget;
} transaction_t;

typedef struct journal_s {
	transaction_t *j_running_transaction;
	transaction_t *j_committing_transaction;
	/* How often the commit timer may still fire. */
	int j_commits;
	/* Of the newest transaction, of the last that is committed, and of the one to commit now. */
	tid_t j_transaction_sequence;
	tid_t j_commit_sequence;
	tid_t j_commit_request;
	/* Callers of jbd2_journal_lock_updates(), which keep new handles out. */
	int j_barrier_count;
	struct mutex j_barrier;
	wait_queue_head_t j_wait_updates;
} journal_t;

typedef struct jbd2_journal_handle {
	journal_t *h_journal;
	transaction_t *h_transaction;
	int h_ref;
	bool h_reserved;
	/* The stop waits for the commit. */
	bool h_sync;
	/* nofs before it was started. */
	bool saved_alloc_context;
	struct jbd2_journal_handle *h_rsv_handle;
} handle_t;

struct task_struct {
	unsigned int __state;
	/* What wait_var_event() or wait_on_bit() waits for; the bit counts from 1, 0: the variable. */
	void *wait_var;
	int wait_bit;
	/* Interrupts are disabled on its CPU. */
	bool irqs_off;
	int rcu_read_lock_nesting;
	/* Readers for which synchronize_rcu() still waits. */
	u32 rcu_readers;
	handle_t *journal_info;
	/* PF_MEMALLOC_NOFS: no allocation goes into a file system. */
	bool nofs;
};

/* ---- iomap --------------------------------------------------------------- */

#define IOMAP_HOLE 0
#define IOMAP_DELALLOC 1
#define IOMAP_MAPPED 2
#define IOMAP_UNWRITTEN 3

#define IOMAP_F_NEW BIT(0)
#define IOMAP_F_SHARED BIT(2)
#define IOMAP_F_STALE BIT(8)

#define IOMAP_WRITE BIT(0)
#define IOMAP_ZERO BIT(1)
#define IOMAP_DIRECT BIT(4)

#define IOMAP_NULL_ADDR (-1)

struct iomap {
	u64 addr;
	loff_t offset;
	u64 length;
	u16 type;
	u16 flags;
	u64 validity_cookie;
};

struct iomap_iter {
	struct inode *inode;
	loff_t pos;
	u64 len;
	loff_t iter_start_pos;
	int status;
	unsigned flags;
	struct iomap iomap;
	struct iomap srcmap;
	/*
	 * Dirty folios that the file system found for this mapping; NULL: it did not look. An empty
	 * batch is not NULL: "looked and found nothing".
	 */
	struct folio_batch *fbatch;
	/* Where the batch lives when it is not allocated. */
	struct folio_batch onstack;
	void *private;
};

struct iomap_ops {
	int (*iomap_begin)(struct inode *inode, loff_t pos, loff_t length, unsigned flags,
			   struct iomap *iomap, struct iomap *srcmap);
	int (*iomap_end)(struct inode *inode, loff_t pos, loff_t length, long written,
			 unsigned flags, struct iomap *iomap);
};

struct iomap_write_ops {
	bool (*iomap_valid)(struct inode *inode, const struct iomap *iomap);
};

#define IOMAP_IOEND_UNWRITTEN BIT(1)

struct iomap_ioend {
	struct iomap_ioend *io_next;
	u16 io_flags;
	/* Blocks whose zeros behind an old end of the file it writes. */
	u32 io_grow;
	struct inode *io_inode;
	/* Bytes; the size does not pass the i_size that writeback saw when it submitted. */
	u64 io_size;
	loff_t io_offset;
	/* Reserved handle for the conversion, when there is one. */
	handle_t *io_handle;
	/* When every ioend is a work item of its own. */
	struct work_struct io_work;
	struct bio io_bio;
};

struct iomap_writepage_ctx;

struct iomap_writeback_ops {
	long (*writeback_range)(struct iomap_writepage_ctx *wpc, struct folio *folio, u64 pos,
				unsigned int len, u64 end_pos);
	int (*writeback_submit)(struct iomap_writepage_ctx *wpc, int error);
};

struct iomap_writepage_ctx {
	/* The cached mapping; its cookie is what a file system compares before it goes on with it. */
	struct iomap iomap;
	struct inode *inode;
	struct writeback_control *wbc;
	const struct iomap_writeback_ops *ops;
	/* The ioend that is being filled. */
	struct iomap_ioend *wb_ctx;
};
