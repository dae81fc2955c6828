/*
 * Buffered writes: the generic loop over folios, around what the file system does before and after
 * the copy.
 */

/* Bytes that cannot be read: all of them, or none. */
__source("lib/iov_iter.c:fault_in_iov_iter_readable")
size_t fault_in_iov_iter_readable(const struct iov_iter *i, size_t bytes)
{
	return i->count <= i->unreadable ? bytes : 0;
}

/* One value for all bytes of a buffer; the folio is locked. */
__source("include/linux/uio.h:copy_folio_from_iter_atomic")
__source("lib/iov_iter.c:copy_page_from_iter_atomic")
void copy_folio_from_iter(struct folio *folio, u32 offset, u32 bytes, struct iov_iter *i)
{
	u32 n;

	/* memcpy; what a racing reader of half of it sees is not modelled. */
	__atomic {
		for (n = offset; n < offset + bytes; n++)
			folio->data[n] = i->data;
		i->count -= bytes;
	}
}

/* Devices that compute checksums need pages that do not change under writeback; others do not. */
#define mapping_stable_writes(mapping) false

__source("mm/page-writeback.c:folio_wait_stable")
static inline void folio_wait_stable(struct folio *folio)
{
	if (mapping_stable_writes(folio->mapping))
		folio_wait_writeback(folio);
}

__source("mm/filemap.c:generic_perform_write")
ssize_t generic_perform_write(struct kiocb *iocb, struct iov_iter *i)
{
	struct address_space *mapping = iocb->ki_filp->f_mapping;
	const struct address_space_operations *a_ops = mapping->a_ops;
	loff_t pos = iocb->ki_pos;
	ssize_t written = 0;
	int status;

	while (iov_iter_count(i)) {
		struct folio *folio;
		size_t offset = pos & (PAGE_SIZE - 1);
		size_t bytes = min_t(size_t, PAGE_SIZE - offset, iov_iter_count(i));

		status = a_ops->write_begin(iocb, mapping, pos, bytes, &folio);
		if (status < 0)
			return status;
		copy_folio_from_iter(folio, offset, bytes, i);
		status = a_ops->write_end(iocb, mapping, pos, bytes, bytes, folio);
		if (status < 0)
			return status;
		pos += bytes;
		written += bytes;
	}
	iocb->ki_pos = pos;
	return written;
}
