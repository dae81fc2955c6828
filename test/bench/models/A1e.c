/* Three blocks, one writer, the bug; asserts as soon as the reservation was given back. */
#define FIXED 0
#define EARLY 1
