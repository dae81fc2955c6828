/*
 * Kernel versions that a run can be made on. A profile turns on every change that is not younger
 * than its date. The date of a change is that of the merge window in which it went upstream; for
 * changes that were only posted, the day of the posting.
 */

/* A long-term kernel: ext4 writes through buffer_heads only, and zeroes inside the handle. */
__profile("6.1", "2022-12-11");

/* Delayed extents are added with i_data_sem held for writing; what it was before is not looked up again. */
__profile("6.9", "2024-05-12");

/*
 * The kernels that the patches of July 2025 were written against: ext4 zeroes partial blocks
 * through buffer_heads and inside the handle, folio batches come from kmalloc, and every mapping
 * that is a hole or unwritten is flushed when its range is dirty.
 */
__profile("2025-07", "2025-07-14");

/* The second version of the series that brings ext4's regular files to iomap. */
__profile("2026-02", "2026-02-03");

/* ext4 zeroes through iomap for inodes on the iomap path; the batch is on the stack. */
__profile("7.0", "2026-04-12");

/* Zeroing has moved out of the handle; holes are not flushed. */
__profile("7.1", "2026-06-14");
