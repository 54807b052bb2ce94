#!/bin/sh
# generated from chapters/27-exercises.nw by noweb; do not edit
# answers.sh [NUMBER]: compiles the answers that have changed, or the one; needs CC and FLAGS
changed() {
    for file in [0-9]*-*.c; do
        base=${file%.c} number=${file%%-*}
        case $base in *[!a-z0-9-]*) continue ;; esac
        [ "$(expr "$number" + 0)" = "${1:-$(expr "$number" + 0)}" ] || continue
        if cmp -s "$file" "build/$base.made-of" && [ "build/$base.made-of" -nt build/parts/kit.o ]; then continue; fi
        echo "$base"
    done
}
export PARTS=build/parts CHECKER=checker
# shellcheck disable=SC2016 # the inner shell expands
changed "$@" | xargs -P "$(nproc 2>/dev/null || echo 2)" -I '{}' sh -c '
    sh checker/compile.sh "$1.c" "build/$1" "${1#*-}" && cp "$1.c" "build/$1.made-of"' sh '{}'
