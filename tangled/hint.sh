#!/bin/sh
# generated from chapters/27-exercises.nw by noweb; do not edit
# hint.sh NUMBER: prints the hints given so far, and one more
file=$(find hints \( -name "$1-*.txt" -o -name "0$1-*.txt" \) | sort | head -n 1)
if [ -z "$file" ]; then
    echo "there is no exercise $1" >&2
    exit 1
fi
mkdir -p build
count=build/hints-$(basename "$file" .txt)
given=$(cat "$count" 2>/dev/null || echo 0)
all=$(wc -l < "$file")
[ "$given" -lt "$all" ] && given=$((given + 1))
echo "$given" > "$count"
head -n "$given" "$file" | sed 's/^/* /'
[ "$given" -lt "$all" ] || echo "(There are no more hints.)"
