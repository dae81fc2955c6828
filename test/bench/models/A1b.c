/* Three blocks, one writer, the bug; asserts at the end. */
#define FIXED 0
