/** `/nodes`: one node, its maps, and the block devices that no map holds. */
import { Type } from "typebox";
import { flag, lunState, node, nodeState, nullable, queueing, transport, wwid } from "./fields.ts";
import { defineRoute } from "./route.ts";

const path = Type.Object({
	dev: Type.String(),
	"dev-t": nullable(Type.String()),
	hctl: nullable(Type.String()),
	state: Type.String({ description: "verdict word: usable, standby, impaired, unknown, failed, gone" }),
	checker: nullable(Type.String()),
	"checker-state": nullable(Type.String()),
	"dm-state": nullable(Type.String()),
	"device-state": nullable(Type.String()),
	priority: nullable(Type.Integer()),
	transport: nullable(transport),
});

export const version = defineRoute({
	method: "GET",
	path: "/version",
	// Clients ask for it to see whether their credentials are good, as Proxmox VE lets them (PVE::API2, version).
	privilege: "login",
	summary: "Version of the server",
	parameters: Type.Object({}),
	result: Type.Object({ version: Type.String(), release: Type.String(), repoid: Type.String() }),
});

export const listNodes = defineRoute({
	method: "GET",
	path: "/nodes",
	privilege: "Sys.Audit",
	summary: "Nodes that report or are known",
	parameters: Type.Object({}),
	result: Type.Array(Type.Object({ node, status: Type.String({ description: "online, offline" }) })),
});

export const nodeStatus = defineRoute({
	method: "GET",
	path: "/nodes/:node/status",
	privilege: "Sys.Audit",
	summary: "One node: multipathd, applied configuration, findings",
	parameters: Type.Object({ node }),
	result: Type.Object({
		...nodeState,
		agent: Type.String({ description: "version of the agent" }),
	}),
});

export const nodeMaps = defineRoute({
	method: "GET",
	path: "/nodes/:node/disks/multipath",
	privilege: "Sys.Audit",
	summary: "Maps of a node with their groups and paths",
	parameters: Type.Object({ node, wwid: Type.Optional(wwid) }),
	result: Type.Array(
		Type.Object({
			name: Type.String(),
			wwid,
			dm: nullable(Type.String()),
			path: Type.String({ description: "stable device path" }),
			vendor: nullable(Type.String()),
			model: nullable(Type.String()),
			size: nullable(Type.Integer({ description: "bytes" })),
			state: lunState,
			reasons: Type.Array(Type.String()),
			queueing,
			users: Type.Array(Type.String({ description: "what uses the map" })),
			groups: Type.Array(
				Type.Object({
					group: Type.Integer(),
					"dm-state": nullable(Type.String()),
					priority: nullable(Type.Integer()),
					paths: Type.Array(path),
				}),
			),
		}),
	),
});

export const nodeDisks = defineRoute({
	method: "GET",
	path: "/nodes/:node/disks/list",
	privilege: "Sys.Audit",
	summary: "Block devices that are in no map, grouped by WWID: candidates for the allow-list and local disks",
	parameters: Type.Object({ node }),
	result: Type.Array(
		Type.Object({
			wwid: nullable(Type.String()),
			size: Type.Integer({ description: "bytes" }),
			vendor: nullable(Type.String()),
			model: nullable(Type.String()),
			carries: nullable(Type.String({ description: "what was recognised on it: LVM2_member, ext4, gpt, …" })),
			allowed: flag,
			devices: Type.Array(
				Type.Object({ dev: Type.String(), hctl: nullable(Type.String()), transport: nullable(transport) }),
			),
		}),
	),
});

export const scanMultipath = defineRoute({
	method: "GET",
	path: "/nodes/:node/scan/multipath",
	privilege: "Datastore.Allocate",
	on: "/storage",
	summary: "LUNs that a node sees, with a map or without: what a storage can be created on",
	parameters: Type.Object({ node }),
	result: Type.Array(
		Type.Object({
			wwid,
			name: nullable(Type.String({ description: "name of the map; null: it has none" })),
			size: nullable(Type.Integer({ description: "bytes" })),
			vendor: nullable(Type.String()),
			model: nullable(Type.String()),
			allowed: flag,
			state: Type.Union([lunState, Type.Null()], { description: "null: it has no map there" }),
			paths: Type.Integer(),
			carries: nullable(Type.String({ description: "what was recognised on it: LVM2_member, ext4, gpt, …" })),
			users: nullable(
				Type.Array(Type.String(), {
					description: "what uses the map; null: unknown, as for a LUN without a map",
				}),
			),
		}),
	),
});
