/** Bugs with the locks, wait queues and RCU of the model kernel, each beside the code that is right. */
import { readFileSync } from 'node:fs';

const FILES = ['types', 'list', 'atomic', 'inode', 'locking', 'wait', 'rcu'].map((name) =>
  readFileSync(new URL(`../../server/kernel/${name}.c`, import.meta.url), 'utf8'),
);
const HEAP = `
struct obj { int a; int ref; wait_queue_head_t wq; struct rcu_head rcu; };
struct obj pool[2] __pool; struct obj *shared; int r;
void *kmalloc_obj(void) { return __alloc(pool); }
void kfree(void *p) { __free(p); }
`;

/** The texts of a program on these files. */
export function onKernel(text: string): readonly string[] {
  return [...FILES, HEAP + text];
}

interface Pair {
  readonly what: string;
  readonly bug: string;
  readonly finds: readonly string[];
  readonly right: string;
}

const waiter = (body: string): string => `__thread("waiter") void waiter(void) { ${body} }`;
const LOST = ['deadlock: waiter waits wake-up in schedule holding nothing'];
const ASSERT = 'an interrupt spins for a lock that the task under it holds with interrupts on';

export const PAIRS: readonly Pair[] = [
  {
    what: 'a sleeper that does not test again after it is in the queue',
    bug: `wait_queue_head_t wq; bool done;
      ${waiter('DEFINE_WAIT(w); if (!done) { prepare_to_wait(&wq, &w, TASK_UNINTERRUPTIBLE); schedule(); finish_wait(&wq, &w); }')}
      __thread("waker") void waker(void) { done = true; wake_up(&wq); }`,
    finds: LOST,
    right: `wait_queue_head_t wq; bool done; ${waiter('wait_event(wq, done);')}
      __thread("waker") void waker(void) { done = true; wake_up(&wq); }`,
  },
  {
    what: 'a waker that does not wake',
    bug: `wait_queue_head_t wq; bool done; ${waiter('wait_event(wq, done);')}
      __thread("waker") void waker(void) { done = true; }`,
    finds: LOST,
    right: `wait_queue_head_t wq; bool done; ${waiter('wait_event(wq, done);')}
      __thread("waker") void waker(void) { done = true; wake_up_all(&wq); }`,
  },
  {
    what: 'a waker that wakes before it changes the condition',
    bug: `wait_queue_head_t wq; bool done; ${waiter('wait_event(wq, done);')}
      __thread("waker") void waker(void) { wake_up(&wq); done = true; }`,
    finds: LOST,
    right: `wait_queue_head_t wq; bool done; ${waiter('wait_event(wq, done);')}
      __thread("waker") void waker(void) { done = true; if (waitqueue_active(&wq)) wake_up(&wq); }`,
  },
  {
    what: 'one wake-up for two exclusive sleepers',
    bug: `wait_queue_head_t wq; bool done;
      __thread("a") void a(void) { wait_event_exclusive(wq, done); }
      __thread("b") void b(void) { wait_event_exclusive(wq, done); }
      __thread("waker") void waker(void) { done = true; wake_up(&wq); }`,
    finds: [
      'deadlock: a waits wake-up in schedule holding nothing',
      'deadlock: b waits wake-up in schedule holding nothing',
    ],
    right: `wait_queue_head_t wq; bool done;
      __thread("a") void a(void) { wait_event_exclusive(wq, done); }
      __thread("b") void b(void) { wait_event_exclusive(wq, done); }
      __thread("waker") void waker(void) { done = true; wake_up_all(&wq); }`,
  },
  {
    what: 'a wake-up of another variable',
    bug: `atomic_t count, other; __setup void start(void) { count.counter = 1; }
      ${waiter('wait_var_event(&count, !count.counter);')}
      __thread("waker") void waker(void) { atomic_add(-1, &count); wake_up_var(&other); }`,
    finds: LOST,
    right: `atomic_t count, other; __setup void start(void) { count.counter = 1; }
      ${waiter('wait_var_event(&count, !count.counter);')}
      __thread("waker") void waker(void) { atomic_add(-1, &count); wake_up_var(&count); }`,
  },
  {
    what: 'a wake-up of another bit of the word',
    bug: `unsigned long word = 2; ${waiter('wait_on_bit(&word, 1, TASK_UNINTERRUPTIBLE);')}
      __thread("waker") void waker(void) { __atomic { word &= ~2; } wake_up_bit(&word, 0); }`,
    finds: LOST,
    right: `unsigned long word = 2; ${waiter('wait_on_bit(&word, 1, TASK_UNINTERRUPTIBLE);')}
      __thread("waker") void waker(void) { __atomic { word &= ~2; } wake_up_bit(&word, 1); }`,
  },
  {
    what: 'an object with a queue that is freed while somebody sleeps there',
    bug: `__setup void start(void) { shared = kmalloc_obj(); }
      ${waiter('struct obj *o = shared; wait_event(o->wq, o->a);')}
      __thread("waker") void waker(void) { shared->a = 1; kfree(shared); }`,
    finds: [
      'free-in-use: kfree: free of struct obj while wq has waiters',
      'use-after-free: prepare_to_wait: use after free of struct obj: freed in waker',
      'use-after-free: waiter: use after free of struct obj: freed in waker',
    ],
    right: `bool gone; __setup void start(void) { shared = kmalloc_obj(); }
      ${waiter('struct obj *o = shared; wait_event(o->wq, o->a); gone = true;')}
      __thread("waker") void waker(void) { shared->a = 1; wake_up(&shared->wq); __wait(gone, "waiter"); kfree(shared); }`,
  },
  {
    what: 'a completion that is waited for once more than it is completed',
    bug: `struct completion done; ${waiter('wait_for_completion(&done); wait_for_completion(&done);')}
      __thread("waker") void waker(void) { complete(&done); }`,
    finds: ['deadlock: waiter waits completion in wait_for_completion holding nothing'],
    right: `struct completion done; ${waiter('wait_for_completion(&done); wait_for_completion(&done);')}
      __thread("waker") void waker(void) { complete_all(&done); }`,
  },
  {
    what: 'a spinlock that an interrupt takes too, without interrupts off',
    bug: `spinlock_t lock; bool raised;
      __thread("task") void t(void) { raised = true; spin_lock(&lock); r++; spin_unlock(&lock); }
      __irq("irq") void i(void) { __idle(raised); spin_lock(&lock); r++; spin_unlock(&lock); }`,
    finds: [`RL-IRQ-LOCK assert: spin_lock: ${ASSERT}`],
    right: `spinlock_t lock; bool raised; 
      __thread("task") void t(void) { unsigned long flags; raised = true; spin_lock_irqsave(&lock, flags); r++; spin_unlock_irqrestore(&lock, flags); }
      __irq("irq") void i(void) { __idle(raised); spin_lock(&lock); r++; spin_unlock(&lock); }`,
  },
  ...[
    [
      'spin_lock_irqsave',
      'unsigned long f; spin_lock_irqsave(&lock, f); r++; spin_unlock_irqrestore(&lock, f);',
      '_raw_spin_lock_irqsave',
    ],
    ['spin_lock_irq', 'spin_lock_irq(&lock); r++; spin_unlock_irq(&lock);', 'spin_lock_irq'],
    ['spin_lock_bh', 'spin_lock_bh(&lock); r++; spin_unlock_bh(&lock);', 'spin_lock_irq'],
  ].map(([how = '', body = '', at = '']) => ({
    what: `a spinlock that a task takes with interrupts on, and an interrupt by ${how}`,
    bug: `spinlock_t lock;
      __thread("task") void t(void) { spin_lock(&lock); r++; spin_unlock(&lock); }
      __irq("irq") void i(void) { ${body} }`,
    finds: [`RL-IRQ-LOCK assert: ${at}: ${ASSERT}`],
    right: `spinlock_t lock;
      __thread("task") void t(void) { spin_lock_irq(&lock); r++; spin_unlock_irq(&lock); }
      __irq("irq") void i(void) { ${body} }`,
  })),
  {
    what: 'interrupts that the inner of two locks turns on',
    bug: `spinlock_t lock, inner; bool raised;
      __thread("task") void t(void) { unsigned long flags; raised = true; spin_lock_irqsave(&lock, flags);
        spin_lock_irq(&inner); spin_unlock_irq(&inner); spin_unlock_irqrestore(&lock, flags); }
      __irq("irq") void i(void) { __idle(raised); spin_lock(&lock); spin_unlock(&lock); }`,
    finds: [`RL-IRQ-LOCK assert: spin_lock: ${ASSERT}`],
    right: `spinlock_t lock, inner; bool raised;
      __thread("task") void t(void) { unsigned long flags; raised = true; spin_lock_irqsave(&lock, flags);
        spin_lock(&inner); spin_unlock(&inner); spin_unlock_irqrestore(&lock, flags); }
      __irq("irq") void i(void) { __idle(raised); spin_lock(&lock); spin_unlock(&lock); }`,
  },
  {
    what: 'an interrupt that takes a mutex, also a free one',
    bug: `struct mutex lock; __irq("irq") void i(void) { mutex_lock(&lock); mutex_unlock(&lock); }`,
    finds: ['irq-wait: mutex_lock'],
    right: `spinlock_t lock; __irq("irq") void i(void) { spin_lock(&lock); spin_unlock(&lock); }`,
  },
  {
    what: 'a mutex that is unlocked although it was not taken',
    bug: `struct mutex lock; int inside;
      void t(void) { mutex_trylock(&lock); inside++; __assert(inside == 1, "alone"); inside--; mutex_unlock(&lock); }
      __thread("a") void a(void) { t(); } __thread("b") void b(void) { t(); }`,
    finds: ['assert: t: alone', 'unlock: mutex_unlock: releases lock without holding it'],
    right: `struct mutex lock; int inside;
      void t(void) { if (!mutex_trylock(&lock)) return; inside++; __assert(inside == 1, "alone"); inside--; mutex_unlock(&lock); }
      __thread("a") void a(void) { t(); } __thread("b") void b(void) { t(); }`,
  },
  {
    what: 'two guards in opposite orders',
    bug: `struct mutex m, n; 
      __thread("a") void a(void) { guard(mutex)(&m); guard(mutex)(&n); }
      __thread("b") void b(void) { guard(mutex)(&n); if (r) return; guard(mutex)(&m); }`,
    finds: ['deadlock: a waits n in mutex_lock holding m; b waits m in mutex_lock holding n'],
    right: `struct mutex m, n; struct rw_semaphore sem; spinlock_t lock;
      __thread("a") void a(void) { guard(mutex)(&m); guard(mutex)(&n); guard(rwsem_read)(&sem); }
      __thread("b") void b(void) { guard(rcu)(); { guard(mutex)(&m); if (r) return; guard(mutex)(&n); guard(rwsem_write)(&sem); guard(spinlock)(&lock); } }`,
  },
  {
    what: 'a counter that is tested and taken in two steps',
    bug: `atomic_t left = ATOMIC_INIT(1); int took;
      void t(void) { if (atomic_read(&left) > 0) { atomic_dec(&left); __assert(atomic_read(&left) >= 0, "not twice"); } }
      __thread("a") void a(void) { t(); } __thread("b") void b(void) { t(); }`,
    finds: ['assert: t: not twice'],
    right: `atomic_t left = ATOMIC_INIT(1);
      void t(void) { if (atomic_cmpxchg(&left, 1, 0) == 1) __assert(atomic_dec_return(&left) == -1, "not twice"); }
      __setup void start(void) {
        atomic_t x = ATOMIC_INIT(2);
        __assert(!atomic_dec_and_test(&x) && atomic_add_return(4, &x) == 5 && atomic_inc_return(&x) == 6, "counts");
        __assert(!atomic_add_unless(&x, 1, 6) && atomic_xchg(&x, 1) == 6 && atomic_inc_not_zero(&x), "exchanges");
        atomic_sub(2, &x);
        __assert(!atomic_inc_not_zero(&x) && atomic_cmpxchg(&x, 1, 2) == 0 && atomic_read(&x) == 0, "is none");
      }
      __thread("a") void a(void) { t(); } __thread("b") void b(void) { t(); }`,
  },
  {
    what: 'a bit that is tested and set in two steps',
    bug: `unsigned long word; int inside;
      void t(void) { if (test_bit(0, &word)) return; set_bit(0, &word); inside++; __assert(inside == 1, "alone"); }
      __thread("a") void a(void) { t(); } __thread("b") void b(void) { t(); }`,
    finds: ['assert: t: alone'],
    right: `unsigned long word; int inside;
      void t(void) { if (test_and_set_bit(0, &word)) return; inside++; __assert(inside == 1, "alone"); }
      __thread("a") void a(void) { t(); } __thread("b") void b(void) { t(); }`,
  },
  {
    what: 'a reference that is taken from an object that may have lost its last one',
    bug: `refcount_t refs = REFCOUNT_INIT(1);
      void put(void) { if (refcount_dec_and_test(&refs)) kfree(shared); }
      __setup void start(void) { shared = kmalloc_obj(); }
      __thread("a") void a(void) { refcount_inc(&refs); r = shared->a; put(); }
      __thread("b") void b(void) { put(); }`,
    finds: ['assert: refcount_inc: a reference is taken of what has none left'],
    right: `refcount_t refs = REFCOUNT_INIT(1);
      void put(void) { if (refcount_dec_and_test(&refs)) kfree(shared); }
      __setup void start(void) { shared = kmalloc_obj(); }
      __thread("a") void a(void) { if (!refcount_inc_not_zero(&refs)) return; r = shared->a; put(); }
      __thread("b") void b(void) { put(); }`,
  },
  {
    what: 'a list that two tasks add to without a common lock',
    bug: `struct item { int v; struct list_head link; }; LIST_HEAD(head); struct item one, two;
      __thread("a") void a(void) { list_add_tail(&one.link, &head); }
      __thread("b") void b(void) { list_add_tail(&two.link, &head); }
      __finally void end(void) { int n = 0; struct item *pos; list_for_each_entry(pos, &head, link) n++; __assert(n == 2, "both are there"); }`,
    finds: ['final: end: both are there'],
    right: `struct item { int v; struct list_head link; }; LIST_HEAD(head); struct item one, two; struct mutex m;
      __thread("a") void a(void) { guard(mutex)(&m); list_add_tail(&one.link, &head); }
      __thread("b") void b(void) { guard(mutex)(&m); list_add(&two.link, &head); list_move_tail(&two.link, &head); }
      __finally void end(void) { int n = 0; struct item *pos; list_for_each_entry(pos, &head, link) n++; __assert(n == 2, "both are there"); }`,
  },
  {
    what: 'an object that is freed while it is on a list',
    bug: `struct item { int v; struct list_head link; }; LIST_HEAD(head); struct item items[1] __pool;
      __thread("t") void t(void) { struct item *it = __alloc(items); list_add(&it->link, &head); __free(it); }`,
    finds: ['free-in-use: t: free of struct item while link is on a list'],
    right: `struct item { int v; struct list_head link; }; LIST_HEAD(head); struct item items[2] __pool; __leaks(items);
      __thread("t") void t(void) { struct item *it = __alloc(items), *n; list_add(&it->link, &head); it = __alloc(items); list_add(&it->link, &head);
        LIST_HEAD(own); list_splice_init(&head, &own); __assert(list_empty(&head) && !list_is_singular(&own), "moved");
        list_for_each_entry_safe(it, n, &own, link) { list_del(&it->link); __free(it); } }`,
  },
  {
    what: 'a reader that asks again while a writer waits',
    bug: `struct rw_semaphore sem;
      __thread("reader") void reader(void) { down_read(&sem); down_read(&sem); up_read(&sem); up_read(&sem); }
      __thread("writer") void writer(void) { down_write(&sem); up_write(&sem); }`,
    finds: [
      'deadlock: reader waits sem in down_read holding sem; writer waits sem in down_write holding nothing',
    ],
    right: `#define RWSEM_WRITER_PREFERRED 0
      struct rw_semaphore sem;
      __thread("reader") void reader(void) { down_read(&sem); down_read(&sem); up_read(&sem); up_read(&sem); }
      __thread("writer") void writer(void) { down_write(&sem); up_write(&sem); }`,
  },
  {
    what: 'the same with a percpu rwsem',
    bug: `struct percpu_rw_semaphore sem;
      __thread("reader") void reader(void) { percpu_down_read(&sem); percpu_down_read(&sem); percpu_up_read(&sem); percpu_up_read(&sem); }
      __thread("writer") void writer(void) { percpu_down_write(&sem); percpu_up_write(&sem); }`,
    finds: [
      'deadlock: reader waits sem in percpu_down_read holding sem; writer waits sem in percpu_down_write holding nothing',
    ],
    right: `struct percpu_rw_semaphore sem;
      __thread("reader") void reader(void) { percpu_down_read(&sem); percpu_up_read(&sem); percpu_down_read(&sem); percpu_up_read(&sem); }
      __thread("writer") void writer(void) { percpu_down_write(&sem); percpu_up_write(&sem); }`,
  },
  {
    what: 'an object that is freed without a grace period',
    bug: `__setup void start(void) { shared = kmalloc_obj(); }
      __thread("reader") void reader(void) { struct obj *o; rcu_read_lock(); o = rcu_dereference(shared); if (o) r = o->a; rcu_read_unlock(); }
      __thread("writer") void writer(void) { struct obj *o = shared; rcu_assign_pointer(shared, NULL); kfree(o); }`,
    finds: ['use-after-free: reader: use after free of struct obj: freed in writer'],
    right: `__setup void start(void) { shared = kmalloc_obj(); }
      __thread("reader") void reader(void) { struct obj *o; rcu_read_lock(); o = rcu_dereference(shared); if (o) r = o->a; rcu_read_unlock(); }
      __thread("writer") void writer(void) { struct obj *o = shared; rcu_assign_pointer(shared, NULL); synchronize_rcu(); kfree(o); }`,
  },
  {
    what: 'a grace period that begins before the object is unreachable',
    bug: `__setup void start(void) { shared = kmalloc_obj(); }
      __thread("reader") void reader(void) { struct obj *o; rcu_read_lock(); o = rcu_dereference(shared); if (o) r = o->a; rcu_read_unlock(); }
      __thread("writer") void writer(void) { struct obj *o = shared; kfree_rcu(o, rcu); rcu_assign_pointer(shared, NULL); }`,
    finds: ['use-after-free: reader: use after free of struct obj: freed in rcu_do_batch'],
    right: `__setup void start(void) { shared = kmalloc_obj(); } __leaks(pool);
      __thread("reader") void reader(void) { struct obj *o; rcu_read_lock(); o = rcu_dereference(shared); if (o) r = o->a; rcu_read_unlock(); }
      __thread("writer") void writer(void) { struct obj *o = shared; rcu_assign_pointer(shared, NULL); kfree_rcu(o, rcu); }`,
  },
  {
    what: 'a reader that goes on with the pointer after it has left',
    bug: `__setup void start(void) { shared = kmalloc_obj(); }
      void free_obj(struct rcu_head *head) { kfree(container_of(head, struct obj, rcu)); }
      __thread("reader") void reader(void) { struct obj *o; rcu_read_lock(); o = rcu_dereference(shared); rcu_read_unlock(); if (o) r = o->a; }
      __thread("writer") void writer(void) { struct obj *o = shared; rcu_assign_pointer(shared, NULL); call_rcu(&o->rcu, free_obj); }`,
    finds: ['use-after-free: reader: use after free of struct obj: freed in free_obj'],
    right: `__setup void start(void) { shared = kmalloc_obj(); }
      void free_obj(struct rcu_head *head) { kfree(container_of(head, struct obj, rcu)); }
      __thread("reader") void reader(void) { struct obj *o; rcu_read_lock(); rcu_read_lock(); rcu_read_unlock(); o = rcu_dereference(shared); if (o) r = o->a; rcu_read_unlock(); }
      __thread("writer") void writer(void) { struct obj *o = shared; rcu_assign_pointer(shared, NULL); call_rcu(&o->rcu, free_obj); }`,
  },
  {
    what: 'a writer that waits for readers inside its own section',
    bug: `__thread("t") void t(void) { rcu_read_lock(); synchronize_rcu(); rcu_read_unlock(); }`,
    finds: ['deadlock: t waits RCU in synchronize_rcu holding RCU'],
    right: `__thread("t") void t(void) { rcu_read_lock(); rcu_read_unlock(); synchronize_rcu(); }`,
  },
];
