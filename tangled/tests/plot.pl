#!/usr/bin/env perl
# generated from chapters/20-tools.nw by noweb; do not edit
# plot.pl LOG [SVG]: draws the log of rnn train in the terminal, and into a file if one is named.
use strict;
use warnings;
use List::Util qw(min max);

my ($log, $svg) = @ARGV;
die "usage: plot.pl LOG [SVG]\n" if !defined $log || @ARGV > 2;
# Read a log
open my $file, '<', $log or die "$log: $!\n";
my ($head, @rows) = map { chomp; [ split /\t/, $_, -1 ] } <$file>;
die "$log: this is no log of rnn train: its first column is not “step”\n" if !$head || ($head->[0] // '') ne 'step';
my %at = map { $head->[$_] => $_ } 0 .. $#$head;
sub points {
    my ($name) = @_;
    return [ grep { $_->[1] =~ /^-?[0-9.]+(?:e[-+]?[0-9]+)?$/ } map { [ $_->[0], $at{$name} ? $_->[ $at{$name} ] // '' : '' ] } @rows ];
}

# Choose what is drawn
my @panels = grep { grep { @{ $_->[1] } } @{ $_->[1] } } (
    [ 'bits per character', [ [ 'training', points('train_bits') ], [ 'held out', points('held_out_bits') ] ] ],
    [ 'gradient norm', [ [ 'gradient norm', points('gradient_norm') ] ] ],
    [ 'learning rate', [ [ 'learning rate', points('learning_rate') ] ] ],
);
die "$log: there is no row with a number in it yet\n" if !@panels;
my @steps = map { $_->[0] } map { @{ $_->[1] } } map { @{ $_->[1] } } @panels;
my ($first, $last) = (min(@steps), max(@steps));
my ($best) = sort { $a->[1] <=> $b->[1] || $a->[0] <=> $b->[0] } @{ points('held_out_bits') };

# Draw a panel with letters
sub range {
    my ($series) = @_;
    my @values = map { $_->[1] } map { @{ $_->[1] } } @$series;
    my ($least, $most) = (min(@values), max(@values));
    return $least < $most ? ($least, $most) : ($least - (abs($least) || 1) / 2, $most + (abs($most) || 1) / 2);
}
sub place { my ($x, $least, $most, $room) = @_; return $most > $least ? ($x - $least) / ($most - $least) * $room : $room / 2 }
sub letters {
    my ($title, $series) = @{ $_[0] };
    my ($width, $height, @signs) = (64, @$series > 1 ? 12 : 5, '.', 'o');
    my ($least, $most) = range($series);
    my @grid = map { [ (' ') x $width ] } 1 .. $height;
    my $put = sub { my ($p, $sign) = @_; $grid[ $height - 1 - int(place($p->[1], $least, $most, $height - 1) + 0.5) ][ int(place($p->[0], $first, $last, $width - 1) + 0.5) ] = $sign };
    for my $k (0 .. $#$series) { $put->($_, $signs[$k]) for @{ $series->[$k][1] } }
    $put->($best, '*') if @$series > 1 && $best;
    my @edge = (sprintf('%10.4g', $most), ('') x ($height - 2), sprintf('%10.4g', $least));
    my $legend = @$series > 1 ? '   . training   o held out' . ($best ? "   * the best: $best->[1] at step $best->[0]" : '') : '';
    return "$title$legend\n" . join('', map { sprintf("%10s |%s", $edge[$_], join '', @{ $grid[$_] }) =~ s/ +$//r . "\n" } 0 .. $height - 1)
        . ' ' x 11 . '+' . '-' x $width . "\n" . ' ' x 12 . $first . ' ' x ($width - length($first) - length $last) . "$last\n";
}

# Draw a panel as SVG
sub svg_panel {
    my ($top, $panel) = @_;
    my ($title, $series) = @$panel;
    my ($left, $width, $height, @colours) = (70, 540, @$series > 1 ? 220 : 90, '#2b6cb0', '#c05621');
    my ($least, $most) = range($series);
    my $at = sub { my ($p) = @_; return sprintf('%.1f,%.1f', $left + place($p->[0], $first, $last, $width), $top + $height - place($p->[1], $least, $most, $height)) };
    my $out = qq(<rect x="$left" y="$top" width="$width" height="$height" fill="none" stroke="#888"/>\n);
    $out .= sprintf qq(<text x="%d" y="%d" text-anchor="end">%.4g</text>\n), $left - 6, @$_ for [ $top + 10, $most ], [ $top + $height, $least ];
    for my $k (0 .. $#$series) {
        my ($name, $points) = @{ $series->[$k] };
        $out .= sprintf qq(<polyline fill="none" stroke="%s" points="%s"/>\n), $colours[$k], join ' ', map { $at->($_) } @$points;
        $out .= sprintf qq(<text x="%d" y="%d" fill="%s">%s</text>\n), $left + 190 * $k, $top - 6, $colours[$k], @$series > 1 ? "$title, $name" =~ s/^bits per character, (?=held)//r : $name;
    }
    if (@$series > 1 && $best) {
        my ($x, $y) = split /,/, $at->($best);
        $out .= qq(<circle cx="$x" cy="$y" r="4" fill="none" stroke="$colours[1]"><title>the best: $best->[1] bits at step $best->[0]</title></circle>\n);
    }
    return ($top + $height, $out);
}

sub svg_of {
    my @panels = @_;
    my ($bottom, $body) = (0, '');
    for my $panel (@panels) {
        ($bottom, my $drawn) = svg_panel($bottom + 30, $panel);
        $body .= $drawn;
    }
    $body .= sprintf qq(<text x="%d" y="%d"%s>%s</text>\n), $_->[0], $bottom + 18, $_->[1], $_->[2]
        for [ 70, '', "step $first" ], [ 610, ' text-anchor="end"', $last ];
    my $height = $bottom + 30;
    return qq(<svg xmlns="http://www.w3.org/2000/svg" width="640" height="$height" font-family="sans-serif" font-size="12">\n)
        . qq(<rect width="640" height="$height" fill="#fff"/>\n$body</svg>\n);
}

# Draw all panels
print letters($_) for @panels;
if (defined $svg) {
    open my $out, '>', $svg or die "$svg: $!\n";
    print $out svg_of(@panels);
    close $out or die "$svg: $!\n";
}
