# shellcheck shell=sh
# What the tests of the cells share: a folder, a text, and a short run of one of them.
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
head -c 1500 data/hamlet.txt > "$dir/text"

train() {       # train FILE CELL OPTION...
    file=$1 cell=$2
    shift 2
    "${BUILD:-build}/rnn" train --hidden 21 --seq-len 12 --batch 11 --cell "$cell" --save "$dir/$file" "$@" \
        data/hamlet.txt > "$dir/out" 2> "$dir/err"
}
