package Tap;
# What the tests in Perl share. A test says `use lib 'tests'; use Tap;`, runs in the folder of
# the Makefile, and ends with `done_testing`.
use strict;
use warnings;
use Exporter 'import';

our @EXPORT = qw(ok is none skip note slurp spew table tangled found done_testing);
my ($checks, $failures) = (0, 0);

# ok($passed, $what, @why): reports a check, and below one that failed the reasons; returns $passed.
# The prototype keeps a match that fails from vanishing out of the list, and the check with it.
sub ok ($$;@) {
    my ($passed, $what, @why) = @_;
    $failures++ unless $passed;
    $what =~ s/\s*\n\s*/ /g;
    print $passed ? '' : 'not ', 'ok ', ++$checks, " - $what\n";
    note(@why) unless $passed;
    return $passed;
}

# is($ours, $right, $what): two strings are equal.
sub is ($$$) {
    my ($ours, $right, $what) = @_;
    return ok($ours eq $right, $what, "$ours, and not $right");
}

# none($what, @wrong): nothing is wrong; else the first few are named.
sub none {
    my ($what, @wrong) = @_;
    my $more = @wrong > 20 ? 'and ' . (@wrong - 20) . ' more' : '';
    return ok(!@wrong, $what, @wrong[0 .. ($#wrong < 19 ? $#wrong : 19)], $more);
}

# skip($what, $why): a check that this machine cannot make; tests/run counts it as failed.
sub skip { print 'ok ', ++$checks, " - $_[0] # SKIP $_[1]\n" }

sub note { print map { "#   $_\n" } map { split /\n/ } @_ }

# slurp($path): the bytes of a file. One that cannot be read ends the test, and with it fails,
# unless slurp($path, $instead) says what stands for it.
sub slurp {
    my ($path, @instead) = @_;
    open my $file, '<:raw', $path or return @instead ? $instead[0] : die "$path: $!\n";
    local $/;
    return scalar(<$file>) // '';
}

sub spew {
    my ($path, @text) = @_;
    open my $file, '>:raw', $path or die "$path: $!\n";
    print $file @text;
    close $file or die "$path: $!\n";
}

# table($path): the rows of a tab-separated file, each a hash by the names in its first line.
sub table {
    my ($head, @rows) = map { [ split /\t/, $_, -1 ] } split /\n/, slurp($_[0]);
    return map { my %row; @row{@$head} = @$_; \%row } @rows;
}

# tangled($file): where a tangled file lies, in whichever part of the house; undef if nowhere.
sub tangled { return (grep { -e } glob "tangled/*/$_[0]")[0] }

# Where a program is on the PATH; undef if it is not.
sub found { return (grep { -x } map { "$_/$_[0]" } split /:/, $ENV{PATH})[0] }

sub done_testing {
    print "1..$checks\n";
    exit($failures ? 1 : 0);
}

1;
