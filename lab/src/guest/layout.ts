/**
 * The hardware of every guest. Two virtio-scsi controllers are the two fabrics; each LUN is one file behind both, with
 * one WWN, so multipathd sees two paths to one LUN. A third controller carries a local disk that has one path and a
 * file system: nothing in the lab may ever make a map of it.
 *
 * Two more network cards lead nowhere until a fleet connects them (fleet/wires.ts): its fabrics are networks.
 */

/** The two ways to a LUN. */
export const fabrics = ["a", "b"] as const;
export type Fabric = (typeof fabrics)[number];

export interface Lun {
	/** LUN number, and the one digit in which the WWNs differ. */
	readonly number: number;
	readonly bytes: number;
	/** As sysfs shows it: `naa.5000c5001500aa00`. */
	readonly wwn: string;
	/** As multipathd and udev show it: `35000c5001500aa00`. */
	readonly wwid: string;
}

const gibibyte = 1024 ** 3;

/** The LUN with this number. */
export function lunNumber(number: number, bytes: number): Lun {
	const digits = `5000c5001500aa${number.toString(16).padStart(2, "0")}`;
	return { number, bytes, wwn: `naa.${digits}`, wwid: `3${digits}` };
}

/**
 * LUNs that are there when a guest comes up, sparse: 1, 2, 3 and 4 GiB, so that nobody can take one for another, and
 * a second one of 1 GiB for what needs two that are alike.
 */
export const firstLuns: readonly [Lun, Lun, Lun, Lun, Lun] = [
	lunNumber(0, gibibyte),
	lunNumber(1, 2 * gibibyte),
	lunNumber(2, 3 * gibibyte),
	lunNumber(3, 4 * gibibyte),
	lunNumber(4, gibibyte),
];

/** The disk that is not on the SAN. */
export const localDisk = {
	bytes: 128 * 1024 ** 2,
	wwn: "naa.5000c5001500ff00",
	wwid: "35000c5001500ff00",
	label: "local-data",
} as const;

/** The read-only disk that carries files of this machine into the guest; its content changes, its size must not. */
export const shareBytes: number = gibibyte;

/** PCI slots of the controllers: by these the guest's sysfs tells which fabric a path belongs to. */
export const pciSlotOf: Readonly<Record<Fabric | "local", number>> = { a: 0x10, b: 0x11, local: 0x12 };

/** The network cards of the fabrics: their place, the hub in QEMU that each is plugged into, and their kernel names. */
export const fabricCards: Readonly<
	Record<Fabric, { readonly slot: number; readonly hub: number; readonly device: string }>
> = {
	a: { slot: 0x13, hub: 1, device: "eth1" },
	b: { slot: 0x14, hub: 2, device: "eth2" },
};

/** QEMU's id for a network card of a fabric. */
export function fabricCard(fabric: Fabric): string {
	return `fabric-nic-${fabric}`;
}

/** The fabric of a path, from the real path of its block device in sysfs; undefined for the local disk. */
export function fabricOf(sysfsPath: string): Fabric | undefined {
	return fabrics.find((fabric) => sysfsPath.includes(`/0000:00:${pciSlotOf[fabric].toString(16)}.0/`));
}

/** QEMU's id for the path to a LUN through a fabric. */
export function pathId(lun: Lun, fabric: Fabric): string {
	return `lun${lun.number}${fabric}`;
}

/** The SCSI disk that is this path, as `-device` and the monitor's `device_add` take it. */
export function pathDevice(lun: Lun, fabric: Fabric): string {
	const identity = `serial=LAB-${lun.number},device_id=LAB-${lun.number},wwn=0x${lun.wwn.slice("naa.".length)}`;
	// Two devices write through one node: QEMU must neither refuse to share it nor take the file's lock twice.
	return `scsi-hd,id=${pathId(lun, fabric)},bus=fabric-${fabric}.0,lun=${lun.number},drive=${lunNode(lun)},share-rw=on,${identity}`;
}

/** QEMU's name for the block node behind both paths. */
export function lunNode(lun: Lun): string {
	return `lun${lun.number}`;
}
