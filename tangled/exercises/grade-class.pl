#!/usr/bin/perl
# generated from chapters/40-course.nw by noweb; do not edit
# grade-class.pl KIT SUBMISSIONS OUT LISTS MISCONCEPTIONS CC
# KIT: a kit with its checker compiled. LISTS: the folder of list.tsv and wrong-formulas.tsv.
use strict;
use warnings;
use JSON::PP;
use File::Basename qw(dirname);

my ($kit, $submissions, $out, $lists, $misconceptions, $cc) = @ARGV;
my ($assess, $teacher) = (dirname($0) . '/assess.pl', $$);

# Read a table of the exercises
sub rows {
    open my $file, '<', $_[0] or die "$_[0]: $!\n";
    return map { chomp; [ split /\t/, $_, -1 ] } <$file>;
}
my ($head, @rows) = rows("$lists/list.tsv");
my @exercises = map { my %x; @x{@$head} = @$_; \%x } @rows;
my %exercise = map { $_->{name} => $_ } @exercises;

# Find the submissions
sub find_students {
    opendir my $folder, $submissions or die "$submissions: $!\n";
    my @students;
    for my $name (sort grep { !/^\./ } readdir $folder) {
        my $path = "$submissions/$name";
        next if -l $path || !(-d _ || $name =~ /\.(?:zip|tar|tgz|tar\.gz)\z/i);
        my $shown = $name =~ s/\.(?:zip|tar|tgz|tar\.gz)\z//ir =~ s/[[:cntrl:]]/?/gr;
        push @students, { name => $shown, path => $path, number => scalar @students + 1 };
    }
    return @students;
}

# Assess them, a few at a time
sub assess_one {
    my ($s, $place) = @_;
    my $base = sprintf '%s/reports/%04d', $out, $s->{number};
    open STDOUT, '>', "$base.log";
    open STDERR, '>&', \*STDOUT;
    exec $^X, $assess, "kit=$kit", "submission=$s->{path}", "results=$base.json", "report=$base.txt",
        'user=' . (61001 + 16 * ($teacher % 250) + $place), "cc=$cc";
    exit 1;
}

sub assess_all {
    my ($most, $done, %place, @free) = ((`nproc 2>/dev/null` || 2) + 0, 0);
    @free = (0 .. $most - 1);
    mkdir $out;
    mkdir "$out/reports";
    local $| = 1;
    for my $s (@_, (undef) x $most) {
        if (keys %place >= $most || !$s) {
            my $pid = wait;
            push @free, delete $place{$pid} if exists $place{$pid};
            printf STDERR "\r%d of %d", ++$done, scalar @_ if $pid > 0;
        }
        next unless $s;
        my ($place, $pid) = (shift @free, fork);
        assess_one($s, $place) if !$pid;
        $place{$pid} = $place;
    }
    print STDERR "\n";
}

# Write the scores
sub csv { return join(',', map { my $f = $_ // ''; $f = "'$f" if $f =~ /^[=+@]|^-[^0-9]/; $f =~ s/"/""/g; qq("$f") } @_) . "\n" }

sub results_of {
    my $s = shift;
    open my $file, '<:raw', sprintf('%s/reports/%04d.json', $out, $s->{number}) or return {};
    local $/;
    my $all = eval { decode_json(<$file>) } or return {};
    return { map { ($_->{extra_data}{exercise} // '') => $_ } @{ $all->{tests} } };
}

sub write_scores {
    open my $file, '>', "$out/scores.csv" or die "$out/scores.csv: $!\n";
    print $file csv('number', 'student', map({ $_->{name} } @exercises), 'total', 'attempts');
    for my $s (@_) {
        my $r = $s->{results} = results_of($s);
        my @scores = map { $r->{ $_->{name} } ? $r->{ $_->{name} }{score} : '' } @exercises;
        my ($total, $attempts) = (0, scalar grep { $_->{extra_data}{state} ne 'not attempted' } values %$r);
        $total += $_ || 0 for @scores;
        print $file csv($s->{number}, $s->{name}, @scores, %$r ? ($total, $attempts) : ('', 'could not be graded'));
    }
    close $file or die "$out/scores.csv: $!\n";
}

# Count the mistakes
sub count_mistakes {
    my %count;
    for my $r (map { values %{ $_->{results} } } @_) {
        my $d = $r->{extra_data};
        $count{ join "\t", $d->{mistake}, $d->{exercise}, $d->{diagnosis} }++ if $d->{diagnosis} ne '';
    }
    my @list = map { my %m; @m{qw(number exercise diagnosis)} = split /\t/; $m{students} = $count{$_}; \%m } keys %count;
    return sort { $b->{students} <=> $a->{students} || $a->{exercise} cmp $b->{exercise}
                  || $a->{diagnosis} cmp $b->{diagnosis} } @list;
}

sub write_mistakes {
    open my $file, '>:utf8', "$out/mistakes.csv" or die "$out/mistakes.csv: $!\n";
    print $file csv(qw(students misconception exercise title equation diagnosis));
    print $file csv($_->{students}, $_->{number} || '', $_->{exercise}, $exercise{ $_->{exercise} }{title},
                    $exercise{ $_->{exercise} }{of}, $_->{diagnosis}) for @_;
    close $file or die "$out/mistakes.csv: $!\n";
}

# Write the page for the lecture
my @wrong = rows("$lists/wrong-formulas.tsv");
sub read_misconceptions {
    open my $file, '<', $misconceptions or die "$misconceptions: $!\n";
    local $/;
    my ($text, @list) = (<$file>);
    while ($text =~ /WRONG\((\d+),\s*"((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)"\)/g) {
        push @list, [ map { s/\\(.)/$1/gr } $2, $3, $4 ];
    }
    return @list;
}
my @book = read_misconceptions();

# What was written: the wrong formula that this diagnosis belongs to, or nothing.
sub written {
    my ($m, $x) = @_;
    for (@wrong) { return "$x->{question} = $_->[1]" if $_->[0] eq $m->{exercise} && $_->[3] eq $m->{diagnosis} }
    for (@book) { return $_->[1] if $_->[0] eq $x->{of} && $_->[2] eq $m->{diagnosis} }
    return '';
}

sub write_lecture {
    my ($students, $mistakes) = @_;
    open my $file, '>:utf8', "$out/lecture.md" or die "$out/lecture.md: $!\n";
    print $file "---\ntitle: What went wrong\n---\n\n",
        '\newcommand{\softmax}{\operatorname{softmax}} \newcommand{\diag}{\operatorname{diag}}',
        ' \newcommand{\rows}{\operatorname*{rows}}', "\n\n";
    printf $file "%d submissions. These are the mistakes that most have made.\n\n", scalar @$students;
    for my $m (grep { defined } @$mistakes[0 .. 9]) {
        my $x = $exercise{ $m->{exercise} };
        my $diagnosis = $m->{diagnosis} =~ s/([\\_^*`\$])/\\$1/gr;
        printf $file "## %s: %d of %d\n\nExercise %d. %s.%s\n\n", $x->{title}, $m->{students}, scalar @$students,
            $x->{number}, ucfirst $diagnosis, $m->{number} ? " (Known mistake number $m->{number}.)" : '';
        my $wrong = written($m, $x);
        print $file "Where it breaks:\n\n\$\$ $wrong \$\$\n\n" if $wrong;
        print $file "It should be:\n\n\$\$ $x->{question} = $x->{answer} $x->{condition} \$\$\n\n" if $x->{kind} eq 'derivation';
        print $file "In the book this is the equation `$x->{of}`.\n\n" if $x->{of};
    }
    # Write how each exercise went
    print $file "## All exercises\n\n| | exercise | right | wrong | could not run | not attempted |\n|--:|:--|--:|--:|--:|--:|\n";
    for my $x (@exercises) {
        my %n = ('right' => 0, 'wrong' => 0, 'could not run' => 0, 'not attempted' => 0);
        for (@$students) { my $r = $_->{results}{ $x->{name} }; $n{ $r->{extra_data}{state} }++ if $r }
        printf $file "| %d | %s | %d | %d | %d | %d |\n", $x->{number}, $x->{title}, @n{'right', 'wrong', 'could not run', 'not attempted'};
    }
    close $file or die "$out/lecture.md: $!\n";
}

my @students = find_students();
@students or die "There are no submissions in $submissions: a folder or an archive for each student is expected.\n";
assess_all(@students);
write_scores(@students);
my @mistakes = count_mistakes(@students);
write_mistakes(@mistakes);
write_lecture(\@students, \@mistakes);
printf "%d submissions graded; %s has scores.csv, mistakes.csv, lecture.md, and what each was told in reports/\n",
    scalar @students, $out;
# Tell of files that were passed over
for my $s (@students) {
    open my $log, '<', sprintf('%s/reports/%04d.log', $out, $s->{number}) or next;
    print map { "$s->{name}: $_" } grep { /is not looked at/ } <$log>;
}
