#!/bin/sh
# generated from chapters/19-lstm.nw by noweb; do not edit
# cells.sh RNN TEXT OUT: trains a network of each cell on TEXT, and one whose weights decay; writes their
# logs OUT-rnn.tsv, OUT-gru.tsv, OUT-lstm.tsv and OUT-decay.tsv, and OUT.tsv, a row for each of them
rnn=$1 text=$2 out=$3
# Train one cell, and keep a row
row() {         # row NAME CELL RATE READINGS OPTION...
    name=$1 cell=$2 rate=$3 readings=$4
    shift 4
    "$rnn" train --cell "$cell" --hidden 256 --seq-len 64 --batch 32 --lr "$rate" --epochs "$readings" "$@" \
        --threads 2 --log "$out-$name.tsv" "$text" > "$out.report" 2> "$out.errors" || { cat "$out.errors" >&2; exit 1; }
    seconds=$(tail -n 1 "$out-$name.tsv" | cut -f 5)
    # Write the row
    awk -v name="$name" -v readings="$readings" -v seconds="$seconds" -v OFS='\t' '
        /^network/ { parameters = $(NF - 1) } /^speed/ { speed = $(NF - 2) }
        /^training/ { training = $2 } /^held out/ { held = $3; perplexity = $NF }
        END { print name, parameters, readings, seconds, speed, training, held, perplexity }' "$out.report" >> "$out.tsv"
}
printf 'cell\tparameters\treadings\tseconds\tspeed\ttraining\theld_out\tperplexity\n' > "$out.tsv"
row rnn rnn 0.0075 12
row gru gru 0.01 12
row lstm lstm 0.01 12
row decay gru 0.01 12 --weight-decay 0.1
