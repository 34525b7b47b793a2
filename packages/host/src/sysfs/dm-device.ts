/** A device-mapper device as sysfs shows it. */
export interface DmDevice {
	/** `dm-N`. */
	readonly dm: string;
	/** `major:minor`. */
	readonly devT: string | null;
	/** As the kernel holds it; libdevmapper writes odd characters as `\xNN`. */
	readonly name: string;
	/** Says who made the device: `mpath-…`, `LVM-…`, `part1-mpath-…`, `CRYPT-…`; empty when it has none. */
	readonly uuid: string;
	readonly sizeBytes: number;
	readonly suspended: boolean;
	/** Kernel names of the devices right below. */
	readonly slaves: readonly string[];
	/** Kernel names of the devices right above. */
	readonly holders: readonly string[];
}

/** WWID of a multipath map, null for every other device; `partN-mpath-…` is a partition of a map and no map. */
export function wwidOf(device: Pick<DmDevice, "uuid">): string | null {
	return device.uuid.startsWith("mpath-") ? device.uuid.slice("mpath-".length) : null;
}

/** Number of the partition when the device is one that kpartx made over a map (`part1-mpath-…`), else null. */
export function partitionOf(device: DmDevice): number | null {
	const number = /^part(\d+)-mpath-/.exec(device.uuid)?.[1];
	return number === undefined ? null : Number(number);
}

/** How a person knows the device: `LV vg0/data (dm-7)`, `partition 1 (dm-3)`, `encrypted device home (dm-4)`. */
export function labelOf(device: DmDevice): string {
	const { dm, uuid } = device;
	const name = unmangled(device.name);
	const partition = partitionOf(device);
	if (partition !== null) return `partition ${partition} (${dm})`;
	if (uuid.startsWith("LVM-")) return `LV ${volumeOf(name) ?? name} (${dm})`;
	if (uuid.startsWith("CRYPT-")) return `encrypted device ${name} (${dm})`;
	if (uuid.startsWith("mpath-")) return `multipath map ${name} (${dm})`;
	return `device-mapper device ${name} (${dm})`;
}

/** `vg/lv` of an LVM device name: LVM joins both by a hyphen and doubles the hyphens inside (lvm2 libdm dm_build_dm_name). */
function volumeOf(name: string): string | null {
	const match = /^((?:[^-]|--)+)-((?:[^-]|--|-(?=[a-z]+$))+)$/.exec(name);
	const [, group, volume] = match ?? [];
	if (group === undefined || volume === undefined) return null;
	return `${group.replaceAll("--", "-")}/${volume.replaceAll("--", "-")}`;
}

/** libdevmapper's hex mangling undone, for messages only. */
function unmangled(name: string): string {
	return name.replace(/\\x([0-9a-fA-F]{2})/g, (whole, hex: string) => {
		const code = Number.parseInt(hex, 16);
		// Control characters stay mangled: a name must not draw on a terminal.
		return code < 0x20 || code > 0x7e ? whole : String.fromCharCode(code);
	});
}
