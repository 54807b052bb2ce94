#!/bin/sh
# generated from chapters/27-exercises.nw by noweb; do not edit
# compile-versions.sh FOLDER CC: FOLDER/code/*.c with their drivers into FOLDER/bin
set -eu
cd "$1"
kit=kit/checker
export flags="-std=c11 -O0 -w -DREAL=double -I$kit" cc="$2"
mkdir -p parts bin
jobs=$(nproc 2>/dev/null || echo 2)
# Compile the kit's modules
# shellcheck disable=SC2016 # the inner shell expands
find $kit -name '*.c' ! -name 'ex-*' ! -name grade.c -print0 | xargs -0 -P "$jobs" -n 1 sh -c \
    '$cc $flags -O1 -c "$0" -o parts/$(basename "$0" .c).o'
mv parts/exercise.o parts/stand-ins.o .
rm -f checker.a
ar rcs checker.a parts/*.o

# Compile each version of an answer
# shellcheck disable=SC2016 # the inner shell expands
find code -name '*.c' -print0 | xargs -0 -P "$jobs" -n 1 sh -c '
    file=$(basename "$0" .c)
    name=$(echo "$file" | sed "s/^[0-9]*-//; s/-[^-]*\$//")
    $cc $flags -DEXERCISE_FILE="\"../../$0\"" kit/checker/ex-$name.c exercise.o stand-ins.o \
        checker.a -Wl,-z,muldefs -lm -o bin/$file 2> bin/$file.log || exit 0
    rm -f bin/$file.log'
