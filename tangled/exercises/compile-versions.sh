#!/bin/sh
# generated from chapters/38-kit.nw by noweb; do not edit
# compile-versions.sh FOLDER CACHE CC: FOLDER/code/*.c with their drivers, into FOLDER/bin, a program for each exercise
# shellcheck disable=SC2086 # flags and lists of objects are words
set -eu
cache=$(mkdir -p "$2" && cd "$2" && pwd)
cd "$1"
export CHECKER=kit/checker CC="$3" cache
export FLAGS="-std=gnu11 -O0 -w -DREAL=double"
jobs=$(nproc 2>/dev/null || echo 2)
# Empty the cache if it is of no use
{ echo "$CC $FLAGS"; while read -r file; do cat "$CHECKER/$file"; done < called.txt; } > needed
if ! cmp -s needed "$cache/needed"; then
    rm -rf "${cache:?}"/*
    mkdir -p "$cache/parts" "$cache/versions"
    cp needed "$cache/needed"
fi
rm needed
mkdir -p bin

# Compile the kit's modules
called=$(sed -n 's/^CALLED := //p' $CHECKER/parts.mk)
if [ ! -f "$cache/parts/kit.o" ]; then
    for module in $called; do
        $CC $FLAGS -O1 -I$CHECKER -include $CHECKER/weak.h -c "$CHECKER/${module%.o}.c" -o "$cache/parts/$module"
    done
    $CC $FLAGS -O1 -I$CHECKER -c $CHECKER/exercise.c -o "$cache/parts/exercise.o"
    (cd "$cache/parts" && $CC -r -nostdlib $called -o kit.o)
    $CC $FLAGS -I$CHECKER -x c-header $CHECKER/exercise.h -o "$cache/parts/exercise.h.gch"
fi

# Compile each version of an answer
# shellcheck disable=SC2016 # the inner shell expands
find code -name '*.c' ! -name '*-blank.c' -print0 | xargs -0 -P "$jobs" -n 16 sh -c '
    last=
    for source; do
        file=${source##*/} file=${file%.c} name=${file#*-}
        driver=$CHECKER/ex-${name%-*}.c kept=$cache/versions/$file
        if [ -f "$kept.c" ] && cmp -s "$source" "$kept.c"; then continue; fi
        [ "$driver" = "$last" ] || answer=$(sed -n "s/^#define [a-z_]* \(answer_[a-z_]*\)\$/\1/p" "$driver")
        last=$driver tag=$file
        while [ "$tag" != "${tag#*-}" ]; do tag=${tag%%-*}_${tag#*-}; done
        printf "#include \"exercise.h\"\n#define EXERCISE_FILE \"%s\"\n#define %s %s\n#define %s %s\n#include \"%s\"\n" \
            "$file.c" exercise_run "run_$tag" "$answer" "${answer}_$tag" "${driver##*/}" |
            $CC $FLAGS -I"$cache/parts" -I"$CHECKER" -Icode -x c - -c -o "$kept.o" 2> "$kept.log" || rm -f "$kept.o"
        cp "$source" "$kept.c"
    done' sh

# Link the versions of each exercise
choose() {
    # Write the function that chooses among the versions
    awk 'BEGIN { print "#include <stdint.h>\n#include <stdlib.h>\n#include <string.h>" } {
        sub(/.*\//, ""); sub(/\.o$/, "")
        tag = version = $0
        gsub(/-/, "_", tag); sub(/.*-/, "", version)
        print "void run_" tag "(uint64_t);"
        choose = choose "    if (version && strcmp(version, \"" version "\") == 0) { run_" tag "(seed); return; }\n" }
    END { print "void exercise_run(uint64_t seed)\n{\n    const char *version = getenv(\"EXERCISE_VERSION\");"
        print choose "    exit(3);\n}" }'
}
for right in code/*-right.c; do
    exercise=${right%-right.c} exercise=${exercise##*/}
    all=$cache/versions/all-$exercise
    set --
    for source in code/"$exercise"-*.c; do
        object=${source##*/} object=$cache/versions/${object%.c}.o
        [ ! -f "$object" ] || set -- "$@" "$object"
    done
    printf '%s\n' "$@" | choose > "$all.c"
    $CC -w "$all.c" "$@" "$cache/parts/exercise.o" "$cache/parts/kit.o" -lm -o "bin/$exercise"
done
