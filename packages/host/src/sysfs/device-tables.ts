import { PathkeeperError } from "@pathkeeper/model";
import { attribute, type BlockDevices } from "./block-devices.ts";
import type { DeviceUses, OtherDevice } from "./device-uses.ts";
import type { DmDevice } from "./dm-device.ts";
import { rootDevice, type SystemTables, systemUses } from "./system-uses.ts";

/** Devices that stand on maps, and what the system does with them: everything but the open counts. */
export interface DeviceTables extends Omit<DeviceUses, "openCounts"> {
	/** Kernel name of the device under the root file system; null when it is none of these. */
	readonly root: string | null;
}

// The mounts of init are those of the machine; a hardened service may live among others of its own.
const mountTables = ["/proc/1/mountinfo", "/proc/self/mountinfo"];
const swaps = "/proc/swaps";
/** All block devices with their sizes, from the kernel's own memory. */
const partitions = "/proc/partitions";
const btrfs = "/sys/fs/btrfs";
/** There only while the loop device is in use. */
const backing = "loop/backing_file";

/** Reads who stands on dm devices. Throws PROCESS_DEADLINE when one of the tables hangs, FILE_UNREADABLE without one. */
export async function readDeviceTables(
	blocks: BlockDevices,
	dmDevices: ReadonlyMap<string, DmDevice>,
): Promise<DeviceTables> {
	const loops = [...(await blocks.disks()).keys()].filter((dev) => /^loop\d+$/.test(dev));
	const others = await blocks.othersAbove(dmDevices.values());
	const parts = [...others.values()].flatMap((other) => other.parts);
	const texts = await blocks.surely([
		...mountTables,
		swaps,
		...loops.map((loop) => attribute(loop, backing)),
		...parts.map((part) => attribute(part, "dev")),
	]);
	const mountinfo = mountTables.map((table) => texts.get(table)).find((text) => text !== undefined);
	if (mountinfo === undefined) {
		const values = { path: mountTables.join(", "), problem: "without it, mounts are unknown" };
		throw new PathkeeperError("FILE_UNREADABLE", values);
	}
	const tables: SystemTables = {
		mountinfo,
		swaps: texts.get(swaps) ?? "",
		btrfs: await mountedBtrfs(blocks),
		loops: new Map(
			loops.flatMap((loop) => {
				const path = texts.get(attribute(loop, backing));
				return path === undefined ? [] : [[loop, path] as const];
			}),
		),
		names: namesByNumber(dmDevices, others, (part) => texts.get(attribute(part, "dev"))),
	};
	return {
		dmDevices,
		others,
		systemUses: systemUses(tables, dmDevices),
		root: rootDevice(tables, dmDevices),
	};
}

/**
 * Texts of the kernel that are others when a block device came, went or grew, a file system was mounted or swap space
 * taken into use. Errors as above.
 */
export async function readSignTables(blocks: BlockDevices): Promise<readonly string[]> {
	const tables = [partitions, ...mountTables, swaps];
	const texts = await blocks.surely(tables);
	return tables.map((table) => texts.get(table) ?? "");
}

async function mountedBtrfs(blocks: BlockDevices): Promise<ReadonlyMap<string, readonly string[]>> {
	const uuids = (await blocks.entries([btrfs]))(btrfs).filter((name) => /^[0-9a-f-]{36}$/.test(name));
	const folder = (uuid: string): string => `${btrfs}/${uuid}/devices`;
	const devices = await blocks.entries(uuids.map(folder));
	return new Map(uuids.map((uuid) => [uuid, devices(folder(uuid))]));
}

function namesByNumber(
	dmDevices: ReadonlyMap<string, DmDevice>,
	others: ReadonlyMap<string, OtherDevice>,
	numberOf: (part: string) => string | undefined,
): ReadonlyMap<string, string> {
	const names = new Map<string, string>();
	for (const { dm, devT } of dmDevices.values()) if (devT !== null) names.set(devT, dm);
	for (const { dev, parts } of others.values()) {
		for (const part of parts) {
			const number = numberOf(part);
			if (number !== undefined) names.set(number, dev);
		}
	}
	return names;
}
