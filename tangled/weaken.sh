#!/bin/sh
# generated from chapters/27-exercises.nw by noweb; do not edit
# weaken.sh KIT.o STAND-INS.o MODULE.o ...: all of them in one, whose functions give way to others
out=$1
shift
$CC -r -nostdlib -Wl,-z,muldefs -o "$out.all" "$@"
nm -g --defined-only "$out.all" | awk '{ print $3 }' > "$out.names"
objcopy --weaken-symbols="$out.names" "$out.all" "$out"
rm -f "$out.all" "$out.names"
