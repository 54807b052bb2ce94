#!/bin/sh
# generated from chapters/27-exercises.nw by noweb; do not edit
# compile-versions.sh FOLDER CC: FOLDER/code/*.c with their drivers into FOLDER/bin
set -eu
cd "$1"
export CHECKER=kit/checker PARTS=parts
export FLAGS="-std=gnu11 -O0 -w -DREAL=double -I$CHECKER" CC="$2"
mkdir -p parts bin
jobs=$(nproc 2>/dev/null || echo 2)
# Compile the kit's modules
# shellcheck disable=SC2016 # the inner shell expands
find $CHECKER -name '*.c' ! -name 'ex-*' ! -name grade.c -print0 | xargs -0 -P "$jobs" -n 1 sh -c \
    '$CC $FLAGS -O1 -c "$0" -o parts/$(basename "$0" .c).o'
rm -f parts/kit.o
mv parts/exercise.o parts/stand-ins.o .
sh $CHECKER/weaken.sh kit.o stand-ins.o parts/*.o
mv kit.o exercise.o parts/

# Compile each version of an answer
# shellcheck disable=SC2016 # the inner shell expands
find code -name '*.c' -print0 | xargs -0 -P "$jobs" -n 1 sh -c '
    file=$(basename "$0" .c)
    name=$(echo "$file" | sed "s/^[0-9]*-//; s/-[^-]*\$//")
    sh "$CHECKER/compile.sh" "$0" "bin/$file" "$name"'
