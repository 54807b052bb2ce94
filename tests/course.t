#!/usr/bin/env perl
# What a teacher does with the exercises: the kit as a workbook, the grader for Gradescope in a
# stand-in of its layout, the grading of a class, and submissions that mean harm.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use JSON::PP;
use POSIX ();
use lib 'tests';
use Tap;

my $build = abs_path($ENV{BUILD} || 'build');
my $out = "$build/exercise-kit";
my $tools = abs_path('tangled/exercises');
my $work = tempdir(CLEANUP => 1);
my $cc = $ENV{CC} || 'cc';
my $root = $> == 0;
chmod 0755, $work;
delete @ENV{qw(MAKEFLAGS MAKELEVEL)};
sub run { return scalar `$_[0] 2>&1` }

my @all = map { +{ %$_, file => sprintf '%02d-%s', @$_{qw(number name)} } } -e "$out/list.tsv" ? table("$out/list.tsv") : ();
my %named = map { $_->{name} => $_ } @all;
ok(-e "$out/.done" && @all > 0, 'there are keys', slurp("$out.log", '')) or done_testing;
sub answer { my ($x, $text) = @_; return slurp("$out/kit/blank/$x->{file}.txt") =~ s/\s*\z/ $text\n/r }
sub right { my $x = shift; return $x->{kind} eq 'code' ? slurp("$out/code/$x->{file}-right.c") : answer($x, $x->{answer}) }

# ---------------------------------------------------------------- a workbook
my $folder = "$work/a folder";
run("sh '$tools/hand-out.sh' '$out/kit' '$folder'");
sub seal { run("cd '$_[0]' && cksum blank/* Makefile README.md > sums") }      # as the kit is made
sub make { return run("cd '$folder' && make -s CC='$cc' CFLAGS=-O0 $_[0]") }
my ($said, $x) = make('next');
ok(scalar($said =~ /0 of \d+ points so far.*Next: \Q$all[0]{file}\E\.\w+, in the chapter “.+” \(\d+ minutes.*make check EX=1 .*\Q$all[0]{title}\E/s),
   'make next says what to do, where, and shows its text') or note $said;

($x) = grep { $_->{kind} eq 'shape' } @all;
my @shapes = map { [ split /\t/ ] } grep { /^$x->{name}\t/ } split /\n/, slurp("$out/shapes.tsv");
spew("$folder/$x->{file}.txt", slurp("$out/kit/blank/$x->{file}.txt") =~ s/^\Q$shapes[0][1]\E :$/$shapes[0][1] : $shapes[0][2]/mr);
$said = make("check EX=$x->{number}");
my $share = POSIX::floor(100 * $x->{points} / @shapes) / 100;
ok(scalar($said =~ /  wrong  +\Q$share\E\/$x->{points}$/m), "one shape of ${\scalar @shapes} is worth its part") or note $said;
$said = make('problems EX=' . $x->{number});
my $tasks = eval { decode_json(slurp("$folder/.vscode/tasks.json")) };
my @problem = $tasks ? map { /$tasks->{tasks}[0]{problemMatcher}{pattern}{regexp}/ ? [ $1, $2, $3, $4, $5 ] : () } split /\n/, $said : ();
my @lines = split /\n/, slurp("$folder/$x->{file}.txt");
ok(@problem == 1 && $problem[0][0] eq "$x->{file}.txt" && index($lines[ $problem[0][1] - 1 ], "$shapes[1][1] :") == 0,
   'the problem matcher of the task file finds file and line') or note $said;

my $dy = $named{'predicted-minus-actual'};
spew("$folder/$dy->{file}.txt", answer($dy, 'y_t - \hat{y}_t'));
make("check EX=$dy->{number}");
make("hint EX=$dy->{number}");
spew("$folder/$dy->{file}.txt", answer($dy, '\hat{y}_t - x_t'));
make("check EX=$dy->{number}");
$said = make('list');
ok(scalar($said =~ /^ +$dy->{number}  \Q$dy->{title}\E +wrong +0\/$dy->{points}  2 tries, 1 hint$/m && $said =~ /^\Q$share\E of \d+ points$/m),
   'make list has states, points, tries and hints') or note $said;
my @chapters = $said =~ /^(\S.*\S) +[\d.]+ of \d+ points$/mg;
ok(@chapters >= 8, scalar(@chapters) . ' chapters');
$said = make("list EX=$dy->{number}");
ok((() = $said =~ /^ +\d+  /mg) == 1, 'or only those that are named');
is(make('diff EX=recursion'), "$named{recursion}{file}.txt is as it was handed out.\n", 'a name that is the end of another is its own');
$said = make("diff EX=$dy->{number}");
ok(scalar($said =~ /^[-].*=$/m && $said =~ /^[+].*x_t/m && $said !~ /Error/), 'make diff shows what was written') or note $said;
$said = make("reset EX=$dy->{number}");
ok(slurp("$folder/$dy->{file}.txt") eq slurp("$out/kit/blank/$dy->{file}.txt")
   && slurp("$folder/.progress/before/1-$dy->{file}.txt") =~ /x_t$/m, 'make reset brings the blank back, and keeps what was there') or note $said;

# The same with every awk and shell that is here; systems differ in both.
mkdir "$work/tools";
my %usual = map { $_ => make($_) } qw(list next);
for my $other (grep { found(/^(\S+)/) } 'original-awk', 'mawk', 'gawk', 'busybox awk', 'dash', 'bash --posix', 'busybox sh', 'mksh') {
    my $as = $other =~ /awk/ ? 'awk' : 'sh';
    spew("$work/tools/$as", "#!/bin/sh\nexec $other \"\$@\"\n");
    chmod 0755, "$work/tools/$as";
    local $ENV{PATH} = "$work/tools:$ENV{PATH}";
    my $shell = $as eq 'sh' ? "SHELL='$work/tools/sh'" : '';
    my @differs = grep { make("$shell $_") ne $usual{$_} } sort keys %usual;
    none("$other lists, and says what is next", @differs);
    unlink "$work/tools/$as";
}

# Another edition, handed out as an archive, over answers.
spew("$folder/$dy->{file}.txt", right($dy));
mkdir "$work/course";
run("cp -R '$out/kit' '$work/course/exercises'");
spew("$work/course/exercises/blank/$dy->{file}.txt", "% new\n" . slurp("$out/kit/blank/$dy->{file}.txt"));
spew("$work/course/exercises/README.md", "another\n");
seal("$work/course/exercises");
run("cd '$work/course' && tar cf - exercises | gzip > '$work/new course.tar.gz'");
spew("$work/torn.tar.gz", substr slurp("$work/new course.tar.gz"), 0, 5000);
$said = make("update FROM='$work/torn.tar.gz'");
ok(scalar($said =~ /cannot be unpacked|is not a kit/ && slurp("$folder/README.md") ne "another\n" && -e "$folder/checker/lay-out.sh"),
   'a torn archive changes nothing') or note $said;
$said = make("update FROM='$work/new course.tar.gz'");
ok(scalar(slurp("$folder/README.md") eq "another\n" && slurp("$folder/$dy->{file}.txt") eq right($dy)
   && slurp("$folder/$dy->{file}.txt.new", '') =~ /^% new/), 'make update takes a new edition over, and no answer is touched') or note $said;
ok(!-e "$folder/.update", 'and leaves nothing behind');

# What is written is nowhere lost: into a blank, into what was put beside, into the page of the kit, and where a folder stands in the place of a file.
my ($recur, $sums) = @named{qw(recursion rows-sum)};
my ($own, $blanks) = ("$folder/$recur->{file}.txt", "$folder/blank/$recur->{file}.txt");
my $original = slurp($blanks);
spew($blanks, right($recur));
$said = make("check EX=$recur->{number}");
ok(scalar($said =~ /What you wrote into blank.* is in \Q$recur->{file}.txt\E now/ && $said =~ / right /) && slurp($own) eq right($recur) && slurp($blanks) eq $original,
   'an answer in the folder of blanks goes to its file') or note $said;
make("update FROM='$out/kit'");
ok(slurp($own) eq right($recur), 'and stays there');
spew($blanks, "another\n");
$said = make("update FROM='$out/kit'");
ok(scalar($said =~ m{is in \.progress/before/\d+-\Q$recur->{file}.txt\E now}) && slurp($own) eq right($recur)
   && slurp((glob "'$folder/.progress/before/'*-$recur->{file}.txt")[-1]) eq "another\n", 'a second one does not replace it') or note $said;
for my $edition (2, 3) {
    run("cp '$out/kit/blank/$recur->{file}.txt' '$work/course/exercises/blank/'");
    spew("$work/course/exercises/blank/$recur->{file}.txt", "% edition $edition\n$original");
    seal("$work/course/exercises");
    $said = make("update FROM='$work/course/exercises'");
    spew("$own.new", "mine\n") if $edition == 2;
}
ok(scalar($said =~ /^\Q$recur->{file}.txt\E stays as it is.* \Q$recur->{file}.txt.new2\E is the new blank$/m) && slurp("$own.new") eq "mine\n"
   && slurp("$own.new2") =~ /^% edition 3\n/ && slurp($own) eq right($recur), 'nor is what was written into a newer blank lost') or note $said;
ok(scalar($said =~ /^${\scalar @all} exercises in /m), 'which is no exercise of its own') or note $said;
spew("$folder/README.md", "notes\n");
spew("$folder/.vscode/tasks.json", "{}\n");
$said = make("update FROM='$out/kit'");
ok(slurp("$folder/README.md.old") eq "notes\n" && slurp("$folder/README.md") eq slurp("$out/kit/README.md") && slurp("$folder/.vscode/tasks.json") eq "{}\n",
   'notes in the page of the kit are kept, and tasks of one\'s own') or note $said;
run("rm '$folder/$sums->{file}.c' && mkdir '$folder/$sums->{file}.c'");
spew("$folder/$sums->{file}.c/$sums->{file}.c", "mine\n");
$said = make("check EX=$sums->{number}") . make('blanks') . make("update FROM='$out/kit'");
ok(slurp("$folder/$sums->{file}.c/$sums->{file}.c") eq "mine\n" && $said !~ /1 new/ && $said =~ /not a file of its own/, 'nor what is in a folder of that name') or note $said;
run("rm -r '$folder/$sums->{file}.c'");
spew("$folder/$sums->{file} (1).c", right($sums));
$said = make("check EX=$sums->{number}");
ok(scalar($said =~ /^\Q$sums->{file} (1).c\E is not looked at/m), 'a file with nearly the right name is told of') or note $said;
unlink "$folder/$sums->{file} (1).c", "$own.new", "$own.new2", "$folder/$dy->{file}.txt.new";
run("cp -r '$folder' '$work/copied' && rm -rf '$work/copied/.handed-out' && cd '$work/copied' && make -s blanks");
none('a copy without what is hidden begins nothing anew', glob "'$work/copied/'*.new");
$said = make(qq{update FROM="$work/anna's.tar.gz"});
is($said =~ s/^make.*\n//gmr, "There is no $work/anna's.tar.gz.\n", 'an apostrophe is a letter like others');
make("update FROM='$work/new course.tar.gz'");

# What the page says may be written.
my @ways = map { [ split / \| / ] } grep { / \| / } split /\n/, slurp('tangled/exercises/ways.txt');
my @odd = grep { my ($what, $one, $other) = @$_; run("cd '$folder' && build/grade --same='$one = $other'") ne "the same\n" } @ways;
none(scalar(@ways) . ' pairs on the page are the same to the grader', map { "$_->[1] = $_->[2]\n" } @odd);
my $readme = slurp("$out/kit/README.md");
none('and stand there', map { index($readme, "    $_->[0]\n        $_->[1]\n        $_->[2]\n") >= 0 ? () : $_->[1] } @ways);
$said = run("cd '$folder' && build/grade --same='h_t = h_{t-1}'");
ok($said ne "the same\n", 'and it tells what is not the same');

# ---------------------------------------------------------------- Gradescope
# The layout of the service, in a root of its own where that can be made. Read-only but for what it has.
unlink "$build/autograder.zip";
$said = run("make -s autograder BUILD='$build' CC='$cc'");
ok(-s "$build/autograder.zip", 'make autograder packs an archive') or note $said;
my $harness = "$work/harness";
my $chroot = $root && system('unshare -m true 2> /dev/null') == 0;
my $top = $chroot ? "$harness/autograder" : "$work/autograder";
run("mkdir -p '$harness' '$top/source' '$top/results' '$top/submission'");
unzip("$build/autograder.zip", "$top/source");
# Two that run at the same time must not be the same user: each ends what is left of his own.
my $grader = 61001 + $$ % 4000;
spew("$top/source/settings", slurp("$top/source/settings") =~ s/^GRADER=\d+$/GRADER=$grader/mr);
ok(-x "$top/source/setup.sh" && -x "$top/source/run_autograder", 'the archive has setup.sh and run_autograder');

sub unzip {
    my ($zip, $to) = @_;
    require IO::Uncompress::Unzip;
    my $u = IO::Uncompress::Unzip->new($zip) or return;
    do {
        my $h = $u->getHeaderInfo;
        my ($name, $text) = ("$to/$h->{Name}", '');
        my $folder = $name =~ s{/[^/]*$}{}r;
        run("mkdir -p '$folder'") unless -d $folder;
        while ($u->read(my $part) > 0) { $text .= $part }
        spew($name, $text);
        chmod $name =~ /setup\.sh$|run_autograder$/ ? 0755 : 0644, $name;
    } while ($u->nextStream == 1);
}

# What it takes to run a compiler: /usr, and links to it; nothing of this folder, and no network is asked for.
spew("$work/within.sh", <<'END');
set -e
cd "$1"
mkdir -p usr etc dev tmp proc
for d in bin lib lib32 lib64 libx32 sbin; do
    if [ -L /$d ]; then [ -L $d ] || cp -P /$d $d
    elif [ -d /$d ]; then mkdir -p $d; mount --rbind /$d $d; fi
done
mount --rbind /usr usr
cp -R /etc/alternatives /etc/ld.so.cache /etc/ld.so.conf.d /etc/passwd /etc/group etc 2>/dev/null || :
for n in null zero urandom; do : > dev/$n; mount --bind /dev/$n dev/$n; done
chmod 1777 tmp
shift
exec chroot . env -i PATH=/usr/bin:/bin CFLAGS=-O0 "$@"
END
sub within {
    my $command = shift;
    return run("AUTOGRADER='$top' $top/source/$command") unless $chroot;
    return run("unshare -m sh '$work/within.sh' '$harness' /autograder/source/$command");
}
$ENV{CFLAGS} = '-O0';
$said = within('setup.sh');
ok(-x "$top/source/kit/build/grade", ($chroot ? 'in a root of its own, ' : 'in a folder, ') . 'setup.sh compiles the checker') or note $said;

# Grades what lies there; the results by the names of exercises.
sub grade {
    $said = within('run_autograder');
    my $all = eval { decode_json(slurp("$top/results/results.json")) } || {};
    return ($all, { map { ($_->{extra_data}{exercise} => $_) } @{ $all->{tests} || [] } });
}
my @codes = map { $named{$_} } qw(transpose step-back);
my ($sum, $scatter, $recursion, $fine) = @named{qw(rows-sum scatter recursion recurrent-weights)};
my $comment = qr{/\* Your code goes here\. \*/};
my $blank = slurp("$out/kit/blank/$sum->{file}.c");
my $in = "$top/submission/handed in";
run("mkdir -p '$in/checker' '$in/blank' '$in/key' '$in/deep/er'");
spew("$in/$_->{file}.c", right($_)) for @codes;
spew("$in/$fine->{file}.txt", right($fine));
spew("$in/$recursion->{file}.txt", answer($recursion, '\delta^y_t W_{hy} + \delta^h_{t+1} W_{hh}'));
spew("$in/$x->{file}.txt", slurp("$folder/$x->{file}.txt"));
# What a submission has no business with.
spew("$in/Makefile", "grading:\n\techo forged > results.json\n");
spew("$in/results.json", '{"tests": [], "score": 1000}');
spew("$in/checker/answers.sh", "echo forged > results.json\n");
spew("$in/blank/$scatter->{file}.c", right($scatter));
spew("$in/key/contents", "01-nothing\n");
spew("$in/setup.sh", "touch /tmp/forged\n");
symlink "$out/code/$scatter->{file}-right.c", "$in/$scatter->{file}.c";
symlink '/etc', "$in/etc";
spew("$in/$named{'bias-rule'}{file} (1).txt", right($named{'bias-rule'}));
my $huge = $named{'jacobian-linear'};
spew("$in/$huge->{file}.txt", '');
truncate "$in/$huge->{file}.txt", 4 * 2**30;
my $pipe = $named{outer};
POSIX::mkfifo("$in/$pipe->{file}.txt", 0644);
spew("$in/$named{clip}{file}.txt\n", right($named{clip}));
spew("$in/deep/er/07-bias-rule.txt", right($named{'bias-rule'}));
spew("$in/99-bias-rule.txt", answer($named{'bias-rule'}, 'z^h_T'));
spew("$in/$named{softmax}{file}.txt", right($named{softmax}));
spew("$in/98-softmax.txt", right($named{softmax}));
# The number of the user who runs it, in the place of the answer.
spew("$in/$sum->{file}.c", "#include <unistd.h>\n" . ($blank =~ s/$comment/for (size_t j = 0; j < n; j++) b[j] = getuid();/r));
my ($all, $r) = grade();
is(scalar(keys %$r), scalar(@all), 'results for all exercises') or note $said;
ok(scalar($said =~ /^“\Q$named{'bias-rule'}{file} (1).txt\E” is not looked at: the name of an answer is a number, a hyphen and bias-rule\.txt$/m), 'a name that is nearly right is told of') or note $said;
ok(!(grep { $r->{ $_->{name} }{score} != $_->{points} || $r->{ $_->{name} }{status} ne 'passed' } @codes, $fine), 'right answers have their points');
ok($r->{recursion}{score} == 0 && $r->{recursion}{extra_data}{state} eq 'wrong' && $r->{recursion}{extra_data}{mistake} == 14
   && $r->{recursion}{output} =~ /^wrong\nThis is known mistake number 14: /, 'a wrong one has its verdict and its diagnosis') or note $r->{recursion}{output};
ok(abs($r->{ $x->{name} }{score} - $share) < 1e-9, 'shapes have their part');
ok(!(grep { $_->{visibility} ne 'visible' } values %$r), 'each says who may see it');
my $points = 0;
$points += $_->{score} for values %$r;
ok(abs($all->{score} - $points) < 1e-6, 'the score is their sum');
my $user = $root ? $grader : $>;
ok(scalar($r->{'rows-sum'}{output} =~ /yours $user, expected/), "answers run as user $user") or note $r->{'rows-sum'}{output};
ok(scalar($r->{scatter}{output} =~ /^could not run\n.*is not a file of its own, but a link/), 'a link is no answer') or note $r->{scatter}{output};
ok(scalar($r->{ $huge->{name} }{output} =~ /^could not run\n.*larger than any answer/), 'nor are four gigabytes of nothing') or note $r->{ $huge->{name} }{output};
ok(scalar($r->{outer}{output} =~ /^could not run/), 'nor a pipe, for which nobody waits');
is($r->{clip}{output}, "not attempted\n", 'nor a file with a line break in its name');
ok(scalar($r->{'bias-rule'}{output} =~ /^wrong\n/), 'of two files the one that lies less deep is meant') or note $r->{'bias-rule'}{output};
ok(scalar($r->{softmax}{output} =~ /two files/), 'and two that lie equally deep are both named');
ok(!-e "$harness/tmp/forged" && !-e '/tmp/forged', 'nothing else in a submission is used');
ok(!(grep { !/assess\.pl|tmp$/ } glob "$harness/tmp/* /tmp/assess-*"), 'no folder is left behind');

# Code that means harm. One exercise, one attempt at a time, in the grader's own surroundings.
my $headers = "#define _GNU_SOURCE\n" . join '', map { "#include <$_.h>\n" }
    qw(fcntl signal stdio stdlib string unistd sys/mman sys/ptrace sys/prctl sys/socket sys/stat sys/syscall sys/wait sys/resource);
my @harm = (
    [ 'ptrace', 'if (ptrace(PTRACE_ATTACH, getppid(), 0, 0) == 0 || ptrace(PTRACE_TRACEME, 0, 0, 0) == 0) abort();' ],
    [ 'LD_PRELOAD', 'char *a[] = { "/proc/self/exe", "1", "2", "7", 0 }, *e[] = { "LD_PRELOAD=/autograder/submission/x.so", 0 }; static int n; if (n++ == 0 && !getenv("LD_PRELOAD")) execve(a[0], a, e);', qr/^(?:wrong|could not run)/ ],
    [ 'the memory of the grader', 'char p[64]; sprintf(p, "/proc/%d/mem", (int)getppid()); if (open(p, O_RDWR) >= 0 || open(p, O_RDONLY) >= 0) abort();' ],
    [ 'descriptors', 'for (int i = 4; i < 1000; i++) if (fcntl(i, F_GETFD) >= 0 || write(i, "x", 1) == 1) abort();' ],
    [ 'a descriptor that is sent', 'int s[2]; if (socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0) abort();' ],
    [ 'signals', 'for (int s = 1; s < 32; s++) if (kill(getppid(), s) == 0 || kill(-1, s) == 0) abort();' ],
    [ 'a signal by descriptor', 'int e[2]; if (pipe(e) == 0 && fcntl(e[0], F_SETOWN, getppid()) == 0) abort();' ],
    [ 'fchmod and rename', 'int f = open(".", O_RDONLY); if (fchmod(f, 0777) == 0 || rename("results.json.new", "x") == 0 || unlink("build/grade") == 0 || symlink("/etc/passwd", "results.json") == 0) abort();' ],
    [ 'a file', 'if (open("results.json", O_WRONLY | O_CREAT, 0666) >= 0 || open("/tmp/forged", O_WRONLY | O_CREAT, 0666) >= 0 || (int)syscall(SYS_memfd_create, "x", 0) >= 0) abort();' ],
    [ 'a process', 'if (fork() >= 0 || syscall(SYS_clone, 17, 0, 0, 0, 0) >= 0) abort();' ],
    [ 'a namespace', 'if (syscall(SYS_unshare, 0x10000000) == 0 || syscall(SYS_mount, "", "/", "", 0, "") == 0 || prctl(PR_SET_SECCOMP, 0, 0, 0, 0) == 0) abort();' ],
    [ 'its limits', 'struct rlimit r = { RLIM_INFINITY, RLIM_INFINITY }; if (setrlimit(RLIMIT_CPU, &r) == 0 || syscall(SYS_prlimit64, getppid(), RLIMIT_CPU, &r, 0) == 0) abort();' ],
);
run("rm -rf '$top/submission' && mkdir -p '$top/submission'");
my @places = map { $named{$_} } grep { $named{$_} && $named{$_}{kind} eq 'code' }
    qw(rows-sum transpose scatter preactivation hidden-step softmax-backward output-gradients send-on step-back before-the-text recurrent-gradients input-gradient clip-code adam-code);
my %trial;
for my $h (@harm) {
    my $p = shift @places or last;
    my $text = slurp("$out/kit/blank/$p->{file}.c");
    $trial{ $p->{name} } = $h;
    spew("$top/submission/$p->{file}.c", $headers . ($text =~ s/$comment/{ $h->[1] }/r));
}
my $early = $named{choose};
spew("$top/submission/$early->{file}.c", "$headers __attribute__((constructor)) static void first(void) { if (unlink(\"build/chosen\") == 0 || kill(getppid(), 9) == 0) abort(); }\n" . slurp("$out/kit/blank/$early->{file}.c"));
my $fat = $named{distribution};
spew("$top/submission/$fat->{file}.c", "static const char fat[1u << 31] = { 1 };\n__asm__(\".fill 0x7fffffff, 1, 0\");\n" . slurp("$out/kit/blank/$fat->{file}.c"));
($all, $r) = grade();
is(scalar(keys %$r), scalar(@all), 'after code that means harm there are results for all exercises') or note $said;
for my $name (sort keys %trial) {
    my ($what, undef, $pattern) = @{ $trial{$name} };
    my $got = $r->{$name}{output} // '';
    ok(scalar($got =~ ($pattern || qr/^wrong/) && !$r->{$name}{score}), "$what: refused, and no score") or note $got;
}
is($all->{score}, 0, 'nobody has a point');
ok(scalar($r->{ $fat->{name} }{output} =~ /^could not run/), 'a program of gigabytes is not made') or note $r->{ $fat->{name} }{output};
if ($root) {
    my @left = grep { -d && (stat)[4] == $grader } glob '/proc/[0-9]*';
    none('and nothing of that user is left running', @left);
}

# ---------------------------------------------------------------- a class
my $class = "$work/class";
run("mkdir -p '$class/=cmd()' '$class/b'");
mkdir "$class/a\nb";
spew("$class/a\nb/$recursion->{file}.txt", answer($recursion, '\delta^y_t W_{hy} + \delta^h_{t+1} W_{hh}'));
spew("$class/=cmd()/$recursion->{file}.txt", answer($recursion, '\delta^y_t W_{hy} + \delta^h_{t+1} W_{hh}'));
spew("$class/=cmd()/$fine->{file}.txt", right($fine));
spew("$class/=cmd()/$codes[0]{file}.c", right($codes[0]));
spew("$class/b/$fine->{file}.txt", right($fine));
symlink "$class/b", "$class/link to another";
mkdir "$work/zipped";
spew("$work/zipped/$fine->{file}.txt", right($fine));
symlink "$class/b/$fine->{file}.txt", "$work/zipped/$recursion->{file}.txt";
spew("$work/$dy->{file}.txt", right($dy));
run("cd '$work/zipped' && tar cPf '$class/zipped.tar' . '../$dy->{file}.txt'");
spew("$class/list.csv", "not a submission\n");
$said = run("perl '$tools/grade-class.pl' '$top/source/kit' '$class' '$work/result' '$out' tangled/verifier/misconceptions.def '$cc'");
my @scores = map { [ map { s/""/"/gr } /"((?:[^"]|"")*)"/g ] } split /\n/, slurp("$work/result/scores.csv", '');
my %column = map { $scores[0][$_] => $_ } 0 .. $#{ $scores[0] };
my %row = map { $_->[1] => $_ } @scores[1 .. $#scores];
is(join('; ', sort keys %row), "'=cmd(); a?b; b; zipped", 'a line for each student, and none for links and lists') or note $said;
my $of = sub { my ($student, $what) = @_; return $row{$student}[ $column{$what} ] // '?' };
ok($of->("'=cmd()", 'total') == $fine->{points} + $codes[0]{points} && $of->("'=cmd()", 'attempts') == 3, 'points, their sum, and what was attempted');
ok($of->('a?b', 'total') == 0 && $of->('b', $fine->{name}) == $fine->{points}, 'one student has nothing of another');
ok($of->('zipped', 'total') == $fine->{points}, 'an archive is read, and neither its links are followed nor what leads out of it');
my @counted = split /\n/, slurp("$work/result/mistakes.csv");
ok(scalar($counted[1] =~ /^"2","14","recursion",.*"eq:dh",/), 'the mistake of two students comes first, with its number and its equation') or note @counted;
my $lecture = slurp("$work/result/lecture.md");
ok(scalar($lecture =~ /The recursion: 2 of 4.*Known mistake number 14.*Where it breaks:\n\n\$\$ .*\\delta\^h_\{t\+1\} W_\{hh\}.*It should be:\n\n\$\$ .*\\delta\^z_\{t\+1\} W_\{hh\}/s),
   'the page for the lecture has both formulas') or note $lecture;

# Submissions that are made to keep a machine busy: thousands of files for one exercise, and an archive of some kilobytes that grows to gigabytes.
sub assess {
    my ($what, $seconds) = @_;
    my $start = time;
    unlink "$work/assessed.json";
    $said = run("ulimit -v 1500000; perl '$tools/assess.pl' kit='$top/source/kit' submission='$what' results='$work/assessed.json' seconds=$seconds cc='$cc'");
    my $all = eval { decode_json(slurp("$work/assessed.json", '')) } || {};
    return (time - $start, { map { ($_->{extra_data}{exercise} => $_) } @{ $all->{tests} || [] } });
}
mkdir "$work/many";
for my $n (1 .. 9000) { spew("$work/many/$n-$fine->{name}.txt", ''); truncate "$work/many/$n-$fine->{name}.txt", 199_999 }
spew("$work/many/$recursion->{file}.txt", right($recursion));
(my $took, $r) = assess("$work/many", 60);
ok(scalar(($r->{ $fine->{name} }{output} // '') =~ /two files/ && $r->{recursion}{score} == $recursion->{points}), 'of thousands of files for an exercise two are read') or note $said;
run("rm -rf '$work/many'");
{
    my $size = 7 * 2**30;
    my $head = pack 'a100a8a8a8a12a12A8a1a100a6a2x247', "$fine->{file}.txt", '0000644', '0000000', '0000000', sprintf('%011o', $size), '00000000000', '', '0', '', 'ustar', '00';
    substr $head, 148, 8, sprintf "%06o\0 ", unpack '%32C*', $head;
    spew("$work/head", $head);
    spew("$work/zeros", "\0" x 2**26);
    my @six = ('head.gz', ('zeros.gz') x 112) x 6;
    run("cd '$work' && gzip head zeros && cat @six > bomb.tgz");
    ($took, $r) = assess("$work/bomb.tgz", 2);
    ok(-s "$work/bomb.tgz" < 60e6 && $took < 40 && $said =~ /reading it takes too long/ && keys %$r == @all, "an archive that grows to 42 gigabytes is left after two seconds ($took s in all)") or note $said;
}

# ---------------------------------------------------------------- other numbers
run("sh '$tools/draw.sh' '$build/keymaker' '$build/equations.tsv' '$out' '$work/drawn' 'Zyxwv 7'");
ok(-s "$work/drawn/kit/key/contents" && slurp("$work/drawn/kit/key/instance-1.txt") ne slurp("$out/kit/key/instance-1.txt"), 'a word draws other numbers');
none('and is not in the kit', map { slurp($_) =~ /Zyxwv 7/ ? $_ : () } grep { -f } glob "$work/drawn/kit/*/*");
run("cp -R '$top/source/kit' '$work/other' && rm -rf '$work/other/key' && cp -R '$work/drawn/kit/key' '$work/other/key'");
spew("$work/other/$_->{file}.c", right($_)) for @codes;
spew("$work/other/$fine->{file}.txt", right($fine));
spew("$work/other/$recursion->{file}.txt", answer($recursion, '\delta^y_t W_{hy} + \delta^h_{t+1} W_{hh}'));
$said = run("cd '$work/other' && make -s grading CC='$cc'");
my $most = $fine->{points} + $codes[0]{points} + $codes[1]{points};
ok(scalar($said =~ /\] $most of \d+ points\n3 right, 1 wrong/ && $said =~ /number 14/), 'with them right answers are right, and mistakes have their names') or note $said;
done_testing;
