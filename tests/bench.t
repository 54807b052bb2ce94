#!/usr/bin/env perl
# What `make bench` computes from what it sees, with programs whose speed is known; and the
# small programs that look at the machine.
use strict;
use warnings;
use Cwd 'abs_path';
use File::Temp 'tempdir';
use lib 'tests';
use Tap;

my $build = abs_path($ENV{BUILD} || 'build');
my $dir = tempdir(CLEANUP => 1);
my $text = "Some text, with é in it.\n" x 40;
spew("$dir/text", $text);

# ---- programs that say what they are told to say, one speed a turn

# A program in sh: the k-th time it is started, it prints the k-th of the speeds.
sub stand_in {
    my ($path, $words, @speeds) = @_;
    spew($path, "#!/bin/sh\n$words\nset -- @speeds\ncount=\$(cat '$path.count' 2> /dev/null || echo 0)\n",
        "echo \$((count + 1)) > '$path.count'\nshift \$count\n",
        "test \$# -gt 0 || exit 1\necho \"speed       1 characters in 0.0 s, \${1}000 a second\"\n");
    chmod 0755, $path;
}
sub bench {
    my (@given) = @_;
    unlink glob "$dir/*.count $dir/out*";
    my $status = system("perl tangled/tests/bench.pl build=$dir here=$dir text=$dir/text out=$dir/out turns=3 seconds=0.01 sweep=0 "
        . "python=$dir/python @given > $dir/said 2> $dir/err");
    return $status >> 8;
}
symlink "$build/$_", "$dir/$_" for qw(watch needs);

# The peak is 1, 2 and 3 times 10¹² operations a second; the numpy program knows one setting only.
spew("$dir/peak", "#!/bin/sh\ncount=\$(cat '$dir/peak.count' 2> /dev/null || echo 0)\ncount=\$((count % 3 + 1))\necho \$count > '$dir/peak.count'\n",
    "printf 'what\\tvalue\\nlanes\\t32\\npeak\\t%s000000000000\\nfirst\\t1e9\\nsecond\\t1e9\\nmemory\\t1e9\\n' \$count\n");
spew("$dir/python", "#!/bin/sh\ncase \"\$*\" in *'import torch'*|*__version__*) exit 1 ;; *-c*) exit 0 ;; esac\nexec \"\$@\"\n");
chmod 0755, "$dir/peak", "$dir/python";
symlink "$dir/peak", "$dir/peak-double";
stand_in("$dir/rnn", 'echo "$@" >> ' . "$dir/arguments; case \"\$*\" in *'--threads 2'*) echo 'speed  1 characters in 0.0 s, 5000000 a second'; exit ;; esac",
    7000, 3000, 1000, 2000);
stand_in("$dir/rnn-double", '', 7000, 600, 600, 600);
stand_in("$dir/old", "case \"\$*\" in *'--threads 2'*) echo 'speed  1 characters in 0.0 s, 5000 a second'; exit ;; esac", 7000, 1000, 500, 500);
stand_in("$dir/with-numpy.py", '', 7000, 100, 200, 300);

is(bench("only=n=100 against=$dir/old"), 3, 'a goal that was missed is told by the status');
ok(-e "$dir/out.tsv", "tables are written", slurp("$dir/err"));
my %row = map { ($_->{row} =~ s/.*B=1 //r) => $_ } table("$dir/out.tsv");
is(join(' ', @{ $row{'rnn 1'} }{qw(speed least most)}), '2000000 1000000 3000000', 'the median of the turns, the least and the most, without the first');
is($row{'numpy 1'}{speed}, '200000', 'and of a program in Python');
my %ratio = map { ("$_->{ours}/$_->{theirs}" => $_) } table("$dir/out-ratios.tsv");
# 3000/100, 1000/200, 2000/300
is(join(' ', @{ $ratio{'rnn 1/numpy 1'} }{qw(ratio least most floor aim)}), '6.67 5 30 30 45', 'a ratio is taken within a turn');
# 3000/1000, 1000/500, 2000/500
is(join(' ', @{ $ratio{'rnn 1/against 1'} }{qw(ratio least most)}), '3 2 4', 'against another build too');
is($ratio{'rnn-double 1/numpy 1'}{ratio}, '3', 'and in double');

# 2000000 characters of 6 (n² + n l) operations each, of a peak of 2 · 10¹²
my $symbols = do { utf8::decode(my $t = $text); my %seen = map { $_ => 1 } split //, $t; scalar keys %seen };
my %needs = map { chomp; split /\t/ } `$build/needs 100 25 1 $symbols`;
is($needs{operations}, 6 * (100**2 + 100 * $symbols), 'the operations of a character');
is($needs{fetched}, sprintf('%.4g', 8 * (100**2 + 100 * $symbols / 25)), 'and the bytes of its weights');
is($row{'rnn 1'}{formula}, sprintf('%.1f', $needs{memory} / 2**20), 'memory by the formula stands in the table');
is($row{'rnn 1'}{share}, sprintf('%.0f', 100 * 2e6 * $needs{operations} / 2e12), 'the share of the peak');

my $said = slurp("$dir/said");
ok($said =~ /^not there: torch: .*python3-torch/m, 'what is not there is said', $said);
ok($said =~ /rnn 1 +over numpy 1 +6\.67 .*goal 30, aim 45: missed/, 'so is a goal that was missed', $said);
my ($first) = slurp("$dir/arguments") =~ /^(train .*--threads 1 .*)$/m;
ok($first =~ /--hidden 100 --seq-len 25 --batch 1 --optimizer adagrad/, 'the program is given the setting', $first);

my ($row) = table("$dir/out-table.tsv");
is(join(' ', @$row{'setting', 'here, 1 thread', 'in double', 'numpy', 'PyTorch, 1 thread'}), 'n=100 T=25 B=1 2000000 600000 200000 ', 'a row for people');
my ($memory) = table("$dir/out-memory.tsv");
ok($memory->{'by the formula'} eq $row{'rnn 1'}{formula} && $memory->{'MB, 1 thread'} > 0, 'and one for the memory');
my %fact = map { $_->{fact} => $_->{what} } table("$dir/out-machine.tsv");
ok($fact{date} =~ /^\d{4}-\d\d-\d\d$/ && length $fact{processor}, "the date, and the processor: $fact{processor}");

# ---- what is not believed

spew("$dir/with-numpy.py", "#!/bin/sh\necho 'speed       1000000 characters in 9.0 s, 100 a second'\n");
is(bench('only=n=100'), 1, 'who claims more time than has passed is not believed');
ok(slurp("$dir/err") =~ /numpy failed on n=100/, 'and named');
spew("$dir/with-numpy.py", "#!/bin/sh\nexit 1\n");
is(bench('only=n=100'), 1, 'a program that fails ends the comparison');
ok(bench('turn=3') == 1 && slurp("$dir/err") =~ /nothing is called turn/, 'a misspelled name is refused', slurp("$dir/err"));

# ---- the watch, and the peak

spew("$dir/sleeper", "#!/bin/sh\nsleep 0.2\nexit 7\n");
chmod 0755, "$dir/sleeper";
is(system("$build/watch $dir/seen $dir/sleeper") >> 8, 7, 'the watch passes on the status');
my ($seconds, $kilobytes) = split ' ', slurp("$dir/seen");
ok($seconds >= 0.2 && $kilobytes > 0, "and has seen $seconds seconds and $kilobytes KB");
system("$build/watch $dir/seen perl -e 'my \$x = \"x\" x 5e7; print length(\$x) ? \"\" : 1'");
my $more = (split ' ', slurp("$dir/seen"))[1];
ok($more > 48000 && $more < 500000, "fifty million bytes are seen: $more KB");
is(system("$build/watch $dir/seen $dir/nothing") >> 8, 127, 'what cannot be started fails');
for my $program ('peak', 'peak-double') {
    my %can = map { chomp; split /\t/ } `$build/$program 0.01 short`;
    ok($can{lanes} =~ /^(16|32|64)$/ && $can{peak} > 1e7, "$program: lanes of $can{lanes} bytes, $can{peak} a second");
}

# ---- the table in README.md

my $readme = `awk -f tangled/tests/speeds.awk data/bench-machine.tsv data/bench-table.tsv README.md`;
is($readme, slurp('README.md'), 'README.md has the table of data/');
done_testing;
