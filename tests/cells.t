#!/bin/sh
# The three cells from end to end: same bits on any number of threads and after a rest.
# Prints TAP; run by `make check`, or alone. (What PyTorch says of them: torch.t.)
. tests/tap.sh
. tests/cells.sh
rnn=${BUILD:-build}/rnn

for cell in rnn gru lstm; do
    train one "$cell" --steps 50 --schedule constant --threads 1
    ok $? "$cell: a run"
    train two "$cell" --steps 50 --schedule constant --threads 2 && cmp -s "$dir/one" "$dir/two"
    ok $? "$cell: two threads make the same file"
    train two "$cell" --steps 20 --schedule constant --threads 2 &&
        "$rnn" train --resume "$dir/two" --steps 50 data/hamlet.txt > "$dir/out" 2> "$dir/err" &&
        cmp -s "$dir/one" "$dir/two"
    ok $? "$cell: so do two halves"
    "$rnn" info "$dir/one" > "$dir/is"
    grep -q "^cell  *$cell$" "$dir/is"
    ok $? "$cell: the file names it"
    "$rnn" sample --load "$dir/one" --length 50 > "$dir/is" 2> "$dir/err" && test "$(wc -m < "$dir/is")" -eq 50
    ok $? "$cell: it speaks"
    other=rnn
    [ "$cell" = rnn ] && other=gru
    "$rnn" train --resume "$dir/one" --cell $other --steps 90 data/hamlet.txt > "$dir/out" 2> "$dir/err"
    test $? -eq 1 && grep -q '^rnn train: --cell: the run in .* has another one' "$dir/err"
    ok $? "$cell: and cannot become another"
done

# ------------------------------------------------- rates, and files of two cells
rate() {        # rate CELL HIDDEN RATE: what a run learns with if nobody says
    "$rnn" train --cell "$1" --hidden "$2" --seq-len 5 --batch 1 --steps 1 --save "$dir/rate.$1.$2" "$dir/text" \
        > "$dir/out" 2> "$dir/err"
    "$rnn" info "$dir/rate.$1.$2" | grep "^learning_rate  *$3" > "$dir/is"
    ok $? "$1: $2 units learn with a rate of $3"
}
rate gru 128 0.0125
rate lstm 128 '0.02'
rate lstm 256 '0.01'
rate rnn 256 '0.00625'

"$rnn" train --hidden 21 --seq-len 12 --batch 11 --steps 60 --save "$dir/plain" data/hamlet.txt > "$dir/out" 2> "$dir/err"
"$rnn" train --hidden 21 --seq-len 12 --batch 11 --steps 60 --cell gru --save "$dir/gru" data/hamlet.txt > "$dir/out" 2> "$dir/err"
cp "$dir/plain.last" "$dir/gru.last"
"$rnn" train --resume "$dir/gru" --steps 70 data/hamlet.txt > "$dir/out" 2> "$dir/err"
grep -q 'gru.last is of another run, and is not used' "$dir/err"
ok $? "the last network of another cell is of another run"

# ------------------------------------------------- what is no cell
sed 's/"cell":"lstm"/"cell":"oven"/' "$dir/one" > "$dir/oven"
"$rnn" eval --load "$dir/oven" "$dir/text" > "$dir/out" 2> "$dir/err"
test $? -eq 1 && grep -q 'its cell is called “oven”; rnn, gru and lstm can be used' "$dir/err"
ok $? "a cell that nobody knows is named"
sed 's/"cell":"lstm"/"cell":"gru" /' "$dir/one" > "$dir/wrong"
"$rnn" eval --load "$dir/wrong" "$dir/text" > "$dir/out" 2> "$dir/err"
test $? -eq 1 && grep -q 'its tensors are not those of a network' "$dir/err"
ok $? "and one that the numbers are not of is refused"

done_testing
