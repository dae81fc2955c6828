/*
 * A wide state: six threads that each keep sixteen numbers of their own, four bits each. With the
 * places of the threads a state has about 400 bits, and there are 13^6 of them.
 */
#define THREADS 6
#define NUMBERS 16
#define STEPS 12

struct own {
	unsigned char number[NUMBERS];
};

struct own own[THREADS];

static void count(int me)
{
	for (int i = 1; i <= STEPS; i++)
		__atomic {
			for (int n = 0; n < NUMBERS; n++)
				own[me].number[n] = (i * (n + 1)) % (STEPS + 1);
		}
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
