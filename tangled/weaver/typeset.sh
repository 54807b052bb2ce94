#!/bin/sh
# generated from chapters/41-weave.nw by noweb; do not edit
# typeset.sh BOOK.tex: runs LuaLaTeX until the references stand still
set -eu
folder=$(dirname "$1")
name=$(basename "$1" .tex)
for pass in 1 2 3 4 5; do
    before=$(cat "$folder/$name.aux" "$folder/$name.toc" 2>/dev/null | cksum)
    lualatex --interaction=nonstopmode --halt-on-error --output-directory="$folder" "$1" \
        > "$folder/$name.out.txt" ||
        { grep -A 12 '^!' "$folder/$name.out.txt" >&2; rm -f "$folder/$name.pdf"; exit 1; }
    echo "  typeset $folder/$name.pdf, pass $pass" >&2
    after=$(cat "$folder/$name.aux" "$folder/$name.toc" | cksum)
    test "$before" = "$after" && exit 0
done
echo "typeset.sh: the references do not settle" >&2
exit 1
