/* Three blocks, two writers, fixed. */
#define TASKS 4

__thread("wr1") void wr1(void)
{
	write_blocks(3, 0);
}
