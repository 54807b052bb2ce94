#!/usr/bin/env perl
# What a run reads: several texts, the standard input, a part that is held out or a text of its own; and when it stops for want of
# anything better. Prints TAP; run by `make check`, or alone.
use strict;
use warnings;
use File::Temp qw(tempdir);
use lib 'tests';
use Rnn;
use Tap;

my $dir = tempdir(CLEANUP => 1);
my $rnn = ($ENV{BUILD} || 'build') . '/rnn';
ok(-x $rnn, 'there is a program');
chdir $dir or die $!;
my @small = qw(train --hidden 6 --batch 2 --seq-len 8 --seed 3);
my $one = join '', map { "Line $_ says the king.\n" } 1 .. 30;
my $two = join '', map { "Zeile $_ sagt die Königin.\n" } 1 .. 30;
spew('one', $one);
spew('two', $two);
spew('both', $one, $two);
spew('marked', "\xEF\xBB\xBF", $two);
sub bits { my ($file, $text) = @_; rnn('eval', '--load', $file, $text); return number_of('bits per character') }
sub meta { my ($file, $key) = @_; rnn('info', $file); return $Rnn::out =~ /^\Q$key\E +(.*)$/m ? $1 : '' }
# learns($what, @words): a run that is saved to a file of that name, which must not be there.
sub learns { my ($name, @words) = @_; rnn(@small, '--save', "$name.st", @words); ok($Rnn::status == 0, "@words", $Rnn::err); return $Rnn::out }
sub same { my ($one, $other, $what) = @_; return ok(slurp("$one.st") eq slurp("$other.st"), $what) }

# ---- several texts, and the standard input
learns('joined', qw(--steps 20 both));
learns('apart', qw(--steps 20 one two));
same('joined', 'apart', 'two texts are read as one');
learns('marked', qw(--steps 20 one marked));
same('joined', 'marked', 'and a byte order mark before the second is none of its letters');
$Rnn::input = 'two';
learns('input', qw(--steps 20 one -));
same('joined', 'input', 'a dash is the standard input');
$Rnn::input = 'both';
learns('resumed', qw(--steps 20 -));
same('joined', 'resumed', 'alone as well');
is(rnn('eval', '--load', 'joined.st', '-'), rnn('eval', '--load', 'joined.st', 'both'), 'eval reads it too');
$Rnn::input = '/dev/null';
refuses(1, 'nothing comes in', 'standard input: the file is empty', @small, '-');
refuses(1, 'a second text that is not there', 'none: No such file or directory', @small, qw(one none));
refuses(1, 'a second text that is empty', '/dev/null: the file is empty', @small, qw(one /dev/null));
refuses(2, 'a name that is empty', 'the name of the file is empty', @small, 'one', '');
spew('latin', "two\nk\xF6nig\n");
refuses(1, 'a second text in Latin-1', "latin: not UTF-8: byte 5 (counted from 0), on line 2, is 0xF6", @small, qw(both latin));
ok($Rnn::err =~ /iconv -f LATIN1 -t UTF-8 latin >/, 'can be converted, whatever came before it', $Rnn::err);
spew('broken', "K\xC3\xB6nig\n\xF6");
refuses(1, 'a second text that is broken', "broken: not UTF-8: byte 7 (counted from 0), on line 2, is 0xF6", @small, qw(one broken));
ok($Rnn::err =~ /iconv -c -f UTF-8 -t UTF-8 broken >/, 'was UTF-8 before', $Rnn::err);
$Rnn::input = 'latin';
refuses(1, 'the standard input in Latin-1', 'standard input: not UTF-8: byte 5', @small, '-');
ok($Rnn::err =~ /iconv -f LATIN1 -t UTF-8 - >/, 'can be converted as it came', $Rnn::err);
my $text = slurp('one');
refuses(1, 'saving over the second text', 'one: this file would be used for two things', @small, qw(--save one both one));
refuses(1, 'a log over the second text', 'one: this file would be used for two things', @small, qw(--log one both one));
$Rnn::input = 'one';
refuses(1, 'a log over what comes in', 'one: this file would be used for two things: the input comes from there as well', @small, qw(--log one -));
refuses(1, 'also behind another text', 'the input comes from there as well', @small, qw(--log one two -));
refuses(1, 'also if it is to be held out', 'the input comes from there as well', @small, qw(--log one --val - two));
is(slurp('one'), $text, 'the text is still there');
learns('free', qw(--steps 2 --log free.tsv two));
$Rnn::input = '/dev/null';
rnn(@small, qw(--steps 9 --save twice.st one one));
ok($Rnn::status == 0, 'a text may be read twice', $Rnn::err);

# ---- what is held out
my $count = () = slurp('both') =~ /[^\x80-\xBF]/g;
for (map { [ split ' ' ] } '0.1 0.1', '0.25 0.25', '0.5 0.5', '0.9 0.9') {
    my ($fraction, $share) = @$_;
    my $held = int($share * $count);
    my $report = learns("share$fraction", '--steps', 3, '--val-fraction', $fraction, 'both');
    my ($bits) = $report =~ /^held out +([0-9.]+) bits/m;
    open my $chars, '<:encoding(UTF-8)', 'both' or die;
    my $all = do { local $/; <$chars> };
    spew('end', map { my $s = $_; utf8::encode($s); $s } substr $all, -$held - 1);
    ok(abs($bits - bits("share$fraction.st", 'end')) < 0.0006, "$held of $count characters are held out: $bits");
    is(meta("share$fraction.st", 'held_out_characters'), $fraction == 0.1 ? '' : $held, 'which is known to the file, if it is unusual');
}
my $none = learns('none', qw(--steps 3 --val-fraction 0 both));
ok($none !~ /held out +[0-9]/ && $none =~ /, the last: nothing is held out$/m && !-e 'none.last.st', 'nothing may be held out', $none);
is(meta('none.st', 'held_out_characters'), 0, 'and is known to be nothing');
my $val = learns('val', qw(--steps 3 --val two one));
my ($bits) = $val =~ /^held out +([0-9.]+) bits/m;
ok(abs($bits - bits('val.st', 'two')) < 0.0006, "a text of its own costs what eval says: $bits");
is(meta('val.st', 'held_out_apart') . ' ' . meta('val.st', 'held_out_characters'), '1 ' . (() = $two =~ /[^\x80-\xBF]/g), 'the file knows that it is one');
ok(meta('val.st', 'vocabulary') =~ /ö/, 'its letters are letters of the network');
refuses(2, 'two ways to hold out', '--val and --val-fraction both say what is held out', @small, qw(--val two --val-fraction 0.5 one));
refuses(2, 'too much', '--val-fraction 0.91 leaves too little to train on; at most 0.9', @small, qw(--val-fraction 0.91 one));
refuses(2, 'more than all', '--val-fraction takes a number of at least 0 and at most 1, not “1.1”', @small, qw(--val-fraction 1.1 one));
refuses(1, 'the text itself', 'one: this file would be used for two things', @small, qw(--val one one));
refuses(1, 'the second text', 'one: this file would be used for two things', @small, qw(--val one two one));
refuses(1, 'the log', 'log: this file would be used for two things', @small, qw(--val log --log log one));
spew('x', 'x');
refuses(1, 'a single character', 'x: a single character; there is nothing to predict', @small, qw(--val x one));
spew('xy', 'Li');
learns('xy', qw(--steps 2 --val xy one));
refuses(1, 'a text that is not there', 'none: No such file', @small, qw(--val none one));

# ---- going on with the same
for my $set ([ 'third', '--val-fraction', 0.333, 'both' ], [ 'own', '--val', 'two', 'one', 'one' ], [ 'zero', '--val-fraction', 0, 'both' ]) {
    my ($name, @what) = @$set;
    learns("${name}w", '--steps', 300, @what);
    learns($name, '--steps', 300, @what, '--save-every', 7, '--lr', 0.0125);
    same("${name}w", $name, 'saving changes nothing');
    rnn(@small, '--save', "${name}k.st", '--epochs', 1, '--schedule', 'constant', @what);
    my @again = $what[0] eq '--val' ? @what : $what[2];
    learns("${name}c", '--schedule', 'constant', '--epochs', 2, @what);
    rnn('train', '--resume', "${name}k.st", '--epochs', 2, @again);
    ok($Rnn::status == 0, "@what: goes on", $Rnn::err);
    same("${name}c$_", "${name}k$_", 'to the same bits') for $name eq 'zero' ? '' : '.last';
}
refuses(1, 'another share', '--val-fraction: the run in thirdk.st has held out ', 'train', '--resume', 'thirdk.st', qw(--steps 999 --val-fraction 0.5 both));
rnn('train', '--resume', 'thirdk.st', qw(--steps 400 --val-fraction 0.333 both));
ok($Rnn::status == 0, 'the same share may be said again', $Rnn::err);
refuses(1, 'a text of its own where there was none', '--val: the run in thirdk.st has held out the end of its text', 'train', '--resume', 'thirdk.st', qw(--steps 999 --val two one));
spew('oneone', $one, $one);
spew('onetwo', $one, $one, $two);
refuses(1, 'none where there was one', '--val: the run in ownk.st has a text of its own held out; name it again', 'train', '--resume', 'ownk.st', qw(--steps 999 onetwo));
spew('rest', substr $one, 100);
spew('front', substr $one, 0, 100);
spew('tail', substr($one, 100), $two);
refuses(1, 'another text of its own, with the same letters in all', '--val: the run in ownk.st has held out ', 'train', '--resume', 'ownk.st', qw(--steps 999 --val tail one front));
refuses(1, 'other texts', 'one, or --val two: one of them is not what the run in ownk.st was trained on and has held out', 'train', '--resume', 'ownk.st', qw(--steps 999 --val two one));

# ---- beginning with another network
rnn(@small, qw(--steps 200 --save begun.st one));
rnn(qw(train --init begun.st --steps 1 --lr 0 --batch 2 --seq-len 8 --save same.st one));
ok($Rnn::status == 0, 'a run begins with a network', $Rnn::err);
rnn(qw(info --format json begun.last.st));
my ($begun) = $Rnn::out =~ /("name":"decoder.bias".*?\})/;
rnn(qw(info --format json same.st));
ok(index($Rnn::out, $begun) >= 0, 'and has its numbers');
is(meta('same.st', 'hidden') . ' ' . meta('same.st', 'step'), '6 1', 'its size, and steps of its own');
is(bits('same.st', 'one'), bits('begun.last.st', 'one'), 'it knows what that knew');
for my $cell (qw(gru lstm)) {
    rnn(@small, '--cell', $cell, qw(--steps 20 --val-fraction 0 --save), "$cell.st", 'one');
    rnn(qw(train --steps 1 --lr 0 --batch 2 --seq-len 8 --init), "$cell.st", '--save', "${cell}s.st", 'one');
    is(bits("${cell}s.st", 'one'), bits("$cell.st", 'one'), "the same of a $cell");
}
rnn(qw(train --init begun.st --steps 1 --lr 0 --batch 2 --seq-len 8 --save more.st two));
is(meta('more.st', 'vocabulary'), '\n .0123456789KLZadeghiklnstyö', 'letters of another text are added to those it has');
# In a text without new letters, the old ones have to share with them: each costs a little more, and all the same.
my ($old, $new) = (bits('begun.st', 'one'), bits('more.st', 'one'));
ok($new > $old && $new < $old + 1.5, "it still knows its first text: $new bits, and $old");
rnn(qw(train --init more.st --steps 1 --lr 0 --batch 2 --seq-len 8 --save again.st two));
is(bits('again.st', 'one'), $new, 'where nothing is new nothing changes');
rnn(@small, qw(--steps 40 --lr 0.01 two));
my $fresh = number_of('training');
rnn(qw(train --seed 3 --init begun.st --steps 40 --lr 0.01 --batch 2 --seq-len 8 two));
ok(number_of('training') < $fresh, 'and learns another sooner than one that knows nothing: ' . number_of('training') . " bits, and $fresh");
my $begins = slurp('begun.st');
refuses(1, 'saving over it', 'begun.st: this file would be used for two things', qw(train --init begun.st --save begun.st one));
refuses(1, 'the last over it', 'begun.last.st: this file would be used for two things', qw(train --init begun.last.st --save begun.st one));
refuses(1, 'a log over it', 'begun.st: this file would be used for two things', qw(train --init begun.st --log begun.st one));
is(slurp('begun.st'), $begins, 'it is still there');
refuses(2, 'two beginnings', '--init begins a run, and --resume goes on with one; leave one of them out', qw(train --init begun.st --resume begun.st one));
refuses(1, 'another size', '--hidden: the network in begun.st has 6 hidden units, which cannot change', qw(train --init begun.st --hidden 7 one));
refuses(1, 'another cell', '--cell: the network in begun.st is of another, rnn', qw(train --init begun.st --cell gru one));
rnn(qw(train --init begun.st --hidden 6 --cell rnn --batch 2 --seq-len 8 --steps 1 one));
ok($Rnn::status == 0, 'the same may be said', $Rnn::err);
refuses(1, 'a network that is not there', 'nothing.st: No such file', qw(train --init nothing.st one));
refuses(1, 'a network that is none', 'one: this is no safetensors file', qw(train --init one two));

# ---- an interruption names all texts
for my $set ([ [qw(--val two one), 'a b'], q(train --resume stop.st --val two one 'a b') ], [ [ 'one', '-', './-x' ], 'train --resume stop.st one - ./-x' ]) {
    my ($words, $wanted) = @$set;
    spew($_, $one) for 'a b', '-x';
    unlink glob 'stop*.st';
    my $pid = fork // die;
    if (!$pid) {
        open STDIN, '<', 'two';
        open STDOUT, '>', '/dev/null';
        open STDERR, '>', 'stop.err';
        exec $Rnn::program, @small, qw(--steps 1000000000 --save-every 1 --save stop.st), @$words or exit 1;
    }
    for (1 .. 400) { last if -s 'stop.last.st'; select undef, undef, undef, 0.05 }
    kill TERM => $pid;
    waitpid $pid, 0;
    ok($? >> 8 == 1 && slurp('stop.err') =~ /all of it is saved, and this goes on:\n     \Q$Rnn::program $wanted\E\n/, $wanted, slurp('stop.err'));
}

# ---- patience
spew('noise', join '', map { chr(97 + ($_ * $_ * 7 + $_ * 13) % 26) . ($_ % 17 ? '' : "\n") } 1 .. 700);
spew('other', join '', map { chr(122 - ($_ * $_ * 3 + $_ * 5) % 26) . ($_ % 11 ? '' : "\n") } 1 .. 300);
my @noisy = (qw(train --hidden 24 --batch 2 --seq-len 8 --lr 0.02 --steps 3000 --val other));
rnn(@noisy, qw(--save long.st --log long.tsv noise));
my @rows = table('long.tsv');
my $chunks = $rows[0]{step};
my ($best, $stop) = (0, 0);
for my $row (@rows) {
    $best = $row if !$best || $row->{held_out_bits} < $best->{held_out_bits};
    $stop ||= $row->{step} if $row->{step} - $best->{step} >= 3 * $chunks;
}
ok($stop && $stop < 3000, "three readings after the best there is no better: step $stop");
rnn(@noisy, qw(--patience 3 --save short.st --log short.tsv noise));
my $short = $Rnn::out;
my @stopped = table('short.tsv');
is($stopped[-1]{step}, $stop, 'a run with that patience stops there');
is(join(' ', map { $_->{held_out_bits} } @stopped), join(' ', map { $_->{held_out_bits} } @rows[0 .. $#stopped]), 'and goes the same way until then');
ok($short =~ /^best +step (\d+) of 3000; the last has [0-9.]+ bits, held out\nstopped +after step $stop: 3 readings brought nothing better\n\n/m && $1 == $stop - 3 * $chunks,
    'and says so', $short);
is(meta('short.st', 'patience'), 3, 'the file knows how much it had');
is(meta('short.last.st', 'step'), $stop, 'and the last network is saved');
refuses(1, 'it is over', "short.st: this run has stopped, since 3 readings brought nothing better\n     a larger --patience goes on, or --patience 0", qw(train --resume short.st --val other noise));
says('of one reading there is no plural', ": 1 reading brought nothing better\n", @noisy, qw(--patience 1 --save once.st noise));
refuses(1, 'nor when it is over', "once.st: this run has stopped, since 1 reading brought nothing better\n", qw(train --resume once.st --val other noise));
rnn(@noisy, qw(--patience 4 --save four.st noise));
rnn(qw(train --resume short.st --patience 4 --val other noise));
ok($Rnn::status == 0 && slurp('four.last.st') eq slurp('short.last.st'), 'with more patience it goes on, to where it would have come with that', $Rnn::err);
rnn(@noisy, qw(--patience 3 --save uncut.st --schedule constant noise));
rnn(@noisy, qw(--patience 3 --save cut.st --schedule constant), '--steps', meta('uncut.last.st', 'step') - $chunks, 'noise');
rnn(qw(train --resume cut.st --steps 3000 --val other noise));
ok(meta('cut.st', 'best_step') == meta('uncut.st', 'best_step') && slurp('cut.last.st') eq slurp('uncut.last.st'), 'a run that was interrupted stops where it would have stopped');
refuses(2, 'patience with nothing to measure', '--patience needs a text that is held out', @small, qw(--patience 2 --val-fraction 0 one));
my $plain = rnn(@small, qw(--steps 60 --patience 1000 one));
ok($plain !~ /^stopped/m, 'much patience is never lost');

done_testing;
