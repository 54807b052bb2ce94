#!/bin/sh
# generated from chapters/19-lstm.nw by noweb; do not edit
# cells.sh RNN TEXT OUT: trains a network of each cell on TEXT; writes the logs OUT-rnn.tsv, OUT-gru.tsv
# and OUT-lstm.tsv, and OUT.tsv, a row for each of them with what came of it
rnn=$1 text=$2 out=$3
# Train one cell, and keep a row
row() {         # row CELL RATE
    "$rnn" train --cell "$1" --hidden 256 --seq-len 64 --batch 32 --epochs 12 --lr "$2" --threads 2 \
        --log "$out-$1.tsv" "$text" > "$out.report" 2> "$out.errors" || { cat "$out.errors" >&2; exit 1; }
    seconds=$(tail -n 1 "$out-$1.tsv" | cut -f 5)
    awk -v cell="$1" -v seconds="$seconds" -v OFS='\t' '/^network/ { parameters = $(NF - 1) }
        /^speed/ { speed = $(NF - 2) } /^training/ { training = $2 } /^held out/ { held = $3; perplexity = $NF }
        END { print cell, parameters, 12, seconds, speed, training, held, perplexity }' "$out.report" >> "$out.tsv"
}
printf 'cell\tparameters\treadings\tseconds\tspeed\ttraining\theld_out\tperplexity\n' > "$out.tsv"
row rnn 0.0075
row gru 0.01
row lstm 0.01
