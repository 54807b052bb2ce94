#!/bin/sh
# A change goes where it belongs and nowhere else: in a copy of the book, a word is changed, a chapter is added that is
# printed in the book as an example, and an exercise is changed. What is equal is not made again.
set -u
export LC_ALL=C
. tests/tap.sh
build=${BUILD:-build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
case ${MAKEFLAGS:-} in      # the settings of this make, but not its jobs
*' -- '*) export MAKEFLAGS=" -- ${MAKEFLAGS#* -- }" ;;
*) unset MAKEFLAGS ;;
esac
unset MAKELEVEL MFLAGS BUILD

# ---- a copy, with all that was built

cp -a Makefile rnn.nw chapters tangled tests figures data README.md "$work"
mkdir "$work/build"
for part in flags float double definitions.c eqcheck eqcheck.tap keymaker exercise-kit exercise-cache tangled.mk rnn; do
    cp -a "$build/$part" "$work/build"
done
cp -a "$build"/*.tsv "$build"/book.* "$work/build"
for list in "$work"/build/float/*.d "$work"/build/double/*.d; do
    sed "s|$build/|build/|g" "$list" > "$work/list" && touch -r "$list" "$work/list" && mv "$work/list" "$list"
done
cd "$work" || exit 1
TARGETS='build/eqcheck.tap build/exercise-kit/.done'
built() { # built TARGET...: makes targets, and keeps what make said
    make BUILD=build "$@" > out 2>&1
}
# shellcheck disable=SC2086 # a list of targets
idle() { # idle WHAT: a second make runs nothing
    built $TARGETS
    ! grep -Eq ' -c |pandoc|eqcheck --|keymaker |compile-versions|awk -f' out
    ok $? "$1" || show out
}
none() { # none WHAT PATTERN: make ran no such thing
    ! grep -Eq -- "$2" out
    ok $? "$1" || { grep -E -- "$2" out > found; show found; }
}
idle "what is made is not made again"

# ---- a word in a chapter

sleep 1
sed 's/^First a debt\. /At first a debt. /' chapters/07-through-time.nw > new
! cmp -s new chapters/07-through-time.nw && mv new chapters/07-through-time.nw
ok $? "a word is changed"
# shellcheck disable=SC2086
built $TARGETS
has "the book is read anew" "exercises.lua" out
none "a word compiles no C" ' -c '
none "and tangles nothing" '  tangled '
none "runs no verifier" 'eqcheck --'
none "and no exercise" 'compile-versions|keymaker '
idle "and is read once"

# ---- a chapter that adds one of each, as the book tells it

sed -n '/^# The Energy of a State/,/^```/p' chapters/*-weave.nw | sed '$d; s/^@@/@/; s/@<</<</g; s/@>>/>>/g' > chapters/16-energy.nw
test "$(wc -l < chapters/16-energy.nw)" -gt 50
ok $? "the example is in the book"
find tangled -type f | sort > before
# shellcheck disable=SC2086
built $TARGETS build/test-energy
ok $? "it is made" || show out
find tangled -type f | sort | diff before - | sed -n 's/^> //p' | tr '\n' ' ' > new
echo 'tangled/tests/test-energy.c tangled/trainer/energy.c tangled/trainer/energy.h ' > wanted
tr -d '\n' < wanted | cmp -s - new
ok $? "the module and its test are tangled, each to its part" || show new
build/test-energy > tap && grep -q '^ok 1 - ' tap
ok $? "the test runs"
grep -q 'FILES_trainer := .*energy.c' tangled/parts.mk
ok $? "and make knows the module"
has "the symbol is in the notation" 'SYMBOL("E_t", "1 x 1"' tangled/verifier/notation.def
has "the definition is compiled into the checker" 'h_t h_t^' build/definitions.c
awk -F '\t' '$1 == "eq:energy-slope" { print $13 }' build/ledger.tsv > verdict
test "$(cat verdict)" = ok
ok $? "the equation is executed, and right" || grep energy build/ledger.tsv | show /dev/stdin
test "$(awk -F '\t' '$2 == 901 { print $3, $4 }' build/wrong.tsv)" = "eq:energy-slope value"
ok $? "the wrong formula is refused, by its value" || grep energy build/wrong.tsv | show /dev/stdin
number=$(awk -F '\t' '$2 == "energy" { print $1 }' build/exercise-kit/list.tsv)
test -n "$number"
ok $? "the exercise has a number"
find build/exercise-kit/kit/key -name "*energy*" | grep -q .
ok $? "and a key"
idle "and all that is made once"

# ---- one exercise

find build/exercise-cache/versions -name '*.o' -exec cp -p {} {}.old \;
sleep 1
awk '/^rows_through\(/ && !done { print "/* a remark */"; done = 1 } { print }' chapters/04-forward.nw > new
! cmp -s new chapters/04-forward.nw && mv new chapters/04-forward.nw
ok $? "a line of an exercise is changed"
built build/exercise-kit/.code
built build/exercise-kit/versions
for object in build/exercise-cache/versions/*.o; do
    find "$object" -newer "$object.old"
done | sed 's|.*/||; s/^[0-9]*-//; s/-[^-]*$//' | sort -u > compiled
test "$(wc -l < compiled)" = 1
ok $? "only that exercise is compiled" || show compiled
done_testing
