/** Programs in pairs, one with a bug and one without: what the language itself finds. */
import type { Classic } from './classics.js';

const FREE: readonly string[] = ['none'];

/** Objects that one thread frees while another has a pointer to them. */
const OBJECT = `
struct obj { int a; struct obj *next; };
struct obj pool[2] __pool; struct obj *shared; int r;
void *kmalloc(void) { return __alloc(pool); }
void kfree(void *p) { __free(p); }
void put(struct obj *o) { kfree(o); }
`;

/** One allocator for all structs; `a` has a pool, `b` none. */
const ALLOCATOR = `
struct a { int x; }; struct b { int y, z; }; struct a any[1] __pool;
__allocator(2) void *get(unsigned long size) { return __alloc(any); } void put(void *p) { __free(p); }
`;

const LIFETIMES: readonly Classic[] = [
  {
    name: 'a pointer that is used after another thread has freed the object',
    text: `${OBJECT} __setup void start(void) { shared = kmalloc(); }
      __thread("user") void user(void) { struct obj *o = shared; if (o) r = o->a; }
      __thread("owner") void owner(void) { struct obj *o = shared; shared = NULL; put(o); }`,
    answer: ['use-after-free: user: use after free of struct obj: freed in put'],
  },
  {
    name: 'an object that is freed after its last user',
    text: `${OBJECT} bool done; __setup void start(void) { shared = kmalloc(); }
      __thread("user") void user(void) { r = shared->a; done = true; }
      __thread("owner") void owner(void) { __wait(done, "user"); put(shared); }`,
    answer: FREE,
  },
  {
    name: 'a stale pointer to memory that was given out again',
    text: `struct obj { int a; }; struct obj pool[1] __pool;
      __thread("t") void t(void) {
        struct obj *old = __alloc(pool), *new; __free(old); new = __alloc(pool); new->a = 1; old->a = 2; }`,
    answer: ['use-after-free: t: use after free of struct obj: freed and allocated again'],
  },
  {
    name: 'memory that was given out again',
    text: `struct obj { int a; }; struct obj pool[1] __pool;
      __thread("t") void t(void) {
        struct obj *old = __alloc(pool), *new; __free(old); new = __alloc(pool); new->a = 2;
        __assert(new != old, "a stale pointer equals no new one"); __free(new); }`,
    answer: FREE,
  },
  {
    name: 'an object that two threads free',
    text: `${OBJECT} __setup void start(void) { shared = kmalloc(); }
      __thread("a") void a(void) { put(shared); } __thread("b") void b(void) { put(shared); }`,
    answer: ['double-free: kfree: double free of struct obj: freed in put before'],
  },
  {
    name: 'an object that the thread frees which drops the last reference',
    text: `${OBJECT} int refs = 2; __setup void start(void) { shared = kmalloc(); }
      void drop(void) { int left; __atomic { refs--; left = refs; } if (!left) put(shared); }
      __thread("a") void a(void) { drop(); } __thread("b") void b(void) { drop(); }`,
    answer: FREE,
  },
  {
    name: 'an object that is freed while another thread holds its lock',
    text: `struct mutex { int owner __busy("is held"); }; struct obj { int a; struct mutex lock; };
      struct obj pool[1] __pool; struct obj *shared; __setup void start(void) { shared = __alloc(pool); }
      void lock(struct mutex *m) { __atomic { __wait(!m->owner); m->owner = __current(); __acquire(m); } }
      void unlock(struct mutex *m) { __atomic { m->owner = 0; __release(m); } }
      int users = 1;
      __thread("user") void user(void) { lock(&shared->lock); users = 0; unlock(&shared->lock); }
      __thread("owner") void owner(void) { __wait(!users, "user"); __free(shared); }`,
    answer: ['free-in-use: owner: free of struct obj while lock is held'],
  },
  {
    name: 'an object that is freed under its lock by who unlocks it first',
    text: `struct mutex { int owner __busy("is held"); }; struct obj { int a; struct mutex lock; };
      struct obj pool[1] __pool;
      __thread("owner") void owner(void) {
        struct obj *o = __alloc(pool); o->lock.owner = 1; o->lock.owner = 0; __free(o); }`,
    answer: FREE,
  },
  {
    name: 'an object that is freed while it is on a list',
    text: `struct list_head { struct list_head *next __busy("is on a list"); }; struct obj { int a; struct list_head link; };
      struct obj pool[1] __pool; struct list_head head;
      __thread("t") void t(void) {
        struct obj *o = __alloc(pool); o->link.next = &o->link; head.next = &o->link; o->link.next = &head; __free(o); }`,
    answer: ['free-in-use: t: free of struct obj while link is on a list'],
  },
  {
    name: 'an object that is freed when its list is empty',
    text: `struct list_head { struct list_head *next __busy("is on a list"); }; struct obj { int a; struct list_head link; };
      struct obj pool[1] __pool; struct list_head head;
      __thread("t") void t(void) {
        struct obj *o = __alloc(pool); head.next = &o->link; o->link.next = &head; o->link.next = &o->link; __free(o); }`,
    answer: FREE,
  },
  {
    name: 'an object that nobody frees on the way of an error',
    text: `${OBJECT} __leaks(pool);
      __thread("t") void t(void) { struct obj *o = kmalloc(); if (__choose(2)) return; put(o); }`,
    answer: ['final: t: struct obj is never freed'],
  },
  {
    name: 'an object that is freed on the way of an error too',
    text: `${OBJECT} __leaks(pool);
      __thread("t") void t(void) { struct obj *o = kmalloc(); if (__choose(2)) { put(o); return; } put(o); }`,
    answer: FREE,
  },
  {
    name: 'a work item on the stack that is still queued when its function returns',
    text: `struct work { bool pending __busy("is queued"); }; struct work *queue;
      void submit(void) { struct work work = { .pending = true }; queue = &work; }
      __thread("t") void t(void) { submit(); }
      __daemon("w") void w(void) { for (;;) { struct work *item; __atomic { __idle(queue); item = queue; queue = NULL; } item->pending = false; } }`,
    answer: ['free-in-use: submit: returns while on-stack work is queued'],
  },
  {
    name: 'a work item on the stack that is waited for, and a copy of one that is queued',
    text: `struct work { bool pending __busy("is queued"); }; struct work *queue; struct work copied;
      void submit(void) { struct work work = { .pending = true }; copied = work; queue = &work; __wait(!work.pending, "work"); }
      void look(void) { struct work copy = copied; struct work *p = &copy; __assert(p->pending, "is a copy"); }
      __thread("t") void t(void) { submit(); look(); }
      __daemon("w") void w(void) { for (;;) { struct work *item; __atomic { __idle(queue); item = queue; queue = NULL; } item->pending = false; } }`,
    answer: FREE,
  },
  {
    name: 'objects of two types from one allocator, and one that is used after it was freed',
    text: `${ALLOCATOR} __thread("t") void t(void) {
        struct b *b = get(sizeof(*b)); struct a *a = get(sizeof(struct a)); a->x = 1; b->z = 2; put(b); b->z = a->x; put(a); }`,
    answer: ['use-after-free: t: use after free of struct b: freed in t'],
  },
  {
    name: 'objects of two types from one allocator, more than its own pool has',
    text: `${ALLOCATOR} __thread("t") void t(void) {
        struct b *b = get(sizeof(*b)), *c; struct a *a = get(sizeof(*a)); c = get(sizeof(struct b)); b->z = 1; c->z = 2; a->x = 3;
        __assert(b->z == 1 && b != c, "its own cells"); put(a); put(b); put(c); }`,
    answer: FREE,
  },
  {
    name: 'a pool that is too small for the run',
    text: `struct obj { int a; }; struct obj pool[2] __pool;
      __thread("a") void a(void) { __alloc(pool); } __thread("b") void b(void) { __alloc(pool); __alloc(pool); }`,
    answer: [
      'model-error: a: pool pool is exhausted: 2 of struct obj in use',
      'model-error: b: pool pool is exhausted: 2 of struct obj in use',
    ],
  },
];

export const LANGUAGE: readonly Classic[] = [...LIFETIMES];
