#!/bin/sh
# The parts of the house are layers: no circle of includes, and no arrow that leads up.
set -u
export LC_ALL=C
. tests/tap.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
house() { awk -f tangled/weaver/modules.awk "$@" > "$work/out" 2> "$work/err"; }
says() { # says TEXT WHAT: what went wrong is named
    grep -qF -- "$1" "$work/err"
    ok $? "$2"
}

# shellcheck disable=SC2046 # no name has a blank
house $(find tangled -name '*.[ch]' ! -name 'ex-*')
ok $? "no module includes what stands above it, and none itself"
sed 's/^/#   /' "$work/err"
grep -q '^.includes{forward}{rows}' "$work/out"
ok $? "an arrow leads from a module to one that it includes"
! grep -q '^.includes{main}{fault}' "$work/out"
ok $? "and not where a longer way leads"
find tangled/trainer -name '*.c' ! -name 'ex-*' | wc -l > "$work/count"
test "$(grep -c '^.module{[^}]*}{[^}]*}{trainer}' "$work/out")" -ge "$(cat "$work/count")"
ok $? "every module of the trainer is drawn"

mkdir "$work/trainer" "$work/verifier"
echo 'int one;' > "$work/verifier/one.h"
echo '#include "one.h"' > "$work/trainer/two.c"
! house "$work/verifier/one.h" "$work/trainer/two.c" && test ! -s "$work/out"
ok $? "an arrow from the trainer to the verifier is refused"
says "trainer/two includes verifier/one, which stands above it" "and named"
echo '#include "three.h"' > "$work/trainer/two.h"
echo '#include "four.h"' > "$work/trainer/three.h"
echo '#include "two.h"' > "$work/trainer/four.c"
touch "$work/trainer/four.h"
house "$work/trainer/two.h" "$work/trainer/three.h" "$work/trainer/four.h"
ok $? "a line of includes is none"
! house "$work/trainer/two.h" "$work/trainer/three.h" "$work/trainer/four.c"
ok $? "a circle is refused"
says "a circle of includes goes through trainer/" "and named"
mkdir "$work/cellar"
echo 'int five;' > "$work/cellar/five.h"
! house "$work/cellar/five.h"
ok $? "and a part that the house does not have"
done_testing
