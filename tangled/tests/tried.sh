#!/bin/sh
# generated from chapters/13-command.nw by noweb; do not edit
# Trains with one choice after the other, and prints what comes of it.
# usage: tried.sh RNN HAMLET [SHAKESPEARE]: RNN is the trainer with tried.c linked into it
rnn=$1 hamlet=$2 shakespeare=$3
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT
seeds='1 2 3'
# Measure one choice
try() {         # try NAME TEXT OPTION...: a row with the means over the seeds
    name=$1 text=$2
    shift 2
    for seed in $seeds; do
        "$rnn" train --seed "$seed" "$@" "$text" 2> /dev/null
    done > "$out" || { echo "tried: $name failed" >&2; exit 1; }
    awk -v name="$name" '/^held out/ { bits = $3; sum += bits
            if (!n++ || bits < least) least = bits
            if (bits > most) most = bits }
        /^best / { step += $3; of = $5 + 0; end += /the last has/ ? $9 : bits }
        END { printf "%s\t%.3f\t%.3f\t%.3f\t%.0f\t%d\t%.3f\n", name, sum / n, least, most, step / n, of, end / n }' "$out"
}
printf 'choice\tbits\tleast\tmost\tstep\tof\tend\n'
# Choices on Hamlet
try 'the defaults' "$hamlet"
for batch in 4 16 32; do try "$batch streams" "$hamlet" --batch $batch --epochs 10; done
for length in 25 100; do try "pieces of $length" "$hamlet" --seq-len $length --epochs 10; done
for rate in 0.003 0.006 0.01 0.016 0.02; do try "a rate of $rate" "$hamlet" --lr $rate; done
for readings in 5 7 14 20; do try "$readings readings" "$hamlet" --epochs $readings; done
for choice in 'warm-up' 'a floor' 'a line' 'no biases' 'orthogonal' 'half of the state'; do
    RNN_TRY=$choice try "$choice" "$hamlet"
done
try 'a constant rate' "$hamlet" --schedule constant
for clip in 0 0.3; do try "a bound of $clip" "$hamlet" --clip $clip; done
for decay in 0.02 0.05 0.2; do try "a decay of $decay" "$hamlet" --weight-decay $decay; done
for optimizer in sgd adagrad; do try "$optimizer" "$hamlet" --optimizer $optimizer; done
try '64 units' "$hamlet" --hidden 64
try '256 units' "$hamlet" --hidden 256
try '16 streams, 2500 steps' "$hamlet" --batch 16 --steps 2500
for cell in gru lstm; do
    other='a gate drawn like the rest'
    [ $cell = gru ] || other='a gate opened by one'
    for rate in 0.008 0.0125 0.02; do try "$cell, a rate of $rate" "$hamlet" --cell $cell --lr $rate; done
    RNN_TRY='the other gate' try "$cell, $other" "$hamlet" --cell $cell
    for decay in 0 0.05 0.2; do try "$cell, a decay of $decay" "$hamlet" --cell $cell --weight-decay $decay; done
done
[ -e "$shakespeare" ] || exit 0
seeds=1
# Choices on Shakespeare
try 'long: the defaults' "$shakespeare" --hidden 256
for rate in 0.004 0.005 0.0075 0.01; do try "long: a rate of $rate" "$shakespeare" --hidden 256 --lr $rate; done
try 'long: 16 streams, 7 readings' "$shakespeare" --hidden 256 --batch 16 --epochs 7
try 'long: 64 streams, 8 readings' "$shakespeare" --hidden 256 --batch 64 --epochs 8
for cell in gru lstm; do
    for rate in 0.0125 0.02; do
        try "long: $cell, 128 units, 4 readings, a rate of $rate" "$shakespeare" --cell $cell --lr $rate --epochs 4
    done
    other='a gate drawn like the rest'
    [ $cell = gru ] || other='a gate opened by one'
    RNN_TRY='the other gate' try "long: the same at 0.0125, $other" "$shakespeare" --cell $cell --lr 0.0125 --epochs 4
done
