/*
 * Truncation of the page cache: whole folios go, after their writeback, and parts of folios are zeroed.
 */

/* Whatever the file system keeps for a locked folio that goes. */
__source("mm/truncate.c:folio_invalidate")
static void folio_invalidate(struct folio *folio)
{
	const struct address_space_operations *aops = folio->mapping->a_ops;

	if (aops->invalidate_folio)
		aops->invalidate_folio(folio);
}

/* The folio is locked, and its caller holds the i_pages lock: a part of the caller's step. */
__source("mm/filemap.c:__filemap_remove_folio")
static void __filemap_remove_folio(struct folio *folio)
{
	/* Its tag goes with its slot, and the state of its blocks with the folio. */
	folio->tag_dirty = false;
	folio->bdirty = 0;
	folio->mapping->i_pages[folio->index] = NULL;
	folio->mapping = NULL;
}

__source("mm/truncate.c:truncate_inode_folio")
static void truncate_inode_folio(struct address_space *mapping, struct folio *folio)
{
	/* Locked and not under writeback; the folio leaves the cache under the i_pages lock. */
	__atomic {
		unmap_mapping_folio(folio);
		folio->dirty = false;
		__filemap_remove_folio(folio);
	}
}

/* Zeroes the cut part in memory. Does not dirty the folio. */
__source("mm/truncate.c:truncate_inode_partial_folio")
static void truncate_inode_partial_folio(struct folio *folio, loff_t start, loff_t end)
{
	loff_t pos = folio_pos(folio);
	u32 offset = start < pos ? 0 : start - pos;
	u32 last = end >= pos + folio_size(folio) ? folio_size(folio) - 1 : end - pos;

	folio_wait_writeback(folio);
	folio_zero_range(folio, offset, last - offset + 1);
}

static void truncate_edge(struct address_space *mapping, pgoff_t index, loff_t lstart,
			  loff_t lend)
{
	struct folio *folio = filemap_lock_folio(mapping, index);

	if (!folio)
		return;
	truncate_inode_partial_folio(folio, lstart, lend);
	folio_unlock(folio);
}

/* Removes the whole folios of the range, then zeroes its parts of the first and last folio. */
__source("mm/truncate.c:truncate_inode_pages_range")
void truncate_inode_pages_range(struct address_space *mapping, loff_t lstart, loff_t lend)
{
	pgoff_t start = (lstart + PAGE_SIZE - 1) >> PAGE_SHIFT;
	pgoff_t end = (lend + 1) >> PAGE_SHIFT;
	struct folio *folio;
	pgoff_t index;

	for (index = start; index < end; index++) {
		folio = filemap_lock_folio(mapping, index);
		if (!folio)
			continue;
		folio_wait_writeback(folio);
		if (JOURNALLED_DATA)
			folio_invalidate(folio);
		truncate_inode_folio(mapping, folio);
		folio_unlock(folio);
	}
	if (lstart & (PAGE_SIZE - 1))
		truncate_edge(mapping, lstart >> PAGE_SHIFT, lstart, lend);
	if (((lend + 1) & (PAGE_SIZE - 1)) &&
	    (!(lstart & (PAGE_SIZE - 1)) || lend >> PAGE_SHIFT != lstart >> PAGE_SHIFT))
		truncate_edge(mapping, lend >> PAGE_SHIFT, lstart, lend);
}

__source("mm/truncate.c:truncate_pagecache_range")
void truncate_pagecache_range(struct inode *inode, loff_t lstart, loff_t lend)
{
	loff_t unmap_start = round_up(lstart, PAGE_SIZE);
	loff_t unmap_end = round_down(lend + 1, PAGE_SIZE) - 1;

	if (unmap_end > unmap_start)
		unmap_mapping_range(inode->i_mapping, unmap_start, unmap_end - unmap_start + 1);
	truncate_inode_pages_range(inode->i_mapping, lstart, lend);
}
