/*
 * Sleeping locks, spinlocks and atomic counters.
 *
 * A lock is one step: taking it is one compare-and-exchange in Linux, and a sleeper that is woken
 * tests again before it takes it. The class of a lock is the name of the member that holds it.
 */

__source("kernel/locking/mutex.c:mutex_lock")
void mutex_lock(struct mutex *lock)
{
	/* One compare-and-exchange of the owner. */
	__atomic {
		__wait(!lock->owner);
		lock->owner = __current();
		__acquire(lock);
	}
}

__source("kernel/locking/mutex.c:mutex_unlock")
void mutex_unlock(struct mutex *lock)
{
	/* One compare-and-exchange of the owner. */
	__atomic {
		lock->owner = 0;
		__release(lock);
	}
}

__source("kernel/locking/mutex.c:mutex_trylock")
int mutex_trylock(struct mutex *lock)
{
	int taken;

	/* One compare-and-exchange of the owner. */
	__atomic {
		taken = !lock->owner;
		if (taken) {
			lock->owner = __current();
			__acquire(lock);
		}
	}
	return taken;
}

__source("include/linux/mutex.h:mutex_is_locked")
bool mutex_is_locked(struct mutex *lock)
{
	return lock->owner != 0;
}

#define DEFINE_MUTEX(name) struct mutex name
#define mutex_init(lock) ((lock)->owner = 0)

/*
 * An interrupt may come on the CPU of the task that holds the lock. If that task has interrupts
 * enabled, the interrupt spins for ever: the task cannot run before it returns.
 */
#define spin_owner() (__in_irq() ? -__current() : __current())
#define assert_no_self_deadlock(lock)                                                             \
	__assert(!__in_irq() || (lock)->owner <= 0 || task[(lock)->owner].irqs_off,               \
		 "an interrupt spins for a lock that the task under it holds with interrupts on",  \
		 "RL-IRQ-LOCK")

__source("include/linux/spinlock.h:spin_lock")
void spin_lock(spinlock_t *lock)
{
	/* One compare-and-exchange. */
	__atomic {
		assert_no_self_deadlock(lock);
		__spin(!lock->owner);
		lock->owner = spin_owner();
		__acquire(lock);
	}
}

__source("include/linux/spinlock.h:spin_trylock")
bool spin_trylock(spinlock_t *lock)
{
	bool taken;

	/* One compare-and-exchange. */
	__atomic {
		taken = !lock->owner;
		if (taken) {
			lock->owner = spin_owner();
			__acquire(lock);
		}
	}
	return taken;
}

__source("include/linux/spinlock.h:spin_unlock")
void spin_unlock(spinlock_t *lock)
{
	/* One store-release. */
	__atomic {
		lock->owner = 0;
		__release(lock);
	}
}

/* Interrupts go off before the lock is tried; nobody else sees the time between. */
__source("include/linux/spinlock.h:spin_lock_irq")
void spin_lock_irq(spinlock_t *lock)
{
	/* One compare-and-exchange. */
	__atomic {
		assert_no_self_deadlock(lock);
		__spin(!lock->owner);
		lock->owner = spin_owner();
		current_task->irqs_off = true;
		__acquire(lock);
	}
}

__source("include/linux/spinlock.h:spin_unlock_irq")
void spin_unlock_irq(spinlock_t *lock)
{
	/* One store-release; interrupts go on whatever they were before. */
	__atomic {
		lock->owner = 0;
		current_task->irqs_off = false;
		__release(lock);
	}
}

__source("include/linux/spinlock.h:spin_lock_irqsave")
unsigned long _raw_spin_lock_irqsave(spinlock_t *lock)
{
	unsigned long flags;

	/* One compare-and-exchange. */
	__atomic {
		assert_no_self_deadlock(lock);
		__spin(!lock->owner);
		lock->owner = spin_owner();
		flags = current_task->irqs_off;
		current_task->irqs_off = true;
		__acquire(lock);
	}
	return flags;
}

__source("include/linux/spinlock.h:spin_unlock_irqrestore")
void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags)
{
	/* One store-release. */
	__atomic {
		lock->owner = 0;
		current_task->irqs_off = flags;
		__release(lock);
	}
}

#define DEFINE_SPINLOCK(name) spinlock_t name
#define spin_lock_init(lock) ((lock)->owner = 0)
#define spin_lock_irqsave(lock, flags) ((flags) = _raw_spin_lock_irqsave(lock))

/* Soft interrupts are not told apart from hard ones. */
#define spin_lock_bh(lock) spin_lock_irq(lock)
#define spin_unlock_bh(lock) spin_unlock_irq(lock)

/*
 * A writer queues first and then waits for the count to become 0; from the first step on new
 * readers wait behind it. So a reader that asks again while a writer waits blocks for ever, as
 * with the real rwsem. A scenario may turn that off: #define RWSEM_WRITER_PREFERRED 0.
 */
__source("kernel/locking/rwsem.c:down_write")
__source("kernel/locking/rwsem.c:down_write_nested")
void down_write(struct rw_semaphore *sem)
{
	/* RWSEM_FLAG_WAITERS is set in the count by one atomic operation. */
	__atomic {
		sem->waiters++;
	}
	/* One compare-and-exchange of the count. */
	__atomic {
		__wait(!sem->count);
		sem->waiters--;
		sem->count = -1;
		__acquire(sem);
	}
}

__source("kernel/locking/rwsem.c:up_write")
void up_write(struct rw_semaphore *sem)
{
	/* One atomic subtraction from the count. */
	__atomic {
		sem->count = 0;
		__release(sem);
	}
}

__source("kernel/locking/rwsem.c:down_read")
__source("kernel/locking/rwsem.c:down_read_nested")
void down_read(struct rw_semaphore *sem)
{
	/* One atomic addition to the count, which carries the waiters' flag too. */
	__atomic {
		__wait(sem->count >= 0 && !(RWSEM_WRITER_PREFERRED && sem->waiters));
		sem->count++;
		__acquire_shared(sem);
	}
}

__source("kernel/locking/rwsem.c:up_read")
void up_read(struct rw_semaphore *sem)
{
	/* One atomic subtraction from the count. */
	__atomic {
		sem->count--;
		__release(sem);
	}
}

__source("kernel/locking/rwsem.c:down_read_trylock")
int down_read_trylock(struct rw_semaphore *sem)
{
	int taken;

	/* Compare-and-exchange in a loop; waiters do not stop it. */
	__atomic {
		taken = sem->count >= 0;
		if (taken) {
			sem->count++;
			__acquire_shared(sem);
		}
	}
	return taken;
}

__source("kernel/locking/rwsem.c:down_write_trylock")
int down_write_trylock(struct rw_semaphore *sem)
{
	int taken;

	/* One compare-and-exchange of the count. */
	__atomic {
		taken = !sem->count;
		if (taken) {
			sem->count = -1;
			__acquire(sem);
		}
	}
	return taken;
}

__source("kernel/locking/rwsem.c:downgrade_write")
void downgrade_write(struct rw_semaphore *sem)
{
	/* One atomic addition to the count. */
	__atomic {
		sem->count = 1;
		__release(sem);
		__acquire_shared(sem);
	}
}

/* The counters of all CPUs are one here. A writer blocks new readers, then waits for those inside. */
__source("kernel/locking/percpu-rwsem.c:percpu_down_read")
__source("include/linux/percpu-rwsem.h:percpu_down_read")
void percpu_down_read(struct percpu_rw_semaphore *sem)
{
	/* One increment and a test of the writers' flag, which RCU orders. */
	__atomic {
		__wait(sem->count >= 0 && !(RWSEM_WRITER_PREFERRED && sem->waiters));
		sem->count++;
		__acquire_shared(sem);
	}
}

__source("kernel/locking/percpu-rwsem.c:percpu_up_read")
__source("include/linux/percpu-rwsem.h:percpu_up_read")
void percpu_up_read(struct percpu_rw_semaphore *sem)
{
	/* One decrement. */
	__atomic {
		sem->count--;
		__release(sem);
	}
}

__source("kernel/locking/percpu-rwsem.c:percpu_down_write")
void percpu_down_write(struct percpu_rw_semaphore *sem)
{
	/* The writers' flag is one store. */
	__atomic {
		sem->waiters++;
	}
	/* Sees the sum of the counters become 0. */
	__atomic {
		__wait(!sem->count);
		sem->waiters--;
		sem->count = -1;
		__acquire(sem);
	}
}

__source("kernel/locking/percpu-rwsem.c:percpu_up_write")
void percpu_up_write(struct percpu_rw_semaphore *sem)
{
	/* One store-release of the writers' flag. */
	__atomic {
		sem->count = 0;
		__release(sem);
	}
}

__source("include/linux/rwsem.h:rwsem_is_locked")
bool rwsem_is_locked(struct rw_semaphore *sem)
{
	return sem->count != 0;
}

/* ---- guards: held to the end of the scope -------------------------------- */

__guard("mutex", mutex_lock, mutex_unlock);
__guard("spinlock", spin_lock, spin_unlock);
__guard("spinlock_irq", spin_lock_irq, spin_unlock_irq);
__guard("rwsem_read", down_read, up_read);
__guard("rwsem_write", down_write, up_write);
__guard("percpu_read", percpu_down_read, percpu_up_read);
__guard("percpu_write", percpu_down_write, percpu_up_write);

/* ---- locks of an inode --------------------------------------------------- */

__source("include/linux/fs.h:inode_lock")
void inode_lock(struct inode *inode)
{
	__forbid("I/O completion", "I/O completes without i_rwsem", "RL-COMPLETION-LOCK");
	down_write(&inode->i_rwsem);
}

__source("include/linux/fs.h:inode_unlock")
void inode_unlock(struct inode *inode)
{
	up_write(&inode->i_rwsem);
}

__source("include/linux/fs.h:inode_lock_shared")
void inode_lock_shared(struct inode *inode)
{
	__forbid("I/O completion", "I/O completes without i_rwsem", "RL-COMPLETION-LOCK");
	down_read(&inode->i_rwsem);
}

__source("include/linux/fs.h:inode_unlock_shared")
void inode_unlock_shared(struct inode *inode)
{
	up_read(&inode->i_rwsem);
}

__source("include/linux/fs.h:inode_is_locked")
bool inode_is_locked(struct inode *inode)
{
	return rwsem_is_locked(&inode->i_rwsem);
}

__source("include/linux/fs.h:inode_dio_begin")
void inode_dio_begin(struct inode *inode)
{
	atomic_inc(&inode->i_dio_count);
}

__source("include/linux/fs.h:inode_dio_end")
void inode_dio_end(struct inode *inode)
{
	/* Who waits tests the count: there is nobody to wake. */
	atomic_dec_and_test(&inode->i_dio_count);
}

__source("fs/inode.c:inode_dio_wait")
void inode_dio_wait(struct inode *inode)
{
	__wait(!inode->i_dio_count.counter, "direct I/O", inode);
}
