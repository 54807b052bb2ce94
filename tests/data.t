#!/bin/sh
# The text that is shipped is the one that data/README.md describes, and `make data`
# keeps nothing that it did not expect.
set -u
. tests/tap.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset MAKEFLAGS MAKELEVEL MFLAGS
fetch() { make -s data DATA="$work/data" "$@" > "$work/out" 2>&1; }

(cd data && grep '\(hamlet\|sayings\).txt$' README.md | sha256sum -c --quiet - > /dev/null 2>&1)
ok $? "hamlet.txt has the sum that data/README.md gives"

echo 'Not the text that was asked for.' > "$work/text"
sum=$(sha256sum "$work/text" | cut -d ' ' -f 1)
! fetch DATA_URL="file://$work/text"
ok $? "another text is refused"
test -z "$(ls -A "$work/data" 2> /dev/null)"
ok $? "and nothing is kept of it"
grep -q "file://$work/text is not the text" "$work/out"
ok $? "and the complaint says where it came from"

! fetch DATA_URL="file://$work/nowhere"
ok $? "a text that is not there is an error"
test -z "$(ls -A "$work/data" 2> /dev/null)"
ok $? "and leaves nothing"

fetch DATA_URL="file://$work/text" DATA_SUM="$sum" && cmp -s "$work/text" "$work/data/tinyshakespeare.txt"
ok $? "a text with the right sum is kept, from a file: address too"
fetch DATA_URL="file://$work/nowhere"
ok $? "and is not fetched again"
done_testing
