#!/usr/bin/env perl
# The count tables of section "How good it is", against another way to count them:
# one hash for each length of context, filled in one reading of the text.
use strict;
use warnings;
use File::Temp 'tempdir';
use lib 'tests';
use Tap;

my $build = $ENV{BUILD} || 'build';
my $dir = tempdir(CLEANUP => 1);

# Bits a character and known contexts, of the last tenth, with contexts of $most.
sub by_hashes {
    my ($text, $most) = @_;
    my $train = length($text) - int(length($text) / 10);
    my (%count, %letters, $bits, $known);
    $letters{$_} = 1 for split //, $text;
    for my $i (0 .. $train - 1) {
        for my $k (0 .. $most) {
            $count{$k}{substr $text, $i - $k, $k}{substr $text, $i, 1}++ if $i >= $k;
        }
    }
    for my $i ($train .. length($text) - 1) {
        my $p = 1 / keys %letters;
        for my $k (0 .. $most) {
            my $after = $count{$k}{substr $text, $i - $k, $k} or last;
            my ($n, $kinds) = (0, scalar keys %$after);
            $n += $_ for values %$after;
            $p = (($after->{substr $text, $i, 1} // 0) + $kinds * $p) / ($n + $kinds);
            $known++ if $k == $most;
        }
        $bits -= log($p) / log(2);
    }
    my $held = length($text) - $train;
    return ($bits / $held, 100 * ($known // 0) / $held);
}

my $text = substr slurp('data/hamlet.txt'), 0, 4000;
spew("$dir/text", $text);
my %row = map { chomp; my ($length, @rest) = split /\t/; $length => \@rest } `$build/counts $dir/text`;
ok($row{characters} && $row{characters}[0] == 4000, 'it knows how long the text is');
for my $most (0, 1, 3, 10) {
    my ($bits, $seen) = by_hashes($text, $most);
    my ($ours, $known) = @{ $row{$most} || [ 99, 999 ] };
    ok(abs($ours - $bits) <= 6e-5 && abs($known - $seen) <= 6e-3,
       sprintf 'contexts of %d: %.4f bits, %.2f %% known', $most, $bits, $seen);
}
ok(system("$build/counts /nonexistent 2> $dir/message") != 0 && -s "$dir/message", 'a missing text is reported');
ok(system("printf abc | $build/counts /dev/stdin > $dir/none 2> $dir/message") != 0 && -s "$dir/message", 'so is one that is too short');
done_testing;
