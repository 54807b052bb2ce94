#!/usr/bin/env perl
# What `rnn info` says of a file: of files with known numbers, to the letter. Prints TAP; run by `make check`, or alone.
use strict;
use warnings;
use File::Temp qw(tempdir);
use lib 'tests';
use Rnn;
use Tap;

my $dir = tempdir(CLEANUP => 1);
my $rnn = ($ENV{BUILD} || 'build') . '/rnn';
ok(-x $rnn, 'there is a program');
my $file = "$dir/file.st";
my $head = "                        type  shape               mean       std       min       max      norm\n";

# ---- the table
tensors($file, { });
prints('nothing at all', "0 tensors, 0 numbers\n", 'info', $file);
tensors($file, { b => 'two\nlines', a => 'one' });
prints('strings alone, in the order of their keys', "a                       one\nb                       two\\nlines\n0 tensors, 0 numbers\n", 'info', $file);
tensors($file, { k => 'v' },
    'a.matrix' => [ 'F32', [ 2, 2 ], pack 'f<*', 1, 2, 3, 6 ],
    'b.single' => [ 'F64', [], pack 'd<', -0.5 ],
    'c.nothing' => [ 'F32', [ 3, 0 ], '' ],
    'd.strange' => [ 'F32', [4], pack 'L<*', 0x7F800000, 0x40000000, 0x7FC00000, 0xC0000000 ],
    'e.strangest' => [ 'F16', [1], pack 'S<', 0xFC00 ],
    'f.long.name.of.a.tensor.here' => [ 'I8', [ 1, 1, 1, 1, 3, 1 ], pack 'c*', -3, 0, 3 ],
    'g.bool' => [ 'BOOL', [4], pack 'C*', 1, 0, 1, 1 ],
    "h.wide" => [ 'U8', [ 1000, 3 ], "\1" x 3000 ],
    'i.as.wide.as.its.column' => [ 'U8', [ 1, 1, 1, 1 ], "\7" ]);
prints('tensors, in the order of their names', "k                       v\n" . $head . <<'END', 'info', $file);
a.matrix                F32   2 × 2                  3     1.871         1         6     7.071
b.single                F64                       -0.5         0      -0.5      -0.5       0.5
c.nothing               F32   3 × 0
d.strange               F32   4                      0         2        -2         2     2.828  and 2 that are not finite
e.strangest             F16   1  and 1 that are not finite
f.long.name.of.a.tensor.here I8    1 × 1 × 1 × 1 × 3 × 1          0     2.449        -3         3     4.243
g.bool                  BOOL  4                   0.75     0.433         0         1     1.732
h.wide                  U8    1000 × 3               1         0         1         1     54.77
i.as.wide.as.its.column U8    1 × 1 × 1 × 1          7         0         7         7         7
9 tensors, 3018 numbers
END
# A large mean and a small spread: 1e9 + 0, 1, 2 has a variance of 2/3, of which the squares know nothing.
tensors($file, {}, x => [ 'F64', [3], pack 'd<*', 1e9, 1e9 + 1, 1e9 + 2 ]);
rnn('info', '--format', 'json', $file);
my ($std) = $Rnn::out =~ /"std":([0-9.e+-]+)/;
ok(abs($std - sqrt(2 / 3)) < 1e-7, "a small spread about a large mean: $std");
ok($Rnn::out =~ /"min":1000000000,"max":1000000002,/, 'and its ends, far above their distances from the mean', $Rnn::out);
# Numbers whose squares, or whose distance, are past all bounds: no figure is, but the length of what is longer than that. So it is wherever they come.
tensors($file, {}, a => [ 'F64', [2], pack 'd<*', 1.7e308, -1.7e308 ], b => [ 'F64', [4], pack 'd<*', 1e200, 1e200, 3e200, 3e200 ],
    c => [ 'F64', [3], pack 'd<*', 1, 2, 3 ], d => [ 'F64', [4], pack 'd<*', 5, 1e160, 1e160, 5 ], e => [ 'F64', [2], pack 'd<*', 3e150, 4e150 ]);
prints('numbers past all squares', $head . <<'END', 'info', $file);
a                       F64   2                      0  1.7e+308 -1.7e+308  1.7e+308       inf
b                       F64   4                 2e+200    1e+200    1e+200    3e+200 4.472e+200
c                       F64   3                      2    0.8165         1         3     3.742
d                       F64   4                 5e+159    5e+159         5    1e+160 1.414e+160
e                       F64   2               3.5e+150    5e+149    3e+150    4e+150    5e+150
5 tensors, 15 numbers
END
# A type as long as its column and longer.
tensors($file, {}, a => [ 'F8_E4M3', [ 2, 2 ], "\x38" x 4 ], b => [ 'F8_E5M2', [], "\x3C" ], c => [ 'BF16', [1], "\x80\x3F" ]);
prints('long names of types', $head . <<'END', 'info', $file);
a                       F8_E4M3 2 × 2                1         0         1         1         2
b                       F8_E5M2                      1         0         1         1         1
c                       BF16  1                      1         0         1         1         1
3 tensors, 6 numbers
END
# More numbers than are read at once, with the first, the last and those on a border told apart.
my @numbers = (0) x 5000;
@numbers[ 0, 2047, 2048, 4999 ] = (1, 20, 300, -4000);
tensors($file, {}, x => [ 'F32', [5000], pack 'f<*', @numbers ]);
prints('all of them', $head . sprintf("x                       F32   5000          %10.4g %9.4g %9.4g %9.4g %9.4g\n1 tensors, 5000 numbers\n",
    -3679 / 5000, sqrt((1 + 400 + 90000 + 16e6) / 5000 - (3679 / 5000) ** 2), -4000, 300, sqrt(1 + 400 + 90000 + 16e6)), 'info', $file);

# ---- what a terminal would obey
my ($bell, $wipe) = ("\e]0;pwned\a", "\e[2J\xC2\x9B31m\xE2\x80\xAEabc\xE2\x81\xA9\x7F");
my ($bell_there, $wipe_there) = map { s/([\0-\x1F])/sprintf '\\u%04x', ord $1/ger } $bell, $wipe;
my $wipe_shown = '\x1B[2J\u009B31m\u202Eabc\u2069\x7F';
tensors($file, { cell => $bell_there, $wipe_there => 'é‽', vocabulary => 'ab' }, $wipe_there => [ 'F32', [ 1, 2 ], pack 'f<*', 1, 1 ]);
prints('is spelt in the table', "$wipe_shown é‽\ncell                    \\x1B]0;pwned\\x07\nvocabulary              ab\n$head$wipe_shown F32   1 × 2                  1         0         1         1     1.414\n1 tensors, 2 numbers\n", 'info', $file);
rnn('info', '--format', 'json', $file);
ok($Rnn::status == 0 && $Rnn::out !~ /[\0-\x09\x0B-\x1F\x7F]|\xC2[\x80-\x9F]|\xE2\x80\xAE/ && $Rnn::out =~ /"\\u001b\[2J\\u009b31m\\u202eabc\\u2069\\u007f":"é‽"/, 'and in JSON', $Rnn::out);
for my $set ([ 'of a cell', 'is called “\x1B]0;pwned\x07”;', cell => $bell_there ], [ 'of a tensor', "“$wipe_shown\\n  x.weight_hh_l0” and “", cell => 'rnn' ]) {
    my ($what, $said, @strings) = @$set;
    my @four = (F32 => [ 1, 2 ], pack 'f<*', 1, 1);
    tensors($file, { @strings, vocabulary => 'ab' }, 'rnn.weight_ih_l0' => [ @four ], 'rnn.weight_hh_l0' => [ 'F32', [ 1, 1 ], pack 'f<', 1 ],
        'decoder.weight' => [ 'F32', [ 2, 1 ], pack 'f<*', 1, 1 ], $what =~ /cell/ ? () : ("$wipe_there\\n  x.weight_hh_l0" => [ @four ]));
    $what =~ /cell/ ? rnn('sample', '--load', $file) : rnn('import', '--save', "$file.out", $file);
    ok($Rnn::status == 1 && index($Rnn::err, $said) > 0 && $Rnn::err !~ /[\0-\x09\x0B-\x1F\x7F]/, "and in what is said $what", $Rnn::err);
}

# ---- JSON
tensors($file, { k => 'a\"b', e => '\u0001' },
    a => [ 'F32', [ 2, 2 ], pack 'f<*', 1, 2, 3, 6 ],
    b => [ 'F64', [], pack 'd<', 0.1 ],
    'c\"' => [ 'F32', [0], '' ],
    d => [ 'F32', [2], pack 'L<*', 0x7F800000, 0x40000000 ],
    e => [ 'F64', [2], pack 'd<*', 1e300, 1e300 ]);
prints('the same for programs', '{"metadata":{"e":"\u0001","k":"a\"b"},"tensors":['
    . '{"name":"a","dtype":"F32","shape":[2,2],"count":4,"mean":3,"std":1.8708286933869707,"min":1,"max":6,"norm":7.0710678118654755,"not_finite":0},'
    . '{"name":"b","dtype":"F64","shape":[],"count":1,"mean":0.1,"std":0,"min":0.1,"max":0.1,"norm":0.1,"not_finite":0},'
    . '{"name":"c\"","dtype":"F32","shape":[0],"count":0,"mean":null,"std":null,"min":null,"max":null,"norm":null,"not_finite":0},'
    . '{"name":"d","dtype":"F32","shape":[2],"count":2,"mean":2,"std":0,"min":2,"max":2,"norm":2,"not_finite":1},'
    . '{"name":"e","dtype":"F64","shape":[2],"count":2,"mean":1e+300,"std":0,"min":1e+300,"max":1e+300,"norm":1.4142135623730952e+300,"not_finite":0}'
    . "]}\n", 'info', '--format', 'json', $file);
tensors($file, {});
prints('nothing, for programs', "{\"metadata\":{},\"tensors\":[]}\n", 'info', '--format', 'json', $file);
refuses(2, 'a form that there is not', '--format takes table or json, not “xml”', 'info', '--format', 'xml', $file);

# ---- what a run saves is spelt as it was typed
spew("$dir/text", 'to be or not to be, that is the question ' x 20);
rnn('train', qw(--hidden 4 --batch 2 --seq-len 10 --steps 3 --lr 0.0125 --clip 0.3 --save), "$dir/net.st", "$dir/text");
rnn('info', "$dir/net.st");
ok($Rnn::out =~ /^learning_rate +0\.0125$/m && $Rnn::out =~ /^clip +0\.3$/m, 'a rate is shown as it was given', $Rnn::out);

done_testing;
