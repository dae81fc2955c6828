/*
 * Buffered reads: a folio that is not in the page cache is added, locked, and filled from the disk.
 */

/*
 * Adds a folio and reads it. What removes folios and then blocks holds invalidate_lock over both: without it
 * here a folio may come back between the two, with data of a block that goes.
 */
__source("mm/filemap.c:filemap_create_folio")
static int filemap_create_folio(struct file *file, struct address_space *mapping, pgoff_t index)
{
	struct folio *folio;

	if (__since("730633f0b7f9", "2021-07-13"))
		filemap_invalidate_lock_shared(mapping);
	folio = filemap_grab_folio(mapping, index);
	if (__since("730633f0b7f9", "2021-07-13"))
		filemap_invalidate_unlock_shared(mapping);
	folio_unlock(folio);
	return 0;
}

/* One folio, without i_rwsem; what is copied to the user is not looked at. */
__source("mm/filemap.c:filemap_get_pages")
int filemap_get_pages(struct kiocb *iocb)
{
	struct file *filp = iocb->ki_filp;
	struct address_space *mapping = filp->f_mapping;
	pgoff_t index = iocb->ki_pos >> PAGE_SHIFT;

	if (iocb->ki_pos >= i_size_read(mapping->host))
		return 0;
	if (filemap_get_folio(mapping, index))
		return 0;
	return filemap_create_folio(filp, mapping, index);
}
