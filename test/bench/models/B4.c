/* Three blocks, four tasks, fixed. */
#define FIXED 1

__thread("t0") void t0(void)
{
	write_block(0);
}

__thread("t1") void t1(void)
{
	write_block(1);
}

__thread("t2") void t2(void)
{
	write_block(2);
}

__thread("t3") void t3(void)
{
	write_block(0);
}
