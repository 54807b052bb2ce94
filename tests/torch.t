#!/bin/sh
# The logits and bits per character of PyTorch's cells with the same weights, in both directions, and of models of PyTorch's with names,
# types and an order of characters of their own. Prints TAP; run by `make check`, or alone.
. tests/tap.sh
. tests/cells.sh
built=${BUILD:-build}
python=${PYTHON:-/usr/bin/python3}
tab=$(printf '\t')
torch() {       # torch WORD...: asks the one process that has PyTorch, and prints what it answers
    (IFS=$tab && printf '%s\n' "$*") >&3
    answer=failed
    read -r answer said <&4
    test -z "$said" || printf '%s\n' "$said"
    test "$answer" = ok
}

near() {        # near WHAT OURS THEIRS [LAYER DECODER]: PyTorch's logits and bits, and ours
    what=$1 ours=$dir/$2 theirs=$dir/$3
    shift 3
    "$built/logits" "$ours" "$dir/text" > "$dir/logits" &&
        torch compare "$theirs" "$dir/text" "$dir/logits" "$@" > "$dir/theirs" &&
        "$built/rnn" eval --load "$ours" "$dir/text" > "$dir/ours" &&
        awk 'NR == FNR { off = $1; bits = $2; apart = $3; next } /^bits/ { told = $4 - bits; if (told < 0) told = -told }
            END { print "#   logits differ by " off ", bits by " apart ", with four digits by " told
                exit !(off > 0 && off <= 1e-5 && apart <= 1e-5 && told <= 6e-5) }' \
            "$dir/theirs" "$dir/ours"
    ok $? "$what"
}

train one rnn --steps 1
ok $? "there is a network to compare"
mkfifo "$dir/asked" "$dir/answers"
"$python" tangled/tests/cells-torch.py < "$dir/asked" > "$dir/answers" 2> "$dir/torch" &
exec 3> "$dir/asked" 4< "$dir/answers"
if read -r answer <&4 && test "$answer" = ready; then
    for cell in rnn gru lstm; do
        train one "$cell" --steps 60
        near "$cell: PyTorch thinks as the network does" one one
        torch make "$cell" "$dir/theirs.st" data/hamlet.txt
        near "$cell: and the network as PyTorch's" theirs.st theirs.st
        "$built/rnn" export --vocab data/hamlet.txt --layer cell --decoder head --save "$dir/F32.st" "$dir/one"
        case $cell in rnn) types="F32 F16 BF16" ;; gru) types=F16 ;; *) types=BF16 ;; esac
        for type in $types; do
            "$built/rnn" export --vocab data/hamlet.txt --layer cell --decoder head --type "$type" --save "$dir/$type.st" "$dir/one" &&
                "$built/rnn" import --save "$dir/back.st" "$dir/$type.st"
            near "$cell: PyTorch takes it with other names and another order, in $type" back.st "$type.st" cell head
            torch rounded "$dir/F32.st" "$dir/$type.st"
            ok $? "rounded as PyTorch rounds"
            torch make "$cell" "$dir/theirs.st" data/hamlet.txt cell head "$type"
            "$built/rnn" import --vocab data/hamlet.txt --save "$dir/here.st" "$dir/theirs.st"
            near "and one of PyTorch's is taken over" here.st theirs.st cell head
        done
    done
elif "$python" -c 'import torch' 2> "$dir/err"; then
    ok 1 "PyTorch can be asked" || show "$dir/torch"
else
    echo "# $python has no torch (Debian: python3-torch): the cells are not compared with PyTorch's"
fi
exec 3>&-
wait
done_testing
