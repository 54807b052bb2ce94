#!/usr/bin/env perl
# What a user can lose, and does not: signals at any moment, full disks, closed
# pipes, names that lead to one file, numbers past all bounds, files of nonsense.
# Kills and nonsense are drawn at random from a fixed seed; FAULTS=20 makes
# twenty times as many of them. Prints TAP; run by `make check`, or alone.
use strict;
use warnings;
use Cwd qw(abs_path);
use Fcntl;
use File::Temp qw(tempdir);
use File::Path qw(remove_tree);
use POSIX qw(:sys_wait_h mkfifo);
use Socket;
use Time::HiRes qw(time sleep);
use lib 'tests';
use Tap;

my $rnn = abs_path(($ENV{BUILD} || 'build') . '/rnn');
my $times = $ENV{FAULTS} || 1;
my $home = tempdir(CLEANUP => 1);
chdir $home or die $!;
srand 20;

# Starts a program with its output in files (or as given), and returns its number.
sub start {
    my ($out, $err, @command) = @_;
    my $pid = fork // die $!;
    return $pid if $pid;
    open STDOUT, '>', $out or die $!;
    open STDERR, '>', $err or die $!;
    exec @command or die "$command[0]: $!";
}
# Waits for it; the exit status, or the signal that killed it plus 128. Nobody waits for ever.
sub end_of {
    my ($pid, $patience) = @_;
    my $until = time + ($patience || 120);
    while (time < $until) {
        return $? & 127 ? 128 + ($? & 127) : $? >> 8 if waitpid($pid, WNOHANG) == $pid;
        sleep 0.002;
    }
    kill KILL => $pid;
    waitpid $pid, 0;
    return 'never';
}
my ($out, $err);
sub rnn { my $status = end_of(start('out', 'err', $rnn, @_)); ($out, $err) = (slurp('out'), slurp('err')); return $status }
sub sh { my $status = end_of(start('out', 'err', 'sh', '-c', @_)); ($out, $err) = (slurp('out'), slurp('err')); return $status }
sub refuses {
    my ($status, $label, $message, @command) = @_;
    my $got = rnn(@command);
    return ok($got eq $status && index($err, $message) >= 0 && $out eq '', $label, "exit $got", $err);
}
sub wait_for { my ($what) = @_; my $until = time + 60; sleep 0.002 until $what->() || time > $until }
sub lines { return scalar(() = slurp($_[0]) =~ /\n/g) }
sub litter { return grep { !/^\.\.?$/ } glob '.rnn-*' }
sub rescued { return glob 'rescued-????????????????.safetensors' }
sub both { my ($name) = @_; return join "\0", map { slurp($_, '') } $name, $name =~ s/(?=\.\w+$)/.last/r }     # a run's two files

my $text = join '', map { "Line $_, and " . ($_ % 3 ? 'yes' : 'no') . ",\nsaid the " . ($_ % 7 ? 'king' : 'queen') . ".\n" } 0 .. 149;
spew('play.txt', $text);
my @small = qw(--hidden 8 --batch 2 --seq-len 10);

# ------------------------------------------------------- numbers past all bounds
sub usable { my ($file) = @_; return rnn('sample', '--load', $file, '--length', 5) == 0 && rnn('eval', '--load', $file, 'play.txt') == 0 && $out !~ /nan/ }
rnn('train', @small, qw(--steps 200 --save-every 1 --lr 1e38 --save inf.st play.txt));
ok($err =~ /step 1: .*past all bounds/ && $err =~ /nothing has been saved/ && $err =~ /smaller --lr \(it was 1e\+38\)/,
    'a step past all bounds is noticed, and nothing is called saved', $err);
ok(!-e 'inf.st', 'nor is it');
for my $optimizer (qw(sgd adagrad adam)) {
    my @bad;
    for my $lr (qw(0 1e-45 1 1e3 1e9 1e12 1e18 1e19 1e20 1e30 3.4e38)) {
        unlink 'net.st', 'net.last.st';
        my $status = rnn('train', @small, '--optimizer', $optimizer, '--lr', $lr, qw(--clip 0 --schedule constant --steps 3 --save-every 1 --save net.st play.txt));
        my $said = $err;
        push @bad, "lr $lr: exit $status" unless $status == 0 || $status == 1 && $said =~ /past all bounds/;
        push @bad, "lr $lr: exit 0 and no network" if $status == 0 && !-e 'net.st';
        push @bad, "lr $lr: saved what is of no use" if -e 'net.st' && !usable('net.st');
        push @bad, "lr $lr: $said" if $status == 1 && (-e 'net.st' xor $said =~ /still good: net.st/);
    }
    ok(!@bad, "$optimizer at any rate saves what can be used, and says the truth about it", @bad);
}
my $far = './' x 1000 . 'far.st';
rnn('train', @small, qw(--optimizer adam --lr 1e19 --clip 0 --schedule constant --steps 30 --save-every 1 --save), $far, 'play.txt');
ok($err =~ /still good: \Q$far\E\n/, 'what is still good is named in full', $err);
refuses(2, 'a rate that no float can hold', 'at most 3.4', 'train', '--lr', '1e39', 'play.txt');
unlink 'net.st', 'net.last.st';
rnn('train', @small, qw(--steps 300 --lr 100 --save net.st play.txt));
ok($err =~ /gone astray/ && $err !~ /knows this text/, 'a run that went astray is not told that it knows the text', $err);
rnn('train', @small, qw(--steps 1 --lr 0 play.txt));
ok($err =~ /can still learn/, 'nor is one that has not begun called astray', $err);

# The best was measured after the last save, and is saved when the numbers burst: by no other bits than those of the same run while it lasted.
spew('brief.txt', substr $text, 0, 1500);
{
    my @bursting = (qw(train --hidden 8 --batch 2 --seq-len 100 --threads 1 --optimizer sgd --lr 1 --weight-decay 3 --schedule constant --save bl.st --log bl.tsv));
    rnn(@bursting, qw(--steps 3000 --save-every 100000 brief.txt));
    my $said = $err;
    my ($burst) = $said =~ /step (\d+): .* past all bounds/;
    my ($least) = sort { $a->{held_out_bits} <=> $b->{held_out_bits} || $a->{step} <=> $b->{step} } table('bl.tsv');
    ok($burst && $said =~ /^     what was saved after step $least->{step}, the best, is still good: bl\.st\n     try a smaller --lr \(it was 1\) or --weight-decay \(it was 3\)\n\z/m, 'the best is saved although the last is lost', $said);
    ok(!-e 'bl.last.st' && usable('bl.st'), 'alone, and of use');
    my $weights = sub { rnn('info', '--format', 'json', 'bl.st'); return join '', $out =~ /("name":"(?:decoder|rnn).*?\})/g };
    my $kept = $weights->();
    unlink 'bl.st';
    rnn(@bursting, '--steps', $least->{step}, 'brief.txt');
    ok($kept ne '' && $weights->() eq $kept, 'and the one that was measured', $err);
    unlink 'bl.st', 'bl.last.st';
    rnn(@bursting, qw(--steps 3000 --save-every 100000 --clip 0 brief.txt));
    ok($err =~ /try a smaller --lr \(it was 1\) or --weight-decay \(it was 3\), or --clip 1\n/, 'all remedies are named', $err);
}

# --------------------------------------------------------------------- names
spew('foo.tmp', $text);
spew('y.st.tmp', "not ours\n");
rnn('train', @small, qw(--steps 20 --save foo foo.tmp));
ok(slurp('foo.tmp', '') eq $text, 'a text with the name of a temporary file stays');
rnn('train', @small, qw(--steps 20 --save w.st --log w.st.tmp play.txt));
ok(slurp('w.st.tmp', '') =~ /^step.*\n20\t/, 'so does a log');
rnn('train', @small, qw(--steps 20 --save y.st play.txt));
ok(slurp('y.st.tmp', '') eq "not ours\n", 'and a file of somebody else');
refuses(2, "$_ without a name", "$_ takes the name of a file", 'train', $_, '', 'play.txt') for qw(--save --log --resume);
refuses(2, 'a text without a name', 'the name of the file is empty', 'train', '');
symlink 'w.st', 'link.st';
chmod 0600, 'w.st';
my $before = slurp('w.st');
rnn('train', @small, qw(--steps 30 --save link.st play.txt));
ok(-l 'link.st' && slurp('w.st') ne $before, 'a symbolic link stays, and what it leads to is replaced');
ok(((stat 'w.st')[2] & 0777) == 0600, 'what was private stays private');
chmod 0444, 'w.st';
refuses(1, 'a read-only file', 'is read-only', 'train', @small, qw(--steps 30 --save link.st play.txt));
link 'play.txt', 'hard.txt';
symlink 'later', 'dangling';
symlink "$home", 'here';
for (['hard.txt', '--save', 'hard.txt', 'play.txt'], ['play.txt', '--log', 'here/hard.txt', 'play.txt'], ['one new file', '--save', 'new', '--log', 'here/./new', 'play.txt'],
    ['one new file by a link', '--save', 'later', '--log', 'dangling', 'play.txt'], ['the network and the log', '--resume', 'y.st', '--log', 'y.st', 'play.txt'],
    ['the network and the text', '--resume', 'y.st', 'y.st']) {
    my ($label, @names) = @$_;
    refuses(1, "two uses of $label", 'would be used for two things', 'train', @names);
}
ok(slurp('play.txt', '') eq $text, 'the text is still there');
ok(sh("'$rnn' train @small --steps 20 --save o.st play.txt > o.st") == 1 && $err =~ /output goes there/, 'the output and the network', $err);
ok(sh("'$rnn' train @small --steps 20 play.txt >> play.txt") == 1 && slurp('play.txt', '') eq $text, 'the output and the text', $err);
rnn('train', @small, qw(--steps 20 --save own.st play.txt));
my $own = slurp('own.st');
for (['sample --load own.st --length 20 >> own.st', 'own.st'], ['sample --load own.st --prompt-file play.txt >> play.txt', 'play.txt'], ['eval --load own.st play.txt >> own.st', 'own.st'],
    ['eval --load own.st play.txt >> play.txt', 'play.txt'], ['eval --load own.st - < play.txt >> hard.txt', '-'], ['info own.st >> own.st', 'own.st'], ['info --format json own.st >> here/own.st', 'own.st'],
    ["train @small --steps 2 - < play.txt >> play.txt", '-']) {
    my ($words, $name) = @$_;
    ok(sh("'$rnn' $words") == 1 && $err =~ /: \Q$name\E: this file would be used for two things: the output goes there as well\n\z/, "rnn $words", $err);
}
ok(slurp('own.st') eq $own && slurp('play.txt') eq $text, 'no file becomes longer');
ok(sh("'$rnn' eval --load own.st - < play.txt > other.txt") == 0 && -s 'other.txt', 'another file may be written', $err);
# A network that was not saved by this program, of any size, stays.
{
    my $length = unpack 'Q<', $own;
    for my $header (substr($own, 8, $length) =~ s/"program":"rnn",//r, '{}') {
        my $theirs = pack('Q<', length $header) . $header . ($header eq '{}' ? '' : substr $own, 8 + $length);
        spew('llama.st', $theirs);
        refuses(1, 'a network of another program', "llama.st: a file of this name is there, and it is no network of rnn; nothing is written over it\n     remove it, or choose another name\n     nothing in it says that rnn has saved it\n", 'train', @small, qw(--steps 2 --save llama.st play.txt));
        ok(slurp('llama.st') eq $theirs && !-e 'llama.last.st', 'stays');
    }
}
refuses(1, 'a text in the place of the network', 'it is no network', 'train', @small, qw(--save foo.tmp play.txt));
refuses(1, 'a text in the place of the log', 'it is no log', 'train', @small, qw(--log foo.tmp play.txt));
my $long = 'n' x 255;
ok(rnn('train', @small, qw(--steps 5 --save), $long, 'play.txt') == 0 && -s $long && -s ('n' x 250 . '.last'), 'a name may be as long as names can be', $err);
unlink $long, 'n' x 250 . '.last';

# ------------------------------------------------------------- the best and the last
# Of a run on a short text with a high rate, the best comes early.
spew('short.txt', substr $text, 0, 1500);
my @over = (qw(--hidden 24 --batch 2 --seq-len 10 --steps 1500 --lr 0.03), '--save');
sub told { my ($key, $file) = @_; rnn('info', $file); return $out =~ /^\Q$key\E +(\S+)$/m ? $1 : '' }
rnn('train', @over, 'p.st', '--log', 'p.tsv', 'short.txt');
my ($best) = told('step', 'p.st');
ok($best < 1500 && told('step', 'p.last.st') == 1500 && told('best_step', 'p.last.st') == $best && told('best_held_out_bits', 'p.st') eq told('best_held_out_bits', 'p.last.st'),
    'the best comes before the last, and both know it', $best);
for (['p.last.st', "not ours\n", 'no safetensors'], ['q.last.st', undef, 'the last network of a run with --save q.st is kept here']) {
    my ($name, $content, $why) = @$_;
    my $kept = $content // slurp('p.st') =~ s/"program":"rnn"/"program":"abc"/r;
    my $save = $name =~ s/\.last//r;
    rename $name, 'aside';
    spew($name, $content // $kept);
    my $there = slurp($save, '');
    refuses(1, "a file in the place of $name", "$name: a file of this name is there, and it is no network of rnn; nothing is written over it\n     remove it, or choose another name\n", 'train', @over, $save, 'short.txt');
    ok($err =~ /\Q$why\E/ && slurp($name) eq $kept && slurp($save, '') eq $there, 'both files stay', $err);
    -e 'aside' ? rename 'aside', $name : unlink $name;
}
spew('t.last.txt', $text);
refuses(1, 'a text with the name of the last network', 't.last.txt: this file would be used for two things', 'train', @over, 't.txt', 't.last.txt');
refuses(1, 'a log with the name of the last network', 'n.last: this file would be used for two things', 'train', @over, 'n', '--log', 'n.last', 'short.txt');
ok(slurp('t.last.txt') eq $text && !-e 't.txt', 'nothing is written');
mkdir 'far';
symlink 'far/f.st', 'near.st';
rnn('train', @small, qw(--steps 20 --save near.st play.txt));
ok(-l 'near.st' && -s 'far/f.st' && -s 'far/f.last.st' && !-e 'near.last.st', 'the last is where the best really is', $err);
chmod 0600, 'far/f.last.st';
ok(rnn('train', qw(--resume near.st --steps 30 play.txt)) == 0 && told('step', 'far/f.last.st') == 30 && ((stat 'far/f.last.st')[2] & 0777) == 0600,
    'a run goes on through the link, and what was private stays private', $err);
chmod 0444, 'far/f.last.st';
refuses(1, 'a last network that is read-only', 'far/f.last.st: cannot save: the file there is read-only', 'train', @small, qw(--steps 30 --save far/f.st play.txt));
refuses(1, 'the last network by its own name', "p.last.st: this is the last network of the run in p.st\n     --resume p.st goes on from it", qw(train --resume p.last.st --steps 1600 short.txt));

spew('orphan.last.st', slurp('p.last.st'));
ok(rnn(qw(train --resume orphan.last.st --steps 1520 short.txt)) == 0 && told('step', 'orphan.last.last.st') == 1520, 'if that run is gone, its last network is one like any other', $err);
# Each moment between the two saves, and each way to lose one of the files, leads to the same end.
rnn('train', @over, 'half.st', '--save-every', 100, '--log', 'half.tsv', 'short.txt');
ok(both('half.st') eq both('p.st'), 'when it is saved changes no bit of either');
for (['emptied', sub { spew('t.st', '') }], ['taken away', sub { unlink 't.st' }], ['replaced', sub { spew('t.new', slurp('play.txt')); rename 't.new', 't.st' }]) {
    my ($what, $harm) = @$_;
    my $at = sub { slurp('t.last.st', '') =~ /"step":"(\d+)"/ ? $1 : 0 };
    my $pid;
    for (1 .. 99) {     # until it is held after the best, and well before the end
        unlink 't.st', 't.last.st';
        $pid = start('out', 'err', $rnn, 'train', @over, qw(t.st --save-every 1 short.txt));
        wait_for(sub { $at->() > $best + 20 });
        kill STOP => $pid;
        last if $at->() < 1300;
        kill CONT => $pid;
        end_of($pid);
    }
    $harm->();
    kill CONT => $pid;
    ok(end_of($pid) == 0 && both('t.st') eq both('p.st'), "a best network that was $what is saved again", slurp('err'));
}
sub stop_at {   # stop_at NAME STEP: a run that was asked to stop at a step, or a little later
    my ($name, $step) = @_;
    my $pid = start('out', 'err', $rnn, 'train', @over, $name, qw(--save-every 1 short.txt));
    my $last = $name =~ s/\.st/.last.st/r;
    wait_for(sub { -e $last && (slurp($last, '') =~ /"step":"(\d+)"/ ? $1 : 0) >= $step });
    kill TERM => $pid;
    end_of($pid);
}
sub ends_alike { my ($label, $name) = @_; my $status = rnn('train', '--resume', $name, 'short.txt'); return ok($status == 0 && both($name) eq both('p.st'), $label, $err) }
stop_at('early.st', 20);
stop_at('later.st', $best + 40);
ok(told('step', 'later.st') == $best && told('step', 'early.last.st') < $best, 'one run has met its best, and the other has not', $err);
sub lay { my ($first, $second) = @_; for (['x.st', $first], ['x.last.st', $second]) { $_->[1] ? spew($_->[0], slurp($_->[1])) : unlink $_->[0] } }
lay('later.st', 'later.last.st');
ends_alike('both files of one moment', 'x.st');
lay('later.st', 'early.last.st');
ends_alike('a best that is newer than the last', 'x.st');
lay('later.st', undef);
ends_alike('a best alone', 'x.st');
lay(undef, 'early.last.st');
ends_alike('a last alone, from before the best', 'x.st');
lay('early.st', 'p.last.st');
ends_alike('a last that knows of a better one than there is', 'x.st');
ok($err =~ /^rnn train: x.last.st is of another run, and is not used$/m, 'which is said', $err);
lay('later.st', 'w.last.st');
ends_alike('a last of another run', 'x.st');
ok($err =~ /^rnn train: x.last.st is of another run, and is not used$/m, 'which is said as well', $err);
# A best network and a last of two runs that differ in one setting: the last is not used. What a run was given on the way is no difference.
for my $other ([qw(--lr 0.02)], [qw(--schedule constant)], [qw(--clip 0.5)], [qw(--weight-decay 0.01)], [qw(--val-fraction 0.2)], [qw(--seed 2)]) {
    rnn('train', @small, qw(--steps 40 --save one.st short.txt));
    rnn('train', @small, qw(--steps 60), @$other, qw(--save two.st short.txt));
    lay('two.st', 'one.last.st');
    rnn(qw(train --resume x.st --steps 70 short.txt));
    ok($err =~ /^rnn train: x.last.st is of another run, and is not used$/m && told('seed', 'x.last.st') eq told('seed', 'two.st') && told('learning_rate', 'x.last.st') eq told('learning_rate', 'two.st'),
        "a last of a run without @$other", $err);
    unlink glob('one.*'), glob('two.*');
}
lay('p.st', 'p.last.st');
rnn(qw(train --resume x.st --steps 1520 --lr 0.00001 --clip 0.5 --schedule constant short.txt));
ok(rnn(qw(train --resume x.st --steps 1540 short.txt)) == 0 && $err !~ /another run/ && told('step', 'x.last.st') == 1540 && told('step', 'x.st') == $best,
    'a run that went on with other settings, and got no better, is one run', $err);
{   # A file from before there was a best: without its two keys.
    my $old = slurp('early.last.st');
    my $length = unpack 'Q<', $old;
    my $header = substr $old, 8, $length;
    $header =~ s/"best_\w+":"[^"]*",//g;
    spew('x.st', pack('Q<', length $header) . $header . substr $old, 8 + $length);
    unlink 'x.last.st';
    ends_alike('a file of an older version', 'x.st');
}
lay('p.st', 'p.last.st');
ok(rnn(qw(train --resume x.st --steps 1520 short.txt)) == 0 && slurp('x.st') eq slurp('p.st') && told('step', 'x.last.st') == 1520, 'a run that goes on and gets no better leaves the best alone', $err);
lay('p.st', 'p.last.st');
ok(rnn(qw(train --resume x.st --save y2.st --steps 1520 short.txt)) == 0 && both('x.st') eq both('p.st') && told('step', 'y2.st') == $best && told('step', 'y2.last.st') == 1520,
    'under another name there are both as well', $err);
{   # One that begins when others have saved already may find files of two runs there, and leaves them alone.
    my @pids = map { start('/dev/null', "err$_", $rnn, 'train', @small, qw(--steps 300 --save-every 1 --seed), $_, qw(--save both.st play.txt)) } 1 .. 3;
    my @status = map { end_of($_) } @pids;
    my @late = grep { $status[ $_ - 1 ] == 1 && slurp("err$_") =~ /^rnn train: both.last.st: .* nothing is written over it$/m } 1 .. 3;
    ok((grep { $_ == 0 } @status) == 3 - @late && @late < 3 && usable('both.st'), 'three runs that save to one file do not disturb each other', map { slurp("err$_") } 1 .. 3);
}

# If one of the two files is damaged, the other is named, and the way to go on from it.
for (['x.last.st', 'x.st', 'later'], ['x.st', 'x.last.st', 'early']) {
    my ($damaged, $sound, $when) = @$_;
    lay('later.st', "$when.last.st");
    truncate $damaged, 3000;
    my $step = told('step', $sound);
    rnn(qw(train --resume x.st short.txt));
    ok($err =~ /^rnn train: \Q$damaged\E: .* cut short\n     \Q$sound\E is sound, and has step $step; this goes on from it:\n     (mv \Q$damaged\E DAMAGED); \S+\/rnn (train --resume x\.st) …\n\z/, "$damaged is damaged, and $sound is not", $err);
    my ($move, $command) = ($1, $2);
    ok($command && sh("$move; '$rnn' $command short.txt") == 0 && both('x.st') eq both('p.st'), 'with that it goes on to the same bits', $err);
    truncate 'x.st', 3000;
    truncate 'x.last.st', 3000;
    ok(rnn(qw(train --resume x.st short.txt)) == 1 && $err !~ /sound/, 'if neither is whole, nothing is said of the other', $err);
    unlink 'x.st', 'DAMAGED';
}

# A last network that is not of the run beside it stays: of a run that was called so, of one whose best is gone or is another's, and of a neighbour
# whose name was cut to the same.
for (['a run that is called so', 'lone.last.st', 'lone.st', 'lone.last.st', 0], ['a neighbour with as long a name', 'n' x 252 . 'abc', 'n' x 252 . 'xyz', 'n' x 250 . '.last', 0],
    ['a run whose best was taken away', 'gone.st', 'gone.st', 'gone.last.st', 0], ['a run whose best was replaced', 'swap.st', 'swap.st', 'swap.last.st', 1]) {
    my ($what, $first, $second, $last, $swapped) = @$_;
    rnn('train', @small, qw(--steps 30 --seed 5 --save), $first, 'play.txt');
    unlink 'gone.st';
    spew('swap.st', slurp('own.st')) if $swapped;
    my @before = (slurp($last), slurp($second, ''));
    refuses(1, "the last network of $what", "$last: this is the last network of a run, and not of one in $second; nothing is written over it\n     move it away, or choose another name for --save\n"
        . ($swapped ? '' : "     --resume $second goes on from it\n"), 'train', @small, qw(--steps 20 --save), $second, 'play.txt');
    ok(slurp($last) eq $before[0] && slurp($second, '') eq $before[1], 'stays');
    ok(rnn('train', '--resume', $second, qw(--steps 40 play.txt)) == 0 && told('seed', $second) eq ($swapped ? 1 : 5), 'and can be gone on with', $err);
    unlink $first, $last, $second, "$last~", glob('lone.*');
}
for my $mode (0600, 0640, 0666) {
    spew('shut.st', '');
    chmod $mode, 'shut.st';
    rnn('train', @small, qw(--steps 20 --save shut.st play.txt));
    ok(((stat 'shut.last.st')[2] & 0777) == ($mode & ~022), sprintf('a last network is as open as its best, %o', $mode), sprintf '%o', (stat 'shut.last.st')[2]);
    unlink 'shut.st', 'shut.last.st';
}
spew('odd.st', slurp('own.st'));
spew('odd.last.st', substr(slurp('own.st'), 0, -1) . "\x80");
refuses(1, 'a last network that is damaged', "odd.last.st: its numbers are impossible: a parameter past all bounds, a state beyond one, or a negative mean of squares\n     it is in the way: move it away, or choose another name for --save\n", 'train', @small, qw(--steps 20 --save odd.st play.txt));

# The network of another run is kept with a tilde, also if this run is ended early; one that this run will make again is not.
rnn('train', qw(--hidden 16 --batch 4 --seq-len 10 --steps 60 --save fin.st play.txt));
my $finished = both('fin.st');
sub kept { my ($name) = @_; return join "\0", map { slurp("$_~", '') } $name, $name =~ s/(?=\.\w+$)/.last/r }
my $kept_line = "rnn train: fin.st is of another run, and will be kept as fin.st~\nrnn train: fin.last.st is of another run, and will be kept as fin.last.st~\n";
{
    my $pid = start('out', 'err', $rnn, qw(train --hidden 300 --batch 8 --steps 1000000 --save fin.st play.txt));
    wait_for(sub { -s 'err' });
    sleep 0.1;
    kill TERM => $pid;
    my $status = end_of($pid);
    ok($status eq '1' && slurp('err') =~ /\A\Q$kept_line\E/ && kept('fin.st') eq $finished && told('step', 'fin.st') > 0, 'a finished network is kept where another run begins', $status, slurp('err'));
}
ok(rnn('train', @small, qw(--steps 20 --save fin.st play.txt)) == 0 && $err =~ /\A\Q$kept_line\E/ && kept('fin.st') ne $finished && !litter(), 'there is one old version', $err);
my @twice = map { rnn('train', @small, qw(--steps 20 --save fin.st play.txt)) eq '0' && $err !~ /kept/ ? kept('fin.st') : $err } 1, 2;
ok($twice[0] eq $twice[1], 'and a run that is repeated leaves it', @twice);
for my $other ([qw(--steps 21)], [qw(--lr 0.02)], [qw(--patience 9)], [qw(--clip 2)], [qw(--val-fraction 0.2)], [qw(--init own.st)]) {
    unlink glob('fin.*');
    rnn('train', @small, qw(--steps 20 --save fin.st play.txt));
    my $before = both('fin.st');
    ok(rnn('train', @small, ($other->[0] eq '--steps' ? () : qw(--steps 20)), @$other, qw(--save fin.st play.txt)) == 0 && $err =~ /\A\Q$kept_line\E/ && kept('fin.st') eq $before, "@$other: another run", $err);
}
my $all = both('fin.st');
ok(rnn('train', @small, qw(--steps 20 --val-fraction 0 --save fin.st play.txt)) == 0 && kept('fin.st') eq $all && !-e 'fin.last.st', 'a last that is not replaced goes as well', $err);
ok(rnn(qw(train --resume own.st --steps 25 --save fin.st play.txt)) == 0 && $err =~ /\Arnn train: fin.st is of another run, and will be kept as fin.st~\n/ && -s 'fin.last.st', 'a run that goes on under another name keeps what is there', $err);
lay('later.st', 'w.last.st');
my $strange = slurp('x.last.st');
ok(rnn(qw(train --resume x.st short.txt)) == 0 && $err =~ /^rnn train: x.last.st is of another run, and will be kept as x.last.st~$/m && slurp('x.last.st~') eq $strange && both('x.st') eq both('p.st'), 'a last that is not used is kept', $err);
unlink 'fin.st~', 'fin.last.st';
spew('fin.st~', "not ours\n");
refuses(1, 'an old version in the place of something else', 'fin.st~: a file of this name is there, and it is no network of rnn', 'train', @small, qw(--steps 9 --save fin.st play.txt));
spew('fin.st~', slurp('own.st'));
refuses(1, 'or of what is read', 'fin.st~: this file would be used for two things', 'train', @small, qw(--init fin.st~ --steps 9 --save fin.st play.txt));
chmod 0444, 'fin.st~';
refuses(1, 'or of what nobody shall write to', "fin.st: it is of another run, and cannot be kept as fin.st~\n     move it away, or choose another name for --save", 'train', @small, qw(--steps 9 --save fin.st play.txt));
chmod 0644, 'fin.st~';
rnn('train', @small, qw(--steps 5 --save), $long, 'play.txt');
refuses(1, 'or where names end', "cannot be kept as $long~\n", 'train', @small, qw(--steps 9 --save), $long, 'play.txt');
unlink $long, 'n' x 250 . '.last';

# The log of another run loses rows when a run goes on in it, and is kept as it was.
rnn('train', @small, qw(--steps 20 --save m.st play.txt));
rnn('train', @small, qw(--steps 2000 --seed 7 --log B.tsv play.txt));
my $table = slurp('B.tsv');
my @go_on = (qw(train --resume m.st --steps), 80, qw(--log B.tsv play.txt));
for my $ours ('play.txt', 'own.st') {
    spew('B.tsv~', slurp($ours));
    refuses(1, "$ours in the place of the old log", 'B.tsv~: a file of this name is there, and it is no log; nothing is written over it', @go_on);
    ok(slurp('B.tsv') eq $table && slurp('B.tsv~') eq slurp($ours), 'nothing is taken off');
}
unlink 'B.tsv~';
symlink 'play.txt', 'B.tsv~';
refuses(1, 'nor is the old log one that is read', 'it is no log', @go_on);
unlink 'B.tsv~';
spew('C.tsv~', $table, $text);
spew('C.tsv', $table);
rnn('train', @small, qw(--steps 20 --save c.st C.tsv~));
refuses(1, 'nor is a text that begins as a log does', 'C.tsv~: this file would be used for two things', qw(train --resume c.st --steps 80 --log C.tsv C.tsv~));
ok(slurp('C.tsv~') eq $table . $text && slurp('C.tsv') eq $table, 'both stay');
rename 'm.st', 'keep.st';
ok(rnn('train', '--resume', 'keep.st', qw(--steps 80 --log B.tsv play.txt)) == 0 && $err =~ /^rnn train: rows after step 20 are taken off B\.tsv; it is kept as B\.tsv~$/m && slurp('B.tsv~') eq $table && lines('B.tsv') < lines('B.tsv~'),
    'the log of another run is kept', $err);
unlink 'B.tsv~';
ok(rnn('train', '--resume', 'keep.st', qw(--steps 90 --log B.tsv play.txt)) == 0 && $err !~ /taken off/ && !-e 'B.tsv~', 'one that loses no row is not', $err);

# ------------------------------------------------------------ signals, anywhere
my @run = (@small, qw(--steps 600 --save-every 7 --sample-every 50 --threads 2 --optimizer adam));
rnn('train', @run, qw(--save whole.st --log whole.tsv play.txt));
sub columns { return join "\n", map { join "\t", (split /\t/)[0 .. 3] } split /\n/, slurp($_[0], '') }
sub seconds_grow { my $last = 0; for (split /\n/, slurp($_[0], '')) { my $s = (split /\t/)[4]; next if $s eq 'seconds'; return 0 if $s < $last; $last = $s } return 1 }
{
    my ($bad, $kills, @why) = (0, 0);
    for my $round (1 .. 2 * $times) {
        unlink 'k.st', 'k.last.st', 'k.tsv';
        for my $life (1 .. 60) {
            my @how = -e 'k.st' ? qw(--resume k.st --sample-every 50 --save-every 7) : (@run, '--save', 'k.st');
            unlink 'out', 'err';
            my $pid = start('out', 'err', $rnn, 'train', @how, '--log', 'k.tsv', 'play.txt');
            sleep rand(0.06) * ($life < 30 ? 1 : 10);
            my $signal = (qw(KILL TERM INT HUP QUIT USR1 XCPU IO))[rand 8];
            kill $signal => $pid;
            kill TERM => $pid if rand() < 0.3;
            my $status = end_of($pid);
            last if $status == 0;
            $kills++;
            my $said = slurp('err', '');
            last if $status == 1 && $said =~ /was to do 600/;   # the kill before this one came after the last save
            push @why, "$signal: exit $status: $said" unless $status == ($signal eq 'KILL' ? 137 : 1) || $status > 128 && !$said;
            if ($status == 1 && -e 'k.st' && $said =~ /after step (\d+) of.* saved/) {
                my $step = $1;
                rnn('info', 'k.last.st');
                push @why, "said step $step" unless $out =~ /^step +$step$/m;
            }
        }
        $bad++ unless both('k.st') eq both('whole.st');
        push @why, 'another log', columns('k.tsv') unless index(columns('whole.tsv'), columns('k.tsv')) == 0;
        push @why, 'seconds go back' unless seconds_grow('k.tsv');
    }
    unlink litter();            # of SIGKILL, which no program survives
    ok($bad == 0, "after $kills kills all runs end with the bits of the one that was left alone", "$bad differ");
    ok(!@why, 'and every message and log is true', @why);
}

# A network that is carried over is in its place or it is not, and nothing else is left.
rnn('train', qw(--hidden 900 --batch 1 --seq-len 2 --steps 1 --save wide.st play.txt));
for my $command ('import', 'export') {
    rnn($command, qw(--save carried.st wide.st));
    my ($right, $kills, @why) = (slurp('carried.st'), 0);
    for my $round (1 .. 30 * $times) {
        unlink 'out', 'err', 'carried.st';
        my $pid = start('out', 'err', $rnn, $command, qw(--save carried.st wide.st));
        wait_for(sub { litter() || -e 'carried.st' }) if $round % 2;
        sleep rand 0.02;
        my $signal = (qw(TERM INT HUP QUIT USR1 XCPU))[rand 6];
        kill $signal => $pid;
        my $status = end_of($pid);
        $kills++ if $status > 128;
        push @why, "$signal: exit $status: " . slurp('err', '') if -e 'carried.st' ? slurp('carried.st') ne $right : !$status;
        push @why, "$signal: " . join ' ', litter() if litter();
        unlink litter();
    }
    ok($kills > 3 && !@why, "$command is ended by $kills signals, and no half of a file is left", @why);
}
spew('limited', "ulimit -f 100; exec \"\$\@\"\n");
end_of(start('out', 'err', 'sh', 'limited', $rnn, qw(export --save limited.st wide.st)));
ok(slurp('err') =~ /limited\.st: cannot save: File too large/ && !-e 'limited.st' && !litter(), 'a file that may not be so large is not there', slurp('err'));

# Each place where a program may be for a long time; the signal is sent there.
sub heard {
    my ($label, $pid, $ready, $file, @expected) = @_;
    wait_for($ready);
    sleep 0.2;
    my $sent = time;
    kill TERM => $pid;
    kill INT => $pid;
    my $status = end_of($pid, 20);
    my $took = time - $sent;
    my $said = slurp('err');
    ok($status eq '1' && $took < 5, "$label: a signal is heard", "exit $status after $took s", $said);
    return ok((!$file || rnn('info', $file) == 0) && !grep({ $said !~ /$_/ } @expected), "$label: and all is saved", $said);
}
spew('long.txt', $text x 60);
heard('in a long step', start('out', 'err', $rnn, qw(train --hidden 2500 --batch 8 --seq-len 500 --optimizer sgd --steps 5 --save big.st long.txt)),
    sub { sleep 1 }, 'big.st', 'after step 0 of 5; all of it is saved');
unlink 'big.st';
mkfifo 'pipe', 0600;
sysopen my $blocked, 'pipe', O_RDWR;
heard('in a sample that nobody reads', start('pipe', 'err', $rnn, 'train', @small, qw(--steps 100000 --sample-every 1 --save f.st play.txt)),
    sub { sleep 0.5 }, 'f.st', 'all of it is saved');
heard('when it has stopped by itself', start('pipe', 'err', $rnn, 'train', @small, qw(--steps 100000 --lr 0 --patience 1 --save pat.st play.txt)),
    sub { sleep 0.5; -e 'pat.last.st' }, 'pat.st', 'interrupted after step \d+ of 100000, where the run had stopped by itself; the network is saved in pat.st
');
heard('in the last evaluation', start('out', 'err', $rnn, qw(train --hidden 700 --batch 1 --seq-len 10 --steps 2 --save e.st long.txt)),
    sub { -e 'e.st' }, 'e.st', 'after step 2 of 2, which was the last; the network is saved in e.st');
heard('in an evaluation without --save', start('out', 'err', $rnn, qw(train --hidden 700 --batch 1 --seq-len 10 --steps 2 long.txt)),
    sub { sleep 0.3 }, undef, 'nothing is saved without --save');
heard('before the first step', start('out', 'err', $rnn, qw(train --save n.st pipe)), sub { sleep 0.1 }, undef, 'before the first step');
{
    my $pid = start('out', 'pipe', $rnn, 'train', @small, qw(--steps 100000000 --save-every 1 --save f.st f), 'play.txt');
    ok(end_of($pid, 20) eq '1', 'of two texts one is not there');
    sysread $blocked, my $drop, 100000;
    syswrite $blocked, 'x' x 4096 for 1 .. 15;
    $pid = start('out', 'pipe', $rnn, 'train', @small, qw(--steps 100000000 --save g.st play.txt));
    wait_for(sub { -e 'g.st' });
    sleep 0.2;
    kill HUP => $pid;
    ok(end_of($pid, 20) eq '1' && rnn('info', 'g.st') == 0, 'a signal is heard although messages go nowhere');
    fcntl $blocked, F_SETFL, O_RDWR | O_NONBLOCK;
    1 while syswrite $blocked, 'x' x 4096;
    my $took = 99;      # at best: a busy machine may need several trials
    for (1 .. 10) {
        $pid = start('out', 'pipe', $rnn, 'train', @small, qw(--steps 100000000 play.txt));
        sleep 0.2;
        my $sent = time;
        kill TERM => $pid;
        my $status = end_of($pid, 20);
        $took = time - $sent if $status eq '1' && time - $sent < $took;
        last if $took < 0.5;
    }
    ok($took > 0.25 && $took < 0.5, 'and words that nobody reads are waited for, but not for long', "$took s");
    fcntl $blocked, F_SETFL, O_RDWR;
}
{
    for my $signal (qw(ABRT SYS TRAP USR2 PROF)) {
        unlink 's.st', 's.last.st';
        my $pid = start('out', 'err', $rnn, 'train', @small, qw(--steps 100000000 --save s.st play.txt));
        wait_for(sub { -e 's.last.st' });
        kill $signal => $pid;
        my $status = end_of($pid);
        my $said = slurp('err');
        my ($step) = $said =~ /interrupted after step (\d+) of 100000000; all of it is saved/;
        ok($status eq '1' && $step && told('step', 's.last.st') == $step, "SIG$signal ends a run, and all is saved", "exit $status", $said);
    }
    my $pid = start('out', 'err', 'nohup', $rnn, 'train', @small, qw(--steps 3000 --save h.st play.txt));
    wait_for(sub { -e 'h.st' });
    kill HUP => $pid;
    ok(end_of($pid) eq '0', 'nohup is respected');
}

# Into a file or a pipe a sample is written in blocks: each arrives here as one message.
{
    socketpair(my $here, my $there, AF_UNIX, SOCK_DGRAM, PF_UNSPEC) or die $!;
    my $pid = fork // die $!;
    if (!$pid) {
        open STDOUT, '>&', $there or die $!;
        exec $rnn, 'sample', '--load', 'g.st', '--length', 300;
    }
    my $status = end_of($pid);
    recv $here, my $block, 65536, 0;
    ok($status eq '0' && length $block >= 300, 'a sample does not arrive letter by letter', "exit $status", $block);
}

# -------------------------------------------------------- what cannot be written
rnn('train', @small, qw(--steps 300 --save same.st play.txt));
sh("'$rnn' train @small --steps 300 --sample-every 20 --save b.st play.txt | head -3");
ok(both('b.st') eq both('same.st'), 'a reader who leaves does not end the run', $err);
ok($err =~ /Broken pipe\n     training goes on/, 'and the user hears of it', $err);
sh("(trap '' PIPE; '$rnn' sample --load same.st --length 300000) | head -c 10");
ok($err eq "rnn sample: standard output: Broken pipe\n", 'of a sample too', $err);
ok(sh("'$rnn' train @small --steps 300 --sample-every 20 --save c.st play.txt >&-") == 1 && both('c.st') eq both('same.st'),
    'nor does an output that is closed, and nothing is printed into the network', $err);
if (-c '/dev/full') {
    my @bad = grep { sh("'$rnn' $_ > /dev/full") != 1 || $err !~ /No space/ } '--help', 'train --help', 'info same.st', 'sample --load same.st --length 9', 'eval --load same.st play.txt';
    push @bad, grep { sh("'$rnn' $_ > /dev/full") != 1 || $err !~ /^rnn sample: standard output: No space left on device\n\z/ } map { "sample --load same.st $_" } '--length 300000', '--length 30000 --temperature 0.02', '--length 3000 --count 20';
    ok(!@bad, 'what does not arrive is a failure, help too', @bad);
    ok(rnn('train', @small, qw(--steps 300 --log /dev/full play.txt)) == 1 && $err =~ m{/dev/full: No space}, 'a log that is full from the beginning', $err);
} else {
    skip('a full device', 'no /dev/full') for 1 .. 2;
}
{
    my @bad;
    for my $blocks (0, 1, 2, 8, 16, 26, 27, 28, 29, 30, 31, 32, 40) {
        spew('u.st', slurp('w.st'));
        my $status = sh("ulimit -f $blocks; exec '$rnn' train @small --steps 40 --seq-len 1 --save-every 10 --save u.st --log u.tsv play.txt");
        my $saved = slurp('u.st', '');
        push @bad, "$blocks blocks: exit $status" unless $status == 0 || $status == 1;
        push @bad, "$blocks blocks: lost" unless $status == 0 || $saved eq slurp('w.st') || usable('u.st');
        push @bad, "$blocks blocks: litter" if litter();
        unlink glob 'rescued-*';
    }
    ok(!@bad, 'a limit on the size of files costs nothing that was there', @bad);
    spew('short.txt', substr $text, 0, 220);
    my $status = sh("ulimit -f 30; exec '$rnn' train @small --steps 8000 --batch 9 --save-every 8000 --save v.st --log v.tsv short.txt");
    ok($status == 1 && $err =~ /v.tsv: File too large\n     the run goes on/ && rnn("info", "v.st") == 0, 'a log that cannot be written does not end the run', "exit $status", $err);
}
{   # Somebody empties the log during the run: rows go on at its beginning.
    my $pid = start('out', 'err', $rnn, 'train', @small, qw(--steps 100000000 --log emptied.tsv play.txt));
    wait_for(sub { -s 'emptied.tsv' && slurp('emptied.tsv') =~ /\n.*\n/ });
    truncate 'emptied.tsv', 0;
    wait_for(sub { -s 'emptied.tsv' });
    kill TERM => $pid;
    end_of($pid);
    ok(slurp('emptied.tsv') =~ /\A(\d+(\t[\d.]+){7}\n)+\z/, 'a log that was emptied has whole rows, and nothing else', slurp('emptied.tsv'));
}
# The run waits for a reader of its samples, while its folder goes away.
fcntl $blocked, F_SETFL, O_RDWR | O_NONBLOCK;
sub drain { while (sysread $blocked, my $drop, 100000) { } }
for my $way ('TERM', 'end') {
    drain();
    mkdir 'folder';
    my $mode = $way eq 'end' ? 0600 : 0640;
    if ($way eq 'end') { spew("folder/net.$_", '') && chmod 0600, "folder/net.$_" for 'st', 'last.st' }
    umask($way eq 'end' ? 0 : 027);
    my $pid = start('pipe', 'err', $rnn, 'train', @small, qw(--steps 2000 --sample-every 1 --save-every 5 --save folder/net.st play.txt));
    wait_for(sub { -s 'folder/net.st' && -s 'folder/net.last.st' });
    rename 'folder', 'elsewhere' or die "rename: $!";
    wait_for(sub { vec(my $full = '', fileno $blocked, 1) = 1; !select undef, $full, undef, 0 }) if $way eq 'TERM';
    kill TERM => $pid if $way eq 'TERM';
    while ($way eq 'end' && waitpid($pid, WNOHANG) != $pid) { drain(); sleep 0.002 }
    my $status = $way eq 'TERM' ? end_of($pid) : $? >> 8;
    my $said = slurp('err');
    my ($file) = rescued();
    ok($status == 1 && $file && $said =~ /folder\/net.st: cannot save: No such file.*\n     so the network is here instead: \Q$file\E/ && usable($file)
        && usable($file =~ s/\.safe/.last.safe/r),
        "a folder that goes away costs no network ($way)", "exit $status", substr $said, -600);
    my @open = grep { ((stat)[2] & 0777) != $mode } $file, $file =~ s/\.safe/.last.safe/r;
    ok(!@open, sprintf('and opens it to nobody (%o)', $mode), map { sprintf '%s %o', $_, (stat)[2] & 0777 } @open);
    umask 022;
    ok($said =~ /folder\/net.st: cannot save: No such file.*\n     training goes on\n/,
        'and the user hears of it at once', substr $said, 0, 600) if $way eq 'end';
    unlink glob 'rescued-*';
    remove_tree('elsewhere');      # a save may have been under way there
}
ok(!litter(), 'no temporary file is left', litter());

# --------------------------------------------------------------- files of nonsense
{
    my @bad;
    my $good = slurp('same.st');
    for my $round (1 .. 16 * $times) {
        my $bytes = $round % 2 ? join('', map { chr int rand 256 } 1 .. rand 200) : $good;
        if ($round % 2 == 0) { substr($bytes, rand length $bytes, 1) = chr int rand 256 for 0 .. rand 4 }
        spew('r.st', $bytes);
        for (['sample', '--load', 'r.st', '--length', 3], ['info', 'r.st'], ['train', '--resume', 'r.st', '--steps', 302, '--save', 'r2.st', 'play.txt'], ['train', @small, '--steps', 2, 'r.st']) {
            my $status = rnn(@$_);
            push @bad, "round $round: @$_: exit $status: $err" unless $status eq '0' || $status eq '1' && $err ne '';
        }
        unlink 'r2.st';
    }
    ok(!@bad, 'bytes at random are refused or read, and nothing worse', @bad);
}
rnn('train', @small, qw(--steps 3 --save d.st play.txt));
my $bytes = slurp('d.st');
(my $lacking = $bytes) =~ s/"learning_rate"/"learning_rat "/;
spew('lacking.st', $lacking);
ok(rnn(qw(sample --load lacking.st --length 3)) == 0, 'sample needs only what it uses', $err);
refuses(1, 'training needs more', 'no sensible value for “learning_rate”', qw(train --resume lacking.st --steps 9 play.txt));
substr($bytes, -1, 1) = "\x80";
spew('negative.st', $bytes);
refuses(1, 'a negative mean of squares', 'a negative mean of squares', qw(train --resume negative.st --steps 9 play.txt));

# ------------------------------------------------------------------------ words
spew('-dash.txt', $text);
refuses(2, 'a text that begins with a dash', "there is no option -dash.txt\n     if this is a file, write ./-dash.txt", 'train', '-dash.txt');
ok(rnn('train', @small, qw(--steps 2 -- -dash.txt)) == 0, 'two dashes help', $err);
refuses(2, "$_ as typed", "there is no option $_", 'train', $_, 'play.txt') for qw(-n5 -xy -q --hiden);
refuses(2, 'a beginning of many options', '--s could be --seed or --seq-len or --steps or --schedule', 'train', '--s', '5', 'play.txt');
refuses(2, 'two ways to say how long', '--steps and --epochs both', 'train', qw(--epochs 1 --steps 5 play.txt));
refuses(2, 'when to save, and not where', '--save-every needs --save', 'train', qw(--save-every 5 play.txt));
spew('bom.txt', "\xEF\xBB\xBF$text");
ok(rnn('eval', '--load', 'same.st', 'bom.txt') == 0, 'a byte order mark is no letter', $err);
spew("it's mine.txt", "It\x92s mine");
refuses(1, 'quotation marks of Windows', "iconv -f CP1252 -t UTF-8 'it'\\''s mine.txt'", 'train', "it's mine.txt");
spew("it's mine.txt", "$text");
{
    my $pid = start('out', 'err', $rnn, 'train', @small, '--steps', 100000000, '--save', 'my $net.st', "it's mine.txt");
    wait_for(sub { -e 'my $net.st' });
    kill TERM => $pid;
    end_of($pid);
    my ($command) = slurp('err') =~ /^     \Q$rnn\E (train --resume.*)$/m;
    my $step = slurp('err') =~ /after step (\d+)/ ? $1 + 1 : 0;
    ok($command && sh("'$rnn' $command --steps $step") == 0, 'the command that goes on can be pasted', slurp('err'));
}
ok(rnn('sample', '--load', 'same.st', '--prompt', "no\xE9") == 1 && $err !~ /iconv/, 'a prompt is not a file to convert', $err);
done_testing;
