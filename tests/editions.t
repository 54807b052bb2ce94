#!/usr/bin/env perl
# The three editions: the student's holds no solution, the teacher's holds all of
# them, and TeX had nothing to complain about. Needs `make pdf student teacher`.
use strict;
use warnings;
use lib 'tests';
use Tap;

my $build = $ENV{BUILD} || 'build';
my $out = "$build/exercise-kit";

# ---- what the solutions are

my @all = map { +{ %$_, file => sprintf '%02d-%s', @$_{qw(number name)} } } table("$out/list.tsv");
none('there are exercises', @all >= 40 ? () : scalar @all);

# A formula without what is only there for the eye, as a search has to see it.
sub bare { return $_[0] =~ s/\\(left|right)\b//gr =~ s/[\s{}]//gr }

sub solution_of_code {
    my ($x) = @_;
    my ($right, $empty) = map { slurp($_) } "$out/code/$x->{file}-right.c", "$out/kit/blank/$x->{file}.c";
    my ($before, $after) = split qr{/\* Your code goes here\. \*/}, $empty;
    return mended($right, $empty) if !defined $after;
    return substr $right, length $before, length($right) - length($before) - length $after;
}
# Of a program with a mistake to mend the solution is the line that is another in the right one, with the line before it,
# or, if that is the name of the chunk, with the line after it; alone it might stand anywhere.
sub mended {
    my @right = split /\n/, $_[0];
    my %planted = map { $_ => 1 } split /\n/, $_[1];
    my ($at) = grep { !$planted{ $right[$_] } } 1 .. $#right;
    return join "\n", @right[$right[$at - 1] =~ m{/\*} ? ($at, $at + 1) : ($at - 1, $at)];
}
my %formula = map { $_->{file} => bare($_->{answer}) } grep { $_->{kind} eq 'derivation' } @all;
my %code = map { $_->{file} => solution_of_code($_) =~ s/\s+//gr } grep { $_->{kind} eq 'code' } @all;
delete @formula{ grep { length $formula{$_} <= 8 } keys %formula };

# ---- where they stand

sub formulas_in { my $tex = bare(slurp("$build/$_[0].tex")); return grep { index($tex, $formula{$_}) >= 0 } sort keys %formula }
sub code_in {
    my $plain = `pandoc --quiet -f json -t plain $build/$_[0]-edition.json` =~ s/\s+//gr;
    return grep { index($plain, $code{$_}) >= 0 } sort keys %code;
}
sub missing { my ($all, @found) = @_; my %found = map { $_ => 1 } @found; return grep { !$found{$_} } sort keys %$all }

none('the student does not read a formula', formulas_in('rnn-student'));
none('nor a function', code_in('student'));
none('nor the same in another language', slurp("$build/rnn-student.tex") =~ /\bnp\.\w+|d_z_next = |W_hh(?:\.T)? @|@ W_hh/g);
none('the teacher reads every formula', missing(\%formula, formulas_in('rnn-teacher')));
none('and every function', missing(\%code, code_in('teacher')));

my $student = slurp("$build/rnn-student.tex");
my %blank = map { $_ => 1 } $student =~ /\{prose\}\{Exercise (\d+)\}/g, $student =~ m{/\* ?Exercise (\d+)}g,
    $student =~ /Exercise~(\d+)/g;
none('each derivation and function has its blank, or room',
    map { $_->{file} } grep { $_->{kind} ne 'shape' && !$blank{ $_->{number} } && !has_room($_) } @all);
none('each exercise is in the student’s edition',
    map { $_->{file} } grep { index($student, "\\label{ex:$_->{name}}") < 0 } @all);

# An exercise whose equation or chunk is not in the student's chapters has lines to write on.
sub has_room {
    my ($x) = @_;
    return $student =~ /\\label\{ex:\Q$x->{name}\E\}(?:(?!\\label\{ex:).)*\\roomline/s;
}

# ---- what TeX complained about

for my $name ('rnn-1', 'rnn-2', 'rnn-student', 'rnn-teacher') {
    my $log = slurp("$build/$name.log") =~ s/(.{79})\n/$1/gr;
    none("$name: TeX found every reference",
        $log =~ /(Warning: (?:Hyper )?[Rr]eference `[^']+'[^\n]{0,30} undefined)/g);
    none("$name: TeX found no label twice", $log =~ /(Label `[^']+' multiply defined)/g);
    none("$name: no page is too full by more than 3 pt",
        grep { /\(([\d.]+)pt/ && $1 > 3 } $log =~ /(Overfull \\vbox \([\d.]+pt too high\)[^\n]{0,50})/g);
    none("$name: nothing sticks out by more than 10 pt",
        grep { /\(([\d.]+)pt/ && $1 > 10 } $log =~ /(Overfull \\hbox \([\d.]+pt too wide\)[^\n]{0,50})/g);
    none("$name: no letter is missing from a font", $log =~ /(Missing character: There is no \S+ \S+)/g);
}

done_testing;
