import { baseOf, PathkeeperError, type Storage } from "@pathkeeper/model";
import type { StorageCall } from "../call.ts";
import { devicesOf } from "./scope.ts";

/**
 * Sees to it that the group of a new storage is there. With a base it is made on the base's volume when that is empty;
 * without one it has to exist. A volume that carries anything else is refused and stays as it is.
 */
export async function makeGroup(call: StorageCall, storage: Storage): Promise<void> {
	const vg = storage.values["vgname"] ?? "";
	const { lvm } = call.host;
	const devices = await devicesOf(call, storage);
	const groups = (await lvm.volumeGroups(devices, { signal: call.signal })).filter(({ name }) => name === vg);
	if (groups.length > 0) return;
	const base = baseOf(storage);
	const [device] = devices;
	if (base === null || device === undefined)
		throw new PathkeeperError("VOLUME_GROUP_ABSENT", { values: { vg } });
	const [own] = await lvm.physicalVolumes(devices, { signal: call.signal });
	const carries =
		own === undefined
			? await lvm.contents(device, { signal: call.signal })
			: own.vg === null
				? null
				: `volume group '${own.vg}'`;
	if (carries !== null) throw new PathkeeperError("DEVICE_NOT_EMPTY", { values: { device, carries } });
	await lvm.createGroup(device, vg, { signal: call.signal });
	call.log(`volume group '${vg}' made on ${device}`);
}
