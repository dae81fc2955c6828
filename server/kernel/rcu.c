/*
 * RCU.
 *
 * A grace period ends when every reader has left that was inside when it began. So each one keeps
 * the set of those readers, one bit a task, and a reader that leaves takes its bit out of all sets;
 * readers that come later are never in one. Nothing counts up, so the states stay few.
 */

/* Callbacks that were not called yet, oldest first. */
static struct rcu_head *rcu_callbacks;

/* Tasks inside a read-side critical section. */
static u32 rcu_current_readers(void)
{
	u32 readers = 0;
	int i;

	for (i = 1; i < NR_TASKS; i++)
		if (task[i].rcu_read_lock_nesting)
			readers |= BIT(i);
	return readers;
}

__source("include/linux/rcupdate.h:rcu_read_lock")
void rcu_read_lock(void)
{
	/* Only its own task changes the count. */
	__atomic {
		current_task->rcu_read_lock_nesting++;
		__acquire_shared(&rcu_callbacks, "RCU");
	}
}

/* The last unlock reports the task as quiescent to all grace periods. */
__source("include/linux/rcupdate.h:rcu_read_unlock")
void rcu_read_unlock(void)
{
	struct rcu_head *head;
	int i;

	/* A reader that is seen outside has left: that is one moment. */
	__atomic {
		current_task->rcu_read_lock_nesting--;
		if (!current_task->rcu_read_lock_nesting) {
			for (i = 1; i < NR_TASKS; i++)
				task[i].rcu_readers &= ~BIT(__current());
			for (head = rcu_callbacks; head; head = head->next)
				head->readers &= ~BIT(__current());
		}
		__release(&rcu_callbacks, "RCU");
	}
}

__guard("rcu", rcu_read_lock, rcu_read_unlock);

#define __rcu_read_lock() rcu_read_lock()
#define __rcu_read_unlock() rcu_read_unlock()
#define rcu_dereference(p) READ_ONCE(p)
#define rcu_assign_pointer(p, v) WRITE_ONCE(p, v)

__source("kernel/rcu/tree.c:synchronize_rcu")
void synchronize_rcu(void)
{
	/* The grace period begins at one moment. */
	__atomic {
		current_task->rcu_readers = rcu_current_readers();
	}
	__wait(!current_task->rcu_readers, "RCU", &rcu_callbacks);
}

static void rcu_enqueue(struct rcu_head *head)
{
	struct rcu_head *last = rcu_callbacks;

	head->next = NULL;
	head->readers = rcu_current_readers();
	if (!last) {
		rcu_callbacks = head;
		return;
	}
	while (last->next)
		last = last->next;
	last->next = head;
}

__source("kernel/rcu/tree.c:call_rcu")
void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head))
{
	/* The list of the CPU is changed with interrupts off. */
	__atomic {
		head->func = func;
		head->ptr = head;
		rcu_enqueue(head);
	}
}

__source("kernel/rcu/tree.c:kvfree_call_rcu")
void kvfree_call_rcu(struct rcu_head *head, void *ptr)
{
	/* The list of the CPU is changed with interrupts off. */
	__atomic {
		head->func = NULL;
		head->ptr = ptr;
		rcu_enqueue(head);
	}
}

#define kfree_rcu(ptr, rhf) kvfree_call_rcu(&(ptr)->rhf, ptr)

__source("kernel/rcu/tree.c:rcu_do_batch")
static void rcu_do_batch(void)
{
	struct rcu_head *head;
	void (*func)(struct rcu_head *head);
	void *ptr;

	/* The list of the CPU is changed with interrupts off; the callback is called after. */
	__atomic {
		__idle(rcu_callbacks && !rcu_callbacks->readers);
		head = rcu_callbacks;
		rcu_callbacks = head->next;
		func = head->func;
		ptr = head->ptr;
		head->func = NULL;
		head->ptr = NULL;
		head->next = NULL;
	}
	if (func)
		func(head);
	else
		kfree(ptr);
}

/* The softirq. */
__irq("rcu")
static void rcu_core(void)
{
	for (;;)
		rcu_do_batch();
}
