package Rnn;
# What the tests of the program rnn share: running it, and files made by hand.
use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter 'import';
use File::Temp qw(tempdir);
use lib 'tests';
use Tap;

our @EXPORT = qw(rnn says refuses prints tensors network lines_of number_of);
our ($out, $err, $status);
my $dir = tempdir(CLEANUP => 1);
our $program = abs_path(($ENV{BUILD} || 'build') . '/rnn');

# rnn(@words): runs the program, and returns what it printed; its exit status and messages are in
# $Rnn::status and $Rnn::err. What it reads comes from the file $Rnn::input.
our $input = '/dev/null';
sub rnn {
    my (@words) = @_;
    my $pid = fork // die $!;
    if (!$pid) {
        open STDIN, '<', $input or die "$input: $!";
        open STDOUT, '>', "$dir/out" or die $!;
        open STDERR, '>', "$dir/err" or die $!;
        exec $program, @words or die "$program: $!";
    }
    waitpid $pid, 0;
    $status = $? & 127 ? 128 + ($? & 127) : $? >> 8;
    ($out, $err) = (slurp("$dir/out"), slurp("$dir/err"));
    return $out;
}

# says($what, $text, @words): it is done, and the text is on one of the outputs.
sub says {
    my ($what, $text, @words) = @_;
    rnn(@words);
    return ok($status == 0 && index($out . $err, $text) >= 0, $what, "exit $status", $out, $err);
}

# refuses($wanted, $what, $message, @words): the exit status, the message, and no data.
sub refuses {
    my ($wanted, $what, $message, @words) = @_;
    rnn(@words);
    return ok($status == $wanted && index($err, $message) >= 0 && $out eq '', $what, "exit $status", $err);
}

# prints($what, $text, @words): it is done, and its output is this text.
sub prints {
    my ($what, $text, @words) = @_;
    rnn(@words);
    return ok($status == 0 && $out eq $text, $what, "exit $status", $out, $err);
}

# tensors($path, \%strings, $name => [$type, \@shape, $bytes], ...): a safetensors file.
sub tensors {
    my ($path, $strings, %tensors) = @_;
    my ($at, $data, @entries) = (0, '');
    push @entries, '"__metadata__":{' . join(',', map { qq("$_":"$strings->{$_}") } sort keys %$strings) . '}';
    for my $name (sort keys %tensors) {
        my ($type, $shape, $bytes) = @{ $tensors{$name} };
        push @entries, sprintf '"%s":{"dtype":"%s","shape":[%s],"data_offsets":[%d,%d]}', $name, $type,
            join(',', @$shape), $at, $at + length $bytes;
        $at += length $bytes;
        $data .= $bytes;
    }
    my $header = '{' . join(',', @entries) . '}';
    spew($path, pack('Q<', length $header), $header, $data);
}

# network($path, $letters, W_xh, W_hh, b_h, W_hy, b_y): a network of one hidden unit.
sub network {
    my ($path, $letters, $W_xh, $W_hh, $b_h, $W_hy, $b_y) = @_;
    my $m = @$b_y;
    my %of = ('rnn.weight_ih_l0' => [ [ 1, $m ], $W_xh ], 'rnn.weight_hh_l0' => [ [ 1, 1 ], $W_hh ],
        'rnn.bias_ih_l0' => [ [1], $b_h ], 'rnn.bias_hh_l0' => [ [1], [0] ],
        'decoder.weight' => [ [ $m, 1 ], $W_hy ], 'decoder.bias' => [ [$m], $b_y ]);
    tensors($path, { vocabulary => $letters },
        map { $_ => [ 'F32', $of{$_}[0], pack('f<*', @{ $of{$_}[1] }) ] } keys %of);
}

sub lines_of { return split /\n/, $_[0], -1 }

# number_of($name): the number behind a name at the beginning of a line that was printed.
sub number_of {
    my ($name) = @_;
    return $out =~ /^\Q$name\E\s+(-?[0-9.e+-]+)/m ? $1 : die "no $name in\n$out";
}

1;
