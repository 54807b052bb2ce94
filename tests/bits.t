#!/bin/sh
# One seed has the same bits under every compiler, at every optimisation, on lanes of any width that
# fuse, and on arm64, where a compiler for it and an emulator are at hand. Other programs than the one
# in build/ are made of the same sources. Prints TAP; run by `make check`, or alone.
. tests/tap.sh
built=${BUILD:-build}/rnn
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

flags=$(sed -n '1s/.* -std/-std/; 1s/ -pthread.*//p' "${BUILD:-build}/flags")

compile() {     # compile PROGRAM COMPILER FLAG...: the trainer
    program=$1
    shift
    # shellcheck disable=SC2086     # the flags are words
    "$@" $flags -w -pthread '-DVERSION="other"' -o "$dir/$program" tangled/trainer/*.c -lm
}

train() {       # train NETWORK THREADS COMMAND...: a short run with the given program
    network=$1 threads=$2
    shift 2
    for optimizer in sgd adagrad adam; do
        "$@" train --hidden 29 --seq-len 12 --batch 11 --steps 6 --clip 0.5 --optimizer $optimizer \
            --threads "$threads" --save "$dir/$network.$optimizer" data/hamlet.txt > /dev/null 2> "$dir/err" || return 1
    done
}

alike() {       # alike WHAT NETWORK: it has the bits of the program in build/
    for optimizer in sgd adagrad adam; do
        cmp -s "$dir/built.$optimizer" "$dir/$2.$optimizer" || break
    done
    cmp -s "$dir/built.$optimizer" "$dir/$2.$optimizer"
    ok $? "$1"
}

train built 2 "$built"
ok $? "the program in ${BUILD:-build} trains"

compile plain "${CC:-cc}" -O1 && train plain 1 "$dir/plain"
alike "with less optimisation, on one thread" plain

# The README has a line that needs no make.
# shellcheck disable=SC2016     # the backticks are those of Markdown
line=$(sed -n 's/.*`cc \([^`]*\) -o rnn`.*/\1/p' README.md)
eval "${CC:-cc} $line -w -o '$dir/readme'" && train readme 2 "$dir/readme"
alike "compiled as README.md says: cc $line" readme

if command -v clang > "$dir/which"; then
    compile clang clang -O3 && train clang 3 "$dir/clang"
    alike "compiled by clang, on three threads" clang
else
    echo "# clang is not installed"
fi

# ------------------------------------------------- another processor
# Where the processor cannot fuse, its bits are its own.
if grep -q '^flags.* fma ' /proc/cpuinfo && command -v aarch64-linux-gnu-gcc > "$dir/which" && command -v qemu-aarch64 > "$dir/which"; then
    arm=aarch64-linux-gnu-gcc
    compile arm $arm -O1 -static && train arm 2 timeout 60 qemu-aarch64 "$dir/arm"
    alike "on arm64" arm
    # shellcheck disable=SC2086
    $arm $flags -w -O1 -static -Itangled/trainer -Itangled/tests -o "$dir/rows" \
        tangled/tests/test-rows.c tangled/trainer/rows.c -lm
    qemu-aarch64 "$dir/rows" > "$dir/out"
    ok $? "the kernels on arm64"
else
    echo "# no compiler for arm64 and no emulator (gcc-aarch64-linux-gnu, qemu-user), or nothing to compare with"
fi
done_testing
