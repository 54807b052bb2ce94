#!/bin/sh
# TeX runs until its notes settle, and starts from those of a run that came to its end.
set -u
export LC_ALL=C
. tests/tap.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A lualatex that notes the number of its pages, after it has looked at what it noted before. Its ways are in a file.
mkdir "$work/bin"
cat > "$work/bin/lualatex" << 'END'
#!/bin/sh
for argument; do case $argument in --output-directory=*) folder=${argument#*=} ;; esac; done
notes=$folder/book.aux
echo run >> "$folder/runs"
if [ -e "$notes" ] && ! grep -q '^whole$' "$notes"; then echo '! it ends in a word'; exit 1; fi
. "$folder/ways"
printf '%s\nwhole\n' "$pages" > "$notes"
: > "$folder/book.toc"
echo pdf > "$folder/book.pdf"
END
chmod +x "$work/bin/lualatex"
: > "$work/book.tex"
set_book() { # set_book WAYS: typesets with a TeX that does so
    echo "$1" > "$work/ways"
    : > "$work/runs"
    PATH=$work/bin:$PATH sh tangled/weaver/typeset.sh "$work/book.tex" 2> "$work/err"
}
runs() { # runs NUMBER WHAT: TeX ran so often
    test "$(grep -c . "$work/runs")" = "$1"
    ok $? "$2" || show "$work/runs"
}

set_book 'pages=826'
ok $? "a book is typeset"
runs 2 "a first time, TeX runs until it reads what it writes"
set_book 'pages=826'
runs 1 "a book whose pages are where they were takes one run"
set_book 'pages=827'
runs 2 "and two, if they are not"
# shellcheck disable=SC2016 # TeX expands
! set_book 'printf 8 > "$notes"; kill -9 $$'
ok $? "a run that is killed fails"
test ! -e "$work/book.pdf"
ok $? "and leaves no book"
set_book 'pages=827'
ok $? "the next does not stumble over what it left" || show "$work/err"
runs 1 "but starts from the last that was finished"
! set_book 'echo "! Undefined control sequence."; exit 1'
ok $? "a mistake fails"
has "and is shown" "! Undefined control sequence." "$work/err"
# shellcheck disable=SC2016
! set_book 'pages=$(wc -l < "$folder/runs")'
ok $? "a book that never settles fails, too"
has "and it says so" "do not settle" "$work/err"
done_testing
