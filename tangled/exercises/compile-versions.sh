#!/bin/sh
# generated from chapters/38-kit.nw by noweb; do not edit
# compile-versions.sh FOLDER CACHE CC: FOLDER/code/*.c with their drivers, into FOLDER/bin, a program for each exercise
# shellcheck disable=SC2086 # flags and lists of objects are words
set -eu
self=$(cksum < "$0") cache=$(mkdir -p "$2" && cd "$2" && pwd)
cd "$1"
export CHECKER=kit/checker CC="$3" cache
export FLAGS="-std=gnu11 -O0 -w -DREAL=double"
jobs=$(nproc 2>/dev/null || echo 2)
# Empty the cache if it is of no use
{ echo "$CC $FLAGS $self"; while read -r file; do cat "$CHECKER/$file"; done < called.txt; } > needed
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
fi

# Write down how versions are compiled
cat > "$cache/compile.sh" <<'END'
set -eu
exercise=$1 kept=$cache/versions/$1 driver=$CHECKER/ex-${1#*-}.c
cat code/"$exercise"-*.c > "$kept.all.new"
if ! cmp -s "$kept.all.new" "$kept.all" || [ ! -x "bin/$exercise" ]; then
    rm -f "$kept.all"
    # Gather the versions of an exercise
    answer=$(sed -n 's/^#define [a-z_]* \(answer_[a-z_]*\)$/\1/p' "$driver")
    versions=$(cd code && ls "$exercise"-*.c | sed -n 's/^.*-\(right\|w[0-9]*\)\.c$/\1/p')
    gather() {
        printf '#include <stdlib.h>\n#include <string.h>\n'
        for v in $versions; do
            printf '#define %s %s_%s\n#include "%s"\n#undef %s\n' "$answer" "$answer" "$v" "$exercise-$v.c" "$answer"
        done
        printf 'static __typeof__(%s_right) *exercise_chosen;\n' "$answer"
        printf '__attribute__((constructor)) static void exercise_choose(void)\n{\n'
        printf '    const char *version = getenv("EXERCISE_VERSION");\n    if (version == NULL) version = "";\n'
        for v in $versions; do
            printf '    if (strcmp(version, "%s") == 0) exercise_chosen = %s_%s;\n' "$v" "$answer" "$v"
        done
        printf '    if (exercise_chosen == NULL) exit(3);\n}\n#define %s (*exercise_chosen)\n' "$answer"
    }
    until gather > "$kept.inc"; printf '#define EXERCISE_FILE "%s"\n#include "%s"\n' "$kept.inc" "ex-${1#*-}.c" |
        $CC $FLAGS -I"$CHECKER" -Icode -x c - -c -o "$kept.o" 2> "$kept.log"; do
        # Leave out the versions that do not compile
        wrong=$(sed -n "s/^code.$exercise-\([a-z0-9]*\)\.c:[0-9].*error:.*/\1/p" "$kept.log" | sort -u)
        case " $(echo $wrong) " in "  " | *" right "*) cat "$kept.log" >&2; exit 1 ;; esac
        versions=$(for v in $versions; do case " $(echo $wrong) " in *" $v "*) ;; *) echo "$v" ;; esac; done)
    done
    $CC -w "$kept.o" "$cache/parts/exercise.o" "$cache/parts/kit.o" -lm -o "bin/$exercise"
fi
mv "$kept.all.new" "$kept.all"
END
find code -name '*-right.c' | sed 's/-right\.c$//; s/^code.//' | xargs -P "$jobs" -n 1 sh "$cache/compile.sh"
