/** `/nodes/N/tasks`: work that was given to a node, and what became of it; shapes as in Proxmox VE. */
import { Type } from "typebox";
import { outcomeSchema } from "../tasks/outcome.ts";
import { flag, node, reference } from "./fields.ts";
import { defineRoute } from "./route.ts";

const upid = Type.String({ maxLength: 512, description: "name of a task" });
const moment = Type.Integer({ minimum: 0, description: "seconds since the epoch" });

const task = {
	upid,
	node,
	pid: Type.Integer(),
	pstart: Type.Integer(),
	starttime: moment,
	type: Type.String(),
	id: Type.String(),
	user: Type.String(),
};

export const listTasks = defineRoute({
	method: "GET",
	path: "/nodes/:node/tasks",
	privilege: "Sys.Audit",
	summary: "Tasks of a node, newest first; ended ones are kept for --task-days of its agent",
	parameters: Type.Object({
		node,
		source: Type.Optional(Type.Enum(["all", "active", "archive"])),
		typefilter: Type.Optional(Type.String({ maxLength: 64 })),
		userfilter: Type.Optional(Type.String({ maxLength: 128 })),
		reference: Type.Optional(reference),
		errors: Type.Optional(flag),
		since: Type.Optional(moment),
		until: Type.Optional(moment),
		start: Type.Optional(Type.Integer({ minimum: 0 })),
		limit: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })),
	}),
	result: Type.Array(
		Type.Object({
			...task,
			endtime: Type.Optional(moment),
			status: Type.Optional(Type.String({ description: "outcome; absent while it waits or runs" })),
		}),
	),
});

export const taskStatus = defineRoute({
	method: "GET",
	path: "/nodes/:node/tasks/:upid/status",
	privilege: "Sys.Audit",
	summary: "One task: whether it runs, and its outcome",
	parameters: Type.Object({ node, upid }),
	result: Type.Object({
		...task,
		status: Type.Union([Type.Literal("running"), Type.Literal("stopped")], {
			description: "one that waits for its node counts as running, because clients know no other word",
		}),
		waiting: flag,
		endtime: Type.Optional(moment),
		exitstatus: Type.Optional(Type.String({ description: "OK, or the error message" })),
		outcome: Type.Optional(outcomeSchema),
	}),
});

export const taskLog = defineRoute({
	method: "GET",
	path: "/nodes/:node/tasks/:upid/log",
	privilege: "Sys.Audit",
	summary: "The log of a task, line by line",
	parameters: Type.Object({
		node,
		upid,
		start: Type.Optional(Type.Integer({ minimum: 0 })),
		limit: Type.Optional(Type.Integer({ minimum: 0, description: "0: all" })),
	}),
	result: Type.Array(Type.Object({ n: Type.Integer({ description: "from 1 on" }), t: Type.String() })),
});

export const stopTask = defineRoute({
	method: "DELETE",
	path: "/nodes/:node/tasks/:upid",
	privilege: "Sys.Modify",
	summary: "End a task early, as soon as that is safe; one that has ended stays as it is",
	parameters: Type.Object({ node, upid }),
	result: Type.Null(),
});
