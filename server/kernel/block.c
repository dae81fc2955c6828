/*
 * A disk that does one bio at a time, in the order of submission, and completes it in interrupt
 * context. It reads the pages when it transfers, not when the bio was submitted: a store between
 * the two reaches the disk (no stable pages).
 */

/* Submitted bios, oldest first. */
struct bio *disk_queue;

/* Content of the medium, by byte; file block n lies at disk block n. */
u8 disk_data[NR_FOLIOS * PAGE_SIZE] __wcache;

__source("block/blk-core.c:submit_bio")
void submit_bio(struct bio *bio)
{
	struct bio *last;

	/* The request queue is a list under its own lock. */
	__atomic {
		last = disk_queue;
		bio->bi_next = NULL;
		if (!last) {
			disk_queue = bio;
		} else {
			while (last->bi_next)
				last = last->bi_next;
			last->bi_next = bio;
		}
	}
}

/* DMA from the page cache or a user's buffer; one step, since a race inside one transfer needs no model of ours. */
static void disk_transfer(struct bio *bio)
{
	struct folio *folio;
	loff_t pos = bio->bi_pos;
	u32 i;

	for (i = 0; i < bio->bi_size; i++) {
		if (!bio->bi_mapping) {
			disk_data[bio->bi_sector + i] = bio->bi_user;
			continue;
		}
		folio = bio->bi_mapping->i_pages[(pos + i) >> PAGE_SHIFT];
		if (folio)
			disk_data[bio->bi_sector + i] = folio->data[(pos + i) & (PAGE_SIZE - 1)];
	}
}

__source("block/bio.c:bio_endio")
void bio_endio(struct bio *bio)
{
	bio->bi_end_io(bio);
}

static void disk_serve(void)
{
	struct bio *bio;

	/* The device takes a request and reads the memory by itself: no code of Linux runs. */
	__atomic {
		__idle(disk_queue != NULL);
		bio = disk_queue;
		disk_queue = bio->bi_next;
		disk_transfer(bio);
	}
	bio_endio(bio);
}

__irq("disk")
static void disk_interrupt(void)
{
	for (;;)
		disk_serve();
}
