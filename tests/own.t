#!/usr/bin/env perl
# Derivations of a reader's own: the examples and their twins with mistakes, the errata of published
# texts, the ways to write a table, and files that are hostile or broken. Prints TAP; run by
# `make check`, or alone.
use strict;
use warnings;
use lib 'tests';
use Tap;
use Cwd 'abs_path';
use File::Temp 'tempdir';

my $eqcheck = abs_path($ENV{EQCHECK} || ($ENV{BUILD} || "build") . "/eqcheck");
my $dir = tempdir(CLEANUP => 1);

# run(@arguments): exit status, standard output and standard error of eqcheck.
sub run {
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        open STDIN, '<', '/dev/null';
        open STDOUT, '>', "$dir/out";
        open STDERR, '>', "$dir/err";
        alarm 60;
        exec $eqcheck, @_ or exit 127;
    }
    waitpid $pid, 0;
    return ($? & 127 ? "killed by signal $?" : $? >> 8, slurp("$dir/out"), slurp("$dir/err"));
}

my $head = "| symbol | shape | range |\n|---|---|---|\n";

# notes($rows, $text, @options): what eqcheck says of notes with these rows and this text.
sub notes {
    my ($rows, $text, @options) = @_;
    spew("$dir/notes.md", $head . $rows . "\n" . $text);
    my ($status, $said, $errors) = run(@options, "$dir/notes.md");
    $said =~ s/\Q$dir\E\///g;
    return wantarray ? ($status, $said, $errors) : $said;
}

# Rounding is left out of what is right; the rest is compared to the letter.
sub without_rounding {
    my ($said) = @_;
    $said =~ s/^(ok .*?)\d\.\de[-+]\d\d, /$1/mg;
    return $said;
}

# ---------------------------------------------------------------- the examples
for my $notes (grep { !/-wrong/ } glob 'data/examples/*.md') {
    my ($status, $said) = run($notes);
    ok($status == 0 && $said =~ /, 0 faults$/, "$notes is right", $said);
    (my $twin = $notes) =~ s/\.md/-wrong/;
    ($status, $said) = run("$twin.md");
    my ($ours, $right) = (without_rounding($said), slurp("$twin.report"));
    spew("$twin.report", $right = $ours) if $ENV{RENEW};
    my @lines = split /\n/, $right;
    my ($first) = grep { ($lines[$_] // '') ne ((split /\n/, $ours)[$_] // '') } 0 .. @lines;
    ok($status == 1 && length $right && $ours eq $right, "what is said of $twin.md, to the letter",
        defined $first ? ((split /\n/, $ours)[$first] // 'no line', 'and not', $lines[$first] // 'no line') : ());
}

# ---------------------------------------------------------------- what is printed of it
# Behind a heading there are the notes and then the answer, each in a block of its own.
for my $page ([ 'README.md', '## Check a derivation' ], [ 'chapters/27-own-derivations.nw', '# Checking a Derivation' ]) {
    my ($path, $heading) = @$page;
    my ($notes, $answer) = slurp($path) =~ /^\Q$heading\E.*?^```\n(.*?)^```\n.*?^```\n(.*?)^```\n/ms;
    spew("$dir/notes.md", $notes // '');
    my ($status, $said) = run("$dir/notes.md");
    $said =~ s/\Q$dir\E\///g;
    ($answer //= '') =~ s/^\$ .*\n//;
    is(without_rounding($said), without_rounding($answer), "the answer that $path prints");
}

# ---------------------------------------------------------------- errata of published texts
my %found;
for my $notes (glob 'tests/errata/*.md') {
    my ($status) = run($notes, '--ledger', "$dir/ledger.tsv");
    $found{$_->{label}} = $_ for grep { $_->{label} } table("$dir/ledger.tsv");
}
my @errata = table('data/errata.tsv');
for my $case (@errata) {
    my ($printed, $corrected) = map { $found{"$case->{label}-$_"} || {} } 'wrong', 'right';
    my $ours = join ', ', map { $_ || 'nothing' } $printed->{verdict}, $corrected->{verdict}, $printed->{repair} || '-';
    is($ours, "$case->{printed}, $case->{corrected}, $case->{repair}", "$case->{label}: $case->{what}");
}
my %known = map { ("$_->{label}-wrong" => 1, "$_->{label}-right" => 1) } @errata;
none('every case of the notes is in data/errata.tsv', grep { !$known{$_} } sort keys %found);

# What is said to be true is fed back, and has to be read as it was meant, and to be true.
for my $notes (glob('data/examples/*-wrong.md'), glob 'tests/errata/*.md') {
    run($notes, '--ledger', "$dir/ledger.tsv");
    my @repaired = map { $_->{nearest} } grep { $_->{nearest} ne '' } table("$dir/ledger.tsv");
    my $text = slurp($notes);
    my $lines = $text =~ tr/\n//;
    spew("$dir/repaired.md", $text, map { "\n\$\$ $_ \$\$\n" } @repaired);
    run("$dir/repaired.md", '--ledger', "$dir/ledger.tsv");
    my @again = grep { $_->{line} > $lines } table("$dir/ledger.tsv");
    my @wrong = map { $repaired[ ($_->{line} - $lines) / 2 - 1 ] } grep { $_->{verdict} ne 'ok' } @again;
    ok(@again && @again == @repaired && !@wrong, "all repairs in $notes are true", @wrong);
}

# ---------------------------------------------------------------- documents in many hands
# Of each, formulas whose label begins with w are wrong, or not in the language; all others are right.
for my $notes (glob 'tests/documents/*') {
    run($notes, '--ledger', "$dir/ledger.tsv");
    my @rows = grep { $_->{kind} ne 'prose' } table("$dir/ledger.tsv");
    my @accused = map { "line $_->{line}: $_->{verdict}: $_->{message}" } grep { $_->{label} !~ /^eq:w/ && $_->{verdict} ne 'ok' } @rows;
    my @missed = map { "line $_->{line}: ok" } grep { $_->{label} =~ /^eq:w/ && $_->{verdict} eq 'ok' } @rows;
    my $planted = grep { $_->{label} =~ /^eq:w/ } @rows;
    ok($planted && @rows > $planted && !@accused && !@missed, "$notes: " . @rows . " formulas, $planted of them not right", @accused, @missed);
}

# ---------------------------------------------------------------- ways to write a table and formulas
my $column = "| \$x\$ | n × 1 | |\n| \$W\$ | m × n | |\n| \$y\$ | m × 1 | |\n| \$L\$ | 1 × 1 | |\n";
my $forward = "\$\$ y := W x \$\$\n\n\$\$ L := y^\\top y \$\$\n\n";
sub is_right {
    my ($what, $rows, $text, @options) = @_;
    my ($status, $said, $errors) = notes($rows, $text, @options);
    ok($status == 0, $what, $said . $errors);
}
sub is_fault {
    my ($what, $place, $message, $rows, $text, @options) = @_;
    my ($status, $said) = notes($rows, $text, @options);
    ok($status == 1 && $said =~ /^notes\.md:\Q$place: $message\E/m, $what, $said);
}

is_right('a gradient by a matrix, in columns', $column, $forward . '$$ \frac{\partial L}{\partial W} = 2 W x x^\top $$');
is_right('a Jacobian has a row for each entry above', $column, $forward . '$$ \frac{\partial y}{\partial x} = W $$');
is_right('or, if asked for, for each below', $column, $forward . '$$ \frac{\partial y}{\partial x} = W^\top $$',
    '--jacobian', 'denominator');
is_fault('and not both at once', '12:36', 'shape: the left side is n × m', $column,
    $forward . '$$ \frac{\partial y}{\partial x} = W $$', '--jacobian', 'denominator');
spew("$dir/turned.md", "---\njacobian: denominator\n---\n\n$head$column\n$forward" . '$$ \frac{\partial y}{\partial x} = W^\top $$');
is((run("$dir/turned.md"))[0], 0, 'or if the head of the notes says so');
(my $rows = $column) =~ s/(\w) × (\w)/$2 × $1/g;
is_right('and in rows', $rows, '$$ y := x W $$ $$ \frac{\partial y}{\partial x} = W^\top $$' );
is_fault('a transpose behind the subscript is one', '9:10', 'wrong: ', "| \$x\$ | n × 1 | |\n| \$W\$ | n × n | |\n| \$z\$ | n × 1 | |\n",
    '$$ z := W x $$' . "\n\n" . '$$ z_i = \sum_j W_{ij}^\top x_j $$');
is_right('and means the entry of the transpose', "| \$x\$ | n × 1 | |\n| \$W\$ | n × n | |\n| \$z\$ | n × 1 | |\n",
    '$$ z := W x $$ $$ z_i = \sum_j W_{ji}^\top x_j = \sum_j W^\top_{ji} x_j = \sum_j W^T_{ji} x_j $$');
is_right('shapes in other spellings',
    "| \$x\$ | \$\\mathbb{R}^{n \\times 1}\$ | |\n| \$W\$ | (m, n) | |\n| \$y\$ | m x 1 | |\n| \$L\$ | scalar | |\n",
    $forward . '\[ \nabla_x L = 2 W^\top W x \]');
is_right('sizes are numbers', $column, '$$ \sum_{i} (1 + 0 x_i) = n $$ $$ \frac{1}{\sqrt{n}} \sqrt{n} = 1 $$');
is_right('a size with a name below', "| \$x\$ | d_k × 1 | |\n", '$$ \mathbf{1}_{d_k}^\top \mathbf{1}_{d_k} = d_k $$ $$ \sum_i x_i = \mathbf{1}^\top x $$');
is_right('a number for a size', "| \$x\$ | 3 × 1 | |\n", '$$ \mathbf{1}^\top \mathbf{1}_3 + 0 \mathbf{1}^\top x = 3 $$');
is_right('ones stand as the table says', "| \$\\mathbf{1}\$ | 1 × n | |\n| \$x\$ | n × 1 | |\n", '$$ \sum_i x_i = \mathbf{1} x $$');
is_right('ranges of words', "| \$p\$ | n × 1 | probability |\n| \$q\$ | n × 1 | positive |\n| \$b\$ | n × 1 | binary |\n"
    . "| \$f\$ | 1 × 1 | fraction |\n", '$$ \mathbf{1}^\top p = 1 $$ $$ b \odot b = b $$ $$ \sqrt{q \odot q} = q $$ $$ \log(\exp(\log(f))) + \log(1 - f) = \log(f (1 - f)) $$');
is_right('one-hot columns, and the claim is marked', "| \$y\$ | n × 1 | one-hot |\n", '$$ y^\top y = 1 $$');
ok((notes("| \$y\$ | n × 1 | one-hot |\n", '$$ y^\top y = 1 $$'))[1] =~ /\(for one-hot y\)/, 'as being for one-hot columns only');
is_right('layers above, and their entries', "| \$a^{(l)}\$ | n_l × 1 | 0..D |\n| \$W^{(l)}\$ | n_l × n_{l-1} | 1..D |\n",
    '$$ a^{(l)} := \tanh(W^{(l)} a^{(l-1)}) $$ $$ \frac{\partial a^{(l)}}{\partial a^{(l-1)}} = \operatorname{diag}(1 - a^{(l)} \odot a^{(l)}) W^{(l)} $$ $$ a^{(l)}_i = \tanh(\sum_j W^{(l)}_{ij} a^{(l-1)}_j) $$');
is_right('a derivative with d, where d is a size', "| \$x\$ | d × 1 | |\n| \$L\$ | 1 × 1 | |\n", '$$ L := d x^\top x $$ $$ \frac{dL}{dx} = 2 d x $$ $$ \frac{d}{2} + \frac{d}{2} = d $$');
is_right('several equations in one display', $column, '\begin{align*} y &:= W x, & L &:= y^\top y \\\\ \frac{\partial L}{\partial y} &= 2 y \\\\ &= 2 W x \end{align*}');
is_right('definitions in sentences', $column, 'Let $y := W x$ and $L \coloneqq y^\top y$. $$ \nabla_y L = 2 y $$');
is_right('a definition may come after its use', $column, '$$ \frac{\partial L}{\partial y} = 2 y $$' . "\n\n$forward");
is_right('what is code, a comment or prose is not read', $column, $forward . "`\$\$ y = x \$\$`\n\n```\n\$\$ y = x \$\$\n```\n<!-- \$\$ y = x \$\$ -->\n\n"
    . "<!-- eqcheck: off -->\n\$\$ y = x \$\$\n<!-- eqcheck: on -->\n\n\$\$ y \\approx x \$\$ {.prose}\n");
is_right('powers of a half', "| \$v\$ | 1 × 1 | positive |\n", '$$ v^{-3/2} = \frac{1}{v \sqrt{v}} $$ $$ v^{\frac{1}{2}} = \sqrt{v} $$');
is_right('slopes', "| \$z\$ | n × 1 | |\n| \$a\$ | n × 1 | |\n", '$$ a := \sigma(z) $$ $$ \frac{\partial a}{\partial z} = \operatorname{diag}(\sigma\'(z)) $$ $$ \tanh\'(z) = 1 - \tanh(z) \odot \tanh(z) $$');
is_right('a rectifier', "| \$z\$ | n × 1 | |\n| \$a\$ | n × 1 | |\n", '$$ a := \operatorname{ReLU}(z) $$ $$ \frac{\partial a}{\partial z} = \operatorname{diag}(\operatorname{ReLU}\'(z)) $$');
is_right('definitions entry by entry', "| \$X\$ | n × d | |\n| \$W\$ | d × k | |\n| \$S\$ | n × k | |\n| \$p\$ | k × 1 | |\n| \$z\$ | k × 1 | |\n| \$h_t\$ | k × 1 | 0..T |\n",
    '$$ S_{ij} := \sum_{l=1}^{d} X_{il} W_{lj} $$ $$ p_i := \frac{e^{z_i}}{\sum_j e^{z_j}} $$ $$ h_{t,i} := \tanh(h_{t-1,i} + z_i) $$'
    . ' $$ S = X W $$ $$ p = \operatorname{softmax}(z) $$ $$ h_t = \tanh(h_{t-1} + z) $$ $$ \frac{\partial p_i}{\partial z_j} = p_i (\delta_{ij} - p_j) $$');
is_right('an index from a constant and two letters', "| \$x_t\$ | d × 1 | 1..T |\n| \$h_t\$ | n × 1 | 0..T |\n| \$o_t\$ | n × 1 | 1..T |\n| \$U\$ | n × d | |\n| \$W\$ | n × n | |\n"
    . "| \$V\$ | n × n | |\n| \$L\$ | 1 × 1 | |\n", '$$ h_t := U x_t + W h_{t-1}, \quad o_t := V h_t $$ $$ L := \sum_t o_t^\top o_t $$'
    . ' $$ \frac{\partial L}{\partial h_t} = \sum_{i=t}^{T} (W^\top)^{T-i} V^\top \frac{\partial L}{\partial o_{T+t-i}} $$');
is_right('powers of a matrix', "| \$W\$ | n × n | |\n| \$x_t\$ | n × 1 | 1..T |\n| \$h_t\$ | n × 1 | 0..T |\n",
    '$$ h_0 := 0 $$ $$ h_t := W h_{t-1} + x_t $$ $$ h_t = \sum_{j=1}^{t} W^{t-j} x_j $$ $$ \frac{\partial h_T}{\partial h_t} = W^{T-t} $$');
is_right('gradients that are called dW', "| \$W\$ | m × n | |\n| \$x\$ | n × 1 | |\n| \$y\$ | m × 1 | |\n| \$L\$ | 1 × 1 | |\n| \$dW\$ | m × n | |\n",
    $forward . '$$ dW := \frac{\partial L}{\partial W} $$ $$ dW = 2 y x^T $$ $$ \frac{dL}{dW} = dW $$');
is_right('functions in words', "| \$z\$ | n × 1 | |\n", '$$ z^\top \text{diag}(z) = (z \odot z)^\top $$ $$ \mathrm{softmax}(z)^\top \mathbf{1} = 1 $$');
is_right('a rectifier as a maximum, and its slope as an indicator', "| \$z\$ | n × 1 | |\n| \$a\$ | n × 1 | |\n| \$g\$ | n × 1 | |\n| \$L\$ | 1 × 1 | |\n",
    '$$ a := \max(0, z) $$ $$ L := g^\top a $$ $$ \frac{\partial L}{\partial z} = g \odot \mathbf{1}[z > 0] $$');
is_right('sigma may be a symbol', "| \$\\sigma\$ | 1 × 1 | |\n| \$\\sigma^2_B\$ | 1 × 1 | |\n", '$$ \sigma^2_B := \sigma \cdot \sigma $$ $$ \frac{\partial \sigma_B^2}{\partial \sigma} = 2 \sigma $$');

# ---------------------------------------------------------------- what is refused, and where
my $chain = notes($column, $forward . '$$ \frac{\partial L}{\partial x} = 2 W^\top y = W^\top W x = W^\top y $$');
ok($chain =~ /^notes\.md:12:\d+: wrong: member 3 of 4: error/m, 'the first member of a chain that breaks', $chain);
ok($chain =~ /^    true would be, twice as much: \\frac\{\\partial L\}\{\\partial x\} = 2 \(W\^\\top W x\)$/m, 'and what would be true', $chain);
ok(notes("| \$x_t\$ | 1 × 1 | 1..T |\n| \$s_t\$ | 1 × 1 | 1..T |\n", '$$ s_t := \sum_{u=1}^{t} x_u $$ $$ s_t = \sum_{u=1}^{t} x_{u-1} $$') =~ /unknown: x is asked for at index 0.*true would be, a time one later: s_t = \\sum_\{u=1\}\^\{t\} x_u$/ms,
    'an index that leaves its range, and what would be true');
is_fault('a symbol that is not in the table', '8:4', 'unknown: q is not in the notation table', $column, '$$ q = y $$');
is_fault('what cannot be read', '8:10', 'syntax: ', $column, '$$ y = (x $$');
is_fault('a definition with a plain equals sign', '8:10', 'wrong: ', $column, '$$ y = W x $$');
ok(notes($column, '$$ y = W x $$') =~ /y has no definition, so it is drawn at random: a definition is written with :=/, 'is told apart');
is_fault('the same row twice', '4:4', 'syntax: x is in the table already, in line 3', "| \$x\$ | n × 1 | |\n| \$x\$ | n × 1 | |\n", '$$ x = x $$');
is_fault('the same definition twice', '10:4', 'syntax: y is defined already, in line 8', $column, "\$\$ y := W x \$\$\n\n\$\$ y := 2 W x \$\$");
is_fault('a definition by itself', '8:4', 'syntax: y is defined by way of itself', $column, '$$ y := W x + y $$');
ok(notes("| \$a\$ | 1 × 1 | |\n| \$b\$ | 1 × 1 | |\n", '$$ a := 2 b $$ $$ b := 3 a $$') =~ /is defined by way of itself/, 'a circle of two');
is_fault('a shape without two sides', '3:9', 'syntax: a shape has two sides', "| \$x\$ | n | |\n", '$$ x = x $$');
is_fault('an unknown range', '3:17', 'unknown: sparse is no range', "| \$x\$ | n × 1 | sparse |\n", '$$ x = x $$');
is_fault('a range without an index', '3:4', 'syntax: x has a range', "| \$x\$ | n × 1 | 1..T |\n", '$$ x = x $$');
is_fault('a row that is no symbol', '3:4', 'syntax: x + y is not read as a symbol', "| \$x + y\$ | n × 1 | |\n", '$$ x = x $$');
ok(notes($column, '$$ \log(x) + \log(x) = 2 \log(x) $$') =~ /what has to be positive is said to be so in its range/, 'a logarithm of what may be negative');
my $unread = notes($column, '$$ y := W x ) $$ $$ y = W x $$');
ok($unread =~ /unknown: there is no definition of y/ && $unread =~ /^definitions that were not read: 1;/m,
    'what needs a definition that cannot be read is unknown', $unread);
ok(notes($column, $forward) =~ /^drawn at random: x, W$/m, 'what is drawn is told');

# ---------------------------------------------------------------- the command line
is((run("$dir/none.md"))[0], 2, 'a file that is not there');
is((run($dir))[0], 2, 'a folder');
is((run('--html', "$dir/a.html"))[0], 2, 'a page of no notes');
is((run('--at', '5,3,4,2,1', 'data/examples/mlp.md'))[0], 2, "an option about the book's network");
is((run('--jacobian', 'sideways', 'data/examples/mlp.md'))[0], 2, 'an unknown layout');
is((run('--ledger', "$dir/nowhere/a.tsv", 'data/examples/mlp.md'))[0], 1, 'a table that cannot be written');
is((run('data/examples/mlp.md', 'data/examples/attention.md'))[0], 0, 'two files');
is((run('data/examples/mlp.md', 'data/examples/attention-wrong.md'))[0], 1, 'of which one is wrong');
my ($status) = run('data/examples/mlp-wrong.md', '--ledger', "$dir/ledger.tsv", '--html', "$dir/page.html");
my @ledger = table("$dir/ledger.tsv");
ok(@ledger == 18 && 6 == grep({ $_->{verdict} ne 'ok' } @ledger), 'the table has a row for each formula');
my $page = slurp("$dir/page.html");
ok($page =~ /<math/ && 12 == (() = $page =~ /class="eqcheck ok"/g) && 6 == (() = $page =~ /class="eqcheck (?:wrong|shape)"/g),
    'the page has a note for each');

# ---------------------------------------------------------------- definitions without a row
# Rows of what is defined are taken away, and the verdicts have to stay what they were.
sub verdicts {
    my ($text) = @_;
    spew("$dir/notes.md", $text);
    run("$dir/notes.md", '--ledger', "$dir/ledger.tsv");
    return join "\n", map { join ' ', @$_{qw(label kind verdict repair nearest)} } table("$dir/ledger.tsv");
}

sub without_rows {
    my ($text) = @_;
    my %defined = map { $_ => 1 } $text =~ /(?:\$\$|\\\\|^)[ &]*(\S+?)[ &]*(?::=|\\coloneqq)/mg;
    $text =~ s/^\| *\$(.*?)\$ *\|.*\n/$defined{$1} ? '' : $&/gme;
    return $text;
}

for my $notes (glob('data/examples/*.md'), glob 'tests/errata/*.md') {
    my $text = slurp($notes);
    my $shorter = without_rows($text);
    ok($shorter ne $text, "$notes has rows that can be inferred");
    is(verdicts($shorter), verdicts($text), '… and is judged without them as it is with them');
}

my $given = "| \$x\$ | m × 1 | |\n| \$y\$ | l × 1 | one-hot |\n| \$W\$ | n × m | |\n| \$V\$ | l × n | |\n| \$b\$ | n × 1 | |\n";
my @perceptron = ('a \coloneqq W x + b', 'h := \tanh(a)', 'p := \softmax(V h)', 'L := -y^\top \log p');
my @claims = ('\frac{\partial L}{\partial V} = (p - y) h^\top', '\frac{\partial L}{\partial h} = V^\top (p - y)',
    '\frac{\partial L}{\partial a} = \frac{\partial L}{\partial h} \odot (1 - h^2)');
my @false = ('\frac{\partial L}{\partial W} = x \left(\frac{\partial L}{\partial a}\right)^\top',
    '\frac{\partial L}{\partial b} = \frac{\partial L}{\partial a} \odot h');
sub displays { return join '', map { "\$\$ $_ \$\$\n\n" } @_ }
is_right('the layers of a perceptron need no rows', $given, displays(@perceptron, @claims));
is_right('in whatever order they are defined', $given, displays(@claims, reverse @perceptron));
my (undef, $faults) = notes($given, displays(@perceptron, @false));
ok($faults =~ /^notes\.md:17:\d+: shape: the left side is n × m, this comes out as m × n\n.*\n.*\n    true would be, with a transpose: /m
    && $faults =~ /^notes\.md:19:\d+: wrong: .*\n.*\n.*\n    true would be, without a factor: .* = \\frac\{\\partial L\}\{\\partial a\}$/m
    && $faults =~ /, 2 faults$/, 'and what is false of them is found, with what would be true', $faults);

my $recurrent = "| \$x_t\$ | 1 × m_t | 1..T |\n| \$y\$ | l × 1 | one-hot |\n| \$A\$ | n_s × n_{s-1} | |\n"
    . "| \$B\$ | n_s × m_s | |\n| \$C\$ | n_s × l | |\n";
my $loss = displays('L \coloneqq h_T C y');
my $claim = displays('\frac{\partial L}{\partial A} = \sum_{t=1}^{T} \left(\frac{\partial L}{\partial a_t}\right)^\top h_{t-1}');
my @steps = ('a_t \coloneqq x_t B^\top + h_{t-1} A^\top', 'h_t := \tanh(a_t)');
is_right('a state that needs itself', $recurrent, displays(@steps) . $loss . $claim);
is_right('by way of what is defined before it', $recurrent, $claim . $loss . displays(reverse @steps));
is_right('or directly', $recurrent, displays('h_t \coloneqq \tanh(x_t B^\top + h_{t-1} A^\top)') . $loss
    . displays('\frac{\partial L}{\partial h_T} = (C y)^\top'));
is_fault('a state taken for its predecessor', '15:36', 'shape: the left side is n_τ × n_{τ-1}, this comes out as n_τ × n_τ', $recurrent, displays(@steps) . $loss
    . displays('\frac{\partial L}{\partial A} = \sum_{t=1}^{T} (\frac{\partial L}{\partial a_t})^\top h_t'));
for my $case ([ 'the first state is drawn', 'x_t, y, A, B, C, the first h_t' ],
    [ 'unless it is defined', 'x_t, y, A, B, C', 'h_0 := 0 x_1 B^\top' ]) {
    my ($what, $drawn, @start) = @$case;
    my ($status, $said) = notes("| \$x_t\$ | 1 × m | 1..T |\n| \$y\$ | l × 1 | one-hot |\n| \$A\$ | n × n | |\n"
        . "| \$B\$ | n × m | |\n| \$C\$ | n × l | |\n", displays(@steps, @start) . $loss);
    ok($status == 0 && $said =~ /^drawn at random: \Q$drawn\E$/m, $what, $said);
}
is_right('layers above', "| \$W^{(l)}\$ | n_l × n_{l-1} | 1..K |\n| \$u\$ | n_s × 1 | |\n",
    displays('a^{(l)} := \tanh(z^{(l)})', 'z^{(l)} := W^{(l)} a^{(l-1)}', 'J := u^\top a^{(K)}',
        '\frac{\partial J}{\partial W^{(l)}} = \frac{\partial J}{\partial z^{(l)}} (a^{(l-1)})^\top'));
is_right('a loss that is called like a size', "| \$x\$ | L × 1 | |\n",
    displays('L := x^\top x', '\frac{\partial L}{\partial x} = 2 x'));
is_right('steps that no row counts', "| \$W\$ | n × n | |\n| \$u\$ | n × 1 | |\n",
    displays('h_t := \tanh(h_{t-1}^\top W)^\top', 'J := u^\top h_T', '\frac{\partial J}{\partial h_T} = u'));
my @second = ('s_t := o_t \odot \tanh(d_t)', 'd_t := f_t \odot d_{t-1} + (1 - f_t) \odot \tanh(h_t K)',
    'f_t := \sigma(h_t K + s_{t-1} M)', 'o_t := \sigma(h_t K - s_{t-1} M)');
is_right('cells upon cells, the last one first', "| \$x_t\$ | 1 × m | 1..T |\n| \$A\$ | n × n | |\n| \$B\$ | n × m | |\n"
    . "| \$K\$ | n × k | |\n| \$M\$ | k × k | |\n| \$u\$ | k × 1 | |\n", displays('J := s_T u', @second,
    'h_t := \tanh(c_t)', 'c_t := \sigma(x_t B^\top + h_{t-1} A) \odot c_{t-1}', '\frac{\partial J}{\partial u} = s_T^\top'));
is_fault('a shape that could be another one', '6:4', 'unknown: h_t is not in the notation table, and more than one shape',
    "| \$x_t\$ | k × 1 | 1..T |\n| \$y\$ | n × 1 | |\n", displays('h_t := 2 h_{t-1}'));
is_fault('ones without a length', '5:4', 'unknown: q is not in the notation table, and its definition leaves its shape open: give it a row',
    "| \$x\$ | k × 1 | |\n", displays('q := \mathbf{1}'));
is_fault('what needs such a one', '5:4', 'unknown: r is not in the notation table, and its definition needs q,',
    "| \$x\$ | k × 1 | |\n", displays('r := 2 q', 'q := \mathbf{1}'));
is_fault('entries of what has no row', '5:4', 'unknown: h_i is not in the notation table, and its definition is one of entries, and does not tell the shape: give h a row',
    "| \$x\$ | k × 1 | |\n", displays('h_i := 2 x_i'));
is_fault('a circle of two without a row', '5:4', 'syntax: a is defined by way of itself',
    "| \$x\$ | k × 1 | |\n", displays('a := c + x', 'c := 2 a'));
is_fault('a symbol that nothing defines', '5:9', 'unknown: q is not in the notation table',
    "| \$x\$ | k × 1 | |\n", displays('a := q + x'));
is_fault('a definition that does not fit', '6:11', 'shape: a sum of k × 1 and n × 1',
    "| \$x\$ | k × 1 | |\n| \$y\$ | n × 1 | |\n", displays('a := x + y'));

# ---------------------------------------------------------------- rows of one step, and of one entry
my $given_rows = "| \$x_t\$ | m × 1 | 1..T |\n| \$W\$ | n × n | |\n| \$U\$ | n × m | |\n| \$v\$ | n × 1 | |\n";
my @recurrence = ('a_t := W h_{t-1} + U x_t', 'h_t := \tanh(a_t)', 'L := \sum_{t=1}^T v^\top h_t');
my @of_start = ('\frac{\partial L}{\partial h_0} = W^\top \frac{\partial L}{\partial a_1}',
    '\frac{\partial L}{\partial W} = \frac{\partial L}{\partial a_1} h_0^\top + \sum_{t=2}^T \frac{\partial L}{\partial a_t} h_{t-1}^\top',
    '\frac{\partial L}{\partial h_T} = v', '\frac{\partial L}{\partial U} = \sum_{t=1}^{T-1} \frac{\partial L}{\partial a_t} x_t^\top + \frac{\partial L}{\partial a_T} x_T^\top');
my $start_row = "| \$h_0\$ | n × 1 | |\n";
my $all_row = "| \$h_t\$ | n × 1 | 1..T |\n";
is_right('a row for h_0, and h_t is defined', "$given_rows$start_row", displays(@recurrence, @of_start));
is_right('a row for h_0 behind that for h_t', "$given_rows$all_row$start_row", displays(@recurrence, @of_start));
is_right('a row for h_0 before that for h_t, whose range has it already', "$given_rows$start_row| \$h_{t}\$ | n × 1 | 0..T |\n",
    displays(@recurrence, @of_start));
is_right('a row for h_0 that is defined', "$given_rows$start_row", displays('h_0 := 0', @recurrence, $of_start[0]));
is_right('a row for x_T, for h_1 in braces, and for a step above', "$given_rows$start_row$all_row| \$x_T\$ | m × 1 | |\n"
    . "| \$h_{1}\$ | n × 1 | |\n| \$b^{(0)}\$ | n × 1 | |\n| \$b^{(k)}\$ | n × 1 | 1..4 |\n", displays(@recurrence, @of_start,
        'b^{(k)} := \tanh(b^{(k-1)})', '\frac{\partial b^{(1)}}{\partial b^{(0)}} = \operatorname{diag}(1 - b^{(1)} \odot b^{(1)})'));
is_right('rows where axes have times', "| \$x_t\$ | 1 × m_t | 1..T |\n| \$h_0\$ | 1 × n | |\n| \$A\$ | n_s × n_{s-1} | |\n| \$B\$ | n_s × m_s | |\n| \$q\$ | n × 1 | |\n",
    displays('h_t := \tanh(x_t B^\top + h_{t-1} A^\top)'));
is_right('the words of a row of one step hold for that step', "| \$w_0\$ | 1 × 1 | positive |\n| \$w_t\$ | 1 × 1 | 1..T |\n",
    displays('\sqrt{w_0^2} = w_0', '\log(w_0) + \log(w_0) = 2 \log(w_0)'));
is_fault('and for no other', '8:19', 'wrong: ', "| \$w_0\$ | 1 × 1 | positive |\n| \$w_t\$ | 1 × 1 | 1..T |\n",
    displays('w_0 = w_0', '\sqrt{w_t^2} = w_t'));
is_right('a positive start of what is defined', "| \$w_t\$ | 1 × 1 | 0..T, positive |\n", displays('w_t := \frac{w_{t-1}}{2}', '\sqrt{w_t^2} = w_t'));
is_right('and of what is defined without a row', "| \$w_0\$ | 1 × 1 | positive |\n", displays('w_t := \frac{w_{t-1}}{2}', '\sqrt{w_t^2} = w_t'));
is_fault('a step with words of its own', '4:4', 'syntax: w_T is w_t at T, and is drawn as that is', "| \$w_t\$ | 1 × 1 | 1..T |\n| \$w_T\$ | 1 × 1 | positive |\n", '$$ w_T = w_T $$');
is_fault('a step with another shape', '4:4', 'syntax: W_1 is W_s at 1, and has another shape here: let the range of W_s leave it out',
    "| \$W_s\$ | n × n | 1..4 |\n| \$W_1\$ | n × m | |\n", '$$ W_1 = W_1 $$');
is_right('a first layer with another shape, which the range leaves out', "| \$W_s\$ | n × n | 2..4 |\n| \$W_1\$ | n × m | |\n| \$x\$ | m × 1 | |\n| \$v\$ | n × 1 | |\n",
    displays('a_1 := \tanh(W_1 x)', 'a_2 := \tanh(W_2 a_1)', 'L := v^\top a_2',
        '\frac{\partial L}{\partial W_1} = \left( \left( W_2^\top (v \odot (1 - a_2^2)) \right) \odot (1 - a_1^2) \right) x^\top'));
is_fault('a row for an entry', '4:4', 'syntax: x_i would be another symbol than x: an entry of that needs no row',
    "| \$x\$ | n × 1 | |\n| \$x_i\$ | 1 × 1 | |\n", '$$ \sum_i x_i = \mathbf{1}^\top x $$');
is_fault('for one that counts', '4:4', 'syntax: x_i would be another symbol', "| \$x\$ | n × 1 | |\n| \$x_i\$ | 1 × 1 | 1..4 |\n", '$$ x_i = x_i $$');
is_fault('for one of a matrix', '4:4', 'syntax: W_{ij} would be another symbol', "| \$W\$ | n × m | |\n| \$W_{ij}\$ | 1 × 1 | |\n", '$$ W = W $$');
is_fault('for one of what is defined', '4:4', 'syntax: y_i would be another symbol', "| \$x\$ | n × 1 | |\n| \$y_i\$ | 1 × 1 | |\n",
    displays('y := 2 x', 'y_i = 2 x_i'));
is_right('and none that is a name, or an example of many', "| \$b\$ | n × 1 | |\n| \$b_o\$ | 1 × 1 | |\n| \$L\$ | 1 × 1 | |\n| \$L_i\$ | 1 × 1 | 1..N |\n| \$b_i\$ | m × 1 | 1..N |\n",
    displays('L := \frac{1}{N} \sum_{i=1}^N L_i', '\frac{\partial L}{\partial L_i} = \frac{1}{N}'));

# ---------------------------------------------------------------- conditions, letters and remarks
my $series = "| \$x_t\$ | 1 × 1 | 1..T |\n";
is_right('a definition with a condition', $series, displays('s_T := 2 x_T', 's_t := x_t, \quad t < T', 's_T = 2 x_T', 's_t = x_t, \quad t < T'));
is_fault('a definition holds where its condition does, and nowhere else', '7:4', 'unknown: there is no definition of s_t at 6',
    $series, displays('s_t := x_t, \quad t < T', 's_T = x_T'));
is_fault('for entries too', '6:4', 'unknown: there is no definition of entry', "| \$x\$ | n × 1 | |\n| \$y\$ | n × 1 | |\n",
    displays('y_i := x_i, \quad i < 3', 'y_1 = y_1', 'y = x'));
is_fault('a condition about another letter', '5:4', 'unknown: the condition is about u', $series, displays('s_t := x_t, \quad u < t'));
is_right('layers that are counted by an ell', "| \$W^{(\\ell)}\$ | n_\\ell × n_{\\ell-1} | \$\\ell=1..D\$ |\n| \$a^{(0)}\$ | n_s × 1 | |\n| \$u\$ | n_s × 1 | |\n",
    displays('a^{(\ell)} := \tanh(W^{(\ell)} a^{(\ell-1)})', '\ell := u^\top a^{(D)}', '\frac{\partial \ell}{\partial a^{(D)}} = u',
        '\sum_{\ell=1}^{D} \operatorname{tr}(W^{(\ell)} (W^{(\ell)})^\top) = \sum_{k=1}^{D} \|W^{(k)}\|^2'));
is_fault('an ell beside an l', '5:12', 'syntax: l and \ell are the same letter here', "| \$x_l\$ | 1 × 1 | 1..D |\n", displays('x_l = x_\ell'));
is_right('accents', "| \$\\dot{x}\$ | n × 1 | |\n| \$\\vec x\$ | n × 1 | |\n| \$\\overline{x}\$ | n × 1 | |\n",
    displays('y := \dot x + \vec{x}', 'y - \dot{x} = \vec x', '\overline x + y = y + \overline{x}'));
is_fault('which are parts of a name', '8:15', 'wrong: ', "| \$\\dot{x}\$ | n × 1 | |\n| \$\\ddot{x}\$ | n × 1 | |\n", displays('\dot{x} = \dot x', '\ddot{x} = \dot x'));
is_right('indicators, and the larger of zero', "| \$z\$ | n × 1 | |\n", displays('a := \max(z, 0)', 'a = \max(0, z)',
    map { "a = z \\odot \\mathbf{1}$_" } '[z > 0]', '\{z > 0\}', '(z > 0)', '_{z > 0}', '_{\{z > 0\}}', '[0 < z]', '[2 z > z]', '_{z \gt 0}',
        '[z > 0, z > -1]', '(-1 < z \land z > 0)', '\{z > 0 \wedge z > 0\}'));
is_right('and what is not so', "| \$z\$ | n × 1 | |\n", displays('a := \max(z, 0)', map { "z - a = z \\odot \\mathbf{1}$_" } '[z < 0]', '[z \le 0]', '[0 \ge z]', '[z \leq 0, z \lt 1000]'));
is_right('with a sum inside', "| \$x_t\$ | 1 × 1 | 1..T |\n", displays('r_t := \mathbf{1}[\sum_{u > t} x_u > x_t]', 'r_t = \mathbf{1}[x_t < \sum_{u=t+1}^{T} x_u]'));
is_fault('of something else', '7:10', 'wrong: ', "| \$z\$ | n × 1 | |\n", displays('a := \max(z, 0)', 'a = z \odot \mathbf{1}_{-z > 0}'));
is_right('one letter that counts two things', "| \$x_t\$ | 1 × 1 | 1..S |\n| \$y_t\$ | 1 × 1 | 1..T |\n",
    displays('e_t := x_t + e_{t-1}', 'd_0 := e_S', 'd_t := y_t + d_{t-1}', 'q_t := 2 d_t', 'd_1 = y_1 + e_S', 'q_T = 2 d_T', 'e_S = e_0 + \sum_{t=1}^S x_t'));
for my $case ([ 'a_i = \begin{cases} 1 & i < 3 \\ 0 & i \ge 3 \end{cases}', 'write an equation for each case' ],
    [ 'a = \begin{pmatrix} a_1 \\ a_2 \end{pmatrix}', 'write its blocks as symbols, or its entries' ],
    [ 'a = a \quad \text{(by the chain rule)}', 'a remark stands in the sentence' ], [ 'a \cdot a = 1', 'of two columns the inner product is a^\top b' ],
    [ 'a = (a_1, \ldots, a_n)^\top', 'of a row of entries write each' ], [ '\sum_n a_n = 0', 'n is a size, and does not run' ],
    [ '\delta a = 0', 'a name of two parts is written \delta^h_t' ], [ '\det(A) = 1', 'only tanh, sigma' ], [ 'q = 1', 'its definition in line 7 could not be read' ]) {
    my ($latex, $advice) = @$case;
    my (undef, $answer) = notes("| \$a\$ | n × 1 | |\n| \$A\$ | n × n | |\n", displays($latex, 'q := a +'));
    $answer =~ s/:8:/:7:/g;
    ok(index($answer =~ s/line 8/line 7/r, $advice) >= 0, "$latex: $advice", $answer);
}

# ---------------------------------------------------------------- TeX
spew("$dir/notes.tex", <<'END');
\documentclass{article}
\newcommand{\dd}[2]{\frac{\partial #1}{\partial #2}}
\begin{document}
% \[ x = 2 x \]
\begin{tabular}{lll}
symbol & shape & range \\ \hline
$x$ & $n \times 1$ & \\
$W$ & $m \times n$ & \\
$L$ & $1 \times 1$ & \\
\end{tabular}
\begin{equation} L := x^\top W^\top W x \end{equation}
Then
\begin{align}
  \dd{L}{x} &= 2 W^\top W x \\
  \dd{L}{W} &= 2 x x^\top W^\top
\end{align}
\end{document}
END
my ($tex_status, $tex) = run("$dir/notes.tex");
ok($tex_status == 1 && $tex =~ /notes\.tex:15:3: shape: .*n × m/ && $tex =~ /^ok       line 14: /m,
    'TeX is read through pandoc, and its lines are those of the file', $tex);

# ---------------------------------------------------------------- files that mean no good
my %hostile = (
    'an empty file' => '',
    'no table' => "text\n",
    'a zero byte' => "$head$column\0\$\$ y = x \$\$",
    'no UTF-8' => "$head$column\n\$\$ y = \xff\xfe x \$\$ \xc3(",
    'random bytes' => join('', map { chr(($_ * 7919 + ($_ ** 2 % 251)) % 256) } 1 .. 60_000),
    'a huge table' => $head . join('', map { "| \$x_{$_}\$ | n × 1 | |\n" } 1 .. 5000) . '$$ x_1 = x_2 $$',
    'many sizes' => $head . join('', map { "| \$x_{$_}\$ | $_ × 1 | |\n" } 'a' .. 'z', 'A' .. 'Z') . '$$ x_a = x_a $$',
    'deep brackets' => "$head$column\n\$\$ x = " . '(' x 5000 . 'x' . ')' x 5000 . ' $$',
    'a long sum' => "$head$column\n\$\$ x = x" . ' + x' x 950 . ' $$',
    'absurd sizes' => $head . "| \$x\$ | 99999999999 × 1 | |\n| \$y_t\$ | n × 1 | 1..99999999999 |\n| \$z_t\$ | n × 1 | 1..T+9 |\n\$\$ x = x \$\$",
    'sums in sums' => $head . "| \$x_t\$ | 12 × 1 | 1..99 |\n" . '$$ \sum_{t=1}^{99} \sum_{u=1}^{99} \sum_{v=1}^{99} x_t x_u^\top x_v x_v^\top = x_1 x_1^\top $$',
    'no end of a display' => "$head$column\n\$\$ y = x",
    'openings only' => '\begin{align} a' x 20_000,
    'dollars' => "\$\$ a\n\n" x 30_000,
    'back quotes' => '` ' x 100_000,
    'fences' => "```\n" x 50_000,
    'comments' => '<!-- ' x 50_000,
    'bars' => "| a | b |\n|---|---|\n" x 20_000,
    'long cells' => $head . '| $' . 'x' x 300 . '$ | n × 1 | |' . "\n| \$y\$ | " . 'n' x 3000 . " | |\n| \\ | | |\n",
    'a file that is too large' => 'a' x 2_000_000,
);
for my $what (sort keys %hostile) {
    spew("$dir/hostile.md", $hostile{$what});
    my ($hostile_status, $said, $errors) = run("$dir/hostile.md");
    ok($hostile_status =~ /^[12]$/ && "$said$errors" =~ /\S/, "$what is refused", "$hostile_status: " . substr $said, 0, 300);
}
my $piped = system("$eqcheck data/examples/mlp-wrong.md 2>/dev/null | head -n 1 > /dev/null");
is($piped, 0, 'a reader that goes away');

done_testing;
