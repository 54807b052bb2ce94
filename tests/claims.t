#!/usr/bin/env perl
# What the book says of its own arrangement: the preface's table names every module of
# the trainer beside its chapter, and chapter 1 names what a chapter needs of a later one.
use strict;
use warnings;
use lib 'tests';
use Tap;

# The chapter of each tangled file, and what it includes.
my (%chapter, %needs, %label);
for my $path (glob 'tangled/*/*.[ch]') {
    my ($name, $text) = ($path =~ m{([^/]+)$}, slurp($path));
    $chapter{$name} = $1 if $text =~ m{generated from chapters/(\d\d)};
    $needs{$name} = [ $text =~ /^#include "([^"]+)"/mg ];
}
for my $path (glob 'chapters/*.nw') {
    my ($number) = $path =~ m{/(\d\d)};
    ($label{$number}) = slurp($path) =~ /\{#(ch:[a-z-]+)/;
}

my %modules;
for my $name (map { m{([^/]+)$} } sort glob 'tangled/trainer/*.c') {
    push @{ $modules{ $label{ $chapter{$name} } } }, $name =~ s/\.c$//r;
}
my $preface = slurp('rnn.nw');
for my $row ($preface =~ /^\| \[\@(ch:.*)/mg) {
    my ($chapter, @named) = ($row =~ /^(ch:[a-z-]+)/, $row =~ /\[\[([a-z-]+)\]\]/g);
    is(join(' ', sort @named), join(' ', sort @{ delete $modules{$chapter} || [] }), "modules of $chapter");
}
is(join(' ', sort keys %modules), '', 'no chapter of the trainer is missing in the preface');

my %later;
for my $name (grep { ($chapter{$_} // 99) < 15 } keys %chapter) {
    for my $header (@{ $needs{$name} }) {
        $later{"$label{ $chapter{$name} } needs $label{ $chapter{$header} }"} = 1
            if ($chapter{$header} // 0) > $chapter{$name};
    }
}
is(join(', ', sort keys %later), 'ch:characters needs ch:rows, ch:training needs ch:sampling', 'what chapters need of later ones');
done_testing;
