#!/bin/sh
# generated from chapters/27-exercises.nw by noweb; do not edit
# compile.sh ANSWER.c PROGRAM NAME: an answer with the driver of the exercise NAME. If it does
# not compile, there is no PROGRAM, and PROGRAM.log says why.
rm -f "$2"
# shellcheck disable=SC2086,SC3045 # flags are words; shells without ulimit -v do without
(ulimit -v 2000000 2>/dev/null
timeout 10 $CC $FLAGS -Wall -Wno-unused "-DEXERCISE_FILE=\"${1##*/}\"" -I"$(dirname "$1")" \
    "$PARTS/exercise.o" "$PARTS/kit.o" "$CHECKER/ex-$3.c" -lm -o "$2") 2> "$2.log"
case $? in
0) rm -f "$2.log" ;;
124) rm -f "$2"; echo "error: the compiler was still at it after ten seconds" >> "$2.log" ;;
*) rm -f "$2" ;;
esac
