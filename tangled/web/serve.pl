#!/usr/bin/env perl
# generated from chapters/56-page-tests.nw by noweb; do not edit
# serve.pl FOLDER PORT: serves the files of FOLDER to this machine
use strict;
use warnings;
use IO::Socket::INET;
my ($folder, $port) = @ARGV;
# Know the types of files
my %type = (html => 'text/html; charset=utf-8', css => 'text/css', js => 'text/javascript; charset=utf-8',
    svg => 'image/svg+xml', woff2 => 'font/woff2', txt => 'text/plain; charset=utf-8');

# Find the file that is asked for
sub file_for {
    my ($path) = @_;
    $path =~ s/[?#].*//;
    $path =~ s/%([0-9a-f]{2})/chr hex $1/gie;
    $path .= 'index.html' if $path =~ m{/$};
    return if $path =~ m{(^|/)\.\.(/|$)|\0};
    return -f "$folder$path" ? "$folder$path" : undef;
}

# Answer one request
sub answer {
    my ($client) = @_;
    my $asked = <$client>;
    my ($path) = ($asked || '') =~ m{^GET (/\S*) HTTP/1} or return;
    while (my $line = <$client>) { last if $line =~ /^\r?$/ }
    my $file = file_for($path);
    my ($suffix) = ($file || 'x.txt') =~ /(\w+)$/;
    my $body = 'not in this book';
    if ($file && open my $f, '<:raw', $file) { local $/; $body = <$f> }
    my $status = $file ? '200 OK' : '404 Not Found';
    my $type = $type{$suffix} || 'application/octet-stream';
    print $client "HTTP/1.1 $status\r\nContent-Type: $type\r\nContent-Length: " . length($body) . "\r\nConnection: close\r\n\r\n$body";
}
my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $port, Listen => 20, ReuseAddr => 1)
    or die "serve: port $port: $!; another one is make serve PORT=8001\n";
$SIG{PIPE} = 'IGNORE';
$| = 1;
print "http://127.0.0.1:$port/ is the book; Ctrl-C ends it\n";
while (my $client = $server->accept) { answer($client); close $client }
