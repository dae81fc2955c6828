/*
 * Where the real functions keep what they call: `racelore conform` follows functions of these files
 * wherever they are called. All others outside of a function's own file stay unseen.
 */

/* Wrappers from pages to folios. */
__followed("mm/folio-compat.c");
__followed("include/linux/pagemap.h");
__followed("include/linux/fs.h");
__followed("include/linux/jbd2.h");
__followed("fs/ext4/ext4_jbd2.h");
__followed("fs/ext4/ext4_jbd2.c");
__followed("include/linux/rmap.h");
__followed("include/linux/highmem.h");
__followed("include/linux/percpu-rwsem.h");
/* What the file system and the journal call across their own files. */
__followed("fs/ext4/ext4.h");
__followed("fs/ext4/extents.c");
__followed("fs/ext4/inode.c");
__followed("fs/jbd2/transaction.c");
__followed("mm/filemap.c");
__followed("fs/buffer.c");
