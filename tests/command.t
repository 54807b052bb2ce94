#!/bin/sh
# Corners of the command line that neither a usual run nor a fault comes to.
. tests/tap.sh
rnn=${BUILD:-build}/rnn
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

says() {        # says STATUS LABEL TEXT COMMAND...: exit status, and a text on either output
    want=$1 label=$2 text=$3
    shift 3
    "$rnn" "$@" > "$dir/out" 2> "$dir/err"
    got=$?
    [ "$got" -eq "$want" ] && cat "$dir/out" "$dir/err" | grep -qF -- "$text"
    ok $? "$label" || { echo "# exit $got, wanted $want"; show "$dir/err"; }
}

setting() {     # setting KEY: its value in the metadata of net.st
    head -c 4000 "$dir/net.st" | tr ',' '\n' | LC_ALL=C sed -n "s/.*\"$1\":\"\\([^\"]*\\)\".*/\\1/p"
}

play=$dir/play
awk 'BEGIN { for (i = 0; i < 20; i++) print "line", i, "of a play, said the café" }' > "$play"
set -- --hidden 3 --seq-len 5 --batch 4

says 0 "help as a word" "Usage: rnn" help
says 0 "help as a letter" "Usage: rnn" -h
says 0 "help as an option" "Usage: rnn" --help
for command in train sample eval info import export manual; do says 0 "help of $command" "Example: rnn $command" $command --help; done
says 2 "two lengths of a run" "--steps and --epochs both say how long" train "$@" --steps 3 --epochs 1 "$play"
says 2 "saving every so often, and nowhere" "--save-every needs --save" train "$@" --save-every 2 "$play"
says 2 "an empty name" "name of the file is empty" train "$@" ''
printf 'é' > "$dir/one"
says 0 "a network" "held out" train "$@" --steps 2 --save "$dir/net.st" "$play"
says 1 "a single character to measure" "a single character" eval --load "$dir/net.st" "$dir/one"

says 0 "what may change on the way does: clip, schedule, rate, decay" "held out" \
    train --resume "$dir/net.st" --steps 5 --clip 0.25 --schedule constant --lr 0.125 --weight-decay 0.5 "$play"
[ "$(setting clip) $(setting schedule) $(setting learning_rate) $(setting weight_decay) $(setting steps)" = "0.25 constant 0.125 0.5 5" ]
ok $? "and is what is saved: $(setting clip) $(setting schedule) $(setting learning_rate) $(setting weight_decay) $(setting steps)"
grep -q '^speed  *60 characters in ' "$dir/out"
ok $? "three more steps of four streams of five: the speed is that of these, and not of the two before"
printf 'abcabcabc' > "$dir/nine"
"$rnn" train --hidden 3 --seq-len 3 --batch 1 --steps 3 "$dir/nine" > "$dir/out" 2> "$dir/err" &&
    grep -q '^training ' "$dir/out" && ! cat "$dir/out" "$dir/err" | grep -q 'held out' &&
    grep -qx 'best        step 3 of 3, the last: so short a text has nothing to hold out' "$dir/out"
ok $? "a text too short to hold anything out"
"$rnn" train --hidden 3 --seq-len 3 --batch 1 --steps 3 --save "$dir/nine.st" "$dir/nine" > "$dir/out" 2> "$dir/err"
[ -e "$dir/nine.st" ] && [ ! -e "$dir/nine.last.st" ] && ! "$rnn" info "$dir/nine.st" | grep -q '^best'
ok $? "keeps one network, which is the last"
for usual in "sgd 1" "adagrad 0.05" "adam 0.0125" "adam --cell lstm 0.02" "adam --hidden 256 0.00625"; do
    options=${usual% *}
    # shellcheck disable=SC2086     # the options are words
    "$rnn" train --hidden 3 --seq-len 3 --batch 1 --steps 1 --optimizer $options --save "$dir/nine.st" "$dir/nine" > "$dir/out" 2> "$dir/err" &&
        [ "$("$rnn" info "$dir/nine.st" | sed -n 's/^learning_rate *//p')" = "${usual##* }" ]
    ok $? "the usual rate of --optimizer $usual"
done
says 0 "from which it goes on" "step 5 of 5, the last: so short" train --resume "$dir/nine.st" --steps 5 "$dir/nine"
says 0 "a text of which nothing shall be held out" "step 3 of 3, the last: nothing is held out" train "$@" --steps 3 --val-fraction 0 --save "$dir/all.st" "$play"
says 0 "is not too short" "step 5 of 5, the last: nothing is held out" train --resume "$dir/all.st" --steps 5 "$play"
says 0 "nor is one of which so small a share is nothing" "step 3 of 3, the last: nothing is held out" train "$@" --steps 3 --val-fraction 0.00001 "$play"
says 0 "so it is with lists" "step 3 of 3, the last: nothing is held out" train "$@" --items line --steps 3 --val-fraction 0.001 "$play"
patience="--patience needs a text that is held out, and of this one nothing is"
says 1 "patience where nothing is held out, when a run goes on" "$patience" train --resume "$dir/all.st" --steps 9 --patience 2 "$play"
says 1 "where the share is nothing" "$patience" train "$@" --val-fraction 0.00001 --patience 2 "$play"
says 1 "where the text is short" "$patience" train --hidden 3 --seq-len 3 --batch 1 --patience 2 "$dir/nine"
says 0 "no patience is none" "nothing is held out" train --resume "$dir/all.st" --steps 9 --patience 0 "$play"
says 0 "epochs count from the beginning" "held out" train --resume "$dir/net.st" --epochs 2 "$play"
chunks=$(awk -v n="$(iconv -f UTF-8 -t UCS-4LE "$play" | wc -c)" \
    'BEGIN { n /= 4; n -= int(n / 10); print int(int((n - 1) / 4) / 5) }')
[ "$(setting steps)" -eq $((2 * chunks)) ]
ok $? "two epochs are $((2 * chunks)) steps"
[ "$(setting clip) $(setting schedule) $(setting learning_rate) $(setting weight_decay)" = "0.25 constant 0.125 0.5" ]
ok $? "and what is not given stays"

# What is not given follows from the text: streams from its characters, steps from its readings.
follows() {     # follows CHARACTERS SEQ-LEN STREAMS STEPS: what a run on so long a text is about to do
    yes 'to be or not to be' | head -c "$1" > "$dir/sized"
    rm -f "$dir"/sized.*
    "$rnn" train --hidden 1 --seq-len "$2" --threads 1 --save "$dir/sized.st" --save-every 1 "$dir/sized" > "$dir/out" 2> "$dir/err" &
    pid=$! tries=0
    while [ ! -s "$dir/sized.last.st" ] && [ $tries -lt 400 ]; do sleep 0.05; tries=$((tries + 1)); done
    kill $pid
    wait $pid
    cp "$dir/sized.st" "$dir/net.st"
    [ "$(setting batch) $(setting steps)" = "$3 $4" ]
    ok $? "$1 characters, $2 in a sequence: $(setting batch) streams and $(setting steps) steps"
} 2> /dev/null
cp "$dir/net.st" "$dir/kept.st"
follows 2000 9 8 300
follows 2400 8 8 330
follows 38423 50 8 860
follows 99999 50 8 2240
follows 100000 50 16 1120
follows 999999 250 16 2240
follows 1000000 250 32 1120
follows 1115394 50 32 5000
follows 10000000 5000 64 300
follows 10000000 5 64 5000
says 2 "at most two ways to say how long" "--steps and --epochs both" train --steps 3 --epochs 2 "$play"
cp "$dir/kept.st" "$dir/net.st"

# A file of another program: a network without a run, with a letter in its metadata that does not print.
header='{"__metadata__":{"vocabulary":"ab","made\u0001\nby\u007f":"a\u0001\\\"\u007fb ~\u001f"},"decoder.bias":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},'
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


# ------------------------------------------------------------ help, to the letter
prints() {      # prints LABEL: the standard input is what $dir/is holds
    cat > "$dir/should"
    same "$1" "$dir/should" "$dir/is"
}
for command in train sample eval info import export manual; do "$rnn" $command --help; done > "$dir/is"
prints "the help of each command" <<'END'
Usage: rnn train [options] TEXT ...

Learns to continue a text, character by character.

Network
  --cell WORD            rnn, gru or lstm: what the hidden layer is made of (default rnn)
  --hidden N             hidden units (default 128)
  --seed N               where chance begins (default 1)

How the text is read
  --seq-len T            characters per stream and step (default 50)
  --batch B              streams read side by side; by default 8, and twice
                         as many from 100,000 characters, a million, ten
  --steps N              steps to train; by default ten readings of the
                         text, but at least 300 steps and at most 5000
  --epochs N             or: readings of the text
  --patience N           stop after N readings without a better network;
                         0: never (default 0)
  --items WORD           none: one text; line or paragraph: a list of
                         these, each read from a state of zeros (default none)
  --val-fraction X       the end of the text that is held out (default 0.1)
  --val FILE             or: a text of its own to hold out

Descent
  --optimizer WORD       sgd, adagrad or adam (default adam)
  --lr X                 learning rate; sgd 1, adagrad 0.05, adam
                         0.0125, or 1.6/N above 128 units; lstm 0.02,
                         or 2.56/N (default 0.0125)
  --schedule WORD        constant or cosine (default cosine)
  --clip X               largest norm of the gradient; 0: any (default 1)
  --weight-decay X       times the rate: what a step takes off each weight (default 0)

Machine
  --threads N            processors to use, by default all; changes no bit

What is written
  --save FILE            keep the best network here, and the last
                         beside it (safetensors)
  --save-every N         steps between saves; 0: an epoch (default 0)
  --resume FILE          go on from here, and save here
  --init FILE            begin with this network, on another text
  --log FILE             a table of the losses (tab-separated)
  --sample-every N       steps between samples; 0: none (default 0)

Example: rnn train --epochs 20 --save net.safetensors data/hamlet.txt
Usage: rnn sample --load FILE [options]

Lets a network speak.

Options
  --load FILE            a network saved by rnn train (needed)
  --prompt TEXT          what it should continue
  --prompt-file FILE     or: a file with that
  --length N             characters to write (default 500)
  --until TEXT           or fewer: end after this has been written
  --count N              samples, a line break between two (default 1)
  --seed N               another seed, another text (default 1)

How bold it is
  --temperature X        0 timid, 1 as learned, above wild (default 0.7)
  --top-k K              draw one of the K most probable; 0: of all (default 0)
  --top-p P              or of those with the share P together; 0: of all (default 0)

Example: rnn sample --load net.safetensors --prompt 'HAMLET'
Usage: rnn eval --load FILE TEXT

Measures a network on a text.

Options
  --load FILE            a network saved by rnn train (needed)
  --threads N            processors to use, by default all; changes no bit

Example: rnn eval --load net.safetensors data/hamlet.txt
Usage: rnn info [options] FILE

Shows what is in a safetensors file.

Options
  --format WORD          table, or json for programs, with all digits (default table)

Example: rnn info net.safetensors
Usage: rnn import --save OUT FILE

Makes a network of rnn out of one that PyTorch has saved.

Options
  --save FILE            where the network goes (needed)
  --vocab FILE           its characters in the order of their columns, as
                         they first come in this file
  --decoder NAME         the last layer, where two would fit

Example: rnn import --vocab text.txt --save net.safetensors theirs.safetensors
Usage: rnn export --save OUT FILE

Writes the weights of a network as another program wants them.

Options
  --save FILE            where the weights go (needed)
  --vocab FILE           characters in the order of their columns, as they
                         first come in this file; otherwise sorted
  --layer NAME           what the hidden layer is called; by default rnn
  --decoder NAME         what the last layer is called; by default decoder
  --type WORD            F32, or halves: F16 or BF16 (default F32)

Example: rnn export --type F16 --layer lstm --decoder head --save theirs.safetensors net.safetensors
Usage: rnn manual [options]

Prints a page of the manual, or what a shell needs to complete words.

Options
  --for WORD             man, a page for it; bash or zsh, a completion (default man)

Example: rnn manual --for bash > ~/.local/share/bash-completion/completions/rnn
END
cat > "$dir/overview" <<'END'
Usage: rnn COMMAND …

A recurrent network that learns a text character by character.

  rnn train   [options] TEXT ...      Learns to continue a text, character by character.
  rnn sample  --load FILE [options]   Lets a network speak.
  rnn eval    --load FILE TEXT        Measures a network on a text.
  rnn info    [options] FILE          Shows what is in a safetensors file.
  rnn import  --save OUT FILE         Makes a network of rnn out of one that PyTorch has saved.
  rnn export  --save OUT FILE         Writes the weights of a network as another program wants them.
  rnn manual  [options]               Prints a page of the manual, or what a shell needs to complete words.

“rnn COMMAND --help” lists the options of a command, “rnn --version” says which rnn this is.
END
"$rnn" > "$dir/out" 2> "$dir/is"
[ $? -eq 2 ] && [ ! -s "$dir/out" ]
ok $? "no command is a misuse"
prints "and gets the overview" < "$dir/overview"
"$rnn" sing > "$dir/out" 2> "$dir/is"
[ $? -eq 2 ] && [ ! -s "$dir/out" ]
ok $? "so is one that is none"
{ printf 'rnn: there is no command “sing”\n\n'; cat "$dir/overview"; } > "$dir/wanted"
prints "and it is named" < "$dir/wanted"
for command in help --help -h; do
    "$rnn" $command > "$dir/is" 2> "$dir/err" && [ ! -s "$dir/err" ]
    ok $? "$command does its work"
    prints "$command is the overview" < "$dir/overview"
done

# ------------------------------------- the report of a run: every word but the speed
# 650 characters, 65 of them held out; a step reads 20, and a reading has 29 steps.
learns() {      # learns OPTION...: trains, and leaves the losses in $training and $held
    "$rnn" train "$@" > "$dir/out" 2> "$dir/err"
    ok $? "rnn train $(echo "$*" | sed "s!$dir/!!g")"
    training=$(sed -n 's/^training  *\([0-9.]*\) bits.*/\1/p' "$dir/out")
    held=$(sed -n 's/^held out  *\([0-9.]*\) bits.*/\1/p' "$dir/out")
}
close() {       # close LABEL GOT WANTED TOLERANCE
    awk -v a="$2" -v b="$3" -v most="$4" 'BEGIN { d = a - b; exit !(a != "" && d <= most && -d <= most) }'
    ok $? "$1: $2, and $3"
}
advice() {      # advice LABEL: the standard input is what is said after the progress
    sed '/^epoch /d' "$dir/err" > "$dir/is"
    prints "$1"
}
rm -f "$dir"/net.*
learns "$@" --steps 30 --sample-every 15 --save "$dir/net.st" --log "$dir/log" "$play"
sed "s/^speed  .*/speed/; s/ $training bits/ T bits/; s/ $held bits/ H bits/; s/perplexity .*/perplexity/" "$dir/out" |
    sed -n '1p; /^network /,/^$/p' > "$dir/is"
prints "the report" <<'END'
--- step 15
network     28 characters, 3 hidden units (rnn), 208 parameters
speed
training    T bits per character, perplexity
held out    H bits per character, perplexity
best        step 30 of 30, the last

END
[ "$(grep -c '^---' "$dir/out")" -eq 1 ]
ok $? "after the last step there is no sample on the way"
sed -n '/^--- /,/^network /p' "$dir/out" | sed '1d; $d' > "$dir/first"
sed '1,/^best/d' "$dir/out" | sed 1d > "$dir/last"
[ "$(iconv -f UTF-8 -t UCS-4LE "$dir/first" | wc -c) $(iconv -f UTF-8 -t UCS-4LE "$dir/last" | wc -c)" = "1608 1608" ]
ok $? "both samples have 400 characters, and the line ends after them"
cmp -s "$dir/first" "$dir/last"
[ $? -eq 1 ]
ok $? "and are different"
for loss in "$training" "$held"; do
    close "perplexity is 2 to the bits" "$(sed -n "s/.* $loss bits per character, perplexity //p" "$dir/out")" \
        "$(awk -v b="$loss" 'BEGIN { print exp(b * log(2)) }')" 0.02
done
sed -n 's/^speed  *600 characters in \([0-9.]*\) s, \([0-9]*\) a second$/\1 \2/p' "$dir/out" > "$dir/speed"
read -r took speed < "$dir/speed"
close "so many a second took so long" "$took" "$(awk -v s="$speed" 'BEGIN { print s ? 600 / s : -1 }')" 0.051
[ "$(sed 's/  [0-9.]* bits /  B bits /; s/[0-9]* k\/s/K k\/s/' "$dir/err" | head -n 1)" = "epoch 1.0 of 1.0  B bits (held out $held)  K k/s  0:00 left" ]
ok $? "the line of progress has the loss on held-out text"
close "and the speed in thousands" "$(sed -n 's/.* \([0-9]*\) k\/s.*/\1/p' "$dir/err")" "$(awk -v s="$speed" 'BEGIN { print s / 1000 }')" 0.51
advice "what is saved can be let on" <<END
Let it go on:   $rnn sample --load $dir/net.st --length 2000
To improve it:  it can still learn; try --steps 60, or --hidden 6
END
part() { iconv -f UTF-8 -t UCS-4LE "$play" | "$@" | iconv -f UCS-4LE -t UTF-8; }
part head -c $((4 * 585)) > "$dir/read"
says 0 "the network on what it read" "" eval --load "$dir/net.st" "$dir/read"
close "is the loss of training" "$(sed -n 's/^bits per character *//p' "$dir/out")" "$training" 0.00051
part tail -c $((4 * 66)) > "$dir/unread"
says 0 "the network on what it did not" "" eval --load "$dir/net.st" "$dir/unread"
close "is the loss on held-out text" "$(sed -n 's/^bits per character *//p' "$dir/out")" "$held" 0.00051
cut -f 1,2 "$dir/log" > "$dir/is"
printf 'step\tepoch\n29\t1.000\n30\t1.034\n' > "$dir/wanted"
prints "the log has a row for an epoch and one for the end" < "$dir/wanted"
close "the loss held out is logged" "$(sed -n '$p' "$dir/log" | cut -f 4)" "$held" 0.00051
head -n 1 "$dir/log" > "$dir/is"
printf 'step\tepoch\ttrain_bits\theld_out_bits\tseconds\tcharacters_per_second\tgradient_norm\tlearning_rate\n' > "$dir/wanted"
prints "under its name" < "$dir/wanted"

# --------------------------------------------------------------------- what to try next
learns "$@" --steps 30 "$play"
advice "what is not can be kept" <<END
To keep it:     add --save net.safetensors
Let it go on:   $rnn sample --load net.safetensors --length 2000
To improve it:  it can still learn; try --steps 60, or --hidden 6
END
# Of 28 letters each costs 4.81 bits to who knows nothing. A single step with a large rate costs more.
learns "$@" --steps 1 --schedule constant --lr 0.75 --save "$dir/far.st" "$play"
close "not half a bit worse than blind" "$training" 5.18 0.11
advice "is not astray" <<END
Let it go on:   $rnn sample --load $dir/far.st --length 2000
To improve it:  it can still learn; try --steps 2, or --hidden 6
END
rm -f "$dir"/far.*
learns "$@" --steps 1 --schedule constant --lr 0.88 --save "$dir/far.st" "$play"
close "more than half a bit worse" "$training" 5.55 0.15
advice "is astray" <<END
Let it go on:   $rnn sample --load $dir/far.st --length 2000
To improve it:  it has gone astray: blind guessing would cost 4.81 bits, not $(printf %.2f "$training");
                try a smaller --lr (it was 0.88)
END
# A single letter cannot be guessed wrong.
yes a | tr -d '\n' | head -c 300 > "$dir/aaa"
learns --hidden 3 --seq-len 5 --batch 4 --steps 20 --save "$dir/aaa.st" "$dir/aaa"
advice "where there is nothing to learn, no more steps are advised" <<END
Let it go on:   $rnn sample --load $dir/aaa.st --length 2000
To improve it:  there is nothing to learn; a text with more than one character helps
END
grep -q '^training    0.000 bits per character, perplexity 1.00$' "$dir/out"
ok $? "and it costs nothing"
# A network that has gone far astray has a perplexity of many digits; the first of them are shown.
learns --hidden 3 --seq-len 5 --batch 4 --steps 1 --schedule constant --lr 100 --save "$dir/lost.st" "$play"
grep -qE '^training    [0-9.]+ bits per character, perplexity [0-9.]+e\+[0-9]+$' "$dir/out" && grep -qE '^held out .*, perplexity [0-9.]+e\+[0-9]+$' "$dir/out"
ok $? "a large perplexity is short" || show "$dir/out"
"$rnn" eval --load "$dir/lost.st" "$play" > "$dir/out" && grep -qE '^perplexity            [0-9.]+e\+[0-9]+$' "$dir/out"
ok $? "when it is measured, too" || show "$dir/out"
# Two letters, the second rare; in the last tenth it comes as the first so many times more.
for rare in 4 8; do
    awk -v n=$rare 'BEGIN { for (i = 0; i < 400; i++) printf "%s", i < 360 + n && i >= 360 || i % 4 == 0 ? "b" : "a" }' > "$dir/rare$rare"
    learns --hidden 1 --seq-len 5 --batch 4 --optimizer sgd --schedule constant --steps 30 --log "$dir/log" "$dir/rare$rare"
    best=$(sed -n 's/^best  *step \([0-9]*\) of 30.*/\1/p' "$dir/out")
    close "the report is of the best network" "$(sed 1d "$dir/log" | cut -f 4 | sort -n | head -n 1)" "$held" 0.00051
    case $rare in
    4) close "a gap below 0.4 bits" "$(awk -v a="$training" -v b="$held" 'BEGIN { print b - a }')" 0.3 0.09
       advice "is none" <<END
To keep it:     add --save net.safetensors
Let it go on:   $rnn sample --load net.safetensors --length 2000
To improve it:  it got no better after step $best; try --steps $best, or a longer text
END
       [ "$(sed -n 's/^best .*; the last has \([0-9.]*\) bits, held out$/\1/p' "$dir/out")" = "$(tail -n 1 "$dir/log" | awk '{ printf "%.3f", $4 }')" ]
       ok $? "the last is worse, and by how much is said" ;;
    8) close "a gap above" "$(awk -v a="$training" -v b="$held" 'BEGIN { print b - a }')" 0.55 0.14
       close "and what is said of it" "$(sed -n 's/.*language (\(.*\) bits, and.*/\1/p' "$dir/err")" "$training" 0.0056
       close "of both parts" "$(sed -n 's/.*bits, and \(.*\) held out.*/\1/p' "$dir/err")" "$held" 0.0056
       sed -i 's/([0-9.]* bits, and [0-9.]* held/(T bits, and H held/' "$dir/err"
       advice "is one" <<END ;;
To keep it:     add --save net.safetensors
Let it go on:   $rnn sample --load net.safetensors --length 2000
To improve it:  it knows this text better than the language (T bits, and H held out);
                a longer text helps most, then a smaller --hidden
END
    esac
done

# ------------------------------------------------------------- what is in a file
"$rnn" info "$dir/other.st" > "$dir/is"
prints "a network of another program, number by number" <<'END'
made\x01\nby\x7F        a\x01\"\x7Fb ~\x1F
vocabulary              ab
                        type  shape               mean       std       min       max      norm
decoder.bias            F32   2                      0         0         0         0         0
decoder.weight          F32   2 × 1                  0         0         0         0         0
rnn.bias_hh_l0          F32   1                      0         0         0         0         0
rnn.bias_ih_l0          F32   1                      0         0         0         0         0
rnn.weight_hh_l0        F32   1 × 1                  0         0         0         0         0
rnn.weight_ih_l0        F32   1 × 2                  0         0         0         0         0
6 tensors, 9 numbers
END
"$rnn" eval --load "$dir/other.st" "$dir/abab" > "$dir/is"
prints "and what it makes of a text" <<'END'
characters            3
bits per character    1.0000
perplexity            2.0000
END
"$rnn" info "$dir/net.st" | sed '/^generator_/d; /^loss /d; /_fingerprint /d; s/\(F32 .\{15\}\).*/\1/; s/ *$//; s/^\(best_held_out_bits *\).*/\1H/' > "$dir/is"
prints "a network of this one, with its run" <<'END'
batch                   4
best_held_out_bits      H
best_step               30
cell                    rnn
clip                    1
format                  pt
hidden                  3
learning_rate           0.0125
optimizer               adam
program                 rnn
schedule                cosine
seed                    1
seq_len                 5
step                    30
steps                   30
text_characters         650
vocabulary              \n ,0123456789acdefhilnopstyé
                        type  shape               mean       std       min       max      norm
decoder.bias            F32   28
decoder.weight          F32   28 × 3
rnn.bias_hh_l0          F32   3
rnn.bias_ih_l0          F32   3
rnn.weight_hh_l0        F32   3 × 3
rnn.weight_ih_l0        F32   3 × 28
trainer.first_moment    F32   208
trainer.hidden          F32   4 × 3
trainer.second_moment   F32   208
9 tensors, 639 numbers
END

# ------------------------------------------------ the loss that the progress shows
logged() { tail -n 1 "$dir/log" | cut -f 3; }
rm -f "$dir/log"
learns "$@" --steps 1 --schedule constant --lr 3 --log "$dir/log" "$play"
one=$(logged)
close "after a step it is the loss of this step" "$(sed -n 's/.*  \([0-9.]*\) bits .*/\1/p' "$dir/err")" "$one" 0.00056
rm -f "$dir/log"
learns "$@" --steps 2 --schedule constant --lr 3 --log "$dir/log" "$play"
close "after another it has come a fiftieth of the way to it" "$(sed -n 's/.*  \([0-9.]*\) bits .*/\1/p' "$dir/err")" \
    "$(awk -v a="$one" -v m="$(logged)" 'BEGIN { print a + (2 * m - a - a) / 50 }')" 0.0007

# ------------------------------------------------------------------- on a terminal
seen() {        # seen COMMAND...: what a terminal gets, a line for each \r, with ^ for the wiping
    script -qefc "$*" /dev/null < /dev/null 2>/dev/null | tr -d '\n' | tr '\r' '\n' | sed 's/\x1b\[K/^/g'
}
until_seen() {  # until_seen COUNT PATTERN COMMAND: ends the command when the pattern was seen so often
    : > "$dir/typescript"
    script -qfc "exec $3" "$dir/typescript" < /dev/null > /dev/null 2>&1 &
    pid=$! tries=0
    while [ "$(tr '\r' '\n' < "$dir/typescript" | grep -cE "$2")" -lt "$1" ] && [ $tries -lt 200 ]; do
        sleep 0.05
        tries=$((tries + 1))
    done
    kill -9 $pid
    wait $pid
    tr '\r' '\n' < "$dir/typescript" | grep -oE "$2" | head -n "$1"
} 2> /dev/null
# A room without /dev/pts, such as a bare chroot, has no terminal to lend; then nothing can be seen on one, and nothing is counted.
if ! command -v script > /dev/null; then
    skip "a terminal" "there is no script"
elif ! script -qefc true /dev/null < /dev/null > /dev/null 2>&1; then
    echo "# there is no terminal to be had here (is /dev/pts mounted?): what a run shows on one was not looked at"
else
    rm -f "$dir"/net.*
    seen "$rnn" train "$*" --epochs 4 --save "$dir/net.st" --sample-every 40 "$play" ">" "$dir/out" |
        sed 's/  [0-9.]* bits (held out [0-9.]*)  [0-9]* k/  B bits (held out H)  K k/; /measuring/d; /epoch [0-9]*\.[1-9]/d; s/[0-9]*:[0-9][0-9] left/T left/' |
        uniq > "$dir/is"
    prints "one line, which is wiped" <<END

^
^[###.........] epoch 1.0 of 4.0  B bits (held out H)  K k/s  T left
^
^[######......] epoch 2.0 of 4.0  B bits (held out H)  K k/s  T left
^
^[#########...] epoch 3.0 of 4.0  B bits (held out H)  K k/s  T left
^
^[############] epoch 4.0 of 4.0  B bits (held out H)  K k/s  T left
^
^Let it go on:   $rnn sample --load $dir/net.st --length 2000
To improve it:  it can still learn; try --steps 232, or --hidden 6
END
    (   # No file may have more than half a kilobyte, or one: the log of thirty readings has.
        # shellcheck disable=SC3045    # every shell of a Debian has it
        ulimit -f 1
        seen "$rnn" train "$*" --epochs 30 --log "$dir/long.log" "$play" "> /dev/null"
    ) | sed 's/^.*\] epoch .*/[] epoch/; /measuring/d' | uniq | grep -B2 -A1 'rnn train' > "$dir/is"
    prints "a warning does not stand behind it" <<END
[] epoch
^
^rnn train: $dir/long.log: File too large
     the run goes on, and nothing more is written there
END
    awk 'BEGIN { for (i = 0; i < 6000; i++) print "line", i, "of a play, said the café" }' > "$dir/long"
    # The time that is left: characters that are left by characters a second, and the measuring.
    for steps in 20000000 2000000000; do
        until_seen 1 '[0-9]+ k/s  [0-9:.]+( hours)? left' "$rnn train $* --steps $steps $play > /dev/null" |
            sed 's/ k.s//; s/ left//' > "$dir/left"
        read -r speed left unit < "$dir/left"
        awk -v s="$speed" -v t="$left" -v u="$unit" -v n=$steps 'BEGIN {
            k = split(t, part, ":")
            left = k == 2 ? 60 * part[1] + part[2] : 3600 * t
            good = k == 2 ? left < 3600 && part[2] < 60 && length(part[2]) == 2 : u == "hours" && left >= 3600
            exit !(s && good && left > 0.8 * 20 * n / s / 1000) }'
        ok $? "$steps steps: $speed thousand a second, $left $unit left"
    done
    "$rnn" train --hidden 900 --seq-len 1 --batch 1 --steps 1 --save "$dir/big.st" "$play" > "$dir/out" 2> "$dir/err"
    until_seen 1 'epoch 0[.][1-9] of 9[.]0  [0-9.]+ bits .*left' "$rnn train --hidden 60 --seq-len 5 --batch 1 --epochs 9 $dir/long > /dev/null" > "$dir/is"
    test -s "$dir/is" && ! grep -q 'held out' "$dir/is"
    ok $? "the line moves before an epoch is over, when nothing held out has been measured"
    until_seen 4 'measuring on this text: [0-9]+ %' "$rnn eval --load $dir/big.st $dir/long" > "$dir/is"
    awk '{ bad += $5 < last || $5 > 99; last = $5 } END { exit bad || NR < 4 || last < 1 }' "$dir/is"
    ok $? "the part that is measured grows: $(sed 's/.*: //' "$dir/is" | tr '\n' ' ')"
    head -n 1200 "$dir/long" > "$dir/less"
    seen "$rnn" eval --load "$dir/big.st" "$dir/less" > "$dir/is"
    ! grep -q measuring "$dir/is" || grep -q '^^characters' "$dir/is"
    ok $? "and what said so is wiped before the result"
fi

# ------------------------------------------------------------------------- signals
# The run waits for its text, and by then it watches: a pipe opens when both ends are there.
mkfifo "$dir/pipe"
# shellcheck disable=SC3045    # every shell of a Debian has it
ulimit -c 0
begin() { "$rnn" train "$@" --steps 2 "$dir/pipe" > "$dir/out" 2> "$dir/err" & pid=$!; exec 3> "$dir/pipe"; }
finish() {      # waits for the run, and not for ever; its exit status
    { sleep 20; kill -9 $pid; } > /dev/null 2>&1 3>&- &
    dog=$!
    wait $pid
    status=$?
    kill $dog
    wait $dog
    exec 3>&-
} 2> /dev/null
bad=''
for signal in HUP INT QUIT TERM USR1 USR2 ALRM TRAP ABRT SYS 34 64; do
    begin "$@"
    case $signal in INT | QUIT) kill -s TERM $pid ;; *) kill -s $signal $pid ;; esac
    finish
    [ $status -eq 1 ] && [ "$(cat "$dir/err")" = "rnn train: interrupted before the first step" ] || bad="$bad $signal"
done
[ -z "$bad" ]
ok $? "a signal that asks to stop is heard$bad"
bad=''
for signal in SEGV BUS FPE ILL; do
    begin "$@"
    kill -s $signal $pid
    finish
    if [ $status -eq 0 ] || grep -q interrupted "$dir/err"; then bad="$bad $signal"; fi
done
[ -z "$bad" ]
ok $? "a mistake ends the run, and is no such signal$bad"
begin "$@"
for signal in CHLD URG WINCH PIPE XFSZ TSTP TTIN TTOU CONT; do kill -s $signal $pid; done
cat "$play" >&3
exec 3>&-
finish
ok $status "nor are those that end nothing"
(
    # shellcheck disable=SC2172    # the last one has no name
    trap '' 1 64
    begin "$@"
    kill -s 1 $pid
    kill -s 64 $pid
    cat "$play" >&3
    exec 3>&-
    finish
    exit $status
)
ok $? "nor the first and the last if they were ignored"

# ------------------------------------------------------- what is refused, to the letter
refused() {     # refused STATUS LABEL COMMAND...: the standard input is all that is said
    want=$1 label=$2
    shift 2
    "$rnn" "$@" > "$dir/out" 2> "$dir/is"
    got=$?
    [ $got -eq "$want" ] && [ ! -s "$dir/out" ]
    ok $? "$label: exit $got"
    prints "$label, and said so"
}
refused 1 "no such text" eval --load "$dir/net.st" "$dir/none" <<END
rnn eval: $dir/none: No such file or directory
END
refused 1 "no such network" eval --load "$dir/none" "$play" <<END
rnn eval: $dir/none: No such file or directory
END
refused 1 "nothing to look into" info "$dir/none" <<END
rnn info: $dir/none: No such file or directory
END
refused 1 "nobody to speak" sample --load "$dir/none" <<END
rnn sample: $dir/none: No such file or directory
END
refused 2 "no network" sample <<'END'
rnn sample: --load FILE is missing
     rnn sample --help shows what there is
END
refused 2 "no text" train <<'END'
rnn train: the name of a file is missing
     rnn train --help shows what there is
END
refused 2 "two files" info a b <<'END'
rnn info: “b” is one argument too many
     rnn info --help shows what there is
END
echo "step by step" > "$dir/diary"
refused 1 "a diary that begins as a log does" train "$@" --log "$dir/diary" "$play" <<END
rnn train: $dir/diary: a file of this name is there, and it is no log; nothing is written over it
     remove it, or choose another name
END
printf 'step\tof a dance\nmore words\n' > "$dir/dance"
refused 1 "or begins with a word of it" train "$@" --log "$dir/dance" "$play" <<END
rnn train: $dir/dance: a file of this name is there, and it is no log; nothing is written over it
     remove it, or choose another name
END
[ "$(cat "$dir/dance")" = "$(printf 'step\tof a dance\nmore words\n')" ]
ok $? "stays"
printf ab > "$dir/two"
refused 1 "a single character left to train on" train --val-fraction 0.9 "$dir/two" <<END
rnn train: $dir/two: the text is too short: a step reads --batch 8 times --seq-len 50 characters and one more,
     and of its 2 characters 1 are for training
     try a smaller --val-fraction
END
refused 1 "with a text of its own to hold out" train --val "$dir/abab" --seq-len 5 "$dir/two" <<END
rnn train: $dir/two: the text is too short: a step reads --batch 8 times --seq-len 5 characters and one more,
     and of its 2 characters 2 are for training
     try --batch 1 --seq-len 1
END
printf a > "$dir/single"
refused 1 "a single character, and more held out" train --val "$dir/two" "$dir/single" <<END
rnn train: $dir/single: a single character; there is nothing to predict
END
printf 'step\tepoch\ttrain_bits\theld_out_bits\tseconds\tcharacters_per_second\n' > "$dir/locked"
chmod 444 "$dir/locked"
refused 1 "a log that is read-only" train "$@" --log "$dir/locked" "$play" <<END
rnn train: $dir/locked: the file there is read-only
END
refused 1 "the text of another run" train --resume "$dir/net.st" --epochs 9 "$dir/abab" <<END
rnn train: $dir/abab: this is not the text that the run in $dir/net.st was trained on
END
refused 1 "one file for two things" train "$@" --save "$dir/twice" --log "$dir/twice" "$play" <<END
rnn train: $dir/twice: this file would be used for two things
END
echo "something else" > "$dir/foreign"
"$rnn" train "$@" --save "$dir/foreign" "$play" > "$dir/out" 2> "$dir/err"
[ $? -eq 1 ] && [ "$(cat "$dir/foreign")" = "something else" ]
ok $? "a file that is no network stays"
head -n 2 "$dir/err" > "$dir/is"
prints "and so it is said" <<END
rnn train: $dir/foreign: a file of this name is there, and it is no network of rnn; nothing is written over it
     remove it, or choose another name
END
sed -n '3s/: .*//p' "$dir/err" > "$dir/is"
echo "     $dir/foreign" > "$dir/wanted"
prints "with what is wrong with it" < "$dir/wanted"
echo "line @" > "$dir/strange"
says 1 "a letter that the network does not know" "$dir/strange" eval --load "$dir/net.st" "$dir/strange"
[ ! -s "$dir/out" ]
ok $? "is not measured"
says 1 "nor spoken on from" "--prompt" sample --load "$dir/net.st" --prompt @
[ ! -s "$dir/out" ]
ok $? "not by a word"
for option in "cell gru" "hidden 4" "seed 2" "seq-len 6" "batch 5" "optimizer sgd"; do
    # shellcheck disable=SC2086    # a name and a value
    refused 1 "another ${option% *}" train --resume "$dir/net.st" --epochs 9 --$option "$play" <<END
rnn train: --${option% *}: the run in $dir/net.st has another one, which cannot change
     leave the option out, or begin anew without --resume
END
done
for clip in 0 1; do
    also=', or --clip 1'
    [ $clip = 0 ] || also=
    refused 1 "past all bounds, with --clip $clip" train "$@" --steps 9 --clip $clip --lr 1e38 "$play" <<END
rnn train: step 1: the numbers of the network are past all bounds, and training stops
     try a smaller --lr (it was 1e+38)$also
END
done
cp "$play" "$dir/copy"
# shellcheck disable=SC2094    # this is what is tried
"$rnn" train "$@" --steps 2 "$dir/copy" > "$dir/out" 2>> "$dir/copy"
[ $? -eq 1 ] && tail -n 1 "$dir/copy" | grep -qF "rnn train: $dir/copy: this file would be used for two things: the output goes there as well"
ok $? "messages that would go to the text"
if [ -c /dev/full ]; then
    "$rnn" train "$@" --steps 30 --sample-every 10 "$play" > /dev/full 2> "$dir/err"
    [ $? -eq 1 ]
    ok $? "samples that do not arrive"
    sed '/^epoch/,$d' "$dir/err" > "$dir/is"
    prints "are given up" <<'END'
rnn train: standard output: No space left on device
     training goes on, without samples
END
else
    skip "samples that do not arrive" "no /dev/full"
fi
learns "$@" --epochs 2 --save "$dir/net.st" --log "$dir/log" "$play"
learns --resume "$dir/net.st" --epochs 3 --log "$dir/new" "$play"
cut -f 1,2 "$dir/new" > "$dir/is"
printf 'step\tepoch\n58\t2.000\n87\t3.000\n' > "$dir/wanted"
prints "a run that goes on may begin a log, with where it stood" < "$dir/wanted"
learns "$@" --epochs 1 --log "$dir/log" "$play"
cut -f 1,2 "$dir/log" > "$dir/is"
printf 'step\tepoch\n29\t1.000\n' > "$dir/wanted"
prints "a run from the beginning begins its log anew" < "$dir/wanted"
rm -f "$dir/log"
learns "$@" --epochs 2 --save "$dir/net.st" --log "$dir/log" "$play"
learns --resume "$dir/net.st" --epochs 4 --log "$dir/log" "$play"
cut -f 1,2 "$dir/log" > "$dir/is"
printf 'step\tepoch\n29\t1.000\n58\t2.000\n87\t3.000\n116\t4.000\n' > "$dir/wanted"
prints "a log goes on, under one heading" < "$dir/wanted"
awk -F '\t' 'NR > 1 { bad += !($5 >= last && $5 < 1000 && $6 > 0); last = $5 } END { exit bad || NR != 5 }' "$dir/log"
ok $? "and time goes on in it"
# The norms and rates of its last columns: half a turn of a cosine, over 58 steps at first, and over 116 when the run went on.
awk -F '\t' 'NR > 1 { K = NR < 4 ? 58 : 116; eta = 0.00625 * (1 + cos(atan2(0, -1) * ($1 - 1) / K)); d = $8 / eta - 1
        bad += NF != 8 || !($7 > 0.05 && $7 < 20) || !(d < 6e-4 && d > -6e-4) }
    END { exit bad || NR != 5 }' "$dir/log"
ok $? "and every row has a norm and a rate"
cut -f 1-6 "$dir/log" > "$dir/narrow"
cp "$dir/net.st" "$dir/narrow.st"
cp "$dir/net.last.st" "$dir/narrow.last.st"
"$rnn" train --resume "$dir/narrow.st" --epochs 5 --log "$dir/narrow" "$play" > "$dir/out" 2> "$dir/err"
[ "$(awk -F '\t' '{ print NF }' "$dir/narrow" | sort | uniq -c | awk '{ print $1, $2 }')" = "6 6" ]
ok $? "a log without these columns goes on without them"
learns "$@" --steps 1 --optimizer sgd --lr 0.5 --schedule constant --clip 0 --log "$dir/log" --save "$dir/one.st" "$play"
[ "$(tail -n 1 "$dir/log" | cut -f 8)" = 0.5 ]
ok $? "a rate that is constant is the one that was given"
# One step of plain descent from the first weights, which a step with a rate of zero leaves as they are.
learns "$@" --steps 1 --optimizer sgd --lr 0 --schedule constant --clip 0 --save "$dir/none.st" "$play"
perl -e 'for (@ARGV) { open F, "<:raw", $_; local $/; my $s = <F>; my $n = unpack "Q<", $s; push @n, [unpack "f<*", substr $s, 8 + $n, 4 * 211] }
    $d += (($n[0][$_] - $n[1][$_]) / 0.5) ** 2 for 0 .. 210; printf "%.4g", sqrt $d' "$dir/one.st" "$dir/none.st" > "$dir/norm"
close "and the norm is the length of the step over it" "$(tail -n 1 "$dir/log" | cut -f 7)" "$(cat "$dir/norm")" 0.002

# ----------------------------------------------------------------------- interruptions
interrupt() {   # interrupt COMMAND OPTION...: a run of many steps; COMMAND when it has learned a while, then a signal
    then=$1
    shift
    : > "$dir/log"
    "$rnn" train "$@" --steps 1000000000 --log "$dir/log" "$play" > "$dir/out" 2> "$dir/err" &
    pid=$! tries=0
    while [ "$(grep -c . "$dir/log")" -lt 2 ] && [ $tries -lt 400 ]; do sleep 0.05; tries=$((tries + 1)); done
    $then
    kill $pid
    exec 3> /dev/null
    finish
    [ $status -eq 1 ]
    ok $? "a signal ends a run"
    sed '/^epoch /d; s/after step [0-9]* of/after step N of/' "$dir/err" > "$dir/is"
} 2> /dev/null
interrupt : "$@"
prints "nothing was to be saved" <<'END'
rnn train: interrupted after step N of 1000000000; nothing is saved without --save
END
interrupt : "$@" --save "$dir/stopped.st" --save-every 1000000000
prints "all of it is saved" <<END
rnn train: interrupted after step N of 1000000000; all of it is saved, and this goes on:
     $rnn train --resume $dir/stopped.st --log $dir/log $play
END
[ "$(setting steps)" = 116 ] && cp "$dir/stopped.last.st" "$dir/net.st" && [ "$(setting step)" = "$(sed -n 's/.*after step \([0-9]*\) of.*/\1/p' "$dir/err")" ]
ok $? "in the step that is named"
# shellcheck disable=SC2317    # called by its name
leave() { mv "$dir/folder" "$dir/elsewhere"; }
mkdir "$dir/folder"
interrupt leave "$@" --save "$dir/folder/net.st" --save-every 1000000000
set -- "$dir"/rescued-????????????????.safetensors
prints "what cannot be saved there is saved beside the text" <<END
rnn train: $dir/folder/net.st: cannot save: No such file or directory
     so the network is here instead: $1
rnn train: interrupted after step N of 1000000000; all of it is saved, and this goes on:
     $rnn train --resume $1 --log $dir/log $play
END
says 0 "and speaks" "" sample --load "$1" --length 3
says 0 "the last network too" "" sample --load "${1%.safetensors}.last.safetensors" --length 3

done_testing
