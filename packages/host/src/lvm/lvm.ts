/**
 * LVM of one host. Every call says which block devices LVM may look at, and LVM sees no other: it must never find a
 * volume group through a path of a LUN, and a dead device that a call does not concern must not hold it. Names come
 * from strangers (whoever could write to a LUN), so a name that is none is refused before a program sees it.
 *
 * LVM itself locks nothing between hosts here. Whoever changes a volume group that several hosts see has to make sure
 * that nobody else does so at the same time.
 */
export interface Lvm {
	/** `2.03.16`, or null when lvm2 is not installed. */
	version(): Promise<string | null>;
	/** Those of the devices that are physical volumes. */
	physicalVolumes(devices: readonly string[], options?: LvmCall): Promise<readonly PhysicalVolume[]>;
	/**
	 * Physical volumes that LVM finds when nobody tells it where to look, as every command of an administrator does:
	 * on whichever device its own configuration lets it see, and every copy of one that stands on several. It reads
	 * each of these devices, so a map without a path that would answer holds it: not to be asked then.
	 */
	ownPhysicalVolumes(options?: LvmCall): Promise<readonly PhysicalVolume[]>;
	/** Groups that stand on the devices, whole or in part; two of one name are both told. */
	volumeGroups(devices: readonly string[], options?: LvmCall): Promise<readonly VolumeGroup[]>;
	/** Groups of that name on the devices, whole or in part, with their volumes, as one look shows both. */
	groupsNamed(devices: readonly string[], vg: string, options?: LvmCall): Promise<readonly GroupContents[]>;
	/** Volumes on the devices; of one group when it is named, and none when there is no such group. */
	logicalVolumes(
		devices: readonly string[],
		vg?: string,
		options?: LvmCall,
	): Promise<readonly LogicalVolume[]>;
	/**
	 * What a device carries, in words, as the first bytes of it tell: `ext4`, `a gpt partition table`, `LVM2_member`;
	 * null: nothing is recognised on it.
	 */
	contents(device: string, options?: LvmCall): Promise<string | null>;
	/**
	 * Makes a physical volume and a group on it. Never overwrites a signature: LVM refuses a device that carries
	 * something. A step that has begun is let finish; none begins after the signal.
	 */
	createGroup(device: string, vg: string, options?: LvmCall): Promise<void>;
	/** Makes a volume, wipes what its place carried, and leaves it active on this host alone. */
	createVolume(devices: readonly string[], volume: NewVolume): Promise<void>;
	removeVolume(devices: readonly string[], volume: VolumeName): Promise<void>;
	renameVolume(devices: readonly string[], volume: VolumeName, name: string): Promise<void>;
	/** Grows a volume to at least so many bytes. */
	extendVolume(devices: readonly string[], volume: VolumeName, sizeBytes: number): Promise<void>;
	/** Makes the volume usable on this host, with the newest metadata. */
	activateVolume(devices: readonly string[], volume: VolumeName): Promise<void>;
	deactivateVolume(devices: readonly string[], volume: VolumeName): Promise<void>;
	/** Writes zeroes over a part of an active volume; bytes, multiples of 512. */
	zero(volume: VolumeName, part: ZeroedPart): Promise<void>;
	/**
	 * Every block device of the host that LVM may look at once the devices named (`sda`), their partitions, and what
	 * cannot hold a volume group are left out, as paths in /dev.
	 */
	otherDevices(without: readonly string[]): Promise<readonly string[]>;
}

export interface LvmCall {
	readonly deadlineMs?: number;
	readonly signal?: AbortSignal | undefined;
}

export interface PhysicalVolume {
	/** Device node as LVM names it, such as `/dev/dm-3` or `/dev/mapper/NAME`. */
	readonly device: string;
	readonly uuid: string;
	readonly sizeBytes: number;
	readonly freeBytes: number;
	/** Null: it belongs to no group yet. */
	readonly vg: string | null;
	/** True: another device that LVM may look at carries the same physical volume. */
	readonly duplicate: boolean;
	/** True: the group names it, and it is on none of the devices. */
	readonly missing: boolean;
	/** Room for metadata, and how much of it is left; null when not told. */
	readonly metadata: { readonly sizeBytes: number; readonly freeBytes: number } | null;
}

export interface VolumeGroup {
	readonly name: string;
	readonly uuid: string;
	readonly sizeBytes: number;
	readonly freeBytes: number;
	readonly extentBytes: number;
	readonly volumes: number;
	/** Physical volumes of the group that are on none of the devices. */
	readonly missing: number;
}

export interface GroupContents {
	readonly group: VolumeGroup;
	readonly volumes: readonly LogicalVolume[];
}

export interface VolumeName {
	readonly vg: string;
	readonly name: string;
}

export interface NewVolume extends VolumeName {
	/** Rounded up to whole extents. */
	readonly sizeBytes: number;
	readonly tags: readonly string[];
}

export interface LogicalVolume extends VolumeName {
	readonly uuid: string;
	readonly sizeBytes: number;
	/** LVM's ten letters of state (lvs(8), `lv_attr`). */
	readonly attributes: string;
	readonly active: boolean;
	/** True: somebody on this host has it open. */
	readonly open: boolean;
	readonly tags: readonly string[];
	/** Seconds since the epoch; null when not told. */
	readonly createdAtS: number | null;
}

export interface ZeroedPart {
	readonly offset: number;
	readonly length: number;
	/** Bytes that one request to the device may cover. */
	readonly step: number;
	readonly signal?: AbortSignal;
}
