#!/usr/bin/env perl
# generated from chapters/16-speed.nw by noweb; do not edit
# bench.pl NAME=VALUE...: trains one network with several programs in turns, and writes tables
# of speeds, ratios, sweeps and memory, OUT*.tsv. What can be given are the keys of %given.
use strict;
use warnings;
use POSIX qw(strftime);
use lib 'tests';
use Tap qw(slurp);

# Fail, or ask a program
sub fail { print STDERR "bench: @_\n"; exit 1 }
sub ask { my ($command) = @_; return map { chomp; split /\t/ } qx{$command} }

# What can be given
my %given = (build => 'build', text => 'data/hamlet.txt', out => 'build/bench', against => '',
    turns => 5, seconds => 2, only => '', sweep => 1, characters => 20000,
    python => $ENV{PYTHON} || '/usr/bin/python3', here => 'tangled/tests');
for (@ARGV) {
    my ($name, $value) = /^(\w+)=(.*)$/s or fail("what is “$_”? NAME=VALUE is wanted");
    fail("nothing is called $name") unless exists $given{$name};
    $given{$name} = $value;
}
my $cores = `getconf _NPROCESSORS_ONLN` + 0 || 1;

# Settings and goals
sub setting {
    my %s;
    @s{qw(n T B optimizer)} = @_;
    return { %s, name => "n=$s{n} T=$s{T} B=$s{B}" };
}
my @settings = map { setting(@$_) }
    [100, 25, 1, 'adagrad'], [128, 50, 32, 'adam'], [256, 64, 64, 'adam'], [512, 64, 64, 'adam'];
my @goals = map { my %g; @g{qw(setting ours theirs floor aim)} = @$_; \%g } (
    ['n=100', 'rnn 1', 'numpy 1', 30, 45], ['n=100', 'rnn-double 1', 'numpy 1', 15, 22],
    ['n=100', 'rnn *', 'torch *', '', ''],
    ['n=128', 'rnn *', 'torch *', 4, 6], ['n=128', 'rnn 1', 'torch 1', 2.5, 4],
    ['n=256', 'rnn *', 'torch *', 2.2, 3.5], ['n=256', 'rnn 1', 'torch 1', 1.5, 2.2],
    ['n=512', 'rnn *', 'torch *', 1.8, 3], ['n=512', 'rnn 1', 'torch 1', 1.3, 1.8],
    ['n=256', 'rnn 2', 'rnn 1', 1.85, ''], ['n=256', 'rnn 1', 'peak', 0.62, 0.8],
    (map { ["n=$_", 'rnn 1', 'peak', '', ''] } 128, 512),
    ['n=256', 'rnn 1', 'against 1', 2.4, 3.2], ['n=256', 'rnn 2', 'against 2', '', ''],
    (map { ["n=$_", 'rnn 1', 'against 1', '', ''] } 100, 128, 512),
);

# Medians
sub median {
    my @v = sort { $a <=> $b } @_;
    return @v ? ($v[$#v / 2] + $v[@v / 2]) / 2 : undef;
}
sub spread { my @v = sort { $a <=> $b } @_; return ($v[0], $v[-1]) }

# Run a program once
# Returns { done, speed (as told), whole seconds, kilobytes (as watched) }; undef if it failed.
sub run_once {
    my ($who, $s, $seconds) = @_;
    my $seen = "$given{out}.seen";
    local %ENV = (%ENV, %{ $who->{env} || {} });
    my $pid = open(my $out, '-|') // fail("no process: $!");
    if (!$pid) {
        open STDERR, '>', "$given{out}.errors";
        exec "$given{build}/watch", $seen, $who->{command}->($s, $seconds) or exit 127;
    }
    my $told = join '', <$out>;
    close $out or return undef;
    # Believe what was told, or not
    my %seen;
    @seen{qw(done speed)} = $told =~ /^speed\s+(\d+) characters in [\d.]+ s, (\d+) a second$/m;
    return undef unless $seen{speed};
    @seen{qw(whole kilobytes)} = split ' ', slurp($seen);
    return $seen{done} / $seen{speed} <= $seen{whole} * 1.01 ? \%seen : undef;
}

# The programs that take part
sub ours {
    my ($name, $rnn, $threads) = @_;
    my %who = (name => $name, threads => $threads, speed => {});
    $who{command} = sub {
        my ($s, $seconds) = @_;
        my $speed = $who{speed}{ $s->{name} } // 5e7 / $s->{n}**2;
        my $steps = int($seconds * $speed / ($s->{T} * $s->{B})) + 1;
        return ($rnn, 'train', '--hidden', $s->{n}, '--seq-len', $s->{T}, '--batch', $s->{B},
            '--optimizer', $s->{optimizer}, '--threads', $threads, '--clip', 5,
            '--schedule', 'constant', '--steps', $steps, "$given{out}.text");
    };
    return \%who;
}

sub theirs {
    my ($name, $script, $threads, $variant, $policy) = @_;
    my %env = map { ($_ . '_NUM_THREADS' => $threads) } qw(OMP OPENBLAS BLIS MKL);
    my $command = sub {
        my ($s, $seconds) = @_;
        my @sizes = @$s{qw(n T B optimizer)};
        return ($given{python}, "$given{here}/$script", "$given{out}.text", $seconds, @sizes,
            $variant);
    };
    return { name => $name, threads => $threads, env => { %env, OMP_WAIT_POLICY => $policy },
        variant => $variant, how => "$variant, $policy", command => $command };
}

# Find out who can take part
my @absent;
sub has_module {
    my ($module) = @_;
    return 1 if system("$given{python} -c 'import $module' > /dev/null 2>&1") == 0;
    push @absent, "$module: $given{python} does not have it (Debian: python3-$module)";
    return 0;
}

my @threads = $cores > 1 ? (1, 2) : 1;
sub contestants {
    my ($s, $has) = @_;
    my @who = map { ours('rnn', "$given{build}/rnn", $_) } @threads;
    push @who, map { ours('against', $given{against}, $_) } @threads if $given{against};
    if ($s->{B} == 1) {
        push @who, ours('rnn-double', "$given{build}/rnn-double", 1);
        push @who, theirs('numpy', 'with-numpy.py', 1, 'columns', 'passive') if $has->{numpy};
    }
    push @who, map { fastest_torch($s, $_) } @threads if $has->{torch};
    return @who;
}

# Let PyTorch choose its form
sub fastest {
    my ($s, @who) = @_;
    my ($best, $most) = (undef, 0);
    for my $who (@who) {
        my $seen = run_once($who, $s, $given{seconds} / 2);
        ($best, $most) = ($who, $seen->{speed}) if $seen && $seen->{speed} > $most;
    }
    return $best;
}
sub fastest_torch {
    my ($s, $threads) = @_;
    my @torch = ('torch', 'with-torch.py', $threads);
    my $best = fastest($s, map { theirs(@torch, $_, 'passive') } qw(one-hot loop script));
    push @absent, "torch: no form of it runs $s->{name}" unless $best;
    return $best // () if !$best || $threads == 1;
    return fastest($s, $best, theirs(@torch, $best->{variant}, 'active')) // $best;
}

# Let all take turns
sub peak {
    my ($program) = @_;
    my $told = qx{$given{build}/$program 0.1 short};
    return $told =~ /^peak\t(.*)/m ? $1 : fail("$program failed");
}

# Runs all of @$who in turns; each gets a list of what was seen, and @$peaks the peaks.
sub take_turns {
    my ($s, $who, $peaks, $turns, $seconds) = @_;
    for my $turn (0 .. $turns) {
        take_turn($who->[($_ + $turn) % @$who], $s, $turn, $seconds) for 0 .. $#$who;
        push @$peaks, peak('peak') if $turn;
        print STDERR "\r$s->{name}  turn $turn of $turns ";
    }
    print STDERR "\n";
}

sub take_turn {
    my ($who, $s, $turn, $seconds) = @_;
    my $seen = run_once($who, $s, $turn ? $seconds : $seconds / 4);
    fail("$who->{name} failed on $s->{name}; see $given{out}.errors") unless $seen;
    $who->{speed}{ $s->{name} } = $seen->{speed};
    push @{ $who->{seen} }, $seen if $turn;
}

# Compare
sub needs {
    my ($s, $symbols) = @_;
    return ask("$given{build}/needs $s->{n} $s->{T} $s->{B} $symbols");
}
sub speeds { return map { $_->{speed} } @{ $_[0]{seen} } }
# The contestant that “rnn 1” or “torch *” means; undef if there is none.
sub choose {
    my ($name, @who) = @_;
    my ($program, $threads) = split ' ', $name;
    my @fit = grep { $_->{name} eq $program } @who;
    @fit = grep { $_->{threads} == $threads } @fit if ($threads // '*') ne '*';
    return (sort { median(speeds($b)) <=> median(speeds($a)) } @fit)[0];
}

sub compare {
    my ($s, $goal, @who) = @_;
    return () unless $s->{name} =~ /^\Q$goal->{setting}\E\b/;
    my ($a, $b) = (choose($goal->{ours}, @who), choose($goal->{theirs}, @who));
    return () unless $a && $b;
    my @a = speeds($a);
    my @b = speeds($b);
    my @ratios = map { $a[$_] / $b[$_] } 0 .. $#a;
    my ($least, $most) = spread(@ratios);
    return { %$goal, setting => $s->{name}, ours => label($a), theirs => label($b),
        ratio => median(@ratios), least => $least, most => $most };
}
sub label { return join ' ', $_[0]{name}, $_[0]{threads} || () }

# Sweep
my %sweeps = (
    hidden => [ n => 32, 64, 128, 256, 512 ],
    length => [ T => 8, 16, 32, 64, 128, 256 ],
    streams => [ B => 1, 2, 4, 8, 16, 32, 64, 128 ],
    threads => [ threads => 1 .. $cores ],
);
sub points {
    my ($axis, @values) = @{ $sweeps{ $_[0] } };
    my %middle = (n => 256, T => 64, B => 64, threads => 1, optimizer => 'adam');
    return map { { %middle, $axis => $_, value => $_, name => "$axis=$_" } } @values;
}
sub sweep {
    my ($name, $symbols) = @_;
    my @points = map { [ $_, ours('rnn', "$given{build}/rnn", $_->{threads}) ] } points($name);
    my @peaks;
    for my $turn (0 .. 3) {
        push @peaks, peak('peak');
        take_turn($_->[1], $_->[0], $turn, $given{seconds} / 2) for @points;
        print STDERR "\rsweep of $name  turn $turn of 3 ";
    }
    print STDERR "\n";
    return map { swept(@$_, median(@peaks), $symbols) } @points;
}

sub swept {
    my ($s, $who, $peak, $symbols) = @_;
    my %needs = needs($s, $symbols);
    my $speed = median(speeds($who));
    my $limit = $s->{threads} * $peak / $needs{operations};
    return { %$s, speed => $speed, limit => $limit, operations => $speed * $needs{operations},
        intensity => $needs{operations} / $needs{fetched}, share => $speed / $limit };
}

# Describe the machine
sub processor {
    my $about = slurp('/proc/cpuinfo', '') || qx{sysctl -n machdep.cpu.brand_string 2> /dev/null};
    return $1 if $about =~ /^model name\s*:\s*(.*)/m;
    return $1 if qx{lscpu 2> /dev/null} =~ /^Model name:\s*(.*)/m;
    return $about =~ /^(\S.*)\n?\z/ ? $1 : 'unknown';
}

my $BLAS = 'import numpy, re; a = numpy.ones((9, 9)); a @ a; maps = open("/proc/self/maps").read();'
    . 'print(*sorted(set(re.findall(r"(openblas-\w+|blis\w*|mkl\w*|atlas|/blas)/lib", maps))))';
sub python {
    my ($code) = @_;
    my $told = qx{$given{python} -c '$code' 2> /dev/null};
    return $told =~ /^(\S.*)$/m ? $1 : 'absent';
}
sub versions {
    my @rows = map { [ $_ => python("import $_; print($_.__version__)") ] } qw(numpy torch);
    return (@rows, [ blas => python($BLAS) ]);
}

sub machine {
    my ($symbols, %can) = @_;
    my %double = ask("$given{build}/peak-double 0.3 short");
    my ($flags) = split /\n/, slurp("$given{build}/flags", 'unknown');
    return ([ date => strftime('%Y-%m-%d', gmtime) ], [ processor => processor() ],
        [ cores => $cores ], [ text => $given{text} =~ s{.*/}{}r ], [ symbols => $symbols ],
        [ flags => $flags ], versions(), [ lanes => $can{lanes} ], [ peak => gigas($can{peak}) ],
        [ 'peak in double' => gigas($double{peak}) ],
        map { [ $_ => gigas($can{$_}) ] } qw(first second memory));
}
sub gigas { return sprintf '%.3g', $_[0] / 1e9 }
sub roof {
    my (%can) = @_;
    return map { roof_at(2**($_ / 2), %can) } -2 .. 16;
}
sub roof_at {
    my ($intensity, %can) = @_;
    my %height = map { ($_ => $can{$_} * $intensity) } qw(first second memory);
    return { intensity => $intensity,
        map { ($_ => $height{$_} < $can{peak} ? $height{$_} : $can{peak}) } keys %height };
}

# Write tables of speed
sub write_table {
    my ($name, $columns, @rows) = @_;
    my $path = "$given{out}$name.tsv";
    open my $out, '>', $path or fail("$path: $!");
    print $out join("\t", @$columns), "\n";
    for my $row (@rows) {
        my @values = ref $row eq 'HASH' ? @$row{@$columns} : @$row;
        print $out join("\t", map { $_ // '' } @values), "\n";
    }
    close $out or fail("$path: $!");
}
sub short { return sprintf $_[0] < 100 ? '%.3g' : '%.0f', $_[0] }
sub speed_row {
    my ($s, $who, $peak, %needs) = @_;
    my @v = speeds($who);
    my ($least, $most) = map { short($_) } spread(@v);
    my %row = (row => "$s->{name} " . label($who), setting => $s->{name},
        program => $who->{name}, threads => $who->{threads}, how => $who->{how},
        speed => short(median(@v)), least => $least, most => $most);
    $row{whole} = short(median(map { $_->{done} / $_->{whole} } @{ $who->{seen} }));
    $row{megabytes} = sprintf '%.1f', median(map { $_->{kilobytes} } @{ $who->{seen} }) / 1024;
    return \%row if $who->{name} ne 'rnn';
    # Add what the formulas say
    my $limit = $peak * $who->{threads} / $needs{operations};
    $row{share} = sprintf '%.0f', 100 * median(@v) / $limit;
    $row{formula} = sprintf '%.1f', $needs{memory} / 2**20;
    return \%row;
}

my @COLUMNS = (
    ['setting'], [ 'here, 1 thread', 'rnn 1', 'speed' ], [ '2 threads', 'rnn 2', 'speed' ],
    [ 'in double', 'rnn-double 1', 'speed' ], [ 'numpy', 'numpy 1', 'speed' ],
    [ 'PyTorch, 1 thread', 'torch 1', 'speed' ], [ 'PyTorch, 2 threads', 'torch 2', 'speed' ],
    [ '1 thread, % of peak', 'rnn 1', 'share' ],
);
my @MEMORY = (
    ['setting'], [ 'MB, 1 thread', 'rnn 1', 'megabytes' ], [ '2 threads', 'rnn 2', 'megabytes' ],
    [ 'by the formula', 'rnn 1', 'formula' ], [ 'numpy', 'numpy 1', 'megabytes' ],
    [ 'PyTorch', 'torch 1', 'megabytes' ],
);
sub table_row {
    my ($setting, $columns, @speeds) = @_;
    my @here = grep { $_->{setting} eq $setting } @speeds;
    my %by = map { ("$_->{program} $_->{threads}" => $_) } @here;
    my @values = map { my (undef, $who, $what) = @$_; $by{$who}{$what} } @$columns[1 .. $#$columns];
    return [ $setting, @values ];
}

# Measure all
# The rows of speeds and those of ratios.
sub measure {
    my ($s, $has, $symbols) = @_;
    my %needs = needs($s, $symbols);
    my @who = contestants($s, $has);
    take_turns($s, \@who, \my @peaks, $given{turns}, $given{seconds});
    my @limits = map { { speed => $_ / $needs{operations} } } @peaks;
    my $peak = { name => 'peak', threads => 0, seen => \@limits };
    return ([ map { speed_row($s, $_, median(@peaks), %needs) } @who ],
        [ map { compare($s, $_, @who, $peak) } @goals ]);
}

sub print_speed {
    my ($r) = @_;
    my @columns = qw(setting program threads speed least most);
    printf "%-16s %-11s %d  %9s a second (%s to %s)", @$r{@columns};
    print "  $r->{share} % of the peak" if defined $r->{share};
    print "  $r->{how}" if defined $r->{how};
    print "\n";
}

sub missed { my ($r) = @_; return length $r->{floor} && $r->{ratio} < $r->{floor} }
sub print_ratio {
    my ($r) = @_;
    my @numbers = map { short($_) } @$r{qw(ratio least most)};
    printf "%-16s %-12s over %-10s %6s  (%s to %s)", @$r{qw(setting ours theirs)}, @numbers;
    print "  goal $r->{floor}" if length $r->{floor};
    print ", aim $r->{aim}" if length $r->{aim};
    print missed($r) ? ": missed\n" : "\n";
}

# Take the beginning of the text
utf8::decode(my $text = slurp($given{text}));
$text = substr $text, 0, $given{characters};
my %seen = map { $_ => 1 } split //, $text;
my $symbols = keys %seen;
my $short = "$given{out}.text";
utf8::encode($text);
open my $out, '>:raw', $short or fail("$short: $!");
print $out $text;
close $out or fail("$short: $!");
my %has = map { $_ => has_module($_) } qw(numpy torch);
my (@speeds, @ratios);
$| = 1;
for my $s (grep { index($_->{name}, $given{only}) >= 0 } @settings) {
    my ($rows, $ratios) = measure($s, \%has, $symbols);
    print_speed($_) for @$rows;
    push @speeds, @$rows;
    push @ratios, @$ratios;
}
print_ratio($_) for @ratios;
# Write what was measured
my @columns = qw(row setting program threads how speed least most whole share megabytes formula);
write_table('', \@columns, @speeds);
my %known = map { $_->{setting} => 1 } @speeds;
my @measured = grep { $known{$_} } map { $_->{name} } @settings;
for ([ '-table', @COLUMNS ], [ '-memory', @MEMORY ]) {
    my ($name, @columns) = @$_;
    my @rows = map { table_row($_, \@columns, @speeds) } @measured;
    write_table($name, [ map { $_->[0] } @columns ], @rows);
}
for my $r (@ratios) { $_ = short($_) for @$r{qw(ratio least most)} }
write_table('-ratios', [qw(setting ours theirs ratio least most floor aim)], @ratios);
my %can = ask("$given{build}/peak 0.3");
write_table('-machine', [qw(fact what)], machine($symbols, %can));
write_table('-roof', [qw(intensity first second memory)], roof(%can));
for my $name ($given{sweep} ? qw(hidden length streams threads) : ()) {
    my @columns = qw(value n T B threads speed limit operations intensity share);
    write_table("-$name", \@columns, sweep($name, $symbols));
}
print "not there: $_\n" for @absent;
exit(grep({ missed($_) } @ratios) ? 3 : 0);
