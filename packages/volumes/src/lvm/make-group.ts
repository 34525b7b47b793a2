import { baseOf, PathkeeperError, type Storage } from "@pathkeeper/model";
import type { StorageCall } from "../plugin.ts";
import { devicesOf, hostDevices } from "./scope.ts";

/**
 * Sees to it that the group of a new storage is there. With a base it is made on the base's volume when that is empty;
 * without one it has to exist. A volume that carries anything else, or is in use, is refused and stays as it is.
 */
export async function makeGroup(call: StorageCall, storage: Storage): Promise<void> {
	const device = await placeForGroup(call, storage);
	if (device === null) return;
	const vg = vgIn(storage);
	await call.host.lvm.createGroup(device, vg, { signal: call.signal });
	call.log(`volume group '${vg}' created on ${device}`);
}

/**
 * The device that the group of a new storage has to be made on; null: the group is there. Changes nothing. Throws
 * VOLUME_GROUP_ABSENT, DEVICE_NOT_EMPTY, VOLUME_REFUSED.
 */
export async function placeForGroup(call: StorageCall, storage: Storage): Promise<string | null> {
	const vg = vgIn(storage);
	const { lvm } = call.host;
	const devices = await devicesOf(call, storage);
	const groups = (await lvm.volumeGroups(devices, { signal: call.signal })).filter(({ name }) => name === vg);
	if (groups.length > 0) return null;
	const base = baseOf(storage);
	const [device] = devices;
	if (base === null || device === undefined) throw new PathkeeperError("VOLUME_GROUP_ABSENT", { vg });
	const [own] = await lvm.physicalVolumes(devices, { signal: call.signal });
	const carries =
		own === undefined
			? await lvm.contents(device, { signal: call.signal })
			: own.vg === null
				? null
				: `volume group '${own.vg}'`;
	if (carries !== null) throw notEmpty(device, carries);
	await checkNewName(call, vg);
	await checkUnused(call, base.volname, device);
	return device;
}

function vgIn(storage: Storage): string {
	return storage.values["vgname"] ?? "";
}

/** The disk of a virtual machine, a database on a raw device: what is in use need not carry a signature. */
async function checkUnused({ host }: StorageCall, wwid: string, device: string): Promise<void> {
	const users = (await host.sysfs.kernelMaps()).find((map) => map.wwid === wwid)?.users ?? [];
	if (users.length > 0) throw notEmpty(device, `what is in use (${users.join("; ")})`);
}

/** Of two groups with one name LVM can address neither, and their volumes would have the same paths in /dev. */
async function checkNewName(call: StorageCall, vg: string): Promise<void> {
	const groups = await call.host.lvm.volumeGroups(await hostDevices.get(call), { signal: call.signal });
	const uuids = groups.filter(({ name }) => name === vg).map(({ uuid }) => uuid);
	if (uuids.length === 0) return;
	const problem = `node '${call.host.node}' has a volume group '${vg}' already (${uuids.join(", ")}), on another device; choose another name`;
	throw new PathkeeperError("VOLUME_REFUSED", { problem });
}

function notEmpty(device: string, carries: string): PathkeeperError {
	return new PathkeeperError("DEVICE_NOT_EMPTY", { device, carries });
}
