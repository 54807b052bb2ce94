#!/usr/bin/perl
# generated from chapters/40-course.nw by noweb; do not edit
# assess.pl kit=FOLDER submission=FOLDER-OR-ARCHIVE results=FILE [report=FILE] [user=NUMBER]
#           [visibility=WORD] [silent=1] [strict=0] [minutes=N] [seconds=N] [cc=COMPILER]
# Grades one submission with a clean copy of the kit, in which the checker has been compiled.
use strict;
use warnings;
use Fcntl qw(:DEFAULT :mode);
use POSIX ();

my %given = (user => '', visibility => '', silent => 0, strict => 1, minutes => 15, seconds => 60, cc => 'cc', report => '');
for (@ARGV) { /^([a-z]+)=(.*)\z/s or die "assess: what is $_?\n"; $given{$1} = $2 }
for (qw(kit submission results)) { defined $given{$_} or die "assess: $_=... is missing\n" }
my (%known, @notes);

# Read which answers there may be
sub read_contents {
    open my $list, '<', "$given{kit}/key/contents" or die "assess: $given{kit} is not a kit\n";
    while (<$list>) {
        next unless /^(\d+-([a-z0-9-]+))$/;
        $known{ -e "$given{kit}/blank/$1.c" ? "$2.c" : "$2.txt" } = $2;
    }
}

# The exercise of a file's name, or undef.
sub exercise_of {
    my $name = shift;
    return $name =~ /^[0-9]{1,4}-([a-z0-9-]+\.(?:c|txt))\z/ ? $known{$1} : undef;
}

sub note_near {
    my $name = shift;
    return if @notes >= 20 || $name =~ /\.(?:new|old)\d*\z|~\z/;
    for (sort keys %known) {
        my ($stem, $suffix) = /(.*)\.(.*)/;
        next unless $name =~ /^(?:.*\d-)?\Q$stem\E(?![a-z0-9-]).*\.$suffix/i;
        return push @notes, '“' . $name =~ s/[^ -~]/?/gr . "” is not looked at: the name of an answer is a number, a hyphen and $_";
    }
}

# Look for answers in a folder
my %OURS = map { $_ => 1 } qw(blank build checker hints key .handed-out .progress .git __MACOSX);
my $entries = 0;

sub look_through {
    my ($folder, $depth, $found) = @_;
    opendir my $open, $folder or return;
    for my $name (sort grep { !/^\.\.?\z/ } readdir $open) {
        return push @notes, 'there are too many files' if ++$entries > 20000;
        my $path = "$folder/$name";
        my @s = lstat $path or next;
        if (S_ISDIR($s[2])) { look_through($path, $depth + 1, $found) if $depth < 6 && !$OURS{$name} }
        elsif (defined exercise_of($name)) {
            push @$found, { name => $name, depth => $depth, read => sub { read_file($path) } };
        } else { note_near($name) }
    }
}

use constant MOST => 200000;    # bytes in an answer, as in grade.c

# The text; or 'link' or 'large' instead of it.
sub read_file {
    my $path = shift;
    sysopen my $file, $path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK or return (undef, 'link');
    my @s = stat $file;
    return (undef, 'link') unless @s && S_ISREG($s[2]);
    return (undef, 'large') if $s[7] > MOST;
    return read_some($file);
}

sub read_some {
    my ($text, $file) = ('', @_);
    binmode $file;
    while (length $text <= MOST) { (read $file, $text, 65536, length $text) or last }
    return length $text > MOST ? (undef, 'large') : ($text, '');
}

# Look for answers in an archive
my $reader;

sub look_into {
    my ($archive, $found) = @_;
    my @list = $archive =~ /\.zip\z/i ? ('unzip', '-Z1') : ('tar', '-tf');
    my @take = $archive =~ /\.zip\z/i ? ('unzip', '-p') : ('tar', '-xOf');
    $reader = open my $names, '-|', @list, $archive or return push @notes, "$list[0] cannot be run";
    while (my $member = <$names>) {
        chomp $member;
        last if ++$entries > 20000;
        next if $member =~ /^-|[*?\[\]\\[:cntrl:]]/;
        my @parts = split m{/}, $member;
        next if !@parts || grep { $OURS{$_} || $_ eq '..' } @parts;
        if (!defined exercise_of($parts[-1])) { note_near($parts[-1]); next }
        push @$found, { name => $parts[-1], depth => scalar @parts, read => sub {
            $reader = open my $pipe, '-|', @take, $archive, $member or return (undef, 'link');
            return read_some($pipe) } };
    }
    close $names or push @notes, 'the archive is damaged';
}

# Choose one file for each exercise
sub choose {
    my (%best, @chosen, %taken, %of);
    for (@_) {
        my $x = exercise_of($_->{name});
        $best{$x} = $_->{depth} if !defined $best{$x} || $_->{depth} < $best{$x};
    }
    for (grep { $_->{depth} == $best{ exercise_of($_->{name}) } } @_) {
        if ($taken{ $_->{name} }++) { push @notes, "there are two files $_->{name}" }
        elsif ($of{ exercise_of($_->{name}) }++ < 2) { push @chosen, $_ }
    }
    return @chosen;
}

# Put the answers into a clean kit
sub put_answers {
    my ($kit, @answers) = @_;
    for (@answers) {
        my ($text, $why) = $_->{read}->();
        my $path = "$kit/$_->{name}";
        mkdir $path, 0755 or die "assess: $path: $!\n" if $why eq 'link';
        next if $why eq 'link';
        sysopen my $file, $path, O_WRONLY | O_CREAT | O_EXCL, 0644 or die "assess: $path: $!\n";
        if ($why eq 'large') { truncate $file, MOST + 1 }
        else { print $file $text }
        close $file or die "assess: $path: $!\n";
    }
}

# A folder that nobody else could have made, and that another user can go through.
sub new_folder {
    my $top = $ENV{TMPDIR} && $ENV{TMPDIR} =~ m{^(/.*)\z}s ? $1 : '/tmp';
    for my $n (1 .. 100) {
        my $path = "$top/assess-$$-$n";
        return $path if mkdir $path, 0755;
    }
    die "assess: no folder can be made in $top\n";
}

# Grade as another user
sub become_another {
    my $user = $given{user};
    return if $user eq '' || $> != 0;
    $) = "$user $user";
    POSIX::setgid($user);
    POSIX::setuid($user);
    die "assess: cannot become user $user\n" if $> != $user || $< != $user || $( =~ /\b0\b/;
}

sub grade_in {
    my $kit = shift;
    become_another();
    chdir $kit or die "assess: $kit: $!\n";
    %ENV = (PATH => '/usr/local/bin:/usr/bin:/bin', LC_ALL => 'C', HOME => $kit, TMPDIR => "$kit/build");
    my @options = ($given{strict} ? '--strict' : (), $given{silent} ? '--silent' : (),
                   $given{visibility} =~ /^\w+\z/ ? "--visibility=$given{visibility}" : ());
    open STDIN, '<', '/dev/null';
    open STDOUT, '>', 'report.txt';
    open STDERR, '>&', \*STDOUT;
    exec 'make', '-s', 'grading', "CC=$given{cc}", 'CFLAGS=-O1', "OPTIONS=@options" or die "assess: make: $!\n";
}

sub grade_all {
    my $kit = shift;
    my $child = fork // die "assess: $!\n";
    if (!$child) { POSIX::setsid(); grade_in($kit) }
    my $done = eval {
        local $SIG{ALRM} = sub { die "late\n" };
        alarm 60 * $given{minutes};
        waitpid $child, 0;
        alarm 0;
        1;
    };
    push @notes, "grading took more than $given{minutes} minutes" unless $done;
    kill 'KILL', -$child;
    waitpid $child, 0 unless $done;
    return if $given{user} eq '' || $> != 0;
    my $last = fork // return;
    if (!$last) { become_another(); kill 'KILL', -1; POSIX::_exit(0) }
    waitpid $last, 0;
}

# Look at the results
sub results_of {
    my $kit = shift;
    sysopen my $file, "$kit/results.json", O_RDONLY | O_NOFOLLOW | O_NONBLOCK or return;
    my @s = stat $file;
    return unless @s && S_ISREG($s[2]) && $s[3] == 1 && $s[7] < 8_000_000;
    local $/;
    my $text = <$file> // '';
    my $tests = () = $text =~ /^    \{"number": "[0-9]+", "name": "/mg;
    my $exercises = keys %known;
    return $tests == $exercises && $text =~ /^\{"tests": \[\n.*\n\], "score": [0-9.e+]+\}\n\z/s ? $text : undef;
}

sub without_results {
    my $why = join '; ', @notes, 'please tell your teacher';
    $why =~ s/[^ -~]|["\\]/?/g;
    return qq({"tests": [], "score": 0, "output": "The answers could not be graded: $why."}\n);
}

sub write_file {
    my ($path, $text) = @_;
    open my $file, '>', "$path.new" or die "assess: $path: $!\n";
    print $file $text;
    close $file and rename "$path.new", $path or die "assess: $path: $!\n";
}

# Assess the submission
sub collect {
    my @found;
    local $SIG{ALRM} = sub { kill 'KILL', $reader if $reader; die "reading it takes too long\n" };
    my $fine = eval {
        alarm $given{seconds};
        if (-d $given{submission}) { look_through($given{submission}, 0, \@found) }
        else { look_into($given{submission}, \@found) }
        @found = choose(@found);
        my @with = map { my @r = $_->{read}->(); +{ %$_, read => sub { @r } } } @found;
        alarm 0;
        @found = @with;
        1;
    };
    alarm 0;
    return @found if $fine;
    push @notes, $@ =~ s/\n//r;
    return ();
}

read_contents();
my @answers = collect();
my $work = new_folder();
my $copied = system('cp', '-Rp', "$given{kit}/.", $work) == 0;
put_answers($work, @answers) if $copied;
if ($given{user} ne '' && $> == 0) {
    system 'chown', '-R', "$given{user}:$given{user}", $work;
}
grade_all($work) if $copied;
my $results = results_of($work);
write_file($given{results}, $results // without_results());
system 'cp', "$work/report.txt", $given{report} if $given{report} ne '' && -f "$work/report.txt" && !-l "$work/report.txt";
system 'rm', '-rf', $work;
print map { "$_\n" } @notes;
exit(defined $results ? 0 : 1);
