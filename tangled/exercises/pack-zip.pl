#!/usr/bin/perl
# generated from chapters/40-course.nw by noweb; do not edit
# pack-zip.pl ARCHIVE.zip FOLDER: packs all that is in the folder, in the order of the names
use strict;
use warnings;
use IO::Compress::Zip qw(:all);

my ($archive, $folder) = @ARGV;
my @files = sort map { chomp; $_ } `cd '$folder' && find . -type f`;
my $zip;
for (@files) {
    my ($name, $mode) = (s{^\./}{}r, -x "$folder/$_" ? 0100755 : 0100644);
    my %about = (Name => $name, Time => 1577836800, ExtAttr => $mode << 16, -Level => 9);
    if ($zip) { $zip->newStream(%about) }
    else { $zip = IO::Compress::Zip->new($archive, %about) or die "$archive: $ZipError\n" }
    open my $file, '<:raw', "$folder/$_" or die "$folder/$_: $!\n";
    local $/ = \65536;
    while (<$file>) { $zip->print($_) or die "$archive: $ZipError\n" }
}
$zip && $zip->close or die "$archive: $ZipError\n";
