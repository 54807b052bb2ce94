# shellcheck shell=sh
# What the tests in sh share. A test reads this file first, from the folder of the Makefile,
# and ends with `done_testing`. Checks are counted in the shell that runs the test: one that is
# made within a pipe or ( ) is not counted, and tests/run complains about its number.
checks=0 failures=0

ok() {          # ok STATUS WHAT: reports a check; fails if it failed
    checks=$((checks + 1))
    if [ "$1" -eq 0 ]; then echo "ok $checks - $2"; return 0; fi
    failures=$((failures + 1))
    echo "not ok $checks - $2"
    return 1
}

skip() {        # skip WHAT WHY: a check that this machine cannot make; tests/run counts it as failed
    checks=$((checks + 1))
    echo "ok $checks - $1 # SKIP $2"
}

show() {        # show FILE: puts the beginning of a file below a check that failed
    head -n 20 "$1" | sed 's/^/#   /'
}

has() {         # has WHAT TEXT FILE: the file holds the text
    grep -qF -- "$2" "$3"
    ok $? "$1" || show "$3"
}

same() {        # same WHAT FILE FILE: two files are equal
    cmp -s "$2" "$3"
    ok $? "$1" || diff "$2" "$3" | show /dev/stdin
}

done_testing() {
    echo "1..$checks"
    exit "$((failures > 0))"
}
