import type { SystemUse } from "./device-uses.ts";
import type { DmDevice } from "./dm-device.ts";
import { type Mount, parseMounts, parseSwaps } from "./mount-table.ts";

/** Texts and folders of the host that say what the system itself has opened. */
export interface SystemTables {
	/** /proc/self/mountinfo. */
	readonly mountinfo: string;
	/** /proc/swaps. */
	readonly swaps: string;
	/** Kernel names of the devices of each mounted btrfs, by its UUID (/sys/fs/btrfs/UUID/devices). */
	readonly btrfs: ReadonlyMap<string, readonly string[]>;
	/** Device path that each loop device in use reads, by kernel name (/sys/block/loopN/loop/backing_file). */
	readonly loops: ReadonlyMap<string, string>;
	/** Kernel name (`dm-7`, `md0`) of devices by `major:minor`. */
	readonly names: ReadonlyMap<string, string>;
}

/** What file systems, swap and loop devices do with devices, by kernel name. */
export function systemUses(
	tables: SystemTables,
	dmDevices: ReadonlyMap<string, DmDevice>,
): ReadonlyMap<string, readonly SystemUse[]> {
	const uses = new Map<string, SystemUse[]>();
	const add = (dev: string, text: string, opens = 1): void => {
		uses.set(dev, [...(uses.get(dev) ?? []), { text, opens }]);
	};
	const nodes = deviceNodes(dmDevices);
	const mounts = parseMounts(tables.mountinfo);
	const inBtrfs = new Set<string>();
	for (const [uuid, devices] of tables.btrfs) {
		// btrfs mounts carry an anonymous device number, and their source names only one of their devices.
		const places = mounts.filter(
			({ fileSystem, source }) =>
				fileSystem === "btrfs" && devices.includes(nodes.get(source) ?? nodeName(source)),
		);
		for (const dev of devices) {
			inBtrfs.add(dev);
			add(dev, places.length > 0 ? mountedOn(places) : `part of the mounted btrfs ${uuid}`);
		}
	}
	const byDevice = new Map<string, Mount[]>();
	for (const mount of mounts) {
		const dev = tables.names.get(mount.devT) ?? nodes.get(mount.source);
		if (dev !== undefined && !inBtrfs.has(dev)) byDevice.set(dev, [...(byDevice.get(dev) ?? []), mount]);
	}
	for (const [dev, places] of byDevice) add(dev, mountedOn(places));
	for (const [loop, path] of tables.loops) add(nodes.get(path) ?? nodeName(path), `loop device ${loop}`);
	// Besides claiming the device, kernels up to 6.9 keep the file open that swapon was given (mm/swapfile.c).
	for (const path of parseSwaps(tables.swaps)) add(nodes.get(path) ?? nodeName(path), "swap space", 2);
	return uses;
}

/** One file system opens its device once, however many places show it. */
function mountedOn(mounts: readonly Mount[]): string {
	const places = [...new Set(mounts.map(({ at }) => at))];
	const more = places.length > 3 ? ` and ${places.length - 3} more places` : "";
	return `mounted on ${places.slice(0, 3).join(", ")}${more}`;
}

/** `/dev/dm-7` and `/dev/mapper/NAME`: the second is a link that udev makes, but must never be read as a kernel name. */
function deviceNodes(dmDevices: ReadonlyMap<string, DmDevice>): ReadonlyMap<string, string> {
	return new Map(
		[...dmDevices.values()].flatMap(({ dm, name }) => [
			[`/dev/${dm}`, dm] as const,
			[`/dev/mapper/${name}`, dm] as const,
		]),
	);
}

function nodeName(path: string): string {
	return /^\/dev\/([^/]+)$/.exec(path)?.[1] ?? path;
}

/** Kernel name of the device under the topmost mount on `/`; null when it is none that is known here. */
export function rootDevice(tables: SystemTables, dmDevices: ReadonlyMap<string, DmDevice>): string | null {
	const root = parseMounts(tables.mountinfo).findLast(({ at }) => at === "/");
	if (root === undefined) return null;
	const nodes = deviceNodes(dmDevices);
	return tables.names.get(root.devT) ?? nodes.get(root.source) ?? null;
}
