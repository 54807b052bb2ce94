#!/usr/bin/env perl
# generated from chapters/24-mutants.nw by noweb; do not edit
# mutate.pl BUILD MUTANTS SEED JOBS FILE... -- TEST...: changes the FILEs, one change at a time.
# BUILD holds what was built without a change: objects, tests, the trainer, and lined sources.
# With 0 for MUTANTS it only says whether BUILD-run.tsv is about the present sources.
use strict;
use warnings;
use Cwd qw(abs_path);
use Digest::SHA qw(sha256_hex);
use File::Path qw(make_path remove_tree);
use File::Temp qw(tempdir);
use POSIX qw(ceil strftime);
use Time::HiRes qw(time);
use lib 'tests';
use Tap qw(slurp tangled);

# Cut C into tokens
my $NUMBER = qr/0x[\da-fA-F.]+(?:p[-+]?\d+)?[uUlL]*|\d[\d.]*(?:e[-+]?\d+)?[uUlLfF]*/;
my $SIGN = qr/<<=|>>=|->|\+\+|--|[<>=!]=|&&|\|\||[-+*\/%&|^]=|<<|>>|./;
my $WORD = qr/[A-Za-z_]\w*/;
my $PASSED = qr{\s+|//[^\n]*|/\*.*?\*/}s;
my $TOKEN = qr{\G(?:($PASSED)|(^\#(?:[^\n\\]|\\.)*)
    |("(?:\\.|[^"\\])*")|('(?:\\.|[^'\\])*')|($NUMBER)|($WORD)|($SIGN))}msx;
my @KINDS = qw(space directive string letter number word sign);
# A list of tokens: { kind, text, at (from the start of the text), line and file of the book }.
sub tokens {
    my ($text) = @_;
    my ($line, $file, @found) = (1, '');
    pos($text) = 0;
    while ($text =~ /$TOKEN/gc) {
        my ($at, @groups) = ($-[0], $1, $2, $3, $4, $5, $6, $7);
        my ($which) = grep { defined $groups[$_] } 0 .. $#groups;
        my %token = (kind => $KINDS[$which], text => $groups[$which], at => $at);
        push @found, { %token, line => $line, file => $file } if $which > 1;
        $line += $token{text} =~ tr/\n//;
        ($line, $file) = ($1 - 1, $2) if $which == 1 && $token{text} =~ /^#line (\d+) "(.*)"/;
    }
    return @found;
}

# Know where a token stands
sub find_scopes {
    my ($t) = @_;
    my ($scope, $name, @open) = ('-');
    for my $i (1 .. $#$t) {
        my ($x, $before) = ($t->[$i]{text}, $t->[$i - 1]);
        # Remember what may be the name of a function
        if ($x eq '(' && !@open) {
            $name = $before->{text} if $before->{kind} eq 'word';
            $name = $t->[$i - 2]{text} if $before->{text} eq ')';
        }
        $scope = $name if $x eq '{' && !@open && $before->{text} eq ')';
        $t->[$i]{scope} = $scope;
        push @open, $i if $x =~ /^[({[]$/;
        # Make two brackets mates
        if ($x =~ /^[)}\]]$/ && @open) {
            my $from = pop @open;
            ($t->[$from]{mate}, $t->[$i]{mate}) = ($i, $from);
            $scope = '-' if !@open && $x eq '}';
        }
    }
    $t->[0]{scope} = '-';
}

my %KEYWORD = map { $_ => 1 } qw(return if else for while do switch case break continue goto default
    sizeof const static struct enum typedef unsigned);
my %TYPE = map { $_ => 1 } qw(void char int long unsigned size_t uint8_t uint32_t uint64_t real float
    double FILE tensor metadatum outgoing slice reader flag fault text vocabulary params tape learner
    trainer shard settings checkpoint safetensors character draft reading run progress sampler);
sub ends_value {
    my ($token) = @_;
    return $token->{text} =~ /^[)\]]$/ if $token->{kind} eq 'sign';
    return !$KEYWORD{$token->{text}} && !$TYPE{$token->{text}};
}

sub mate_after {
    my ($t, $i) = @_;
    my $mate = $t->[$i]{mate};
    return defined $mate && $mate > $i ? $mate : undef;
}

# Know which variables have the same type
# The types of the names declared in tokens from .. to.
sub declared {
    my ($t, $from, $to) = @_;
    my (%type, $base);
    for my $i ($from .. $to) {
        my $x = $t->[$i];
        $base = $x->{text} if $TYPE{$x->{text}};
        $base = undef if $x->{text} =~ /^[;{})]$/;
        next if !$base || $x->{kind} ne 'word' || $TYPE{$x->{text}} || $KEYWORD{$x->{text}};
        # Note the type of one name
        my ($before, $after) = ($t->[$i - 1]{text}, $t->[$i + 1]{text});
        my $stars = $before eq '*' ? '*' : '';
        $before = $t->[$i - 2]{text} if $stars;
        next if $after eq '(' || !($before =~ /^[,*]$/ || $TYPE{$before});
        $type{$x->{text}} //= $base . $stars . ($after eq '[' ? '[]' : '');
    }
    return %type;
}

sub types_of_functions {
    my ($t) = @_;
    my %types;
    for my $i (1 .. $#$t) {
        next unless $t->[$i]{text} eq '{' && $t->[$i]{scope} ne '-' && $t->[$i - 1]{scope} eq '-';
        $types{$t->[$i]{scope}} = { declared($t, $t->[$i - 1]{mate}, $t->[$i]{mate}) };
    }
    return \%types;
}

# For each member of a struct in these texts, the members of its type beside it.
sub members_of {
    my %mates;
    for my $text (@_) {
        my @t = tokens($text);
        find_scopes(\@t);
        for my $i (grep { $t[$_]{text} eq 'struct' && $t[$_ + 1]{text} eq '{' } 0 .. $#t - 1) {
            my %type = declared(\@t, $i + 1, $t[$i + 1]{mate});
            for my $name (keys %type) {
                $mates{$name}{$_} = 1 for grep { $_ ne $name && $type{$_} eq $type{$name} } keys %type;
            }
        }
    }
    return \%mates;
}

# Kinds of change
my %OTHER = (
    '<' => ['<=', '>', '>='], '<=' => ['<', '>'], '>' => ['>=', '<', '<='], '>=' => ['>', '<'],
    '==' => ['!='], '!=' => ['=='], '&&' => ['||'], '||' => ['&&'], '%' => ['/'],
    '+' => ['-', '*'], '-' => ['+'], '*' => ['/', '+'], '/' => ['*'], '|' => ['&'], '&' => ['|'],
    '^' => ['|', '&'], '<<' => ['>>'], '>>' => ['<<'], '=' => ['+='], '+=' => ['=', '-='],
    '-=' => ['=', '+='], '*=' => ['=', '/='], '/=' => ['='], '|=' => ['=', '&='], '^=' => ['=', '|='],
    '>>=' => ['<<='], '<<=' => ['>>='], '++' => ['--'], '--' => ['++'],
);
sub change_sign {
    my ($t, $i, $add) = @_;
    my $x = $t->[$i];
    return unless $x->{kind} eq 'sign' && $x->{scope} ne '-';
    my $two_sides = ends_value($t->[$i - 1]);
    $add->('sign lost', $i, $i, '') if !$two_sides && $x->{text} =~ /^[!-]$/;
    return unless $two_sides || $x->{text} =~ /^(\+\+|--)$/;
    $add->('sign', $i, $i, $_) for @{ $OTHER{$x->{text}} || [] };
}

sub is_room {
    my ($t, $i) = @_;
    return $t->[$i - 1]{text} eq '[' && $t->[$i + 1]{text} eq ']'
        && ($TYPE{$t->[$i - 3]{text}} || $t->[$i - 3]{text} eq ',');
}

sub change_number {
    my ($t, $i, $add) = @_;
    my ($kind, $text) = @{ $t->[$i] }{qw(kind text)};
    $add->('number', $i, $i, "($text + 1)") if $kind eq 'letter';
    return if $kind ne 'number' || is_room($t, $i);
    my @new = map { "($text $_)" } $text =~ /^0x[^.p]*$/ ? ('+ 1', '- 1') : ('* 2', '* 0.5', '+ 1');
    if ($text =~ /^(\d+)([uUlL]*)$/) {
        @new = map { "$_$2" } $1 + 1, $1 > 0 ? $1 - 1 : (), $1 > 1 ? 2 * $1 : ();
    }
    $add->('number', $i, $i, $_) for @new;
}

sub change_condition {
    my ($t, $i, $add) = @_;
    my ($word, $open) = @$t[$i, $i + 1];
    return unless $word->{text} =~ /^(if|while|for)$/ && $open && $open->{text} eq '(';
    my ($from, $to) = ($i + 2, $open->{mate} - 1);
    if ($word->{text} eq 'for') {
        my @ends = grep { $t->[$_]{text} eq ';' } $from .. $to;
        ($from, $to) = ($ends[0] + 1, $ends[1] - 1);
    }
    return if $from > $to;
    $add->('condition', $from, $to, '0');
    return if $word->{text} ne 'if';
    $add->('condition', $from, $to, '1');
    $add->('negation', $from, $to, '!(' . $add->($from, $to) . ')');
}

sub statement_end {
    my ($t, $i) = @_;
    my ($before, $first) = map { $_->{text} } @$t[$i - 1, $i];
    my $in_condition = $before eq ')' && $t->[$t->[$i - 1]{mate} - 1]{text} =~ /^(if|for|while)$/;
    return undef unless $in_condition || $before =~ /^([;{}]|else)$/;
    return undef if $TYPE{$first} || $first =~ /^[;{}]$/;
    return undef if $KEYWORD{$first} && $first !~ /^(return|break|continue)$/;
    return undef if $first eq 'return' && $before !~ /^(\)|else)$/;
    while ($i < $#$t && $t->[$i]{text} !~ /^[;})]$/) { $i = mate_after($t, $i) // $i; $i++ }
    return $t->[$i]{text} eq ';' ? $i - 1 : undef;
}

sub lose_statement {
    my ($t, $i, $add) = @_;
    return if $t->[$i]{scope} eq '-' || $t->[$i - 1]{scope} eq '-';
    my $end = statement_end($t, $i);
    $add->('statement', $i, $end, '') if defined $end;
}

# The parts between the commas in a pair of brackets: [FIRST, LAST] each.
sub arguments {
    my ($t, $open) = @_;
    my ($j, $shut, @parts) = ($open + 1, $t->[$open]{mate}, [ $open + 1 ]);
    while ($j < $shut) {
        if ($t->[$j]{text} eq ',') { $parts[-1][1] = $j - 1; push @parts, [ $j + 1 ] }
        $j = (mate_after($t, $j) // $j) + 1;
    }
    $parts[-1][1] = $shut - 1;
    return grep { $_->[0] <= $_->[1] } @parts;
}

sub swap_arguments {
    my ($t, $i, $add) = @_;
    return unless $t->[$i]{text} eq '(' && $t->[$i]{mate} && $t->[$i]{scope} ne '-';
    return if $t->[$i - 1]{kind} ne 'word' || $KEYWORD{$t->[$i - 1]{text}};
    my @parts = arguments($t, $i);
    for my $k (1 .. $#parts) {
        my ($one, $two) = map { $add->(@$_) } @parts[$k - 1, $k];
        $add->('arguments', $parts[$k - 1][0], $parts[$k][1], "$two, $one") if $one ne $two;
    }
}

sub break_bounds {
    my ($t, $i, $add) = @_;
    my $shut = $t->[$i]{text} eq '[' && $t->[$i]{scope} ne '-' && $i > 1 ? $t->[$i]{mate} : undef;
    return if !$shut || $TYPE{$t->[$i - 2]{text}} || !ends_value($t->[$i - 1]);
    return if $shut == $i + 1 || $t->[$i + 1]{kind} eq 'number';
    my $index = $add->($i + 1, $shut - 1);
    $add->('index', $i + 1, $shut - 1, "$index $_") for '+ 1', '- 1';
}

sub take_another {
    my ($t, $i, $add, $types, $mates) = @_;
    my ($x, $before) = ($t->[$i], $t->[$i - 1]{text});
    return if $x->{kind} ne 'word' || $x->{scope} eq '-' || $TYPE{$before};
    my ($of, @others) = $types->{$x->{scope}} || {};
    if ($before =~ /^(->|\.)$/) { @others = keys %{ $mates->{$x->{text}} || {} } }
    elsif (my $type = $of->{$x->{text}}) { @others = grep { $of->{$_} eq $type } keys %$of }
    $add->('variable', $i, $i, $_) for grep { $_ ne $x->{text} } sort @others;
}

# List all changes of a file
# A list of changes: { kind, at, old, new, line, file, scope }.
sub changes {
    my ($text, $mates) = @_;
    my (@t, @found) = tokens($text);
    find_scopes(\@t);
    my $types = types_of_functions(\@t);
    # Note a change, or return a part of the text
    my $part = sub {
        my ($from, $to) = @t[@_];
        return substr $text, $from->{at}, $to->{at} + length($to->{text}) - $from->{at};
    };
    my $add = sub {
        return $part->(@_) if @_ == 2;
        my ($kind, $from, $to, $new) = @_;
        push @found, { kind => $kind, at => $t[$from]{at}, old => $part->($from, $to), new => $new,
                       map { $_ => $t[$from]{$_} } qw(line file scope) };
    };
    for my $i (1 .. $#t) {
        $_->(\@t, $i, $add, $types, $mates) for \&change_sign, \&change_number, \&change_condition,
            \&lose_statement, \&swap_arguments, \&break_bounds, \&take_another;
    }
    return @found;
}

# Print a change
sub squeeze {
    my ($text) = @_;
    $text =~ s{//[^\n]*|^#[^\n]*|/\*.*?\*/}{}gms;
    $text =~ s/\s+/ /g;
    $text =~ s/^ | $//g;
    return $text;
}

sub before_and_after {
    my ($text, $c) = @_;
    my $from = rindex($text, "\n", $c->{at} - 1) + 1;
    my $before = substr $text, $from, index($text, "\n", $c->{at} + length $c->{old}) - $from;
    my $after = $before;
    substr $after, $c->{at} - $from, length $c->{old}, $c->{new};
    return map { squeeze($_) } $before, $after;
}

# Draw some changes
sub shuffled {
    my ($seed, @c) = @_;
    srand(hex substr sha256_hex($seed), 0, 8);
    for (my $i = @c; --$i > 0;) {
        my $j = int rand $i + 1;
        @c[$i, $j] = @c[$j, $i];
    }
    return @c;
}

sub in_turn {
    my ($key, @c) = @_;
    my %seen;
    $_->{rank} = $seen{$key->($_)}++ for @c;
    return sort { $a->{rank} <=> $b->{rank} } @c;
}

sub drawn {
    my ($seed, @c) = @_;
    @c = in_turn(sub { "$_[0]{kind} $_[0]{line}" }, shuffled($seed, @c));
    return in_turn(sub { $_[0]{kind} }, @c);
}

# Read a list of changes
# Paragraphs: FILE FUNCTION, "- before", "+ after" (several if they share a reason), "= reason".
sub read_list {
    my ($file) = @_;
    my @list;
    for my $part (grep { /\S/ } split /\n{2,}/, slurp($file) =~ s/^#.*\n//gmr) {
        my ($in, $scope, $before, $after, $why) =
            $part =~ /^\s*(\S+) (\S+)\n- (.*)\n((?:\+.*\n?)+)(?:= ([^\0]*))?$/
            or die "$file: this is no change:\n$part\n";
        push @list, { file => $in, scope => $scope, before => $before, after => $_,
                      why => squeeze($why // '') } for $after =~ /^\+ ?(.*)$/mg;
    }
    return @list;
}

# The lines of a text that have tokens: { text (squeezed), old, at, and line, file, scope of its first token }.
sub lines_of {
    my ($text) = @_;
    my ($at, @lines) = 0;
    my @t = tokens($text);
    find_scopes(\@t);
    for my $old (split /\n/, $text) {
        if (@t && $t[0]{at} < $at + length $old) {
            push @lines, { text => squeeze($old), old => $old, at => $at, map { $_ => $t[0]{$_} } qw(line file scope) };
        }
        $at += 1 + length $old;
        shift @t while @t && $t[0]{at} < $at;
    }
    return \@lines;
}

# The changes that an entry describes: none if its line is not there (any more).
sub placed {
    my ($r, $e) = @_;
    my $file = $e->{file};
    return () unless defined $r->{text}{$file};
    my $lines = $r->{lines}{$file} //= lines_of($r->{text}{$file});
    return map { { %$_, kind => 'listed', new => $e->{after}, of => $file } }
        grep { $_->{text} eq $e->{before} && $_->{scope} eq $e->{scope} } @$lines;
}

# Run a test within limits
# Time used by a group of processes, in ticks, and whether one of them is at work.
sub group_time {
    my ($group) = @_;
    my ($ticks, $busy) = (0, 0);
    for my $file (glob '/proc/[0-9]*/stat') {
        open my $in, '<', $file or next;
        my @field = split ' ', (<$in> // '') =~ s/^.*\) //r;
        next unless @field > 12 && $field[2] == $group;
        $ticks += $field[11] + $field[12];
        $busy = 1 if $field[0] =~ /[RD]/;
    }
    return ($ticks, $busy);
}

sub start {
    my ($dir, $seconds, @command) = @_;
    my $limits = "ulimit -t $seconds; ulimit -v 8000000; ulimit -f 400000";
    my $pid = open(my $out, '-|') // die "fork: $!\n";
    return ($pid, $out) if $pid;
    POSIX::setpgid(0, 0);
    $SIG{HUP} = 'DEFAULT';
    chdir $dir;
    open STDERR, '>', '/dev/null';
    open STDIN, '<', '/dev/null';
    $ENV{TMPDIR} = "$dir/tmp";
    { exec 'sh', '-c', "$limits; exec \"\$0\" \"\$@\"", @command }
    POSIX::_exit(127);
}

# undef if all tests passed; else why not. $most: seconds of the processor for each process.
sub run_test {
    my ($dir, $most, @command) = @_;
    my ($pid, $out) = start($dir, $most, @command);
    local $SIG{INT} = local $SIG{TERM} = sub { kill 'KILL', -$pid; POSIX::_exit(1) };
    my ($said, $idle, $last, $looked, $why) = ('', 0, -1, time);
    while (!defined $why) {
        my $ready = '';
        vec($ready, fileno $out, 1) = 1;
        my $more = select($ready, undef, undef, 0.5) > 0;
        last if $more && !sysread $out, $said, 65536, length $said;
        $why = $1 if $said =~ /^(not ok.*)\n/m;
        # Look once a second whether the test still does something
        if (time - $looked >= 1) {
            my ($ticks, $busy) = group_time($pid);
            $idle = $ticks == $last && !$busy ? $idle + 1 : 0;
            ($looked, $last) = (time, $ticks);
            $why //= 'hangs' if $idle >= 6;
        }
    }
    # End the test, and all that it started
    kill 'KILL', -$pid;
    for my $file (glob '/proc/[0-9]*/environ') {
        open my $in, '<', $file or next;
        local $/;
        kill 'KILL', $1 if (<$in> // '') =~ /\0TMPDIR=\Q$dir\E\/tmp\0/ && $file =~ /(\d+)/;
    }
    close $out;
    remove_tree("$dir/tmp", { keep_root => 1 });
    return $why // ($? ? "status $?" : $said =~ /^1\.\.[1-9]/m ? undef : 'no plan');
}

# Build what a change touches
sub sh { return system('sh', '-c', "$_[0] > /dev/null 2>&1") == 0 }

sub unit_of { return $_[0] =~ /\.h$/ ? 'rows' : $_[0] =~ s/\.c$//r }

sub compile {
    my ($r, $dir, $file, $width, $more) = @_;
    my $unit = unit_of($file);
    return sh("$r->{flags} " . ($more || '-w') . " -DREAL=$width -I$dir -I$r->{lined} "
              . "-c -o $dir/$width/$unit.o $dir/$unit.c");
}

# The commands that link a test, or the trainer, with the unit of a worker's folder.
sub link_test {
    my ($r, $dir, $test, $unit) = @_;
    my $width = $test =~ s/-float$// ? 'float' : 'double';
    my $changed = $unit ? "$dir/$width/$unit.o" : '';
    my $rest = "$r->{base}/double/modules.a -lgsl -lgslcblas";
    $rest = $unit ? '' : "$r->{base}/float/rows.o" if $width eq 'float';
    return "$r->{cc} -pthread -o $dir/test $r->{base}/$width/$test.o $changed $rest -lm";
}

sub link_program {
    my ($r, $dir, $unit) = @_;
    my @objects = map { ($_ eq $unit ? $dir : $r->{base}) . "/float/$_.o" } @{ $r->{units} };
    my $link = "$r->{cc} -pthread -o $dir/build/rnn";
    my $failing = "$link-failing $ENV{WRAP} @objects $r->{base}/float/failing.o -lm";
    return "$link @objects -lm && $failing";
}

# Try one change
sub write_file {
    my ($file, $text) = @_;
    open my $out, '>', $file or die "$file: $!\n";
    print $out $text;
    close $out or die "$file: $!\n";
}

sub write_change {
    my ($r, $dir, $c) = @_;
    my ($text, $unit) = ($r->{text}{$c->{of}}, unit_of($c->{of}));
    substr $text, $c->{at}, length $c->{old}, $c->{new};
    write_file("$dir/$unit.c", $r->{text}{"$unit.c"});
    write_file("$dir/$c->{of}", $text);
}

# Compiles and links what a test needs, once; false if that fails. $made: what is there.
sub prepare {
    my ($r, $dir, $c, $test, $made) = @_;
    my ($unit, $script) = (unit_of($c->{of}), $test =~ /\.t$/);
    my $width = $script || $test =~ /-float$/ ? 'float' : 'double';
    return 0 unless $made->{$width} //= compile($r, $dir, $c->{of}, $width, '');
    return $made->{program} //= sh(link_program($r, $dir, $unit)) if $script;
    return sh(link_test($r, $dir, $test, $unit));
}

sub same_code {
    my ($r, $dir, $c) = @_;
    my @code;
    for my $version ($c, { %$c, new => $c->{old} }) {
        write_change($r, $dir, $version);
        push @code, join '', map {
            compile($r, $dir, $c->{of}, $_, '-O2 -w') or return 0;
            slurp("$dir/$_/" . unit_of($c->{of}) . '.o')
        } qw(float double);
    }
    return $code[0] eq $code[1];
}

# "invalid", "noticed", "equivalent" or "survived"; a tab; by which test, or why.
sub try_change {
    my ($r, $dir, $c) = @_;
    my %made;
    write_change($r, $dir, $c);
    for my $test (@{ $r->{order}{unit_of($c->{of})} }) {
        return "invalid\t" unless prepare($r, $dir, $c, $test, \%made);
        my $why = run_test($dir, $r->{limit}{$test}, $test =~ /\.t$/ ? "tests/$test" : './test');
        return "noticed\t$test: $why" if defined $why;
    }
    return "equivalent\tthe same machine code" if same_code($r, $dir, $c);
    write_change($r, $dir, $c);
    return "noticed\tbuild.t: a warning" unless compile($r, $dir, $c->{of}, 'double', $r->{warnings});
    return "survived\t";
}

# Try all changes
sub make_worker {
    my ($r, $i) = @_;
    my $dir = "$r->{work}/$i";
    make_path(map { "$dir/$_" } qw(float double build tmp));
    symlink abs_path($_), "$dir/$_" for qw(tests data tangled chapters rnn.nw Makefile);
    return $dir;
}

sub next_change {
    for my $q (@_) {
        next unless $q->{wanted} > 0 && @{ $q->{changes} };
        $q->{wanted}--;
        return { %{ shift @{ $q->{changes} } }, queue => $q };
    }
    return undef;
}

sub try_all {
    my ($r, $jobs, @queues) = @_;
    my (%job, @done);
    my @free = map { make_worker($r, $_) } 1 .. $jobs;
    while (1) {
        while (@free && (my $c = next_change(@queues))) {
            $c->{dir} = shift @free;
            $job{ begin_change($r, $c) } = $c;
        }
        my $c = delete $job{ wait() } or last;
        # Note what became of a change
        push @free, $c->{dir};
        die "mutate: a worker broke\n" if $?;
        @$c{qw(result by)} = split /\t/, slurp("$c->{dir}/result"), 2;
        if ($c->{result} eq 'invalid') {
            $c->{queue}{wanted}++;
            next;
        }
        push @done, $c;
        printf STDERR "  %d tried\n", scalar @done if @done % 50 == 0;
        print STDERR "  not noticed: ", key_of($r, $c) =~ s/\n/\n    /gr, "\n" if $c->{result} eq 'survived';
    }
    return @done;
}

sub begin_change {
    my ($r, $c) = @_;
    my $pid = fork // die "fork: $!\n";
    return $pid if $pid;
    my $ended = eval { write_file("$c->{dir}/result", try_change($r, $c->{dir}, $c)); 1 };
    POSIX::_exit($ended ? 0 : 1);
}

# Measure the tests before anything is changed
sub measure {
    my ($r, $dir, $test) = @_;
    my $script = $test =~ /\.t$/;
    my $linked = join ' ', map { "/$_.o" } @{ $r->{units} };
    if ($script) { sh(link_program($r, $dir, '')) or die "mutate: rnn does not link\n" }
    else {
        sh(link_test($r, $dir, $test, '') . " -Wl,-Map=$dir/map") or die "mutate: $test does not link\n";
        $linked = slurp("$dir/map");
    }
    my $began = time;
    my $why = run_test($dir, 100, $script ? "tests/$test" : './test');
    die "mutate: $test fails without a change: $why\n" if defined $why;
    $r->{time}{$test} = time - $began;
    $r->{limit}{$test} = ceil(2 + ($script ? 1 : 5) * $r->{time}{$test});
    $r->{uses}{$test}{$1} = 1 while $linked =~ m{[/(]([\w-]+)\.o\b}g;
}

# The tests of a unit: its own first, then the others by their time, and scripts last.
sub order_tests {
    my ($r, $unit) = @_;
    my $late = sub {
        my ($test) = @_;
        my $class = $test =~ /\.t$/ ? 2 : $test =~ /^test-$unit(-float)?$/ ? 0 : 1;
        return 1000 * $class + $r->{time}{$test};
    };
    my @tests = grep { $r->{uses}{$_}{$unit} } sort keys %{ $r->{uses} };
    return [ sort { $late->($a) <=> $late->($b) } @tests ];
}

sub make_run {
    my ($base, $files, $tests) = @_;
    my $r = { base => abs_path($base), lined => abs_path("$base/lined/trainer") };
    $r->{units} = [ map { s/\.c$//r } grep { /\.c$/ } @$files ];
    $r->{warnings} = join ' ', '-Werror', slurp("$base/flags") =~ /(?<!\S)(-W\S*)/g;
    $r->{flags} = slurp("$base/flags") =~ s/\n.*//sr =~ s/(^|\s)-W\S*//gr . " '-DVERSION=\"$ENV{VERSION}\"'";
    ($r->{cc}) = $r->{flags} =~ /^(.*?) +-std/;
    $r->{text} = { map { $_ => slurp("$r->{lined}/$_") } @$files };
    $r->{work} = tempdir(CLEANUP => 1, DIR => -w '/dev/shm' ? '/dev/shm' : $r->{base});
    @ENV{qw(BUILD CCACHE_DISABLE)} = ('build', 1);
    $ENV{ONLY} //= '';
    my $dir = make_worker($r, 0);
    measure($r, $dir, $_) for @$tests;
    $r->{order} = { map { $_ => order_tests($r, $_) } @{ $r->{units} } };
    return $r;
}

# Judge the survivors
sub key_of {
    my ($r, $c) = @_;
    return join "\n", "$c->{of} $c->{scope}", map { $_ // '' } before_and_after($r->{text}{$c->{of}}, $c);
}

sub excuse {
    my ($r, $list, @done) = @_;
    my %why = map { join("\n", "$_->{file} $_->{scope}", @$_{qw(before after)}) => $_->{why} } @$list;
    my @wrong;
    for my $c (grep { defined $why{key_of($r, $_)} } @done) {
        push @wrong, "excused, and noticed by $c->{by}:\n" . key_of($r, $c) if $c->{result} eq 'noticed';
        @$c{qw(result by)} = ('equivalent', $why{key_of($r, $c)}) if $c->{result} eq 'survived';
    }
    return @wrong;
}

# Complains about entries whose line is not in the program.
sub gone {
    my ($r, @list) = @_;
    return map { "listed, and not in the program:\n$_->{file} $_->{scope}\n- $_->{before}" }
        grep { !placed($r, $_) } @list;
}

# Write the tables of changes
sub table {
    my %n;
    for my $c (@_) { $n{$_}{$c->{result}}++ for $c->{queue}{file}, 'all' }
    my @rows = join "\t", qw(file made noticed equivalent survived score);
    for my $file ((sort grep { $_ ne 'all' } keys %n), 'all') {
        my ($noticed, $same, $survived) = map { $n{$file}{$_} // 0 } qw(noticed equivalent survived);
        my $score = sprintf '%.1f', 100 * $noticed / (($noticed + $survived) || 1);
        push @rows, join "\t", $file, $noticed + $same + $survived, $noticed, $same, $survived, $score;
    }
    return map { "$_\n" } @rows;
}

sub survivors {
    my ($r, @done) = @_;
    my @rows = join "\t", qw(file function place before after);
    for my $c (grep { $_->{result} eq 'survived' } @done) {
        my @shown = before_and_after($r->{text}{$c->{of}}, $c);
        push @rows, join "\t", @$c{qw(of scope)}, "$c->{file}:$c->{line}", @shown;
    }
    return map { "$_\n" } @rows;
}

# A sum over the C of the trainer and over its tests, without comments and spaces.
sub sum_of {
    my ($files, $tests) = @_;
    my @sources = (map({ tangled($_) } @$files), glob('tests/*.sh'), 'tests/Tap.pm',
                   map { /\.t$/ ? "tests/$_" : tangled(s/-float$//r . '.c') } @$tests);
    return substr sha256_hex(join "\n", map { squeeze(slurp($_)) } sort @sources), 0, 16;
}

sub about {
    my ($seed, $sum) = @_;
    my @rows = ([ 'fact', 'what' ], [ 'date', strftime('%Y-%m-%d', gmtime) ], [ 'seed', $seed ], [ 'sources', $sum ]);
    return map { join("\t", @$_) . "\n" } @rows;
}

# Says whether the result in a file is about other sources than the present ones.
sub compare {
    my ($file, $sum) = @_;
    my %fact = map { (split /\t/)[0, 1] } split /\n/, -e $file ? slurp($file) : '';
    return if ($fact{sources} // '') eq $sum;
    print 'note: the trainer or its tests have changed since make mutants was run, on ', $fact{date} // 'no day', "\n";
}

# Change the program and report
sub queues {
    my ($r, $mutants, $seed, @files) = @_;
    my $mates = members_of(map { slurp($_) } sort glob "$r->{lined}/*.h");
    my ($length, @queues) = 0;
    $length += length $r->{text}{$_} for @files;
    for my $file (grep { " $ENV{ONLY} " =~ / \Q$_\E / || $ENV{ONLY} eq '' } @files) {
        my @c = drawn("$seed $file", changes($r->{text}{$file}, $mates));
        my $share = ($mutants - 20 * @files) * length($r->{text}{$file}) / $length;
        push @queues, { file => $file, changes => [ map { { %$_, of => $file } } @c ],
                        wanted => $share > 0 ? 20 + int $share : 1 + int($mutants / @files) };
    }
    return sort { $b->{wanted} <=> $a->{wanted} } @queues;
}

sub main {
    my ($base, $mutants, $seed, $jobs, $files, $tests) = @_;
    local $SIG{INT} = local $SIG{TERM} = sub { exit 1 };    # which removes the workers' folders
    my $r = make_run($base, $files, $tests);
    my @known = read_list('tangled/tests/overlooked.txt');
    my @excused = read_list('tangled/tests/equivalent.txt');
    my @listed = map { placed($r, $_) } @known;
    my @done = try_all($r, $jobs, { file => 'once overlooked', changes => \@listed, wanted => scalar @listed },
                       queues($r, $mutants, $seed, @$files));
    my @wrong = (excuse($r, \@excused, @done), gone($r, @known, @excused));
    # Report what became of the changes
    write_file("$base.tsv", join '', table(@done));
    write_file("$base-survivors.tsv", join '', survivors($r, @done));
    write_file("$base-run.tsv", join '', about($seed, sum_of($files, $tests)));
    print map { s/\t/  /gr } table(@done);
    for my $c (grep { $_->{result} eq 'survived' } @done) {
        my ($place, $before, $after) = split /\n/, key_of($r, $c), 3;
        print "\nnot noticed, at $c->{file}:$c->{line}\n$place\n- $before\n+ $after\n";
    }
    print map { "\n$_\n" } @wrong;
    return @wrong || grep { $_->{result} eq 'survived' } @done;
}

unless (caller) {
    my ($cut) = grep { $ARGV[$_] eq '--' } 0 .. $#ARGV;
    my @tests = splice @ARGV, $cut;
    shift @tests;
    my ($base, $mutants, $seed, $jobs, @files) = @ARGV;
    if ($mutants == 0) { compare("$base-run.tsv", sum_of(\@files, \@tests)) }
    else { exit(main($base, $mutants, $seed, $jobs, \@files, \@tests) ? 1 : 0) }
}
