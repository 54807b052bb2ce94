#!/usr/bin/env perl
# Lists of lines or paragraphs: learned item by item, held out by items, and drawn as items. Prints TAP; run by `make check`, or alone.
use strict;
use warnings;
use File::Temp qw(tempdir);
use Cwd qw(abs_path);
use lib 'tests';
use Rnn;
use Tap;

my $dir = tempdir(CLEANUP => 1);
my $rnn = ($ENV{BUILD} || 'build') . '/rnn';
ok(-x $rnn, 'there is a program');
my $sayings = abs_path('data/sayings.txt');
chdir $dir or die $!;
sub meta { my ($file, $key) = @_; rnn('info', $file); return $Rnn::out =~ /^\Q$key\E +(.*)$/m ? $1 : '' }
sub count { my ($text) = @_; return scalar(() = $text =~ /[^\x80-\xBF]/g) }
sub works { my ($what, @words) = @_; rnn(@words); return ok($Rnn::status == 0, $what, $Rnn::err) }

# ---- what is counted: twenty lines, of which two are held out
my @lines = map { 'line ' . ('x' x ($_ % 7)) . "é $_" } 1 .. 20;
spew('list', map { "$_\n" } @lines);
spew('gaps', "\n\n", join("\n\n\n", @lines));
spew('held', map { "$_\n" } @lines[ 18, 19 ]);
spew('learned', map { "$_\n" } @lines[ 0 .. 17 ]);
my @small = qw(train --hidden 6 --batch 3 --seed 3 --items line);
works('a list is learned', @small, qw(--steps 40 --save list.st --log list.tsv list));
my $report = $Rnn::out;
ok($report =~ /^items +18, and 2 held out$/m, 'two of twenty are held out', $report);
my @shown = split /\n/, $report =~ s/.*?\n\n//sr;
ok(@shown == 5 && !grep({ count($_) > 80 } @shown) && $report =~ /[^\n]\n\n\z/, 'five items are shown, of eighty letters at most', @shown);
ok($Rnn::err =~ /^Let it go on:   \S*\/rnn sample --load list.st --count 20$/m, 'and how to hear more', $Rnn::err);
is(meta('list.st', 'items'), 'line', 'the file knows that it is a list');
is(meta('list.st', 'held_out_characters'), count(join '', map { "$_\n" } @lines[ 18, 19 ]), 'and how much is held out');
my $longest = (sort { $b <=> $a } map { count($_) + 1 } @lines)[0];
is(meta('list.st', 'seq_len'), $longest, 'a sequence has room for the longest item and its end');
my ($bits) = $report =~ /^held out +([0-9.]+) bits/m;
rnn(qw(eval --load list.st held));
ok(abs(number_of('bits per character') - $bits) < 0.0006, 'what is held out costs what eval says of it');
is(number_of('characters'), count(join '', map { "$_\n" } @lines[ 18, 19 ]), 'its letters and its ends');
rnn(qw(eval --load list.st learned));
my ($training) = $report =~ /^training +([0-9.]+) bits/m;
ok(abs(number_of('bits per character') - $training) < 0.0006, 'so does what was trained on');
my $once = number_of('bits per character');
spew('reversed', map { "$_\n" } reverse @lines[ 0 .. 17 ]);
rnn(qw(eval --load list.st reversed));
is(number_of('bits per character'), $once, 'in any order, since each begins afresh');
my $all = 0;
for my $line (@lines[ 0 .. 17 ]) { spew('one', $line); rnn(qw(eval --load list.st one)); $all += number_of('bits per character') * number_of('characters') }
my $whole = count(join '', map { "$_\n" } @lines[ 0 .. 17 ]);
ok(abs($all / $whole - $once) < 0.0002, sprintf 'alone they cost together what they cost: %.4f', $all / $whole);
my $made = $whole * (40 / ((table('list.tsv'))[0]{step}));
ok($report =~ /^speed +(\d+) characters/m && abs($1 - $made) <= 40, "$1 characters were trained on, without what is empty: $made");
works('line breaks before and between items are no items', @small, qw(--steps 40 --save gaps.st gaps));
ok($Rnn::out =~ /^items +18, and 2 held out$/m, 'nor is the end of the text');
my @tensors = map { my $file = $_; join '', (rnn('info', '--format', 'json', $file)) =~ /("name":"(?:decoder|rnn).*?\})/g } 'list.st', 'gaps.st';
is($tensors[0], $tensors[1], 'and the same is learned');
works('with other threads', @small, qw(--steps 40 --threads 1 --batch 18 --save one.st list));
works('and more of them', @small, qw(--steps 40 --threads 3 --batch 18 --save three.st list));
ok(slurp('one.st') eq slurp('three.st'), 'the same bits');

# ---- what may be chosen
is((works('a short list', qw(train --hidden 4 --items line --steps 2 --save short.st held)) && meta('short.st', 'batch')), 2, 'has no more streams than items');
works('a sequence may be shorter than an item', @small, qw(--seq-len 4 --steps 60 --save pieces.st list));
is(meta('pieces.st', 'seq_len'), 4, 'if somebody wants it');
ok((table('list.tsv'))[0]{step} < 8, 'an epoch is a reading of all items');
spew('broad', map { ('y' x 200) . "\n" } 1 .. 3);
works('a very long item', @small, qw(--val-fraction 0 --steps 2 --save broad.st broad));
is(meta('broad.st', 'seq_len'), 128, 'is read in pieces');
works('streams to spare', @small, qw(--batch 40 --steps 3 list));
works('a text of its own to hold out', @small, qw(--steps 40 --save val.st --val held learned));
($bits) = $Rnn::out =~ /^held out +([0-9.]+) bits/m;
rnn(qw(eval --load val.st held));
ok(abs(number_of('bits per character') - $bits) < 0.0006, 'costs what eval says');
spew('open', slurp('learned') =~ s/\n\z//r);
works('also if the last item has no end', @small, qw(--steps 40 --save open.st --val held open));
ok($Rnn::out =~ /^items +18, and 2 held out$/m && $Rnn::out =~ /^held out +\Q$bits\E bits/m, 'which does not run into what is held out', $Rnn::out);
works('nothing held out', @small, qw(--val-fraction 0 --steps 5 --save none.st list));
ok($Rnn::out =~ /^items +20, and 0 held out$/m && !-e 'none.last.st', 'all are learned', $Rnn::out);
works('half of them', @small, qw(--val-fraction 0.5 --steps 5 list));
ok($Rnn::out =~ /^items +10, and 10 held out$/m, 'are held out', $Rnn::out);
for my $cell (qw(gru lstm)) { works("a $cell", @small, '--cell', $cell, qw(--steps 5 list)) }
spew('single', 'a single line');
works('a single item without an end', @small, qw(--steps 3 --save single.st single));
ok($Rnn::out =~ /^items +1, and 0 held out$/m && meta('single.st', 'vocabulary') =~ /^\\n /, 'gets one', $Rnn::out);
spew('breaks', "\n\n\n");
refuses(1, 'nothing but line breaks', 'breaks: there is nothing in it but line breaks', @small, 'breaks');
refuses(1, 'nothing else to train on', 'breaks: there is nothing in it but line breaks', @small, qw(--val held breaks));
refuses(1, 'nothing else to measure', 'breaks: there is nothing in it but line breaks', qw(eval --load list.st breaks));
spew('pair', "\n\n");
refuses(1, 'nothing but line breaks held out', 'pair: there is nothing in it but line breaks', @small, qw(--val pair list));
refuses(1, 'of paragraphs too', 'pair: there is nothing in it but line breaks', qw(train --items paragraph --val pair list));
refuses(2, 'items that there are not', '--items takes none or line or paragraph, not “word”', @small, qw(--items word list));

# ---- lines of Windows: the line that is named is the first of them, in the file that has it
spew('unix', "one\n\ntwo\rthree\n");
spew('windows', "one\n\rtwo\n\nthree\r\n\r\nfour\r\n" x 9);
sub returns { my ($name, $line, $file) = @_; return "$name: line $line ends with \\r\\n, as lines of Windows do; in a list of items, \\r would be a letter\n     this takes it off:  tr -d '\\r' < $file > NEW\n" }
for my $kind (qw(line paragraph)) {
    my @list = (qw(train --hidden 4 --steps 3 --items), $kind);
    refuses(1, "a list of Windows, $kind", returns('windows', 4, 'windows'), @list, 'windows');
    refuses(1, 'as the second of two', returns('windows', 4, 'windows'), @list, 'list', 'windows');
    refuses(1, 'to be held out', returns('windows', 4, 'windows'), @list, qw(--val windows list));
    works('a list of Unix with a \\r in it', @list, qw(--save unix.st list unix));
    refuses(1, 'a list of Windows, measured', returns('windows', 4, 'windows'), qw(eval --load unix.st windows));
    $Rnn::input = 'windows';
    refuses(1, 'from a pipe', returns('standard input', 4, 'FILE'), @list, '-');
    $Rnn::input = '/dev/null';
}
works('a text of Windows is a text', qw(train --hidden 4 --batch 1 --seq-len 5 --steps 3 windows));

# ---- paragraphs
spew('verses', "one a\ntwo b\n\n\none c\ntwo d\n\none e\ntwo f\n");
my @verses = qw(train --hidden 12 --items paragraph --val-fraction 0 --lr 0.02 --steps 400 --save verses.st verses);
works('verses are learned', @verses);
ok($Rnn::out =~ /^items +3, and 0 held out$/m, 'three of them', $Rnn::out);
my $verses = rnn(qw(sample --load verses.st --count 12 --temperature 0.5 --seed 2));
my @said = split /\n\n/, $verses;
ok(@said == 12 && $verses =~ /\n\n\z/ && $verses !~ /\n\n\n/, 'and drawn, each with its end', $verses);
my $right = grep { /\Aone [ace]\ntwo [bdf]\z/ } @said;
ok($right >= 10, "$right of 12 are as they should be", $verses);

# ---- going on
for my $set ([ 'p', '--items', 'line', 'list' ], [ 'q', '--items', 'line', '--val', 'held', 'learned' ], [ 'r', '--items', 'line', '--seq-len', 3, 'list' ]) {
    my ($name, @what) = @$set;
    my @begin = (qw(train --hidden 5 --batch 3 --seed 8 --schedule constant), @what);
    works("@what", @begin, qw(--epochs 4 --save), "${name}w.st");
    works('for half of the time', @begin, qw(--epochs 2 --save), "${name}k.st");
    works('and on', 'train', '--resume', "${name}k.st", qw(--epochs 4), grep { !/^--(items|seq-len)|^line$|^3$/ } @what);
    ok(slurp("${name}w.last.st") eq slurp("${name}k.last.st"), 'to the same bits');
}
refuses(1, 'not as a text', '--items: the run in pk.st has another one, which cannot change', 'train', '--resume', 'pk.st', qw(--items none --steps 99 list));
works('the same may be said', 'train', '--resume', 'pk.st', qw(--items line --val-fraction 0.1 --epochs 6 list));
refuses(1, 'another share', '--val-fraction: the run in pk.st has held out', 'train', '--resume', 'pk.st', qw(--val-fraction 0.5 --epochs 9 list));
works('a list may go on with a network of a text', @small, qw(--hidden 6 --steps 3 --save text.st), '--items', 'none', '--seq-len', 5, 'list');
works('and so it does', qw(train --items line --init text.st --steps 3 list));
# A file that calls its network one of items, though it was trained on a text: in what is held out, no item begins; or there is no line break.
sub called_list { my ($file) = @_; my $old = slurp($file); my $size = unpack 'Q<', $old; my $header = substr($old, 8, $size) =~ s/"hidden":/"items":"line","hidden":/r; spew($file, pack('Q<', length $header), $header, substr $old, 8 + $size) }
spew('lengthy', "short\n", 'long ' x 30);
my @plain = qw(train --hidden 6 --batch 1 --seq-len 5 --steps 2 --save);
works('a text with a long last line', @plain, 'lengthy.st', 'lengthy');
called_list($_) for 'lengthy.st', 'lengthy.last.st';
refuses(1, 'nothing held out that is an item', 'lengthy.st: what it has held out is no item of this text', qw(train --resume lengthy.st --steps 9 lengthy));
spew('unbroken', 'abc ' x 30);
works('a text in one line', @plain, 'unbroken.st', 'unbroken');
called_list('unbroken.st');
my $endless = 'unbroken.st: it was taught a list of items, and does not know the line break that ends each of them';
refuses(1, 'items without ends, measured', $endless, qw(eval --load unbroken.st unbroken));
refuses(1, 'heard', $endless, qw(sample --load unbroken.st));
refuses(1, 'gone on with', $endless, qw(train --resume unbroken.st --steps 9 unbroken));

# ---- the sayings of the book's data, in two alphabets and with pictures
my $text = slurp($sayings);
my %known = map { $_ => 1 } split /\n/, $text;
is(scalar(keys %known), 120, 'there are 120 sayings, and no two alike');
works('they are learned', qw(train --items line --hidden 128 --val-fraction 0 --steps 1500 --seed 4 --save sayings.st), $sayings);
my ($left) = $Rnn::out =~ /^training +([0-9.]+) bits/m;
ok($left < 0.6, "to $left bits a character");
my $drawn = rnn(qw(sample --load sayings.st --count 60 --temperature 0.4 --seed 6));
my @drawn = split /\n/, $drawn;
my $true = grep { $known{$_} } @drawn;
my %different = map { $_ => 1 } grep { $known{$_} } @drawn;
ok(@drawn == 60 && $drawn =~ /\n\z/, 'sixty are drawn, a line each', $drawn);
ok($true >= 40, "$true of them are sayings of the list", $drawn);
ok(keys %different >= 15, keys(%different) . ' different ones');
ok((grep { /^[A-Z]/ } keys %different) >= 4 && (grep { /^\xD0/ } keys %different) >= 4, 'in both alphabets');
ok((grep { /\xF0\x9F/ } keys %different) >= 4, 'some with a picture');
my $begun = rnn('sample', '--load', 'sayings.st', '--prompt', 'The bell', '--temperature', 0);
is($begun, "The bell does not hear itself ring. \xF0\x9F\x94\x94\n", 'one that is begun is said to its end');
ok(length(rnn(qw(sample --load sayings.st --until), '.')) > 0 && $Rnn::out =~ /\A[^.]*\.\z/, 'another end may be asked for');

done_testing;
