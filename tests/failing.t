#!/bin/sh
# The trainer with what cannot be had by waiting: its memory counted at the end, a signal at a certain
# moment, and a clock that is known. (Where the system refuses it a call: refused.t.)
. tests/tap.sh
rnn=${BUILD:-build}/rnn-failing
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

awk 'BEGIN { for (i = 0; i < 9; i++) print "line", i, "of a play, said the café" }' > "$dir/text"
set -- --hidden 3 --seq-len 5 --batch 9 --threads 2 --schedule constant
"$rnn" train "$@" --steps 2 --save "$dir/old.st" "$dir/text" > "$dir/out" 2>&1
awk 'BEGIN { for (i = 0; i < 21000; i++) print "line", i % 9, "of a play, said the café" }' > "$dir/long"

# ------------------------------------------------------------- memory is given back
more=$(($(wc -c < "$dir/long") - $(wc -c < "$dir/text")))
held() {        # held COMMAND...: the bytes that are held at its end
    RNN_HELD=1 "$rnn" "$@" > "$dir/out" 2> "$dir/err"
    sed -n 's/^held: //p' "$dir/err"
}
given_back() {  # given_back LABEL COMMAND...: a longer text, which comes last, costs no byte at the end
    label=$1
    shift
    short=$(held "$@" "$dir/text") long=$(held "$@" "$dir/long")
    [ -n "$short" ] && [ $((long - short)) -lt "$more" ]
    ok $? "$label gives back the text: of $more bytes more, $((long - short)) bytes are left"
}
small="--hidden 3 --seq-len 5 --batch 9 --threads 2 --schedule constant --steps 2"
# shellcheck disable=SC2086    # options and values
given_back train train $small
given_back eval eval --load "$dir/old.st"
# A text by items has a list of them besides; of it nothing may be left.
# shellcheck disable=SC2086    # options and values
"$rnn" train --items line $small --save "$dir/items.st" "$dir/text" > "$dir/out" 2>&1
short=$(held eval --load "$dir/items.st" "$dir/text") long=$(held eval --load "$dir/items.st" "$dir/long")
[ -n "$short" ] && [ $((long - short)) -lt 2400 ]
ok $? "eval gives back the items: of 21000 lines $((long - short)) bytes are left"

# Nor do more units: not so much as one row of their numbers.
net_given_back() {      # net_given_back LABEL COMMAND...: with one network, and with a larger one in its place
    label=$1
    shift
    rm -f "$dir/net.last.st"
    cp "$dir/large.st" "$dir/net.st"
    short=$(held "$@")
    rm -f "$dir/net.last.st"
    cp "$dir/larger.st" "$dir/net.st"
    long=$(held "$@")
    [ -n "$short" ] && [ $((long - short)) -lt 2400 ]
    ok $? "$label gives back the network: of 600 units more, $((long - short)) bytes are left"
}
"$rnn" train --hidden 300 --seq-len 5 --batch 9 --steps 2 --save "$dir/large.st" "$dir/text" > "$dir/out" 2>&1
"$rnn" train --hidden 900 --seq-len 5 --batch 9 --steps 2 --save "$dir/larger.st" "$dir/text" > "$dir/out" 2>&1
net_given_back train train --resume "$dir/net.st" --steps 3 "$dir/text"
net_given_back sample sample --load "$dir/net.st" --length 9
net_given_back eval eval --load "$dir/net.st" "$dir/text"
net_given_back info info "$dir/net.st"
net_given_back "a resumed run that is refused" train --resume "$dir/net.st" --hidden 4 "$dir/text"

# ---------------------------------------------- a signal when all is over but the end
rm -f "$dir/net.st"
# shellcheck disable=SC2086    # options and values
RNN_LATE=1 "$rnn" train $small --save "$dir/net.st" "$dir/text" > "$dir/out" 2> "$dir/err" &&
    ! grep -q interrupted "$dir/err" && cmp -s "$dir/net.st" "$dir/old.st"
ok $? "a signal after the end of a run comes too late"

# ------------------------------------------------------- time that is known beforehand
# A reading has five steps of 45 characters. The clock goes on when it is looked at: twice for
# a step, twice while measuring, once for whether a line is due, and twice where one is drawn.
timed() {       # timed PACE EPOCHS: trains with such a clock
    RNN_CLOCK=$1 "$rnn" train --hidden 3 --seq-len 5 --batch 9 --epochs "$2" "$dir/text" > "$dir/out" 2> "$dir/err"
}
for pace in "3 20" "100 20" "170 40" "300 20" "1999 20" "1999 400"; do
    # shellcheck disable=SC2086    # two numbers
    timed $pace
    sed -n 's/ [0-9.]* bits (held out [0-9.]*)//; /^epoch \|^measuring/p' "$dir/err" > "$dir/is"
    awk -v p="${pace% *}" -v all="${pace#* }" 'BEGIN {
        for (n = 1; n <= all; n++) {
            now = p * (looks += 13)
            pause = now / 20 > 2000 ? now / 20 : 2000
            if (n < all && now - drawn <= pause) continue
            left = p * ++looks / 1000 / n * (all - n)
            spelt = left < 3600 ? sprintf("%d:%02d", left / 60, left % 60) : sprintf("%.1f hours", left / 3600)
            printf "epoch %d.0 of %d.0   %.0f k/s  %s left\n", n, all, 45 / p, spelt
            drawn = p * ++looks
        }
    }' > "$dir/should"
    same "${pace% *} ms a look, ${pace#* } readings: when there are lines, and the time left" "$dir/should" "$dir/is"
done
timed 2001 3
[ "$(sed -n 1p "$dir/err")" = "measuring on held-out text: 100 %" ]
ok $? "a measurement that takes more than two seconds is worth a line"
# Reading has a line for each block if the clock runs fast enough, but for the last.
reading() {     # reading TEXT: what is said of it
    RNN_CLOCK=3000 "$rnn" eval --load "$dir/old.st" "$1" 2>&1 > "$dir/out" | sed -n '/^reading/p' > "$dir/is"
}
reading "$dir/long"
size=$(wc -c < "$dir/long")
awk -v size="$size" -v path="$dir/long" 'BEGIN {
    for (at = 65536; at <= size; at += 65536) printf "reading %s: %.0f of %.0f MB\n", path, at / 1e6, size / 1e6
}' > "$dir/should"
[ "$(wc -l < "$dir/is")" -gt 5 ] && cmp -s "$dir/is" "$dir/should"
ok $? "a long text is told block by block"
# shellcheck disable=SC2002    # a pipe, not the file
cat "$dir/long" | reading /dev/stdin
sed "s,$dir/long,/dev/stdin,; s/ of [0-9]*//" "$dir/should" | cmp -s - "$dir/is"
ok $? "of a pipe nobody knows how much is to come"

done_testing
