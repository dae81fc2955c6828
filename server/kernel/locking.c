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

__source("include/linux/spinlock.h:spin_lock")
void spin_lock(spinlock_t *lock)
{
	/* One compare-and-exchange; spinning is waiting. */
	__atomic {
		__wait(!lock->owner);
		lock->owner = __current();
		__acquire(lock);
	}
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

/*
 * A writer queues first and then waits for the count to become 0; from the first step on new
 * readers wait behind it. So a reader that asks again while a writer waits blocks for ever, as
 * with the real rwsem.
 */
__source("kernel/locking/rwsem.c:down_write")
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
void down_read(struct rw_semaphore *sem)
{
	/* One atomic addition to the count, which carries the waiters' flag too. */
	__atomic {
		__wait(sem->count >= 0 && !sem->waiters);
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

__source("include/linux/rwsem.h:rwsem_is_locked")
bool rwsem_is_locked(struct rw_semaphore *sem)
{
	return sem->count != 0;
}

__source("include/linux/atomic.h:atomic_add")
void atomic_add(int i, atomic_t *v)
{
	/* One instruction. */
	__atomic {
		v->counter += i;
	}
}

__source("include/linux/atomic.h:atomic_sub_and_test")
bool atomic_sub_and_test(int i, atomic_t *v)
{
	bool zero;

	/* One instruction. */
	__atomic {
		v->counter -= i;
		zero = v->counter == 0;
	}
	return zero;
}

__source("include/linux/fs.h:inode_lock")
void inode_lock(struct inode *inode)
{
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
	atomic_add(1, &inode->i_dio_count);
}

__source("include/linux/fs.h:inode_dio_end")
void inode_dio_end(struct inode *inode)
{
	atomic_add(-1, &inode->i_dio_count);
}

__source("fs/inode.c:inode_dio_wait")
void inode_dio_wait(struct inode *inode)
{
	__wait(!inode->i_dio_count.counter, "direct I/O", inode);
}
