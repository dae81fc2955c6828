/*
 * Page cache beside direct I/O: what is cached is written back and dropped before a direct write,
 * dropped once more after it, and what cannot be dropped then is an error that the next fsync of
 * every open file reports.
 */

/* ---- errors of writeback ------------------------------------------------- */

#define MAX_ERRNO 4095
#define ERRSEQ_SEEN BIT(12)
#define ERRSEQ_CTR_INC BIT(13)

/* The counter goes on only if somebody has seen the error before. */
__source("lib/errseq.c:errseq_set")
errseq_t errseq_set(errseq_t *eseq, int err)
{
	errseq_t new;

	/* A compare-and-exchange loop. */
	__atomic {
		new = (*eseq & ~(MAX_ERRNO | ERRSEQ_SEEN)) | -err;
		if (*eseq & ERRSEQ_SEEN)
			new += ERRSEQ_CTR_INC;
		*eseq = new;
	}
	return new;
}

__source("lib/errseq.c:errseq_check_and_advance")
int errseq_check_and_advance(errseq_t *eseq, errseq_t *since)
{
	int err = 0;

	/* A compare-and-exchange; the file's f_lock covers the other value. */
	__atomic {
		if (*eseq != *since) {
			*eseq |= ERRSEQ_SEEN;
			err = -(*eseq & MAX_ERRNO);
			*since = *eseq;
		}
	}
	return err;
}

__source("mm/filemap.c:file_check_and_advance_wb_err")
int file_check_and_advance_wb_err(struct file *file)
{
	return errseq_check_and_advance(&file->f_mapping->wb_err, &file->f_wb_err);
}

__source("mm/filemap.c:file_write_and_wait_range")
int file_write_and_wait_range(struct file *file, loff_t lstart, loff_t lend)
{
	int err = filemap_write_and_wait_range(file->f_mapping, lstart, lend);
	int err2 = file_check_and_advance_wb_err(file);

	return err ? err : err2;
}

/* ---- invalidation -------------------------------------------------------- */

__source("mm/filemap.c:filemap_range_has_page")
bool filemap_range_has_page(struct address_space *mapping, loff_t start_byte, loff_t end_byte)
{
	bool found = false;
	pgoff_t i;

	/* A walk under rcu_read_lock(). */
	__atomic {
		for (i = start_byte >> PAGE_SHIFT; i <= end_byte >> PAGE_SHIFT; i++)
			if (mapping->i_pages[i])
				found = true;
	}
	return found;
}

/* The folio is locked and not under writeback. False: dirty, it has to stay. */
__source("mm/truncate.c:invalidate_complete_folio2")
static bool invalidate_complete_folio2(struct address_space *mapping, struct folio *folio)
{
	bool dirty;

	/* Under the i_pages lock. */
	__atomic {
		dirty = folio->dirty;
		if (!dirty)
			__filemap_remove_folio(folio);
	}
	return !dirty;
}

/* Removes the folios of a range. -EBUSY: one of them was dirty and stays. */
__source("mm/truncate.c:invalidate_inode_pages2_range")
int invalidate_inode_pages2_range(struct address_space *mapping, pgoff_t start, pgoff_t end)
{
	struct folio *folio;
	pgoff_t index;
	int ret = 0;

	/* Also where no folio is under writeback, or there at all. */
	forbid_in_own_completion(mapping->host);
	for (index = start; index <= end; index++) {
		folio = filemap_lock_folio(mapping, index);
		if (!folio)
			continue;
		folio_wait_writeback(folio);
		if (!invalidate_complete_folio2(mapping, folio))
			ret = -EBUSY;
		folio_unlock(folio);
	}
	return ret;
}

/* Best effort: a folio that is dirty, locked or under writeback stays. */
__source("mm/truncate.c:invalidate_mapping_pages")
void invalidate_mapping_pages(struct address_space *mapping, pgoff_t start, pgoff_t end)
{
	struct folio *folio;
	pgoff_t index;

	for (index = start; index <= end; index++) {
		/* trylock, tests, removal, unlock: nobody can do anything to the folio in between. */
		__atomic {
			folio = mapping->i_pages[index];
			if (folio && !folio->locked && !folio->dirty && !folio->writeback)
				truncate_inode_folio(mapping, folio);
		}
	}
}

/* ---- before and after a direct write ------------------------------------- */

__source("mm/filemap.c:kiocb_invalidate_pages")
int kiocb_invalidate_pages(struct kiocb *iocb, size_t count)
{
	struct address_space *mapping = iocb->ki_filp->f_mapping;
	loff_t pos = iocb->ki_pos;
	loff_t end = pos + count - 1;
	int ret;

	if (iocb->ki_flags & IOCB_NOWAIT) {
		if (filemap_range_has_page(mapping, pos, end))
			return -EAGAIN;
	} else {
		ret = filemap_write_and_wait_range(mapping, pos, end);
		if (ret)
			return ret;
	}
	return invalidate_inode_pages2_range(mapping, pos >> PAGE_SHIFT, end >> PAGE_SHIFT);
}

__source("mm/filemap.c:dio_warn_stale_pagecache")
static void dio_warn_stale_pagecache(struct file *filp)
{
	errseq_set(&filp->f_mapping->wb_err, -EIO);
}

/* A reader or a fault may have brought old data back into the cache. */
__source("mm/filemap.c:kiocb_invalidate_post_direct_write")
void kiocb_invalidate_post_direct_write(struct kiocb *iocb, size_t count)
{
	struct address_space *mapping = iocb->ki_filp->f_mapping;
	loff_t pos = iocb->ki_pos;
	loff_t end = pos + count - 1;

	if (invalidate_inode_pages2_range(mapping, pos >> PAGE_SHIFT, end >> PAGE_SHIFT))
		dio_warn_stale_pagecache(iocb->ki_filp);
}
