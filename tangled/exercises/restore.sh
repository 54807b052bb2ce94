#!/bin/sh
# generated from chapters/38-kit.nw by noweb; do not edit
# restore.sh diff|reset EXERCISES: what was changed in these files; or the blanks again
[ "$2" ] || { echo "Which exercise? make $1 EX=12" >&2; exit 2; }
chosen=$(build/grade --list "$2") || exit 1
for base in $chosen; do
    # Find the file of the exercise
    mine=
    for file in [0-9]*-"${base#*-}".txt [0-9]*-"${base#*-}".c; do
        case $file in *[!0-9]*-"${base#*-}".*) ;; *) [ ! -f "$file" ] || mine=$file ;; esac
    done
    for blank in "blank/$base".txt "blank/$base".c; do [ ! -f "$blank" ] || break; done
    if [ -z "$mine" ]; then echo "$base: there is no file; make blanks" >&2
    elif [ ! -f "$blank" ]; then echo "$base: its blank was written into, and is gone; make update FROM=... brings it back" >&2
    elif cmp -s "$blank" "$mine"; then echo "$mine is as it was handed out."
    elif [ "$1" = diff ]; then diff -u "$blank" "$mine" || :
    else
        # Put the blank in the place of an answer
        base=$mine
        # Find a free place to put it
        mkdir -p .progress/before
        n=1
        while [ -e ".progress/before/$n-$base" ]; do n=$((n + 1)); done
        to=.progress/before/$n-$base
        cp "$mine" "$to" && cp "$blank" "$mine" &&
            echo "$mine is blank again; what was in it is in $to."
    fi
done
