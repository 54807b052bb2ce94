#!/usr/bin/env perl
# generated from chapters/24-mutants.nw by noweb; do not edit
# cover.pl BUILD: which lines and branches of the book's C the tests in BUILD have run.
use strict;
use warnings;
use JSON::PP;
use lib 'tests';
use Tap qw(slurp tangled);

# Read what was counted
sub part_of {
    my ($module) = @_;
    return (tangled("$module.c") // '') =~ m{^tangled/(trainer|verifier|exercises)/} ? $1 : '';
}

sub read_object {
    my ($data) = @_;
    my $said = `gcov --json-format --stdout --branch-probabilities '$data' 2> /dev/null`;
    return map { @{ decode_json($_)->{files} } } grep { /^\{/ } split /\n/, $said;
}

sub add_object {
    my ($seen, $module, $data) = @_;
    for my $file (grep { $_->{file} =~ /\.nw$/ } read_object($data)) {
        my %at;
        for my $line (@{ $file->{lines} }) {
            my $place = "$file->{file}:$line->{line_number}";
            my $found = $seen->{$module}{$place} //= { count => 0, branches => [] };
            $found->{count} += $line->{count};
            $found->{branches}[$at{$place}++] += $_->{count} for @{ $line->{branches} };
        }
    }
}

sub read_all {
    my ($build) = @_;
    my %seen;
    for my $notes (sort glob "$build/{float,double}/*.gcno") {
        my ($module) = $notes =~ m{([^/]+)\.gcno$};
        next if $module =~ /^(test|fuzz)-/ || !part_of($module);
        my $data = $notes =~ s/no$/da/r;
        add_object(\%seen, $module, -e $data ? $data : $notes);
    }
    return \%seen;
}

# Count lines and branches
# Lines, lines run, branches, branches taken.
sub counts {
    my @branches = map { @{ $_->{branches} } } @_;
    return (scalar @_, scalar(grep { $_->{count} } @_), scalar @branches, scalar(grep { $_ } @branches));
}

sub percent { return $_[1] ? sprintf '%.1f', 100 * $_[0] / $_[1] : '' }

sub row {
    my ($part, $module, @n) = @_;
    return join("\t", $part, $module, @n[0, 1], percent(@n[1, 0]), @n[2, 3], percent(@n[3, 2])) . "\n";
}

sub table {
    my ($seen) = @_;
    my @rows = join("\t", qw(part module lines run percent branches taken percent)) . "\n";
    for my $part (qw(trainer verifier exercises)) {
        my @modules = grep { part_of($_) eq $part } sort keys %$seen;
        push @rows, row($part, $_, counts(values %{ $seen->{$_} })) for @modules;
        push @rows, row($part, 'all', counts(map { values %{ $seen->{$_} } } @modules));
    }
    return @rows;
}

# Write the tables of what was run
# The lines that were not run, and those of which a branch was not taken, with their text.
sub unseen {
    my ($seen) = @_;
    my (%text, @rows);
    for my $module (sort keys %$seen) {
        for my $place (sort by_place keys %{ $seen->{$module} }) {
            my ($file, $number) = split /:/, $place;
            my $found = $seen->{$module}{$place};
            my @missed = grep { !$found->{branches}[$_] } 0 .. $#{ $found->{branches} };
            next if $found->{count} && !@missed;
            my $what = $found->{count} ? sprintf 'branches %s of %d', join(' ', @missed),
                scalar @{ $found->{branches} } : 'line';
            $text{$file} //= [ split /\n/, slurp($file) ];
            push @rows, join("\t", $module, $place, $what, $text{$file}[$number - 1]) . "\n";
        }
    }
    return @rows;
}

sub by_place {
    my ($one, $two) = map { [ split /:/ ] } $a, $b;
    return $one->[0] cmp $two->[0] || $one->[1] <=> $two->[1];
}

sub write_file {
    my ($file, @rows) = @_;
    open my $out, '>', $file or die "$file: $!\n";
    print $out @rows;
    close $out or die "$file: $!\n";
}

# Report what was run
my ($build) = @ARGV;
my $seen = read_all($build);
my @rows = table($seen);
write_file("$build.tsv", @rows);
write_file("$build-unseen.tsv", unseen($seen));
print map { sprintf "%-10s %-16s %6s %6s %8s %9s %6s %8s\n", split /[\t\n]/ } map { s/\t(?=[\t\n])/\t-/gr } @rows;
my ($all) = grep { /^trainer\tall\t/ } @rows;
my (undef, undef, undef, undef, $lines, undef, undef, $branches) = split /[\t\n]/, $all;
print "What no test has run is in $build-unseen.tsv.\n";
exit($lines >= 98 && $branches >= 92 ? 0 : 1);
