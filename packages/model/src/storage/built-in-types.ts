import type { StorageType } from "./storage-type.ts";

const optional = { optional: true } as const;
const fixed = { fixed: true } as const;

/** LUNs as volumes, by WWID. Source: the patch series for Proxmox VE, patch 04 (2026-06-26). */
export const multipathType: StorageType = {
	type: "multipath",
	content: { valid: ["images", "none"], default: ["images"] },
	format: { valid: ["raw"], default: "raw" },
	selectExisting: true,
	alwaysShared: false,
	sensitive: [],
	properties: {},
	options: { nodes: optional, shared: optional, disable: optional, content: optional, bwlimit: optional },
};

/** Logical volumes of one volume group. Source: pve-storage src/PVE/Storage/LVMPlugin.pm. */
export const lvmType: StorageType = {
	type: "lvm",
	content: { valid: ["images", "rootdir", "none"], default: ["images"] },
	format: { valid: ["raw"], default: "raw" },
	selectExisting: false,
	alwaysShared: false,
	sensitive: [],
	properties: {
		vgname: { kind: "text", format: "lvm-name", description: "Volume group" },
		base: {
			kind: "text",
			format: "volume-id",
			description: "Volume that holds the group; the group is created on it if there is none",
		},
		saferemove: { kind: "flag", description: "Overwrite a volume with zeroes before it is removed" },
		"saferemove-stepsize": {
			kind: "integer",
			oneOf: ["1", "2", "4", "8", "16", "32"],
			description: "MiB that are zeroed in one step",
		},
		saferemove_throughput: { kind: "text", description: "Speed limit for zeroing, in bytes a second" },
		tagged_only: { kind: "flag", description: "Show only volumes that carry the tag of their owner" },
	},
	options: {
		vgname: fixed,
		base: { ...fixed, ...optional },
		nodes: optional,
		shared: optional,
		disable: optional,
		saferemove: optional,
		"saferemove-stepsize": optional,
		saferemove_throughput: optional,
		content: optional,
		tagged_only: optional,
		bwlimit: optional,
	},
};

/** A plain folder. Source: pve-storage src/PVE/Storage/DirPlugin.pm. */
export const dirType: StorageType = {
	type: "dir",
	content: {
		valid: ["images", "rootdir", "vztmpl", "iso", "backup", "snippets", "none"],
		default: ["images", "rootdir"],
	},
	format: { valid: ["raw"], default: "raw" },
	selectExisting: false,
	alwaysShared: false,
	sensitive: [],
	properties: {
		path: {
			kind: "text",
			format: "storage-folder",
			description: "Folder on the node; those above it must belong to root and be writable by nobody else",
		},
		mkdir: { kind: "flag", description: "Create the folder if it is missing; on by default" },
		is_mountpoint: {
			kind: "text",
			description: "The folder is a mount point: without a mount on it, the storage is offline",
		},
	},
	options: {
		path: fixed,
		nodes: optional,
		shared: optional,
		disable: optional,
		content: optional,
		mkdir: optional,
		is_mountpoint: optional,
		bwlimit: optional,
	},
};

export const builtInTypes: readonly StorageType[] = [multipathType, lvmType, dirType];
