#!/usr/bin/env perl
# The EPUB: epubcheck finds nothing, its chapters are small, have titles, and
# their formulas are polished as those of the pages are. Needs make epub.
use strict;
use warnings;
use lib 'tests';
use Tap;
use Cwd 'abs_path';
use IO::Uncompress::Unzip qw($UnzipError);

my $build = $ENV{BUILD} || 'build';
my $book = "$build/rnn.epub";
my (@names, %part);
my $in = IO::Uncompress::Unzip->new($book) or die "$book: $UnzipError\n";
for (my $status = 1; $status > 0; $status = $in->nextStream) {
    push @names, $in->getHeaderInfo->{Name};
    $part{$names[-1]} = do { local $/; <$in> } // '';
}

is($names[0], 'mimetype', 'the archive begins with its type');
my @pages = grep { m{/text/.*\.xhtml$} } @names;
ok(@pages > 100, @pages . ' pages');
none('none is larger than a reader likes', grep { length $part{$_} > 300e3 } @pages);
none('none is called like a file', grep { $part{$_} !~ m{<title>[^<]*[^<.\s][^<]*</title>} || $part{$_} =~ m{<title>[^<]*\.xhtml} } @pages);

my $all = join '', @part{@pages};
my @formulas = $all =~ m{<math.*?</math>}gs;
ok(@formulas > 1500, @formulas . ' formulas');
none('no name of a function is spaced like a sign', grep { m{<mo[^>]*>[A-Za-z]{2,}</mo>} } @formulas);
none('a name stands apart from what it is applied to', grep { m{(?<!<msub>)(?<!<msup>)(?<!<munder>)<mi>[a-z]{2,}</mi><m(?:i|n|sub|sup)>} } @formulas);
none('in an index everything is set tight', grep { m{<msub>(?:<m[in]>[^<]*</m[in]>)<mrow><m[in]>[^<]+</m[in]><mo>} } @formulas);
none('a sign that begins a term is no difference', grep { m{<mo>(?:=|≔)</mo><mo>−} } @formulas);
none('a bracket that need not grow does not', grep { m{stretchy="true"} && !m{\\left} } @formulas);
none('fractions in aligned equations are as large as elsewhere', grep { m{^<math display="block".*<mtable(?! displaystyle)}s } @formulas);
my ($nav) = grep { m{/nav\.xhtml$} } @names;
my @parts = $part{$nav} =~ m{>Part: ([^<]*)<}g;
ok("@parts" =~ /^Complements .* Indexes$/, @parts . ' parts stand in the list of its pages', "@parts");
my ($list) = grep { /\.opf$/ } @names;
ok($part{$list} =~ m{<dc:identifier[^>]*>urn:uuid:} && $part{$list} =~ m{schema:accessibilityFeature}, 'it has an identifier, and says what it offers to all');
none('each figure is described in other words than its caption\'s', grep {
    my ($alt, $caption) = m{alt="([^"]*)".*?<figcaption[^>]*>(.*?)</figcaption>}s;
    !$alt || $caption && index($caption, $alt) >= 0 } $all =~ m{<figure.*?</figure>}gs);

# Debian's is a Java archive, which only some systems can start by itself.
my $checker = found('epubcheck');
if ($checker) {
    $checker = abs_path($checker);
    my @program = slurp($checker) =~ /^PK/ ? ('java', '-jar', $checker) : $checker;
    my $said = qx(@program '$book' 2>&1);
    ok($? == 0 && $said !~ /^(ERROR|WARNING|FATAL)/m, 'epubcheck finds no error and no warning', $said);
}
else { skip('epubcheck finds no error and no warning', 'there is no epubcheck: make deps-web') }
done_testing();
