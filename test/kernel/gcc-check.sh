#!/bin/sh
# Types and syntax of the model kernel by gcc, one scenario at a time. For authors; needs gcc.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
kernel=$root/server/kernel
for scenario in "$kernel"/scenarios/*.c; do
	{
		cat "$root/test/kernel/gcc-prelude.h"
		grep '^#define' "$scenario"
		own=$(sed -n 's/^#define \([A-Z_]*\).*/\1/p' "$scenario" | tr '\n' '|' | sed 's/|$//')
		for f in types locking workqueue block mm mm-fault mm-invalidate mm-write jbd2 iomap \
			iomap-writeback iomap-dio iomap-writethrough ext4-delalloc ext4 ext4-zero ext4-truncate \
			ext4-write ext4-writeback ext4-disksize ext4-file start rules profiles; do
			echo "#line 1 \"$f.c\""
			sed -E "s/^#define (${own:-none})( .*)?\$//; s/^__source\(.*\)\$//" "$kernel/$f.c"
		done
		echo "#line 1 \"$(basename "$scenario")\""
		sed -E 's/^#define.*//; s/^__source\(.*\);?$//' "$scenario"
	} | gcc -x c -std=gnu17 -fsyntax-only -Wall -Wextra -Wno-unused-parameter \
		-Wno-unused-function -Wno-sign-compare -Wno-type-limits -Wno-unused-variable \
		-Wno-unused-value -Wno-builtin-declaration-mismatch -
done
