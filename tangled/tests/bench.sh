#!/bin/sh
# generated from chapters/13-command.nw by noweb; do not edit
# Compares the trainer with min-char-rnn's computation in numpy.
# usage: bench.sh RNN TEXT [TABLE]
rnn=$1 text=$2 table=${3:-/dev/null}
here=$(dirname "$0")
python=${PYTHON:-/usr/bin/python3}
ours=0 theirs=0
"$python" -c 'import numpy' 2> /dev/null || {
    echo "bench: $python has no numpy (Debian: python3-numpy)" >&2; exit 1; }
# Let the two take turns
for turn in 1 2 3; do
    now=$("$rnn" train --hidden 100 --seq-len 25 --batch 1 --threads 1 --optimizer adagrad \
        --lr 0.1 --clip 5 --schedule constant --steps 8000 "$text" 2> /dev/null |
        sed -n 's/^speed.*, \([0-9]*\) a second$/\1/p')
    [ "${now:-0}" -gt "$ours" ] && ours=$now
    now=$("$python" "$here/bench.py" "$text" 300)
    [ "${now:-0}" -gt "$theirs" ] && theirs=$now
    if [ "$ours" -eq 0 ] || [ "$theirs" -eq 0 ]; then
        echo "bench: turn $turn failed" >&2
        exit 1
    fi
done
ratio=$(awk "BEGIN { printf \"%.1f\", $ours / $theirs }")
printf 'program\tcharacters_per_second\nrnn\t%s\nnumpy\t%s\nratio\t%s\n' \
    "$ours" "$theirs" "$ratio" > "$table"
echo "rnn    $ours characters a second (B=1, n=100, T=25, Adagrad, one thread)"
echo "numpy  $theirs characters a second"
echo "ratio  $ratio (the goal is 10)"
awk "BEGIN { exit !($ratio >= 10) }"
