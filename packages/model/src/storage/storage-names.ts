/** Grammars of the names around storages (pve-storage src/PVE/Storage/Plugin.pm, pve-common JSONSchema.pm). */

/** `data`, `san-a`; at least two characters, of which the first is a letter. Compared without regard to case. */
export function isStorageId(text: string): boolean {
	return text.length <= 100 && /^[a-z][a-z0-9._-]*[a-z0-9]$/i.test(text);
}

/** Name of a volume group or logical volume that every program takes for a name and nothing else. */
export function isLvmName(text: string): boolean {
	return text.length <= 126 && /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/i.test(text) && !text.includes("..");
}

/** Number of the guest that owns a volume, as in `vm-100-disk-0`. */
export function isGuestId(id: number): boolean {
	return Number.isInteger(id) && id >= 100 && id <= 999_999_999;
}

/** An absolute path without `.`, `..`, empty parts and characters that are no text. */
export function isPlainPath(text: string): boolean {
	const parts = text.split("/");
	return (
		text.startsWith("/") &&
		text.length <= 4096 &&
		text !== "/" &&
		// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
		!/[\u0000-\u001f\u007f]/.test(text) &&
		parts.slice(1).every((part) => part !== "" && part !== "." && part !== "..")
	);
}

/** Folders of the system that nothing is put below. Source of their meaning: hier(7), file-hierarchy(7). */
const systemTrees: ReadonlySet<string> = new Set([
	...["bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "libx32", "proc", "root", "run", "sbin", "sys"],
	...["tmp", "usr"],
	...["backups", "lock", "log", "mail", "run", "spool", "tmp"].map((name) => `var/${name}`),
	...["apt", "dpkg", "etcd", "pathkeeper", "pve-cluster", "systemd", "ucf"].map((name) => `var/lib/${name}`),
]);
/** Folders that others share: storages have one of their own below. */
const sharedFolders: ReadonlySet<string> = new Set(["", "home", "opt", "var", "var/cache", "var/lib"]);

/** True for a folder that no storage may be: files in it would be made and removed in the way of the system. */
export function isSystemFolder(path: string): boolean {
	const parts = path.split("/").filter((part) => part !== "");
	const trees = parts.map((_, at) => parts.slice(0, at + 1).join("/"));
	return sharedFolders.has(parts.join("/")) || trees.some((tree) => systemTrees.has(tree));
}

/** The most disks that a guest gets names for. */
export const mostDisks = 1024;

/** Owner of a volume whose name begins `vm-GUEST-`; null when it has none. */
export function guestOf(name: string): number | null {
	const guest = /^vm-([1-9]\d{2,8})-./.exec(name)?.[1];
	return guest === undefined ? null : Number(guest);
}

/** The first name of a disk of the guest that is not taken; null when all are. */
export function freeDiskName(guest: number, taken: Iterable<string>): string | null {
	const names = new Set(taken);
	for (let number = 0; number < mostDisks; number++) {
		const name = `vm-${guest}-disk-${number}`;
		if (!names.has(name)) return name;
	}
	return null;
}
