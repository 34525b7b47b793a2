/** `/cluster/multipath`: the configuration of the fleet and the health that follows from it. */
import { Type } from "typebox";
import {
	digest,
	finding,
	flag,
	lunState,
	node,
	nodeState,
	nullable,
	queueing,
	settings,
	wwid,
} from "./fields.ts";
import { defineRoute } from "./route.ts";

/** What can be said of a LUN beside its WWID. In a change, an omitted key stays as it is. */
const lunProperties = {
	alias: Type.Optional(Type.String({ maxLength: 63 })),
	comment: Type.Optional(Type.String({ maxLength: 1024 })),
	"expected-paths": Type.Optional(Type.Integer({ minimum: 1, maximum: 1024 })),
	nodes: Type.Optional(Type.String({ maxLength: 8192, description: "comma-separated; absent: all nodes" })),
	...settings("multipaths"),
};

const lun = Type.Object({ wwid, ...lunProperties });

export const index = defineRoute({
	method: "GET",
	path: "/cluster/multipath",
	privilege: "Sys.Audit",
	summary: "What is available below this path",
	parameters: Type.Object({}),
	result: Type.Array(Type.Object({ name: Type.String() })),
});

export const getConfig = defineRoute({
	method: "GET",
	path: "/cluster/multipath/config",
	privilege: "Sys.Audit",
	summary: "The whole configuration: both documents, what they mean, and their digests",
	parameters: Type.Object({}),
	result: Type.Object({
		text: Type.String(),
		digest,
		overrides: Type.String(),
		"overrides-digest": digest,
		defaults: Type.Object(settings("defaults")),
		luns: Type.Array(lun),
		problems: Type.Array(Type.String()),
	}),
});

export const getDefaults = defineRoute({
	method: "GET",
	path: "/cluster/multipath/defaults",
	privilege: "Sys.Audit",
	summary: "Settings for every LUN",
	parameters: Type.Object({}),
	result: Type.Object({ ...settings("defaults"), digest }),
});

export const putDefaults = defineRoute({
	method: "PUT",
	path: "/cluster/multipath/defaults",
	privilege: "Sys.Modify",
	summary: "Changes settings for every LUN; a setting that is omitted keeps its value",
	parameters: Type.Object({
		...settings("defaults"),
		delete: Type.Optional(Type.String({ maxLength: 4096 })),
		digest: Type.Optional(digest),
	}),
	result: Type.Object({ digest }),
});

export const listLuns = defineRoute({
	method: "GET",
	path: "/cluster/multipath/wwids",
	privilege: "Sys.Audit",
	summary: "The allow-list",
	parameters: Type.Object({}),
	result: Type.Array(lun),
});

export const allowLun = defineRoute({
	method: "POST",
	path: "/cluster/multipath/wwids",
	privilege: "Sys.Modify",
	summary: "Allows a LUN: every node assembles its map",
	parameters: Type.Object({ wwid, ...lunProperties, digest: Type.Optional(digest) }),
	result: Type.Object({
		digest,
		seen: Type.Array(node, { description: "nodes that see the LUN now; if empty, the WWID may be misspelt" }),
	}),
});

export const getLun = defineRoute({
	method: "GET",
	path: "/cluster/multipath/wwids/:wwid",
	privilege: "Sys.Audit",
	summary: "One LUN of the allow-list",
	parameters: Type.Object({ wwid }),
	result: Type.Object({ wwid, ...lunProperties, digest }),
});

export const putLun = defineRoute({
	method: "PUT",
	path: "/cluster/multipath/wwids/:wwid",
	privilege: "Sys.Modify",
	summary: "Changes the settings of a LUN; a setting that is omitted keeps its value",
	parameters: Type.Object({
		wwid,
		...lunProperties,
		delete: Type.Optional(Type.String({ maxLength: 4096 })),
		digest: Type.Optional(digest),
	}),
	result: Type.Object({ digest }),
});

export const forgetLun = defineRoute({
	method: "DELETE",
	path: "/cluster/multipath/wwids/:wwid",
	privilege: "Sys.Modify",
	summary: "Forgets a LUN: refused while anything uses it; otherwise its maps are removed, and nothing else",
	parameters: Type.Object({ wwid, force: Type.Optional(flag), digest: Type.Optional(digest) }),
	result: Type.Object({
		digest,
		log: Type.Array(Type.String()),
		verified: Type.Union([Type.Literal(0), Type.Literal(1)], {
			description: "1: no node that was asked has a map or an entry of Pathkeeper for it any longer",
		}),
	}),
});

export const getOverrides = defineRoute({
	method: "GET",
	path: "/cluster/multipath/overrides",
	privilege: "Sys.Audit",
	summary: "The overrides, verbatim",
	parameters: Type.Object({}),
	result: Type.Object({ text: Type.String(), digest }),
});

export const putOverrides = defineRoute({
	method: "PUT",
	path: "/cluster/multipath/overrides",
	privilege: "Sys.Modify",
	summary: "Replaces the overrides; refused with line and column if they break the grammar or a rule",
	parameters: Type.Object({ text: Type.String({ maxLength: 1_048_576 }), digest: Type.Optional(digest) }),
	result: Type.Object({ digest }),
});

export const preview = defineRoute({
	method: "POST",
	path: "/cluster/multipath/preview",
	privilege: "Sys.Audit",
	changes: false,
	summary:
		"What every node would get from a proposed configuration (what is omitted: as stored), as a diff against what it applied last; changes nothing",
	parameters: Type.Object({
		text: Type.Optional(Type.String({ maxLength: 1_048_576 })),
		overrides: Type.Optional(Type.String({ maxLength: 1_048_576 })),
	}),
	result: Type.Object({
		problems: Type.Array(
			Type.Object({
				severity: Type.Union([Type.Literal("error"), Type.Literal("warning")], {
					description: "if there are errors among them, nothing is computed for the nodes",
				}),
				text: Type.String({ description: "with its position, as DOCUMENT:LINE:COLUMN: SEVERITY: TEXT" }),
			}),
		),
		nodes: Type.Array(
			Type.Object({
				node,
				diff: Type.String({
					description: "unified diff of the files on the node; empty when nothing changes",
				}),
				findings: Type.Array(finding),
			}),
		),
	}),
});

export const putConfig = defineRoute({
	method: "PUT",
	path: "/cluster/multipath/config",
	privilege: "Sys.Modify",
	summary: "Replaces multipath.cfg as text; a LUN cannot be removed this way",
	parameters: Type.Object({ text: Type.String({ maxLength: 1_048_576 }), digest: Type.Optional(digest) }),
	result: Type.Object({ digest }),
});

export const getStatus = defineRoute({
	method: "GET",
	path: "/cluster/multipath/status",
	privilege: "Sys.Audit",
	summary:
		"Every LUN with its state, the reasons, and its state on every node; every node with what it applied",
	parameters: Type.Object({}),
	result: Type.Object({
		simulated: flag,
		luns: Type.Array(
			Type.Object({
				wwid,
				alias: nullable(Type.String()),
				size: nullable(Type.Integer({ description: "bytes" })),
				vendor: nullable(Type.String()),
				model: nullable(Type.String()),
				state: lunState,
				conflict: nullable(Type.String({ description: "which nodes see which size, if they differ" })),
				reasons: Type.Array(Type.String()),
				queueing,
				storages: Type.Array(Type.String(), { description: "IDs of the storages that use it" }),
				nodes: Type.Record(
					Type.String(),
					Type.Object({
						state: lunState,
						last: Type.Optional(lunState),

						paths: Type.Integer(),
						usable: Type.Integer(),
						expected: Type.Integer(),
						reasons: Type.Array(Type.String()),
					}),
				),
			}),
		),
		nodes: Type.Array(Type.Object(nodeState)),
		findings: Type.Array(finding, { description: "what is wrong with the fleet as a whole" }),
	}),
});

export const getFleetFindings = defineRoute({
	method: "GET",
	path: "/cluster/multipath/findings",
	privilege: "Sys.Audit",
	summary: "What is wrong with the fleet as a whole, such as a store that is nearly full",
	parameters: Type.Object({}),
	result: Type.Array(finding),
});
