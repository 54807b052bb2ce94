#!/usr/bin/env perl
# Wrong lines of C, one at a time, each in a copy of its file: the tests must
# turn red. The lines are in the chapter "Wrong Formulas, by Name".
use strict;
use warnings;
use File::Temp qw(tempdir);
use lib 'tests';
use Tap;

my $build = $ENV{BUILD} || 'build';
my $work = tempdir(CLEANUP => 1);

# number | file | test | line | wrong line | diagnosis
sub read_table {
    return map { [ split / \| /, $_, 6 ] } grep { !/^\s*(#|$)/ } split /\n/, slurp('tangled/tests/patches.txt');
}

# The flags of the build: the first line of the file. The archive may have been
# built with sanitizers, and then this has to be, too.
my $flags = slurp("$build/flags", ($ENV{CC} || 'cc') . ' -std=c11');
$flags =~ s/\n.*//s;
$flags =~ s/(^|\s)-W\S*//g;

my $includes = join ' ', map { "-I$_" } grep { -d } glob 'tangled/*';

# Replaces the one line that is there; a table that is behind the code is an error.
sub patched {
    my ($file, $old, $new) = @_;
    my $path = tangled($file);
    return "there is no $file in tangled/" unless defined $path;
    my $text = slurp($path);
    my $count = () = $text =~ /^[ \t]*\Q$old\E[ \t]*$/mg;
    return "the line is there $count times: $old" unless $count == 1;
    $text =~ s/^([ \t]*)\Q$old\E[ \t]*$/$1$new/m;
    return (undef, $text);
}

# Whether the tests refuse the row, and what is to be said of it.
# Links the damaged file before the archive, so that the archive's is not taken.
sub try_row {
    my ($i, $row) = @_;
    my ($number, $file, $test, $old, $new, $why) = @$row;
    my $name = "$number: $why ($file)";
    return (0, "a row of six fields: @$row") unless defined $why;
    my ($error, $text) = patched($file, $old, $new);
    return (0, "$name: $error") if $error;
    spew("$work/$i.c", $text);
    my $compile = "$flags -w -O1 -DREAL=double $includes -o $work/$i $work/$i.c "
        . "$build/double/$test.o $build/double/modules.a -lgsl -lgslcblas -lm";
    my $said = `$compile 2>&1`;
    return (0, "$name: does not compile: " . (split /\n/, $said)[0]) if $?;
    $said = `timeout 60 $work/$i 2>&1`;
    return (0, "$name: $test stayed green") if $? == 0;
    my ($first) = $said =~ /^not ok \d+ - (.*)/m;
    return (0, "$name: $test broke, and did not fail") unless defined $first;
    return (1, "$name: refused by $test: $first");
}

my @rows = read_table();
my @jobs;
for my $part (0, 1) {
    my $pid = open my $pipe, '-|';
    die "cannot fork: $!\n" unless defined $pid;
    if (!$pid) {
        for my $i (grep { $_ % 2 == $part } 0 .. $#rows) {
            print join(' ', try_row($i, $rows[$i])) =~ s/[\n#]/ /gr, "\n";
        }
        close STDOUT;
        require POSIX;
        POSIX::_exit(0);
    }
    push @jobs, $pipe;
}
my @answers = map { my $pipe = $_; [ <$pipe> ] } @jobs;
for my $i (0 .. $#rows) {
    my ($passed, $what) = split / /, $answers[$i % 2][$i >> 1] // "0 no answer for row $i", 2;
    ok($passed, $what);
}
ok(0, 'there are patches to try') unless @rows;
done_testing;
