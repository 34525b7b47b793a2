/** What can happen to a path: it fails in place, it is pulled, it comes back. */
import { makeEmpty } from "../disk-files.ts";
import type { Guest } from "../guest/guest.ts";
import {
	type Fabric,
	fabricOf,
	firstLuns,
	type Lun,
	localDisk,
	lunNode,
	pathDevice,
	pathId,
} from "../guest/layout.ts";
import { humanMonitorCommand } from "../guest/monitor.ts";
import { lunFile } from "../guest/qemu-arguments.ts";
import { LabError } from "../lab-error.ts";

/** A SCSI disk that the guest's kernel has now. Names such as `sda` differ from boot to boot. */
export interface SeenDisk {
	readonly device: string;
	/** `naa.…`, as in `Lun.wwn`. */
	readonly wwn: string;
	/** The kernel's word for it: `running`, `offline`, `transport-offline`, … */
	readonly state: string;
	/** Undefined for the local disk. */
	readonly fabric: Fabric | undefined;
	/** As sysfs says, in bytes. */
	readonly bytes: number;
}

// One child process for all disks: under emulation each costs as much as all the rest.
const listDisks = `
shopt -s nullglob
disks=(/sys/block/sd*)
mapfile -t places < <(readlink -f "\${disks[@]}")
for at in "\${!disks[@]}"; do
	disk=\${disks[$at]}
	{ read -r wwn < "$disk/device/wwid" && read -r state < "$disk/device/state" && read -r sectors < "$disk/size"; } 2>/dev/null &&
		echo "\${disk##*/} $wwn $state $sectors \${places[$at]}"
done; true
`;

/** Every SCSI disk of the guest, from sysfs; a disk that is just leaving may be missing. */
export async function disksOf(guest: Guest): Promise<readonly SeenDisk[]> {
	const lines = (await guest.exec(listDisks)).trim().split("\n").filter(Boolean);
	return lines.map((line) => {
		const [device = "", wwn = "", state = "", sectors = "", place = ""] = line.split(" ");
		return { device, wwn, state, bytes: Number(sectors) * 512, fabric: fabricOf(place) };
	});
}

/** The paths to a LUN, one a fabric when all is well. */
export async function pathsTo(guest: Guest, lun: Lun): Promise<readonly SeenDisk[]> {
	return (await disksOf(guest)).filter((disk) => disk.wwn === lun.wwn && disk.fabric !== undefined);
}

/** The kernel's name of a path, such as `sda`. Throws LabError when the guest does not have it. */
export async function pathDeviceName(guest: Guest, lun: Lun, fabric: Fabric): Promise<string> {
	const path = (await pathsTo(guest, lun)).find((disk) => disk.fabric === fabric);
	if (path === undefined)
		throw new LabError(`${guest.name} has no path to LUN ${lun.number} by fabric ${fabric}`);
	return path.device;
}

/** The kernel's name of the disk that is not on the SAN. */
export async function localDeviceName(guest: Guest): Promise<string> {
	const disk = (await disksOf(guest)).find((seen) => seen.wwn === localDisk.wwn);
	if (disk === undefined) throw new LabError(`${guest.name} has lost its local disk`);
	return disk.device;
}

/** Takes a path offline in place, or back: its device stays, every command to it fails at once. */
export async function setPathState(
	guest: Guest,
	lun: Lun,
	fabric: Fabric,
	state: "offline" | "running",
): Promise<void> {
	const device = await pathDeviceName(guest, lun, fabric);
	await guest.exec(`echo ${state} > /sys/block/${device}/device/state`);
}

/** Takes a whole fabric down or back, for the LUNs given: every path through it. */
export async function setFabricState(
	guest: Guest,
	fabric: Fabric,
	state: "offline" | "running",
	luns: readonly Lun[] = firstLuns,
): Promise<void> {
	const disks = (await disksOf(guest)).filter(
		(disk) => disk.fabric === fabric && luns.some((lun) => lun.wwn === disk.wwn),
	);
	await guest.exec(disks.map((disk) => `echo ${state} > /sys/block/${disk.device}/device/state`).join("\n"));
}

/** Unplugs a path: its device disappears from the guest. */
export async function pullPath(guest: Guest, lun: Lun, fabric: Fabric): Promise<void> {
	await guest.qmp("device_del", { id: pathId(lun, fabric) });
	await guest.until(`losing path ${pathId(lun, fabric)}`, async () =>
		(await pathsTo(guest, lun)).every((disk) => disk.fabric !== fabric),
	);
}

/** Plugs a path in: a device appears, with whatever name the kernel gives it; that name is the answer. */
export async function plugPath(guest: Guest, lun: Lun, fabric: Fabric): Promise<string> {
	await humanMonitorCommand(guest.monitor, `device_add ${pathDevice(lun, fabric)}`);
	return await guest.until(`seeing path ${pathId(lun, fabric)}`, async () => {
		const path = (await pathsTo(guest, lun)).find((disk) => disk.fabric === fabric);
		return path?.device;
	});
}

/** Exports one more LUN to the guest, through the fabrics given. The lab's own LUNs are there already. */
export async function addLun(guest: Guest, lun: Lun, fabrics: readonly Fabric[] = ["a", "b"]): Promise<void> {
	const filename = lunFile(guest.folder, lun);
	await makeEmpty(filename, lun.bytes);
	await guest.qmp("blockdev-add", {
		driver: "raw",
		"node-name": lunNode(lun),
		file: { driver: "file", filename, locking: "off" },
	});
	for (const fabric of fabrics) await plugPath(guest, lun, fabric);
}

/**
 * Gives a LUN another size, as an array does: the guest is told by a unit attention, but each path keeps the old size
 * until somebody rescans it.
 */
export async function resizeLun(guest: Guest, lun: Lun, bytes: number): Promise<void> {
	await guest.qmp("block_resize", { "node-name": lunNode(lun), size: bytes });
}

/** Lets the kernel look at the size of every path of a LUN again. */
export async function rescanPaths(guest: Guest, lun: Lun): Promise<void> {
	for (const { device } of await pathsTo(guest, lun))
		await guest.exec(`echo 1 > /sys/block/${device}/device/rescan`);
}
