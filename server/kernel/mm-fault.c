/*
 * Page faults: one process maps the file shared and stores into it.
 *
 * A store through a writable entry is one step of the process that no lock stops, also while the
 * folio is locked or under writeback. The kernel can only take the write permission away: the next
 * store then faults, and the file system hears of it in page_mkwrite.
 */

/* ---- page table ---------------------------------------------------------- */

/* Takes the write permission away. True if somebody had it, or had stored something. */
__source("mm/rmap.c:folio_mkclean")
bool folio_mkclean(struct folio *folio)
{
	struct pte *pte = &page_table[folio->index];
	bool cleaned;

	/* The walk holds i_mmap_rwsem, and the page table lock at the entry. */
	__atomic {
		cleaned = pte->write || pte->dirty;
		pte->write = false;
		pte->dirty = false;
	}
	return cleaned;
}

/* Every block of the folio, since nobody knows which one was stored into. */
__source("fs/iomap/buffered-io.c:iomap_dirty_folio")
void folio_mark_dirty(struct folio *folio)
{
	/* The bits of the blocks are looked at under the folio lock only. */
	__atomic {
		folio->bdirty = BIT(PAGE_SIZE >> BLKBITS) - 1;
		folio->dirty = true;
		folio->tag_dirty = true;
	}
}

/* Removes the entries at and behind a position; what they stored is kept in the dirty bit. */
__source("mm/memory.c:unmap_mapping_range")
void unmap_mapping_range(struct address_space *mapping, loff_t holebegin)
{
	pgoff_t i;

	for (i = holebegin >> PAGE_SHIFT; i < NR_FOLIOS; i++) {
		/* Under the page table lock. */
		__atomic {
			if (page_table[i].dirty && mapping->i_pages[i])
				folio_mark_dirty(mapping->i_pages[i]);
			page_table[i].present = false;
			page_table[i].write = false;
			page_table[i].dirty = false;
		}
	}
}

/*
 * After i_size has grown: the blocks behind the old end are inside the file now, and the file system
 * has to hear of the next store there. The caller holds i_rwsem.
 */
__source("mm/truncate.c:pagecache_isize_extended")
void pagecache_isize_extended(struct inode *inode, loff_t from, loff_t to)
{
	int bsize = i_blocksize(inode);
	loff_t rounded_from = round_up(from, bsize);
	struct folio *folio;
	u32 offset, end;

	if (from >= to || bsize >= PAGE_SIZE)
		return;
	if (to <= rounded_from || !(rounded_from & (PAGE_SIZE - 1)))
		return;

	folio = filemap_lock_folio(inode->i_mapping, from >> PAGE_SHIFT);
	if (!folio)
		return;
	if (folio_mkclean(folio))
		folio_mark_dirty(folio);

	/* Stores behind the old end were not part of the file. */
	if (folio->dirty) {
		offset = from - folio_pos(folio);
		end = min_t(loff_t, to - folio_pos(folio), folio_size(folio));
		folio_zero_range(folio, offset, end - offset);
	}
	folio_unlock(folio);
}
