#!/bin/sh
# generated from chapters/41-weave.nw by noweb; do not edit
# tangle.sh FOLDER BOOK...: tangles every root with a file's name into FOLDER
set -eu
out=$1
shift
export LC_ALL=C
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Find the library of noweb
LIB=$(sed -n 's/^LIB=//p' "$(command -v notangle)")

# Mark up the book once
"$LIB/markup" "$@" > "$work/.book"
noroots "$@" | sed -n 's/^<<\([A-Za-z0-9_-]*\.[a-z0-9]*\)>>$/\1/p' | sort > "$work/.roots"

# Find the place of each root
awk '/^@file / { file = $2; part = "" }
     /^@text #+ .*[{ ]part=[a-z]+/ { match($0, /[{ ]part=[a-z]+/); part = substr($0, RSTART + 6, RLENGTH - 6) }
     NR == FNR { root[$0] = 1; next }
     /^@defn / && substr($0, 7) in root && !(substr($0, 7) in seen) {
         name = substr($0, 7)
         seen[name] = 1
         # Complain if no heading names a part
         if (part == "") {
             print "tangle: no heading of " file " says which part of the house <<" name ">> belongs to: add part=trainer, say" > "/dev/stderr"
             bad = 1
         }
         print name, (name ~ /^test/ ? "tests" : part), part
     }
     END { exit bad }' "$work/.roots" "$work/.book" > "$work/.places"

# Apply the filter, once for each kind of file
awk '/^@begin docs/ { prose = 1 } !prose { print } /^@end docs/ { prose = 0 }' \
    "$work/.book" > "$work/.code"
# Refuse a chunk that two chapters define
awk '/^@file / { file = $2 }
     /^@defn / {
         name = substr($0, 7)
         if (name in home && home[name] != file) other[name] = file
         else home[name] = file
         table = name ~ /\.(tsv|def)$/
     }
     /^@use / { used[substr($0, 6)] = 1; if (table) shared[substr($0, 6)] = 1 }
     END {
         # Complain about each chunk with two homes
         for (name in other) if (name in used && !(name in shared)) {
             print "tangle: both " home[name] " and " other[name] " define <<" name ">>"
             bad = 1
         }
         exit bad
     }' "$work/.code" >&2

# Sort the kinds of files by their comments
others=$(sed 's/.*\.//' "$work/.roots" | sort -u | grep -vxE 'c|h|def|css|js|lua|html|md|svg|tex|latex' | paste -s -d '|' -)
printf '%s\n' 'c|h|def|css|js' 'lua' 'html|md|svg' 'tex|latex' "$others" > "$work/.kinds"
while read -r kinds; do
    awk -v kinds="$kinds" -f "$here/tangle.awk" "$work/.code" > "$work/.code.${kinds%%|*}"
done < "$work/.kinds"

# Define how roots are tangled
# shellcheck disable=SC2086 # the list of roots is words
tangle() {
    case ${TANGLE_LINES:-}.$1 in
    1.c) for root in $roots; do "$LIB/nt" -t '-L#line %L "%F"%N' -R"$root" < .book > "$root"; done ;;
    *) "$LIB/mnt" $roots < ".code.$1" ;;
    esac
}

# Tangle all roots to a temporary folder
while read -r kinds; do
    roots=$(grep -E "\.($kinds)\$" "$work/.roots") || continue
    (cd "$work" && tangle "${kinds%%|*}") || { echo "tangle: a file of the kinds $kinds failed" >&2; exit 1; }
done < "$work/.kinds"
while read -r root; do
    test -s "$work/$root" || { echo "tangle: $root is empty" >&2; exit 1; }
    read -r first < "$work/$root" || true
    case $first in '#!'*) chmod +x "$work/$root" ;; esac
done < "$work/.roots"

# List the parts for make
awk 'BEGIN { print "# generated from the headings of the chapters by tangle.sh; do not edit" }
     { files[$2] = files[$2] " " $1 }
     $1 ~ /^test-.*\.c$/ { sub(/\.c$/, "", $1); tests[$3] = tests[$3] " " $1 }
     END {
         for (part in files) print "FILES_" part " :=" files[part] | "sort"
         for (part in tests) print "TESTS_OF_" part " :=" tests[part] | "sort"
     }' "$work/.places" > "$work/parts.mk"
echo "parts.mk ." >> "$work/.places"

# Move what has changed
changed=
while read -r root part _; do
    cmp -s "$work/$root" "$out/$part/$root" && continue
    mkdir -p "$out/$part"
    mv -f "$work/$root" "$out/$part/$root"
    echo "  tangled $out/$part/$root" >&2
    case $root in tangle.*) changed=1 ;; esac
done < "$work/.places"

# Remove what is no longer a root
sed 's|^\([^ ]*\) \([^ ]*\).*|./\2/\1|; s|^\./\./|./|' "$work/.places" > "$work/.files"
(cd "$out" && find . -type f | grep -vxF -f "$work/.files") | while read -r file; do
    head -n 2 "$out/$file" | grep -q 'generated from .* by ' || continue
    rm -f "$out/$file"
    echo "  removed $out/$file" >&2
done

# Begin again if the tangler itself has changed
test -z "$changed" || exec "$out/weaver/tangle.sh" "$out" "$@"
