#!/bin/sh
# The logits and bits per character of PyTorch's cells with the same weights, in both directions.
# Prints TAP; run by `make check`, or alone.
. tests/tap.sh
. tests/cells.sh
built=${BUILD:-build}
python=${PYTHON:-/usr/bin/python3}

near() {        # near WHAT FILE: PyTorch's logits and bits, and ours
    "$built/logits" "$dir/$2" "$dir/text" > "$dir/logits" &&
        "$python" tangled/tests/cells-torch.py compare "$dir/$2" "$dir/text" "$dir/logits" > "$dir/theirs" &&
        "$built/rnn" eval --load "$dir/$2" "$dir/text" > "$dir/ours" &&
        awk 'NR == FNR { off = $1; bits = $2; apart = $3; next } /^bits/ { told = $4 - bits; if (told < 0) told = -told }
            END { print "#   logits differ by " off ", bits by " apart ", with four digits by " told
                exit !(off > 0 && off <= 1e-5 && apart <= 1e-5 && told <= 6e-5) }' \
            "$dir/theirs" "$dir/ours"
    ok $? "$1"
}

train one rnn --steps 1
ok $? "there is a network to compare"
if "$python" -c 'import torch' 2> "$dir/err"; then
    for cell in rnn gru lstm; do
        train one "$cell" --steps 60
        near "$cell: PyTorch thinks as the network does" one
        "$python" tangled/tests/cells-torch.py make "$cell" "$dir/theirs.st" data/hamlet.txt
        near "$cell: and the network as PyTorch's" theirs.st
    done
else
    echo "# $python has no torch (Debian: python3-torch): the cells are not compared with PyTorch's"
fi
done_testing
