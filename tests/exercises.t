#!/usr/bin/env perl
# The exercises: every blank, every solution, every known mistake, and answers
# that mean harm. Works on a copy of the kit, in a folder of its own.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(basename);
use File::Copy qw(copy);
use File::Temp qw(tempdir);
use Time::HiRes qw(time);
use lib 'tests';
use Tap;

my $build = abs_path($ENV{BUILD} || 'build');
my $out = "$build/exercise-kit";
my $work = tempdir(CLEANUP => 1);
my $folder = "$work/a folder";
my $cc = $ENV{CC} || 'cc';
sub rows { return map { [ split /\t/, $_, -1 ] } split /\n/, slurp($_[0]) }

# ---------------------------------------------------------------- the list
my @all = map { +{ %$_, file => sprintf '%02d-%s', @$_{qw(number name)} } } -e "$out/list.tsv" ? table("$out/list.tsv") : ();
my %named = map { $_->{name} => $_ } @all;
sub of_kind { my $kind = shift; return grep { $_->{kind} eq $kind } @all }

ok(-e "$out/.done" && @all >= 110, scalar(@all) . ' exercises, at least 110, and their keys', slurp("$out.log", '')) or done_testing;
ok((grep { $_->{level} eq 'stretch' } @all) >= 5, 'at least five of them stretch');

# ---------------------------------------------------------------- the kit
sub hand_out { system("sh tangled/exercises/hand-out.sh '$_[0]' '$folder' > '$work/log' 2>&1") }
sub seal { system("cd '$_[0]' && cksum blank/* Makefile README.md > sums") }      # as the kit is made
hand_out("$out/kit");
sub file { my $x = shift; return "$folder/$x->{file}." . ($x->{kind} eq 'code' ? 'c' : 'txt') }
# Compiled in a hurry; how the kit compiles as it comes is seen in tests/course.t.
sub make { my $what = shift; return scalar `cd '$folder' && env -u MAKEFLAGS -u MAKELEVEL make -s -j2 CC='$cc' CFLAGS=-O0 $what 2>&1` }
sub grade { my $n = shift // ''; return scalar `cd '$folder' && build/grade $n 2>&1` }

# A report by number: state and text below.
sub states {
    my (%state, $n);
    for (split /\n/, shift) {
        if (/^ {0,2}(\d+)  .{44} (not attempted|right|wrong|could not run)\s+[\d.]+\/\d+$/) {
            $n = $1;
            $state{$n} = { state => $2, text => '' };
        } elsif (/^      (.*)/ && $n) { $state{$n}{text} .= "$1\n" }
        else { undef $n }
    }
    return \%state;
}

# Those of some answers, and of no others: most exercises have fewer mistakes than the one with the most.
sub states_of { return states(grade("'@{[ map { $_->{x}{number} } @_ ]}'")) }

my $start = time;
my $report = make('check');
my ($points) = $report =~ /\] 0 of (\d+) points/;
ok($points && $report =~ /^0 right, 0 wrong, 0 could not run, ${\scalar @all} not attempted$/m,
   'every blank is not attempted, and worth nothing') or note $report;
my @dumb = grep { !-x "$folder/build/$_->{file}" } of_kind('code');
ok(!@dumb, 'every blank compiles') or note map { "$_->{file}\n" } @dumb;
my $blank_time = time - $start;

# ---------------------------------------------------------------- solutions
my %shapes;
push @{ $shapes{ $_->[0] } }, $_ for rows("$out/shapes.tsv");

sub solution {
    my $x = shift;
    return slurp("$out/code/$x->{file}-right.c") if $x->{kind} eq 'code';
    my $text = slurp("$out/kit/blank/$x->{file}.txt");
    return $text =~ s/\s*\z/ $x->{answer}\n/r if $x->{kind} eq 'derivation';
    $text =~ s/^\Q$_->[1]\E :$/$_->[1] : $_->[2]/m for @{ $shapes{ $x->{name} } };
    return $text;
}

spew(file($_), solution($_)) for @all;
$start = worked();
$report = make('check');
my $full_time = worked() - $start;
ok(scalar($report =~ /\] $points of $points points/), 'every solution is right') or note $report;
ok($full_time < 60, sprintf 'grading all of them takes %.1f s, with compiling', $full_time);
my $results = slurp("$folder/results.json", '');
ok((() = $results =~ /"status": "passed"/g) == @all, 'results.json says so too');
my %opened = map { /^ {0,2}(\d+)  .{44} right .*\n +\S/ ? ($1 => 1) : () } split /^(?= {0,2}\d+  )/m, grade("'1-" . @all . "'");
my @shut = grep { !$opened{ $_->{number} } } @all;
ok(!@shut, 'every envelope opens') or note map { "$_->{file}\n" } @shut;

# ---------------------------------------------------------------- mistakes
# Each mistake that has been put into words: exercise, text of the file, number, diagnosis.
my @mistakes;
for (rows("$out/wrong-formulas.tsv")) {
    my ($name, $latex, $number, $diagnosis) = @$_;
    my $x = $named{$name} or next;
    my $text = slurp("$out/kit/blank/$x->{file}.txt") =~ s/\s*\z/ $latex\n/r;
    push @mistakes, { x => $x, text => $text, number => $number, diagnosis => $diagnosis };
}
my %broken;
for (rows("$out/variants.tsv")) {
    my ($name, $version, $number, $diagnosis) = @$_;
    next if $number < 0;
    next if slurp("$out/code/$version.c") eq slurp("$out/code/$named{$name}{file}-blank.c");     # handed out with it
    push @mistakes, { x => $named{$name}, text => slurp("$out/code/$version.c"), number => $number,
                      diagnosis => $diagnosis, program => $version };
}
# Those of the book, by the equation that they are about, as the keymaker applies them.
my $book = slurp('tangled/verifier/misconceptions.def');
while ($book =~ /WRONG\((\d+),\s*"([^"]*)",\s*"((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)"\)/g) {
    my ($number, $label, $latex, $diagnosis) = ($1, $2, $3, $4);
    s/\\(.)/$1/g for $latex, $diagnosis;
    for my $x (grep { $_->{of} eq $label && $_->{kind} eq 'derivation' } @all) {
        my $question = $x->{question} =~ s/\s+//gr;
        my ($left, $right) = $latex =~ /^((?:[^={]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})*)=\s*(.*)$/s;
        next unless defined $left && $left =~ s/\s+//gr eq $question;
        my $text = slurp("$out/kit/blank/$x->{file}.txt") =~ s/\s*\z/ $right\n/r;
        push @mistakes, { x => $x, text => $text, number => $number, diagnosis => $diagnosis };
    }
}

# One mistake of each exercise at a time. The programs have been compiled already.
my ($wrong, $exact, $other, @missed, @unnamed) = (0, 0, 0);
my %queue;
push @{ $queue{ $_->{x}{name} } }, $_ for @mistakes;
while (my @now = map { shift @{ $queue{$_} } // () } sort keys %queue) {
    for my $m (@now) {
        spew(file($m->{x}), $m->{text});
        next unless $m->{program};
        my ($program, $version) = $m->{program} =~ /^(.*)-(.*)$/;
        spew("$folder/build/$m->{x}{file}", "#!/bin/sh\nEXERCISE_VERSION=$version exec '$out/bin/$program' \"\$@\"\n");
        chmod 0755, "$folder/build/$m->{x}{file}";
    }
    my $state = states_of(@now);
    for my $m (@now) {
        my $s = $state->{ $m->{x}{number} } || { state => '?', text => '' };
        my $flat = $s->{text} =~ s/\s+/ /gr;
        if ($s->{state} eq 'wrong' || $s->{state} eq 'could not run') { $wrong++ } else { push @missed, $m }
        if (index(lc $flat, lc $m->{diagnosis}) >= 0) { $exact++ }
        elsif ($m->{number} > 0 && $flat =~ /number $m->{number}\b/) { $exact++ }
        else { push @unnamed, { %$m, said => $flat } }
    }
}
ok(@mistakes > 100 && $wrong == @mistakes, "$wrong of " . @mistakes . ' known mistakes are not right')
    or note map { "$_->{x}{name}: $_->{diagnosis}\n" } @missed;
ok($exact >= 0.95 * @mistakes, "$exact of " . @mistakes . ' are named exactly');
note "otherwise: $_->{x}{name}: $_->{diagnosis} => " . substr($_->{said}, 0, 160) . "\n" for @unnamed;

# ---------------------------------------------------------------- other answers
# None of them is in a table of mistakes, and none is written as the book writes it. One of each exercise at a time.
my (%waiting, @judged);
for (map { [ split /\t/ ] } grep { !/^#/ } split /\n/, slurp('tests/answers.tsv')) {
    my ($name, $answer, $verdict, $said) = @$_;
    push @{ $waiting{$name} }, { x => $named{$name}, answer => $answer, verdict => $verdict, said => $said // '.' };
}
while (my @now = map { shift @{ $waiting{$_} } // () } sort keys %waiting) {
    for my $a (@now) {
        my $text = slurp("$out/kit/blank/$a->{x}{file}.txt");
        my @lines = split /\|/, $a->{answer};
        if ($a->{x}{kind} eq 'shape') { $text =~ s/ :$/ :: $_/m for @lines; $text =~ s/ :: / : /g }
        else { $text =~ s/\s*\z/ $a->{answer}\n/ }
        spew(file($a->{x}), $text);
    }
    my $state = states_of(@now);
    for my $a (@now) {
        my $s = $state->{ $a->{x}{number} } || { state => 'not attempted', text => '' };
        my $as_wanted = $s->{state} =~ /^(?:$a->{verdict})$/ && "$s->{text}." =~ /$a->{said}/s;
        push @judged, { %$a, fine => $as_wanted, got => "$s->{state}: $s->{text}" };
    }
}
for my $want ('right', 'wrong', 'could not run') {
    my @these = grep { $_->{verdict} =~ /^\Q$want\E/ } @judged;
    my @bad = grep { !$_->{fine} } @these;
    ok(@these && !@bad, scalar(@these) . " answers of every kind that are $want") or note map { "$_->{x}{name}: $_->{answer}: $_->{got}\n" } @bad;
}

# Restating the question is refused as such.
my $x = $named{recursion};
spew(file($x), slurp("$out/kit/blank/$x->{file}.txt") =~ s/\s*\z/ \\delta^{h}_t\n/r);
ok(scalar(grade($x->{number}) =~ / wrong .*restates it/s), 'the question itself is no answer');
for my $disguise ('\sum_{s=t}^{t} \delta^h_s', '\frac{1}{2} (\delta^h_t + \delta^h_{t+1-1})', '\delta^h_{t+1} - \delta^h_{t+1} + \delta^h_t') {
    spew(file($x), slurp("$out/kit/blank/$x->{file}.txt") =~ s/\s*\z/ $disguise\n/r);
    my $said = grade($x->{number});
    ok(scalar($said =~ / wrong .*(restates it|cannot be read)/s), "nor is it in disguise: $disguise") or note $said;
}
$x = $named{'recurrent-weights'};
spew(file($x), slurp("$out/kit/blank/$x->{file}.txt") =~ s/\s*\z/ \\frac{\\partial L}{\\partial W_{hh}}\n/r);
my $said = grade($x->{number});
ok(scalar($said =~ / wrong .*restates/s), 'the question again is refused as that') or note $said;
spew(file($x), slurp("$out/kit/blank/$x->{file}.txt") =~ s/\s*\z/ \\sum_{t=1}^{T (\\delta\n/r);
$said = grade($x->{number});
ok(scalar($said =~ / could not run .*cannot be read: a brace that is not closed\.$/sm),
   'LaTeX that is broken could not run, and a brace that nobody has closed has no place') or note $said;

# Shapes: the first line of an exercise in several hands.
$x = $named{'forward-shapes'};
for (
    [ '1 x n_t', 'right' ], [ '1 X n_{t}', 'right' ], [ '$1 \times n_t$', 'right' ], [ '(1×n_t)', 'right' ],
    [ '1 x n_{t-1}', 'wrong', qr/the times are not/ ], [ '1 x n', 'wrong', qr/a time is missing/ ],
    [ 'n_t x 1', 'wrong', qr/the axes are swapped/ ], [ '1 x m_t', 'wrong', qr/the second size is wrong/ ],
    [ 'a row', 'wrong', qr/is not a shape/ ], [ '1 x n_t,', 'right' ], [ '1 x n_t   % of one step', 'right' ],
) {
    my ($shape, $expected, $pattern) = @$_;
    my $first = $shapes{ $x->{name} }[0][1];
    spew(file($x), solution($x) =~ s/^\Q$first\E : .*$/$first : $shape/mr);
    $said = grade($x->{number});
    ok(scalar($said =~ / $expected  / && $said =~ ($pattern || qr/./)), "the shape $shape is $expected") or note $said;
}

# The question, typed again in several hands, and answers below it.
for (
    [ 'a line below', sub { s/^(.*\S) : (.*)$/$1 :\n  $2/mgr }, 'right' ], [ 'an equals sign', sub { s/ : / = /gr }, 'right' ],
    [ 'other braces', sub { s/_\{(\w\w)\}\^\\top :/_{$1}^{\\top}:/gr }, 'right' ], [ 'two lines below', sub { s/^(.*\S) : (.*)$/$1 :\n\n% so:\n$2/mgr }, 'right' ],
    [ 'nothing at the first', sub { s/ : .*$/ :/mr }, 'wrong', qr/there is no answer yet/ ],
) {
    my ($what, $change, $expected, $pattern) = @$_;
    spew(file($x), map { $change->() } solution($x));
    $said = grade($x->{number});
    ok(scalar($said =~ / $expected  / && $said =~ ($pattern || qr/./)), "shapes with $what: $expected") or note $said;
}

# A display around an answer, and sums that end early.
$x = $named{present};
for (
    [ '\begin{equation} \delta^y_t W_{hy} \end{equation}', 'right' ], [ '\begin{equation*} \delta^y_t W_{hy} \end{equation*}', 'right' ],
    [ '\sum_{s=1}^{1} \delta^y_t W_{hy} - \delta^y_s W_{hy}', 'wrong', qr/ends at the minus sign/ ],
) {
    my ($answer, $expected, $pattern) = @$_;
    spew(file($x), slurp("$out/kit/blank/$x->{file}.txt") =~ s/\s*\z/ $answer\n/r);
    $said = grade($x->{number});
    ok(scalar($said =~ / $expected  / && $said =~ ($pattern || qr/./)), "$answer is $expected") or note $said;
}

# ---------------------------------------------------------------- hostile code
($x) = grep { $_->{name} eq 'rows-sum' } @all;
($x) = of_kind('code') unless $x;
my $comment = qr{/\* Your code goes here\. \*/};
my $blank = slurp("$out/kit/blank/$x->{file}.c");

# Time of the processor, since the machine may have other things to do.
sub worked { my (undef, undef, $user, $system) = times; return $user + $system }
sub attempt {
    my ($code, $more) = @_;
    spew(file($x), ($more // '') . ($blank =~ s/$comment/$code/r));
    my $started = worked();
    my $text = make("check EX=$x->{number} OPTIONS=--seconds=1");
    return ($text =~ / (right|wrong|could not run|not attempted)  /)[0] // '?', $text, worked() - $started;
}
my $forged = join '\n', 'seed 1', 'array b 1 0x1p0', 'end', '';
# Reads the right values in the key, and reports them for all seeds, the hidden one too.
my $thief = sprintf q{
    FILE *key = fopen("key/%s.key", "r"); size_t used = 0; int last = 0;
    while (key && fgets(w, sizeof w, key)) {
        int seed, at = 0; char name[40]; long count = 1; int rank, d[3];
        if (sscanf(w, "right\t%%d\t%%39s\t%%d\t%%d\t%%d\t%%d\t%%n", &seed, name, &rank, d, d + 1, d + 2, &at) < 6) continue;
        for (int i = 0; i < rank; i++) count *= d[i];
        if (seed != last) used += (size_t)sprintf(r + used, "seed %%d\n", last = seed);
        used += (size_t)sprintf(r + used, "array %%s %%ld %%s", name, count, w + at);
    }
    used += (size_t)sprintf(r + used, "seed 7\n%%send\n", strchr(r, '\n') + 1);
    write(3, r, used);}, $x->{file};
my @hostile = (
    [ 'an endless loop', 'for (;;) { }', 'could not run', qr/still running/ ],
    [ 'sleep', 'sleep(1000);', 'could not run', qr/still running/ ],
    [ 'abort()', 'abort();', 'could not run', qr/abort/ ],
    [ 'a wild pointer', '*(volatile int *)8 = 1;', 'could not run', qr/signal 11/ ],
    [ 'exit(0)', 'exit(0);', 'could not run', qr/ended the program/ ],
    [ '_exit(0)', '_exit(0);', 'could not run', qr/ended the program/ ],
    [ '10 GiB', 'for (int i = 0; i < 10; i++) { volatile char *p = malloc((size_t)1 << 30); if (p == NULL) abort(); for (size_t j = 0; j < (size_t)1 << 30; j += 4096) p[j] = 1; }', 'could not run', qr/abort/ ],
    [ 'a forged report', qq{write(3, "$forged", ${\length eval qq("$forged")}); _exit(0);}, 'wrong', qr/no value|size|expected/ ],
    [ 'rubbish in the report', 'write(3, "hello", 5);', 'could not run', qr/report/ ],
    [ 'a flood of reports', 'for (;;) write(3, "hello hello hello", 17);', 'could not run', qr/far too much|still running/ ],
    [ 'what the key says', "static char r[1 << 20]; char w[1 << 16]; $thief _exit(0);", 'wrong', qr/not for another one/ ],
    [ 'ending the grader', 'if (kill(getppid(), 9) == 0 || kill(0, 9) == 0) abort();', 'wrong', qr/./ ],
    [ 'removing the key', 'if (unlink("results.json") == 0 || rename("key", "lock") == 0) abort();', 'wrong', qr/./ ],
    [ 'printing', 'printf("%d right\n1..1\nok 1\n", 78);', 'wrong', qr/expected|mistake|answer|This/ ],
    [ 'a signal by descriptor', 'int e[2]; if (pipe(e) == 0 && fcntl(e[0], F_SETOWN, getppid()) == 0 && fcntl(e[0], 10, 9) == 0 && fcntl(e[0], F_SETFL, O_ASYNC) == 0) write(e[1], "", 1);', 'wrong', qr/./ ],
    [ 'a folder closed to all', 'int f = open(".", O_RDONLY); if (fchmod(f, 0) == 0) abort();', 'wrong', qr/./ ],
    [ 'the kit under the old name', "\n#undef rows_sum\nrows_sum(b, A, R, n);", 'wrong', qr/calls rows_sum, which is the function/ ],
    [ 'the kit by a label', 'extern void kit(real *, const real *, size_t, size_t) __asm__("rows_sum"); kit(b, A, R, n);', 'wrong', qr/calls rows_sum, which is the function/ ],
    [ 'a child', 'if (fork() == 0) for (;;) { }', 'wrong', qr/./ ],
    [ 'what does not compile', 'this is not C', 'could not run', qr/does not compile.*error/s ],
    [ 'a call without end', 'rows_sum(b, A, R, n + 1); b[0] = A[0];', 'could not run', qr/signal 11.*called itself without end/s ],
    [ 'a brace that is missing', 'if (n > 0) {', 'could not run', qr/function that begins in line \d+, 1 closing brace is missing/ ],
    [ 'two of them', 'if (n > 0) { if (R > 0) {', 'could not run', qr/2 closing braces are missing/ ],
    [ 'a brace too many', 'b[0] = \'{\' + "{"[0]; } // {', 'could not run', qr/closes nothing: there is one too many, in the function that begins in line \d+/ ],
    [ 'braces that are none', 'b[0] = \'{\' + "{\""[0]; /* { */ // {', 'wrong', qr/expected/ ],
);
for (@hostile) {
    my ($what, $code, $expected, $pattern) = @$_;
    my ($state, $text, $seconds) = attempt($code, "#define _GNU_SOURCE\n#include <fcntl.h>\n#include <sys/stat.h>\n#include <signal.h>\n#include <unistd.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n");
    my $fine = $state eq $expected && $text =~ $pattern && $seconds < 15;
    ok($fine, "$what is contained: $state") or note $text;
}
my $here = abs_path($folder);
my @left = grep { /^build\/\d\d-/ } map { (readlink($_ =~ s/cmdline$/cwd/r) // '') eq $here ? slurp($_, '') : () } glob '/proc/[0-9]*/cmdline';
ok(!@left, 'and no process is left behind') or note map { "$_\n" } @left;

# ---------------------------------------------------------------- other code
# Exercise, body, verdict, what is said. None of it is in a table of mistakes.
my @code = (
    [ 'rows-sum', 'for (size_t j = 0; j < n; j++) { real s = 0; for (size_t r = R; r-- > 0;) s += A[r * n + j]; b[j] += s; }', 'right' ],
    [ 'rows-sum', 'for (size_t r = 0; r <= R; r++) for (size_t j = 0; j < n; j++) b[j] += A[r * n + j];', 'could not run', qr/behind the end of A/ ],
    [ 'rows-sum', 'for (size_t r = 0; r < R; r++) for (size_t j = 0; j <= n; j++) b[j] += A[r * n + j];', 'could not run', qr/behind the end of A/ ],
    [ 'transpose', 'for (size_t j = 0; j < q; j++) for (size_t i = 0; i < p; i++) Mt[j * p + i] = M[i * q + j];', 'right' ],
    [ 'scatter', 'for (size_t j = n; j-- > 0;) for (size_t r = R; r-- > 0;) M[x[r] * n + j] += A[r * n + j];', 'right' ],
    [ 'scatter', 'for (size_t r = 0; r <= R; r++) for (size_t j = 0; j < n; j++) M[x[r] * n + j] += A[r * n + j];', 'could not run', qr/behind the end of [xA]/ ],       # C does not say which is read first
    [ 'preactivation', 'for (size_t r = 0; r < R; r++) for (size_t i = 0; i < n; i++) k->z_h[r * n + i] = p->b_h[i] + p->W_xh[i * k->m + k->x[r]];', 'right' ],
    [ 'rows-sum', 'for (size_t r = 0; r < R; r++) for (size_t j = 0; j < n; j++) b[j] += A[r * n + j]; b[-1] = 7;', 'could not run', qr/before the beginning of b/ ],
    [ 'rows-sum', 'for (long r = -1; r < (long)R; r++) for (size_t j = 0; j < n; j++) b[j] += A[r * (long)n + (long)j];', 'wrong', qr/The first that is wrong is b/ ],
    [ 'preactivation', 'memset(k->h, 0, k->B * n * sizeof(real)); rows_set(k->z_h, p->b_h, R, n); rows_pick(k->z_h, k->W_xh_T, k->x, R, n);', 'wrong', qr/written to h_0/ ],
    [ 'recurrent-gradients', 'rows_outer(grad->W_hh, k->d_z, k->h, R, n, n); rows_sum(grad->b_h, k->d_z, R, n); memset(k->d_z, 0, R * n * sizeof(real));', 'wrong', qr/written to k->d_z/ ],
    [ 'preactivation', 'rows_set(k->z_h, p->b_h, R + 1, n); rows_pick(k->z_h, k->W_xh_T, k->x, R, n);', 'could not run', qr/behind the end of k->z_h/ ],
    [ 'softmax-row', '*c = 0; for (size_t i = 0; i < l; i++) if (z[i] > *c) *c = z[i]; for (size_t i = 0; i < l; i++) sum += y_hat[i] = exp(z[i] - *c); for (size_t i = 0; i < l; i++) y_hat[i] /= sum;', 'wrong', qr/begins at zero/ ],
    [ 'softmax-row', '*c = z[0]; for (size_t i = 1; i < l; i++) *c = fmax(*c, z[i]); for (size_t i = 0; i < l; i++) sum += exp(z[i] - *c); for (size_t i = 0; i < l; i++) y_hat[i] = exp(z[i] - *c - log(sum));', 'right' ],
    [ 'softmax-row', '*c = z[0]; for (size_t i = 1; i < l; i++) *c = fmax(*c, z[i]); for (size_t i = 0; i < l; i++) sum += y_hat[i] = expf((float)(z[i] - *c)); for (size_t i = 0; i < l; i++) y_hat[i] /= sum;', 'wrong', qr/single precision/ ],
    [ 'output-gradients', 'for (size_t r = 0; r < R; r++) for (size_t i = 0; i < l; i++) { grad->b_y[i] = k->d_y[r * l + i]; for (size_t j = 0; j < n; j++) grad->W_hy[i * n + j] = k->d_y[r * l + i] * h[r * n + j]; }', 'wrong', qr/last step only|W_hy/ ],
    [ 'output-gradients', 'memset(grad->W_hy, 0, l * n * sizeof(real)); memset(grad->b_y, 0, l * sizeof(real)); rows_outer(grad->W_hy, k->d_y, h, R, l, n); rows_sum(grad->b_y, k->d_y, R, l);', 'wrong', qr/At grad_W_hy.*known mistake.*sets dW_hy where it should be added/s ],
    [ 'step-back', 'for (size_t b = 0; b < B; b++) for (size_t j = 0; j < n; j++) { real s = d_h[b * n + j]; for (size_t i = 0; i < n; i++) s += d_z_next[b * n + i] * p->W_hh[i * n + j]; d_h[b * n + j] = s; d_z[b * n + j] = s - s * h[b * n + j] * h[b * n + j]; }', 'right' ],
    [ 'step-back', 'rows_through(d_h, d_z_next, k->W_hh, B); for (size_t i = 0; i < block; i++) d_z[i] += d_h[i] * (1 - h[i] * h[i]);', 'wrong', qr/number 43/ ],
    [ 'learned-start', 'real *s = malloc(k->n * sizeof *s); rows_sum(s, k->d_h, k->B, k->n); for (size_t j = 0; j < k->n; j++) g[j] += s[j]; free(s);', 'wrong' ],
    [ 'learned-start', 'real s[64]; rows_sum(s, k->d_h, k->B, k->n); for (size_t j = 0; j < k->n; j++) g[j] += s[j];', 'wrong' ],
    [ 'learned-start', 'real s[64] = { 0 }; rows_sum(s, k->d_h, k->B, k->n); for (size_t j = 0; j < k->n; j++) g[j] += s[j];', 'right' ],
    [ 'clip-code', 'if (length > (double)(c * c)) for (size_t i = 0; i < p; i++) g[i] *= (real)((double)c / length);', 'wrong' ],
    [ 'preactivation', 'rows_set(k->z_h, p->b_h, R, n); rows_pick(k->z_h, k->W_xh_T, k->x, R, n); return;', 'wrong', qr/is h .index/ ],
    [ 'preactivation', 'rows_set(k->z_h, p->b_h, R, n); rows_pick(k->z_h, k->W_xh_T, k->x, R, n); for (size_t t = 0; t < k->T; t++) hidden_step(k, p, t);', 'wrong', qr/is h .index/ ],
    [ 'recurrent-gradients', 'rows_outer(grad->W_hh, k->d_z, k->h, R, n, n); rows_sum(grad->b_h, k->d_z, R, n); return;', 'wrong', qr/grad_W_xh/ ],
    [ 'recurrent-gradients', 'rows_outer(grad->W_hh, k->d_z, k->h, R, n, n); rows_sum(grad->b_h, k->d_z, R, n); input_backward(k, grad);', 'wrong', qr/grad_W_xh/ ],
    [ 'clip-code', 'if (length > c + 0.01) for (size_t i = 0; i < p; i++) g[i] *= (real)((double)c / length);', 'wrong' ],
    [ 'clip-code', 'if (fabs(g[0]) > c) for (size_t i = 0; i < p; i++) g[i] *= (real)((double)c / length);', 'wrong' ],
    [ 'clip-code', 'for (size_t i = 0; i < p; i++) g[i] *= fmin((real)1, (real)((double)c / length));', 'right' ],
    [ 'learn', 'if (i > 0) memcpy(k->h, k->h + T * n, n * sizeof(real)); memcpy(k->x, text + i * T, T * sizeof *text); memcpy(k->y, text + i * T + 1, T * sizeof *text); memset(grad->block, 0, grad->count * sizeof(real)); bptt(k, grad, p); descent_clip(grad->block, bound, grad->count); descent_sgd(p->block, grad->block, eta, p->count);', 'right' ],
    [ 'learn', 'memcpy(k->x, text + i * T, (T + 1) * sizeof *text); memcpy(k->y, text + i * T + 1, T * sizeof *text);', 'could not run', qr/behind the end of k->x/ ],
    [ 'distribution', 'for (size_t i = 0; i < l; i++) sum += q[i] = tau > 0 ? exp((z[i] - z[best]) / tau) : (real)(z[i] == z[best]); for (size_t i = 0; i < l; i++) q[i] /= sum;', 'wrong', qr/shares with its equals/ ],
    [ 'choose', 'size_t i = 0; float walked = 0; for (; i < l; i++) { walked += (float)q[i]; if (q[i] > 0) chosen = i; if (walked > u) break; } below = 0;', 'wrong' ],
    [ 'choose', 'for (size_t i = 0; i < l; i++) { if (q[i] > 0) chosen = i; below += (double)q[i]; if (u < below) break; }', 'right' ],
    [ 'choose', 'for (size_t i = 0; i < l; i++) { below += q[i]; if (u < below) return i; } return 6;', 'wrong' ],
    [ 'choose', 'for (size_t i = 0; i < l; i++) { below += q[i]; if (u < below) return i; } return q[l - 1] > 0 ? l - 1 : l - 2;', 'wrong', qr/more than one at the end/ ],
    [ 'choose', 'below = 1; for (size_t i = l; i-- > 0 && below > u;) if (q[i] > 0) below -= q[i], chosen = i;', 'wrong', qr/walks from the end/ ],
    [ 'distribution', 'for (size_t i = 0; i < l; i++) sum += q[i] = tau > 0 ? exp((z[i] - z[0]) / tau) : (real)(i == best); for (size_t i = 0; i < l; i++) q[i] /= sum;', 'wrong', qr/takes off the first logit/ ],
    [ 'distribution', 'for (size_t i = 0; i < l; i++) sum += q[i] = tau < 0.01 ? (real)(i == best) : exp((z[i] - z[best]) / tau); for (size_t i = 0; i < l; i++) q[i] /= sum;', 'wrong' ],
    [ 'distribution', 'for (size_t i = 0; i < l; i++) sum += q[i] = tau == 0 ? (real)(i == best) : exp(z[i] / tau - z[best] / tau); for (size_t i = 0; i < l; i++) q[i] /= sum;', 'right' ],
    [ 'softmax-row', '*c = z[0]; for (size_t i = 1; i < l; i++) *c = fmax(*c, z[i]); for (size_t i = 0; i < l; i++) sum += y_hat[i] = exp(z[i] - z[0]); for (size_t i = 0; i < l; i++) y_hat[i] /= sum; sum *= exp(z[0] - *c);', 'wrong' ],
    [ 'least-kept', 'float share = 0; do share += (float)sorted[i++]; while (i < l && i < k && share < p); before = sorted[i - 1]; return before;', 'wrong', qr/single precision/ ],
    [ 'least-kept', 'while (i < l && (i == 0 || (i < k && p > 0))) p -= sorted[i++]; before = sorted[i - 1]; return before;', 'right' ],
    [ 'clip-code', 'if (length > 2) for (size_t i = 0; i < p; i++) g[i] *= 2 / length;', 'wrong', qr/The first that is wrong is just_above/ ],
    [ 'hidden-step', 'real *own = malloc(B * n * sizeof *own); memcpy(own, z, B * n * sizeof *own); rows_through(own, before, k->W_hh_T, B); rows_tanh(after, own, B * n); free(own);', 'wrong', qr/The first that is wrong is z_h/ ],
    [ 'adagrad-code', 'r[i] += g[i] * g[i]; theta[i] -= 0.3 * g[i] / (sqrt(r[i]) + 0.05);', 'wrong' ],
    [ 'adagrad-code', 'r[i] += g[i] * g[i]; theta[i] -= eta / (sqrt(r[i]) + epsilon) * g[i];', 'right' ],
    [ 'softmax-backward', 'for (size_t r = 0; r < R; r++) for (size_t i = 0; i < l; i++) k->d_y[r * l + i] = exp(k->z_y[r * l + i] - k->s[r]) - (i == k->y[r]);', 'right' ],
);
for (@code) {
    my ($name, $body, $expected, $pattern) = @$_;
    $x = $named{$name};
    $blank = slurp("$out/kit/blank/$x->{file}.c");
    my ($state, $text) = attempt($body);
    ok(scalar($state eq $expected && $text =~ ($pattern || qr/./)), "$name: " . substr($body, 0, 60) . "...: $state") or note $text;
}

# Files that are not what they should be.
$x = $named{'rows-sum'};
$blank = slurp("$out/kit/blank/$x->{file}.c");
for (
    [ 'an emptied file', "\n", qr/not attempted/ ],
    [ 'a file with a comment only', "/* later */\n", qr/could not run.*no function rows_sum in your file/s ],
    [ 'another function', $blank =~ s/rows_sum/row_sums/gr =~ s/$comment/;/r, qr/could not run.*no function rows_sum in your file/s ],
    [ 'the function twice', solution($x) . solution($x), qr/could not run.*function rows_sum is in your file twice/s ],
    [ 'a main of its own', $blank =~ s/$comment/(void)0;/r . 'int main(void) { return 0; }', qr/could not run.*multiple definition of .main/s ],
    [ 'a report of its own', $blank =~ s/$comment/b[0] = A[0]; ((real *)A)[0] = 1;/r . 'void exercise_input(const char *n, const real *a, size_t c) { (void)n; (void)a; (void)c; }', qr/could not run.*multiple definition of .exercise_input/s ],
    [ 'a message that moves the cursor', "#error \e[1A\e[2K right\n", qr/could not run.*error:? [^\e]?\[1A[^\e]?\[2K right/s ],
) {
    my ($what, $text, $pattern) = @$_;
    spew(file($x), $text);
    my $said = make("check EX=$x->{number}");
    ok(scalar($said =~ $pattern && $said !~ /\e/), "$what is noticed") or note $said;
}
spew("$work/other.c", solution($x));
for (
    [ 'a file of the system', "#include \"/etc/passwd\"\n$blank", qr/could not run.*your file includes .etc.passwd/s, qr/root:/ ],
    [ 'the file of another student', "#include \"$work/other.c\"\n", qr/could not run.*your file includes \S*other\.c/s ],
    [ 'the kit', "#include \"rows.h\"\n#include \"stand-ins.c\"\n", qr/could not run.*your file includes checker.stand-ins\.c/s ],
    [ 'a file that is missing', "#include \"nowhere.h\"\n$blank", qr/could not run.*nowhere\.h/s ],
) {
    my ($what, $text, $pattern, $hidden) = @$_;
    spew(file($x), $text);
    my $said = make("check EX=$x->{number}");
    ok(scalar($said =~ $pattern && (!$hidden || $said !~ $hidden)), "$what is not included") or note $said;
}
unlink file($x);
symlink "$work/other.c", file($x);
$said = make("check EX=$x->{number}");
ok(scalar($said =~ /could not run.*is not a file of its own/s), 'nor is a link an answer') or note $said;
unlink file($x);
spew(file($x), solution($x));
spew("$folder/99-$x->{name}.c", solution($x));
$said = make("check EX=$x->{number}");
ok(scalar($said =~ /could not run.*two files.*$x->{file}\.c and 99-$x->{name}\.c/s), 'two files for one exercise are both named') or note $said;
unlink "$folder/99-$x->{name}.c";

# Files of other editors.
my $dy = $named{'predicted-minus-actual'};
my $right = solution($dy);
for (
    [ 'a byte order mark and other ends of lines', "\xef\xbb\xbf" . ($right =~ s/\n/\r\n/gr), qr/ right  / ],
    [ 'UTF-16', "\xff\xfe" . join('', map { "$_\0" } split //, $right), qr/could not run.*UTF-16/s ],
    [ 'an emptied file', '', qr/not attempted/ ],
    [ 'blanks, and something behind them', ($right =~ s/\s*\z//r) . (' ' x 4200) . "+ x_t\n", qr/ wrong / ],
    [ 'too long a formula', ($right =~ s/\s*\z//r) . ('+ y_t - y_t ' x 500) . "\n", qr/could not run.*longer than 3999/s ],
    [ 'half of a pair', ($right =~ s/=.*/= \xed\xa0\x80/sr), qr/could not run/ ],
) {
    my ($what, $text, $pattern) = @$_;
    spew(file($dy), $text);
    my $said = grade($dy->{number});
    ok(scalar($said =~ $pattern), "$what: understood, or said") or note $said;
}
grade();
ok(eval { require Encode; Encode::decode('UTF-8', slurp("$folder/results.json"), 1); 1 }, 'results.json is UTF-8 nevertheless');

# Which exercises are meant.
$said = make('check EX=8-10');
ok((() = $said =~ /^ {0,2}(?:8|9|10)  /mg) == 3, 'a range of exercises') or note $said;
for my $name ('8', '08', 'rows-sum', '08-rows-sum', '08-rows-sum.c') {
    ok((() = make("check EX=$name") =~ /^  8  /mg) == 1, "exercise 8, as $name");
}
$said = make('check EX=nothing');
ok(scalar($said =~ /There is no exercise “nothing”\. Write EX=12/), 'an exercise that is none') or note $said;
ok(scalar(make('hint EX=002') =~ /^\* \S/), 'a hint by a number with zeros');

spew(file($x), solution($x));
make("check EX=$x->{number}");
spew(file($x), $blank =~ s/$comment/b[0] = 1;/r);
utime 1, 1, file($x);
copy(file($x), "$folder/$x->{file} copy.c");
$said = make("check EX=$x->{number}");
ok(scalar($said =~ / wrong /), 'an old file is compiled again, and a copy beside it does no harm') or note $said;
unlink "$folder/$x->{file} copy.c";

# ---------------------------------------------------------------- no network
# An exercise needs the networks of its own theory, and no others.
my ($gru, $plain) = @named{qw(gru-candidate pick-slope)};
spew(file($_), solution($_)) for $gru, $plain;
for (['', $gru, $plain], ['gru-', $plain, $gru]) {
    my ($which, $fine, $lacking) = @$_;
    rename "$folder/key/${which}aliases", "$folder/key/aside" or die;
    my $said = states_of({ x => $fine }, { x => $lacking });
    ok($? && $said->{$fine->{number}}{state} eq 'right' && $said->{$lacking->{number}}{state} eq 'could not run',
       "without a file about its network, $lacking->{name} could not run, and $fine->{name} could")
        or note map { "$_: $said->{$_}{state}\n" } keys %$said;
    ok(grade($fine->{number}) =~ / right / && $? == 0, 'which succeeds alone');
    rename "$folder/key/aside", "$folder/key/${which}aliases" or die;
}
ok((states_of({ x => $gru }, { x => $plain }))->{$gru->{number}}{state} eq 'right' && $? == 0, 'with all files there both can');

# ---------------------------------------------------------------- little memory
# From too little to load the program, up to enough. In between it must say what is missing, and it is no key.
my ($starved, $fed, @odd) = (0, 0);
for my $kib (map { int 3000 * 1.5 ** $_ } 0 .. 18) {
    my $said = `cd '$folder' && ulimit -v $kib && build/grade $named{'rows-sum'}{number} 2>&1`;
    if ($? == 0) { $fed++ }
    elsif ($said =~ /^grade: (?:.*: )?there is (?:not enough memory|no memory for it)$/m) { $starved++ }
    elsif ($said !~ /error while loading|Cannot allocate|failed to map/) { push @odd, "$kib KiB: $said" }
}
ok($starved && $fed && !@odd, "want of memory is told as such, $starved times") or note @odd;

# ---------------------------------------------------------------- handing out
my @kept = (file($all[0]), file((of_kind('code'))[0]));
my @before = map { slurp($_) } @kept;
hand_out("$out/kit");
ok(join("\0", @before) eq join("\0", map { slurp($_) } @kept), 'handing out again keeps what was filled in');
mkdir "$work/kit";
system('cp', '-R', "$out/kit/.", "$work/kit");
my $changed = basename($kept[0]);
spew("$work/kit/blank/$changed", "% another edition\n" . slurp("$work/kit/blank/$changed"));
spew("$work/kit/blank/99-brand-new.txt", "% new\n\nx =\n");
spew("$work/kit/key/contents", slurp("$work/kit/key/contents") . "99-brand-new\n");
seal("$work/kit");
hand_out("$work/kit");
ok(slurp($kept[0]) eq $before[0] && slurp("$kept[0].new", '') =~ /another edition/, 'a changed exercise is put beside');
ok(-e "$folder/99-brand-new.txt", 'a new one is added');

# ---------------------------------------------------------------- no solution inside
# Every value in the kit on every envelope. An answer that is a single symbol is given by its name.
my %single = map { $_->{name} => 1 } grep { $_->{answer} =~ /^(?:\\hat\{\w\}|\w)_(?:\w|\{\w+\})$/ } of_kind('derivation');
my @opened = split /\n/, `'$build/keymaker' --try '$out'`;
my @robbed = grep { !/^([\w-]+)\t/ || !$single{$1} } @opened;
ok(@opened && !@robbed, 'no value in the kit opens an envelope, but for ' . join(' and ', sort keys %single)) or note map { "$_\n" } @robbed;
my @kit = grep { -f && !/\.key$|instance-\d+\.txt$/ } split /\n/, `find '$out/kit' -type f`;
my %text = map { $_ => slurp($_) =~ s/\s+//gr } (@kit, split /\n/, `find '$out/kit/key' -type f`);
my @found;
for my $x (@all) {
    my $secret = $x->{kind} eq 'derivation' ? $x->{answer} : '';
    if ($x->{kind} eq 'code') {
        my ($solved, $empty) = map { slurp($_) } "$out/code/$x->{file}-right.c", "$out/kit/blank/$x->{file}.c";
        my ($before, $after) = split $comment, $empty;
        my %there = map { $_ => 1 } split /\n/, $empty;
        if (!defined $after) { $secret = join '', grep { !$there{$_} } split /\n/, $solved }     # a mistake to be found
        else { $secret = substr $solved, length $before, length($solved) - length($before) - length($after) }
    }
    $secret =~ s/\s+//g;
    next if length $secret < 12;
    push @found, "$x->{file}: $secret in " . basename($_) . "\n" for grep { index($text{$_}, $secret) >= 0 } sort keys %text;
}
ok(!@found, 'a search of the kit for each solution finds nothing') or note @found;

printf "# %d exercises, %d points; blanks %.1f s, everything filled in %.1f s\n", scalar @all, $points, $blank_time, $full_time;
done_testing;
