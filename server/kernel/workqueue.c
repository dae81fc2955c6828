/*
 * Work items.
 *
 * PENDING is cleared before the function runs, so that an item can be queued again while it
 * executes; it does not execute twice at the same time, since one worker serves the queue.
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

__source("kernel/workqueue.c:process_one_work")
static void process_one_work(struct workqueue_struct *wq)
{
	struct work_struct *work;

	/* Taking the item and clearing PENDING are under the pool's lock. */
	__atomic {
		__idle(wq->first != NULL);
		work = wq->first;
		wq->first = work->next;
		work->pending = false;
	}
	work->func(work);
}

__source("kernel/workqueue.c:worker_thread")
__daemon("kworker")
static void worker_thread(void)
{
	for (;;)
		process_one_work(&workqueue);
}

/* The worker of another workqueue; scenarios that use it have a daemon that calls this. */
static void other_worker_thread(struct workqueue_struct *wq)
{
	for (;;)
		process_one_work(wq);
}
