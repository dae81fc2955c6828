import { describe, expect, it } from 'vitest';
import { explore } from '../../../server/search/index.js';
import { LOCKS, keys, make, search } from './support.js';

const ABBA = `${LOCKS}
struct mutex a, b;
__thread("first") void first(void) { mutex_lock(&a); mutex_lock(&b); mutex_unlock(&b); mutex_unlock(&a); }
__thread("second") void second(void) { mutex_lock(&b); mutex_lock(&a); mutex_unlock(&a); mutex_unlock(&b); }
`;

const PETERSON = `
bool flag[2]; int turn; int inside;
void enter(int me)
{
	flag[me] = true;
	turn = 1 - me;
	while (flag[1 - me] && turn == 1 - me)
		;
	inside++;
	__assert(inside == 1, "alone inside");
	inside--;
	flag[me] = false;
}
__thread("zero") void zero(void) { enter(0); }
__thread("one") void one(void) { enter(1); }
`;

const PHILOSOPHERS = (third: string): string => `${LOCKS}
struct mutex fork[3];
void eat(int left, int right) { mutex_lock(&fork[left]); mutex_lock(&fork[right]); mutex_unlock(&fork[right]); mutex_unlock(&fork[left]); }
__thread("p0") void p0(void) { eat(0, 1); }
__thread("p1") void p1(void) { eat(1, 2); }
__thread("p2") void p2(void) { eat(${third}); }
`;

describe('known answers', () => {
  it('finds the ABBA deadlock with its exact key in two steps', () => {
    const result = search(ABBA);
    expect(keys(result)).toEqual([
      'deadlock: first waits b in mutex_lock holding a; second waits a in mutex_lock holding b',
    ]);
    expect(result.witnesses[0]?.schedule.map((d) => d.thread)).toEqual([0, 1]);
  });

  it('finds nothing when both take the locks in one order', () => {
    expect(
      keys(
        search(ABBA.replace('mutex_lock(&b); mutex_lock(&a);', 'mutex_lock(&a); mutex_lock(&b);')),
      ),
    ).toEqual(['none']);
  });

  it('finds the circle of three philosophers, not when the last is left-handed', () => {
    expect(keys(search(PHILOSOPHERS('2, 0')))).toEqual([
      'deadlock: p0 waits fork in mutex_lock holding fork; p1 waits fork in mutex_lock holding fork; p2 waits fork in mutex_lock holding fork',
    ]);
    expect(keys(search(PHILOSOPHERS('0, 2')))).toEqual(['none']);
  });

  it('proves Peterson, and not without the turn', () => {
    expect(keys(search(PETERSON))).toEqual(['none']);
    expect(keys(search(PETERSON.replace('turn = 1 - me;', 'turn = me;')))).toEqual([
      'assert: enter: alone inside',
    ]);
  });

  it('finds the lost update of x++, which is two steps', () => {
    const text = `int x; __thread("a") void a(void) { x++; } __thread("b") void b(void) { x++; }
      __finally void both(void) { __assert(x == 2, "both counted"); }`;
    expect(keys(search(text))).toEqual(['final: both: both counted']);
    expect(keys(search(text.replaceAll('{ x++; }', '{ __atomic { x++; } }')))).toEqual(['none']);
  });

  it('knows that what was released is not held', () => {
    const text = `${LOCKS} struct mutex a, b; __thread("t") void t(void) { mutex_lock(&a); mutex_lock(&b); mutex_unlock(&a); mutex_lock(&b); }`;
    expect(keys(search(text))).toEqual(['deadlock: t waits b in mutex_lock holding b']);
  });

  it('lets a daemon rest where it is idle, and nowhere else', () => {
    const text = `int work; __thread("user") void user(void) { work = 1; }
      __daemon("worker") void worker(void) { for (;;) { __atomic { __idle(work); work = 0; } } }`;
    expect(keys(search(text))).toEqual(['none']);
    expect(keys(search(text.replace('__idle(work)', '__wait(work, "work")')))).toEqual([
      'deadlock: worker waits work in worker holding nothing',
    ]);
  });

  it('finds a lost wake-up', () => {
    const text = `int ready, asleep;
      __thread("sleeper") void sleeper(void) { if (!ready) { asleep = 1; __wait(!asleep, "wake-up"); } }
      __thread("waker") void waker(void) { ready = 1; asleep = 0; }`;
    expect(keys(search(text))).toEqual([
      'deadlock: sleeper waits wake-up in sleeper holding nothing',
    ]);
  });

  it('finds a use after free that needs two threads', () => {
    const text = `struct obj { int a; }; struct obj pool[1] __pool; struct obj *shared; int r;
      __setup void start(void) { shared = __alloc(pool); }
      __thread("user") void user(void) { r = shared->a; }
      __thread("owner") void owner(void) { __free(shared); }`;
    expect(keys(search(text))).toEqual([
      'use-after-free: user: use after free of struct obj: freed in owner',
    ]);
  });

  it('refuses to wait in interrupt context', () => {
    const text = `${LOCKS} struct mutex m; __irq("irq") void irq(void) { mutex_lock(&m); mutex_unlock(&m); }
      __thread("user") void user(void) { mutex_lock(&m); mutex_unlock(&m); }`;
    expect(keys(search(text))).toEqual([
      'irq-wait: mutex_lock: sleeps in interrupt context: waits for m',
    ]);
  });

  it('checks invariants in every state', () => {
    const text = `int a, b; __thread("t") void t(void) { a = 1; b = 1; a = 0; b = 0; }
      __thread("u") void u(void) { b = 0; }
      __invariant("order") bool order(void) { return !(b && !a); }`;
    expect(keys(search(text))).toEqual(['invariant: order: t']);
  });

  it('tries every choice and no more faults than allowed', () => {
    const text = `int x, n; __thread("t") void t(void) { x = __choose(3); if (__fault("kmalloc")) n++; if (__fault("kmalloc")) n++;
      __assert(x != 2, "not two"); __assert(n < 2, "one fault"); }`;
    expect(keys(search(text, {}, 1))).toEqual(['assert: t: not two']);
    expect(keys(search(text, {}, 2))).toEqual(['assert: t: not two', 'assert: t: one fault']);
  });

  it('sees a broken lock', () => {
    const text = `${LOCKS} struct mutex m; int inside;
      void work(void) { mutex_lock(&m); inside++; __assert(inside == 1, "alone"); inside--; mutex_unlock(&m); }
      __thread("a") void a(void) { work(); } __thread("b") void b(void) { work(); }`;
    expect(keys(search(text))).toEqual(['none']);
    expect(keys(search(text.replace('__wait(!lock->owner);', '')))).toContain(
      'assert: work: alone',
    );
  });

  it('follows pointers into the stack of another thread once they escape', () => {
    const text = `int *shared; int done, r;
      __thread("owner") void owner(void) { int x = 0; shared = &x; __wait(done); r = x; __assert(r == 5, "five"); }
      __thread("other") void other(void) { __wait(shared != 0); *shared = 5; done = 1; }`;
    expect(keys(search(text))).toEqual(['none']);
    const swapped = text.replace('*shared = 5; done = 1;', 'done = 1; *shared = 5;');
    expect(keys(search(swapped))).toEqual(['assert: owner: five']);
    expect(keys(search(swapped.replace('__assert(r == 5, "five");', '')))).toEqual([
      'lifetime: other: use of a local variable after its function returned',
    ]);
  });

  it('stops at its budget and says so', () => {
    const { machine } = make(ABBA);
    const small = explore(machine, { states: 2, expired: () => false });
    expect([small.complete, small.witnesses]).toEqual([false, []]);
    let asked = 0;
    const short = explore(machine, { states: 1000, expired: () => ++asked > 0 });
    expect([short.complete, short.states]).toEqual([false, 1]);
  });

  it('reports what goes wrong before the first step', () => {
    expect(
      keys(search('int *p; __setup void start(void) { *p = 1; } __thread("t") void t(void) { }')),
    ).toEqual(['model-error: start: NULL is dereferenced']);
  });
});
