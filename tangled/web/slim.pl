#!/usr/bin/env perl
# generated from chapters/53-reading-page.nw by noweb; do not edit
# slim.pl < PICTURE: the same picture, in fewer letters
use strict;
use warnings;
local $/;
my $picture = <STDIN>;
# Write a number in few letters
sub short {
    my $n = sprintf '%.2f', $_[0];
    $n =~ s/\.?0+$//;
    $n =~ s/^(-?)0\./$1./;
    return $n eq '-0' ? '0' : $n;
}

# Count from the point before
my %points = (M => 1, L => 1, C => 3);
sub steps {
    my ($d) = @_;
    my ($out, $x, $y, @first) = ('', 0, 0);
    my @words = split ' ', $d;
    while (@words) {
        my $command = shift @words;
        if ($command eq 'Z') { $out .= 'z'; ($x, $y) = @first; next }
        my $count = $points{$command} or die "slim: a path with $command in $d\n";
        my @places = map { sprintf '%.2f', $_ } splice @words, 0, 2 * $count;
        # Write the steps of one command
        my $list = join ' ', map { short($places[$_] - ($_ % 2 ? $y : $x)) } 0 .. $#places;
        $list =~ s/ -/-/g;
        $out .= lc($command) . $list;
        ($x, $y) = @places[-2, -1];
        @first = ($x, $y) if $command eq 'M';
    }
    return $out;
}

# Write a style in few letters
sub style {
    my ($s) = @_;
    my $colour = qr/rgb\(([\d.]+)%,([\d.]+)%,([\d.]+)%\)/;
    $s =~ s/$colour/sprintf '#%02x%02x%02x', map { 2.55 * $_ + 0.5 } $1, $2, $3/ge;
    my $usual = qr/(?:fill|stroke|stop)-opacity:1|stroke-linecap:butt|stroke-linejoin:miter/;
    $s =~ s/(?:fill-rule:nonzero|$usual);//g;
    return $s;
}
$picture =~ s/ style="([^"]*)"/' style="' . style($1) . '"'/ge;
$picture =~ s/ d="([^"]*)"/' d="' . steps($1) . '"'/ge;
$picture =~ s/( [xy]=")([-.\d]+)/$1 . short($2)/ge;
print $picture;
