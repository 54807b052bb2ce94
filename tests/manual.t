#!/usr/bin/env perl
# The page of the manual and the completions have what the help has, no more and no less; man and the shells that are here can read
# them. Prints TAP; run by `make check`, or alone.
use strict;
use warnings;
use File::Temp qw(tempdir);
use lib 'tests';
use Rnn;
use Tap;

my $dir = tempdir(CLEANUP => 1);
my $rnn = ($ENV{BUILD} || 'build') . '/rnn';
my @commands = rnn() eq '' ? map { /^  rnn (\w+)/ ? $1 : () } lines_of($Rnn::err) : ();
ok(@commands >= 5, "@commands");
my %of = map { $_ => rnn('manual', '--for', $_) } qw(man bash zsh);
is(rnn('manual'), $of{man}, 'the page for man is what comes if nothing is asked');
my ($version) = rnn('--version') =~ /^rnn (.*)$/m;
ok($of{man} =~ /^\.TH RNN 1 "" "rnn \Q$version\E"/m, 'it names the version');

my %options;
for my $command (@commands) {
    my ($section) = $of{man} =~ /^\.SS rnn $command (.*?)^\.S[SH]/ms;
    my ($zsh) = $of{zsh} =~ /^$command\)\n(.*?);;/ms;
    my ($names) = $of{bash} =~ /^ *$command:-\*\) words='(.*)' ;;$/m;
    my @help = lines_of(rnn($command, '--help'));
    my @known = map { /^  --([\w-]+) ([A-Z]+) /a ? [ $1, $2 ] : () } @help;
    $options{$command} = [ map { $_->[0] } @known ];
    is(join(' ', map { "--$_" } @{ $options{$command} }, 'help'), $names, "bash knows the options of $command");
    my $known = join ' ', map { "$_->[0] $_->[1]" } @known;
    is(join(' ', map { s/\\-/-/gr } $section =~ /^\\fB\\-\\-(\S+?)\\fR \\fI(\w+)\\fR$/mg), $known, "man knows those of $command");
    is(join(' ', $zsh =~ /^ *'--([\w-]+)=\[.*\]:(\w+):/mg), $known, 'and zsh');
    my $text = join ' ', map { s/^ +--[\w-]+ [A-Z]+ +//r } grep { /^  / } @help;
    (my $told = join ' ', grep { !/^[.\\]/ } lines_of($section)) =~ s/\\-/-/g;
    my @missing = grep { index($told, $_) < 0 } map { s/^\s+//r } split /\s{2,}/, $text;
    none("the page says of $command what the help says", @missing);
}
none('no help has a sign that a page or a shell would take for an order', grep { /[\\'`]/ } map { map { s/^Example.*//r } lines_of(rnn($_, '--help')) } @commands);

# ---- as bash completes
spew("$dir/rnn.bash", $of{bash});
spew("$dir/try", <<'END');
. "$1"; shift
compopt() { printf 'compopt %s\n' "$*"; }
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_rnn
printf '%s\n' "${COMPREPLY[@]}"
END
sub completes {
    my ($wanted, @words) = @_;
    open my $said, '-|', 'bash', "$dir/try", "$dir/rnn.bash", 'rnn', @words or die $!;
    my $got = join ' ', grep { length } map { s/\n//r } <$said>;
    close $said;
    return is($got, $wanted, "rnn @words");
}
completes('train', 'tr');
completes(join(' ', @commands, 'help --help --version'), '');
completes('--seed --seq-len', 'train', '--se');
completes('--top-k --top-p', 'sample', '--prompt', 'x', '--top');
completes('adagrad adam', 'train', '--optimizer', 'ad');
completes('sgd adagrad adam', 'train', '--optimizer', '');
completes('sgd adagrad adam', 'train', '--optimizer', '=');
completes('sgd', 'train', '--optimizer', '=', 's');
completes('compopt +o default', 'train', '--hidden', '');
completes('', 'train', '--save', '');
completes('', 'train', 'dat');
completes('', 'sample', '--optimizer', 'ad');
completes('man bash zsh', 'manual', '--for', '');
completes('', 'sing', '--');

# ---- as zsh completes, where it is: an interactive one, on a terminal that is none
mkdir "$dir/zsh";
mkdir "$dir/zsh/files";
spew("$dir/zsh/files/data.txt", '');
spew("$dir/zsh/_rnn", $of{zsh});
spew("$dir/zsh/.zshrc", <<'END');
fpath=($ZDOTDIR $fpath)
cd $ZDOTDIR/files
autoload -Uz compinit; compinit -u -D
offered() {
    local -a all
    compadd() {
        local -a hits
        [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]] || { builtin compadd -A hits "$@"; all+=($hits) }
        builtin compadd "$@"
    }
    _main_complete
    print -r -- $all >> $ZDOTDIR/offered
}
zle -C offered list-choices offered
zle-line-init() {
    for BUFFER in ${(f)TYPED}; do CURSOR=$#BUFFER; zle offered; done
    exit
}
zle -N zle-line-init
END
spew("$dir/zsh/try", <<'END');
zmodload zsh/zpty
zpty typed zsh -d -i
while zpty -r typed; do :; done > /dev/null
END
if (found('zsh')) {
    my @wanted = map { [ split '> ', $_, 2 ] } (
        'rnn tr> train', 'rnn > ' . join(' ', @commands, 'help --help --version'), 'rnn train --se> --seed --seq-len',
        'rnn sample --prompt x --top> --top-k --top-p', 'rnn train --optimizer ad> adagrad adam',
        'rnn train --optimizer=ad> adagrad adam', 'rnn train --optimizer=> sgd adagrad adam', 'rnn train --hidden > ',
        'rnn train --save > data.txt', 'rnn train --save=d> data.txt', 'rnn train da> data.txt',
        'rnn manual --for > man bash zsh', 'rnn sing --> ');
    local @ENV{qw(TYPED ZDOTDIR)} = (join("\n", map { $_->[0] } @wanted), "$dir/zsh");
    system 'zsh', '-f', "$dir/zsh/try";
    my @offered = lines_of(slurp("$dir/zsh/offered", ''));
    is($offered[$_] // 'no answer', $wanted[$_][1] // '', "zsh: $wanted[$_][0]") for 0 .. $#wanted;
} else { print "# there is no zsh here, which could complete\n" }

# ---- what other programs say of it, where they are
sub reads {
    my ($program, $what, @command) = @_;
    return print "# there is no $program here, which could read $what\n" if !found($program);
    my $said = `@command 2>&1 > $dir/set`;
    return ok($? == 0 && $said eq '', "$program reads $what", $said);
}
spew("$dir/rnn.1", $of{man});
spew("$dir/_rnn", $of{zsh});
reads('groff', 'the page', "groff -man -ww -Tutf8 -Kutf8 $dir/rnn.1");
reads('mandoc', 'the page', "mandoc -Wall,stop $dir/rnn.1");
reads('bash', 'its completion', "bash -n $dir/rnn.bash");
reads('zsh', 'its completion', "zsh -n $dir/_rnn");
refuses(2, 'a shell that there is not', '--for takes man or bash or zsh, not “fish”', 'manual', '--for', 'fish');
refuses(2, 'an argument too many', '“x” is one argument too many', 'manual', 'x');

done_testing;
