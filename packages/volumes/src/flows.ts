/**
 * What is done with storages and volumes on one node, whatever their type. Order everywhere: the storage of the base,
 * the base volume, the storage, the volume. Source of the order and of the texts: pve-storage src/PVE/Storage.pm;
 * there the base volume is not activated, which for a map means that nobody waits for it.
 */
import {
	baseOf,
	findStorage,
	formatVolumeId,
	isEnabledOn,
	isGuestId,
	messageOf,
	PathkeeperError,
	parseVolumeId,
	type Storage,
} from "@pathkeeper/model";
import type { StorageCall } from "./plugin.ts";
import {
	type ListedVolume,
	type NewImage,
	noSpaceOfItsOwn,
	type StoragePlugin,
	type StorageStatus,
} from "./plugin.ts";
import { refusalOf } from "./refusals.ts";

/** Makes a storage usable on this node, with all that it stands on. At most once in a call. */
export async function activateStorage(call: StorageCall, storage: Storage): Promise<void> {
	await activateFrom(call, storage, []);
}

async function activateFrom(call: StorageCall, storage: Storage, above: readonly string[]): Promise<void> {
	checkEnabled(call, storage);
	if (above.includes(storage.id))
		throw offline(storage, `: it is built on itself (${[...above, storage.id].join(" on ")})`);
	const begun = call.activated.get(storage.id) ?? activateNow(call, storage, [...above, storage.id]);
	call.activated.set(storage.id, begun);
	await begun;
}

async function activateNow(call: StorageCall, storage: Storage, above: readonly string[]): Promise<void> {
	const plugin = call.registry.pluginOf(storage);
	await activateBase(call, storage, above);
	const problem = await plugin.checkConnection(call, storage);
	if (problem !== null) throw offline(storage, `: ${problem}`);
	await plugin.activateStorage(call, storage);
}

async function activateBase(call: StorageCall, storage: Storage, above: readonly string[]): Promise<void> {
	const base = baseOf(storage);
	if (base === null) return;
	const under = findStorage(call.config, base.storage);
	if (under === null) throw new PathkeeperError("BASE_ABSENT", { storage: base.storage });
	await activateFrom(call, under, above);
	const plugin = call.registry.pluginOf(under);
	if (!plugin.definition.selectExisting)
		throw new PathkeeperError("BASE_UNSUPPORTED", { type: under.type, storage: under.id });
	parsed(plugin, under, base.volname);
	await plugin.activateVolume(call, under, base.volname);
}

/** A volume of the fleet, with its storage and plugin. Throws STORAGE_ABSENT, VOLUME_NAME_INVALID. */
export function findVolume(call: StorageCall, volid: string): FoundVolume {
	const id = parseVolumeId(volid);
	if (id === null)
		throw new PathkeeperError("VOLUME_NAME_INVALID", { type: "any", volname: volid.slice(0, 200) });
	const storage = findStorage(call.config, id.storage);
	if (storage === null) throw new PathkeeperError("STORAGE_ABSENT", { storage: id.storage });
	const plugin = call.registry.pluginOf(storage);
	parsed(plugin, storage, id.volname);
	return { storage, plugin, volname: id.volname };
}

export interface FoundVolume {
	readonly storage: Storage;
	readonly plugin: StoragePlugin;
	readonly volname: string;
}

/** Storages first, each once, then the volumes, one after another. */
export async function activateVolumes(call: StorageCall, volids: readonly string[]): Promise<void> {
	const volumes = volids.map((volid) => findVolume(call, volid));
	for (const { storage } of volumes) await activateStorage(call, storage);
	for (const { plugin, storage, volname } of volumes) await plugin.activateVolume(call, storage, volname);
}

export async function deactivateVolumes(call: StorageCall, volids: readonly string[]): Promise<void> {
	for (const { plugin, storage, volname } of volids.map((volid) => findVolume(call, volid)))
		await plugin.deactivateVolume(call, storage, volname);
}

/** Volumes of a storage that are there now, ordered by name. */
export async function listContent(
	call: StorageCall,
	storage: Storage,
	guest?: number,
): Promise<readonly ListedVolume[]> {
	await activateStorage(call, storage);
	const plugin = call.registry.pluginOf(storage);
	const volumes = await (plugin.listVolumes?.(call, storage, guest) ??
		plugin.listImages(call, storage, guest));
	return volumes.toSorted((a, b) => (a.volname < b.volname ? -1 : a.volname > b.volname ? 1 : 0));
}

/** One storage as a node has it. */
export interface StorageOnNode extends StorageStatus {
	readonly storage: Storage;
	readonly enabled: boolean;
	/** Why it is enabled and not active, in words; null when it is active or disabled. */
	readonly problem: string | null;
}

/**
 * Every storage of the configuration on this node. All are asked at once, so one that hangs costs its own deadline
 * and no other storage anything.
 */
export async function storageInfo(call: StorageCall): Promise<readonly StorageOnNode[]> {
	return await Promise.all(call.config.storages.map((storage) => infoOf(call, storage)));
}

async function infoOf(call: StorageCall, storage: Storage): Promise<StorageOnNode> {
	const enabled = isEnabledOn(storage, call.host.node);
	const inactive = { storage, enabled, ...noSpaceOfItsOwn, active: false, problem: null };
	if (!enabled) return inactive;
	try {
		await activateStorage(call, storage);
		const status = await call.registry.pluginOf(storage).status(call, storage);
		return {
			storage,
			enabled,
			...status,
			problem: status.active ? null : "its plugin says that it is not active",
		};
	} catch (error) {
		call.signal.throwIfAborted();
		return { ...inactive, problem: messageOf(error) };
	}
}

/** Makes a volume and gives its id. */
export async function allocVolume(call: StorageCall, storage: Storage, image: NewImage): Promise<string> {
	const plugin = call.registry.pluginOf(storage);
	const alloc = plugin.allocImage?.bind(plugin);
	if (alloc === undefined) throw refusalOf("allocImage", storage);
	if (!isGuestId(image.guest))
		throw refused(`${image.guest} is not the number of a guest (100 to 999999999)`);
	if (!plugin.definition.format.valid.includes(image.format))
		throw refused(`storage type '${storage.type}' does not support format '${image.format}'`);
	if (!Number.isSafeInteger(image.sizeBytes) || image.sizeBytes <= 0) throw refused("a volume needs a size");
	if (!storage.content.some((kind) => kind === "images" || kind === "rootdir"))
		throw refused(`storage '${storage.id}' is not configured for content type 'images'`);
	await activateStorage(call, storage);
	const volname = await call.locked(storage, () => alloc(call, storage, image));
	return formatVolumeId({ storage: storage.id, volname });
}

/** Removes a volume. Erasing it may take long and is done without the lock. */
export async function freeVolume(call: StorageCall, volid: string): Promise<void> {
	const { storage, plugin, volname } = findVolume(call, volid);
	const free = plugin.freeImage?.bind(plugin);
	if (free === undefined) throw refusalOf("freeImage", storage);
	await activateStorage(call, storage);
	const erasure = await call.locked(storage, () => free(call, storage, volname));
	if (erasure === null) return;
	await erasure.run();
	await call.locked(storage, () => erasure.finish());
}

/** Grows a volume to at least so many bytes. */
export async function resizeVolume(call: StorageCall, volid: string, sizeBytes: number): Promise<void> {
	const { storage, plugin, volname } = findVolume(call, volid);
	const resize = plugin.volumeResize?.bind(plugin);
	if (resize === undefined) throw refusalOf("volumeResize", storage);
	if (!Number.isSafeInteger(sizeBytes) || sizeBytes <= 0) throw refused("a volume needs a size");
	await activateStorage(call, storage);
	await call.locked(storage, () => resize(call, storage, volname, sizeBytes));
}

/** Gives a volume another name in its storage, and its new id. */
export async function renameVolume(call: StorageCall, volid: string, name: string): Promise<string> {
	const { storage, plugin, volname } = findVolume(call, volid);
	const rename = plugin.renameVolume?.bind(plugin);
	if (rename === undefined) throw refusalOf("renameVolume", storage);
	await activateStorage(call, storage);
	const renamed = await call.locked(storage, () => rename(call, storage, volname, name));
	return formatVolumeId({ storage: storage.id, volname: renamed });
}

export interface VolumeFacts {
	readonly path: string;
	readonly sizeBytes: number;
	readonly format: string;
	readonly used: number;
}

/** What a volume is, on a node that has it. */
export async function volumeFacts(call: StorageCall, volid: string): Promise<VolumeFacts> {
	const { storage, plugin, volname } = findVolume(call, volid);
	await activateStorage(call, storage);
	const sizeBytes = await plugin.volumeSize(call, storage, volname);
	const { format } = parsed(plugin, storage, volname);
	return { path: plugin.path(storage, volname), sizeBytes, format, used: sizeBytes };
}

/**
 * Whether `prepareStorage` would write over the volume that a new storage stands on: then nobody in the fleet may use
 * that. Changes nothing, and throws what `prepareStorage` would refuse for.
 */
export async function overwritesBase(call: StorageCall, storage: Storage): Promise<boolean> {
	checkEnabled(call, storage);
	const plugin = call.registry.pluginOf(storage);
	await activateBase(call, storage, [storage.id]);
	if (baseOf(storage) === null || plugin.onAdd === undefined) return false;
	return plugin.writesBase === undefined || (await plugin.writesBase(call, storage));
}

/**
 * What has to be so before a new storage is written into the configuration: its base is there, what it stands on is
 * made, and it can be activated. Nothing is done on a node that is not to have it.
 */
export async function prepareStorage(call: StorageCall, storage: Storage): Promise<void> {
	checkEnabled(call, storage);
	const plugin = call.registry.pluginOf(storage);
	await activateBase(call, storage, [storage.id]);
	const add = plugin.onAdd?.bind(plugin);
	if (add !== undefined) await call.locked(storage, () => add(call, storage));
	await activateStorage(call, storage);
}

function checkEnabled({ host: { node } }: StorageCall, storage: Storage): void {
	if (!isEnabledOn(storage, node))
		throw new PathkeeperError("STORAGE_DISABLED", { storage: storage.id, node });
}

function parsed(plugin: StoragePlugin, storage: Storage, volname: string) {
	const found = plugin.parseVolname(volname);
	if (found !== null) return found;
	throw new PathkeeperError("VOLUME_NAME_INVALID", { type: storage.type, volname });
}

function offline(storage: Storage, problem: string): PathkeeperError {
	return new PathkeeperError("STORAGE_OFFLINE", { storage: storage.id, problem });
}

function refused(problem: string): PathkeeperError {
	return new PathkeeperError("VOLUME_REFUSED", { problem });
}
