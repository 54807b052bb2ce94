#!/usr/bin/env perl
# The picture of a log: of one with round numbers, to the letter; of logs that lack something; and of what is no log. Prints TAP; run by
# `make check`, or alone.
use strict;
use warnings;
use File::Temp qw(tempdir);
use lib 'tests';
use Tap;

my $dir = tempdir(CLEANUP => 1);
my $head = "step\tepoch\ttrain_bits\theld_out_bits\tseconds\tcharacters_per_second\tgradient_norm\tlearning_rate\n";
sub drawn {
    my ($log, @more) = @_;
    spew("$dir/log", $log) if defined $log;
    unlink "$dir/svg";
    my $out = `perl tangled/tests/plot.pl $dir/log @more 2> $dir/err`;
    return $? ? 'failed: ' . slurp("$dir/err") : $out;
}
# Steps 0 to 63, so that a step is a column; losses from 12 down to 1, so that a bit is a line.
my $log = $head . join '', map { join("\t", @$_) . "\n" } [ 0, 1, 12, 10, 1, 5, 4, 0.5 ], [ 21, 2, 7, 5, 2, 5, 0, 0.25 ], [ 63, 3, 1, 6, 3, 5, 2, 0 ];
sub row { my ($edge, %signs) = @_; my $row = ' ' x 64; substr($row, $_, 1) = $signs{$_} for keys %signs; return sprintf("%10s |%s", $edge, $row) =~ s/ +$//r . "\n" }
my $axis = ' ' x 11 . '+' . '-' x 64 . "\n" . ' ' x 12 . '0' . ' ' x 61 . "63\n";
is(drawn($log, "$dir/svg"), "bits per character   . training   o held out   * the best: 5 at step 21\n"
    . row(12, 0 => '.') . row('') . row('', 0 => 'o') . row('') . row('') . row('', 21 => '.') . row('', 63 => 'o') . row('', 21 => '*') . row('') . row('') . row('') . row(1, 63 => '.') . $axis
    . "gradient norm\n" . row(4, 0 => '.') . row('') . row('', 63 => '.') . row('') . row(0, 21 => '.') . $axis
    . "learning rate\n" . row(0.5, 0 => '.') . row('') . row('', 21 => '.') . row('') . row(0, 63 => '.') . $axis, 'every point is in its place');
my $svg = slurp("$dir/svg", '');
ok($svg =~ m{^<svg xmlns="http://www.w3.org/2000/svg" width="640" height="520" } && $svg =~ m{</svg>\n\z}, 'there is a picture, too');
for my $points ('70.0,30.0 250.0,130.0 610.0,250.0', '70.0,70.0 250.0,170.0 610.0,150.0', '70.0,280.0 250.0,370.0 610.0,325.0', '70.0,400.0 250.0,445.0 610.0,490.0') {
    ok(index($svg, qq(points="$points")) > 0, "with the line $points");
}
ok(index($svg, '<circle cx="250.0" cy="170.0"') > 0 && index($svg, 'the best: 5 bits at step 21') > 0, 'and the best network');
my $sound = 1;
$sound = 0 if () = $svg =~ /&(?!amp;|lt;)/;
my %open;
$open{$1}++ while $svg =~ m{<(svg|text|title|circle)[ >]}g;
$open{$1}-- while $svg =~ m{</(svg|text|title|circle)>}g;
ok($sound && !grep({ $_ } values %open), 'whose elements are closed');
my $narrow = join '', map { join("\t", (split /\t/)[ 0 .. 5 ]) . "\n" } split /\n/, $log;
my $losses = drawn($log) =~ s/^gradient norm\n.*//msr;
is(drawn($narrow), $losses, 'a log without the last columns has its losses');
my $unheld = drawn($head . "1\t1\t3\t\t1\t5\t1\t1\n2\t1\t2\t\t1\t5\t1\t1\n", "$dir/svg");
ok($unheld =~ /^bits per character   \. training   o held out\n +3 \|\.\n/ && $unheld !~ /\*/ && slurp("$dir/svg") !~ /circle/, 'where nothing is held out there is no best', $unheld);
ok($unheld =~ /^gradient norm\n {7}1\.5 \|\n {11}\|\n {11}\|\. {62}\.\n {11}\|\n {7}0\.5 \|\n/m, 'what does not change is drawn in the middle', $unheld);
ok(drawn($head . "7\t1\t3\t2\t1\t5\t\t\n") =~ /the best: 2 at step 7/, 'a single row will do, and a number that is missing');
is(drawn($head), "failed: $dir/log: there is no row with a number in it yet\n", 'no row will not');
is(drawn("a text\n"), "failed: $dir/log: this is no log of rnn train: its first column is not “step”\n", 'nor a text');
is(drawn(''), "failed: $dir/log: this is no log of rnn train: its first column is not “step”\n", 'nor nothing');
unlink "$dir/log";
is(drawn(undef), "failed: $dir/log: No such file or directory\n", 'nor a log that is not there');
ok(drawn($log, "$dir/no/svg") =~ m{^failed: \Q$dir\E/no/svg: No such file}, 'nor a folder that is not there');
ok(drawn($log, 'a', 'b') =~ /^failed: usage: plot.pl LOG \[SVG\]/, 'nor too many names');

done_testing;
