#!/usr/bin/env perl
# Nothing is lost on the way from the source to the PDF and the HTML: equations
# and chunks are counted in the source by other means than the weaver's, and
# looked for, one by one, in both outputs. Needs `make pdf html`.
use strict;
use warnings;
use lib 'tests';
use Tap;

my $build = $ENV{BUILD} || 'build';

# ---- the source, read without noweb and pandoc

my (@labels, @chunks, @volumes, @figures, %volume);
for my $path ('rnn.nw', sort glob 'chapters/*.nw') {
    my ($prose, $code, $literal, @volume) = ('', 0, 0, 1);
    for (split /\n/, slurp($path)) {
        if (/^<<(.*)>>=\s*$/) { push @chunks, $1; push @volumes, $volume[-1]; $code = 1; next }
        if ($code && /^@(\s|$)/) { $code = 0; next }
        next if $code;
        if (/^(```|~~~)/) { $literal = !$literal; next }
        next if $literal;
        $prose .= "$_\n";
        # A heading without a volume has that of the heading above it.
        if (/^(#+) /) { $#volume = length($1) - 1; push @volume, /\{#.*\bvolume=(\d)/ ? $1 : (grep { $_ } @volume)[-1] }
        $volume{$1} = $volume[-1] while /\{#((?:eq|fig|sec|ch):[\w-]+)/g;
    }
    push @labels, $prose =~ /^\$\$.*?\$\$\s*\{#(eq:[\w-]+)/msg;
    push @figures, $prose =~ /^!\[[^\n]*\]\([^)]*\)\{#(fig:[\w-]+)[^\n]*\}$/mg;
}
my %seen;
none('equations in the source', @labels ? () : 'none at all');
none('chunks in the source', @chunks ? () : 'none at all');
none('figures in the source', @figures ? () : 'none at all');
none('no label is given twice', grep { $seen{$_}++ } @labels);
printf "# %d equations, %d chunks\n", scalar @labels, scalar @chunks;

# ---- the table that the checker works from

my %table = map { (split /\t/)[0] => 1 } grep { /^eq:/ } split /\n/, slurp("$build/equations.tsv");
none('each equation is in equations.tsv', grep { !$table{$_} } @labels);
none('equations.tsv has no others', grep { !$seen{$_} } keys %table);
my %number = map { my @f = split /\t/; $f[0] => $f[2] // '' } split /\n/, slurp("$build/labels.tsv");
my @listed = map { [split /\t/] } grep { /^\d/ } split /\n/, slurp("$build/chunks.tsv");
none('each chunk is in chunks.tsv',
    map { "$_: source “$chunks[$_]”, table “" . (($listed[$_] || [])->[3] // '') . '”' }
    grep { (($listed[$_] || [])->[3] // '') ne $chunks[$_] } 0 .. $#chunks);
none('in the volume that its heading says',
    map { "$chunks[$_]: $volumes[$_], and not $listed[$_][4]" } grep { $volumes[$_] != $listed[$_][4] } 0 .. $#chunks);
my %counted = map { $_->[0] => $_->[4] } @listed;
none('chunks are counted through both volumes', grep { !$counted{$_} || $counted{$_} < $counted{ $_ - 1 || 1 } } 1 .. @listed);

# ---- HTML

my $html = join '', map { slurp($_) } glob "$build/html/*.html";
my (%block, %shown, %div);
$block{$1}++ while $html =~ /<div id="(eq:[\w-]+)" class="equation/g;
$shown{$1}++
    while $html =~ m{<div id="(eq:[\w-]+)" class="equation[^>]*>\s*<div class="formula">\s*<math display="block"}g;
none('each equation is in the HTML, once', grep { ($block{$_} // 0) != 1 } @labels);
none('each equation in the HTML is MathML', grep { ($shown{$_} // 0) != 1 } @labels);
none('the HTML has no other equations', grep { !$seen{$_} } keys %block);
none('each equation in the HTML has its number',
    grep { index($html, qq{<a href="#$_">($number{$_})</a>}) < 0 } @labels);
$div{ letters($1) }++ while $html =~ /<div id="([^"]+)" class="chunk"/g;
# A page has of a label its last letters; so on all pages together as many as there are such labels.
sub letters { return $_[0] =~ /(\w{3}-\w+)$/ ? $1 : $_[0] }
my %wanted;
$wanted{ letters($_->[1]) }++ for @listed;
none('each chunk is in the HTML, once', map { $_->[3] } grep { ($div{ letters($_->[1]) } // 0) != $wanted{ letters($_->[1]) } } @listed);
none('the HTML has no other chunks', grep { !$wanted{$_} } keys %div);
none('each figure is in the HTML, with its number in the caption',
    grep { $html !~ m{<figure[^>]*>(?:(?!</figure>).)*<figcaption[^>]*>Figure \Q$number{$_}\E\.}s || $html !~ /\bid="\Q$_\E"/ } @figures);
none('the preface names every module of the trainer',
    grep { $html !~ m{<tr[^>]*>(?:(?!</tr>).)*<code>\Q$_\E</code>}s } map { m{([^/]+)\.c$} } glob 'tangled/trainer/*.c');
none('no formula was left as TeX', $html =~ /(<span class="math[^>]*>.{0,60})/g);
none('no link in the HTML leads nowhere', broken_links());
my @works = slurp('data/references.bib') =~ /^\@\w+\{(\w+),/mg;
none(scalar(@works) . ' works are listed, and each is cited in a chapter',
    grep { $html !~ /id="ref-$_"/ || $html !~ /href="[^"]*#ref-$_"/ } @works);
my @parts = slurp("$build/html/index.html") =~ m{<h2 id="volume-\d">(.*?)</h2>}g;
none('the contents have two volumes', "@parts" eq 'Volume I: Back Through Time Volume II: The Machinery' ? () : "@parts");
my @in_print = slurp("$build/rnn-2.toc") =~ /\\contentsline \{part\}\{\\nonumberline (.*?)\}/g;
my @on_screen = slurp("$build/html/index.html") =~ m{<h3[^>]*>(.*?)</h3>}g;
none(scalar(@in_print) . ' parts of the second are the same in print and on a screen',
    @in_print > 1 && "@in_print" eq "@on_screen" ? () : "@in_print / @on_screen");
my @at_side = slurp("$build/html/weave.html") =~ m{<li class="part">(.*)}g;
none('and are listed at its side', "@at_side" eq "@in_print" ? () : "@at_side");

sub broken_links {
    my (%id, @broken);
    for my $path (glob "$build/html/*.html") {
        my ($name, $text) = ($path =~ m{([^/]+)$}, slurp($path));
        $id{"$name#$1"} = 1 while $text =~ /\bid="([^"]+)"/g;
        $id{$name} = 1;
    }
    for my $path (glob "$build/html/*.html") {
        my ($name, $text) = ($path =~ m{([^/]+)$}, slurp($path));
        while ($text =~ /<\w[^>]*\bhref="([^":]*(?:#[^"]*)?)"/g) {
            my $link = $1;
            my $to = $link =~ /^#/ ? "$name$link" : $link;
            push @broken, "$name: $link" unless $id{$to} || -e "$build/html/$to";
        }
    }
    return @broken;
}

# ---- PDF

my (%aux, %page, %printed_in, %pages);
for my $v (1, 2) {
    my $aux = slurp("$build/rnn-$v.aux");
    while ($aux =~ /\\newlabel\{([^}]+)\}\{\{([^}]*)\}\{(\d+)\}/g) { $aux{$1} = $2; $page{$1} = $3; $printed_in{$1} .= $v }
    $pages{$v} = [split /\f/, `pdftotext -layout $build/rnn-$v.pdf -`];
}
my @own = grep { !/^(?:part-of-index|in:)/ } keys %printed_in;
none('what a volume has the other has not', grep { length $printed_in{$_} > 1 } @own);
none('and has what its headings say', map { "$_: $printed_in{$_}, and not $volume{$_}" }
    grep { $volume{$_} && $printed_in{$_} != $volume{$_} } @own);
none('the first volume can be read from cover to cover',
    @{ $pages{1} } >= 200 && @{ $pages{1} } <= 420 ? () : scalar(@{ $pages{1} }) . ' pages');
for my $v (1, 2) {
    my %there = map { $_ => 1 } slurp("$build/rnn-$v-other.aux") =~ /\\newlabel\{([^}]+)\}/g;
    my @cited = slurp("$build/rnn-$v.tex") =~ /\\hyperref\[([^\]]+)\]/g;
    none("volume $v refers to nothing that neither has", grep { !$there{$_} && ($printed_in{$_} // '') ne $v } @cited);
    none("and to the other", %there ? () : 'nowhere');
}
none('each equation has its number in the PDF', grep { ($aux{$_} // '') ne $number{$_} } @labels);
none('each figure has its number in the PDF', grep { ($aux{$_} // '') ne ($number{$_} // '?') } @figures);
none('each number is printed on its page',
    map { "$_ ($number{$_}), page $page{$_}" }
    grep { $page{$_} && index($pages{ $printed_in{$_} }[$page{$_} - 1] // '', "($number{$_})") < 0 } @labels);
none('each chunk has its number in the PDF',
    map { $_->[3] } grep { ($aux{ $_->[1] } // '') ne $_->[0] } @listed);
none('each chunk is printed on its page', map { $_->[3] } grep { !printed($_) } @listed);
none('chapters, sections and figures have the same number everywhere',
    map { "$_: $number{$_} and $aux{$_}" }
    grep { $number{$_} ne '' && defined $aux{$_} && $aux{$_} ne $number{$_} }
    grep { /^(ch|sec|fig):/ } sort keys %number);

# A chunk's head is its number after ≡; the name before it may be broken into lines.
sub printed {
    my ($n, $label, undef, undef, $volume) = @{ $_[0] };
    my $p = $page{$label} or return 0;
    return ($pages{$volume}[$p - 1] . ($pages{$volume}[$p] // '')) =~ /≡\s+$n\b/;
}

# ---- where pages turn

for my $v (1, 2) {
    none("no figure of volume $v is too high for a page", slurp("$build/rnn-$v.log") =~ /(Float too large.*)/g);
}

# The lines of a page below its head, which a page has that opens nothing; undef for the others.
sub body_of {
    my ($v, $p) = @_;
    my ($head, @body) = grep { /\S/ } split /\n/, $pages{$v}[$p - 1];
    return defined $head && $head =~ /\s$p\s*$/ ? \@body : undef;
}
sub bare_row { return $_[0] =~ s/[^A-Za-z0-9]//gr }
my $rest = qr/^\s*(?:[[:punct:]\s]+|[\])}].*|(?:end|fi|done|esac|else|elseif|elif|until|#endif|#else)\b.{0,12}|(?:Used in|Continue[sd]|Defines) .*)$/;
for my $v (1, 2) {
    my %body = map { $_ => body_of($v, $_) } 1 .. @{ $pages{$v} };
    none("no page of volume $v begins with a bracket, or with the notes of a chunk",
        map { "page $_: $body{$_}[0]" } grep { $body{$_} && @{ $body{$_} } && $body{$_}[0] =~ $rest } sort { $a <=> $b } keys %body);
    my (undef, @opening) = sort { $a <=> $b } map { $page{$_} } grep { /^ch:/ && $printed_in{$_} eq $v } @own;
    # A table gives none of its rows to a few lines below it.
    my %last_row = map { bare_row($_) => 1 } slurp("$build/rnn-$v.tex") =~ /\n([^\n]*) \\\\\n\\bottomrule/g;
    none('and no chapter ends with less than seven lines on a page, but for one that follows a table',
        map { "page $_" } grep { $body{$_} && @{ $body{$_} } < 7 && !$last_row{ bare_row($pages{$v}[$_ - 2] =~ /(\S.*)\s*$/ ? $1 : '') } } map { $_ - 1 } @opening);
}
# ---- the edges of the paper, and what belongs to a page

# What is printed beyond the text ends well before the paper does; so do the rules of tables, which are no words.
for my $v (1, 2) {
    my ($p, $edge, @over, @limits, @stacks) = (0, 0);
    for (`pdftotext -bbox $build/rnn-$v.pdf -`) {
        if (/<page width="([\d.]+)"/) { $p++; $edge = $1 - 6.5 * 72 / 25.4 }
        my ($left, $top, $right, $word) = /xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="[\d.]+">(.*)<\/word>/ or next;
        push @over, "page $p: $word" if $right > $edge;
        push @{ $word eq 'rows' ? \@stacks : \@limits }, [ $p, ($left + $right) / 2, $top ] if $word =~ /^(?:rows|\xF0\x9D\x91\x87)$/;
    }
    none("nothing of volume $v is printed within 6.5 mm of the paper's edge", @over);
    # The limit above stacked rows is a T in the middle; in small type its upper edge is that of the rows' if they touch.
    my @above = map { my $s = $_; map { [ $s->[0], $s->[2] - $_->[2] ] }
        grep { $_->[0] == $s->[0] && abs($_->[1] - $s->[1]) < 3 && $s->[2] - $_->[2] > 2 && $s->[2] - $_->[2] < 14 } @limits } @stacks;
    none('the limits of stacked rows keep their distance',
        $v == 1 && @above < 4 ? 'there are none' : (), map { "page $_->[0]: $_->[1] pt" } grep { $_->[1] < 5.5 } @above);
    my ($tex, @wide) = slurp("$build/rnn-$v.tex");
    while ($tex =~ /\\begin\{longtable\}(.*?)\\toprule/gs) {
        my ($columns, $sum) = ($1, 0);
        $sum += $_ for $columns =~ /\\real\{([\d.]+)\}/g;
        push @wide, $sum if $sum > 1.18;
    }
    none('no table is wider than text and margin', @wide);
}

# A title of the contents, as far as a head can be compared with it: its letters, without commands.
sub bare { return $_[0] =~ s/\\numberline\s*\{[^}]*\}|\\nonumberline|\\[a-zA-Z]+|[^A-Za-z]//gr }
for my $v (1, 2) {
    my @chapters = map { [ bare($_->[0]), $_->[1] ] } map { [ /^\\contentsline \{chapter\}\{(.*)\}\{(\d+)\}\{[^}]*\}%?$/ ] }
        grep { /^\\contentsline \{chapter\}/ } split /\n/, slurp("$build/rnn-$v.toc");
    my @lost;
    for my $p (1 .. @{ $pages{$v} }) {
        my ($head) = $pages{$v}[$p - 1] =~ /^\s*(\S.*)/;
        my ($chapter) = grep { $_->[1] <= $p } reverse @chapters;
        push @lost, "page $p: $head" if $chapter && body_of($v, $p) && index(bare($head), $chapter->[0]) < 0;
    }
    none("each head of volume $v names its chapter", @chapters ? @lost : 'no chapters');
}

# A table that goes on on the next page has its head there again; above the break are at least five lines of it.
for my $v (1, 2) {
    my (%head, @torn);
    for (slurp("$build/rnn-$v.tex") =~ /\\toprule(?:\\noalign\{\})?\s+(.*?)\\\\\s/gs) {
        my $head = join ' ', map { s/\\(?:begin|end)\{minipage\}(?:\[b\]\{\\linewidth\})?|\\raggedright|^\s+|\s+$//gr } split /&/;
        $head{ $head =~ s/\s+/ /gr =~ s/^ | $//gr } = 1;
    }
    for my $p (1 .. @{ $pages{$v} } - 1) {
        my ($this, $next) = map { body_of($v, $_) } $p, $p + 1;
        my $head = $next && @$next ? $next->[0] =~ s/\s+/ /gr =~ s/^ | $//gr : '';
        next unless $this && $head{$head};
        my ($at) = grep { $this->[$_] =~ s/\s+/ /gr =~ s/^ | $//gr eq $head } 0 .. $#$this;
        push @torn, "page $p: $head" if defined $at && $#$this - $at < 5;
    }
    none("no table of volume $v begins with less than five rows at the foot of a page", %head ? @torn : 'no tables');
}

# The sources of a chapter are the last that it says in its volume, and stand apart from what is above.
none('the sources stand at the end of their chapters',
    grep { slurp($_) =~ /^\*Sources\.\*(?:(?!^# |volume=2).)*^(?::::|## )/ms } glob 'chapters/*.nw');
for my $v (1, 2) {
    my $tex = slurp("$build/rnn-$v.tex");
    none("and apart in volume $v", (() = $tex =~ /\\emph\{Sources\.\}/g) == (() = $tex =~ /\\sourcesbelow\s+\\emph\{Sources\.\}/g) ? () : 'some do not');
}

# What one is sent to can be found by a number, unless it is a chapter without one.
my %unnumbered = map { $_ => 1 } grep { /^ch:/ && $number{$_} eq '' } keys %number;
for my $v (1, 2) {
    none("each reference of volume $v has a number",
        map { "$_->[0]: $_->[1]" } grep { $_->[1] !~ /\d/ && !$unnumbered{ $_->[0] } }
        map { [ /^(.*?)\]\{(.*)$/s ] } slurp("$build/rnn-$v.tex") =~ /\\hyperref\[((?:sec|ch):[^\]]+\]\{[^}]*)\}\\pagehint/g);
}
my %chunk = map { $_->[3] => $_ } reverse @listed;
my %answer = slurp("$build/rnn-1.tex") =~ /This is ⟨([^⟩]*)⟩,\s+\\hyperref\[[^\]]*\]\{([^}]*)\}\\pagehint/g;
none(scalar(keys %answer) . ' answers name a chunk, by its number and its volume',
    keys %answer ? () : 'none at all', map { "$_: $answer{$_}" }
    grep { $answer{$_} ne "chunk~$chunk{$_}[0]" . ($chunk{$_}[4] == 2 ? ' of Volume~II' : '') } keys %answer);
none('and none is named without', slurp("$build/rnn-1.tex") =~ /(This is ⟨[^⟩]*⟩,?[^\\]{0,20}\\hyperref\[[^\]]*\]\{[^}\d]*\})/g);

none('the sheet for the wall is one', $page{'ch:hints'} == $page{'ch:wall'} + 1 ? () : "pages $page{'ch:wall'} to $page{'ch:hints'}");

# ---- sentences that compare measurements

my %bits = map { (split /\t/)[0, 1] } grep { /^\d/ } split /\n/, slurp("$build/counts.tsv");
my %run = map { (split /\t/)[0, 1] } split /\n/, slurp("$build/hamlet.tsv");
none('the best count table has three characters', grep { $_ != 3 && $bits{$_} <= $bits{3} } keys %bits);
none('and is better than the network of make train ever is', $bits{3} < $run{best} ? () : "$bits{3} and $run{best}");
none('whose best is the network that is kept', $run{best} <= $run{end} ? () : "$run{best} and $run{end}");

done_testing;
