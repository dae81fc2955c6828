/* Many narrow states: six threads that each count to sixteen, 17^6 states of about 60 bits. */
#define THREADS 6
#define STEPS 16

unsigned char counted[THREADS];

static void count(int me)
{
	for (int i = 1; i <= STEPS; i++)
		counted[me] = i;
}

__thread("t0") void t0(void)
{
	count(0);
}

__thread("t1") void t1(void)
{
	count(1);
}

__thread("t2") void t2(void)
{
	count(2);
}

__thread("t3") void t3(void)
{
	count(3);
}

__thread("t4") void t4(void)
{
	count(4);
}

__thread("t5") void t5(void)
{
	count(5);
}
