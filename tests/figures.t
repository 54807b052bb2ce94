#!/usr/bin/env perl
# Each figure's caption names the commands that measure and draw it, and make knows these commands.
use strict;
use warnings;
use lib 'tests';
use Tap;

my $build = $ENV{BUILD} || 'build';
delete @ENV{qw(MAKEFLAGS MAKELEVEL)};

my (%drawn, %commands);
for my $path (sort glob 'chapters/*.nw') {
    $drawn{$_} = $path for slurp($path) =~ m{^!\[[^\n]*\]\(figures/([\w-]+)\)\{#fig:}mg;
}
system("make -s BUILD='$build' '$build/figures.tsv' >&2");
my (undef, @rows) = split /\n/, slurp("$build/figures.tsv", '');
for (@rows) {
    my ($figure, $commands) = split /\t/;
    $commands{$figure} = [ split /,/, $commands ];
}
ok(%drawn >= 25, 'the book has figures', scalar %drawn);
none('each of them has its command', grep { "@{ $commands{$_} || [] }" !~ /\bmake figure-$_$/ } sort keys %drawn);

# What the figure reads is named in its source. Files in data/ are made by the goals that copy them there.
my $make = slurp('Makefile');
my %keeps = (bench => qr/program-bench/, cells => qr/program-cells/, mutants => qr/program-mutants/, tried => qr/program-tried|rates\.tsv/);
for my $figure (sort keys %drawn) {
    my $source = slurp("figures/$figure.tex");
    my @measured = map { "make $_" } grep { $source =~ $keeps{$_} } sort keys %keeps;
    my @said = grep { !/figure-/ } @{ $commands{$figure} || [] };
    ok("@measured" eq "@said", "$figure is measured by " . (@said ? "@said" : 'its own goal'), "and not by @measured");
}
none('each goal that is named is there', grep { !/figure-/ && $make !~ /^\Q$_\E:/m }
    sort map { s/^make //r } map { @$_ } values %commands);
my $goals = join ' ', map { "figure-$_" } sort keys %drawn;
is(system("make -s -n BUILD='$build' $goals > /dev/null") >> 8, 0, 'and make knows how to draw each');

# The page: a caption ends with the command, and a figure of which make knows nothing stops the book.
sub caption { # caption($figure): its end, as it is woven
    my $image = qq(![What is seen.](figures/$_[0]){#fig:a number="3.1"}\n);
    spew("$build/caption.md", $image);
    my $html = `BUILD='$build' pandoc -f markdown -t html5 --wrap=none --lua-filter tangled/weaver/page.lua '$build/caption.md' 2> '$build/caption.err'`;
    return $? ? 'refused: ' . slurp("$build/caption.err") : ($html =~ m{<figcaption[^>]*>(.*?)</figcaption>}s)[0] // $html;
}
like_code(caption('reach'), 'What is seen. <code class="command">make figure-reach</code>', 'a caption ends with the command');
like_code(caption('roofline'), 'What is seen. <code class="command">make bench</code>, <code class="command">make figure-roofline</code>',
    'the one that measures comes before the one that draws');
ok(caption('unheard-of') =~ /^refused: .*figures\/unheard-of: make does not know/, 'a figure that make does not know is refused', caption('unheard-of'));
sub like_code { my ($html, $right, $what) = @_; return is($html =~ s/^Figure 3\.1\. //r, $right, $what) }
done_testing;
