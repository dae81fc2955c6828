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
__source("mm/page-writeback.c:folio_mark_dirty")
void folio_mark_dirty(struct folio *folio)
{
	/* The bits of the blocks are looked at under the folio lock only. */
	__atomic {
		folio->bdirty = BIT(PAGE_SIZE >> BLKBITS) - 1;
		folio->dirty = true;
		folio->tag_dirty = true;
	}
}

/* Removes the entry of a locked folio; what was stored through it is kept in the dirty bit. */
__source("mm/memory.c:unmap_mapping_folio")
void unmap_mapping_folio(struct folio *folio)
{
	struct pte *pte = &page_table[folio->index];

	/* Under the page table lock. */
	__atomic {
		if (pte->dirty)
			folio_mark_dirty(folio);
		pte->present = false;
		pte->write = false;
		pte->dirty = false;
	}
}

/* Removes the entries of a range; a length of 0 is all that follows. */
__source("mm/memory.c:unmap_mapping_range")
void unmap_mapping_range(struct address_space *mapping, loff_t holebegin, loff_t holelen)
{
	pgoff_t last = holelen ? (holebegin + holelen - 1) >> PAGE_SHIFT : NR_FOLIOS - 1;
	pgoff_t i;

	for (i = holebegin >> PAGE_SHIFT; i <= last; i++) {
		/* Under the page table lock: an entry keeps its folio in the cache. */
		__atomic {
			if (page_table[i].present)
				unmap_mapping_folio(mapping->i_pages[i]);
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

	if (!__since("isize-extended", "2014-10-01"))
		return;
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
	if (__since("52aecaee1c26", "2024-11-18") && folio->dirty) {
		offset = from - folio_pos(folio);
		end = min_t(loff_t, to - folio_pos(folio), folio_size(folio));
		folio_zero_range(folio, offset, end - offset);
	}
	folio_unlock(folio);
}

/* ---- faults -------------------------------------------------------------- */

#define VM_FAULT_SIGBUS BIT(1)
#define VM_FAULT_NOPAGE BIT(8)
#define VM_FAULT_LOCKED BIT(9)

/* Bytes of the folio that lie inside the file; an error when it was cut off. */
__source("include/linux/pagemap.h:folio_mkwrite_check_truncate")
static int folio_mkwrite_check_truncate(struct folio *folio, struct inode *inode)
{
	loff_t size = i_size_read(inode);

	if (folio->mapping != inode->i_mapping || folio_pos(folio) >= size)
		return -EFAULT;
	return min_t(loff_t, folio_size(folio), size - folio_pos(folio));
}

/* The folio is in the cache when it returns, and locked. */
__source("mm/filemap.c:filemap_fault")
static int filemap_fault(struct vm_fault *vmf)
{
	struct address_space *mapping = vmf->vma->vm_mapping;
	int ret = VM_FAULT_SIGBUS;

	filemap_invalidate_lock_shared(mapping);
	if (vmf->pgoff << PAGE_SHIFT < i_size_read(mapping->host)) {
		vmf->folio = filemap_grab_folio(mapping, vmf->pgoff);
		ret = VM_FAULT_LOCKED;
	}
	filemap_invalidate_unlock_shared(mapping);
	return ret;
}

/*
 * A store that the entry does not allow. page_mkwrite() returns with the folio locked, and the entry
 * becomes writable under that lock: whoever holds it and takes the permission away misses nobody.
 */
__source("mm/memory.c:do_shared_fault")
static int do_shared_fault(struct vm_fault *vmf)
{
	struct pte *pte = &page_table[vmf->pgoff];
	int ret;

	/* The page table lock: a folio with an entry is in the cache. */
	__atomic {
		vmf->folio = pte->present ? vmf->vma->vm_mapping->i_pages[vmf->pgoff] : NULL;
	}
	if (!vmf->folio) {
		ret = filemap_fault(vmf);
		if (ret & VM_FAULT_SIGBUS)
			return ret;
		folio_unlock(vmf->folio);
	}

	ret = vmf->vma->vm_ops->page_mkwrite(vmf);
	if (!(ret & VM_FAULT_LOCKED))
		return ret;
	/* The page table lock. */
	__atomic {
		pte->present = true;
		pte->write = true;
		pte->dirty = true;
	}
	folio_unlock(vmf->folio);
	return ret;
}

/* The MMU tests the entry and sets its dirty bit with the store. False: it does not allow it. */
static bool store_instruction(loff_t pos, const u8 *value)
{
	struct pte *pte = &page_table[pos >> PAGE_SHIFT];
	struct address_space *mapping = vma.vm_mapping;
	bool done;

	/* One instruction of the process. */
	__atomic {
		done = pte->write;
		if (done) {
			pte->dirty = true;
			mapping->i_pages[pos >> PAGE_SHIFT]->data[pos & (PAGE_SIZE - 1)] = *value;
		}
	}
	return done;
}

/* A store of the process that maps the file: faults until the entry allows it. */
static void user_store(loff_t pos, const u8 *value)
{
	struct vm_fault vmf = { .vma = &vma, .pgoff = pos >> PAGE_SHIFT };

	while (!store_instruction(pos, value))
		if (do_shared_fault(&vmf) & VM_FAULT_SIGBUS)
			return;
}
