/** `/cluster` and `/metrics`: what a page or a monitoring system needs to show a fleet and to keep it true. */
import { Type } from "typebox";
import { logKinds } from "../fleet/log/entry.ts";
import { severities } from "../fleet/log/log-filter.ts";
import { flag, lunState, node, nullable, queueing, wwid } from "./fields.ts";
import { defineRoute } from "./route.ts";

const flagged = Type.Union([Type.Literal(0), Type.Literal(1)]);

const pictureNode = Type.Object({
	node,
	online: flagged,
	simulated: flagged,
	settling: flagged,
	multipathd: Type.String({ description: "running, silent, …; unknown where nothing is reported" }),
	applied: Type.String({ description: "applied, pending, failed; unknown where nothing is reported" }),
	problem: nullable(Type.String({ description: "what is wrong with the node as a whole" })),
	errors: Type.Integer({ description: "findings of severity error" }),
	warnings: Type.Integer({ description: "findings of severity warning" }),
});

const pictureLun = Type.Object({
	wwid,
	alias: nullable(Type.String()),
	size: nullable(Type.Integer({ description: "bytes" })),
	vendor: nullable(Type.String()),
	model: nullable(Type.String()),
	state: lunState,
	conflict: Type.Optional(Type.Literal(1, { description: "nodes see different sizes" })),
});

const bytes = (description: string) =>
	Type.String({ description: `base64, one byte a cell, row by row: ${description}` });

const picture = {
	rev: Type.Integer(),
	problem: nullable(Type.String({ description: "why this is only the last known state" })),
	nodes: Type.Array(pictureNode),
	luns: Type.Array(pictureLun),
	states: bytes(
		"lowest three bits the state, 8 settling, 16 stale, highest three bits the state last known on a silent node; 0: nothing to do with it",
	),
	usable: Type.Optional(bytes("usable paths")),
	expected: Type.Optional(bytes("expected paths")),
};

export const getMatrix = defineRoute({
	method: "GET",
	path: "/cluster/multipath/matrix",
	privilege: "Sys.Audit",
	summary: "Every LUN on every node, packed for a screen: LUNs are rows, nodes are columns",
	parameters: Type.Object({ counts: Type.Optional(flag) }),
	result: Type.Object({ epoch: Type.String(), ...picture }),
});

export const getLunStatus = defineRoute({
	method: "GET",
	path: "/cluster/multipath/status/:wwid",
	privilege: "Sys.Audit",
	summary: "One LUN with its state, the reasons, and its state on every node",
	parameters: Type.Object({ wwid }),
	result: Type.Object({
		wwid,
		alias: nullable(Type.String()),
		size: nullable(Type.Integer({ description: "bytes" })),
		vendor: nullable(Type.String()),
		model: nullable(Type.String()),
		state: lunState,
		conflict: nullable(Type.String({ description: "which nodes see which size, if they differ" })),
		reasons: Type.Array(Type.String()),
		queueing,
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
		problem: nullable(Type.String({ description: "why this is only the last known state" })),
	}),
});

const moment = Type.Integer({ minimum: 0, maximum: 253_370_764_800_000 });

const logEntry = Type.Object({
	id: Type.String(),
	at: Type.Number({ description: "milliseconds since the epoch" }),
	until: Type.Number({ description: "later than at, if several are merged into one" }),
	kind: Type.Enum([...logKinds]),
	event: Type.String(),
	severity: Type.Union([Type.Literal("info"), Type.Literal("warning"), Type.Literal("error")]),
	text: Type.String(),
	nodes: Type.Array(Type.String()),
	luns: Type.Array(Type.String({ description: "WWID" })),
	ports: Type.Array(Type.String({ description: "portal or address of a target" })),
	paths: Type.Integer({ description: "how many paths are affected" }),
	count: Type.Integer({ description: "how many times it happened" }),
	details: Type.Array(Type.String()),
	by: nullable(Type.String()),
	from: nullable(Type.String()),
	unwatchedSince: nullable(
		Type.Number({ description: "it happened after this time, while no server was watching" }),
	),
});

export const getLog = defineRoute({
	method: "GET",
	path: "/cluster/multipath/log",
	privilege: "Sys.Audit",
	summary: "State changes, path events, changes of configuration and access, and findings, newest first",
	parameters: Type.Object({
		lun: Type.Optional(wwid),
		node: Type.Optional(node),
		kind: Type.Optional(Type.Enum([...logKinds])),
		severity: Type.Optional(
			Type.Enum([...severities], { description: "lowest severity: warning includes errors" }),
		),
		text: Type.Optional(
			Type.String({ maxLength: 200, description: "part of the text, of a detail, or of a port" }),
		),
		since: Type.Optional(moment),
		until: Type.Optional(moment),
		before: Type.Optional(
			Type.String({ pattern: "^[0-9]{15}-[0-9]{4}$", description: "next of the previous page" }),
		),
		limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
	}),
	result: Type.Object({ entries: Type.Array(logEntry), next: nullable(Type.String()) }),
});

/**
 * Not an answer but a stream of server-sent events: `snapshot`, then `delta` and `log` (`live-events.ts`). It goes
 * on from `Last-Event-ID`, or from `last`, where that is not too long ago.
 */
export const getEvents = defineRoute({
	method: "GET",
	path: "/cluster/events",
	privilege: "Sys.Audit",
	media: "text/event-stream",
	summary: "Server-sent events: the matrix, then what changes in it and what is written to the log",
	parameters: Type.Object({ last: Type.Optional(Type.String({ maxLength: 64 })) }),
	result: Type.String(),
});

export const getMetrics = defineRoute({
	method: "GET",
	path: "/metrics",
	below: "",
	privilege: "Sys.Audit",
	on: "/",
	media: "text/plain",
	summary: "The fleet for Prometheus; allowed addresses need no token",
	parameters: Type.Object({
		full: Type.Optional(flag),
		node: Type.Optional(node),
	}),
	result: Type.String(),
});
