#!/bin/sh
# The program comes out of the book, all of it, and make knows what depends on what.
set -u
export LC_ALL=C
. tests/tap.sh
build=${BUILD:-build}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
work="$folder/its folder"       # make and the scripts work in a path with a blank
mkdir "$work"
unset MAKEFLAGS MAKELEVEL MFLAGS BUILD

# ---- the tangled sources are the book's

noroots rnn.nw chapters/*.nw | sed 's/^<<//; s/>>$//' | sort > "$work/roots"
find tangled -type f ! -path tangled/parts.mk | sed 's|.*/||' | sort > "$work/files"
same "the roots of the book are the files in tangled/" "$work/roots" "$work/files"

cp -R Makefile rnn.nw chapters tangled "$work"
mkdir "$work/fresh"
(cd "$work" && LINES=1 COLUMNS=1 tangled/weaver/tangle.sh fresh rnn.nw chapters/*.nw 2> /dev/null)
ok $? "the book tangles, in a terminal that exports its LINES"
diff -r tangled "$work/fresh" > "$work/diff"
ok $? "a fresh tangle equals tangled/" || show "$work/diff"
(cd "$work" && fresh/weaver/tangle.sh fresh rnn.nw chapters/*.nw 2> "$work/again")
test ! -s "$work/again"
ok $? "the tangler that was tangled tangles the same"

grep -L 'generated from [a-z0-9/-]*\.nw by noweb; do not edit' tangled/*/* > "$work/list"
test ! -s "$work/list"
ok $? "every tangled file says where it comes from"

find . \( -path ./tangled -o -path "./$build" -o -path ./build -o -path ./exercises -o -path ./course \
    -o -path ./.git \) -prune -o \( -name '*.[ch]' -o -name '*.lua' -o -name '*.def' \) -print > "$work/list"
test ! -s "$work/list"
ok $? "no code outside the book"

# ---- make

make -q all BUILD="$build" SANITIZE="${SANITIZE:-}" DEBUG="${DEBUG:-}" > /dev/null 2>&1
ok $? "after a build there is nothing left to do"

cd "$work" || exit 1
rm -rf build
make -j2 all CFLAGS='-O1 -Werror' > out 2>&1
ok $? "a copy of the sources builds, without warnings"
make -q all CFLAGS='-O1 -Werror' > /dev/null 2>&1
ok $? "and a second make does nothing"

odd="it's \$HOME and \`so\` \"on\""
yes -- "-I'm, \$5 \`and\` \"more\"\\" | head -n 40 > "$odd.txt"
make train CFLAGS='-O1 -Werror' TEXT="$odd.txt" OUT="new folder/$odd.st" HIDDEN=5 SEQ=5 BATCH=1 STEPS=3 > out 2>&1
ok $? "a text may have any name"
prompt="-I'm, \$5 \`and\` \"more\"\\"
make -s sample CFLAGS='-O1 -Werror' OUT="new folder/$odd.st" PROMPT="$prompt" LENGTH=0 > out 2>&1
printf '%s' "$prompt" | cmp -s - out
ok $? "and a prompt any signs"
make help PROMPT="$prompt" > out && grep -qF -- "$prompt" out
ok $? "and make help shows it"
make install CFLAGS='-O1 -Werror' DESTDIR="$work/at home" PREFIX=/usr > out 2>&1
ok $? "it can be installed"
(cd "at home/usr" && find . -type f -size +0 | sort) > list
printf '%s\n' ./bin/rnn ./share/bash-completion/completions/rnn ./share/man/man1/rnn.1 ./share/zsh/site-functions/_rnn > wanted
same "with its page and its completions" wanted list

sleep 1
touch chapters/03-rows.nw
make all CFLAGS='-O1 -Werror' > out 2>&1
! grep -q -- ' -c ' out
ok $? "a chapter that was only touched compiles nothing"

awk '{ print } /^<<rows.c>>=/ { print "/* changed */" }' chapters/03-rows.nw > changed && mv changed chapters/03-rows.nw
make all CFLAGS='-O1 -Werror' > out 2>&1
grep -q 'float/rows.o' out && grep -q 'changed' tangled/trainer/rows.c
ok $? "a chapter that was changed is tangled and compiled"
! grep -q -- ' -c .*descent' out
ok $? "and what does not depend on it is left alone"

cp tangled/trainer/rows.c before
awk '{ print } /^<<rows.c>>=/ { print "<<There is no such chunk>>" }' chapters/03-rows.nw > changed && mv changed chapters/03-rows.nw
! make all > out 2>&1
ok $? "an undefined chunk stops make"
grep -q 'There is no such chunk' out && cmp -s before tangled/trainer/rows.c
ok $? "names the chunk, and leaves the tangled file whole"

rm -rf build rnn.nw chapters
make all NOTANGLE='' CFLAGS=-O0 > out 2>&1
ok $? "without noweb and without the book, tangled/ still builds" || grep -i 'error' out | show /dev/stdin
cd - > /dev/null || exit 1

make help > "$work/help"
perl -0pe 's/\\\n//g' Makefile | sed -n 's/^\.PHONY: *\([a-z]\)/\1/p' | tr -s ' ' '\n' | sort > "$work/phony"
awk '/^  [a-z]/ { print $1 }' "$work/help" | sort > "$work/listed"
same "make help lists every target" "$work/phony" "$work/listed"

# ---- the verdict

mkdir "$work/tap"
verdict() { # verdict COMMANDS LINE WHAT: what tests/run ends with
    printf '#!/bin/sh\n%s\n' "$1" > "$work/tap/program"
    chmod +x "$work/tap/program"
    tests/run "$work/tap/program" > "$work/tap/out" 2>&1
    test "$(tail -n 1 "$work/tap/out")" = "$2"
    ok $? "$3"
}
verdict 'echo 1..2; echo ok 1; echo ok 2' '2 passed, 0 failed' 'two tests that pass'
verdict 'echo 1..1; echo not ok 1 - the moon; echo "# is full"' '0 passed, 1 failed' 'a test that fails'
grep -A 1 '^  not ok 1 - the moon$' "$work/tap/out" | grep -q '^  # is full$'
ok $? 'is named, with its comment'
verdict 'echo 1..2; echo ok 1' '1 passed, 1 failed' 'a test that did not run has failed'
verdict 'echo ok 1' '1 passed, 1 failed' 'so has a program without a plan'
verdict 'echo 1..1; echo ok 1; exit 3' '1 passed, 1 failed' 'one that ends badly'
verdict 'echo 1..1; echo ok 1; kill -SEGV $$' '1 passed, 1 failed' 'one that is killed'
verdict 'echo 1..1; echo "ok 1 # SKIP no time"' '0 passed, 1 failed' 'one that skips'
verdict 'echo "Bail out! no disk"' '0 passed, 1 failed' 'one that gives up'
verdict : '0 passed, 1 failed' 'and one that prints nothing'

# ---- the scripts

# (SC2319 warns of a $? that belongs to a condition. That is what `ok` is given, and means.)

find .ci tests tangled -type f | while read -r file; do
    case $(head -n 1 "$file") in '#!/bin/sh'* | '# shellcheck shell=sh'*) echo "$file" ;; esac
done > "$work/scripts"
tr '\n' '\0' < "$work/scripts" | xargs -0 shellcheck -x -e SC2319 > "$work/out" 2>&1
ok $? "shellcheck finds nothing in $(wc -l < "$work/scripts") scripts" || show "$work/out"
done_testing
