/* Contracts of locking primitives that the model kernel lacks. What contracts are: contracts.h. */

/* ---- spinlocks ----------------------------------------------------------- */

/* __spin of a constant: taken as a spinlock, but nobody waits. */
bool spin_trylock(spinlock_t *lock)
{
	__atomic {
		if (!lock->owner) {
			__spin(1);
			__acquire(lock);
			return 1;
		}
	}
	return 0;
}

#define spin_trylock_bh(lock) spin_trylock(lock)
#define spin_trylock_irq(lock) spin_trylock(lock)
#define spin_trylock_irqsave(lock, flags) spin_trylock(lock)
#define spin_lock_nested(lock, subclass) spin_lock(lock)
#define spin_lock_nest_lock(lock, nest) spin_lock(lock)
#define spin_lock_bh_nested(lock, subclass) spin_lock_bh(lock)
#define spin_lock_irqsave_nested(lock, flags, subclass) spin_lock_irqsave(lock, flags)
#define raw_spin_lock(lock) spin_lock(lock)
#define raw_spin_lock_nested(lock, subclass) spin_lock(lock)
#define raw_spin_unlock(lock) spin_unlock(lock)
#define raw_spin_lock_irq(lock) spin_lock_irq(lock)
#define raw_spin_unlock_irq(lock) spin_unlock_irq(lock)
#define raw_spin_lock_irqsave(lock, flags) spin_lock_irqsave(lock, flags)
#define raw_spin_unlock_irqrestore(lock, flags) spin_unlock_irqrestore(lock, flags)
#define raw_spin_trylock(lock) spin_trylock(lock)

void read_lock(rwlock_t *lock)
{
	__atomic {
		__spin(lock->readable);
		__acquire_shared(lock);
	}
}

void read_unlock(rwlock_t *lock)
{
	__release(lock);
}

void write_lock(rwlock_t *lock)
{
	__atomic {
		__spin(lock->writable);
		__acquire(lock);
	}
}

void write_unlock(rwlock_t *lock)
{
	__release(lock);
}

bool read_trylock(rwlock_t *lock)
{
	__atomic {
		if (lock->readable) {
			__spin(1);
			__acquire_shared(lock);
			return 1;
		}
	}
	return 0;
}

bool write_trylock(rwlock_t *lock)
{
	__atomic {
		if (lock->writable) {
			__spin(1);
			__acquire(lock);
			return 1;
		}
	}
	return 0;
}

#define read_lock_bh(lock) read_lock(lock)
#define read_lock_irq(lock) read_lock(lock)
#define read_lock_irqsave(lock, flags) read_lock(lock)
#define read_unlock_bh(lock) read_unlock(lock)
#define read_unlock_irq(lock) read_unlock(lock)
#define read_unlock_irqrestore(lock, flags) read_unlock(lock)
#define write_lock_bh(lock) write_lock(lock)
#define write_lock_irq(lock) write_lock(lock)
#define write_lock_irqsave(lock, flags) write_lock(lock)
#define write_lock_nested(lock, subclass) write_lock(lock)
#define write_unlock_bh(lock) write_unlock(lock)
#define write_unlock_irq(lock) write_unlock(lock)
#define write_unlock_irqrestore(lock, flags) write_unlock(lock)

/* The number of a bit is an int in Linux. */
void bit_spin_lock(bitnr_t bitnum, unsigned long *addr)
{
	__atomic {
		__spin(addr[bitnum]);
		__acquire(&addr[bitnum], "bit spinlock");
	}
}

void bit_spin_unlock(bitnr_t bitnum, unsigned long *addr)
{
	__release(&addr[bitnum], "bit spinlock");
}

int bit_spin_trylock(bitnr_t bitnum, unsigned long *addr)
{
	__atomic {
		if (addr[bitnum]) {
			__spin(1);
			__acquire(&addr[bitnum], "bit spinlock");
			return 1;
		}
	}
	return 0;
}

/* ---- sequence locks ------------------------------------------------------ */

void write_seqlock(seqlock_t *sl)
{
	__atomic {
		__spin(sl->free);
		__acquire(sl);
	}
}

void write_sequnlock(seqlock_t *sl)
{
	__release(sl);
}

#define write_seqlock_bh(sl) write_seqlock(sl)
#define write_seqlock_irq(sl) write_seqlock(sl)
#define write_seqlock_irqsave(sl, flags) write_seqlock(sl)
#define write_sequnlock_bh(sl) write_sequnlock(sl)
#define write_sequnlock_irq(sl) write_sequnlock(sl)
#define write_sequnlock_irqrestore(sl, flags) write_sequnlock(sl)
#define read_seqlock_excl(sl) write_seqlock(sl)
#define read_sequnlock_excl(sl) write_sequnlock(sl)

/* ---- RCU, and times in which the CPU cannot be given up ------------------ */

void rcu_read_lock(void)
{
	__atomic {
		__spin(1);
		__acquire_shared(&rcu, "RCU");
	}
}

void rcu_read_unlock(void)
{
	__release(&rcu, "RCU");
}

void preempt_disable(void)
{
	__atomic {
		__spin(1);
		__acquire_shared(&preemption, "preemption off");
	}
}

void preempt_enable(void)
{
	__release(&preemption, "preemption off");
}

/* A sleeping reader is what it is for; the token has the index as its name. */
int srcu_read_lock(struct srcu_struct *ssp)
{
	__acquire_shared(ssp, "SRCU");
	return srcu_index(ssp);
}

void srcu_read_unlock(struct srcu_struct *ssp, int idx)
{
	__release(ssp, "SRCU");
}

/* ---- mutexes and semaphores ---------------------------------------------- */

int mutex_lock_interruptible(struct mutex *lock)
{
	__atomic {
		__wait(!lock->owner);
		if (interrupted())
			return -EINTR;
		__acquire(lock);
	}
	return 0;
}

int mutex_trylock(struct mutex *lock)
{
	__atomic {
		if (!lock->owner) {
			__acquire(lock);
			return 1;
		}
	}
	return 0;
}

#define mutex_lock_killable(lock) mutex_lock_interruptible(lock)
#define mutex_lock_interruptible_nested(lock, subclass) mutex_lock_interruptible(lock)
#define mutex_lock_killable_nested(lock, subclass) mutex_lock_interruptible(lock)
#define mutex_lock_nested(lock, subclass) mutex_lock(lock)
#define mutex_lock_nest_lock(lock, nest) mutex_lock(lock)
#define mutex_lock_io(lock) mutex_lock(lock)
#define mutex_lock_io_nested(lock, subclass) mutex_lock(lock)

int down_write_killable(struct rw_semaphore *sem)
{
	__atomic {
		__wait(!sem->count);
		if (interrupted())
			return -EINTR;
		__acquire(sem);
	}
	return 0;
}

int down_read_killable(struct rw_semaphore *sem)
{
	__atomic {
		__wait(!sem->count);
		if (interrupted())
			return -EINTR;
		__acquire_shared(sem);
	}
	return 0;
}

#define down_read_interruptible(sem) down_read_killable(sem)
#define down_read_nested(sem, subclass) down_read(sem)
#define down_read_non_owner(sem) down_read(sem)
#define up_read_non_owner(sem) up_read(sem)
#define down_write_nested(sem, subclass) down_write(sem)
#define down_write_nest_lock(sem, nest) down_write(sem)
#define down_write_killable_nested(sem, subclass) down_write_killable(sem)

bool percpu_down_read_trylock(struct percpu_rw_semaphore *sem)
{
	__atomic {
		if (!sem->count) {
			__acquire_shared(sem);
			return 1;
		}
	}
	return 0;
}
