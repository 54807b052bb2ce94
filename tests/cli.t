#!/bin/sh
# The command line from end to end: what it refuses and how, that the same
# settings give the same bits, and that a run which was killed goes on as if
# nothing had happened. Prints TAP; run by `make check`, or alone.
# shellcheck disable=SC1111    # the messages have real quotation marks
. tests/tap.sh
rnn=${BUILD:-build}/rnn
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

refuses() {     # refuses STATUS LABEL TEXT COMMAND...: exit status and message
    want=$1 label=$2 message=$3
    shift 3
    "$rnn" "$@" > "$dir/out" 2> "$dir/err"
    got=$?
    if [ "$got" -eq "$want" ] && grep -qF -- "$message" "$dir/err" && [ ! -s "$dir/out" ]; then
        ok 0 "$label"
    else
        ok 1 "$label (exit $got, wanted $want and “$message”)"
        show "$dir/err"
    fi
}

train() { "$rnn" train --hidden 12 --seq-len 10 --batch 11 "$@" > "$dir/out" 2> "$dir/err"; }

text=$dir/play.txt
awk 'BEGIN { for (i = 0; i < 60; i++) printf "Line %d, and “%s”,\nsaid the %s.\n", i, i % 3 ? "yes" : "no",
    i % 7 ? "king" : "café" }' > "$text"

# ------------------------------------------------- texts that cannot be read
refuses 1 "a missing file" "$dir/none.txt: No such file" train "$dir/none.txt"
refuses 1 "a directory" "$dir: Is a directory" train "$dir"
: > "$dir/empty"
refuses 1 "an empty file" "the file is empty" train "$dir/empty"
printf 'x' > "$dir/one"
refuses 1 "a single character" "a single character; there is nothing to predict" train "$dir/one"
printf 'é' > "$dir/one"
refuses 1 "a single character of two bytes" "a single character" train "$dir/one"
printf 'to be or not to be' > "$dir/short"
refuses 1 "a text shorter than a sequence" "of its 18 characters 17 are for training" train "$dir/short"
has "the remedy fits" "try --batch 1 --seq-len 4" "$dir/err"
"$rnn" train --steps 3 --batch 1 --seq-len 4 "$dir/short" > "$dir/out" 2> "$dir/err"
ok $? "and works"
"$rnn" train --steps 3 --batch 1 --seq-len 4 "$dir/short" > "$dir/out" 2> "$dir/err" <&-
ok $? "also for a program that was started without an input"
"$rnn" train --steps 3 --batch 1 --seq-len 4 --save "$dir/shut.st" "$dir/short" > "$dir/out" 2> "$dir/err"
for command in "train" "eval --load $dir/shut.st"; do
    # shellcheck disable=SC2086     # the words of a command
    "$rnn" $command - > "$dir/out" 2> "$dir/err" <&-
    [ $? -eq 1 ] && [ "$(cat "$dir/err")" = "rnn ${command%% *}: standard input is closed" ]
    ok $? "which $command cannot read" || show "$dir/err"
done
head -c 400 "$text" > "$dir/medium"
refuses 1 "a text that is long enough for one stream" "try --batch 1 --seq-len 50" train "$dir/medium"
printf 'ab' > "$dir/two"
"$rnn" train --steps 3 --batch 1 --seq-len 1 "$dir/two" > "$dir/out" 2> "$dir/err"
ok $? "two characters are the smallest text"
printf 'one\ntwo\ncaf\351 noir\n' > "$dir/latin"
refuses 1 "Latin-1, with offset and line" "byte 11 (counted from 0), on line 3, is 0xE9" train "$dir/latin"
has "the remedy names iconv" "iconv -f LATIN1" "$dir/err"
mkfifo "$dir/slow"
{ printf 'caf\351\n'; sleep 60; } > "$dir/slow" &
slow=$!
timeout 20 "$rnn" train --hidden 4 - < "$dir/slow" > "$dir/out" 2> "$dir/err"
[ $? -eq 1 ] && grep -qF 'byte 3 (counted from 0), on line 1, is 0xE9' "$dir/err"
ok $? "a byte from a pipe is told before the pipe is at its end" || show "$dir/err"
kill $slow
rm "$dir/slow"
yes "caf$(printf '\351')" | timeout 20 "$rnn" train --hidden 4 - > "$dir/out" 2> "$dir/err"
[ $? -eq 1 ] && grep -qF 'iconv -f LATIN1' "$dir/err"
ok $? "of one without an end, too" || show "$dir/err"
printf '\377\376h\000i\000' > "$dir/utf16"
refuses 1 "UTF-16" "iconv -f UTF-16" train "$dir/utf16"
printf 'abc\342\202' > "$dir/cut"
refuses 1 "a character cut short" "byte 3 (counted from 0), on line 1, is 0xE2" train "$dir/cut"
printf 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' > "$dir/same"
"$rnn" train --steps 3 --batch 1 --seq-len 4 --save "$dir/same.st" "$dir/same" > "$dir/out" 2> "$dir/err"
ok $? "a text with a single letter is dull but legal"
printf 'a\000b\000a\000b\000a\000b\000a\000b\000' > "$dir/nul"
"$rnn" train --steps 3 --batch 1 --seq-len 4 --save "$dir/nul.st" "$dir/nul" > "$dir/out" 2> "$dir/err" &&
    "$rnn" sample --load "$dir/nul.st" --length 5 > "$dir/out"
ok $? "and so is one with U+0000"

# ---------------------------------------------------------- wrong command lines
refuses 2 "no command" "Usage: rnn" 
refuses 2 "an unknown command" "no command “fly”" fly
refuses 2 "no text" "the name of a file is missing" train
refuses 2 "two texts to measure" "“b” is one argument too many" eval --load x a b
refuses 2 "an unknown option is named" "there is no option --hiden" train --hiden 5 "$text"
refuses 2 "an unknown short option is named" "there is no option -q" train -q "$text"
refuses 2 "a value is missing" "--hidden needs a value" train "$text" --hidden
refuses 2 "no hidden units" "--hidden takes a whole number from 1, not “0”" train --hidden 0 "$text"
refuses 2 "a negative number" "--batch takes a whole number from 1, not “-1”" train --batch -1 "$text"
refuses 2 "a number with a tail" "not “12x”" train --seq-len 12x "$text"
refuses 2 "a number past all bounds" "--steps takes" train --steps 99999999999999999999 "$text"
for option in clip lr weight-decay; do
    refuses 2 "--$option of next to nothing" "--$option: “1e-46” is so small that it would become 0" train --$option 1e-46 "$text"
done
refuses 2 "a seed that is too large" "--seed takes a whole number from 0 to 18446744073709551615, not" train --seed 18446744073709551616 "$text"
"$rnn" train --hidden 3 --batch 1 --seq-len 4 --steps 2 --steps 3 --hidden 3 "$dir/short" > "$dir/out" 2> "$dir/err"
grep -qx 'rnn train: --steps is given more than once; the last value counts, 3' "$dir/err" && ! grep -q -- --hidden.is "$dir/err" && grep -q '^best *step 3 of 3' "$dir/out"
ok $? "of two values the last counts, and this is said"
refuses 2 "a rate that is no number" "--lr takes a number" train --lr fast "$text"
refuses 2 "an infinite rate" "--lr takes a number" train --lr inf "$text"
refuses 2 "an unknown optimiser" "sgd or adagrad or adam" train --optimizer newton "$text"
refuses 2 "an unknown schedule" "constant or cosine" train --schedule linear "$text"
refuses 2 "no threads" "--threads takes" train --threads 0 "$text"
refuses 2 "sample without a network" "--load FILE is missing" sample
refuses 2 "eval without a network" "--load FILE is missing" eval "$text"
refuses 2 "info without a file" "the name of a file is missing" info
refuses 2 "a negative temperature" "--temperature takes" sample --load x --temperature -1

# --------------------------------------------------------------- absurd sizes
refuses 1 "a billion hidden units" "more memory than this machine has" train --hidden 1000000000 --batch 1 "$text"
refuses 1 "as many as can be counted" "more memory" train --hidden 18446744073709551615 --batch 1 "$text"
pages=$(getconf _PHYS_PAGES) size=$(getconf PAGESIZE)
perl -e 'open my $file, ">", $ARGV[0] or die; truncate $file, $ARGV[1] or die' "$dir/hole" $((pages * size * 4 + 4096))
refuses 1 "a text larger than the machine" "$dir/hole: this text needs more memory than this machine has ($((pages * size / 1048576)) MB)" train "$dir/hole"
rm "$dir/hole"
refuses 1 "too many streams" "the text is too short" train --batch 18446744073709551615 "$text"
refuses 1 "too long a sequence" "the text is too short" train --seq-len 18446744073709551615 "$text"
refuses 1 "too many streams of a list" "more memory" train --items line --batch 18446744073709551615 "$text"
refuses 1 "a tenth of them" "more memory" train --items line --seq-len 1 --batch 1844674407370955162 "$text"
refuses 1 "too long a step of a list" "more memory" train --items line --seq-len 18446744073709551615 "$text"
refuses 1 "too many epochs" "cannot be counted" train --batch 1 --epochs 18446744073709551615 "$text"

# ------------------------------------------------------------- where to write
refuses 1 "a folder that does not exist" "$dir/no/net.st: cannot save: No such file" train --save "$dir/no/net.st" "$text"
refuses 1 "a folder as file" "not a regular file" train --save "$dir" "$text"
mkfifo "$dir/pipe"      # not a device: tests run as root, and of programs that were damaged on purpose
refuses 1 "what is no file" "not a regular file" train --save "$dir/pipe" "$text"
rm "$dir/pipe"
refuses 1 "saving over the text" "would be used for two things" train --save "$text" "$text"
refuses 1 "a log over the text" "would be used for two things" train --log "$text" "$text"
refuses 1 "a log that cannot be" "$dir/no/log.tsv" train --log "$dir/no/log.tsv" --batch 1 "$text"
[ -s "$text" ]
ok $? "the text is still there"
if [ -w /dev/full ]; then
    "$rnn" train --steps 2 --batch 1 --seq-len 4 "$dir/short" > /dev/full 2> "$dir/err"
    [ $? -eq 1 ] && grep -q 'standard output: No space' "$dir/err"
    ok $? "a full disk is noticed"
else
    skip "a full disk is noticed" "no /dev/full"
fi

# ------------------------------------------------------------- the same bits
train --steps 60 --seed 4 --threads 1 --save "$dir/a.st" "$text"
ok $? "a short training"
cp "$dir/out" "$dir/a.out"
has "prints its figures" "held out" "$dir/a.out"
has "and what to try next" "To improve it" "$dir/err"
train --steps 60 --seed 4 --threads 1 --save "$dir/b.st" "$text"
same "same seed, same bits" "$dir/a.st" "$dir/b.st"
for threads in 2 3 8; do
    train --steps 60 --seed 4 --threads $threads --save "$dir/b.st" "$text"
    same "$threads threads, same bits" "$dir/a.st" "$dir/b.st"
done
tasks_with() {      # tasks_with N: how many threads a run with --threads N has, seen from outside
    "$rnn" train --hidden 4 --seq-len 5 --batch 40 --steps 100000000 --threads "$1" --save "$dir/with$1.st" --save-every 1 \
        "$text" > "$dir/out" 2> "$dir/err" &
    pid=$!
    while [ ! -s "$dir/with$1.st" ] && kill -0 $pid 2> /dev/null; do sleep 0.05; done
    (set -- /proc/$pid/task/*; echo $#)
    kill -TERM $pid
    wait $pid
}
if [ -d /proc/self/task ]; then
    [ $(($(tasks_with 3) - $(tasks_with 1))) -eq 2 ]
    ok $? "as many threads as were asked for"
fi
train --steps 60 --seed 4 --save "$dir/b.st" --save-every 1 --log "$dir/b.tsv" "$text"
same "saving and logging change no bit" "$dir/a.st" "$dir/b.st"
train --steps 60 --seed 5 --save "$dir/b.st" "$text"
cmp -s "$dir/a.st" "$dir/b.st"
[ $? -eq 1 ]
ok $? "another seed, other bits"
[ ! -e "$dir/b.st.tmp" ]
ok $? "no temporary file is left"

# ----------------------------------------------- killed, and going on from there
play=$(iconv -f UTF-8 -t UCS-4LE "$text" | wc -c)     # four bytes for each character
tail_of() { iconv -f UTF-8 -t UCS-4LE "$text" | tail -c "$1" | iconv -f UCS-4LE -t UTF-8; }
held=$((play / 40))
tail_of $((held * 4 + 4)) > "$dir/held"      # the tenth that is held out, and the character before
costs() {       # costs NETWORK BITS: what eval says of the network on held-out text, to four digits
    "$rnn" eval --load "$1" "$dir/held" > "$dir/out" 2> "$dir/err"
    awk -v b="$2" '/^bits/ { d = $4 - b } END { exit !(NR && d < 0.00015 && d > -0.00015) }' "$dir/out"
}
best() { "$rnn" info "$1" | sed -n 's/^best_step  *//p'; }      # best NETWORK: what it says of the best step
earlier=0
for optimizer in sgd adagrad adam; do
    set -- --steps 4000 --seed 9 --optimizer $optimizer --sample-every 900 --threads 2
    train "$@" --save "$dir/whole.st" --log "$dir/whole.tsv" "$text"
    cp "$dir/out" "$dir/whole.out"
    bits=$(cut -f 4 "$dir/whole.tsv" | sed 1d | sort -n | head -n 1)
    step=$(best "$dir/whole.st")
    costs "$dir/whole.st" "$bits"
    ok $? "the network that is kept has the least bits of all that were measured with $optimizer: $bits"
    costs "$dir/whole.last.st" "$(tail -n 1 "$dir/whole.tsv" | cut -f 4)"
    ok $? "and the last lies beside it"
    [ "$step" = 4000 ] || earlier=$((earlier + 1))
    [ "$(awk -F '\t' -v s="$step" '$1 == s { print $4 }' "$dir/whole.tsv")" = "$bits" ] && [ "$(best "$dir/whole.last.st")" = "$step" ]
    ok $? "both know which it is: that of step $step"
    "$rnn" info "$dir/whole.last.st" | awk -v b="$bits" '/^best_held/ { d = $2 - b } /^step / { last = $2 } END { exit !(d < 0.00006 && d > -0.00006 && last == 4000) }'
    ok $? "and how good"
    grep -q "^best  *step $step of 4000" "$dir/whole.out"
    ok $? "and the report says so"
    rm -f "$dir"/killed.*
    "$rnn" train --hidden 12 --seq-len 10 --batch 11 "$@" --save "$dir/killed.st" --save-every 7 \
        --log "$dir/killed.tsv" "$text" > "$dir/out" 2> "$dir/err" &
    pid=$!
    while [ ! -s "$dir/killed.st" ] && kill -0 $pid 2> /dev/null; do :; done
    kill -9 $pid
    wait $pid 2> /dev/null
    [ $? -eq 137 ] && ! cmp -s "$dir/whole.st" "$dir/killed.st"
    ok $? "a run with $optimizer was killed before its end"
    "$rnn" train --resume "$dir/killed.st" --sample-every 900 --log "$dir/killed.tsv" --threads 1 \
        "$text" > "$dir/out" 2> "$dir/err"
    same "resumed, it has the bits of the run that was never killed" "$dir/whole.st" "$dir/killed.st"
    same "the last network too" "$dir/whole.last.st" "$dir/killed.last.st"
    cut -f 1-4 "$dir/whole.tsv" > "$dir/w"
    cut -f 1-4 "$dir/killed.tsv" > "$dir/k"
    same "and its log" "$dir/w" "$dir/k"
done

[ $earlier -ge 2 ]
ok $? "the best was another than the last: $earlier times of 3"

set -- --steps 4000 --seed 9 --sample-every 900 --threads 2
"$rnn" train --hidden 12 --seq-len 10 --batch 11 "$@" --save "$dir/term.st" --log "$dir/term.tsv" "$text" > "$dir/out" 2> "$dir/err" &
pid=$!
while [ ! -s "$dir/term.st" ] && kill -0 $pid 2> /dev/null; do :; done
kill -TERM $pid
wait $pid
[ $? -eq 1 ]
ok $? "a run that is asked to stop exits with 1"
has "and says how to go on" "$rnn train --resume $dir/term.st --log $dir/term.tsv $text" "$dir/err"
"$rnn" train --resume "$dir/term.st" --sample-every 900 --log "$dir/term.tsv" "$text" > "$dir/out" 2> "$dir/err"
same "which leads to the same bits" "$dir/whole.st" "$dir/term.st"
same "of the last network as well" "$dir/whole.last.st" "$dir/term.last.st"
cut -f 1-4 "$dir/term.tsv" > "$dir/k"
same "and to the same log" "$dir/w" "$dir/k"

refuses 1 "a run that is over" "has done 60 steps, and was to do 60" train --resume "$dir/a.st" "$text"
refuses 1 "another text" "not the text that the run in" train --resume "$dir/a.st" "$dir/short"
"$rnn" train --hidden 3 --seq-len 5 --batch 2 --steps 3 --val "$dir/short" --save "$dir/apart.st" "$text" > "$dir/out" 2> "$dir/err"
refuses 1 "no text to hold out" "--val: the run in $dir/apart.st has a text of its own held out; name it again" train --resume "$dir/apart.st" --steps 9 "$text"
refuses 1 "another text to hold out" "$text, or --val $dir/medium: one of them is not what the run in $dir/apart.st was trained on and has held out" \
    train --resume "$dir/apart.st" --steps 9 --val "$dir/medium" "$text"
refuses 1 "a text to hold out where there was none" "--val: the run in $dir/a.st has held out the end of its text" train --resume "$dir/a.st" --steps 99 --val "$dir/short" "$text"
refuses 1 "another size" "--hidden: the run in $dir/a.st has another one" train --resume "$dir/a.st" --hidden 13 "$text"
refuses 1 "another optimiser" "--optimizer: the run in" train --resume "$dir/a.st" --optimizer sgd "$text"
cp "$dir/a.st" "$dir/more.st"
"$rnn" train --resume "$dir/more.st" --steps 80 --lr 0.001 --hidden 12 "$text" > "$dir/out" 2> "$dir/err"
ok $? "more steps are possible"

# --------------------------------------------------------- files that are damaged
size=$(wc -c < "$dir/a.st")
for cut in 0 7 8 100 $((size - 1)); do
    head -c "$cut" "$dir/a.st" > "$dir/bad.st"
    refuses 1 "a file cut to $cut bytes" "$dir/bad.st: " sample --load "$dir/bad.st"
done
{ cat "$dir/a.st"; printf x; } > "$dir/bad.st"
refuses 1 "a byte too many" "bytes of numbers, and there are" info "$dir/bad.st"
printf '\377\377\377\377\377\377\377\377{}' > "$dir/bad.st"
refuses 1 "a header of all memory" "announces a header of 18446744073709551615 bytes" info "$dir/bad.st"
file() { printf "\\$(printf %o ${#1})\\0\\0\\0\\0\\0\\0\\0%s" "$1" > "$dir/bad.st"; head -c "$2" /dev/zero >> "$dir/bad.st"; }
entry='"dtype":"F32","shape":[1],"data_offsets"'
file "{\"a\":{$entry:[0,4]},\"b\":{$entry:[2,6]}}" 6
refuses 1 "tensors that overlap" "the bytes of two tensors overlap" info "$dir/bad.st"
file "{\"a\":{$entry:[0,4]},\"a\":{$entry:[4,8]}}" 8
refuses 1 "a name that comes twice" "two tensors have the same name" info "$dir/bad.st"
file '{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}' 0
refuses 1 "a shape past all bounds" "the shape of this entry is too large" info "$dir/bad.st"
file "{\"a\":{$entry:[0,4]}}" 4
"$rnn" info "$dir/bad.st" > "$dir/out" 2> "$dir/err"
has "a file from elsewhere is shown" "1 tensors, 1 numbers" "$dir/out"
refuses 1 "but is no network" "no vocabulary in its metadata" sample --load "$dir/bad.st"
{ head -c $((size - 4)) "$dir/a.st"; printf '\000\000\300\177'; } > "$dir/bad.st"
refuses 1 "a number that is none" "is not finite" train --resume "$dir/bad.st" "$text"
refuses 1 "a folder as network" "not a regular file" sample --load "$dir"
refuses 1 "a text as network" "this is no safetensors file" sample --load "$text"

# --------------------------------------------------------------------- speaking
"$rnn" sample --load "$dir/a.st" --seed 3 --length 200 > "$dir/one"
"$rnn" sample --load "$dir/a.st" --seed 3 --length 200 > "$dir/two"
same "same seed, same words" "$dir/one" "$dir/two"
"$rnn" sample --load "$dir/a.st" --seed 4 --length 200 > "$dir/two"
cmp -s "$dir/one" "$dir/two"
[ $? -eq 1 ]
ok $? "another seed, other words"
[ "$(iconv -f UTF-8 -t UCS-4LE "$dir/one" | wc -c)" -eq 800 ]
ok $? "200 characters of valid UTF-8"
[ "$("$rnn" sample --load "$dir/a.st" --prompt 'said the café' --length 0)" = 'said the café' ]
ok $? "the prompt comes first"
refuses 1 "a stranger in the prompt" "--prompt: line 1, character 3: U+003F “?” is not one of the" \
    sample --load "$dir/a.st" --prompt 'no?'
refuses 1 "a prompt that is not UTF-8" "--prompt: not UTF-8: byte 2" sample --load "$dir/a.st" --prompt "$(printf 'no\351')"
"$rnn" eval --load "$dir/a.st" "$text" > "$dir/out"
has "eval measures" "bits per character" "$dir/out"
printf 'Line 1\nand ß\n' > "$dir/strange"
refuses 1 "a stranger in the text" "line 2, character 5: U+00DF “ß”" eval --load "$dir/a.st" "$dir/strange"
"$rnn" info "$dir/a.st" > "$dir/out"
has "info names the tensors" "rnn.weight_hh_l0" "$dir/out"

# ------------------------------------------------------------------------- help
"$rnn" --version > "$dir/out"
ok $? "the version is not a failure"
grep -qx "rnn $(sed -n 's/^VERSION := //p' Makefile)" "$dir/out"
ok $? "and is the Makefile's"
"$rnn" train --help > "$dir/out"
ok $? "help is not a failure"
has "it shows defaults" "hidden units (default 128)" "$dir/out"
has "and an example" "Example: rnn train" "$dir/out"
missing=0
for option in hidden seq-len batch steps epochs lr optimizer clip schedule seed threads log save resume sample-every; do
    grep -q -- "--$option " "$dir/out" || { missing=1; echo "# --$option is not in the help"; }
done
ok $missing "and every option"
train --steps 60 --lr 1e38 --optimizer sgd --clip 0 --schedule constant "$text"
[ $? -eq 1 ] && grep -q 'the numbers of the network are past all bounds' "$dir/err"
ok $? "a run that blows up says so"
train --steps 40 --log "$dir/log.tsv" "$text"
head -n 1 "$dir/log.tsv" > "$dir/head"
has "the log has names for its columns" "train_bits	held_out_bits" "$dir/head"

done_testing
