#!/usr/bin/env perl
# Equations in many hands, through build/eqcheck on standard input. The table
# is in the chapter "Wrong Formulas, by Name".
use strict;
use warnings;
use lib 'tests';
use Tap;

my $build = $ENV{BUILD} || 'build';
my %seen;

# Runs eqcheck on these lines; returns its status and the lines of its answer.
sub ask {
    my ($arguments, @lines) = @_;
    my $file = "$build/spellings.in";
    spew($file, map { "$_\n" } @lines);
    my @answers = `$build/eqcheck $arguments < $file 2>$build/spellings.err`;
    return ($? & 127 ? -1 : $? >> 8, @answers);
}

my @cases = map { [ /^(\w+) \| (.*?)\s*$/ ] } grep { /^\w+ \| / } split /\n/, slurp('tangled/tests/spellings.txt');
$seen{ $_->[0] }++ for @cases;
ok(@cases >= 150 && keys %seen == 5, scalar(@cases) . ' equations, with every verdict');
my ($status, @answers) = ask('', map { $_->[1] } @cases);
ok($status == 1 && @answers == @cases, 'one answer for each, and status 1, since some are wrong');
for my $i (0 .. $#cases) {
    my ($wanted, $latex) = @{ $cases[$i] };
    my $answer = defined $answers[$i] ? $answers[$i] : 'nothing';
    my ($word) = $answer =~ /^(\w+)/;
    my $column = $wanted eq 'ok' || $answer =~ /^\w+ at column \d+: \S/;
    ok($word eq $wanted && $column, "$wanted: $latex" . ($word eq $wanted ? '' : " (answered: $answer)"));
}

# What only one-hot rows fulfil is marked so; what all rows fulfil is not.
($status, @answers) = ask('', 'L_t = -\log(\hat y_t y_t^\top)', 'x_t^2 = x_t', 'L_t = -y_t (\log \hat{y}_t)^\top');
ok(($answers[0] || "") =~ /^ok .*\(for one-hot y_t\)$/, 'a claim about one-hot targets is marked');
ok(($answers[1] || "") =~ /^ok .*\(for one-hot x_t\)$/, 'a claim about one-hot inputs is marked');
ok(($answers[2] || "") =~ /^ok [^(]*$/, 'a claim about all rows is not');

# A refusal says what to write instead.
my @advice = (
    ['h_t^10 = h_t^{10}', 'write {10}'], ['\beta_1^T = \beta_1', '\prod_{k=1}^{T}'], ['L\' = L', '^\top'],
    ['\mathbf{1} \mathbf{1}^\top = n', '\mathbf{1}_n'], ['h_t = \tanh(z^h_t) \quad \text{never}', '\text{for all } t'],
    ['\log \hat y_t y_t^\top = L_t', 'into ( )'], ['s_t / 2 c_t = 0', '\frac'], ['h_t \ast h_t = 0', '\odot'],
    ['h_t \otimes h_t = 0', 'a^\top b'], ['z_t = h_t', 'z^h_t'], ['W_{hy}\' h_t = 0', '^\top'], ['c_t = \max_i z_t^{y,i}', '\max(z^y_t)'],
    ['\nabla_{h_{t-1}} h_t = 0', '\frac{\partial}{\partial}'], ['h_t^{(i)} = 0', '(h_t)_i'], ['W_{hh}^i = 0', '(W)_{ij}'],
    ['h_t = z^h_t / z^h_t', '\oslash'], ['h_t \approx z^h_t', 'write ='], ['2\frac12 = 1', '\cdot'], ['tanh(z^h_t) = h_t', '\tanh'], ['diag(h_t) = I', '\diag'], ['min(1, L) = 1', '\min'], ['sum_{t=1}^T L_t = L', '\sum'],
    ['{h_t z^h_t}^\top = 0', '( )'], ['h_t = \tanh(z^h_t) \\\\ L = 0', 'apart'], ['x_1 + \ldots + x_T = 0', '\sum'],
    ['\operatorname{rank}(W_{hh}) = n', 'softmax, diag, tr'], ['\tr(W_{hh}) = n', '\sum_i (A)_{ii}'], ['\|W_{hh}\|_2 = 1', '\|A\|_F'],
    ['|h_t| = h_t', '\sqrt{x^2}'], ['2^{L} = 1', 'no index'], ['\hat{y_t^2} = 1', '\hat{y}_t^2'], ['\log{L L} = L', '( )'], ['h_t \cdot h_t = 1', 'a b^\top'], ['\hat y_t = \exp(z^y_t - s_t)', 'c \mathbf{1}'],
    ['Z^y_t = H_t W_{hy}^T + b_y', 'eq:Zy with a factor lost'], ['Z^y_t = H_t W_{hy}^T + 2 b_y', '\mathbf{1}^\top a'], ['\exp(L)^{1/T} = \exp(L)', '\exp of a multiple'], ['\sqrt[3]{L} = L', '\exp of a fraction'],
    ['\sum_{t=1}^T t = 1', 'no number'], ['h_t[i] = 0', '(h_t)_i'], ['\mathrm{d} L = 0', '\frac{\partial L}{\partial h_t}'],
    ['\[ L = F_0 \]', 'leave out'], ['\frac{\partial^2 L}{\partial h_t^2} = 0', 'its value'], ['\diag(h_t)^{-1} = I', '\diag(1 \oslash a)'],
    ['\sum_{t=1}^{T}(h_t - h_{t-1}) = h_T - h_0', 'h_{t,i} - h_{t-1,i}'], ['\frac{\partial L_t + F_t}{\partial h_t} = 0', 'in brackets'],
    ['\tanh -z^h_t = -h_t', 'in brackets'], ['h_t \in \mathbb{R}^n', '\mathbb{R}^{1 \times n}'], ['L \in \mathbb{R}', '\mathbb{R}^{1 \times n}'],
    ['{1 \over 2} = 0.5', '\frac'], ['\max(0, h_t) = h_t', 'or \max'], ['F_t = \sum_{t < u} L_u', '\sum_{u > t}'],
    ['\sum_{k \neq t} L_k = L - L_t', '\sum_{k=1}^{t-1} and \sum_{k=t+1}'], ['\tilde{g}_k = g_k \quad (\nu_k \le \kappa)', '\mathbf{1}[\nu_k \le \kappa]'],
    ['\sum_{k=1,k \neq t}^{T} L_k = L - L_t', '\sum_{k=1}^{t-1} and \sum_{k=t+1}'], ['L = F_0, \quad h_t = h_t', 'write the two apart'], ['\begin{align} L &= F_0 & L &= 1 \end{align}', 'write the two apart'],
    ['\nabla_{b_h} \sum_{t=1}^T L_t = 0', 'into ( )'], ['\mathbf{1}_{i=j} = 0', '(\mathbf{I}_n)_{ij}'],
    ['\frac{\partial h_u}{\partial h_t} = \prod_{k=u}^{t+1} \frac{\partial h_k}{\partial h_{k-1}}', '\quad (u \ge t)'],
    ['W_{hh}^2 = I', 'A A'], ['\sum_{t=1}^{T} \sum_{t=1}^{T} L_t = 0', 'another letter'], ['\frac{\partial L}{\partial F_t} = 1', 'nothing is computed from'],
    ['h_t h_{t-1}^\top = 0', '\sum_i a_{t,i} b_{t-1,i}'], ['\softmax(\max(Z^y_t)) = 1', 'the transpose'], ['\sum_{u=t+2}^{t} L_u = 0', 'the smaller bound'],
    ['0^{n-1} = 0', 'on a network with'], ['1 = \rows_{a=1}^{100} \rows_{b=1}^{100} \mathbf{1}_n', 'column 5: a value is too large']);
($status, @answers) = ask('', map { $_->[0] } @advice);
for my $i (0 .. $#advice) {
    my ($latex, $wanted) = @{ $advice[$i] };
    my $answer = $answers[$i] || '';
    ok($answer !~ /^ok/ && index($answer, $wanted) >= 0, "$latex: $wanted" . (index($answer, $wanted) >= 0 ? '' : " (answered: $answer)"));
}

# A mistake is told by its name, or as a change to an equation of the book.
my $sum = '\frac{\partial L}{\partial W_{hh}} = \sum_{s=1}^{T}';
($status, @answers) = ask('', "$sum (\\delta^z_s)^T h_s", '\delta^h_t = (\hat{y}_t - y_t) W_{hy}',
    '\delta^h_t = \delta^y_t W_{hy} - \delta^z_{t+1} W_{hh}');
ok(($answers[0] || "") =~ /mistake 30\b.*step late/, 'a time that is late is named');
ok(($answers[1] || "") =~ /mistake 12\b.*future/, 'a future that is forgotten is named, in other words than ours');
ok(($answers[2] || "") =~ /this is eq:dh with a sign/, 'a wrong sign is told as such');

# Another network of the book, with its own letters and its own mistakes.
my %own = (gru => [ [ 'ok', 'r_t = 1 \oslash (1 + \exp(-a^r_t))' ], [ 'ok', '\frac{\partial h_t}{\partial z_t} = \diag(h_{t-1} - \tilde{h}_t)' ],
                    [ 'wrong', '\delta^v_t = \delta^n_t', 'mistake 131\b.*reset gate' ], [ 'wrong', 'h_t = \tanh(a^n_t)' ],
                    [ 'shape', 'r_{t-1} + v_t = 0', 'n_' ], [ 'unknown', 'c_t = f_t \odot c_{t-1}', 'c_t is not in' ],
                    [ 'unknown', '\prod_{k=T}^{1} \diag(z_k) = I', 'runs backwards' ], [ 'wrong', 'h_{T-n} = h_T' ],
                    [ 'ok', '\frac{\partial h_u}{\partial h_t} = \prod_{k=u}^{t+1} \frac{\partial h_k}{\partial h_{k-1}} \quad (u \ge t)' ] ],
           lstm => [ [ 'ok', 'c_t - i_t \odot g_t = c_{t-1} \odot f_t' ], [ 'ok', '\delta^c_0 = \delta^c_1 \odot f_1' ],
                     [ 'wrong', 'c_t = f_t \odot c_{t-1} + g_t \odot o_t', 'mistake 204\b' ], [ 'wrong', '\delta^h_t = \delta^c_t \odot o_t' ],
                     [ 'shape', 'h_t = h_{t-1}', 'n_t' ],
                     [ 'unknown', '\prod_{k=T}^{1} \diag(f_k) = I', 'runs backwards' ], [ 'unknown', '\delta^h_t = z_t \odot \delta^h_{t+1}', 'z_t is not in' ] ]);
for my $theory (sort keys %own) {
    my @rows = @{ $own{$theory} };
    ($status, @answers) = ask("--theory $theory", map { $_->[1] } @rows);
    for my $i (0 .. $#rows) {
        my ($word, $latex, $because) = @{ $rows[$i] };
        my $answer = $answers[$i] || '';
        ok($answer =~ /^$word\b/ && (!$because || $answer =~ /$because/), "$theory, $word: $latex ($answer)");
    }
}
ok((ask('--theory rnn', ''))[0] == 2 && slurp("$build/spellings.err") =~ /no theory rnn; there is gru, lstm/, 'a theory that the book has not is refused, and those it has are named');

# Pairs of an equation and a wrong one, of each theory, as six hands would write them: each pair in one
# hand after the other, or with EVERY_HAND=1 in all of them.
sub by_slope { my ($s) = @_; $s =~ s/\\frac\{\\partial L\}\{\\partial ((?:[^{}]|\{[^{}]*\})*)\}/\\nabla_{$1} L/g; return $s }
my %hands = (plain => sub { $_[0] },
    letters => sub { $_[0] =~ s/\^\\top/^T/gr =~ s/\\odot/\\circ/gr =~ s/\\hat\{y\}/\\hat y/gr },
    nabla => sub { by_slope($_[0]) =~ s/\^\\top/^{\\intercal}/gr . '.' },
    upright => sub { my $s = $_[0] =~ s/=/&=/r; $s =~ s/\\partial(?!\^)/\\mathrm{d}/g if $s !~ /\^\{\+\}/; "\\begin{aligned} $s \\end{aligned}" },
    bold => sub { $_[0] =~ s/(?<![\\a-zA-Z{_^])([hxyzcfgiors])(?=_t)/\\mathbf{$1}/gr =~ s/\\sum_\{([a-z])=1\}\^\{T\}/\\sum\\limits_{1 \\le $1 \\le T}/gr . ',' },
    sans => sub { $_[0] =~ s/\\top/\\mathsf{T}/gr =~ s/\\diag/\\mathrm{diag}/gr =~ s/\(([^()]*)\)(?=\s*(?:=|$))/\\bigl($1\\bigr)/r });
for my $theory ('rnn', 'gru', 'lstm') {
    my @pairs = map { [ split / \|\|\| / ] } split /\n/, slurp("tests/pairs/$theory.txt");
    my @names = sort keys %hands;
    for my $number (0 .. $#names) {
        my $hand = $names[$number];
        my @own = map { $pairs[$_] } grep { $ENV{EVERY_HAND} || $_ % @names == $number } 0 .. $#pairs;
        for my $right (1, 0) {
            my @lines = map { $hands{$hand}->($_->[ 1 - $right ]) } @own;
            ($status, @answers) = ask($theory eq 'rnn' ? '' : "--theory $theory", @lines);
            my @bad = map { "$lines[$_]: $answers[$_]" } grep { $right != ($answers[$_] =~ /^ok / || 0) } 0 .. $#answers;
            my @mute = map { "$lines[$_]: $answers[$_]" } grep { $answers[$_] !~ /^ok |at column \d+: \S/ } 0 .. $#answers;
            ok(@pairs > 30 && @lines >= int(@pairs / @names) && @answers == @lines && !@bad && !@mute, "$theory, $hand: " . @lines . ($right ? ' right' : ' wrong')
                . " equations @bad @mute");
        }
    }
}

# Status, options, and lines that are no text.
($status) = ask('', 'h_t = \tanh(z^h_t)');
ok($status == 0, 'status 0 when all are ok');
($status, @answers) = ask('--at 5,3,4,6,77', 'h_t = \tanh(z^h_t)', 'h_t = z^h_t');
ok($status == 1 && "@answers" =~ /^ok .*\n wrong /, '--at chooses another network');
ok((ask("--at $_", ""))[0] == 2, "--at $_ is refused") for "1,2", "99,3,4,6,1", "x", "5,3,4,6,1x";
ok((ask('--help', ''))[0] == 0 && (ask('--nonsense', ''))[0] == 2, 'usage: 0 if asked for, 2 if needed');
ok((ask('--equations /nowhere', ''))[0] == 1, 'no equations, no answers');
($status, @answers) = ask('', 'h_t = ' . 'h_t + ' x 3000, "h_t = \\tanh(z^h_t)\0 = 0", 'h_t = \tanh(z^h_t)');
ok(@answers == 3 && "@answers" =~ /^syntax.*\n syntax.*\n ok /, 'a line too long and a zero byte are refused whole');
($status, @answers) = ask('', 'h_t = ' . '(' x 900 . 'h_t', '{' x 1500, 'h_t = ' . '\tanh' x 900,
    '0 = x_a x_b^T x_c x_d^T x_e x_f^T x_g x_i^T x_j x_q^T x_r x_s^T', '\hat' x 900);
ok(@answers == 5 && !grep({ !/^(syntax|unknown|shape|wrong) / } @answers), 'depth, size and work have their limits');
done_testing;
