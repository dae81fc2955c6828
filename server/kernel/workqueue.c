/*
 * Work items.
 *
 * PENDING is cleared before the function runs, so that an item can be queued again while it
 * executes. It does not execute twice at the same time: a worker leaves alone what another one
 * executes, until that returns.
 */

/* The part of queue_work() that the pool's lock covers; irqs are off, so it is one step. */
static bool insert_work(struct workqueue_struct *wq, struct work_struct *work)
{
	struct work_struct *last = wq->first;

	if (work->pending)
		return false;
	work->pending = true;
	work->next = NULL;
	if (!last) {
		wq->first = work;
		return true;
	}
	while (last->next)
		last = last->next;
	last->next = work;
	return true;
}

__source("kernel/workqueue.c:queue_work_on")
bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	bool ret;

	/* PENDING is one test-and-set; the list is under the pool's lock. */
	__atomic {
		ret = insert_work(wq, work);
	}
	return ret;
}

/* Does one of the pool's workers execute the item? Items are told apart by their address alone. */
__source("kernel/workqueue.c:find_worker_executing_work")
static bool work_executes(struct workqueue_struct *wq, struct work_struct *work)
{
	int i;

	for (i = 0; i < wq->workers; i++)
		if (wq->current_work[i] == work)
			return true;
	return false;
}

/* The oldest item that may run now; an item that executes already waits for its worker. */
static struct work_struct *next_work(struct workqueue_struct *wq)
{
	struct work_struct *work = wq->first;

	while (work && work_executes(wq, work))
		work = work->next;
	return work;
}

static void remove_work(struct workqueue_struct *wq, struct work_struct *work)
{
	struct work_struct *before = wq->first;

	if (before == work) {
		wq->first = work->next;
		return;
	}
	while (before->next != work)
		before = before->next;
	before->next = work->next;
}

/* Do the items of the queue complete I/O? Others wait for that with i_rwsem, or invalidate_lock, held. */
static bool completes_io(struct workqueue_struct *wq)
{
	return wq == ext4_sb.rsv_conversion_wq || wq == super_block.s_dio_done_wq;
}

__source("kernel/workqueue.c:process_one_work")
static void process_one_work(struct workqueue_struct *wq, int worker)
{
	struct work_struct *work;

	/* Taking the item and clearing PENDING are under the pool's lock. */
	__atomic {
		__idle(next_work(wq) != NULL);
		work = next_work(wq);
		remove_work(wq, work);
		work->pending = false;
		if (wq->workers)
			wq->current_work[worker] = work;
	}
	if (completes_io(wq))
		__acquire(work, "I/O completion");
	else
		__acquire(work, "work item");
	/* The function may free its item. */
	work->func(work);
	if (completes_io(wq))
		__release(work, "I/O completion");
	else
		__release(work, "work item");
	if (wq->workers)
		wq->current_work[worker] = NULL;
}

__source("kernel/workqueue.c:worker_thread")
__daemon("kworker")
static void worker_thread(void)
{
	for (;;)
		process_one_work(&workqueue, 0);
}

/* The worker of another workqueue; scenarios that use it have a daemon that calls this. */
static void other_worker_thread(struct workqueue_struct *wq)
{
	for (;;)
		process_one_work(wq, 0);
}
