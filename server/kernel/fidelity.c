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
