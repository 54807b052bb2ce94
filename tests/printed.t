#!/usr/bin/env perl
# What sentences say: every number in them is known, every formula in them was
# looked at, and every label in a comment of the program exists. Then mistakes
# are planted in copies of two chapters, and each has to be told with its line.
use strict;
use warnings;
use lib 'tests';
use Tap;

my $build = $ENV{BUILD} || 'build';
sub rows { return map { [split /\t/] } grep { length } (split /\n/, slurp($_[0]))[1 .. 1e5] }

# ---- numbers

# Of the numbers in a table, those that are wrong.
sub wrong_numbers { return map { "$_->[0]: “$_->[2]”: $_->[4]" } grep { $_->[4] ne 'ok' } @_ }

my @numbers = rows("$build/numbers.tsv");
ok(@numbers >= 100, scalar(@numbers) . ' numbers in sentences');
none('every number in a sentence is known, or marked', wrong_numbers(@numbers));

# ---- formulas, counted in the source without noweb and pandoc

sub formulas_in {
    my ($prose, $code, $literal) = ('', 0, 0);
    for (split /\n/, slurp($_[0])) {
        if (/^<<.*>>=\s*$/) { $code = 1; next }
        if ($code && /^@(\s|$)/) { $code = 0; next }
        next if $code;
        if (/^(```|~~~)/) { $literal = !$literal; next }
        $prose .= "$_\n" unless $literal;
    }
    $prose =~ s/^\$\$.*?\$\$[ \t]*\{[^}]*\}//msg;
    $prose =~ s/\[\[.*?\]\]+//sg;
    $prose =~ s/\]\{[^}]*\}/]/sg;
    $prose =~ s/(`+).*?\1//sg;
    my $count = () = $prose =~ /\$[^\s\$](?:[^\$]*[^\s\$])?\$/g;
    return $count;
}

my %found;
$found{ $_->[0] }++ for rows("$build/formulas.tsv");
my @files = ('rnn.nw', sort glob 'chapters/*.nw');
none('every formula in a sentence was looked at',
    map { "$_: " . formulas_in($_) . ' in the source, ' . ($found{$_} // 0) . ' in the table' }
    grep { formulas_in($_) != ($found{$_} // 0) } @files);

# ---- labels

my %label = map { $_->[0] => 1 } rows("$build/labels.tsv");

# The labels in comments of a file that the book does not have.
sub strange_labels {
    my ($path) = @_;
    my ($line, @strange) = (0);
    my $sign = $path =~ /\.(c|h|def|css)$/ ? qr{//|/\*|^\s*\*|^ {3}} : $path =~ /\.lua$/ ? qr/--/ : qr/^\s*(#|%|<!--)/;
    for (split /\n/, slurp($path)) {
        $line++;
        next unless /$sign/;
        push @strange, map { "$path:$line: $_" } grep { !known($_) } /\b((?:eq|ch|sec|fig|ex):[A-Za-z][\w-]*)/g;
    }
    return @strange;
}
sub known { return $label{ $_[0] } || $_[0] eq 'eq:label' }

none('every label in a comment of the program exists', map { strange_labels($_) } glob 'tangled/*/*');

# ---- mistakes, planted

my $scratch = "$build/printed";
my @planted = (     # chapter, what stands there, what is put in its place, what has to be told
    ['04-forward', '$W_{hh}$ is $n \times n$', '$W_{hh}$ is $n \times m$', 'W_\{hh\} comes out as'],
    ['04-forward', '$x_t$ is $1 \times m_t$', '$x_t$ is $1 \times m_{t-1}$', 'x_t comes out as 1 × m_t'],
    ['04-forward', '$m_\tau \times n_\tau$', '$n_\tau \times m_\tau$', 'comes out as m_τ × n_τ'],
    ['04-forward', 'Read the shapes as the checker does.', 'Let $b_y \in \mathbb{R}^{n \times m}$.', 'b_y comes out as'],
    ['04-forward', 'and again $\tau$', 'and for $W_{hy}$, a matrix $n \times l$, $\tau$', 'whose shape is'],
    ['09-descent', 'u_{k-1} + (1 - \beta_1) g_k$', 'u_{k-1} - (1 - \beta_1) g_k$', 'in:descent.*wrong at column'],
    ['09-descent', '$u_1 = (1 - \beta_1) g_1$', '$u_1 = (1 - \beta_2) g_1$', 'in:descent.*wrong at column'],
    ['09-descent', '[$\beta_2 = 0.999$]{of="ADAM_BETA_2" in="training.c"} after', '[$\beta_2 = 0.99$]{of="ADAM_BETA_2" in="training.c"} after', 'β_2|beta_2 = 0.99”: it is 0.999'],
    ['09-descent', 'keep [32]', 'keep [33]', '“33”: it is 32'],
    ['09-descent', '[$-1.5$]', '[$-1.4$]', '“-1.4”: it is -1.5'],
    ['09-descent', 'This looks harmless,', 'With 0.75 this looks harmless,', '“0.75”: an unmarked number'],
    ['09-descent', 'Does the loss fall?', 'Does the loss fall by 20%, or a hundred?', '“20%,”: an unmarked number'],
    ['09-descent', '[@kingma2015] forgets.', '[@kingma2015] forgets, with $\kappa = 5$.', '\\\\?kappa.*|in:descent.*wrong at column'],
    ['09-descent', 'Without it, Adam\'s first steps', 'Without it, and $W_{hx}$, Adam\'s first steps', 'W_\{?hx\}? is neither in the notation'],
    ['09-descent', 'starts at [$u_0 = 0$]', 'of $x_t W_{xh}$ starts at [$u_0 = 0$]', 'do not meet'],
    ['09-descent', '[$\eta = 2.5$]{.given}', '[$\eta = 2.5$]{.prose}', 'marked without a reason'],
    ['09-descent', '[$\eta = 0$]{.given}', '$\eta = 0$', 'in:descent.*wrong at column'],
);

mkdir $scratch;
mkdir "$scratch/chapters";
my (%text, @lines);
$text{$_} = slurp("chapters/$_.nw") for map { $_->[0] } @planted;
for my $p (@planted) {
    my $at = index $text{ $p->[0] }, $p->[1];
    push @lines, $at < 0 ? 0 : 1 + (substr($text{ $p->[0] }, 0, $at) =~ tr/\n//);
    substr($text{ $p->[0] }, $at, length $p->[1]) = $p->[2] if $at >= 0;
}
for my $name (keys %text) {
    spew("$scratch/chapters/$name.nw", $text{$name});
}

# Weaves the copies, and hands what they claim to the checker, with the book's displays.
my $library = `sed -n 's/^LIB=//p' "\$(command -v notangle)"`;
chomp $library;
system("(cd $scratch && PATH=\"\$PATH:$library\"; markup chapters/*.nw | finduses | noidx) > $scratch/book.noweb 2> $scratch/weave.err;"
    . " BUILD=$scratch DRAFT=1 pandoc -f tangled/weaver/weave.lua -t json -o $scratch/book.json $scratch/book.noweb 2>> $scratch/weave.err");
spew("$scratch/all.tsv", (grep { !/\tinline/ } map { "$_\n" } split /\n/, slurp("$build/equations.tsv")),
    grep { /\tinline/ } map { "$_\n" } split /\n/, slurp("$scratch/equations.tsv"));
my $report = `$build/eqcheck --equations $scratch/all.tsv --formulas $scratch/formulas.tsv --only inline --ledger $scratch/ledger.tsv 2>&1`;
my @told = ((grep { /^not ok/ } split /\n/, $report), wrong_numbers(rows("$scratch/numbers.tsv")));

for my $i (0 .. $#planted) {
    my ($chapter, undef, $wrong, $message) = @{ $planted[$i] };
    my $place = qr/chapters\/$chapter\.nw:$lines[$i]\b/;
    ok($lines[$i] && (grep { /$place/ && /$message/ } @told), "told, with its line: $wrong",
        $lines[$i] ? grep { /$place/ } @told : 'this does not stand in the chapter');
}
none('nothing else is told', grep { my $t = $_; !grep { $t =~ /$planted[$_][0]\.nw:$lines[$_]\b/ } 0 .. $#planted } @told);

# A label that was misspelled in a comment of a header.
my $header = slurp('tangled/trainer/hidden.h');
$header =~ s/eq:dWhh/eq:dWhx/ or $header = '';
spew("$scratch/hidden.h", $header);
ok((grep { /hidden\.h:\d+: eq:dWhx/ } strange_labels("$scratch/hidden.h")), 'told, with its line: a label that does not exist');

done_testing;
