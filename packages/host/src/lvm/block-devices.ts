/** Devices that never carry a volume group of a host. */
const noDisk = /^(?:loop|ram|sr|zram|fd|nbd|mtdblock)\d/;

/**
 * Names of block devices in `/proc/partitions`, without those named and their partitions. A partition of `sda` is
 * `sda1`, of `nvme0n1` `nvme0n1p1`.
 */
export function otherBlockDevices(partitions: string, without: readonly string[]): readonly string[] {
	const names = partitions
		.split("\n")
		.map((line) => /^\s*\d+\s+\d+\s+\d+\s+(\S+)\s*$/.exec(line)?.[1])
		.filter((name) => name !== undefined);
	const left = new Set(without);
	return names.filter((name) => !noDisk.test(name) && !left.has(name) && !left.has(wholeDisk(name)));
}

/** The disk that a block device is, or is a partition of; names of the kernel. */
export function wholeDisk(name: string): string {
	const [, numbered] = /^(.*\d)p\d+$/.exec(name) ?? [];
	const [, lettered] = /^((?:sd|vd|hd|xvd)[a-z]+)\d+$/.exec(name) ?? [];
	return numbered ?? lettered ?? name;
}
