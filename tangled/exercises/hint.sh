#!/bin/sh
# generated from chapters/38-kit.nw by noweb; do not edit
# hint.sh EXERCISE: prints the hints given so far, and one more
[ "$1" ] || { echo "Which exercise? make hint EX=12" >&2; exit 2; }
mkdir -p .progress
name=$(build/grade --list "$1") || exit 1
for base in $name; do
    file=hints/$base.txt count=.progress/hints-${base#*-}
    given=$(cat "$count" 2>/dev/null || echo 0)
    all=$(grep -c . "$file")
    [ "$given" -lt "$all" ] && given=$((given + 1))
    echo "$given" > "$count"
    head -n "$given" "$file" | sed 's/^/* /'
    [ "$given" -lt "$all" ] || echo "(There are no more hints.)"
done
