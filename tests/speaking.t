#!/usr/bin/env perl
# How a network speaks: fewer characters to choose from, an ending, several samples, and a prompt from a file.
# The networks are made by hand, so that it is known what they think. Prints TAP; run by `make check`, or alone.
use strict;
use warnings;
use File::Temp qw(tempdir);
use List::Util qw(sum);
use lib 'tests';
use Rnn;
use Tap;

my $dir = tempdir(CLEANUP => 1);
# The program under test is that of the Makefile, found by tests/Rnn.pm.
my $rnn = ($ENV{BUILD} || 'build') . '/rnn';
ok(-x $rnn, 'there is a program');

# ---- a network without memory, that says a, b, c, d and a line break with fixed probabilities
my %says = ("\n" => -1, a => 2, b => 1.5, c => 0.5, d => 0);
my @letters = sort keys %says;
network("$dir/fixed.st", '\nabcd', [ (0) x 5 ], [0], [0], [ (0) x 5 ], [ map { $says{$_} } @letters ]);
my $all = sum(map { exp } values %says);
my %share = map { $_ => exp($says{$_}) / $all } @letters;
my @fixed = ('sample', '--load', "$dir/fixed.st", '--length', 600, '--temperature', 1);
sub heard { my %heard = map { $_ => 1 } split //, rnn(@fixed, @_); return join '', sort keys %heard }

is(heard(), "\nabcd", 'all are drawn');
is(heard('--top-k', 0, '--top-p', 0), "\nabcd", 'also if that is said');
is(heard('--top-p', 1), "\nabcd", 'in another way too');
my ($some, $together) = ('', 0);
for my $letter (sort { $says{$b} <=> $says{$a} } @letters) {
    my $before = $together;
    $some = join '', sort split //, $some . $letter;
    $together += $share{$letter};
    is(heard('--top-k', length $some), $some, length($some) . ' of them');
    is(heard('--top-p', $together - 0.001), $some, sprintf('%.4f of the probability', $together - 0.001));
    is(heard('--top-p', $before + 0.001), $some, sprintf('and already %.4f', $before + 0.001));
}
is(heard('--top-p', 0.000001), 'a', 'the least share is the share of the first');
is(heard('--top-k', 1000), "\nabcd", 'more than there are');
is(heard('--top-k', 2, '--top-p', 0.999), 'ab', 'the first bound counts');
is(heard('--top-k', 3, '--top-p', 0.1), 'a', 'and the second');
is(heard('--top-k', 2, '--temperature', 0), 'a', 'the coldest says one thing');
my $a = () = rnn(@fixed, '--top-k', 2, '--seed', 3, '--length', 4000) =~ /a/g;
my $wanted = $share{a} / ($share{a} + $share{b});
ok(abs($a / 4000 - $wanted) < 0.032, sprintf('of two, the first comes in its share: %.3f, and %.3f', $a / 4000, $wanted));
refuses(2, 'a share above one', '--top-p takes a number of at least 0 and at most 1, not “1.5”', @fixed, '--top-p', 1.5);
refuses(2, 'a number of characters that is none', '--top-k takes a whole number from 0, not “-1”', @fixed, '--top-k', -1);

# ---- until
my $whole = rnn(@fixed);
for my $until ('a', "\n", 'ab', 'aab', 'abab', 'aac', 'dd') {
    my $end = index $whole, $until;
    my $shown = $until =~ s/\n/\\n/r;
    ok($end >= 0, "“$shown” is said");
    prints('and then nothing more', substr($whole, 0, $end + length $until), @fixed, '--until', $until);
}
prints('what is never said ends nothing', $whole, @fixed, '--until', 'abcdabcdabcd');
prints('what is said too late neither', substr($whole, 0, 7), @fixed, '--length', 7, '--until', substr($whole, 6, 3));
prints('nothing ends nothing', $whole, @fixed, '--until', '');
refuses(1, 'an ending that cannot be', '--until: line 1, character 2: U+0065 “e” is not one of the 5 characters', @fixed, '--until', 'ae');
refuses(1, 'an ending that is no text', '--until: not UTF-8: byte 1', @fixed, '--until', "a\xFF");
my ($prompted) = rnn(@fixed, '--prompt', 'ab', '--until', 'ba') =~ /^ab(.*)/s;
is($prompted, substr($whole, 0, index($whole, 'ba') + 2), 'what the prompt has begun, it does not end');

# ---- several samples
for my $count (1 .. 3) {
    rnn(@fixed, '--length', 30, '--count', $count);
    my $said = $Rnn::out;
    is(substr($said, 0, 30), substr($whole, 0, 30), "the first of $count is the one that comes alone");
    is(length($said), $count == 1 ? 30 : length(join '', map { substr($whole, 30 * $_, 30) =~ s/\n?$/\n/r } 0 .. $count - 1), 'each ends its line, and no more')
}
prints('samples that end in a line break need no other', join('', map { "$_\n" } (split /\n/, $whole, -1)[0 .. 3]), @fixed, '--count', 4, '--until', "\n");
prints('nothing, twice', "\n\n", @fixed, '--length', 0, '--count', 2);
prints('a prompt and nothing, twice', "ab\nab\n", @fixed, '--length', 0, '--count', 2, '--prompt', 'ab');
prints('a prompt that ends its line', "b\nb\n", @fixed, '--length', 0, '--count', 2, '--prompt', "b\n");
refuses(2, 'no samples', '--count takes a whole number from 1, not “0”', @fixed, '--count', 0);

# ---- a network that knows its last letter and the one before it, and a prompt from a file
network("$dir/knows.st", '\nabcd', [ -1, 2, -2, 1, 0 ], [0.5], [0.1], [ 2, -2, 1, -1, 0 ], [ -1, 0, 0, 0, 0 ]);
my @knows = ('sample', '--load', "$dir/knows.st", '--length', 200);
spew("$dir/prompt", "\xEF\xBB\xBFabc\nda");
my $known = rnn(@knows, '--prompt', "abc\nda");
prints('a prompt from a file is continued like any other', $known, @knows, '--prompt-file', "$dir/prompt");
ok(substr($known, 6) ne substr(rnn(@knows, '--prompt', "abc\ndb"), 6), 'and another otherwise');
{
    local $Rnn::input = "$dir/prompt";
    prints('or from the standard input', $known, @knows, '--prompt-file', '-');
}
my ($two) = rnn(@knows, '--prompt', 'dab', '--count', 2, '--length', 1, '--temperature', 0);
my ($first, $second) = split /\n/, $two;
is($first, $second, 'each sample begins with the same memory');
refuses(2, 'two prompts', '--prompt and --prompt-file both say what to continue; leave one of them out', @knows, '--prompt', 'a', '--prompt-file', "$dir/prompt");
refuses(1, 'a prompt that is not there', "$dir/none: No such file", @knows, '--prompt-file', "$dir/none");
spew("$dir/strange", "ab\ncde");
refuses(1, 'a stranger in a file', "$dir/strange: line 2, character 3: U+0065 “e”", @knows, '--prompt-file', "$dir/strange");
spew("$dir/empty", '');
refuses(1, 'an empty file', "$dir/empty: the file is empty", @knows, '--prompt-file', "$dir/empty");
refuses(2, 'a name that is none', '--prompt-file takes the name of a file', @knows, '--prompt-file', '');

done_testing;
