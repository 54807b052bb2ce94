#!/usr/bin/env perl
# Wrong lines of C, one at a time, each in a copy of its file: the tests must
# turn red. The lines are in the appendix "Wrong Formulas, by Name".
use strict;
use warnings;
use File::Temp qw(tempdir);

my $build = $ENV{BUILD} || 'build';
my $work = tempdir(CLEANUP => 1);

sub slurp {
    my ($file) = @_;
    open my $in, '<', $file or return undef;
    local $/;
    return scalar <$in>;
}

# number | file | test | line | wrong line | diagnosis
sub read_table {
    my $text = slurp('tangled/patches.txt');
    return () unless defined $text;
    my @rows = map { [ split / \| /, $_, 6 ] } grep { !/^\s*(#|$)/ } split /\n/, $text;
    return @rows;
}

# The flags of the build: the first line of the file. The archive may have been
# built with sanitizers, and then this has to be, too.
my $flags = slurp("$build/flags");
$flags = "$ENV{CC} -std=c11" if !defined $flags && $ENV{CC};
$flags = 'cc -std=c11' unless defined $flags;
$flags =~ s/\n.*//s;
$flags =~ s/(^|\s)-W\S*//g;

# Replaces the one line that is there; a table that is behind the code is an error.
sub patched {
    my ($file, $old, $new) = @_;
    my $text = slurp("tangled/$file");
    return "there is no tangled/$file" unless defined $text;
    my $count = () = $text =~ /^[ \t]*\Q$old\E[ \t]*$/mg;
    return "the line is there $count times: $old" unless $count == 1;
    $text =~ s/^([ \t]*)\Q$old\E[ \t]*$/$1$new/m;
    return (undef, $text);
}

# Links the damaged file before the archive, so that the archive's is not taken.
sub try_row {
    my ($i, $row) = @_;
    my ($number, $file, $test, $old, $new, $why) = @$row;
    my $name = "$number: $why ($file)";
    return "not ok %d - a row of six fields: @$row" unless defined $why;
    my ($error, $text) = patched($file, $old, $new);
    return "not ok %d - $name: $error" if $error;
    open my $out, '>', "$work/$i.c" or return "not ok %d - $name: $!";
    print $out $text;
    close $out;
    my $compile = "$flags -w -O1 -DREAL=double -Itangled -o $work/$i $work/$i.c "
        . "$build/double/$test.o $build/double/modules.a -lgsl -lgslcblas -lm";
    my $said = `$compile 2>&1`;
    return "not ok %d - $name: does not compile: " . (split /\n/, $said)[0] if $?;
    $said = `timeout 60 $work/$i 2>&1`;
    return "not ok %d - $name: $test stayed green" if $? == 0;
    my ($first) = $said =~ /^not ok \d+ - (.*)/m;
    return "not ok %d - $name: $test broke, and did not fail" unless defined $first;
    return "ok %d - $name: refused by $test: $first";
}

my @rows = read_table();
my @jobs;
for my $part (0, 1) {
    my $pid = open my $pipe, '-|';
    die "cannot fork: $!\n" unless defined $pid;
    if (!$pid) {
        for my $i (grep { $_ % 2 == $part } 0 .. $#rows) {
            my $line = try_row($i, $rows[$i]);
            $line =~ s/[\n#]/ /g;
            print "$line\n";
        }
        close STDOUT;
        require POSIX;
        POSIX::_exit(0);
    }
    push @jobs, $pipe;
}
my @answers = map { my $pipe = $_; [ <$pipe> ] } @jobs;
my $n = 0;
for my $i (0 .. $#rows) {
    my $line = $answers[$i % 2][$i >> 1];
    $line = "not ok %d - no answer for row $i\n" unless defined $line;
    my ($head, $tail) = split /%d/, $line, 2;
    print $head, ++$n, $tail;
}
print "not ok ", ++$n, " - there are patches to try\n" unless @rows;
print "1..$n\n";
