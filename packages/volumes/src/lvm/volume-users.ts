import type { LogicalVolume } from "@pathkeeper/host";
import { baseOf, findStorage, PathkeeperError, type Storage } from "@pathkeeper/model";
import { perCall } from "../call.ts";
import { findVolume } from "../flows.ts";
import type { StorageCall } from "../plugin.ts";
import { vgOf } from "./lvm-plugin.ts";
import { devicesOf } from "./scope.ts";

const maps = perCall((call) => call.host.sysfs.kernelMaps());

/**
 * What keeps a logical volume in use on this node, in words; empty when nothing does. LVM is asked for the volume
 * itself: the users of a map are cut off after some lines, and a group may stand on no map at all. Throws what keeps
 * this node from knowing. Volumes of other types are nobody's here.
 */
export async function volumeUsers(call: StorageCall, volid: string): Promise<readonly string[]> {
	const { storage, volname } = findVolume(call, volid);
	if (storage.type !== "lvm") return [];
	const wwid = lunOf(call, storage);
	if (wwid !== null && !(await hasMap(call, wwid))) return [];
	const devices = await devicesOf(call, storage);
	if (devices.length === 0) return [];
	const volumes = await call.host.lvm.logicalVolumes(devices, vgOf(storage), { signal: call.signal });
	if (volumes.length === 0 && wwid !== null) await checkIdle(call, wwid);
	return volumes.some((volume) => volume.name === volname && mayBeActive(volume))
		? ["it is active there"]
		: [];
}

/** `-` alone says that it is not: suspended, invalid and unknown ones have letters of their own (lvs(8)). */
function mayBeActive({ attributes }: LogicalVolume): boolean {
	return (attributes[4] ?? "") !== "-";
}

function lunOf(call: StorageCall, storage: Storage): string | null {
	const base = baseOf(storage);
	if (base === null) return null;
	return findStorage(call.config, base.storage)?.type === "multipath" ? base.volname : null;
}

/** False: the LUN is not on this node. One whose paths stand in no map may be used through one of them. */
async function hasMap(call: StorageCall, wwid: string): Promise<boolean> {
	if ((await maps.get(call)).some((map) => map.wwid === wwid)) return true;
	const bare = (await call.host.sysfs.candidates()).filter((candidate) => candidate.wwid === wwid);
	if (bare.length === 0) return false;
	throw notKnown(`paths of LUN ${wwid} are in no map: ${bare.map(({ dev }) => dev).join(", ")}`);
}

/** A map without working paths shows no volume, and holds those that were active all the same. */
async function checkIdle(call: StorageCall, wwid: string): Promise<void> {
	const users = (await maps.get(call)).find((map) => map.wwid === wwid)?.users ?? [];
	if (users.length > 0)
		throw notKnown(`no volume was found on LUN ${wwid}, which is in use: ${users.join("; ")}`);
}

function notKnown(problem: string): PathkeeperError {
	return new PathkeeperError("VOLUME_REFUSED", { problem });
}
