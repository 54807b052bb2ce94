#!/bin/sh
# generated from chapters/27-exercises.nw by noweb; do not edit
# answers.sh [NUMBER]: compiles the answers that have changed, or the one; needs CC and FLAGS
only=
[ $# = 0 ] || only=$(find key -name '*.key' | sed -n "s,^key/0*${1#0}-\(.*\)\.key\$,\1,p")
changed() {
    for file in [0-9]*-*.c; do
        base=${file%.c} name=${file#*-}
        case $base in *[!a-z0-9-]*) continue ;; esac
        [ $# = 0 ] || [ "${name%.c}" = "$only" ] || continue
        made_of=$(find build -name "$base.made-of" -newer build/parts/kit.o)
        if [ "$made_of" ] && cmp -s "$file" "$made_of"; then continue; fi
        echo "$base"
    done
}
export PARTS=build/parts CHECKER=checker
# shellcheck disable=SC2016 # the inner shell expands
changed "$@" | xargs -P "$(nproc 2>/dev/null || echo 2)" -I '{}' sh -c '
    sh checker/compile.sh "$1.c" "build/$1" "${1#*-}" && cp "$1.c" "build/$1.made-of"' sh '{}'
