/* Three blocks, one writer, fixed. */
#define FIXED 1
