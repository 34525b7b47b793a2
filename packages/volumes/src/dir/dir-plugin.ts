/**
 * A plain folder. Images stand in `images/GUEST/NAME.raw`, files of other kinds in a folder of their own, as in
 * Proxmox VE. Nothing is locked by the file system, so the flows' lock holds for it like for any other.
 */
import {
	dirType,
	freeDiskName,
	guestOf,
	isLvmName,
	isSet,
	PathkeeperError,
	type Storage,
} from "@pathkeeper/model";
import type { StorageCall } from "../plugin.ts";
import { apiver, type ListedVolume, type ParsedVolname, type StoragePlugin } from "../plugin.ts";

const folders = {
	iso: "template/iso",
	vztmpl: "template/cache",
	backup: "dump",
	snippets: "snippets",
} as const;
type FileKind = keyof typeof folders;
const fileKinds: readonly FileKind[] = ["iso", "vztmpl", "backup", "snippets"];

export const dirPlugin: StoragePlugin = {
	api: apiver,
	definition: dirType,

	parseVolname(volname): ParsedVolname | null {
		const [, owner, name] = /^([1-9]\d{2,8})\/([^/]+)\.raw$/.exec(volname) ?? [];
		if (owner !== undefined && name !== undefined) {
			if (!isLvmName(name) || guestOf(name) !== Number(owner)) return null;
			return { kind: "images", name, guest: Number(owner), format: "raw" };
		}
		const [, word, file] = /^(iso|vztmpl|backup|snippets)\/([^/]+)$/.exec(volname) ?? [];
		const kind = fileKinds.find((each) => each === word);
		if (kind === undefined || file === undefined || !isFileName(file)) return null;
		return { kind, name: file, guest: null, format: "file" };
	},
	path: (storage, volname) => `${pathOf(storage)}/${placeOf(volname)}`,

	async listImages(call, storage, guest) {
		const all = guest === undefined ? await call.host.folders.list(pathOf(storage), "images") : null;
		const owners = guest === undefined ? (all ?? []).map(({ name }) => name) : [String(guest)];
		const listed = await Promise.all(owners.map((owner) => imagesIn(call, storage, owner)));
		return listed.flat();
	},
	async listVolumes(call, storage, guest) {
		const kinds = fileKinds.filter((kind) => guest === undefined && storage.content.includes(kind));
		const files = await Promise.all(kinds.map((kind) => filesIn(call, storage, kind)));
		const images = storage.content.some((kind) => kind === "images" || kind === "rootdir");
		return [...(images ? await dirPlugin.listImages(call, storage, guest) : []), ...files.flat()];
	},
	async status(call, storage) {
		const { totalBytes, availableBytes } = await call.host.folders.space(pathOf(storage), "");
		return { totalBytes, availableBytes, usedBytes: totalBytes - availableBytes, active: true };
	},

	/** `is_mountpoint` is a flag, or the path of the mount point. */
	async checkConnection(call, storage) {
		const asked = storage.values["is_mountpoint"] ?? "0";
		if (["0", "no", "off", "false"].includes(asked.toLowerCase())) return null;
		const place = asked.startsWith("/") ? asked : pathOf(storage);
		return (await call.host.folders.isMountPoint(place)) ? null : `nothing is mounted on ${place}`;
	},
	async activateStorage(call, storage) {
		const path = pathOf(storage);
		if ((await call.host.folders.list(path, "")) !== null) return;
		if (Object.hasOwn(storage.values, "mkdir") && !isSet(storage, "mkdir"))
			throw new PathkeeperError("STORAGE_OFFLINE", {
				storage: storage.id,
				problem: `: ${path} does not exist`,
			});
		await call.host.folders.make(path, "");
	},
	async activateVolume(call, storage, volname) {
		await dirPlugin.volumeSize(call, storage, volname);
	},
	deactivateVolume: () => Promise.resolve(),
	async volumeSize(call, storage, volname) {
		const place = placeOf(volname);
		const at = place.lastIndexOf("/");
		const entries = (await call.host.folders.list(pathOf(storage), place.slice(0, at))) ?? [];
		const found = entries.find(({ name }) => name === place.slice(at + 1));
		if (found?.kind === "file") return found.sizeBytes;
		if (found !== undefined)
			throw refused(
				`'${pathOf(storage)}/${place}' is not a regular file with one name, but a link, a device or similar, and not a volume`,
			);
		throw new PathkeeperError("VOLUME_ABSENT", { volume: `${storage.id}:${volname}` });
	},

	async allocImage(call, storage, { guest, name, sizeBytes }) {
		const folder = `images/${guest}`;
		await call.host.folders.make(pathOf(storage), folder);
		const taken = (await imagesIn(call, storage, String(guest))).map(({ volname }) =>
			volname.slice(volname.indexOf("/") + 1, -".raw".length),
		);
		const chosen = name?.replace(/\.raw$/, "") ?? freeDiskName(guest, taken);
		if (chosen === null) throw refused(`guest ${guest} has all the disks that it can have`);
		if (guestOf(chosen) !== guest || !isLvmName(chosen))
			throw refused(`illegal name '${chosen}' - should be 'vm-${guest}-*'`);
		const { availableBytes } = await call.host.folders.space(pathOf(storage), folder);
		if (sizeBytes > availableBytes)
			throw refused(
				`not enough free space in '${pathOf(storage)}/${folder}' (${availableBytes} < ${sizeBytes} bytes)`,
			);
		await call.host.folders.create(pathOf(storage), `${folder}/${chosen}.raw`, sizeBytes);
		return `${guest}/${chosen}.raw`;
	},
	async freeImage(call, storage, volname) {
		if (await call.host.folders.remove(pathOf(storage), placeOf(volname))) return null;
		throw new PathkeeperError("VOLUME_ABSENT", { volume: `${storage.id}:${volname}` });
	},
	async volumeResize(call, storage, volname, sizeBytes) {
		checkImage(storage, volname, "made larger");
		const size = await dirPlugin.volumeSize(call, storage, volname);
		if (sizeBytes < size)
			throw refused(`volume '${storage.id}:${volname}' has ${size} bytes and cannot be made smaller`);
		await call.host.folders.grow(pathOf(storage), placeOf(volname), sizeBytes);
	},
	async renameVolume(call, storage, volname, name) {
		checkImage(storage, volname, "renamed");
		await dirPlugin.volumeSize(call, storage, volname);
		const guest = guestOf(name);
		const renamed = `${guest ?? ""}/${name}.raw`;
		if (guest === null || dirPlugin.parseVolname(renamed) === null)
			throw refused(`illegal name '${name.slice(0, 140)}'`);
		await call.host.folders.make(pathOf(storage), `images/${guest}`);
		if ((await imagesIn(call, storage, String(guest))).some((other) => other.volname === renamed))
			throw refused(`volume '${storage.id}:${renamed}' already exists`);
		await call.host.folders.rename(pathOf(storage), placeOf(volname), placeOf(renamed));
		return renamed;
	},
};

function pathOf(storage: Storage): string {
	return storage.values["path"] ?? "";
}

/** Where a volume is inside of the folder of its storage. */
function placeOf(volname: string): string {
	const [folder = "", file = ""] = volname.split("/");
	const kind = fileKinds.find((each) => each === folder);
	return `${kind === undefined ? `images/${folder}` : folders[kind]}/${file}`;
}

function checkImage(storage: Storage, volname: string, what: string): void {
	if (dirPlugin.parseVolname(volname)?.kind !== "images")
		throw refused(`volume '${storage.id}:${volname}' is not an image of a guest and was not ${what}`);
}

async function imagesIn(
	call: StorageCall,
	storage: Storage,
	owner: string,
): Promise<readonly ListedVolume[]> {
	if (!/^[1-9]\d{2,8}$/.test(owner)) return [];
	const entries = (await call.host.folders.list(pathOf(storage), `images/${owner}`)) ?? [];
	return entries.flatMap((entry): ListedVolume[] => {
		const volname = `${owner}/${entry.name}`;
		const parsed = entry.kind === "file" ? dirPlugin.parseVolname(volname) : null;
		if (parsed === null) return [];
		const { kind, format, guest } = parsed;
		return [{ volname, kind, format, guest, sizeBytes: entry.sizeBytes, createdAtS: entry.changedAtS }];
	});
}

async function filesIn(
	call: StorageCall,
	storage: Storage,
	kind: FileKind,
): Promise<readonly ListedVolume[]> {
	const entries = (await call.host.folders.list(pathOf(storage), folders[kind])) ?? [];
	return entries.flatMap((entry): ListedVolume[] => {
		const volname = `${kind}/${entry.name}`;
		if (entry.kind !== "file" || dirPlugin.parseVolname(volname) === null) return [];
		const { sizeBytes, changedAtS } = entry;
		return [{ volname, kind, format: "file", guest: null, sizeBytes, createdAtS: changedAtS }];
	});
}

function isFileName(name: string): boolean {
	return /^[A-Za-z0-9][A-Za-z0-9._+-]{0,199}$/.test(name) && !name.includes("..");
}

function refused(problem: string): PathkeeperError {
	return new PathkeeperError("VOLUME_REFUSED", { problem });
}
