#!/usr/bin/env perl
# The tables of the chapter "What It Learned", on a short text and a short run: what can be
# counted is counted here in another way, and what is painted has to be the text.
use strict;
use warnings;
use File::Temp 'tempdir';
use lib 'tests';
use Tap;

my $build = $ENV{BUILD} || 'build';
my $dir = tempdir(CLEANUP => 1);
my $text = substr slurp('data/hamlet.txt'), 0, 12000;
spew("$dir/text", $text);
is(system("$build/learned $dir/text $dir/l 2"), 0, 'a short text is studied');
sub rows_of {     # rows of a table by the first value, each a hash
    my ($head, @rows) = map { [split /\t/] } split /\n/, slurp("$dir/l-$_[0].tsv");
    return map { my %row; @row{@$head} = @$_; ($_->[0] => \%row) } @rows;
}

# ---- kinds and places, with contexts of three, by hashes

my $held = int(length($text) / 10);
my $train = length($text) - $held;
my (%count, %letters);
$letters{$_} = 1 for split //, $text;
for my $i (0 .. $train - 1) {
    for my $k (0 .. 3) { $count{substr $text, $i - $k, $k}{substr $text, $i, 1}++ if $i >= $k }
}
sub charge {    # bits of character $i
    my ($i) = @_;
    my $p = 1 / keys %letters;
    for my $k (0 .. 3) {
        my $after = $count{substr $text, $i - $k, $k} or last;
        my ($n, $kinds) = (0, scalar keys %$after);
        $n += $_ for values %$after;
        $p = (($after->{substr $text, $i, 1} // 0) + $kinds * $p) / ($n + $kinds);
    }
    return -log($p) / log(2);
}
my (%bits, %number);
for my $i ($train .. length($text) - 1) {
    my $c = substr $text, $i, 1;
    my $kind = $c =~ /[a-z]/ ? 'small letters' : $c =~ /[A-Z]/ ? 'capitals' : $c eq ' ' ? 'spaces'
        : $c eq "\n" ? 'ends of lines' : 'punctuation';
    my ($word) = substr($text, 0, $i + 1) =~ /([A-Za-z]*)\z/;
    for my $of ($kind, 'all', length $word > 8 ? 8 : length $word) {
        $number{$of}++;
        $bits{$of} += charge($i);
    }
}
my %row = (rows_of('kinds'), rows_of('places'));
is(join(' ', sort keys %row), join(' ', grep { $_ ne '0' } sort keys %number), 'the kinds, and the places in a word');
for my $of (sort keys %row) {
    my $mean = $bits{$of} / $number{$of};
    ok($row{$of}{characters} == $number{$of} && abs($row{$of}{table} - $mean) <= 0.00501,
       sprintf '%s: %d, %.4f bits each by contexts of three', $of, $number{$of}, $mean);
}

# ---- the plane: its three corners are networks whose bits are in the curves

my %plane = map { my ($u, $v, $bits) = split /\t/; ("$u $v" => $bits) } (split /\n/, slurp("$dir/l-plane.tsv"))[1 .. 961];
is(scalar(keys %plane), 961, 'the plane is measured in 31 times 31 points');
for (['0.00 0.00', 'adam', 'first'], ['1.00 0.00', 'adam', 'best'], ['0.00 1.00', 'adagrad', 'best']) {
    my ($at, $run, $which) = @$_;
    my @points = map { [split /\t/] } (split /\n/, slurp("$dir/l-$run.tsv"));
    shift @points;
    my ($best) = sort { $a->[2] <=> $b->[2] } @points;
    my $bits = ($which eq 'first' ? $points[0] : $best)->[1];
    ok(abs($plane{$at} - $bits) <= 0.0002, "at $at are the $which weights of $run: $plane{$at}, and $bits in its curve");
}
my ($between) = values %{{rows_of('between')}};
ok(abs($between->{bits} - $plane{'0.50 0.50'}) <= 0.0002, 'half-way is a point of the plane');

# ---- network and tables

my %runs = rows_of('runs');
my %orders = rows_of('orders');
my %tables = map { (split /\t/)[0, 1] } grep { /^\d/ } `$build/counts $dir/text`;
none('tables of each length cost what counts says', grep { abs($orders{$_}{table} - $tables{$_}) > 1.01e-4 } keys %tables);
ok(abs($orders{0}{network} - $runs{adam}{best}) <= 0.05,
   "the network costs about what the trainer measured, which began without what stands before: $orders{0}{network} and $runs{adam}{best}");
ok($orders{3}{both} < ($orders{3}{network} + $orders{3}{table}) / 2, 'a mean of probabilities costs less than the mean of the costs');
my @points = split /\n/, slurp("$dir/l-long.tsv");
my ($least, @wrong, @dark) = (99);
for (@points[1 .. $#points]) {
    my ($step, undef, $bits, $kept) = split /\t/;
    $least = $bits if $bits < $least;
    push @wrong, $step if $kept != $least;
}
none('what is kept is the best so far', @wrong);
ok($runs{long}{steps} == 3 * $runs{adam}{steps} && (split /\t/, $points[-1])[0] == $runs{long}{steps},
   "the long run is three times as long: $runs{long}{steps} steps");

# ---- what is painted

my %painted;
my $cells = slurp("$dir/l-units.tikz");
while ($cells =~ /\\cell\{(\d)\}\{\d+\}\{\d+\}\{(\d+)\}\{(\d+)\}/g) {
    $painted{$1} .= $3 == 182 ? "\n" : chr $3;
    push @dark, "$2 %" if $2 > 100;
}
none('shades are at most 100 per cent', @dark);
my $from = index substr($text, $train), $painted{0};
ok($painted{0} eq $painted{1} && $from > 0 && substr($text, $train + $from - 1, 1) eq "\n",
   'what is painted twice are whole lines of the held-out text');
my %unit = rows_of('units');
none('a correlation is one', grep { abs($unit{$_}{correlation}) > 1 || abs($unit{$_}{held}) > 1 } keys %unit);
ok(abs($unit{'vowel just read'}{correlation}) > 0.3, "a unit goes with vowels: $unit{'vowel just read'}{correlation}");

# ---- what cannot be studied

for (['a missing text', '/nonexistent', 2], ['an empty text', '/dev/null', 2], ['a run that is too long', "$dir/text", 9999],
     ['no number of readings', "$dir/text", 'x']) {
    my ($what, $path, $readings) = @$_;
    ok(system("$build/learned $path $dir/none $readings > /dev/null 2> $dir/message") != 0 && -s "$dir/message", "$what is refused");
}
done_testing;
