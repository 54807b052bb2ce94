#!/bin/sh
# generated from chapters/41-weave.nw by noweb; do not edit
# typeset.sh BOOK.tex: runs LuaLaTeX until the references stand still
set -eu
folder=$(dirname "$1")
name=$(basename "$1" .tex)
NOTES="aux toc out"
# Take the notes of the last run that was finished
take_notes() {
    for kind in $NOTES; do
        rm -f "$folder/$name.$kind"
        if [ -e "$folder/$name.$kind.kept" ]; then cp "$folder/$name.$kind.kept" "$folder/$name.$kind"; fi
    done
}

# Keep the notes of this run
keep_notes() {
    settled=0
    for kind in $NOTES; do
        touch "$folder/$name.$kind"
        cmp -s "$folder/$name.$kind" "$folder/$name.$kind.kept" && continue
        settled=1
        cp "$folder/$name.$kind" "$folder/$name.$kind.new"
        mv "$folder/$name.$kind.new" "$folder/$name.$kind.kept"
    done
    return $settled
}
for pass in 1 2 3 4 5; do
    take_notes
    # Run TeX once
    lualatex --interaction=nonstopmode --halt-on-error --output-directory="$folder" "$1" \
        > "$folder/$name.out.txt" ||
        { rm -f "$folder/$name.pdf"; grep -A 12 '^!' "$folder/$name.out.txt" >&2; exit 1; }
    echo "  typeset $folder/$name.pdf, pass $pass" >&2
    if keep_notes; then exit 0; fi
done
echo "typeset.sh: the references do not settle" >&2
exit 1
