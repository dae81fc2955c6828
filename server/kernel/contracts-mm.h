/* Contracts of folios and page tables. What contracts are: contracts.h. */

#define FGP_ACCESSED 0x01u
#define FGP_LOCK 0x02u
#define FGP_CREAT 0x04u
#define FGP_WRITE 0x08u
#define FGP_NOFS 0x10u
#define FGP_NOWAIT 0x20u
#define FGP_FOR_MMAP 0x40u
#define FGP_STABLE 0x80u
#define FGP_WRITEBEGIN (FGP_LOCK | FGP_WRITE | FGP_CREAT | FGP_STABLE)

struct folio *__filemap_get_folio(struct address_space *mapping, pgoff_t index, int fgp_flags,
				  gfp_t gfp)
{
	struct folio *folio = folio_at(mapping, index);

	if (missing(mapping, index))
		return NULL;
	if (fgp_flags & FGP_LOCK)
		folio_lock(folio);
	return folio;
}

#define pagecache_get_page(mapping, index, flags, gfp) __filemap_get_folio(mapping, index, flags, gfp)
#define filemap_lock_folio(mapping, index) __filemap_get_folio(mapping, index, FGP_LOCK, 0)
#define find_lock_page(mapping, index) __filemap_get_folio(mapping, index, FGP_LOCK, 0)
#define find_or_create_page(mapping, index, gfp)                                                   \
	__filemap_get_folio(mapping, index, FGP_LOCK | FGP_CREAT, gfp)
#define grab_cache_page(mapping, index)                                                            \
	__filemap_get_folio(mapping, index, FGP_LOCK | FGP_CREAT, 0)
#define grab_cache_page_write_begin(mapping, index)                                                \
	__filemap_get_folio(mapping, index, FGP_WRITEBEGIN, 0)

/* They look at a folio and leave it locked. */
void *page_address(struct page *page) { return address_of(page); }
void *folio_address(struct folio *folio) { return address_of(folio); }
void *kmap_atomic(struct page *page) { return address_of(page); }
void *kmap_local_page(struct page *page) { return address_of(page); }
bool PageUptodate(struct page *page) { return flag_of(page); }
bool PageDirty(struct page *page) { return flag_of(page); }
bool PageWriteback(struct page *page) { return flag_of(page); }
void SetPageUptodate(struct page *page) {}
void get_page(struct page *page) {}
void folio_get(struct folio *folio) {}
void folio_mark_uptodate(struct folio *folio) {}
void flush_dcache_page(struct page *page) {}
void flush_dcache_folio(struct folio *folio) {}

/* ---- page tables --------------------------------------------------------- */

spinlock_t *pmd_lock(struct mm_struct *mm, pmd_t *pmd)
{
	spinlock_t *ptl = lock_of(pmd);

	spin_lock(ptl);
	return ptl;
}

#define pud_lock(mm, pud) pmd_lock(mm, pud)
#define huge_pte_lock(h, mm, pte) pmd_lock(mm, pte)
#define pte_unmap_unlock(pte, ptl) spin_unlock(ptl)

/* Some kernels fail here too, and some never. */
pte_t *pte_offset_map_lock(struct mm_struct *mm, pmd_t *pmd, unsigned long addr, spinlock_t **ptlp)
{
	pte_t *pte = pte_of(pmd, addr);
	spinlock_t *ptl = lock_of(pmd);

	if (!pte)
		return NULL;
	spin_lock(ptl);
	*ptlp = ptl;
	return pte;
}

#define pte_alloc_map_lock(mm, pmd, addr, ptlp) pte_offset_map_lock(mm, pmd, addr, ptlp)

void unlock_page_lruvec(struct lruvec *lruvec)
{
	spin_unlock(&lruvec->lru_lock);
}

#define unlock_page_lruvec_irq(lruvec) unlock_page_lruvec(lruvec)
#define unlock_page_lruvec_irqrestore(lruvec, flags) unlock_page_lruvec(lruvec)

void page_vma_mapped_walk_done(struct page_vma_mapped_walk *pvmw)
{
	if (pvmw->ptl)
		spin_unlock(pvmw->ptl);
}
