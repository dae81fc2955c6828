/*
 * Anchor A, "stale delalloc". Writeback looks up a run of delayed blocks without the lock and gives
 * their reservation back as if the run were still what it was. Tasks: writeback, truncate to one
 * block, buffered writers; behind them the disk, the worker that completes writes, and the journal.
 *
 * A variant (A2.c) sets BLOCKS, TASKS, FIXED, EARLY and adds its writers. Steps are those of the
 * Promela beside this file: what one alternative does there is one atomic region here.
 */
#define BLOCKS 3
#define TASKS 3
#define FIXED 1
#define EARLY 0
#define COMMITS 2

enum status { HOLE, DELAYED, WRITTEN, UNWRITTEN };
enum journal_state { IDLE, RUNNING, LOCKED, FLUSH, COMMIT };

struct folio {
	bool locked, dirty, writeback, submitted, done;
};

unsigned char es[BLOCKS];
unsigned char seq;
unsigned char reserved = BLOCKS;
unsigned char size = BLOCKS;
struct folio folio[BLOCKS];
bool inode_lock;
bool data_sem_writer;
unsigned char data_sem_readers;
enum journal_state journal;
unsigned char t_updates;
unsigned char commits = COMMITS;
bool finished[TASKS];

__setup void start_delayed(void)
{
	for (int i = 0; i < BLOCKS; i++) {
		es[i] = DELAYED;
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

static void data_sem_write(void)
{
	__atomic {
		__wait(!data_sem_writer && !data_sem_readers, "data_sem");
		data_sem_writer = true;
	}
}

/* Under data_sem: nobody sees the sequence number between the two stores. */
static void set_status(int block, enum status now)
{
	es[block] = now;
	seq = (seq + 1) & 15;
}

static int delayed_run(void)
{
	int n = 0;

	while (n < BLOCKS && es[n] == DELAYED)
		n++;
	return n;
}

static int delayed_blocks(void)
{
	int n = 0;

	for (int i = 0; i < BLOCKS; i++)
		n += es[i] == DELAYED;
	return n;
}

static void write_folio(int i)
{
	bool dirty;

	lock(&folio[i].locked);
	__atomic {
		dirty = folio[i].dirty;
		if (dirty) {
			folio[i].dirty = false;
			folio[i].writeback = true;
		}
	}
	if (dirty)
		folio[i].submitted = true;
	folio[i].locked = false;
}

__thread("wb") void wb(void)
{
	int len, snapshot;
	bool stale = false;

again:
	__atomic {
		len = delayed_run();
		snapshot = seq;
	}
	if (len == 0)
		goto out;
	start_handle();
	data_sem_write();
	if (FIXED) {
		__atomic {
			stale = seq != snapshot;
			if (stale)
				data_sem_writer = false;
		}
		if (stale) {
			stop_handle();
			goto again;
		}
	}
	for (int i = 0; i < len; i++) {
		__atomic {
			set_status(i, UNWRITTEN);
		}
	}
	__atomic {
		reserved = (reserved - len) & 7;
	}
	if (EARLY) {
		__atomic {
			__assert(reserved == delayed_blocks(), "reservation");
		}
	}
	data_sem_writer = false;
	stop_handle();
	for (int i = 0; i < len; i++)
		write_folio(i);
out:
	finished[0] = true;
}

__thread("tr") void tr(void)
{
	lock(&inode_lock);
	size = 1;
	for (int i = 1; i < BLOCKS; i++) {
		lock(&folio[i].locked);
		__wait(!folio[i].writeback, "writeback");
		folio[i].dirty = false;
		folio[i].locked = false;
	}
	start_handle();
	data_sem_write();
	for (int i = 1; i < BLOCKS; i++) {
		__atomic {
			reserved -= es[i] == DELAYED;
			set_status(i, HOLE);
		}
	}
	data_sem_writer = false;
	stop_handle();
	inode_lock = false;
	finished[1] = true;
}

static void reserve(int i)
{
	data_sem_write();
	__atomic {
		if (es[i] == HOLE) {
			reserved++;
			set_status(i, DELAYED);
		}
	}
	data_sem_writer = false;
}

static bool is_hole(int i)
{
	bool hole;

	__atomic {
		__wait(!data_sem_writer, "data_sem");
		data_sem_readers++;
	}
	hole = es[i] == HOLE;
	__atomic {
		data_sem_readers--;
	}
	return hole;
}

static void write_blocks(int task, int from)
{
	lock(&inode_lock);
	for (int i = from; i < BLOCKS; i++) {
		lock(&folio[i].locked);
		__wait(!folio[i].writeback, "writeback");
		if (is_hole(i))
			reserve(i);
		folio[i].dirty = true;
		__atomic {
			folio[i].locked = false;
			size += size <= i;
		}
	}
	inode_lock = false;
	finished[task] = true;
}

__thread("wr0") void wr0(void)
{
	write_blocks(2, 1);
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
		data_sem_write();
		__atomic {
			if (es[i] == UNWRITTEN)
				set_status(i, WRITTEN);
		}
		data_sem_writer = false;
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

static bool all_written(void)
{
	for (int i = 0; i < TASKS; i++)
		if (!finished[i])
			return false;
	for (int i = 0; i < BLOCKS; i++)
		if (folio[i].submitted || folio[i].done || folio[i].writeback)
			return false;
	return true;
}

__daemon("chk") void chk(void)
{
	__atomic {
		__idle(all_written());
		__assert(reserved == delayed_blocks(), "reservation");
	}
}
