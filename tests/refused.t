#!/usr/bin/env perl
# The trainer where the system refuses memory, a file or a thread: each call in its turn. It has to
# end with a message or do its work, and keep what was saved.
use strict;
use warnings;
use File::Copy qw(copy);
use File::Temp qw(tempdir);
use lib 'tests';
use Tap;

my $rnn = ($ENV{BUILD} || 'build') . '/rnn-failing';
my $dir = tempdir(CLEANUP => 1);

sub saved { return "$dir/$_[0].st" }
sub old { copy(saved('old'), saved('net')); copy(saved('old.last'), saved('net.last')); unlink "$dir/log" }
sub half { copy(saved('half'), saved('net')); copy(saved('half.last'), saved('net.last')); copy("$dir/half.log", "$dir/log") }

# Runs the trainer; returns its status (128 and more for a signal) and what it said.
sub run {
    my @command = @_;
    my $pid = fork() // die "fork: $!\n";
    if (!$pid) {
        open STDOUT, '>', "$dir/out";
        open STDERR, '>', "$dir/err";
        exec $rnn, @command or exit 127;
    }
    waitpid $pid, 0;
    return ($? & 127 ? 128 + ($? & 127) : $? >> 8, slurp("$dir/err"));
}

# What is wrong with a run that was refused a call, of which $result ought to be $right.
sub complaints {
    my ($status, $said, $result, $right) = @_;
    my @wrong;
    my $own = $said =~ s/^refused.*\n//gmr;
    push @wrong, 'neither done nor failed' if $status > 1;
    push @wrong, 'no word of what went wrong' if $status == 1 && $own !~ /\S/;
    push @wrong, 'no word of memory'
        if $status == 1 && $said =~ /^refused: (malloc|calloc|realloc|strdup)$/m && $own !~ /memory/i;
    push @wrong, 'says it is done, and the result is another' if $status == 0 && slurp($result, '') ne $right;
    push @wrong, 'what was saved is lost'
        if -e saved('net') && slurp(saved('net')) ne slurp(saved('old')) && (run('info', saved('net')))[0] != 0;
    push @wrong, 'a temporary file is left' if glob "$dir/.rnn-*";
    return @wrong;
}

# A command has its n-th call refused, for n = 1, 2, … until nothing is refused any more.
sub refuse_each {
    my ($label, $result, $before, @command) = @_;
    my @wrong;
    $before->();
    push @wrong, 'fails when nothing is refused' if (run(@command))[0] != 0;
    my ($right, $n, $status) = (slurp($result), 0);
    while ($n++ < 1500) {
        unlink glob("$dir/.rnn-*"), glob("$dir/*rnn-*");
        $before->();
        local $ENV{RNN_FAIL} = $n;
        ($status, my $said) = run(@command);
        my ($call) = $said =~ /^refused: (.*)/m or last;
        my $told = $said =~ s/^/    /gmr;
        delete local $ENV{RNN_FAIL};
        push @wrong, map { "call $n ($call, status $status): $_\n$told" } complaints($status, $said, $result, $right);
    }
    ok(!@wrong && $n > 10 && $n < 1500 && $status == 0, "$label: " . ($n - 1) . ' calls, each refused once', @wrong);
}

spew("$dir/text", map { "line $_ of a play, said the café\n" } 0 .. 8);
spew("$dir/long", map { 'line ' . $_ % 9 . " of a play, said the café\n" } 0 .. 20999);
my @settings = (qw(--hidden 3 --seq-len 5 --batch 9 --threads 2 --schedule constant));
my ($net, $text) = (saved('net'), "$dir/text");
run('train', @settings, '--steps', 2, '--save', saved('old'), $text);
run('train', @settings, '--steps', 3, '--save', saved('half'), '--log', "$dir/half.log", $text);

run('train', '--items', 'line', @settings, '--steps', 2, '--save', saved('items'), $text);

refuse_each('train', $net, \&old, 'train', @settings, '--steps', 4, '--save', $net, '--save-every', 3,
    '--log', "$dir/log", '--sample-every', 4, $text);
refuse_each('resume', $net, \&half, 'train', '--resume', $net, '--steps', 4, '--log', "$dir/log", $text);
refuse_each('sample', "$dir/out", \&old, 'sample', '--load', $net, '--length', 9, '--prompt', 'play');
refuse_each('eval', "$dir/out", \&old, 'eval', '--load', $net, $text);
refuse_each('eval by items', "$dir/out", \&old, 'eval', '--load', saved('items'), $text);
refuse_each('train by items', $net, \&old, 'train', '--items', 'line', @settings, '--steps', 2, '--save', $net, $text);
refuse_each('eval of more than a block', "$dir/out", \&old, 'eval', '--load', $net, "$dir/long");
refuse_each('info', "$dir/out", \&old, 'info', $net);

# One network is begun with another that knows fewer characters; and one is taken over with its characters in another order, and then with
# those that its own metadata have.
spew("$dir/more", map { "line $_, and a word or two of jazz: ώ\n" } 0 .. 8);
spew("$dir/order", reverse sort { $a cmp $b } keys %{ { map { $_ => 1 } split //, slurp($text) =~ s/é//gr } }, 'é');
refuse_each('train with a network to begin with', $net, \&old, 'train', '--init', saved('half'), @settings, '--steps', 2, '--save', $net, "$dir/more");
refuse_each('import', $net, \&old, 'import', '--save', $net, saved('half'));
refuse_each('import with a list of characters', $net, \&old, 'import', '--save', $net, '--vocab', "$dir/order", saved('half'));
refuse_each('export', $net, \&old, 'export', '--save', $net, '--type', 'F16', '--vocab', "$dir/order", saved('half'));
done_testing;
