/*
 * Anchor B, "writeback under an active handle". A task holds a handle and waits for writeback; the
 * worker that ends it needs a new handle; the journal has closed the transaction and waits for the
 * task. Fixed: the wait comes before the handle.
 *
 * A variant (B3.c) sets FIXED and has the tasks. Steps are those of the Promela beside this file.
 */
#define BLOCKS 3
#define FIXED 1
#define COMMITS 2

enum status { HOLE, DELAYED, WRITTEN, UNWRITTEN };
enum journal_state { IDLE, RUNNING, LOCKED, FLUSH, COMMIT };

struct folio {
	bool locked, dirty, writeback, submitted, done;
};

unsigned char es[BLOCKS];
struct folio folio[BLOCKS];
bool data_sem;
enum journal_state journal;
unsigned char t_updates;
unsigned char commits = COMMITS;

__setup void start_dirty(void)
{
	for (int i = 0; i < BLOCKS; i++) {
		es[i] = UNWRITTEN;
		folio[i].dirty = true;
	}
}

static void lock(bool *held)
{
	__atomic {
		__wait(!*held);
		*held = true;
	}
}

static void start_handle(void)
{
	__atomic {
		__wait(journal <= RUNNING, "handle");
		journal = RUNNING;
		t_updates++;
	}
}

static void stop_handle(void)
{
	__atomic {
		t_updates--;
	}
}

static void write_block(int i)
{
	if (!FIXED)
		start_handle();
	lock(&folio[i].locked);
	__wait(!folio[i].writeback, "writeback");
	if (FIXED)
		start_handle();
	folio[i].dirty = true;
	lock(&data_sem);
	es[i] = UNWRITTEN;
	data_sem = false;
	folio[i].locked = false;
	stop_handle();
}

__thread("wb0") void wb0(void)
{
	for (int i = 0; i < BLOCKS; i++) {
		bool dirty;

		lock(&folio[i].locked);
		__atomic {
			dirty = folio[i].dirty && !folio[i].writeback;
			if (dirty) {
				folio[i].dirty = false;
				folio[i].writeback = true;
			}
		}
		if (dirty)
			folio[i].submitted = true;
		folio[i].locked = false;
	}
}

static int completed(void)
{
	int n = 0;

	for (int i = 0; i < BLOCKS; i++)
		n += folio[i].done;
	return n;
}

/* Any of the completed writes. */
static int pick_completed(void)
{
	int skip = __choose(completed());
	int i = 0;

	while (!folio[i].done || skip-- > 0)
		i++;
	return i;
}

__daemon("ioend") void ioend(void)
{
	int i;

	for (;;) {
		__atomic {
			__idle(completed() > 0);
			i = pick_completed();
			folio[i].done = false;
		}
		start_handle();
		lock(&data_sem);
		__atomic {
			if (es[i] == UNWRITTEN)
				es[i] = WRITTEN;
		}
		data_sem = false;
		stop_handle();
		folio[i].writeback = false;
	}
}

static int submitted(void)
{
	int n = 0;

	for (int i = 0; i < BLOCKS; i++)
		n += folio[i].submitted;
	return n;
}

static int pick_submitted(void)
{
	int skip = __choose(submitted());
	int i = 0;

	while (!folio[i].submitted || skip-- > 0)
		i++;
	return i;
}

__irq("disk") void disk(void)
{
	int i;

	for (;;) {
		__atomic {
			__idle(submitted() > 0);
			i = pick_submitted();
			folio[i].submitted = false;
			folio[i].done = true;
		}
	}
}

__daemon("jbd2") void jbd2(void)
{
	for (;;) {
		__atomic {
			__idle(journal == RUNNING && commits > 0);
			journal = LOCKED;
			commits--;
		}
		__atomic {
			__wait(t_updates == 0, "handle");
			journal = FLUSH;
		}
		journal = COMMIT;
		journal = IDLE;
	}
}
