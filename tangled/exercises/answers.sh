#!/bin/sh
# generated from chapters/38-kit.nw by noweb; do not edit
# answers.sh [EXERCISES]: compiles the answers that have changed; needs CC and FLAGS.
# With BLANKS=skipped it leaves alone what is as it was handed out.
build/grade --list "$1" > build/chosen || exit 1
chosen=$(sed 's/^[0-9]*-/-/' build/chosen)
changed() {
    for file in [0-9]*-*.c; do
        base=${file%.c} name=${file#*-}
        case $base in *[!a-z0-9-]*) continue ;; esac
        case "
$chosen
" in *"
-${name%.c}
"*) ;; *) continue ;; esac
        if [ ! -f "$file" ]; then continue; fi
        if [ -L "$file" ] || [ "$(find "$file" -size +200000c)" ]; then rm -f "build/$base"; continue; fi
        made_of=$(find build -name "$base.made-of" -newer build/parts/kit.o)
        if [ "$made_of" ] && cmp -s "$file" "$made_of"; then continue; fi
        if [ "$BLANKS" ] && cmp -s "$file" "blank/$base.c"; then continue; fi
        echo "$base"
    done
}
changed > build/changed
count=$(grep -c . build/changed)
[ "$count" -lt 5 ] || echo "Compiling $count answers." >&2
export PARTS=build/parts CHECKER=checker
# shellcheck disable=SC2016 # the inner shell expands
xargs -P "$(nproc 2>/dev/null || echo 2)" -I '{}' sh -c '
    sh checker/compile.sh "$1.c" "build/$1" "${1#*-}" && cp "$1.c" "build/$1.made-of"' sh '{}' < build/changed
