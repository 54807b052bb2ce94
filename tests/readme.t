#!/usr/bin/env perl
# The sessions of README.md are played, and a made-up README gets what its commands print. Prints TAP; run by `make check`, or alone.
use strict;
use warnings;
use File::Temp qw(tempdir);
use lib 'tests';
use Tap;

my $dir = tempdir(CLEANUP => 1);
my $program = ($ENV{BUILD} || 'build') . '/rnn';
sub played {
    my ($text) = @_;
    spew("$dir/README.md", $text);
    my $new = `perl tangled/tests/sessions.pl $program $dir/README.md 2> $dir/err`;
    return $? ? 'failed: ' . slurp("$dir/err") : $new;
}
my ($mark, $end) = ("<!-- make sessions -->\n```\n", "```\n");
is(played("a\n```\n\$ echo no\n```\n$mark\$ echo one\nold\n\$ printf 'two\\n\\n'; \\\n  printf 'é%s' > f\n$end$mark\$ cat f; seq 40 | tr '\\n' x >&2\n${end}z\n"),
    "a\n```\n\$ echo no\n```\n$mark\$ echo one\none\n\$ printf 'two\\n\\n'; \\\n  printf 'é%s' > f\ntwo\n\n$end$mark\$ cat f; seq 40 | tr '\\n' x >&2\n"
    . "é1x2x3x4x5x6x7x8x9x10x11x12x13x14x15x16x17x18x19x20x21x22x23x24x25x26x27x28x29x30x31x32x33x34x35x36x\n37x38x39x40x\n${end}z\n",
    'what commands print takes the place of what they had printed');
is(played("$mark? exit 3\n$end"), "$mark? exit 3\n$end", 'a failure that is meant');
ok(played("$mark\$ echo so; false\n$end") =~ /^failed: .*README.md: echo so; false\nso/, 'one that is not ends it');
ok(played("$mark? true\n$end") =~ /^failed/, 'so does a success that was not meant');

my $readme = slurp('README.md');
my $new = played($readme);
my $sessions = () = $readme =~ /^\Q$mark\E/mg;
ok($sessions >= 1 && $new !~ /^failed/, "$sessions sessions of README.md work", substr $new, 0, 1000);
# Speeds and roundings differ between systems. The rest does not, where a product is added with one rounding; elsewhere only the commands, and all around them, are the same.
sub frame { my ($text) = @_; $text =~ s{^(<!-- make sessions -->\n```\n)(.*?)^```$}{ my ($mark, $session) = ($1, $2); $mark . join "\n", $session =~ /^[\$?] (?:.*\\\n)*.*$/mg }gmse; return $text }
sub masked { my ($text) = @_; $text =~ s/\d+(?:\.\d+)?(?:e[+-]\d+)?/0/g; return $text =~ s/\s+/ /gr }
my $fuses = slurp('/proc/cpuinfo', '') =~ /^flags.* fma |^Features.* asimd/m;
is($fuses ? masked($new) : frame($new), $fuses ? masked($readme) : frame($readme), 'and print what stands there');

done_testing;
