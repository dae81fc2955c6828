import { LOCKS } from '../machine/support.js';

/** A program with a known answer. */
export interface Classic {
  readonly name: string;
  readonly text: string;
  /** Finding keys; of deadlocks only that there is one. */
  readonly answer: readonly string[];
}

const FREE: readonly string[] = ['none'];
const DEADLOCK: readonly string[] = ['deadlock'];

/** Numbers from 0 up to n. */
function each(n: number, text: (i: number) => string): string {
  return Array.from({ length: n }, (_, i) => text(i)).join('\n');
}

const ABBA = `${LOCKS}
struct mutex a, b;
__thread("first") void first(void) { mutex_lock(&a); mutex_lock(&b); mutex_unlock(&b); mutex_unlock(&a); }
__thread("second") void second(void) { mutex_lock(&b); mutex_lock(&a); mutex_unlock(&a); mutex_unlock(&b); }
`;

const PETERSON = `
bool flag[2]; int turn, inside;
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

/** Right under sequential consistency without any fence, which is the memory that the machine has. */
const DEKKER = `
bool wants[2]; int turn, inside;
void enter(int me)
{
	wants[me] = true;
	while (wants[1 - me]) {
		if (turn != me) {
			wants[me] = false;
			while (turn != me)
				;
			wants[me] = true;
		}
	}
	inside++;
	__assert(inside == 1, "alone inside");
	inside--;
	turn = 1 - me;
	wants[me] = false;
}
__thread("zero") void zero(void) { enter(0); }
__thread("one") void one(void) { enter(1); }
`;

/** Everybody takes the left fork first; the last one is left-handed if asked for. */
function philosophers(n: number, leftHanded: boolean): string {
  const seat = (i: number): string => {
    const [left, right] = [i, (i + 1) % n];
    const swap = leftHanded && i === n - 1;
    return `__thread("p${i}") void p${i}(void) { eat(${swap ? right : left}, ${swap ? left : right}); }`;
  };
  return `${LOCKS}
struct mutex fork[${n}];
void eat(int first, int second)
{
	mutex_lock(&fork[first]);
	mutex_lock(&fork[second]);
	mutex_unlock(&fork[second]);
	mutex_unlock(&fork[first]);
}
${each(n, seat)}`;
}

/** The condition is tested, then the sleeper goes to sleep: between the two the waker may be done. */
const WAKE_UP = `
bool ready, asleep;
__thread("sleeper") void sleeper(void)
{
	asleep = true;
	if (!ready)
		__wait(!asleep, "wake-up");
}
__thread("waker") void waker(void) { ready = true; asleep = false; }
`;

/** Two places, two producers, one consumer of all four items; items arrive once each. */
const BUFFER = `${LOCKS}
struct mutex m; int item[2]; int head, count, sum;
void put(int value)
{
	__wait(count < 2, "space");
	mutex_lock(&m);
	__assert(count < 2, "space is still there");
	item[(head + count) % 2] = value;
	count++;
	mutex_unlock(&m);
}
int get(void)
{
	int value;
	__wait(count > 0, "item");
	mutex_lock(&m);
	value = item[head];
	head = (head + 1) % 2;
	count--;
	mutex_unlock(&m);
	return value;
}
__thread("low") void low(void) { put(1); put(2); }
PRODUCER
__thread("consumer") void consumer(void) { for (int i = 0; i < ITEMS; i++) sum += get(); }
__finally void all(void) { __assert(sum == SUM && count == 0, "every item once"); }
`;

function buffer(producers: 1 | 2): string {
  const second = '__thread("high") void high(void) { put(4); put(8); }';
  return BUFFER.replace('PRODUCER', producers === 2 ? second : '')
    .replace('ITEMS', String(2 * producers))
    .replace('SUM', producers === 2 ? '15' : '3');
}

/** A writer that waits keeps new readers out, so a bounded number of readers passes it. */
const READERS = `
int readers, writer, waiting, passed, data;
void read_lock(void) { __atomic { __wait(!writer && !waiting, "read"); readers++; } }
void read_unlock(void) { __atomic { readers--; } }
void write_lock(void)
{
	__atomic { waiting++; passed = 0; }
	__atomic { __wait(!readers && !writer, "write"); writer = 1; waiting--; }
}
void write_unlock(void) { __atomic { writer = 0; } }
void reader(void)
{
	for (int i = 0; i < 2; i++) {
		int seen;
		read_lock();
		__atomic { passed += waiting > 0; }
		__assert(passed <= 2, "a waiting writer is passed by those inside only");
		seen = data;
		__assert(seen == data, "nobody writes while somebody reads");
		read_unlock();
	}
}
__thread("r0") void r0(void) { reader(); }
__thread("r1") void r1(void) { reader(); }
__thread("w") void w(void) { write_lock(); data++; data++; write_unlock(); }
`;

/** The table that every engine must agree with. */
export const CLASSICS: readonly Classic[] = [
  { name: 'ABBA', text: ABBA, answer: DEADLOCK },
  {
    name: 'ABBA in one order',
    text: ABBA.replace('mutex_lock(&b); mutex_lock(&a);', 'mutex_lock(&a); mutex_lock(&b);'),
    answer: FREE,
  },
  { name: 'Peterson', text: PETERSON, answer: FREE },
  {
    name: 'Peterson without the turn',
    text: PETERSON.replace('turn = 1 - me;', 'turn = me;'),
    answer: ['assert: enter: alone inside'],
  },
  { name: 'Dekker without fences', text: DEKKER, answer: FREE },
  {
    name: 'Dekker that asks before it says what it wants',
    text: DEKKER.replace(
      'wants[me] = true;\n\twhile (wants[1 - me])',
      'while (wants[1 - me])',
    ).replace('inside++;', 'wants[me] = true;\n\tinside++;'),
    answer: ['assert: enter: alone inside'],
  },
  ...[2, 3, 4, 5, 6].map((n) => ({
    name: `${n} philosophers`,
    text: philosophers(n, false),
    answer: DEADLOCK,
  })),
  ...[2, 3, 4, 5, 6].map((n) => ({
    name: `${n} philosophers, one left-handed`,
    text: philosophers(n, true),
    answer: FREE,
  })),
  { name: 'wake-up', text: WAKE_UP, answer: FREE },
  {
    name: 'lost wake-up',
    text: WAKE_UP.replace(
      'asleep = true;\n\tif (!ready)\n\t\t',
      'if (!ready) {\n\t\tasleep = true; ',
    ).replace('"wake-up");\n', '"wake-up"); }\n'),
    answer: DEADLOCK,
  },
  { name: 'bounded buffer', text: buffer(1), answer: FREE },
  {
    name: 'bounded buffer that looks before it locks',
    text: buffer(2),
    answer: ['assert: put: space is still there'],
  },
  { name: 'readers and a writer that is not passed', text: READERS, answer: FREE },
  {
    name: 'readers that pass a waiting writer',
    text: READERS.replace('!writer && !waiting', '!writer'),
    answer: ['assert: reader: a waiting writer is passed by those inside only'],
  },
  {
    name: 'readers without a lock',
    text: READERS.replace('__wait(!readers && !writer, "write"); ', ''),
    answer: ['assert: reader: nobody writes while somebody reads'],
  },
];
