/*
 * Who adds to a running transaction and then waits for writeback holds up the commit; the worker
 * that ends writeback needs a transaction itself. Run: racelore run examples/journal.c
 */
#define FOLIOS 2

enum state { IDLE, RUNNING, LOCKED, COMMITTING };

struct folio {
	bool locked, dirty, writeback;
	unsigned char writes;
};

struct request {
	struct folio *folio;
	struct request *next;
};

__pool struct request requests[FOLIOS];
struct request *submitted;
struct folio folios[FOLIOS];
enum state journal;
int handles, commits = 1;

__bound("2 folios, 1 commit");

__setup void start_dirty(void)
{
	for (int i = 0; i < FOLIOS; i++)
		folios[i].dirty = i == 0;
}

static void lock_folio(struct folio *folio)
{
	__atomic {
		__wait(!folio->locked, "folio lock", folio);
		folio->locked = true;
	}
}

static void unlock_folio(struct folio *folio)
{
	folio->locked = false;
}

static void start_handle(void)
{
	__atomic {
		__wait(journal <= RUNNING, "handle");
		journal = RUNNING;
		handles++;
	}
}

static void stop_handle(void)
{
	__atomic {
		handles--;
	}
}

static int write_folio(struct folio *folio)
{
	lock_folio(folio);
	__wait(!folio->writeback, "writeback", folio);
	folio->dirty = true;
	unlock_folio(folio);
	return folio->writes ? 0 : -5;
}

__thread("writer") void writer(void)
{
	int error = 0;

	start_handle();
	for (int i = 0; i < FOLIOS && !error; i++) {
		error = write_folio(&folios[i]);
		if (error == -5)
			error = 0;
	}
	stop_handle();
}

__thread("flusher") void flusher(void)
{
	struct folio *folio = &folios[__choose(FOLIOS)];
	bool dirty;

	lock_folio(folio);
	__atomic {
		dirty = folio->dirty && !folio->writeback;
		folio->writeback |= dirty;
		folio->dirty &= !dirty;
	}
	if (dirty) {
		struct request *request = __alloc(requests);

		__atomic {
			request->folio = folio;
			request->next = submitted;
			submitted = request;
		}
	}
	unlock_folio(folio);
}

__daemon("worker") void worker(void)
{
	for (;;) {
		struct request *request;

		__atomic {
			__idle(submitted != NULL);
			request = submitted;
			submitted = request->next;
		}
		start_handle();
		switch (request->folio->writes) {
		case 0:
			request->folio->writes = 1;
			break;
		default:
			__note("again");
		}
		stop_handle();
		request->folio->writeback = false;
		__free(request);
	}
}

__daemon("commit") void commit(void)
{
	while (true) {
		__atomic {
			__idle(journal == RUNNING && commits > 0);
			journal = LOCKED;
			commits--;
		}
		__atomic {
			__wait(handles == 0, "handle");
			journal = COMMITTING;
		}
		journal = IDLE;
	}
}

__invariant("handles") bool handles_are_counted(void)
{
	return handles >= 0 && handles <= 2;
}

__finally void all_ended(void)
{
	for (int i = 0; i < FOLIOS; i++)
		__assert(!folios[i].locked && !folios[i].writeback, "idle at the end");
}
