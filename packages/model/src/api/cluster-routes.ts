/** `/cluster` and the description of the API itself: what there is, in the shapes that Proxmox VE's clients look for. */
import { Type } from "typebox";
import { flag, node, nullable, wwid } from "./fields.ts";
import { defineRoute } from "./route.ts";

export const clusterIndex = defineRoute({
	method: "GET",
	path: "/cluster",
	privilege: "Sys.Audit",
	summary: "What is available below this path",
	parameters: Type.Object({}),
	result: Type.Array(Type.Object({ name: Type.String() })),
});

export const clusterStatus = defineRoute({
	method: "GET",
	path: "/cluster/status",
	privilege: "Sys.Audit",
	summary: "The fleet and its nodes, in the form of Proxmox VE",
	parameters: Type.Object({}),
	result: Type.Array(
		Type.Union([
			Type.Object({
				id: Type.String(),
				type: Type.Literal("cluster"),
				name: Type.String(),
				nodes: Type.Integer(),
				quorate: flag,
				version: Type.Integer({ description: "how many times the configuration was changed" }),
			}),
			Type.Object({
				id: Type.String(),
				type: Type.Literal("node"),
				name: node,
				nodeid: Type.Integer(),
				online: flag,
				local: flag,
				level: Type.String(),
			}),
		]),
	),
});

const resourceTypes = ["node", "lun"] as const;

export const clusterResources = defineRoute({
	method: "GET",
	path: "/cluster/resources",
	privilege: "Sys.Audit",
	on: "each",
	summary: "Nodes and LUNs with their states: those that the caller may see",
	parameters: Type.Object({ type: Type.Optional(Type.Enum([...resourceTypes])) }),
	result: Type.Array(
		Type.Union([
			Type.Object({
				id: Type.String(),
				type: Type.Literal("node"),
				node,
				status: Type.String({ description: "online, offline" }),
			}),
			Type.Object({
				id: Type.String(),
				type: Type.Literal("lun"),
				wwid,
				name: Type.String({ description: "alias, or WWID where there is none" }),
				status: Type.String({ description: "state over all nodes" }),
				maxdisk: Type.Optional(Type.Integer({ description: "bytes; absent if unknown" })),
			}),
		]),
	),
});

const removal = {
	node,
	online: flag,
	"last-joined": nullable(Type.Number({ description: "milliseconds since the epoch" })),
	"silent-since": nullable(Type.Number({ description: "milliseconds since the epoch" })),
	reported: nullable(Type.Number({ description: "of its last report, milliseconds since the epoch" })),
	uses: Type.Array(Type.String(), {
		description: "what was in use there at its last report, or why that is unknown",
	}),
	named: Type.Array(Type.String(), { description: "LUNs and storages that are meant for this node by name" }),
};

export const getNodeRemoval = defineRoute({
	method: "GET",
	path: "/cluster/pathkeeper/nodes/:node",
	privilege: "Sys.Audit",
	summary: "What to check before a node is removed from the fleet",
	parameters: Type.Object({ node }),
	result: Type.Object(removal),
});

export const removeNode = defineRoute({
	method: "DELETE",
	path: "/cluster/pathkeeper/nodes/:node",
	privilege: "Sys.Modify",
	on: "/",
	summary:
		"Remove a node whose agent is gone, with its report; refused while its agent runs, and without `confirm` if it may still use a LUN",
	parameters: Type.Object({
		node,
		confirm: Type.Optional(
			Type.String({
				description: "name of the node again, to confirm that it is off for good",
				maxLength: 63,
			}),
		),
	}),
	result: Type.Object({ node, uses: removal.uses, named: removal.named }),
});

export const openApi = defineRoute({
	method: "GET",
	path: "/openapi.json",
	below: "/api2",
	privilege: "login",
	media: "application/json",
	summary: "This description of the API (OpenAPI 3.1)",
	parameters: Type.Object({}),
	result: Type.Unknown(),
});
