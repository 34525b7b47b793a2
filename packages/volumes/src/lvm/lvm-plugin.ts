/**
 * Logical volumes of one volume group, which may stand on a volume of another storage (`base`). On a LUN that several
 * nodes see nothing in LVM keeps them from writing metadata at the same time: that is what the storage's lock is for,
 * which the flows hold around everything here that changes metadata. A volume is activated by name on the node that
 * uses it, and never by itself.
 *
 * Before anything is done the group is looked up on the storage's own devices. A second group of that name, or a group
 * of which a part is missing, stops every change.
 */
import type { GroupContents, LogicalVolume } from "@pathkeeper/host";
import {
	freeDiskName,
	guestOf,
	isLvmName,
	isSet,
	lvmType,
	PathkeeperError,
	type Storage,
} from "@pathkeeper/model";
import { perStorage } from "../call.ts";
import type { StorageCall } from "../plugin.ts";
import {
	apiver,
	type Erasure,
	type ListedVolume,
	noSpaceOfItsOwn,
	type ParsedVolname,
	type StoragePlugin,
} from "../plugin.ts";
import { eraseVolume } from "./erase-volume.ts";
import { makeGroup, placeForGroup } from "./make-group.ts";
import { devicesOf } from "./scope.ts";

export const lvmPlugin: StoragePlugin = {
	api: apiver,
	definition: lvmType,

	parseVolname(volname): ParsedVolname | null {
		if (!isLvmName(volname)) return null;
		return { kind: "images", name: volname, guest: ownerOf(volname), format: "raw" };
	},
	path: (storage, volname) => `/dev/${vgOf(storage)}/${volname}`,

	/**
	 * Only volumes that are named for a guest, or were until they were to be erased: what is left of a removal that was
	 * cut short takes room until somebody removes it again. Others in the group are not ours to show.
	 */
	async listImages(call, storage, guest): Promise<readonly ListedVolume[]> {
		const all = (await known.get(call, storage))?.volumes ?? [];
		return all.flatMap((volume): ListedVolume[] => {
			const owner = ownerOf(volume.name);
			if (owner === null || !isPlain(volume) || (guest !== undefined && owner !== guest)) return [];
			if (isSet(storage, "tagged_only") && !volume.tags.includes(tagOf(owner))) return [];
			const { name, sizeBytes, createdAtS } = volume;
			return [{ volname: name, kind: "images", format: "raw", sizeBytes, guest: owner, createdAtS }];
		});
	},
	async status(call, storage) {
		const found = await known.get(call, storage);
		if (found === null) return { ...noSpaceOfItsOwn, active: false };
		const { sizeBytes, freeBytes, missing } = found.group;
		return {
			totalBytes: sizeBytes,
			availableBytes: freeBytes,
			usedBytes: sizeBytes - freeBytes,
			active: missing === 0,
		};
	},

	checkConnection: () => Promise.resolve(null),
	async activateStorage(call, storage) {
		checkSound(call, storage, await known.get(call, storage));
	},
	async activateVolume(call, storage, volname) {
		await volumeNamed(call, storage, volname);
		await call.host.lvm.activateVolume(await devicesOf(call, storage), { vg: vgOf(storage), name: volname });
	},
	async deactivateVolume(call, storage, volname) {
		const volume = await volumeNamed(call, storage, volname);
		if (volume.open) throw inUse(call, storage, volname);
		if (!volume.active) return;
		await call.host.lvm.deactivateVolume(await devicesOf(call, storage), {
			vg: vgOf(storage),
			name: volname,
		});
	},
	async volumeSize(call, storage, volname) {
		return (await volumeNamed(call, storage, volname)).sizeBytes;
	},

	async allocImage(call, storage, { guest, name, sizeBytes }) {
		const { group, volumes } = await soundGroup(call, storage);
		const devices = await devicesOf(call, storage);
		const vg = vgOf(storage);
		const taken = volumes.map((volume) => volume.name);
		const chosen = name ?? freeDiskName(guest, [...taken, ...taken.map((each) => each.replace(/^del-/, ""))]);
		if (chosen === null) throw refused(`guest ${guest} has all the disks that it can have`);
		if (guestOf(chosen) !== guest || !isLvmName(chosen))
			throw refused(`illegal name '${chosen}' - should be 'vm-${guest}-*'`);
		if (taken.includes(chosen)) throw refused(`volume '${storage.id}:${chosen}' already exists`);
		if (sizeBytes > group.freeBytes)
			throw refused(
				`not enough free space in volume group '${vg}' (${group.freeBytes} < ${sizeBytes} bytes)`,
			);
		const volume = { vg, name: chosen };
		call.signal.throwIfAborted();
		await call.host.lvm.createVolume(devices, { ...volume, sizeBytes, tags: [tagOf(guest)] });
		call.log(`volume '${storage.id}:${chosen}' created`);
		// Left active, its device would stay behind here and be in the way when another node frees the volume.
		await call.host.lvm.deactivateVolume(devices, volume);
		return chosen;
	},

	/** The new name comes first, so that nobody begins to use a volume while it is erased. */
	async freeImage(call, storage, volname): Promise<Erasure | null> {
		await soundGroup(call, storage);
		const { volume } = await guestVolume(call, storage, volname);
		if (volume.open) throw inUse(call, storage, volname);
		const devices = await devicesOf(call, storage);
		const name = { vg: vgOf(storage), name: volname };
		if (!isSet(storage, "saferemove")) {
			call.signal.throwIfAborted();
			await call.host.lvm.removeVolume(devices, name);
			call.log(`volume '${storage.id}:${volname}' removed`);
			return null;
		}
		call.signal.throwIfAborted();
		if (!volname.startsWith("del-")) await call.host.lvm.renameVolume(devices, name, `del-${volname}`);
		const doomed = { vg: name.vg, name: volname.startsWith("del-") ? volname : `del-${volname}` };
		return {
			run: () => eraseVolume(call, storage, { devices, volume: doomed, sizeBytes: volume.sizeBytes }),
			async finish() {
				call.signal.throwIfAborted();
				await call.host.lvm.removeVolume(devices, doomed);
				call.log(`volume '${storage.id}:${volname}' erased and removed`);
			},
		};
	},

	async volumeResize(call, storage, volname, sizeBytes) {
		const { group } = await soundGroup(call, storage);
		const { volume } = await guestVolume(call, storage, volname);
		if (sizeBytes < volume.sizeBytes)
			throw refused(
				`volume '${storage.id}:${volname}' has ${volume.sizeBytes} bytes and cannot be made smaller`,
			);
		const more = Math.ceil(sizeBytes / group.extentBytes) * group.extentBytes - volume.sizeBytes;
		if (more <= 0) return;
		if (more > group.freeBytes)
			throw refused(
				`not enough free space in volume group '${group.name}' (${group.freeBytes} < ${more} bytes)`,
			);
		const name = { vg: vgOf(storage), name: volname };
		const devices = await devicesOf(call, storage);
		call.signal.throwIfAborted();
		await call.host.lvm.extendVolume(devices, name, sizeBytes);
	},

	async renameVolume(call, storage, volname, name) {
		await soundGroup(call, storage);
		const { volume, guest } = await guestVolume(call, storage, volname);
		if (volume.open) throw inUse(call, storage, volname);
		const newGuest = guestOf(name);
		if (!isLvmName(name) || newGuest === null)
			throw refused(`illegal name '${name.slice(0, 140)}' - should be 'vm-GUEST-*'`);
		if (isSet(storage, "tagged_only") && newGuest !== guest)
			throw refused(`volume '${storage.id}:${volname}' is tagged for guest ${guest} and stays with it`);
		const devices = await devicesOf(call, storage);
		call.signal.throwIfAborted();
		await call.host.lvm.renameVolume(devices, { vg: vgOf(storage), name: volname }, name);
		return name;
	},

	writesBase: async (call, storage) => (await placeForGroup(call, storage)) !== null,
	async onAdd(call, storage) {
		await makeGroup(call, storage);
	},
};

export function vgOf(storage: Storage): string {
	return storage.values["vgname"] ?? "";
}

/** As Proxmox VE marks its volumes, so that either finds the other's. */
function tagOf(guest: number): string {
	return `pve-vm-${guest}`;
}

/** Guest whose volume it is, or was until it was to be erased; null: nobody's. */
function ownerOf(volname: string): number | null {
	return guestOf(volname.replace(/^del-/, ""));
}

/** Plain and mirrored volumes; no snapshots, pools and parts of others (`lv_attr`, first letter). */
function isPlain({ attributes }: LogicalVolume): boolean {
	return ["-", "m", "M", "r", "R"].includes(attributes[0] ?? "");
}

async function groupOf(call: StorageCall, storage: Storage): Promise<GroupContents | null> {
	const devices = await devicesOf(call, storage);
	const groups = await call.host.lvm.groupsNamed(devices, vgOf(storage), { signal: call.signal });
	if (groups.length <= 1) return groups[0] ?? null;
	const uuids = groups.map(({ group }) => group.uuid).join(", ");
	throw refused(
		`there are ${groups.length} volume groups '${vgOf(storage)}' (${uuids}): a copy of a LUN may be visible; nothing is done until one of them is removed`,
	);
}

/** The group as it was when the call first looked; what is about to change it looks anew. */
const known = perStorage(groupOf);

/** The group as it is now, whole. Throws VOLUME_GROUP_ABSENT, VOLUME_REFUSED. */
async function soundGroup(call: StorageCall, storage: Storage): Promise<GroupContents> {
	known.forget(call);
	return checkSound(call, storage, await groupOf(call, storage));
}

function checkSound(call: StorageCall, storage: Storage, found: GroupContents | null): GroupContents {
	if (found === null) throw new PathkeeperError("VOLUME_GROUP_ABSENT", { vg: vgOf(storage) });
	const { name, missing } = found.group;
	if (missing === 0) return found;
	throw refused(`volume group '${name}' lacks ${missing} of its physical volumes on '${call.host.node}'`);
}

async function volumeNamed(call: StorageCall, storage: Storage, volname: string): Promise<LogicalVolume> {
	const devices = await devicesOf(call, storage);
	const volumes = await call.host.lvm.logicalVolumes(devices, vgOf(storage), { signal: call.signal });
	const found = volumes.find(({ name }) => name === volname);
	if (found !== undefined) return found;
	throw new PathkeeperError("VOLUME_ABSENT", { volume: `${storage.id}:${volname}` });
}

/**
 * A volume that is a guest's, or was until it was to be erased, with that guest. Throws VOLUME_REFUSED for every other
 * one: it is not ours to change.
 */
async function guestVolume(call: StorageCall, storage: Storage, volname: string) {
	const volume = await volumeNamed(call, storage, volname);
	const guest = ownerOf(volname);
	const isTagged = guest !== null && (!isSet(storage, "tagged_only") || volume.tags.includes(tagOf(guest)));
	if (guest !== null && isTagged && isPlain(volume)) return { volume, guest };
	throw refused(`'${storage.id}:${volname}' is not a volume of a guest and was not changed`);
}

function inUse(call: StorageCall, storage: Storage, volname: string): PathkeeperError {
	const users = `${call.host.node}: it is held open; stop what uses it first`;
	return new PathkeeperError("VOLUME_IN_USE", { volume: `${storage.id}:${volname}`, users });
}

function refused(problem: string): PathkeeperError {
	return new PathkeeperError("VOLUME_REFUSED", { problem });
}
