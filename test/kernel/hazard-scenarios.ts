/** Scenarios of one choice of the model each, named T. */

const head = (size: string): string => `/* One choice. */
__scenario("T", "a choice of the model");
__on("7.1");
${size}
`;
const PAGE_OF_TWO =
  '#define NR_FOLIOS 2\n#define PAGE_SHIFT 1\n#define BLKBITS 1\n#define COMMITS 0';
const TWO_BLOCKS =
  '#define NR_FOLIOS 1\n#define PAGE_SHIFT 2\n#define BLKBITS 1\n#define COMMITS 0';
const PAGES_OF_ONE = '#define NR_FOLIOS 2\n#define PAGE_SHIFT 0\n#define BLKBITS 0';

/** A file has grown within its last block since that was submitted. */
export const GROWN_IN_BLOCK = `${head(PAGE_OF_TWO)}
__setup
static void grown(void)
{
	inode.i_size = 1;
	inode.ext4.i_disksize = 0;
	start_extent(0, EXTENT_STATUS_WRITTEN);
	start_extent(1, EXTENT_STATUS_HOLE);
	start_folio(0);
	start_dirty_block(0);
	filemap_flush(inode.i_mapping);
	inode.i_size = 2;
}
__thread("fsync")
static void wait_for_it(void)
{
	filemap_fdatawait_range(inode.i_mapping, 0, 0);
}
__finally
static void size_is_there(void)
{
	__assert(inode.ext4.i_disksize == inode.i_size, "i_disksize is i_size");
}
`;

/** truncate(2) into a clean, written block. */
export const CUT_IN_BLOCK = `${head(PAGE_OF_TWO)}
__setup
static void written(void)
{
	start_extent(0, EXTENT_STATUS_WRITTEN);
	start_extent(1, EXTENT_STATUS_HOLE);
	start_folio(0);
}
__thread("truncate")
static void cut(void)
{
	struct iattr attr = { .ia_size = 1 };

	inode_lock(&inode);
	ext4_setattr(&inode, &attr);
	inode_unlock(&inode);
}
__finally
static void only_memory_is_zero(void)
{
	__assert(!folio[0].data[1] && disk_data[1] == DATA_OLD && !folio[0].dirty,
		 "the cut part is zero in memory, and nobody writes it");
}
`;

/** A file grows over the second block of a clean folio that nobody has mapped. */
export const GROWN_CLEAN = `${head(TWO_BLOCKS)}
__setup
static void clean(void)
{
	inode.i_size = 1;
	inode.ext4.i_disksize = 1;
	start_extent(0, EXTENT_STATUS_WRITTEN);
	start_extent(1, EXTENT_STATUS_HOLE);
	start_folio(0);
}
__thread("truncate")
static void grow(void)
{
	inode_lock(&inode);
	ext4_extend_size(&inode, 1, 4);
	inode_unlock(&inode);
}
__finally
static void nothing_to_write(void)
{
	__assert(!folio[0].dirty && folio[0].data[1] == DATA_OLD, "the folio is clean, and not zeroed");
}
`;

/** The commit writes ordered data and finds their folio locked by who waits for a handle. */
export const ORDERED_FOLIO = `${head(PAGES_OF_ONE)}
#define COMMITS 1
#define ORDERED_DATA 1
__setup
static void delayed(void)
{
	start_extent(0, EXTENT_STATUS_DELAYED);
	start_extent(1, EXTENT_STATUS_HOLE);
	start_folio(0);
	start_dirty_block(0);
}
__thread("append")
static void order(void)
{
	handle_t *handle = ext4_journal_start(&inode, EXT4_HT_INODE, 1);

	jbd2_journal_inode_ranged_write(handle, &inode);
	ext4_journal_stop(handle);
}
__thread("flusher")
static void folio_before_handle(void)
{
	folio_lock(&folio[0]);
	ext4_journal_stop(ext4_journal_start(&inode, EXT4_HT_WRITE_PAGE, 1));
	folio_unlock(&folio[0]);
}
`;

/** Memory is short in a handle, and the inode that goes waits for the commit of its data. */
export const RECLAIM_IN_HANDLE = `${head(PAGES_OF_ONE)}
#define COMMITS 0
#define RECLAIM 1
static inline bool ext4_should_journal_data(struct inode *inode)
{
	return ext4_test_inode_flag(inode, EXT4_INODE_JOURNAL_DATA);
}
__setup
static void unused(void)
{
	unused_dentry = __alloc(ext4_inode_cachep);
	unused_dentry->i_sb = &super_block;
	unused_dentry->i_mapping = &unused_dentry->i_data;
	unused_dentry->i_data.host = unused_dentry;
	unused_dentry->i_nlink = 1;
	unused_dentry->i_state = I_DONTCACHE;
	unused_dentry->ext4.i_flags = BIT(EXT4_INODE_JOURNAL_DATA);
	ext4_set_aops(unused_dentry);
	unused_dentry->ext4.i_datasync_tid = jbd2_get_transaction(&journal)->t_tid;
}
__thread("create")
static void allocate(void)
{
	handle_t *handle = ext4_journal_start(&inode, EXT4_HT_INODE, 1);

	might_alloc(GFP_KERNEL);
	ext4_journal_stop(handle);
}
`;

/** Two open files, one error. */
export const TWO_FILES = `${head(PAGES_OF_ONE)}
#define COMMITS 0
static struct file a, b;
static int first, again, other;
__setup
static void open_files(void)
{
	a.f_mapping = inode.i_mapping;
	b.f_mapping = inode.i_mapping;
}
__thread("fsync")
static void ask(void)
{
	errseq_set(&inode.i_mapping->wb_err, -EIO);
	first = file_check_and_advance_wb_err(&a);
	again = file_check_and_advance_wb_err(&a);
	other = file_check_and_advance_wb_err(&b);
}
__finally
static void once_a_file(void)
{
	__assert(first == -EIO && !again && other == -EIO, "each file hears of it once");
}
`;
