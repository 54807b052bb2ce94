#!/bin/sh
# generated from chapters/54-page-exercises.nw by noweb; do not edit
# keys.sh KEYS OUT: a script for the key of each exercise, and one for what all of them need
set -eu
keys=$1 out=$2
letters() { gzip -9 -n -c "$1" | base64 | tr -d '\n'; }
rm -rf "$out" && mkdir -p "$out"
for key in "$keys"/*.key; do
    name=$(basename "$key" .key)
    printf 'Book.keys["%s"] = "%s";\n' "$name.key" "$(letters "$key")" > "$out/$name.js"
done
for part in "$keys"/aliases "$keys"/instance-*.txt; do
    printf 'Book.keys["%s"] = "%s";\n' "$(basename "$part")" "$(letters "$part")"
done > "$out/common.js"
