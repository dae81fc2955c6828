/* Three blocks, two writers, the bug. */
#define FIXED 0
#define TASKS 4

__thread("wr1") void wr1(void)
{
	write_blocks(3, 0);
}
