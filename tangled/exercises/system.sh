#!/bin/sh
# generated from chapters/38-kit.nw by noweb; do not edit
# system.sh: prints the folders of the headers that the compiler CC has of its own
LC_ALL=C $CC -E -v -x c /dev/null 2>&1 | sed -n '/^#include </,/^End/s/^ \([^ ]*\).*/\1/p'
for h in /usr/include/asm/types.h /usr/include/*/asm/types.h; do
    [ ! -L "$h" ] || dirname "$(readlink -f "$h")"
done
