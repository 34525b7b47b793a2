# usage: perl writer.pl DEVICE OFFSET STATUS-FILE
# Writes and reads a ring of blocks at OFFSET bytes of DEVICE, past the page cache, until SIGTERM; then it reads the
# whole ring once more. Every block names its device, its place and the round in which it was written, so a block that
# is lost, old, misplaced or changed is found. Only modules of Debian's perl-base are used.
use strict;
use warnings;
use Fcntl qw(O_RDWR O_DIRECT SEEK_SET);

my ($device, $base, $status) = @ARGV;
my ($bytes, $slots) = (65536, 64);
my ($round, $reads, $longest, $ended) = (0, 0, 0, 0);
my (@written, @errors, @mismatches);
$SIG{TERM} = sub { $ended = 1 };

sysopen my $disk, $device, O_RDWR | O_DIRECT or die "$device: $!";

# O_DIRECT wants an aligned address. A string of this size never moves while its length stays the same.
my $buffer = "\0" x ($bytes + 4096);
my $start = -unpack("J", pack("p", $buffer)) % 4096;

sub seconds { open my $file, "<", "/proc/uptime" or die; return (split " ", <$file>)[0] }

sub expected {
	my ($slot) = @_;
	return sprintf("%-41.41s %10d %10d\n", $device, $slot, $written[$slot]) x ($bytes / 64);
}

sub trouble {
	my ($list, $slot, $what) = @_;
	$what =~ s/[^A-Za-z0-9 .:,\/_-]//g;
	push @$list, sprintf('{"at":%d,"message":"block %d, round %d: %s"}', time * 1000, $slot, $round, $what)
		if @$list < 20;
}

sub timed {
	my ($work) = @_;
	my $begin = seconds();
	$work->();
	my $took = seconds() - $begin;
	$longest = $took if $took > $longest;
}

sub put {
	my ($slot) = @_;
	my $before = $written[$slot];
	$written[$slot] = $round;
	substr($buffer, $start, $bytes) = expected($slot);
	timed(sub {
		sysseek $disk, $base + $slot * $bytes, SEEK_SET;
		my $done = syswrite $disk, $buffer, $bytes, $start;
		return if defined $done && $done == $bytes;
		trouble(\@errors, $slot, "write: " . (defined $done ? "only $done bytes" : $!));
		$written[$slot] = undef;
	});
}

sub check {
	my ($slot) = @_;
	return unless defined $written[$slot];
	substr($buffer, $start, $bytes) = "\0" x $bytes;
	timed(sub {
		sysseek $disk, $base + $slot * $bytes, SEEK_SET;
		my $done = sysread $disk, $buffer, $bytes, $start;
		$reads++;
		# A short read would also shorten the string.
		if (!defined $done || $done != $bytes) {
			trouble(\@errors, $slot, "read: " . (defined $done ? "only $done bytes" : $!));
			$buffer = "\0" x ($bytes + 4096);
			$start = -unpack("J", pack("p", $buffer)) % 4096;
			return;
		}
		trouble(\@mismatches, $slot, "read back: " . substr($buffer, $start, 63))
			if substr($buffer, $start, $bytes) ne expected($slot);
	});
}

sub tell_all {
	my ($complete) = @_;
	open my $file, ">", "$status.new" or die "$status.new: $!";
	printf $file '{"rounds":%d,"reads":%d,"longest":%d,"at":%d,"complete":%s,"errors":[%s],"mismatches":[%s]}' . "\n",
		$round, $reads, $longest * 1000, time * 1000, $complete ? "true" : "false",
		join(",", @errors), join(",", @mismatches);
	close $file;
	rename "$status.new", $status;
}

until ($ended) {
	put($round % $slots);
	check(int rand $slots) for 1 .. 2;
	tell_all(0);
	$round++;
	select undef, undef, undef, 0.25;
}
check($_) for 0 .. $slots - 1;
tell_all(1);
