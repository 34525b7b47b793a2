import type { Host } from "@pathkeeper/host";
import { baseOf, findStorage, PathkeeperError, type Storage, type Transport } from "@pathkeeper/model";
import { perCall } from "../call.ts";
import type { StorageCall } from "../plugin.ts";

/** Transports of a SAN: a disk behind one of them is a path, whether or not a map holds it yet. */
function isSan({ protocol, portal }: Transport): boolean {
	return protocol === "fc" || protocol === "iscsi" || (protocol === "nvme" && portal !== null);
}

/**
 * The devices that LVM may look at for a storage: the map of its base alone; without a base, what this host has that
 * is no path of a LUN.
 */
export async function devicesOf(call: StorageCall, storage: Storage): Promise<readonly string[]> {
	const base = baseOf(storage);
	if (base === null) return await hostDevices.get(call);
	const under = findStorage(call.config, base.storage);
	if (under === null) throw new PathkeeperError("BASE_ABSENT", { storage: base.storage });
	return [call.registry.pluginOf(under).path(under, base.volname)];
}

/** All devices of the host that LVM may look at, paths left out. */
export const hostDevices = perCall((call) => devicesWithoutPaths(call.host));

/** Every block device of a host that can hold a group and is no path of a LUN; maps are among them. */
export async function devicesWithoutPaths(host: Pick<Host, "sysfs" | "lvm">): Promise<readonly string[]> {
	const maps = await host.sysfs.kernelMaps();
	const candidates = await host.sysfs.candidates();
	const seen = new Map<string, number>();
	for (const { wwid } of candidates) if (wwid !== null) seen.set(wwid, (seen.get(wwid) ?? 0) + 1);
	const mapped = new Set(maps.map(({ wwid }) => wwid));
	const paths = candidates.filter(
		({ wwid, transport }) =>
			(wwid !== null && (mapped.has(wwid) || (seen.get(wwid) ?? 0) > 1)) ||
			(transport !== null && isSan(transport)),
	);
	return await host.lvm.otherDevices([
		...maps.flatMap(({ slaves }) => slaves),
		...paths.map(({ dev }) => dev),
	]);
}
