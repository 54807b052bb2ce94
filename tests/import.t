#!/usr/bin/env perl
# Networks that PyTorch would have saved in its own ways: characters in the order of a text, one bias or none, halves, layers with other
# names. Each has to think as its twin does, which was written as rnn writes it. Prints TAP; run by `make check`, or alone.
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
our ($m, $n) = (4, 2);
my @sorted = ("\n", 'a', 'b', "é");
my @met = ('b', "é", "\n", 'a');                   # as they come in the text
my @column = (2, 3, 0, 1);                         # of each of the sorted ones, in the order of the text
my $text = "bé\nabba\néb\n";
spew('text', $text);
my $seed = 7;
sub number { $seed = ($seed * 1103 + 12345) % 65536; return ($seed % 65 - 32) / 16 }
# F16 by hand: of multiples of 1/16 up to 2, exactly.
sub half {
    my ($x) = @_;
    return 0 if $x == 0;
    my ($sign, $size, $exponent) = ($x < 0 ? 0x8000 : 0, abs $x, 15);
    while ($size >= 2) { $size /= 2; $exponent++ }
    while ($size < 1)  { $size *= 2; $exponent-- }
    return $sign | $exponent << 10 | ($size - 1) * 1024;
}
my %pack = (F32 => sub { pack 'f<*', @_ }, F64 => sub { pack 'd<*', @_ }, F16 => sub { pack 'S<*', map { half($_) } @_ },
    BF16 => sub { pack 'S<*', map { unpack('L<', pack 'f<', $_) >> 16 } @_ });

# A network of a cell, as rnn writes it: its six arrays in the order of the sorted characters.
sub drawn {
    my ($gates) = @_;
    my $w = $gates * $n;
    my %net = (w => $w);
    $net{$_->[0]} = [ map { number() } 1 .. $_->[1] ] for [ W_xh => $w * $m ], [ W_hh => $w * $n ], [ b_ih => $w ], [ b_hh => $w ], [ W_hy => $m * $n ], [ b_y => $m ];
    return \%net;
}
sub shuffled {      # the same with its characters in the order of the text
    my ($net) = @_;
    my %other = %$net;
    $other{W_xh} = [ map { my $r = $_; map { my $k = $_; my ($i) = grep { $column[$_] == $k } 0 .. 3; $net->{W_xh}[ $r * $m + $i ] } 0 .. 3 } 0 .. $net->{w} - 1 ];
    $other{W_hy} = [ map { my $k = $_; my ($i) = grep { $column[$_] == $k } 0 .. 3; @{ $net->{W_hy} }[ $i * $n .. $i * $n + $n - 1 ] } 0 .. 3 ];
    $other{b_y} = [ map { my $k = $_; my ($i) = grep { $column[$_] == $k } 0 .. 3; $net->{b_y}[$i] } 0 .. 3 ];
    return \%other;
}
sub saved {         # saved($file, $net, \%strings, \%names, $type): a name that is '' is left out
    my ($file, $net, $strings, $names, $type) = @_;
    my %name = (W_xh => 'rnn.weight_ih_l0', W_hh => 'rnn.weight_hh_l0', b_ih => 'rnn.bias_ih_l0', b_hh => 'rnn.bias_hh_l0', W_hy => 'decoder.weight', b_y => 'decoder.bias', %$names);
    my %shape = (W_xh => [ $net->{w}, $m ], W_hh => [ $net->{w}, $n ], b_ih => [ $net->{w} ], b_hh => [ $net->{w} ], W_hy => [ $m, $n ], b_y => [$m]);
    tensors($file, $strings, map { $name{$_} eq '' ? () : ($name{$_} => [ $type, $shape{$_}, $pack{$type}->(@{ $net->{$_} }) ]) } keys %shape);
}
my $in_order = { vocabulary => '\nabé' };
sub thinks { my ($file) = @_; rnn('eval', '--load', $file, 'text'); return $Rnn::status ? "no: $Rnn::err" : $Rnn::out }
sub imports {       # imports($what, $twin, @words): works, and thinks as the twin does
    my ($what, $twin, @words) = @_;
    unlink 'new.st';
    rnn('import', '--save', 'new.st', @words, 'theirs.st');
    return ok($Rnn::status == 0, $what, $Rnn::err) && is(thinks('new.st'), thinks($twin), 'and it thinks as its twin does');
}

for my $cell ([ rnn => 1 ], [ gru => 3 ], [ lstm => 4 ]) {
    my ($name, $gates) = @$cell;
    my $net = drawn($gates);
    saved('ours.st', $net, { %$in_order, cell => $name }, {}, 'F32');
    my $other = shuffled($net);
    for my $type (qw(F32 F64 F16 BF16)) {
        saved('theirs.st', $other, {}, {}, $type);
        imports("a $name in $type, with the characters of a text", 'ours.st', '--vocab', 'text');
    }
    rnn('info', 'new.st');
    ok($Rnn::out =~ /^cell +$name$/m && $Rnn::out =~ /^vocabulary +\\nabé$/m && $Rnn::out =~ /^rnn\.weight_ih_l0 +F32 +\d/m, 'which is a file of ours');
    is(rnn('sample', '--load', 'new.st', '--seed', 3), rnn('sample', '--load', 'ours.st', '--seed', 3), 'and says the same');
    saved('theirs.st', $net, $in_order, {}, 'F32');
    imports('one that is in order already', 'ours.st');
    saved('theirs.st', $other, { vocabulary => 'bé\na' }, {}, 'F32');
    imports('one whose metadata have another order', 'ours.st');
    for my $set ([ 'one bias', 'b_hh' ], [ 'the other bias', 'b_ih' ], [ 'no bias in the hidden layer', 'b_ih', 'b_hh' ], [ 'no bias at all', qw(b_ih b_hh b_y) ]) {
        my ($what, @gone) = @$set;
        saved('theirs.st', $other, {}, { map { $_ => '' } @gone }, 'F32');
        saved('twin.st', { %$net, map { $_ => [ (0) x @{ $net->{$_} } ] } @gone }, { %$in_order, cell => $name }, {}, 'F32');
        imports("a $name with $what", 'twin.st', '--vocab', 'text');
    }
    my %names = (W_xh => 'model.cell.weight_ih_l0', W_hh => 'model.cell.weight_hh_l0', b_ih => 'model.cell.bias_ih_l0', b_hh => 'model.cell.bias_hh_l0', W_hy => 'model.weight.head.weight', b_y => 'model.weight.head.bias');
    saved('theirs.st', $other, {}, \%names, 'F32');
    imports('other names', 'ours.st', '--vocab', 'text');
    saved('theirs.st', $other, {}, { W_xh => 'weight_ih_l0', W_hh => 'weight_hh_l0', b_ih => 'bias_ih_l0', b_hh => 'bias_hh_l0' }, 'F32');
    imports('or none', 'ours.st', '--vocab', 'text');
}

# ---- the list of characters
my $net = drawn(1);
saved('ours.st', $net, { %$in_order, cell => 'rnn' }, {}, 'F32');
saved('theirs.st', shuffled($net), {}, {}, 'F32');
spew('order', "bé\na");
imports('a list without an end', 'ours.st', '--vocab', 'order');
$Rnn::input = 'text';
imports('or from the standard input', 'ours.st', '--vocab', '-');
$Rnn::input = '/dev/null';
{
    local $m = 3;
    saved('theirs.st', { w => 2, W_xh => [ 1 .. 6 ], W_hh => [ 1 .. 4 ], b_ih => [ 1, 2 ], b_hh => [ 1, 2 ], W_hy => [ 1 .. 6 ], b_y => [ 1 .. 3 ] }, {}, {}, 'F32');
    spew('lined', "béa\n");
    rnn(qw(import --save new.st --vocab lined theirs.st));
    ok($Rnn::status == 0 && (rnn(qw(info new.st)) =~ /^vocabulary +abé$/m), 'the line break at the end of a list is no character of it', $Rnn::err);
    spew('lined', "bé\na");
    refuses(1, 'one within it is', 'lined: 4 different characters, and the network in theirs.st has columns for 3', qw(import --save new.st --vocab lined theirs.st));
}
saved('theirs.st', shuffled($net), {}, {}, 'F32');
spew('few', 'ab');
unlink 'new.st';
my @import = qw(import --save new.st theirs.st);
refuses(1, 'too few characters', 'few: 2 different characters, and the network in theirs.st has columns for 4', @import, '--vocab', 'few');
refuses(1, 'no list at all', 'theirs.st: no vocabulary in its metadata; name a file with --vocab', @import);
refuses(1, 'a list that is not there', 'none: No such file', @import, '--vocab', 'none');
saved('theirs.st', $net, { vocabulary => 'ab' }, {}, 'F32');
refuses(1, 'metadata with too few', 'its vocabulary: 2 different characters, and', @import);

# ---- what is no such network
sub strange { my ($what, $message, $names, @more) = @_; saved('theirs.st', $net, $in_order, $names, 'F32'); return refuses(1, $what, $message, @import, @more) }
strange('no input weights', 'theirs.st: no tensors that end in weight_ih_l0 and weight_hh_l0 and belong together', { W_xh => 'x' });
strange('no recurrent weights', 'no tensors that end in', { W_hh => 'x' });
tensors('theirs.st', $in_order, 'rnn.weight_ih_l0' => [ 'F32', [ 4, 3 ], pack 'f<*', (0) x 12 ], 'rnn.weight_hh_l0' => [ 'F32', [ 4, 0 ], '' ]);
refuses(1, 'recurrent weights without a column', 'no tensors that end in', @import);
tensors('theirs.st', $in_order, 'rnn.weight_ih_l0' => [ 'F32', [ 4, 0 ], '' ], 'rnn.weight_hh_l0' => [ 'F32', [ 4, 4 ], pack 'f<*', (0) x 16 ]);
refuses(1, 'input weights without a column', 'no tensors that end in', @import);
strange('an end that is only a part of a word', 'no tensors that end in', { W_xh => 'my_weight_ih_l0' });
strange('a second layer', '“rnn.weight_hh_l1” is of a second layer; only one layer', { b_y => 'rnn.weight_hh_l1' });
strange('a way back', '“rnn.weight_ih_l0_reverse” is of a second layer', { b_y => 'rnn.weight_ih_l0_reverse' });
strange('two networks', '“a.weight_hh_l0” and “rnn.weight_hh_l0” both end in weight_hh_l0; one network at a time', { b_y => 'a.weight_hh_l0' });
strange('no last layer', 'theirs.st: no last layer: a tensor of shape 4 × 2 whose name ends in .weight', { W_hy => 'x' });
strange('none of that name', 'theirs.st: no last layer of the name head: a tensor', {}, '--decoder', 'head');
strange('none of half that name', 'no last layer of the name decode:', {}, '--decoder', 'decode');
strange('none that differs in its last letter', 'no last layer of the name decodeR:', {}, '--decoder', 'decodeR');
strange('none of a longer name', 'no last layer of the name decoder2:', {}, '--decoder', 'decoder2');
strange('none where the layer has no name', 'no last layer of the name x:', { W_hy => 'weight' }, '--decoder', 'x');
strange('a bias of another length', '“decoder.bias” is no bias of length 4', { b_ih => 'decoder.bias', b_y => 'x' });
for my $decoder ('one', 'two', '') {
    my %bytes = map { $_ => pack 'f<*', map { number() } 1 .. 8 } qw(one two);
    my @shared = ('rnn.weight_ih_l0' => [ 'F32', [ 2, 4 ], pack 'f<*', 1 .. 8 ], 'rnn.weight_hh_l0' => [ 'F32', [ 2, 2 ], pack 'f<*', .1, .2, .3, .4 ]);
    tensors('theirs.st', $in_order, @shared, 'one.weight' => [ 'F32', [ 4, 2 ], $bytes{one} ], 'two.weight' => [ 'F32', [ 4, 2 ], $bytes{two} ]);
    if ($decoder) {
        tensors('twin.st', $in_order, @shared, 'decoder.weight' => [ 'F32', [ 4, 2 ], $bytes{$decoder} ], 'decoder.bias' => [ 'F32', [4], pack 'f<*', (0) x 4 ], map { $_ => [ 'F32', [2], pack 'f<*', 0, 0 ] } qw(rnn.bias_ih_l0 rnn.bias_hh_l0));
        imports("the layer called $decoder", 'twin.st', '--decoder', $decoder);
    } else {
        refuses(1, 'two last layers', '“one.weight” and “two.weight” could both be the last layer; say which with --decoder NAME', @import);
    }
}
my $odd = { w => 4, W_xh => [ 1 .. 16 ], W_hh => [ 1 .. 8 ], b_ih => [ 1 .. 4 ], b_hh => [ 1 .. 4 ], W_hy => [ 1 .. 8 ], b_y => [ 1 .. 4 ] };
saved('theirs.st', $odd, $in_order, {}, 'F32');
refuses(1, 'two rows for a unit', '“rnn.weight_hh_l0” has 2 rows for each unit; a cell has 1, 3 or 4', @import);
saved('theirs.st', $net, $in_order, {}, 'F32');
spew('theirs.st', slurp('theirs.st') =~ s/"F32","shape":\[2,4\],"data_offsets":\[(\d+),(\d+)\]/"I32","shape":[2,4],"data_offsets":[$1,$2]/r);
refuses(1, 'whole numbers', '“rnn.weight_ih_l0” has type I32; only F64, F32, F16 and BF16 can be read', @import);
saved('theirs.st', { %$net, b_hh => [ 1, 9**9**9 ] }, $in_order, {}, 'F32');
refuses(1, 'an infinite number', 'number 1 of “rnn.bias_hh_l0” is not finite', @import);
ok(!-e 'new.st' || !grep({ /^\.rnn-/ } glob '.rnn-*'), 'nothing half-made is left');

# ---- what no command would load
# Numbers are bounded by the root of the largest, nearly 2**64; two biases by their sum, but for what a GRU keeps apart. Each row: whether it is
# accepted, a cell, and what stands in some arrays at one place.
for my $row ([ 1, 1, 1, W_xh => 2**63.9 ], [ 0, 1, 1, W_xh => 2**64.1 ], [ 0, 1, 1, W_hh => -2**64.1 ], [ 0, 1, 1, W_hy => 3e38 ], [ 0, 1, 1, b_y => 3e38 ],
    [ 1, 1, 1, b_ih => 2**62.9, b_hh => 2**62.9 ], [ 0, 1, 1, b_ih => 2**63.1, b_hh => 2**63.1 ], [ 0, 1, 1, b_ih => 3e38, b_hh => 3e38 ],
    [ 0, 3, 3, b_ih => 2**63.1, b_hh => 2**63.1 ], [ 1, 3, 4, b_ih => 2**63.1, b_hh => 2**63.1 ], [ 0, 3, 4, b_hh => 2**64.1 ], [ 0, 4, 7, b_ih => 2**63.1, b_hh => 2**63.1 ]) {
    my ($accepted, $gates, $place, %large) = @$row;
    my $net = drawn($gates);
    $net->{$_}[$place] = $large{$_} for keys %large;
    my $what = join ', ', "cell of $gates", map { "$_ $large{$_}" } sort keys %large;
    saved('theirs.st', $net, $in_order, {}, 'F32');
    is(thinks('theirs.st') =~ /^no/ ? 0 : 1, $accepted, "$what: loaded or not");
    for my $command ('import', 'export') {
        unlink 'new.st';
        if ($accepted) { rnn($command, qw(--save new.st theirs.st)); ok($Rnn::status == 0 && thinks('new.st') !~ /^no/, $command, $Rnn::err) }
        else { refuses(1, $command, 'theirs.st: its numbers are impossible: a parameter past all bounds', $command, qw(--save new.st theirs.st)) && ok(!-e 'new.st', 'and nothing is saved') }
    }
}
saved('theirs.st', { %$net, b_y => [ 0, 1e25, 0, 0 ] }, $in_order, {}, 'F64');
refuses(1, 'of a double as well', 'a parameter past all bounds', @import);

# ---- where it goes
saved('theirs.st', $net, $in_order, {}, 'F32');
my $theirs = slurp('theirs.st');
refuses(2, 'nowhere', '--save FILE is missing', qw(import theirs.st));
refuses(2, 'nothing', 'the name of a file is missing', qw(import --save new.st));
refuses(1, 'over itself', 'theirs.st: this file would be used for two things', qw(import --save theirs.st theirs.st));
refuses(1, 'over the list', 'text: this file would be used for two things', qw(import --save text --vocab text theirs.st));
refuses(1, 'over something else', 'order: a file of this name is there, and it is no network of rnn; nothing is written over it', qw(import --save order theirs.st));
refuses(1, 'into no folder', 'no/new.st: cannot save: No such file', qw(import --save no/new.st theirs.st));
refuses(1, 'out of nothing', 'none.st: No such file', qw(import --save new.st none.st));
is(slurp('theirs.st'), $theirs, 'what was there is there');
saved('other.st', $net, $in_order, {}, 'F32');
refuses(1, 'over a network of somebody else', 'other.st: a file of this name is there, and it is no network of rnn; nothing is written over it', qw(import --save other.st theirs.st));
is(slurp('other.st'), $theirs, 'which is there too');
rnn(qw(import --save new.st theirs.st)) for 1, 2;
ok($Rnn::status == 0, 'a network may be replaced by a network', $Rnn::err);
rnn(qw(train --init new.st --batch 1 --seq-len 3 --steps 3 text));
ok($Rnn::status == 0, 'and training may go on with it', $Rnn::err);


# ---- and back
# export gives what saved() writes in that order, with those names and in that type, and import gives the network back.
for my $cell ([ rnn => 1 ], [ gru => 3 ], [ lstm => 4 ]) {
    my ($name, $gates) = @$cell;
    my $net = drawn($gates);
    saved('ours.st', $net, { %$in_order, cell => $name }, {}, 'F32');
    rnn(qw(import --save plain.st ours.st));
    rnn(qw(export --save out.st ours.st));
    ok($Rnn::status == 0 && slurp('out.st') eq slurp('plain.st'), "a $name as it is", $Rnn::err);
    for my $type (qw(F32 F16 BF16)) {
        my %names = (W_xh => 'l.weight_ih_l0', W_hh => 'l.weight_hh_l0', b_ih => 'l.bias_ih_l0', b_hh => 'l.bias_hh_l0', W_hy => 'my.head.weight', b_y => 'my.head.bias');
        saved('theirs.st', shuffled($net), { vocabulary => 'bé\na', cell => $name, format => 'pt', program => 'rnn' }, \%names, $type);
        rnn(qw(export --vocab text --layer l --decoder my.head --save out.st), '--type', $type, 'ours.st');
        ok($Rnn::status == 0 && numbers('out.st') eq numbers('theirs.st'), "a $name in $type, in the order of a text, with other names", $Rnn::err);
        rnn(qw(import --save back.st out.st));
        ok($Rnn::status == 0 && slurp('back.st') eq slurp('plain.st'), 'and back', $Rnn::err);
    }
}
# A file without the spaces that end its header, which are the writer's own.
sub numbers { my ($file) = @_; my $bytes = slurp($file); my $size = unpack 'Q<', $bytes; return substr($bytes, 8, $size) =~ s/ +$//r . substr $bytes, 8 + $size }
rnn('export', '--layer', '', '--decoder', '', qw(--save out.st ours.st));
ok($Rnn::status == 0 && join(' ', sort map { /^(\S+) +F32 /m ? $1 : () } split /\n/, rnn(qw(info out.st))) eq 'bias bias_hh_l0 bias_ih_l0 weight weight_hh_l0 weight_ih_l0', 'layers without names', $Rnn::out);

# Halves are rounded to the nearer neighbour, and to the even one half-way between two; what is too large is refused. Each row: a number, and what
# it becomes in F16 and in BF16.
for my $row ([ 1 + 2**-11, 1, 1 ], [ 1 + 3 * 2**-11, 1 + 2**-9, 1 ], [ 1 + 2**-11 + 2**-20, 1 + 2**-10, 1 ], [ -(1 + 2**-8), -(1 + 2**-8), -1 ],
    [ 1 + 3 * 2**-8, 1 + 3 * 2**-8, 1 + 2**-6 ], [ 2 - 2**-12, 2, 2 ], [ 2**-24, 2**-24, 2**-24 ], [ 2**-25, 0, 2**-25 ], [ 3 * 2**-25, 2**-23, 3 * 2**-25 ],
    [ 2**-14 - 2**-26, 2**-14, 2**-14 ], [ 2**-15 + 2**-24, 2**-15 + 2**-24, 2**-15 ], [ 65504, 65504, 65536 ], [ 65519, 65504, 65536 ], [ 65520, undef, 65536 ],
    [ 2**-133, 0, 2**-133 ], [ 2**-134, 0, 0 ], [ -70000, undef, -137 * 512 ], [ 3.3895313892515355e38, undef, 3.3895313892515355e38 ], [ 3.4e38, undef, undef ], [ 0, 0, 0 ]) {
    my ($number, @should) = @$row;
    saved('ours.st', { %$net, b_y => [ 0, $number, 0, 0 ] }, { %$in_order, cell => 'rnn' }, {}, 'F32');
    for my $type (qw(F16 BF16)) {
        my $should = shift @should;
        unlink 'out.st';
        my @words = ('export', '--type', $type, qw(--save out.st ours.st));
        if (defined $should) {
            rnn(@words);
            my $said = $Rnn::err;
            rnn(qw(info --format json out.st));
            my ($least, $most) = map { $Rnn::out =~ /"decoder\.bias"[^}]*?"$_":([^,}]+)/s ? $1 : 'none' } qw(min max);
            ok(($number < 0 ? $least : $most) == $should, "$number in $type is $should", $said, "$least … $most");
        } else {
            refuses(1, "$number is too large for $type", "ours.st: number 1 of what would be “decoder.bias” is too large for $type", @words);
            ok(!-e 'out.st', 'and nothing is saved');
        }
    }
}

saved('ours.st', $net, { %$in_order, cell => 'rnn' }, {}, 'F32');
my @export = qw(export --save out.st ours.st);
refuses(2, 'nowhere', '--save FILE is missing', qw(export ours.st));
refuses(2, 'a name that is no text', '--layer: not UTF-8', @export, '--layer', "a\xE9");
refuses(2, 'nor is this', '--decoder: not UTF-8', @export, '--decoder', "\xFF");
refuses(2, 'another type', '--type', @export, '--type', 'F64');
refuses(1, 'too long a name', 'is too long for a name', @export, '--layer', 'x' x 401);
spew('strangers', 'abéx');
refuses(1, 'an order of other characters', 'strangers: line 1, character 4: U+0078', @export, '--vocab', 'strangers');
refuses(1, 'an order of fewer', 'few: 2 different characters, and the network in ours.st has columns for 4', @export, '--vocab', 'few');
refuses(1, 'over itself', 'ours.st: this file would be used for two things', qw(export --save ours.st ours.st));
refuses(1, 'over the list', 'text: this file would be used for two things', qw(export --save text --vocab text ours.st));
refuses(1, 'over something else', 'order: a file of this name is there, and it is no network of rnn; nothing is written over it', qw(export --save order ours.st));
rnn(@export, '--layer', 'x' x 400);
ok($Rnn::status == 0, 'a name may be long', $Rnn::err);

done_testing;
