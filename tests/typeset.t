#!/bin/sh
# TeX runs until its notes settle, and starts from those of a run that came to its end.
set -u
export LC_ALL=C
. tests/tap.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A lualatex that notes the number of its pages, after it has looked at what it noted before. Its ways are in the text.
mkdir "$work/bin"
cat > "$work/bin/lualatex" << 'END'
#!/bin/sh
for argument; do case $argument in --output-directory=*) folder=${argument#*=} ;; *.tex) text=$argument ;; esac; done
book=${text%.tex}
notes=$book.aux
echo run >> "$book.runs"
if [ -e "$notes" ] && ! grep -q '^whole$' "$notes"; then echo '! it ends in a word'; exit 1; fi
. "$text"
printf '\\newlabel{here}{{1}{%s}}\nwhole\n' "$pages" > "$notes"
: > "$folder/book.toc"
echo pdf > "$book.pdf"
END
chmod +x "$work/bin/lualatex"
set_books() { # set_books NAME...: typesets them, with a TeX that does what they say
    : > "$work/book.runs"
    : > "$work/second.runs"
    for name; do set -- "$@" "$work/$name.tex"; shift; done
    PATH=$work/bin:$PATH sh tangled/weaver/typeset.sh "$@" 2> "$work/err"
}
set_book() { # set_book WAYS
    echo "$1" > "$work/book.tex"
    set_books book
}
runs() { # runs NUMBER WHAT [BOOK]: TeX ran so often
    test "$(grep -c . "$work/${3:-book}.runs")" = "$1"
    ok $? "$2" || show "$work/${3:-book}.runs"
}

set_book 'pages=826'
ok $? "a book is typeset"
runs 2 "a first time, TeX runs until it reads what it writes"
set_book 'pages=826'
runs 0 "a book of which nothing has changed is not set again"
set_book 'pages=826; a=word'
runs 1 "one whose pages are where they were takes one run"
set_book 'pages=827'
runs 2 "and two, if they are not"
# shellcheck disable=SC2016 # TeX expands
! set_book 'printf 8 > "$notes"; kill -9 $$'
ok $? "a run that is killed fails"
test ! -e "$work/book.pdf"
ok $? "and leaves no book"
set_book 'pages=827; another=word'
ok $? "the next does not stumble over what it left" || show "$work/err"
runs 1 "but starts from the last that was finished"
! set_book 'echo "! Undefined control sequence."; exit 1'
ok $? "a mistake fails"
has "and is shown" "! Undefined control sequence." "$work/err"
# shellcheck disable=SC2016
! set_book 'pages=$(wc -l < "$book.runs")'
ok $? "a book that never settles fails, too"
has "and it says so" "do not settle" "$work/err"

# ---- two books, of which the second speaks of a page of the first

printf '%s\n' 'pages=12' > "$work/book.tex"
printf '%s\n' 'pages=34' ': "\hyperref[here]{there}"' > "$work/second.tex"
rm -f "$work"/*.kept "$work"/*.seen
set_books book second
ok $? "two books are set together" || show "$work/err"
grep -q '{here}{{1}{12}}' "$work/second-other.aux"
ok $? "the second knows the page of the first" || show "$work/second-other.aux"
test ! -s "$work/book-other.aux"
ok $? "and the first, which asks for none, none of the second"
set_books book second
runs 0 "nothing has changed, and the first is not set again"
runs 0 "nor the second" second
echo 'pages=12; a=word' > "$work/book.tex"
set_books book second
runs 1 "a word in the first is one run"
runs 0 "and none of the second, if the page has stayed" second
echo 'pages=13' > "$work/book.tex"
set_books book second
runs 1 "if it has not, one of the second as well" second
grep -q '{here}{{1}{13}}' "$work/second-other.aux"
ok $? "which knows the new page"
echo 'pages=35 # another word' > "$work/second.tex"
set_books book second
runs 0 "the first does not care for the pages of the second"
done_testing
