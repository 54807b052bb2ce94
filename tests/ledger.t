#!/usr/bin/env perl
# The figures that the book prints about its checks: the summary against the ledger,
# and the verdicts on the wrong formulas against the table that they come from.
use strict;
use warnings;
use lib 'tests';
use Tap;

my $build = $ENV{BUILD} || 'build';
sub sum { my $column = shift; my $sum = 0; $sum += $_->{$column} for @_; return $sum }

my @ledger = table("$build/ledger.tsv");
my %first = map { $_->{net} => $_->{first} } table("$build/summary.tsv");
my %alone = map { $_->{net} => $_->{alone} } table("$build/summary.tsv");
is($first{mutants}, sum(mutants => @ledger), 'mutants');
is($first{plain} + $first{tagged}, sum(killed_by_shape => @ledger), 'mutants refused by shape');
is($first{value}, sum(killed_by_value => @ledger), 'mutants refused by value first');
is($first{unevaluable}, sum(not_evaluable => @ledger), 'mutants without a value');
is($first{plain} + $first{tagged} + $first{value} + $first{unevaluable} + $first{survived}, $first{mutants}, 'all mutants');
is($first{survived}, sum(survived => @ledger), 'mutants that survived');
is($alone{tagged}, $first{plain} + $first{tagged}, 'shapes with times refuse what shapes without refuse');

my $source = slurp('tangled/verifier/misconceptions.def');
my @listed;
while ($source =~ /WRONG\((\d+), "(.*?)",\s*"(.*?)",\s*"(.*?)"\)/gs) {
    push @listed, "$1 $2 " . $3 =~ s/\\\\/\\/gr;
}
my @wrong = table("$build/wrong.tsv");
is(scalar(@listed), scalar(() = $source =~ /\bWRONG\(/g), 'rows in the source');
is(join("\n", map { "$_->{number} $_->{equation} $_->{latex}" } @wrong) eq join("\n", @listed) ? 'each' : 'some',
    'each', 'wrong formulas with a verdict');
for my $net (qw(plain tagged value)) {
    is($first{"mistakes-$net"}, scalar(grep { $_->{net} =~ /^$net/ } @wrong), "wrong formulas refused by $net first");
}
# What a reader with a pencil finds: l × n against n × l; lengths that fit and times that do not; neither.
my %net = map { ("$_->{number} $_->{equation}" => $_->{net}) } @wrong;
is($net{'8 eq:dWhy'}, 'plain shape', 'the gradient of the output weights, on its side');
is($net{'15 eq:dh'}, 'tagged shape', 'a transpose too many on the way back');
is($net{'31 eq:dWhh'}, 'tagged shape', 'the gradient of the recurrent weights, on its side');
is($net{'1 eq:dy'}, 'value', 'a wrong sign');
# A nought has the shape of what it stands beside, that of a derivative with three axes too, on either side and in any dress.
my %nought = ('\frac{\partial h_0}{\partial W_{hh}}' => '(n_{0} \times (n_{\tau} \times n_{\tau-1}))', 'z^h_T - z^h_T' => '(1 \times n_{T})');
my @rows;
for my $other (sort keys %nought) {
    for my $zero ('0', '-0', '0 + 0', '0 \cdot 0', '\frac{0}{2}') {
        push @rows, [ "$other = $zero", $nought{$other} ], [ "$zero = $other", $nought{$other} ];
    }
}
spew("$build/noughts.tsv", slurp("$build/equations.tsv"), map { "eq:n$_\tnoughts\t$_\tnoughts\t\t$rows[$_][0]\n" } 0 .. $#rows);
system("$build/eqcheck --equations $build/noughts.tsv --only noughts --shapes $build/noughts.txt --ledger $build/noughts-ledger.tsv > $build/noughts.out 2>&1");
my %line = map { /^(\S+)\t(.*)$/ } split /\n/, slurp("$build/noughts.txt");
for my $i (0 .. $#rows) {
    my ($left, $right) = split / = /, $line{"eq:n$i"} // 'nothing';
    $right //= '';
    ok($left eq $rows[$i][1] && $right =~ /^\Q$rows[$i][1]\E/, "the shapes of $rows[$i][0]" . ($right =~ /^\Q$rows[$i][1]\E/ ? '' : ": $left = $right"));
}
done_testing;
