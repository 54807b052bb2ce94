#!/usr/bin/env perl
# The example with digits, computed once more: its forward pass entry by entry, and its gradients
# by moving one parameter at a time. The weights are those that the chapter prints.
use strict;
use warnings;
use File::Temp 'tempdir';
use lib 'tests';
use Tap;

my $build = $ENV{BUILD} || 'build';
my $dir = tempdir(CLEANUP => 1);
is(system("$build/example $dir/e"), 0, 'the example is written');
my ($head, @rows) = map { [split /\t/, $_, -1] } split /\n/, slurp("$dir/e-all.tsv");
my %row = map { $_->[0] => [ map { [ /-?[\d.]+/g ] } @$_[1 .. 4] ] } @rows;

my ($printed) = slurp('chapters/095-example.nw') =~ /```\n(.*?)```/s;
my @n = $printed =~ /(?<![\w.])-?\d+(?:\.\d+)?/g;
my %weight = (W_xh => [ @n[0, 1, 2, 12, 13, 14] ], W_hh => [ @n[3, 4, 15, 16] ], b_h => [ @n[5, 6] ], h_0 => [ @n[17, 18] ],
    W_hy => [ @n[7, 8, 19 .. 22] ], b_y => [ @n[9 .. 11] ]);
is(scalar(@n), 23, 'the chapter prints all weights');

# All that a pass makes, by name, with a row for each step.
sub tanh { my $e = exp(2 * $_[0]); return ($e - 1) / ($e + 1) }
sub forward {
    my ($w) = @_;
    my (%made, $loss);
    my @h = @{ $w->{h_0} };
    for my $t (0 .. 2) {
        my ($x, $y) = map { ord(substr 'abac', $_, 1) - 97 } $t, $t + 1;
        push @{ $made{'h before'} }, [@h];
        my @z = map { $w->{W_xh}[3 * $_ + $x] + $w->{W_hh}[2 * $_] * $h[0] + $w->{W_hh}[2 * $_ + 1] * $h[1] + $w->{b_h}[$_] } 0, 1;
        @h = map { tanh($_) } @z;
        my @score = map { $w->{W_hy}[2 * $_] * $h[0] + $w->{W_hy}[2 * $_ + 1] * $h[1] + $w->{b_y}[$_] } 0 .. 2;
        my $sum = 0;
        $sum += exp for @score;
        push @{ $made{'z^h'} }, [@z];
        push @{ $made{h} }, [@h];
        push @{ $made{'z^y'} }, [@score];
        push @{ $made{probabilities} }, [ map { exp($_) / $sum } @score ];
        push @{ $made{loss} }, [ log($sum) - $score[$y] ];
        $loss += log($sum) - $score[$y];
    }
    return ($loss, %made);
}
sub differ {    # the places where rows of numbers differ by more than rounding
    my ($ours, $theirs) = @_;
    return 'other lengths' if @$ours != @$theirs;
    return map { "$ours->[$_] and $theirs->[$_]" } grep { !(abs($ours->[$_] - $theirs->[$_]) <= 0.00051) } 0 .. $#$ours;
}
my ($loss, %made) = forward(\%weight);
for my $name (sort keys %made) {
    none("$name, at each step", map { differ($row{$name}[$_], $made{$name}[$_]) } 0 .. 2);
}

# ---- gradients, by differences

for my $name (qw(W_xh W_hh b_h W_hy b_y)) {
    my @gradient;
    for my $i (0 .. $#{ $weight{$name} }) {
        my @loss;
        for my $push (1e-5, -1e-5) {
            my %moved = (%weight, $name => [ @{ $weight{$name} } ]);
            $moved{$name}[$i] += $push;
            push @loss, (forward(\%moved))[0];
        }
        push @gradient, ($loss[0] - $loss[1]) / 2e-5;
    }
    none("the gradient of $name", differ($row{"to $name"}[3], \@gradient));
    none("what the steps add to $name",
        grep { my $i = $_; my $sum = 0; $sum += $row{"to $name"}[$_][$i] for 0 .. 2; abs($sum - $gradient[$i]) > 0.0021 } 0 .. $#gradient);
}
none('delta^h is what present and future ask', map {
    my $t = $_;
    grep { abs($row{'from present'}[$t][$_] + $row{'from future'}[$t][$_] - $row{'delta^h'}[$t][$_]) > 0.0011 } 0, 1 } 0 .. 2);
none('the future asks delta^z of the next step, times W_hh', map {
    my $t = $_;
    grep { my $i = $_; abs($row{'delta^z'}[$t + 1][0] * $weight{W_hh}[$i] + $row{'delta^z'}[$t + 1][1] * $weight{W_hh}[2 + $i]
        - $row{'from future'}[$t][$i]) > 0.0021 } 0, 1 } 0, 1);
my %step = map { (split /\t/)[0] => [ (split /\t/)[1, 2] ] } split /\n/, slurp("$dir/e-step.tsv");
ok(abs($step{loss}[0] - $loss) <= 1e-6 && $step{loss}[1] < $loss, "a step takes the loss from $loss to $step{loss}[1]");

# ---- the tables of the chapters are the parts of the whole

my $parts = join '', map { my (undef, $rest) = split /\n/, slurp("$dir/e-$_.tsv"), 2; $rest } qw(forward loss time output hidden);
is($parts, join('', map { join("\t", @$_) . "\n" } @rows), 'the tables of the chapters make up the whole');
done_testing;
