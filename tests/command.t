#!/bin/sh
# Corners of the command line that neither a usual run nor a fault comes to.
rnn=${BUILD:-build}/rnn
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
count=0 failed=0

ok() {          # ok STATUS LABEL: reports a check
    count=$((count + 1))
    if [ "$1" -eq 0 ]; then echo "ok $count - $2"
    else echo "not ok $count - $2"; failed=1; fi
}

says() {        # says STATUS LABEL TEXT COMMAND...: exit status, and a text on either output
    want=$1 label=$2 text=$3
    shift 3
    "$rnn" "$@" > "$dir/out" 2> "$dir/err"
    got=$?
    [ "$got" -eq "$want" ] && cat "$dir/out" "$dir/err" | grep -qF -- "$text"
    if ok $? "$label" && [ "$got" -ne "$want" ]; then echo "# exit $got, wanted $want"; fi
    [ "$got" -eq "$want" ] || sed 's/^/# /' "$dir/err"
}

setting() {     # setting KEY: its value in the metadata of net.st
    head -c 4000 "$dir/net.st" | tr ',' '\n' | sed -n "s/.*\"$1\":\"\\([^\"]*\\)\".*/\\1/p"
}

play=$dir/play
awk 'BEGIN { for (i = 0; i < 20; i++) print "line", i, "of a play, said the café" }' > "$play"
set -- --hidden 3 --seq-len 5 --batch 4

says 0 "help as a word" "Usage: rnn" help
says 0 "help as a letter" "Usage: rnn" -h
says 0 "help as an option" "Usage: rnn" --help
for command in train sample eval info; do says 0 "help of $command" "Example: rnn $command" $command --help; done
says 2 "two lengths of a run" "--steps and --epochs both say how long" train "$@" --steps 3 --epochs 1 "$play"
says 2 "saving every so often, and nowhere" "--save-every needs --save" train "$@" --save-every 2 "$play"
says 2 "an empty name" "name of the file is empty" train "$@" ''
printf 'é' > "$dir/one"
says 0 "a network" "held out" train "$@" --steps 2 --save "$dir/net.st" "$play"
says 1 "a single character to measure" "a single character" eval --load "$dir/net.st" "$dir/one"

says 0 "what may change on the way does: clip, schedule, rate" "held out" \
    train --resume "$dir/net.st" --steps 5 --clip 0.25 --schedule constant --lr 0.125 "$play"
[ "$(setting clip) $(setting schedule) $(setting learning_rate) $(setting steps)" = "0.25 constant 0.125 5" ]
ok $? "and is what is saved: $(setting clip) $(setting schedule) $(setting learning_rate) $(setting steps)"
says 0 "epochs count from the beginning" "held out" train --resume "$dir/net.st" --epochs 2 "$play"
chunks=$(awk -v n="$(iconv -f UTF-8 -t UCS-4LE "$play" | wc -c)" \
    'BEGIN { n /= 4; n -= int(n / 10); print int(int((n - 1) / 4) / 5) }')
[ "$(setting steps)" -eq $((2 * chunks)) ]
ok $? "two epochs are $((2 * chunks)) steps"
[ "$(setting clip) $(setting schedule) $(setting learning_rate)" = "0.25 constant 0.125" ]
ok $? "and what is not given stays"

# A file of another program: a network without a run, with a letter in its metadata that does not print.
header='{"__metadata__":{"vocabulary":"ab","made by":"a\u0001\\\"b"},"decoder.bias":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},'
header="$header"'"decoder.weight":{"dtype":"F32","shape":[2,1],"data_offsets":[8,16]},"rnn.bias_hh_l0":{"dtype":"F32","shape":[1],"data_offsets":[16,20]},'
header="$header"'"rnn.bias_ih_l0":{"dtype":"F32","shape":[1],"data_offsets":[20,24]},"rnn.weight_hh_l0":{"dtype":"F32","shape":[1,1],"data_offsets":[24,28]},'
header="$header"'"rnn.weight_ih_l0":{"dtype":"F32","shape":[1,2],"data_offsets":[28,36]}}'
printf '%s' "$header" > "$dir/header"
length=$(wc -c < "$dir/header")
{ printf '%b' "\\0$(printf %o $((length % 256)))\\0$(printf %o $((length / 256)))"; head -c 6 /dev/zero
  cat "$dir/header"; head -c 36 /dev/zero; } > "$dir/other.st"
says 0 "a letter that does not print is shown by its number" 'a\x01' info "$dir/other.st"
says 1 "a network without a run is not resumed" "nothing about its training" train --resume "$dir/other.st" "$play"
says 0 "but speaks" "" sample --load "$dir/other.st" --length 3 --prompt ab
printf 'abab' > "$dir/abab"
says 0 "and is measured: two letters, and no opinion" "bits per character    1.0000" eval --load "$dir/other.st" "$dir/abab"

echo "1..$count"
exit $failed
