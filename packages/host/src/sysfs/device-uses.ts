import { type DmDevice, labelOf, partitionOf } from "./dm-device.ts";

/** A device of another kind that stands on a map or on something above one: md array, bcache, … */
export interface OtherDevice {
	readonly dev: string;
	/** It and its partitions, as paths below /sys/block: `md0`, `md0/md0p1`. */
	readonly parts: readonly string[];
	/** Kernel names of the devices right above it, or above one of its partitions. */
	readonly holders: readonly string[];
}

/** Something that the system itself does with a device. */
export interface SystemUse {
	/** In words: `mounted on /srv`, `swap space`. */
	readonly text: string;
	/** How many times it can have the device open. */
	readonly opens: number;
}

/** All that is known of who uses block devices on this machine at one moment. */
export interface DeviceUses {
	/** By `dm-N`. */
	readonly dmDevices: ReadonlyMap<string, DmDevice>;
	/** By kernel name. */
	readonly others: ReadonlyMap<string, OtherDevice>;
	/** By kernel name. */
	readonly systemUses: ReadonlyMap<string, readonly SystemUse[]>;
	/** By `dm-N`; or why device-mapper could not be asked, in words. */
	readonly openCounts: ReadonlyMap<string, number> | string;
}

/** The kernel's open count of a map, null when it is not known. */
export function openCountOf(dm: string, uses: DeviceUses): number | null {
	return typeof uses.openCounts === "string" ? null : (uses.openCounts.get(dm) ?? null);
}

/**
 * How often a device is open beyond what the system explains: each device above opens it once, and so does each file
 * system (dm_blk_open in the kernel's drivers/md/dm.c counts every open).
 */
export function unexplainedOpens(device: DmDevice, uses: DeviceUses): number {
	const explained = (uses.systemUses.get(device.dm) ?? []).reduce((sum, { opens }) => sum + opens, 0);
	return Math.max((openCountOf(device.dm, uses) ?? 0) - device.holders.length - explained, 0);
}

/** Kernel names of everything that stands on a device, at any height, without itself. */
export function devicesAbove(
	dev: string,
	uses: Pick<DeviceUses, "dmDevices" | "others">,
): ReadonlySet<string> {
	const above = new Set<string>();
	const waiting = [dev];
	for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
		for (const holder of holdersOf(at, uses)) {
			if (above.has(holder)) continue;
			above.add(holder);
			waiting.push(holder);
		}
	}
	return above;
}

/** More would fill a page and say nothing new. */
const mostUsers = 40;

/**
 * Who stands on a map, one line each, from the map upward; empty when nobody does. `openers` names the processes
 * that hold a device open, as far as they were found. A partition mapping that nobody uses is no user: multipathd
 * takes it away together with the map.
 */
export function usersOf(
	map: DmDevice,
	uses: DeviceUses,
	openers: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
	const users = linesOn(map.dm, null, { uses, openers, seen: new Set() });
	if (openCountOf(map.dm, uses) === null) {
		const why = typeof uses.openCounts === "string" ? uses.openCounts : `${map.dm} was not in its answer`;
		users.push(`perhaps others: device-mapper could not be asked who holds it open (${why})`);
	}
	if (users.length <= mostUsers) return users;
	return [...users.slice(0, mostUsers), `and ${users.length - mostUsers} more`];
}

interface Walk {
	readonly uses: DeviceUses;
	readonly openers: ReadonlyMap<string, readonly string[]>;
	/** A ring cannot be built in the kernel; a torn snapshot must not hang us all the same. */
	readonly seen: Set<string>;
}

function linesOn(dev: string, through: string | null, walk: Walk): string[] {
	if (walk.seen.has(dev)) return [];
	walk.seen.add(dev);
	const { uses } = walk;
	const place = through === null ? "" : ` through ${through}`;
	const lines = (uses.systemUses.get(dev) ?? []).map((use) => use.text + place);
	const device = uses.dmDevices.get(dev);
	if (device !== undefined) {
		lines.push(
			...openLines(unexplainedOpens(device, uses), walk.openers.get(dev) ?? []).map((l) => l + place),
		);
	}
	for (const holder of holdersOf(dev, uses)) {
		const above = uses.dmDevices.get(holder);
		const label = above === undefined ? `device ${holder}` : labelOf(above);
		if (above === undefined || partitionOf(above) === null) lines.push(`${label} active${place}`);
		lines.push(...linesOn(holder, label, walk));
	}
	return lines;
}

function openLines(opens: number, named: readonly string[]): readonly string[] {
	if (opens === 0) return [];
	const lines = [...new Set(named)].map((name) => `held open by ${name}`);
	const rest = opens - named.length;
	// A mount in another mount namespace or a target of the kernel opens a device without a process.
	if (rest > 0)
		lines.push(`held open by ${rest} ${named.length > 0 ? "more" : "other"} user${rest > 1 ? "s" : ""}`);
	return lines;
}

function holdersOf(dev: string, uses: Pick<DeviceUses, "dmDevices" | "others">): readonly string[] {
	return uses.dmDevices.get(dev)?.holders ?? uses.others.get(dev)?.holders ?? [];
}
