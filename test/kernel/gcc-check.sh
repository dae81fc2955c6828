#!/bin/sh
# Types and syntax of the model kernel by gcc, one scenario at a time. For authors; needs gcc.
# Model C needs no declaration before the use: prototypes of all functions are made from the files.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
kernel=$root/server/kernel
first="types list atomic inode locking wait rcu workqueue block mm mm-fault jbd2 iomap iomap-dio ext4"
files=$first
for f in "$kernel"/*.c; do
	f=$(basename "$f" .c)
	case " $first " in *" $f "*) ;; *) files="$files $f" ;; esac
done

# A definition starts in the first column and has its brace there too.
prototypes() {
	sed -E 's/^__(source|since)\(.*\)$//' "$@" | awk '
		/^[a-z_]/ && !/^__[a-z]+\(/ && !/[;={]$/ { text = $0; next }
		/^\{/ && text ~ /\)$/ { print text ";" }
		/^[\t]/ && text != "" { text = text " " $0; next }
		{ text = "" }'
}

for scenario in "$kernel"/scenarios/*.c; do
	{
		cat "$root/test/kernel/gcc-prelude.h"
		grep '^#define' "$scenario"
		own=$(sed -n 's/^#define \([A-Z_]*\).*/\1/p' "$scenario" | tr '\n' '|' | sed 's/|$//')
		for f in $files; do
			echo "#line 1 \"$f.c\""
			sed -E "s/^#define (${own:-none})( .*)?\$//; s/^__source\(.*\)\$//" "$kernel/$f.c"
			if [ "$f" = inode ]; then
				sed -nE 's/^(struct [a-z0-9_]+) \{$/\1;/p' "$kernel"/*.c | sort -u
				for p in $files; do prototypes "$kernel/$p.c"; done
			fi
		done
		echo "#line 1 \"$(basename "$scenario")\""
		sed -E 's/^#define.*//; s/^__source\(.*\);?$//' "$scenario"
	} | gcc -x c -std=gnu17 -fsyntax-only -Wall -Wextra -Wno-unused-parameter \
		-Wno-unused-function -Wno-sign-compare -Wno-type-limits -Wno-unused-variable \
		-Wno-unused-value -Wno-builtin-declaration-mismatch -
done
