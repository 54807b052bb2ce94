#!/usr/bin/env perl
# What the book says of its own arrangement: each chapter of the trainer says what it does,
# and chapter 1 names what a chapter needs of a later one.
use strict;
use warnings;
use lib 'tests';
use Tap;

# The chapter of each tangled file, and what it includes. Chapters are ordered as their names are: 105 stands before 11.
my (%chapter, %needs, %label);
for my $path (glob 'tangled/*/*.[ch]') {
    my ($name, $text) = ($path =~ m{([^/]+)$}, slurp($path));
    $chapter{$name} = $1 if $text =~ m{generated from chapters/(\d+)};
    $needs{$name} = [ $text =~ /^#include "([^"]+)"/mg ];
}
for my $path (glob 'chapters/*.nw') {
    my ($number) = $path =~ m{/(\d+)};
    ($label{$number}) = slurp($path) =~ /\{#(ch:[a-z-]+)/;
}

# The preface's table of modules is made from the headings.
my %mute;
for my $path (glob 'chapters/*.nw') {
    my ($number) = $path =~ m{/(\d+)};
    $mute{$label{$number}} = 1 if slurp($path) !~ /^# .* does="[^"]+"/m;
}
my %chapters_of_trainer = map { $label{ $chapter{ s{.*/}{}r } } => 1 } glob 'tangled/trainer/*.c';
is(join(' ', grep { $mute{$_} } sort keys %chapters_of_trainer), '', 'each chapter of the trainer says what its modules do');

my %later;
for my $name (grep { ($chapter{$_} // 99) lt '15' } keys %chapter) {
    for my $header (@{ $needs{$name} }) {
        $later{"$label{ $chapter{$name} } needs $label{ $chapter{$header} }"} = 1
            if ($chapter{$header} // 0) gt $chapter{$name};
    }
}
is(join(', ', sort keys %later), join(', ',
    'ch:characters needs ch:rows', 'ch:command needs ch:tools', 'ch:learned needs ch:sampling', 'ch:training needs ch:lstm', 'ch:training needs ch:sampling',
    map { "ch:vanishing needs ch:$_" } qw(descent example sampling training)), 'what chapters need of later ones');
done_testing;
