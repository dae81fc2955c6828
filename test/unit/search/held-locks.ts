/** Programs in pairs: what a thread holds is released in time, in order, and by itself. */
import type { Classic } from './classics.js';

const FREE: readonly string[] = ['none'];

const LOCKS = `
struct mutex { int owner; }; struct spin { int owner; }; struct mutex a, b; struct spin s; int n;
__order("a", "b"); __order("b", "c");
void lock(struct mutex *m) { __atomic { __wait(!m->owner); m->owner = __current(); __acquire(m); } }
bool trylock(struct mutex *m) { bool got; __atomic { got = !m->owner; if (got) { m->owner = __current(); __acquire(m); } } return got; }
void unlock(struct mutex *m) { __atomic { m->owner = 0; __release(m); } }
void spin(struct spin *m) { __atomic { __spin(!m->owner); m->owner = __current(); __acquire(m); } }
void unspin(struct spin *m) { __atomic { m->owner = 0; __release(m); } }
void c_lock(void) { __atomic { __wait(!n); n = 1; __acquire(&n, "c"); } }
void c_unlock(void) { __atomic { n = 0; __release(&n, "c"); } }
`;

export const HELD_LOCKS: readonly Classic[] = [
  {
    name: 'a way of an error that leaves a lock held, and who needs it next',
    text: `${LOCKS} __thread("t") void t(void) { lock(&a); if (__choose(2)) return; unlock(&a); }
      __thread("u") void u(void) { lock(&a); unlock(&a); }`,
    answer: ['deadlock', 'lock-held: t: ends while a is held'],
  },
  {
    name: 'a lock that is released on every way',
    text: `${LOCKS} __thread("t") void t(void) { lock(&a); if (__choose(2)) { unlock(&a); return; } unlock(&a); }`,
    answer: FREE,
  },
  {
    name: 'a lock that nobody needs any more when its task ends',
    text: `${LOCKS} __thread("t") void t(void) { lock(&a); lock(&b); unlock(&a); }`,
    answer: ['lock-held: t: ends while b is held'],
  },
  {
    name: 'a lock that was never taken',
    text: `${LOCKS} __thread("t") void t(void) { unlock(&a); }`,
    answer: ['unlock: unlock: releases a without holding it'],
  },
  {
    name: 'a lock that another task has taken',
    text: `${LOCKS} __thread("t") void t(void) { lock(&a); n = 1; __wait(n == 2, "u"); }
      __thread("u") void u(void) { __wait(n, "t"); unlock(&a); n = 2; }`,
    answer: ['lock-held: t: ends while a is held', 'unlock: unlock: releases a without holding it'],
  },
  {
    name: 'a lock that is declared to be handed over',
    text: `${LOCKS} __handed_over("a"); __thread("t") void t(void) { lock(&a); n = 1; __wait(n == 2, "u"); }
      __thread("u") void u(void) { __wait(n, "t"); unlock(&a); n = 2; }`,
    answer: FREE,
  },
  {
    name: 'two locks in the wrong order, with nobody who takes them in the other',
    text: `${LOCKS} __thread("t") void t(void) { lock(&b); lock(&a); unlock(&a); unlock(&b); }`,
    answer: ['lock-order: lock: takes a while b is held: a comes first'],
  },
  {
    name: 'an order that follows from two others',
    text: `${LOCKS} __thread("t") void t(void) { c_lock(); lock(&a); unlock(&a); c_unlock(); }`,
    answer: ['lock-order: lock: takes a while c is held: a comes first'],
  },
  {
    name: 'two locks in the wrong order, and the deadlock behind it',
    text: `${LOCKS} __thread("t") void t(void) { lock(&b); lock(&a); unlock(&a); unlock(&b); }
      __thread("u") void u(void) { lock(&a); lock(&b); unlock(&b); unlock(&a); }`,
    answer: ['deadlock', 'lock-order: lock: takes a while b is held: a comes first'],
  },
  {
    name: 'locks in order, and one that is only tried in the other',
    text: `${LOCKS} __thread("t") void t(void) { lock(&a); lock(&b); unlock(&a); unlock(&b); }
      __thread("u") void u(void) { lock(&b); if (trylock(&a)) unlock(&a); unlock(&b); }`,
    answer: FREE,
  },
  {
    name: 'a sleeping lock under a spinlock, also when it is free',
    text: `${LOCKS} __thread("t") void t(void) { spin(&s); lock(&a); unlock(&a); unspin(&s); }`,
    answer: ['atomic-wait: lock: sleeps while s is held: waits for a'],
  },
  {
    name: 'a wait under a spinlock, and a spinlock under a sleeping lock',
    text: `${LOCKS} __thread("t") void t(void) { spin(&s); __wait(!n, "n", &n); unspin(&s); lock(&a); spin(&s); unspin(&s); unlock(&a); }`,
    answer: ['atomic-wait: t: sleeps while s is held: waits for n'],
  },
  {
    name: 'a wait before and after a spinlock',
    text: `${LOCKS} __thread("t") void t(void) { __wait(!n, "n"); spin(&s); unspin(&s); __wait(!n, "n"); }`,
    answer: FREE,
  },
  {
    name: 'a task that called what nobody knows, which may have released everything',
    text: `${LOCKS} void elsewhere(struct mutex *m); __thread("t") void t(void) { lock(&b); elsewhere(&b); lock(&a); }`,
    answer: FREE,
  },
];
