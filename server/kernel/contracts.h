/*
 * Contracts: what functions of Linux do to what their callers hold, for reading kernel C. Nothing here
 * runs. A body says it as the model kernel does: __wait and __spin are where it waits, __acquire and
 * __release what it takes and gives back; a lock that is taken by spinning must not be slept under.
 * A declaration says it with the kernel's own annotations. A file `.racelore/contracts.h` adds to them.
 */

/* ---- error numbers that the model does not use --------------------------- */

#define EPERM 1
#define ENOENT 2
#define EINTR 4
#define ENXIO 6
#define E2BIG 7
#define EBADF 9
#define EACCES 13
#define EEXIST 17
#define EXDEV 18
#define ENODEV 19
#define ENOTDIR 20
#define EISDIR 21
#define EFBIG 27
#define EMLINK 31
#define ERANGE 34
#define EDEADLK 35
#define ENOTEMPTY 39
#define ENODATA 61
#define EOVERFLOW 75
#define EILSEQ 84
#define EUCLEAN 117
#define EFSCORRUPTED EUCLEAN
#define EFSBADCRC 74
#define EDQUOT 122
#define ESTALE 116
#define ECANCELED 125
#define ERESTARTSYS 512

/* ---- allocation flags ---------------------------------------------------- */

#define __GFP_HIGH 0x20u
#define __GFP_IO 0x40u
#define __GFP_FS 0x80u
#define __GFP_ZERO 0x100u
#define __GFP_DIRECT_RECLAIM 0x400u
#define __GFP_KSWAPD_RECLAIM 0x800u
#define __GFP_NOWARN 0x2000u
#define __GFP_RETRY_MAYFAIL 0x4000u
#define __GFP_NOFAIL 0x8000u
#define __GFP_NORETRY 0x10000u
#define __GFP_ACCOUNT 0x400000u
#define __GFP_RECLAIM (__GFP_DIRECT_RECLAIM | __GFP_KSWAPD_RECLAIM)
#define GFP_ATOMIC (__GFP_HIGH | __GFP_KSWAPD_RECLAIM)
#define GFP_KERNEL (__GFP_RECLAIM | __GFP_IO | __GFP_FS)
#define GFP_KERNEL_ACCOUNT (GFP_KERNEL | __GFP_ACCOUNT)
#define GFP_NOWAIT __GFP_KSWAPD_RECLAIM
#define GFP_NOIO __GFP_RECLAIM
#define GFP_NOFS (__GFP_RECLAIM | __GFP_IO)
#define GFP_USER (__GFP_RECLAIM | __GFP_IO | __GFP_FS)
#define GFP_HIGHUSER GFP_USER

/* ---- ends of the world --------------------------------------------------- */

/* Nothing behind them is reached. */
#define BUG()                                                                                      \
	do {                                                                                       \
		for (;;)                                                                           \
			;                                                                          \
	} while (0)
#define panic(fmt, ...) BUG()
#define unreachable() BUG()

/* ---- names that stand for themselves ------------------------------------- */

#define EXT4_I(inode) EXT4_I(inode)
#define EXT4_SB(sb) EXT4_SB(sb)
#define VFS_I(ip) VFS_I(ip)
#define XFS_I(inode) XFS_I(inode)
#define BTRFS_I(inode) BTRFS_I(inode)
#define file_inode(file) ((file)->f_inode)
#define d_inode(dentry) ((dentry)->d_inode)

/* What was locked by either name is locked still. */
#define swap(a, b) either_way(a, b)
void either_way(unsigned long a, unsigned long b) {}

/* ---- sleeping ------------------------------------------------------------ */

void might_sleep(void) __sleeps("sleeps");
void might_fault(void) __sleeps("may fault");
void cond_resched(void) __sleeps("gives up the CPU");
void msleep(unsigned int msecs) __sleeps("sleeps");
void ssleep(unsigned int seconds) __sleeps("sleeps");
void usleep_range(unsigned long min, unsigned long max) __sleeps("sleeps");
long schedule_timeout_uninterruptible(long timeout) __sleeps("sleeps");
long schedule_timeout_interruptible(long timeout) __sleeps("sleeps");
void synchronize_srcu(struct srcu_struct *ssp) __sleeps("waits for readers");
void rcu_barrier(void) __sleeps("waits for callbacks");
bool flush_work(struct work_struct *work) __sleeps("waits for work");
void flush_workqueue(struct workqueue_struct *wq) __sleeps("waits for work");
void drain_workqueue(struct workqueue_struct *wq) __sleeps("waits for work");
void destroy_workqueue(struct workqueue_struct *wq) __sleeps("waits for work");
bool cancel_work_sync(struct work_struct *work) __sleeps("waits for work");
bool cancel_delayed_work_sync(struct delayed_work *dwork) __sleeps("waits for work");
int kthread_stop(struct task_struct *k) __sleeps("waits for a thread");
int filemap_write_and_wait(struct address_space *mapping) __sleeps("waits for writeback");
int filemap_write_and_wait_range(struct address_space *mapping, loff_t lstart, loff_t lend)
	__sleeps("waits for writeback");
int filemap_fdatawait(struct address_space *mapping) __sleeps("waits for writeback");
int filemap_fdatawait_range(struct address_space *mapping, loff_t start, loff_t end)
	__sleeps("waits for writeback");
int filemap_fdatawrite(struct address_space *mapping) __sleeps("starts writeback");
int filemap_fdatawrite_range(struct address_space *mapping, loff_t start, loff_t end)
	__sleeps("starts writeback");
int filemap_flush(struct address_space *mapping) __sleeps("starts writeback");
void folio_wait_writeback(struct folio *folio) __sleeps("waits for writeback");
void inode_dio_wait(struct inode *inode) __sleeps("waits for direct I/O");
int sync_blockdev(struct block_device *bdev) __sleeps("waits for writeback");
int sync_dirty_buffer(struct buffer_head *bh) __sleeps("waits for I/O");
int sync_filesystem(struct super_block *sb) __sleeps("waits for writeback");
int submit_bio_wait(struct bio *bio) __sleeps("waits for I/O");
int blkdev_issue_flush(struct block_device *bdev) __sleeps("waits for I/O");
struct buffer_head *sb_bread(struct super_block *sb, sector_t block) __sleeps("waits for I/O");
struct buffer_head *__bread(struct block_device *bdev, sector_t block, unsigned int size)
	__sleeps("waits for I/O");
void truncate_inode_pages(struct address_space *mapping, loff_t lstart)
	__sleeps("waits for writeback");
void truncate_inode_pages_range(struct address_space *mapping, loff_t lstart, loff_t lend)
	__sleeps("waits for writeback");
void truncate_pagecache(struct inode *inode, loff_t newsize) __sleeps("waits for writeback");
int invalidate_inode_pages2(struct address_space *mapping) __sleeps("waits for writeback");
void balance_dirty_pages_ratelimited(struct address_space *mapping)
	__sleeps("waits for writeback");
unsigned long copy_to_user(void *to, const void *from, unsigned long n) __sleeps("may fault");
unsigned long copy_from_user(void *to, const void *from, unsigned long n) __sleeps("may fault");
int wait_on_buffer(struct buffer_head *bh) __sleeps("waits for I/O");
void wait_on_page_writeback(struct page *page) __sleeps("waits for writeback");
void vfree_sync(const void *addr) __sleeps("sleeps");
void *vmalloc(unsigned long size) __sleeps("allocates");
void *vzalloc(unsigned long size) __sleeps("allocates");

/* ---- allocation: sleeps when it may reclaim ------------------------------ */

static inline void might_alloc(gfp_t flags)
{
	if (flags & __GFP_DIRECT_RECLAIM)
		might_sleep();
}

void *kmalloc(size_t size, gfp_t flags) { might_alloc(flags); return fresh_memory(); }
void *kzalloc(size_t size, gfp_t flags) { might_alloc(flags); return fresh_memory(); }
void *kmalloc_node(size_t size, gfp_t flags, int node) { might_alloc(flags); return fresh_memory(); }
void *kcalloc(size_t n, size_t size, gfp_t flags) { might_alloc(flags); return fresh_memory(); }
void *kmalloc_array(size_t n, size_t size, gfp_t flags) { might_alloc(flags); return fresh_memory(); }
void *krealloc(const void *p, size_t size, gfp_t flags) { might_alloc(flags); return fresh_memory(); }
void *kmemdup(const void *p, size_t size, gfp_t flags) { might_alloc(flags); return fresh_memory(); }
char *kstrdup(const char *s, gfp_t flags) { might_alloc(flags); return fresh_memory(); }
char *kasprintf(gfp_t flags, const char *fmt) { might_alloc(flags); return fresh_memory(); }
void *kvmalloc(size_t size, gfp_t flags) { might_alloc(flags); return fresh_memory(); }
void *kvzalloc(size_t size, gfp_t flags) { might_alloc(flags); return fresh_memory(); }
void *kvcalloc(size_t n, size_t size, gfp_t flags) { might_alloc(flags); return fresh_memory(); }
void *kvmalloc_array(size_t n, size_t size, gfp_t flags) { might_alloc(flags); return fresh_memory(); }
void *kmem_cache_alloc(struct kmem_cache *s, gfp_t flags) { might_alloc(flags); return fresh_memory(); }
void *kmem_cache_zalloc(struct kmem_cache *s, gfp_t flags) { might_alloc(flags); return fresh_memory(); }
struct page *alloc_page(gfp_t flags) { might_alloc(flags); return fresh_memory(); }
struct page *alloc_pages(gfp_t flags, unsigned int order) { might_alloc(flags); return fresh_memory(); }
unsigned long __get_free_page(gfp_t flags) { might_alloc(flags); return fresh_memory(); }
unsigned long get_zeroed_page(gfp_t flags) { might_alloc(flags); return fresh_memory(); }
void *mempool_alloc(mempool_t *pool, gfp_t flags) { might_alloc(flags); return fresh_memory(); }
struct bio *bio_alloc(struct block_device *bdev, unsigned short nr, blk_opf_t opf, gfp_t flags)
{
	might_alloc(flags);
	return fresh_memory();
}
int radix_tree_preload(gfp_t flags) { might_alloc(flags); return preloaded(); }

/* ---- what is asserted is held -------------------------------------------- */

void lockdep_assert_held(void *lock) __must_hold(lock);
void lockdep_assert_held_write(void *lock) __must_hold(lock);
void lockdep_assert_held_read(void *lock) __must_hold_shared(lock);
void lockdep_assert_held_once(void *lock) __must_hold(lock);
void assert_spin_locked(void *lock) __must_hold(lock);
void assert_raw_spin_locked(void *lock) __must_hold(lock);
void rwsem_assert_held(void *sem) __must_hold(sem);
void rwsem_assert_held_write(void *sem) __must_hold(sem);
