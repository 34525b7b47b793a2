/**
 * What a storage plugin says about itself, as data: which volumes it can hold, and which properties a storage of its
 * type takes. Server, command line and page read these without the plugin's code. A type that the
 * plugins of a node bring along is known as long as that node is there. Source of the shape: pve-storage src/PVE/Storage/Plugin.pm.
 */

export const contentTypes = [
	"images",
	"rootdir",
	"vztmpl",
	"iso",
	"backup",
	"snippets",
	"import",
	"none",
] as const;
export type ContentType = (typeof contentTypes)[number];

export const volumeFormats = ["raw", "qcow2", "vmdk", "subvol"] as const;
export type VolumeFormat = (typeof volumeFormats)[number];

/** Named checks of a text, so that a definition can travel as JSON. */
export type PropertyFormat =
	| "content-list"
	| "node-list"
	| "path"
	/** An absolute path of a folder that holds nothing but volumes. */
	| "storage-folder"
	| "storage-id"
	| "volume-id"
	| "lvm-name"
	| "text";

/** One property of storages. A name means the same for every type that takes it. */
export interface StorageProperty {
	readonly kind: "text" | "integer" | "flag";
	readonly format?: PropertyFormat;
	readonly description: string;
	readonly minimum?: number;
	readonly maximum?: number;
	readonly oneOf?: readonly string[];
}

/** How a type takes a property: `fixed` only when the storage is made; neither flag: always needed. */
export interface StorageOption {
	readonly fixed?: true;
	readonly optional?: true;
}

export interface StorageType {
	readonly type: string;
	readonly content: { readonly valid: readonly ContentType[]; readonly default: readonly ContentType[] };
	readonly format: { readonly valid: readonly VolumeFormat[]; readonly default: VolumeFormat };
	/** True: volumes are there and chosen, none is allocated. */
	readonly selectExisting: boolean;
	/** Storages of the type are shared whatever their section says. */
	readonly alwaysShared: boolean;
	/** Properties that must not stand in storage.cfg. */
	readonly sensitive: readonly string[];
	/** Properties that this type brings along. */
	readonly properties: Readonly<Record<string, StorageProperty>>;
	readonly options: Readonly<Record<string, StorageOption>>;
}

/** Properties that belong to no single type. */
export const commonProperties: Readonly<Record<string, StorageProperty>> = {
	nodes: {
		kind: "text",
		format: "node-list",
		description: "Nodes that have the storage; all when not set",
	},
	content: { kind: "text", format: "content-list", description: "Kinds of volumes that it may hold" },
	disable: { kind: "flag", description: "The storage is not used" },
	shared: { kind: "flag", description: "Every node sees the same volumes" },
	bwlimit: { kind: "text", description: "Speed limits for operations, in KiB/s" },
};
