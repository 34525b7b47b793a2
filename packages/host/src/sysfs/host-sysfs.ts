import type { Candidate, KernelMap, Transport } from "@pathkeeper/model";

/** What the kernel shows of block devices, without asking multipathd and without touching a device. */
export interface HostSysfs {
	/**
	 * Every dm device whose uuid starts with `mpath-`, with everybody who stands on it, followed through
	 * device-mapper, md and bcache. Throws PROCESS_DEADLINE when the kernel does not hand out what a map is.
	 */
	kernelMaps(): Promise<readonly KernelMap[]>;
	/** Bytes of each of these devices by WWID, without asking who uses them: a small part of the work on a large host. */
	mapSizes(): Promise<ReadonlyMap<string, number>>;
	/** SCSI and NVMe disks that stand in no map. */
	candidates(): Promise<readonly Candidate[]>;
	/** Address, transport and size of the path devices named; unknown names are left out. */
	paths(devs: readonly string[]): Promise<ReadonlyMap<string, PathFacts>>;
	/** Names of all device-mapper devices that are not multipath maps (an alias must not collide with one). */
	foreignDmNames(): Promise<readonly string[]>;
	/** WWID of the map that the root file system stands on (then the initramfs matters); null when on none. */
	rootOnMap(): Promise<string | null>;
	/**
	 * A text that is another one when a block device came, went or grew, or when somebody began or ceased to use one:
	 * open counts, mounts, swap space. States and addresses are not in it. It costs a small part of the others, and so
	 * tells whether they are worth asking. Throws PROCESS_DEADLINE when the kernel does not tell in time.
	 */
	signs(): Promise<string>;
	/**
	 * Files of the kernel whose last read hangs, so that what they tell is unknown; a dead device or its driver is
	 * behind it. Absent where no read can hang.
	 */
	stuckReads?(): readonly string[];
}

export interface PathFacts {
	readonly hctl: string | null;
	/** `device/state` of the path now; null when there is none or it could not be read in time. */
	readonly deviceState: string | null;
	readonly sizeBytes: number | null;
	readonly transport: Transport | null;
}
