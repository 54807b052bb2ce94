#!/usr/bin/env perl
# generated from chapters/41-weave.nw by noweb; do not edit
# epub.pl FROM TO DATE: mends titles, adds what the book offers to all, and makes the archive the same every time
use strict;
use warnings;
use IO::Uncompress::Unzip qw($UnzipError);
use IO::Compress::Zip qw(:constants $ZipError);
use Time::Local;
my ($from, $to, $date) = @ARGV;
# Read the parts of the archive
my (@names, %part);
my $in = IO::Uncompress::Unzip->new($from) or die "$from: $UnzipError\n";
for (my $status = 1; $status > 0; $status = $in->nextStream) {
    my $name = $in->getHeaderInfo->{Name};
    push @names, $name;
    $part{$name} = do { local $/; <$in> };
    $part{$name} = '' if !defined $part{$name};
}

# Call each page by its heading
for my $page (grep { /\.xhtml$/ } @names) {
    my ($heading) = $part{$page} =~ m{<h[1-6][^>]*>(.*?)</h[1-6]>}s or next;
    $heading =~ s/<annotation.*?<\/annotation>//gs;
    $heading =~ s/<[^>]*>//g;
    $heading =~ s/\s+/ /g;
    $part{$page} =~ s{<title>.*?</title>}{<title>$heading</title>}s;
}

# Say what the book offers
my @offers = (['accessMode', 'textual'], ['accessMode', 'visual'], ['accessModeSufficient', 'textual,visual'],
    (map { ['accessibilityFeature', $_] } qw(structuralNavigation tableOfContents MathML alternativeText displayTransformability)),
    ['accessibilityHazard', 'none'],
    ['accessibilitySummary', 'Formulas are MathML, figures have descriptions, and the order of the text is that of the book.']);
my $offered = join '', map { qq(<meta property="schema:$_->[0]">$_->[1]</meta>\n) } @offers;
for my $list (grep { /\.opf$/ } @names) {
    $part{$list} =~ s{</metadata>}{$offered</metadata>};
    $part{$list} =~ s{(<meta property="dcterms:modified">)[^<]*}{$1${date}T00:00:00Z};
}

# Write the parts of the archive
my ($year, $month, $day) = split /-/, $date;
$ENV{TZ} = 'UTC';
my ($time, $out) = timegm(0, 0, 0, $day, $month - 1, $year);
for my $name (@names) {
    my %options = (Name => $name, Time => $time, Minimal => 1,
        Method => $name eq 'mimetype' ? ZIP_CM_STORE : ZIP_CM_DEFLATE);
    if ($out) { $out->newStream(%options) } else { $out = IO::Compress::Zip->new($to, %options) or die "$to: $ZipError\n" }
    $out->print($part{$name});
}
$out->close or die "$to: $ZipError\n";
