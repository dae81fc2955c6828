/*
 * Wait queues, wake-ups and completions.
 *
 * A sleeper puts itself into the queue and sets its state, tests its condition again, and only then
 * gives up the CPU; a waker changes the condition first and then looks for sleepers. Whoever leaves
 * out one of these steps can miss the wake-up: then the sleeper stays in schedule() for ever, and
 * that is what a run shows. Signals and timeouts do not wake anybody here.
 */

#define set_current_state(state_value) (current_task->__state = (state_value))
#define __set_current_state(state_value) (current_task->__state = (state_value))

#define DECLARE_WAIT_QUEUE_HEAD(name) struct wait_queue_head name
#define DEFINE_WAIT(name) struct wait_queue_entry name = { .flags = 0 }

void init_waitqueue_head(struct wait_queue_head *wq_head)
{
	wq_head->waiting = 0;
	wq_head->exclusive = 0;
}

__source("kernel/sched/core.c:schedule")
void schedule(void)
{
	__wait(current_task->__state == TASK_RUNNING, "wake-up");
}

#define io_schedule() schedule()

__source("kernel/sched/core.c:wake_up_process")
int wake_up_process(struct task_struct *p)
{
	int woken;

	/* The state changes under p->pi_lock. */
	__atomic {
		woken = p->__state != TASK_RUNNING;
		p->__state = TASK_RUNNING;
	}
	return woken;
}

__source("kernel/sched/wait.c:prepare_to_wait")
void prepare_to_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry, int state)
{
	/* List and state change under wq_head->lock. */
	__atomic {
		wq_head->waiting |= BIT(__current());
		current_task->__state = state;
	}
}

__source("kernel/sched/wait.c:prepare_to_wait_exclusive")
bool prepare_to_wait_exclusive(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry,
			       int state)
{
	bool was_empty;

	/* List and state change under wq_head->lock. */
	__atomic {
		was_empty = !wq_head->waiting && !wq_head->exclusive;
		wq_head->exclusive |= BIT(__current());
		current_task->__state = state;
	}
	return was_empty;
}

__source("kernel/sched/wait.c:finish_wait")
void finish_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	/* The state needs no lock; the list changes under wq_head->lock. */
	__atomic {
		current_task->__state = TASK_RUNNING;
		wq_head->waiting &= ~BIT(__current());
		wq_head->exclusive &= ~BIT(__current());
	}
}

__source("include/linux/wait.h:waitqueue_active")
bool waitqueue_active(struct wait_queue_head *wq_head)
{
	return wq_head->waiting || wq_head->exclusive;
}

/* Wakes the sleepers of a set and takes them out of it. A task that runs already stays in. */
static u32 wake_set(u32 set)
{
	int i;

	for (i = 1; i < NR_TASKS; i++)
		if ((set & BIT(i)) && task[i].__state != TASK_RUNNING) {
			task[i].__state = TASK_RUNNING;
			set &= ~BIT(i);
		}
	return set;
}

/* One of the sleepers of a set; any of them, since the order of the queue is not kept. */
static u32 wake_one(u32 set)
{
	int sleepers = 0;
	int i, n;

	for (i = 1; i < NR_TASKS; i++)
		if ((set & BIT(i)) && task[i].__state != TASK_RUNNING)
			sleepers++;
	if (!sleepers)
		return set;
	n = __choose(sleepers);
	for (i = 1; i < NR_TASKS; i++)
		if ((set & BIT(i)) && task[i].__state != TASK_RUNNING && n-- == 0)
			return wake_set(BIT(i)) | (set & ~BIT(i));
	return set;
}

/* All that wait, and of the exclusive ones `nr_exclusive`; 0 means all. */
__source("kernel/sched/wait.c:__wake_up")
void __wake_up(struct wait_queue_head *wq_head, int nr_exclusive)
{
	/* The list is walked under wq_head->lock. */
	__atomic {
		if (wq_head->waiting)
			wq_head->waiting = wake_set(wq_head->waiting);
		if (wq_head->exclusive) {
			if (nr_exclusive)
				wq_head->exclusive = wake_one(wq_head->exclusive);
			else
				wq_head->exclusive = wake_set(wq_head->exclusive);
		}
	}
}

#define wake_up(wq_head) __wake_up(wq_head, 1)
#define wake_up_all(wq_head) __wake_up(wq_head, 0)
#define wake_up_interruptible(wq_head) __wake_up(wq_head, 1)

#define ___wait_event(wq_head, condition, state, prepare)                                          \
	do {                                                                                       \
		DEFINE_WAIT(__wq_entry);                                                           \
		for (;;) {                                                                         \
			prepare(&(wq_head), &__wq_entry, state);                                   \
			if (condition)                                                             \
				break;                                                             \
			schedule();                                                                \
		}                                                                                  \
		finish_wait(&(wq_head), &__wq_entry);                                              \
	} while (0)

#define wait_event(wq_head, condition)                                                             \
	do {                                                                                       \
		if (condition)                                                                     \
			break;                                                                     \
		___wait_event(wq_head, condition, TASK_UNINTERRUPTIBLE, prepare_to_wait);          \
	} while (0)

#define wait_event_exclusive(wq_head, condition)                                                   \
	do {                                                                                       \
		if (condition)                                                                     \
			break;                                                                     \
		___wait_event(wq_head, condition, TASK_UNINTERRUPTIBLE,                            \
			      prepare_to_wait_exclusive);                                          \
	} while (0)

/* ---- variables and bits -------------------------------------------------- */

/* The table of shared queues, by address: a waker finds the tasks that wait for the very same. */
static void prepare_to_wait_var(void *var, int bit)
{
	/* List and state change under the queue's lock. */
	__atomic {
		current_task->wait_var = var;
		current_task->wait_bit = bit;
		current_task->__state = TASK_UNINTERRUPTIBLE;
	}
}

static void finish_wait_var(void)
{
	/* The state needs no lock; the list changes under the queue's lock. */
	__atomic {
		current_task->__state = TASK_RUNNING;
		current_task->wait_var = NULL;
		current_task->wait_bit = 0;
	}
}

static void wake_up_key(void *var, int bit)
{
	int i;

	/* The list is walked under the queue's lock. */
	__atomic {
		for (i = 1; i < NR_TASKS; i++)
			if (task[i].wait_var == var && task[i].wait_bit == bit)
				task[i].__state = TASK_RUNNING;
	}
}

__source("kernel/sched/wait_bit.c:wake_up_var")
void wake_up_var(void *var)
{
	wake_up_key(var, 0);
}

#define wait_var_event(var, condition)                                                             \
	do {                                                                                       \
		if (condition)                                                                     \
			break;                                                                     \
		for (;;) {                                                                         \
			prepare_to_wait_var(var, 0);                                               \
			if (condition)                                                             \
				break;                                                             \
			schedule();                                                                \
		}                                                                                  \
		finish_wait_var();                                                                 \
	} while (0)

__source("kernel/sched/wait_bit.c:wake_up_bit")
void wake_up_bit(unsigned long *word, int bit)
{
	wake_up_key(word, bit + 1);
}

__source("include/linux/wait_bit.h:wait_on_bit")
int wait_on_bit(unsigned long *word, int bit, unsigned int mode)
{
	if (!(*word & BIT(bit)))
		return 0;
	do {
		prepare_to_wait_var(word, bit + 1);
		if (*word & BIT(bit))
			schedule();
	} while (*word & BIT(bit));
	finish_wait_var();
	return 0;
}

/* ---- completions --------------------------------------------------------- */

void init_completion(struct completion *x)
{
	x->done = 0;
}

#define reinit_completion(x) init_completion(x)
#define COMPLETE_ALL 0x7fffffff

__source("kernel/sched/completion.c:complete")
void complete(struct completion *x)
{
	/* Count and wake-up are under x->wait.lock. */
	__atomic {
		if (x->done != COMPLETE_ALL)
			x->done++;
	}
}

__source("kernel/sched/completion.c:complete_all")
void complete_all(struct completion *x)
{
	/* Count and wake-up are under x->wait.lock. */
	__atomic {
		x->done = COMPLETE_ALL;
	}
}

__source("kernel/sched/completion.c:wait_for_completion")
void wait_for_completion(struct completion *x)
{
	/* The count is tested, and the sleeper queued, under x->wait.lock: no wake-up is missed. */
	__atomic {
		__wait(x->done, "completion", x);
		if (x->done != COMPLETE_ALL)
			x->done--;
	}
}

__source("kernel/sched/completion.c:completion_done")
bool completion_done(struct completion *x)
{
	return x->done;
}
