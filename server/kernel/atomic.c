/*
 * Atomic counters, bits and reference counts: each operation is one instruction, and one step. A plain read
 * or store of the counter is a step of its own.
 */

#define ATOMIC_INIT(i) ((atomic_t){ (i) })

__source("include/linux/atomic/atomic-instrumented.h:atomic_read")
int atomic_read(const atomic_t *v)
{
	return READ_ONCE(v->counter);
}

__source("include/linux/atomic/atomic-instrumented.h:atomic_set")
void atomic_set(atomic_t *v, int i)
{
	WRITE_ONCE(v->counter, i);
}

__source("include/linux/atomic/atomic-instrumented.h:atomic_add")
void atomic_add(int i, atomic_t *v)
{
	/* One instruction. */
	__atomic {
		v->counter += i;
	}
}

__source("include/linux/atomic/atomic-instrumented.h:atomic_sub")
void atomic_sub(int i, atomic_t *v)
{
	/* One instruction. */
	__atomic {
		v->counter -= i;
	}
}

__source("include/linux/atomic/atomic-instrumented.h:atomic_inc")
void atomic_inc(atomic_t *v)
{
	/* One instruction. */
	__atomic {
		v->counter++;
	}
}

__source("include/linux/atomic/atomic-instrumented.h:atomic_dec")
void atomic_dec(atomic_t *v)
{
	/* One instruction. */
	__atomic {
		v->counter--;
	}
}

__source("include/linux/atomic/atomic-instrumented.h:atomic_add_return")
int atomic_add_return(int i, atomic_t *v)
{
	int new;

	/* One instruction. */
	__atomic {
		v->counter += i;
		new = v->counter;
	}
	return new;
}

__source("include/linux/atomic/atomic-instrumented.h:atomic_inc_return")
int atomic_inc_return(atomic_t *v)
{
	int new;

	/* One instruction. */
	__atomic {
		v->counter++;
		new = v->counter;
	}
	return new;
}

__source("include/linux/atomic/atomic-instrumented.h:atomic_dec_return")
int atomic_dec_return(atomic_t *v)
{
	int new;

	/* One instruction. */
	__atomic {
		v->counter--;
		new = v->counter;
	}
	return new;
}

__source("include/linux/atomic/atomic-instrumented.h:atomic_sub_and_test")
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

__source("include/linux/atomic/atomic-instrumented.h:atomic_dec_and_test")
bool atomic_dec_and_test(atomic_t *v)
{
	bool zero;

	/* One instruction. */
	__atomic {
		v->counter--;
		zero = v->counter == 0;
	}
	return zero;
}

__source("include/linux/atomic/atomic-instrumented.h:atomic_inc_not_zero")
bool atomic_inc_not_zero(atomic_t *v)
{
	bool taken;

	/* One instruction. */
	__atomic {
		taken = v->counter != 0;
		v->counter += taken;
	}
	return taken;
}

__source("include/linux/atomic/atomic-instrumented.h:atomic_add_unless")
bool atomic_add_unless(atomic_t *v, int a, int u)
{
	bool added;

	/* One instruction. */
	__atomic {
		added = v->counter != u;
		if (added)
			v->counter += a;
	}
	return added;
}

__source("include/linux/atomic/atomic-instrumented.h:atomic_xchg")
int atomic_xchg(atomic_t *v, int new)
{
	int old;

	/* One instruction. */
	__atomic {
		old = v->counter;
		v->counter = new;
	}
	return old;
}

__source("include/linux/atomic/atomic-instrumented.h:atomic_cmpxchg")
int atomic_cmpxchg(atomic_t *v, int old, int new)
{
	int was;

	/* One instruction. */
	__atomic {
		was = v->counter;
		if (was == old)
			v->counter = new;
	}
	return was;
}

/* ---- bits ---------------------------------------------------------------- */

__source("include/asm-generic/bitops/instrumented-atomic.h:set_bit")
void set_bit(long nr, unsigned long *addr)
{
	/* One instruction. */
	__atomic {
		*addr |= BIT(nr);
	}
}

__source("include/asm-generic/bitops/instrumented-atomic.h:clear_bit")
void clear_bit(long nr, unsigned long *addr)
{
	/* One instruction. */
	__atomic {
		*addr &= ~BIT(nr);
	}
}

__source("include/asm-generic/bitops/instrumented-non-atomic.h:test_bit")
bool test_bit(long nr, const unsigned long *addr)
{
	return (*addr & BIT(nr)) != 0;
}

__source("include/asm-generic/bitops/instrumented-atomic.h:test_and_set_bit")
bool test_and_set_bit(long nr, unsigned long *addr)
{
	bool was;

	/* One instruction. */
	__atomic {
		was = (*addr & BIT(nr)) != 0;
		*addr |= BIT(nr);
	}
	return was;
}

__source("include/asm-generic/bitops/instrumented-atomic.h:test_and_clear_bit")
bool test_and_clear_bit(long nr, unsigned long *addr)
{
	bool was;

	/* One instruction. */
	__atomic {
		was = (*addr & BIT(nr)) != 0;
		*addr &= ~BIT(nr);
	}
	return was;
}

/* ---- reference counts ---------------------------------------------------- */

typedef struct refcount_struct {
	atomic_t refs;
} refcount_t;

#define REFCOUNT_INIT(n) ((refcount_t){ { (n) } })

__source("include/linux/refcount.h:refcount_set")
void refcount_set(refcount_t *r, int n)
{
	atomic_set(&r->refs, n);
}

__source("include/linux/refcount.h:refcount_read")
unsigned int refcount_read(const refcount_t *r)
{
	return atomic_read(&r->refs);
}

/* Who takes a reference has one, or knows that somebody does. */
__source("include/linux/refcount.h:refcount_inc")
void refcount_inc(refcount_t *r)
{
	/* One instruction. */
	__atomic {
		__assert(r->refs.counter > 0, "a reference is taken of what has none left");
		r->refs.counter++;
	}
}

__source("include/linux/refcount.h:refcount_inc_not_zero")
bool refcount_inc_not_zero(refcount_t *r)
{
	bool taken;

	/* One instruction. */
	__atomic {
		taken = r->refs.counter != 0;
		r->refs.counter += taken;
	}
	return taken;
}

__source("include/linux/refcount.h:refcount_dec_and_test")
bool refcount_dec_and_test(refcount_t *r)
{
	bool zero;

	/* One instruction. */
	__atomic {
		__assert(r->refs.counter > 0, "a reference is given back that nobody has");
		r->refs.counter--;
		zero = r->refs.counter == 0;
	}
	return zero;
}

/* Not the last one. */
__source("include/linux/refcount.h:refcount_dec")
void refcount_dec(refcount_t *r)
{
	/* One instruction. */
	__atomic {
		__assert(r->refs.counter > 1, "the last reference goes and nobody frees");
		r->refs.counter--;
	}
}
