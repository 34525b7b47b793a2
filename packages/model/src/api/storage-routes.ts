/** `/storage` and what nodes do with storages, in the form of Proxmox VE's API. */
import { type TOptional, type TSchema, Type } from "typebox";
import { builtInTypes } from "../storage/built-in-types.ts";
import { commonProperties, type StorageProperty } from "../storage/storage-type.ts";
import { storageTypeSchema } from "../storage/storage-type-schema.ts";
import { digest, flag, node, nullable, reference } from "./fields.ts";
import { defineRoute } from "./route.ts";

const storage = Type.String({ maxLength: 100, description: "ID of a storage" });
const volume = Type.String({ maxLength: 1200, description: "ID of a volume, or its name in the storage" });
const size = Type.String({ maxLength: 20, description: "KiB, or with suffix M or G" });
const upid = Type.String({ description: "name of the task that does it" });

/** Every property of every built-in type; which of them a type takes, the configuration's own check says. */
const storageProperties: Readonly<Record<string, TOptional<TSchema>>> = Object.fromEntries(
	[commonProperties, ...builtInTypes.map(({ properties }) => properties)].flatMap((properties) =>
		Object.entries(properties).map(([name, property]) => [name, Type.Optional(schemaOf(property))]),
	),
);

function schemaOf({ kind, description }: StorageProperty): TSchema {
	if (kind === "flag") return flag;
	return Type.String({ maxLength: 4096, description });
}

/** Beside these a plugin that is not ours may bring along properties; they are texts. */
const ofPlugins = { additionalProperties: Type.String({ maxLength: 4096 }) };
const notProperties = new Set(["storage", "type", "digest", "force", "delete"]);

/** Whether a parameter is a property of the storage; which of them its type takes is checked with the configuration. */
export function mayBeProperty(name: string): boolean {
	return !notProperties.has(name);
}

/** The properties that were given, as texts of `storage.cfg`. */
export function givenProperties(parameters: object): Record<string, string> {
	return Object.fromEntries(
		Object.entries(parameters).flatMap(([name, value]) => {
			if (!mayBeProperty(name) || value === undefined) return [];
			return [[name, value === true ? "1" : value === false ? "0" : String(value)]];
		}),
	);
}

const entry = Type.Object({
	storage,
	type: Type.String(),
	content: Type.String({ description: "comma-joined" }),
	shared: Type.Optional(flag),
	digest,
	left_out: Type.Optional(flag),
	problems: Type.Optional(
		Type.Array(Type.String({ description: "what in its section is not understood, and the effect" })),
	),
});
const written = Type.Object({ storage, type: Type.String() });

const status = {
	type: Type.String(),
	content: Type.String({ description: "comma-joined" }),
	enabled: flag,
	active: flag,
	shared: flag,
	total: Type.Integer({ description: "bytes" }),
	used: Type.Integer({ description: "bytes" }),
	avail: Type.Integer({ description: "bytes" }),
	problem: Type.Optional(Type.String({ description: "why it is not active although it is enabled" })),
};

export const listStorages = defineRoute({
	method: "GET",
	path: "/storage",
	privilege: "Datastore.Audit",
	on: "each",
	summary: "Storages of the configuration that the caller may see",
	parameters: Type.Object({ type: Type.Optional(Type.String({ maxLength: 100 })) }),
	result: Type.Array(entry),
});

export const listStorageTypes = defineRoute({
	method: "GET",
	path: "/cluster/storage-types",
	privilege: "Datastore.Audit",
	on: "/storage",
	summary: "Types of storages: the built-in ones, and those of plugins on online nodes",
	parameters: Type.Object({}),
	result: Type.Array(
		Type.Object({
			...storageTypeSchema.properties,
			nodes: nullable(
				Type.Array(Type.String(), { description: "nodes that have its plugin; null: every node" }),
			),
			problem: Type.Optional(Type.String({ description: "why it cannot be used now" })),
		}),
	),
});

export const addStorage = defineRoute({
	method: "POST",
	path: "/storage",
	privilege: "Datastore.Allocate",
	on: "/storage",
	summary:
		"Add a storage; what it is built on is created on one of its nodes first. With force, nodes that cannot be asked count as using nothing",
	parameters: Type.Object(
		{
			storage,
			type: Type.String({ maxLength: 100 }),
			digest: Type.Optional(digest),
			force: Type.Optional(flag),
			...storageProperties,
		},
		ofPlugins,
	),
	result: written,
});

export const getStorage = defineRoute({
	method: "GET",
	path: "/storage/:storage",
	privilege: "Datastore.Audit",
	summary: "Configuration of a storage",
	parameters: Type.Object({ storage }),
	result: entry,
});

export const putStorage = defineRoute({
	method: "PUT",
	path: "/storage/:storage",
	privilege: "Datastore.Allocate",
	on: "/storage",
	summary: "Change a storage; a property that is omitted keeps its value",
	parameters: Type.Object(
		{
			storage,
			digest: Type.Optional(digest),
			delete: Type.Optional(Type.String({ maxLength: 4096, description: "names of properties" })),
			...storageProperties,
		},
		ofPlugins,
	),
	result: written,
});

export const removeStorage = defineRoute({
	method: "DELETE",
	path: "/storage/:storage",
	privilege: "Datastore.Allocate",
	on: "/storage",
	summary: "Remove a storage from the configuration; its contents stay",
	parameters: Type.Object({ storage, digest: Type.Optional(digest) }),
	result: Type.Null(),
});

export const nodeStorages = defineRoute({
	method: "GET",
	path: "/nodes/:node/storage",
	privilege: "Datastore.Audit",
	on: "each",
	summary: "Storages with their state on a node",
	parameters: Type.Object({
		node,
		storage: Type.Optional(storage),
		content: Type.Optional(Type.String({ maxLength: 200 })),
		enabled: Type.Optional(flag),
	}),
	result: Type.Array(
		Type.Object({ storage, ...status, used_fraction: Type.Number(), select_existing: Type.Optional(flag) }),
	),
});

export const nodeStorageStatus = defineRoute({
	method: "GET",
	path: "/nodes/:node/storage/:storage/status",
	privilege: "Datastore.Audit",
	on: "/storage/:storage",
	summary: "One storage with its state on a node",
	parameters: Type.Object({ node, storage }),
	result: Type.Object(status),
});

export const listContent = defineRoute({
	method: "GET",
	path: "/nodes/:node/storage/:storage/content",
	privilege: "Datastore.Audit",
	on: "/storage/:storage",
	summary: "Volumes of a storage",
	parameters: Type.Object({
		node,
		storage,
		content: Type.Optional(Type.String({ maxLength: 200 })),
		vmid: Type.Optional(Type.Integer({ minimum: 100, maximum: 999_999_999 })),
	}),
	result: Type.Array(
		Type.Object({
			volid: Type.String(),
			content: Type.String(),
			format: Type.String(),
			size: Type.Integer({ description: "bytes" }),
			vmid: Type.Optional(Type.Integer()),
			ctime: Type.Optional(Type.Integer({ description: "seconds since the epoch" })),
		}),
	),
});

export const allocVolume = defineRoute({
	method: "POST",
	path: "/nodes/:node/storage/:storage/content",
	privilege: "Datastore.AllocateSpace",
	on: "/storage/:storage",
	summary: "Create a volume",
	parameters: Type.Object({
		node,
		storage,
		vmid: Type.Integer({ minimum: 100, maximum: 999_999_999 }),
		filename: Type.String({ maxLength: 200, description: "its name; empty: a free one is chosen" }),
		size,
		format: Type.Optional(Type.String({ maxLength: 20 })),
		reference: Type.Optional(reference),
	}),
	result: Type.String({ description: "ID of the volume" }),
});

export const getVolume = defineRoute({
	method: "GET",
	path: "/nodes/:node/storage/:storage/content/:volume",
	privilege: "Datastore.Audit",
	on: "/storage/:storage",
	summary: "One volume",
	parameters: Type.Object({ node, storage, volume }),
	result: Type.Object({
		path: Type.String(),
		size: Type.Integer(),
		used: Type.Integer(),
		format: Type.String(),
	}),
});

export const freeVolume = defineRoute({
	method: "DELETE",
	path: "/nodes/:node/storage/:storage/content/:volume",
	privilege: "Datastore.AllocateSpace",
	on: "/storage/:storage",
	summary: "Remove a volume that is not in use",
	parameters: Type.Object({
		node,
		storage,
		volume,
		delay: Type.Optional(
			Type.Integer({ minimum: 1, maximum: 30, description: "seconds to wait for it to finish" }),
		),
		force: Type.Optional(flag),
	}),
	result: nullable(upid),
});

export const resizeVolume = defineRoute({
	method: "PUT",
	path: "/nodes/:node/storage/:storage/content/:volume/resize",
	privilege: "Datastore.AllocateSpace",
	on: "/storage/:storage",
	summary: "Grow a volume that no other node uses to at least a size",
	parameters: Type.Object({ node, storage, volume, size, reference: Type.Optional(reference) }),
	result: Type.Null(),
});

export const renameVolume = defineRoute({
	method: "PUT",
	path: "/nodes/:node/storage/:storage/content/:volume/rename",
	privilege: "Datastore.AllocateSpace",
	on: "/storage/:storage",
	summary: "Rename a volume that is not in use",
	parameters: Type.Object({
		node,
		storage,
		volume,
		name: Type.String({ maxLength: 200 }),
		reference: Type.Optional(reference),
	}),
	result: Type.String({ description: "new ID of the volume" }),
});

export const activateVolume = defineRoute({
	method: "POST",
	path: "/nodes/:node/storage/:storage/content/:volume/activate",
	privilege: "Datastore.AllocateSpace",
	on: "/storage/:storage",
	summary: "Activate a volume on a node",
	parameters: Type.Object({ node, storage, volume, reference: Type.Optional(reference) }),
	result: Type.Null(),
});

export const deactivateVolume = defineRoute({
	method: "POST",
	path: "/nodes/:node/storage/:storage/content/:volume/deactivate",
	privilege: "Datastore.AllocateSpace",
	on: "/storage/:storage",
	summary: "Deactivate a volume that is not open on a node",
	parameters: Type.Object({ node, storage, volume, reference: Type.Optional(reference) }),
	result: Type.Null(),
});

export const scanLvm = defineRoute({
	method: "GET",
	path: "/nodes/:node/scan/lvm",
	privilege: "Datastore.Allocate",
	on: "/storage",
	summary: "Volume groups that a node sees, without those on single paths",
	parameters: Type.Object({ node }),
	result: Type.Array(
		Type.Object({ vg: Type.String(), size: Type.Integer(), free: Type.Integer(), lvcount: Type.Integer() }),
	),
});

export const scanIscsi = defineRoute({
	method: "GET",
	path: "/nodes/:node/scan/iscsi",
	privilege: "Datastore.Allocate",
	on: "/storage",
	summary: "Targets that an iSCSI portal reports to a node; nothing is saved or logged in to",
	parameters: Type.Object({
		node,
		portal: Type.String({ maxLength: 300, description: "HOST or HOST:PORT; an IPv6 address in brackets" }),
	}),
	result: Type.Array(
		Type.Object({
			target: Type.String(),
			portal: Type.String({ description: "all of its portals, comma-separated" }),
		}),
	),
});
