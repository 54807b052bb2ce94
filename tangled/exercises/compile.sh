#!/bin/sh
# generated from chapters/38-kit.nw by noweb; do not edit
# compile.sh ANSWER.c PROGRAM NAME: an answer with the driver of the exercise NAME. If it does
# not compile, there is no PROGRAM, and PROGRAM.log says why.
rm -f "$2" "$2.log" "$2.d"
# shellcheck disable=SC2086,SC3045 # flags are words; shells without a limit do without
(ulimit -t 10 2>/dev/null
ulimit -v 2000000 2>/dev/null
ulimit -f 100000 2>/dev/null
LC_ALL=C exec $CC $FLAGS -Wall -Wno-unused "-DEXERCISE_FILE=\"${1##*/}\"" -I"$(dirname "$1")" -MD -MF "$2.d" \
    "$CHECKER/ex-$3.c" "$PARTS/exercise.o" "$PARTS/kit.o" -lm -o "$2") 2> "$2.log"
failed=$?
# Look for files that an answer must not include
[ -s "$PARTS/system" ] || {
    LC_ALL=C $CC -E -v -x c /dev/null 2>&1 | sed -n '/^#include </,/^End/s/^ \([^ ]*\).*/\1/p'
    for h in /usr/include/asm/types.h /usr/include/*/asm/types.h; do
        [ ! -L "$h" ] || dirname "$(readlink -f "$h")"
    done
} > "$PARTS/system"
foreign=
[ ! -f "$2.d" ] || foreign=$(sed 's/^[^:]*: *//; s/\\$//' "$2.d" | tr -s ' ' '\n' | awk -v own="${1##*/}" -v kit="$CHECKER/" '
    NR == FNR { system_[$0 "/"] = 1; next }
    $0 == "" || $0 == own || $0 == "./" own || $0 == "code/" own { next }
    index($0, kit) == 1 && $0 ~ /^[^.]*(\/ex-[a-z-]*\.c|\.h)$/ { next }
    { for (s in system_) if (index($0, s) == 1 && substr($0, length(s)) !~ /\/\.\.\//) next
      print; exit }' "$PARTS/system" -)
if [ "$foreign" ]; then
    echo "error: your file includes $foreign; it may include headers of the system and those in the folder checker, and nothing else" > "$2.log"
elif [ "$failed" = 0 ]; then
    rm -f "$2.log" "$2.d"
    exit 0
elif grep -q -e 'time limit exceeded' -e '[Kk]illed' "$2.log"; then
    echo "error: the compiler was still at it after ten seconds" >> "$2.log"
fi
rm -f "$2" "$2.d"
