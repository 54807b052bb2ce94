#!/bin/sh
# generated from chapters/38-kit.nw by noweb; do not edit
# compile.sh ANSWER.c PROGRAM NAME: an answer with the driver of the exercise NAME. If it does
# not compile, there is no PROGRAM, and PROGRAM.log says why.
rm -f "$2" "$2.log" "$2.d"
# shellcheck disable=SC2086,SC3045 # flags are words; shells without a limit do without
(ulimit -t 10 2>/dev/null
ulimit -v 2000000 2>/dev/null
ulimit -f 100000 2>/dev/null
case $1 in */*) folder=${1%/*} ;; *) folder=. ;; esac
LC_ALL=C exec $CC $FLAGS -Wall -Wno-unused "-DEXERCISE_FILE=\"${1##*/}\"" -I"$folder" -MD -MF "$2.d" \
    "$CHECKER/ex-$3.c" "$PARTS/exercise.o" "$PARTS/kit.o" -lm -o "$2") 2> "$2.log"
failed=$?
# Look for files that an answer must not include
foreign=
[ ! -f "$2.d" ] || foreign=$(awk -v own="${1##*/}" -v kit="$CHECKER/" '
    function allowed(f,    s) {
        if (f == own || f == "./" own || f == "code/" own) return 1
        if (index(f, kit) == 1 && f ~ /^[^.]*(\/ex-[a-z-]*\.c|\.h)$/) return 1
        for (s in system_) if (index(f, s) == 1 && substr(f, length(s)) !~ /\/\.\.\//) return 1
        return 0
    }
    NR == FNR { system_[$0 "/"] = 1; next }
    { sub(/^[^:]*: */, ""); sub(/\\$/, "")
      for (i = 1; i <= NF; i++) if (!allowed($i)) { print $i; exit } }' "$PARTS/system" "$2.d")
if [ "$foreign" ]; then
    echo "error: your file includes $foreign; it may include headers of the system and those in the folder checker, and nothing else" > "$2.log"
elif [ "$failed" = 0 ]; then
    rm -f "$2.log" "$2.d"
    exit 0
elif grep -q -e 'time limit exceeded' -e '[Kk]illed' "$2.log"; then
    echo "error: the compiler was still at it after ten seconds" >> "$2.log"
fi
rm -f "$2" "$2.d"
