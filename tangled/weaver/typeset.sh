#!/bin/sh
# generated from chapters/41-weave.nw by noweb; do not edit
# typeset.sh BOOK.tex...: runs LuaLaTeX until the references stand still, also those from one book to another
set -eu
NOTES="aux toc out"
# Take the notes of the last run that was finished
take_notes() { # take_notes BOOK
    for kind in $NOTES; do
        rm -f "$1.$kind"
        if [ -e "$1.$kind.kept" ]; then cp "$1.$kind.kept" "$1.$kind"; fi
    done
}

# Take the labels of the other books
take_others() { # take_others BOOK ALL...
    book=$1
    grep -o '\\hyperref\[[^]]*\]' "$book.tex" | sed 's/.*\[//; s/\]//' | sort -u > "$book.wanted"
    for other; do
        other=${other%.tex}
        if [ "$other" = "$book" ] || [ ! -e "$other.aux.kept" ]; then continue; fi
        awk 'NR == FNR { wanted[$0] = 1; next } /^\\newlabel{/ { label = $0; sub(/^\\newlabel{/, "", label); sub(/}.*/, "", label)
            if (label in wanted) print }' "$book.wanted" "$other.aux.kept"
    done > "$book-other.aux"
}

# Tell what a run would read
reads() { # reads BOOK
    { cat "$1.tex" "$1-other.aux"
      sed -n 's/.*\\includegraphics[^{]*{\([^}]*\)}.*/\1/p' "$1.tex" | while read -r figure; do cat "$figure"; done
      for kind in $NOTES; do cat "$1.$kind.kept" 2> /dev/null || true; done; } | cksum
}

# Run TeX once
run() { # run BOOK.tex
    book=${1%.tex}
    rm -f "$book.seen"
    lualatex --interaction=nonstopmode --halt-on-error --output-directory="$(dirname "$1")" "$1" > "$book.out.txt" ||
        { rm -f "$book.pdf"; grep -A 12 '^!' "$book.out.txt" >&2; return 1; }
    echo "  typeset $book.pdf, pass $pass" >&2
    keep_notes "$book"
    mv "$book.reads" "$book.seen"
}

# Keep the notes of this run
keep_notes() { # keep_notes BOOK
    for kind in $NOTES; do
        touch "$1.$kind"
        cp "$1.$kind" "$1.$kind.new"
        mv "$1.$kind.new" "$1.$kind.kept"
    done
}
for pass in 1 2 3 4 5 6 7; do
    # Set what has something new to read
    running='' todo=''
    for text; do
        book=${text%.tex}
        take_others "$book" "$@"
        reads "$book" > "$book.reads"
        if [ -e "$book.pdf" ] && cmp -s "$book.reads" "$book.seen"; then continue; fi
        take_notes "$book"
        todo="$todo $text"
    done
    for text in $todo; do
        run "$text" & running="$running $!"
    done
    for process in $running; do wait "$process" || exit 1; done
    test -n "$running" || exit 0
done
echo "typeset.sh: the references do not settle" >&2
exit 1
