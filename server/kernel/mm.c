/*
 * Page cache of one file: folios with their lock, dirty and writeback bits, lookups and the generic
 * part of writeback.
 *
 * A folio is found by its index in address_space.i_pages; a folio that truncate has removed has
 * no mapping any more. The writeback tag of the real xarray is the folio's own bit here; the dirty tag
 * is not: lookups find a folio that is locked between the end of its dirty bit and its writeback bit.
 */

__source("include/linux/pagemap.h:folio_pos")
static inline loff_t folio_pos(struct folio *folio)
{
	return folio->index << PAGE_SHIFT;
}

__source("include/linux/mm.h:folio_size")
static inline u32 folio_size(struct folio *folio)
{
	return PAGE_SIZE;
}

__source("include/linux/mm.h:offset_in_folio")
static inline u32 offset_in_folio(struct folio *folio, loff_t pos)
{
	return pos & (PAGE_SIZE - 1);
}

__source("include/linux/pagemap.h:folio_lock")
__source("include/linux/pagemap.h:lock_page")
void folio_lock(struct folio *folio)
{
	/* test_and_set_bit(PG_locked); a woken sleeper tries again. */
	__atomic {
		__wait(!folio->locked, "folio lock", folio);
		folio->locked = __current();
		__acquire(folio, "folio lock");
	}
}

__source("mm/filemap.c:folio_unlock")
void folio_unlock(struct folio *folio)
{
	/* clear_bit_unlock(PG_locked). */
	__atomic {
		folio->locked = 0;
		__release(folio, "folio lock");
	}
}

__source("mm/page-writeback.c:folio_wait_writeback")
void folio_wait_writeback(struct folio *folio)
{
	/* The bit is tested under the lock of its wait queue; who asks is looked at in the same step. */
	__atomic {
		__wait(!folio->writeback, "writeback", folio);
		if (folio->mapping)
			forbid_in_own_completion(folio->mapping->host);
	}
}

__source("mm/page-writeback.c:__folio_start_writeback")
void folio_start_writeback(struct folio *folio)
{
	/* The bit and the tag change under the i_pages lock. */
	__atomic {
		__assert(!folio->writeback, "folio is not under writeback yet");
		folio->writeback = true;
		if (!folio->dirty)
			folio->tag_dirty = false;
	}
}

__source("mm/filemap.c:folio_end_writeback")
void folio_end_writeback(struct folio *folio)
{
	/* The bit and the tag change under the i_pages lock. */
	__atomic {
		__assert(folio->writeback, "folio is under writeback");
		folio->writeback = false;
	}
}

__source("mm/page-writeback.c:filemap_dirty_folio")
void filemap_dirty_folio(struct address_space *mapping, struct folio *folio)
{
	/* TestSetPageDirty; the tag under the i_pages lock. */
	__atomic {
		folio->dirty = true;
		folio->tag_dirty = true;
	}
}

__source("mm/page-writeback.c:folio_clear_dirty_for_io")
bool folio_clear_dirty_for_io(struct folio *folio)
{
	bool dirty;

	/* TestClearPageDirty; the folio lock keeps entries from becoming writable in between. */
	__atomic {
		if (folio_mkclean(folio))
			folio_mark_dirty(folio);
		dirty = folio->dirty;
		folio->dirty = false;
	}
	return dirty;
}

__source("include/linux/highmem.h:folio_zero_range")
__source("include/linux/highmem.h:zero_user")
void folio_zero_range(struct folio *folio, u32 start, u32 length)
{
	u32 i;

	/* memset; what a racing reader of half of it sees is not modelled. */
	__atomic {
		for (i = start; i < start + length; i++)
			folio->data[i] = 0;
	}
}

static inline void folio_mark_accessed(struct folio *folio)
{
}

__source("include/linux/pagevec.h:folio_batch_init")
void folio_batch_init(struct folio_batch *fbatch)
{
	fbatch->nr = 0;
	fbatch->i = 0;
}

__source("include/linux/pagevec.h:folio_batch_next")
struct folio *folio_batch_next(struct folio_batch *fbatch)
{
	if (fbatch->i == fbatch->nr)
		return NULL;
	return fbatch->folios[fbatch->i++];
}

__source("mm/filemap.c:__filemap_get_folio")
struct folio *filemap_get_folio(struct address_space *mapping, pgoff_t index)
{
	return mapping->i_pages[index];
}

/* NULL when the cache has no folio there. */
__source("mm/filemap.c:__filemap_get_folio")
__source("include/linux/pagemap.h:find_lock_page")
struct folio *filemap_lock_folio(struct address_space *mapping, pgoff_t index)
{
	struct folio *folio;

	/*
	 * Lookup, lock, and once more if the folio was removed in between: that loop ends with the
	 * folio which is in the cache when its lock is taken.
	 */
	__atomic {
		__wait(!mapping->i_pages[index] || !mapping->i_pages[index]->locked,
		       "folio lock", mapping->i_pages[index]);
		folio = mapping->i_pages[index];
		if (folio) {
			folio->locked = __current();
			__acquire(folio, "folio lock");
		}
	}
	return folio;
}

/*
 * Puts a folio into the cache and locks it, as FGP_CREAT | FGP_LOCK does; its content is read here
 * and not where the first partial write needs it.
 */
__source("mm/filemap.c:__filemap_get_folio")
__source("include/linux/pagemap.h:find_or_create_page")
__source("mm/folio-compat.c:grab_cache_page_write_begin")
static struct folio *filemap_grab_folio(struct address_space *mapping, pgoff_t index)
{
	struct folio *new = &folio[index];
	struct folio *folio = filemap_lock_folio(mapping, index);

	if (folio)
		return folio;
	/* A new folio is locked before the i_pages lock lets others find it. */
	__atomic {
		__wait(!new->locked, "folio lock", new);
		new->locked = __current();
		__acquire(new, "folio lock");
		new->mapping = mapping;
		mapping->i_pages[index] = new;
	}
	mapping->a_ops->read_folio(new);
	return new;
}

/* ---- lookups of dirty folios --------------------------------------------- */

/* Anything in the whole mapping that carries one of the two tags? */
static bool mapping_needs_writeback(struct address_space *mapping)
{
	bool tagged = false;
	pgoff_t i;

	/* The two tags of the root of the xarray. */
	__atomic {
		for (i = 0; i < NR_FOLIOS; i++)
			if (mapping->i_pages[i] &&
			    (mapping->i_pages[i]->tag_dirty || mapping->i_pages[i]->writeback))
				tagged = true;
	}
	return tagged;
}

__source("mm/filemap.c:filemap_range_has_writeback")
static bool filemap_range_has_writeback(struct address_space *mapping, loff_t start_byte,
					loff_t end_byte)
{
	struct folio *folio;
	bool found = false;
	pgoff_t i;

	/* A walk under rcu_read_lock(); what changes during it could as well change after it. */
	__atomic {
		for (i = start_byte >> PAGE_SHIFT; i <= end_byte >> PAGE_SHIFT; i++) {
			folio = mapping->i_pages[i];
			if (folio && (folio->dirty || folio->locked || folio->writeback))
				found = true;
		}
	}
	return found;
}

/*
 * Is there a folio in the range that is dirty, under writeback or locked? Whole folios count,
 * also when only other blocks of the folio are dirty.
 */
__source("include/linux/pagemap.h:filemap_range_needs_writeback")
bool filemap_range_needs_writeback(struct address_space *mapping, loff_t start_byte,
				   loff_t end_byte)
{
	if (!mapping_needs_writeback(mapping))
		return false;
	return filemap_range_has_writeback(mapping, start_byte, end_byte);
}

__source("mm/filemap.c:filemap_get_folios_dirty")
u32 filemap_get_folios_dirty(struct address_space *mapping, pgoff_t *start, pgoff_t end,
			     struct folio_batch *fbatch)
{
	struct folio *folio;

	for (; *start <= end; (*start)++) {
		/* trylock, two tests, unlock: nobody can do anything to the folio in between. */
		__atomic {
			folio = mapping->i_pages[*start];
			if (folio && (folio->locked || folio->dirty || folio->writeback))
				fbatch->folios[fbatch->nr++] = folio;
		}
	}
	return fbatch->nr;
}

/* ---- writeback ----------------------------------------------------------- */

static struct folio *writeback_get_folio(struct address_space *mapping,
					 struct writeback_control *wbc)
{
	struct folio *folio = NULL;

	/* filemap_get_folios_tag(): a walk over the dirty tag. */
	__atomic {
		while (!folio && wbc->index <= wbc->range_end >> PAGE_SHIFT) {
			folio = mapping->i_pages[wbc->index];
			if (folio && !folio->tag_dirty)
				folio = NULL;
			wbc->index++;
		}
	}
	return folio;
}

/* The folio is locked. False: removed, clean, or under writeback and not to be waited for. */
__source("mm/page-writeback.c:folio_prepare_writeback")
static bool folio_prepare_writeback(struct address_space *mapping, struct writeback_control *wbc,
				    struct folio *folio)
{
	bool writeback, dirty = false;

	/* Under the folio lock it is neither removed nor dirtied nor put under writeback. */
	__atomic {
		writeback = folio->writeback;
		if (folio->mapping == mapping)
			dirty = folio->dirty;
		if (dirty && !writeback)
			folio_clear_dirty_for_io(folio);
	}
	/* A clean folio was written by somebody else: that writeback is not waited for. */
	if (!writeback || !dirty)
		return dirty;
	if (wbc->sync_mode == WB_SYNC_NONE)
		return false;
	folio_wait_writeback(folio);
	return folio_clear_dirty_for_io(folio);
}

/* The next dirty folio of the range, locked and with its dirty bit cleared. */
__source("mm/page-writeback.c:writeback_iter")
struct folio *writeback_iter(struct address_space *mapping, struct writeback_control *wbc)
{
	struct folio *folio;

	while ((folio = writeback_get_folio(mapping, wbc)) != NULL) {
		folio_lock(folio);
		if (folio_prepare_writeback(mapping, wbc, folio))
			return folio;
		folio_unlock(folio);
	}
	return NULL;
}

__source("mm/page-writeback.c:do_writepages")
int do_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	return mapping->a_ops->writepages(mapping, wbc);
}

__source("mm/filemap.c:__filemap_fdatawrite_range")
int __filemap_fdatawrite_range(struct address_space *mapping, loff_t start, loff_t end,
			       enum writeback_sync_modes sync_mode)
{
	struct writeback_control wbc = {
		.sync_mode = sync_mode,
		.range_start = start,
		.range_end = end,
		.index = start >> PAGE_SHIFT,
	};

	return do_writepages(mapping, &wbc);
}

__source("mm/filemap.c:filemap_fdatawrite_range")
int filemap_fdatawrite_range(struct address_space *mapping, loff_t start, loff_t end)
{
	return __filemap_fdatawrite_range(mapping, start, end, WB_SYNC_ALL);
}

__source("mm/filemap.c:filemap_fdatawait_range")
int filemap_fdatawait_range(struct address_space *mapping, loff_t start_byte, loff_t end_byte)
{
	struct folio *folio;
	pgoff_t i;

	for (i = start_byte >> PAGE_SHIFT; i <= end_byte >> PAGE_SHIFT; i++) {
		folio = filemap_get_folio(mapping, i);
		if (folio)
			folio_wait_writeback(folio);
	}
	return 0;
}

__source("mm/filemap.c:filemap_write_and_wait_range")
int filemap_write_and_wait_range(struct address_space *mapping, loff_t lstart, loff_t lend)
{
	int err = 0;

	if (mapping_needs_writeback(mapping)) {
		err = __filemap_fdatawrite_range(mapping, lstart, lend, WB_SYNC_ALL);
		/* After an I/O error there may be nothing that ends the wait soon. */
		if (err != -EIO)
			filemap_fdatawait_range(mapping, lstart, lend);
	}
	return err;
}

__source("include/linux/pagemap.h:filemap_write_and_wait")
int filemap_write_and_wait(struct address_space *mapping)
{
	return filemap_write_and_wait_range(mapping, 0, NR_FOLIOS * PAGE_SIZE - 1);
}

/* Starts writeback of the whole file and waits for nothing, as the flusher does. */
__source("mm/filemap.c:filemap_flush")
int filemap_flush(struct address_space *mapping)
{
	return __filemap_fdatawrite_range(mapping, 0, NR_FOLIOS * PAGE_SIZE - 1, WB_SYNC_NONE);
}

/* ---- the lock against faults --------------------------------------------- */

__source("include/linux/fs.h:filemap_invalidate_lock")
void filemap_invalidate_lock(struct address_space *mapping)
{
	down_write(&mapping->invalidate_lock);
}

__source("include/linux/fs.h:filemap_invalidate_unlock")
void filemap_invalidate_unlock(struct address_space *mapping)
{
	up_write(&mapping->invalidate_lock);
}

__source("include/linux/fs.h:filemap_invalidate_lock_shared")
void filemap_invalidate_lock_shared(struct address_space *mapping)
{
	down_read(&mapping->invalidate_lock);
}

__source("include/linux/fs.h:filemap_invalidate_unlock_shared")
void filemap_invalidate_unlock_shared(struct address_space *mapping)
{
	up_read(&mapping->invalidate_lock);
}

/* ---- memory -------------------------------------------------------------- */

static struct folio_batch folio_batch_pool[1] __pool;

/* Each struct that somebody asks for the size of comes from a pool of its own. */
__source("include/linux/slab.h:kmalloc")
__allocator(2)
void *kmalloc(size_t size, gfp_t flags)
{
	if (__fault("kmalloc"))
		return NULL;
	return __alloc(folio_batch_pool);
}

/* Memory that is given out is zeroed anyway. */
#define kzalloc(size, flags) kmalloc(size, flags)

__source("mm/slab_common.c:kfree")
void kfree(void *p)
{
	__free(p);
}
