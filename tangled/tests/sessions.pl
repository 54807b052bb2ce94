#!/usr/bin/env perl
# generated from chapters/20-tools.nw by noweb; do not edit
# sessions.pl RNN README.md [course]: prints README.md with what the commands of its sessions print today.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Temp qw(tempdir);

my ($rnn, $readme) = map { abs_path($_) } @ARGV[0, 1];
my ($build, $of) = ($rnn =~ s{/[^/]*$}{}r, $ARGV[2] ? " of the $ARGV[2]" : '');
my $dir = tempdir(CLEANUP => 1);
mkdir "$dir/bin" and symlink $rnn, "$dir/bin/rnn" or die "$dir: $!\n";
symlink abs_path($_), "$dir/$_" or die "$dir: $!\n" for qw(data tangled rnn.nw);
delete @ENV{qw(MAKEFLAGS MAKELEVEL MFLAGS)};
$ENV{PATH} = "$dir/bin:$ENV{PATH}";
# Let make be typed there
delete @ENV{qw(MAKEFLAGS MAKELEVEL MFLAGS)};
symlink $build, "$dir/build";
open my $make, '>', "$dir/Makefile" or die "$dir: $!\n";
printf $make ".PHONY: exercises autograder grade-class plot\nexercises: ; \@sh '%s/tangled/exercises/hand-out.sh' build/exercise-kit/kit \$\@\n"
    . "autograder grade-class plot: ; \@\$(MAKE) -s --no-print-directory -C '%s' \$\@ BUILD='%s' DIR='\$(abspath \$(DIR))' LOG='\$(abspath \$(LOG))'\n",
    (abs_path('.')) x 2, $build;
close $make;

# Play one command
sub folded {
    my ($line) = @_;
    my @lines;
    while (length $line > 100) {
        my $at = rindex $line, ' ', 100;
        push @lines, substr $line, 0, $at > 0 ? $at : 100, '';
        $line =~ s/^ //;
    }
    return join "\n", @lines, $line;
}

sub play {
    my ($sign, $command) = @_;
    open my $run, '-|', 'sh', '-c', 'cd "$0" && exec 2>&1 && eval "$1"', $dir, $command or die "sh: $!\n";
    my $printed = do { local $/; <$run> } // '';
    my $failed = !close $run;
    die "$readme: $command\n$printed" if $failed != ($sign eq '?');
    utf8::decode($printed);
    $printed =~ s/\Q$build\E/build/g;
    $printed =~ s/[ \t]+$//gm;
    $printed =~ s/^(.{101,})$/folded($1)/gme;
    utf8::encode($printed);
    return $printed =~ /\n\z|\A\z/ ? $printed : "$printed\n";
}

# Play one session
sub session {
    my ($old, $new) = ($_[0], '');
    while ($old =~ /^([\$?]) ((?:.*\\\n)*.*)\n/gm) {
        $new .= "$1 $2\n" . play($1, $2);
    }
    return $new;
}
open my $file, '<', $readme or die "$readme: $!\n";
my $text = do { local $/; <$file> };
$text =~ s/^(<!-- make sessions$of -->\n```\n)(.*?)^(```$)/$1 . session($2) . $3/gmse;
print $text;
