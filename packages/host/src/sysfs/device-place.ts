/**
 * Where a disk hangs in the machine, read off the path that `/sys/block/DEV` links to. The path is made by the
 * kernel from its own numbers, so it holds no text of a target and cannot block; everything that a driver has to be
 * asked for is looked up by these numbers afterwards (transport.ts).
 */
export interface DevicePlace {
	/** `host:channel:target:lun`. */
	readonly hctl: string | null;
	/** SCSI host that the disk hangs on. */
	readonly host: string | null;
	/** `rport-H:C-N` of a Fibre Channel target. */
	readonly remotePort: string | null;
	/** `sessionN` of an iSCSI target. */
	readonly session: string | null;
	/** `end_device-…` of a SAS target. */
	readonly endDevice: string | null;
	/** `nvmeN` of an NVMe namespace. */
	readonly controller: string | null;
	/** `nvme-subsysN`, when the kernel joins the paths of an NVMe namespace itself. */
	readonly subsystem: string | null;
	readonly usb: boolean;
}

/** Reads `../devices/pci0000:00/…/host2/rport-2:0-1/target2:0:1/2:0:1:4/block/sdc` and its like. */
export function placeOf(link: string): DevicePlace {
	const parts = link.split("/");
	const hctl = last(parts, /^\d+:\d+:\d+:\d+$/);
	return {
		hctl,
		host: hctl === null ? null : `host${hctl.slice(0, hctl.indexOf(":"))}`,
		remotePort: last(parts, /^rport-\d+:\d+-\d+$/),
		session: last(parts, /^session\d+$/),
		endDevice: last(parts, /^end_device-\d+(?::\d+)+$/),
		controller: last(parts, /^nvme\d+$/),
		subsystem: last(parts, /^nvme-subsys\d+$/),
		usb: parts.some((part) => /^usb\d+$/.test(part)),
	};
}

function last(parts: readonly string[], pattern: RegExp): string | null {
	return parts.findLast((part) => pattern.test(part)) ?? null;
}
