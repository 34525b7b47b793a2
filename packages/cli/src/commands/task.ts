import { nodeRoutes, PathkeeperError, type ResultOf, taskRoutes } from "@pathkeeper/model";
import { emptyPlace } from "../output/empty-place.ts";
import { counted, shown } from "../output/words.ts";
import type { Session } from "../session.ts";
import { momentText } from "./moments.ts";

type TaskRow = ResultOf<typeof taskRoutes.listTasks>[number];

export interface TaskListOptions {
	/** Absent: all nodes. */
	readonly node?: string;
	readonly limit: number;
	readonly errors?: true;
}

/** `task list`: newest first, of one node or of all. */
export async function listTasks(
	{ client, output }: Session,
	{ node, limit, errors }: TaskListOptions,
): Promise<void> {
	const nodes = node === undefined ? await nodeNames(client) : [node];
	const ask = { limit, ...(errors === undefined ? {} : { errors }) };
	const lists = await Promise.all(
		nodes.map((each) => client.call(taskRoutes.listTasks, { node: each, ...ask })),
	);
	const tasks = lists
		.flat()
		.sort((a, b) => b.starttime - a.starttime)
		.slice(0, limit);
	output.rows(tasks, () =>
		tasks.length === 0
			? emptyPlace(output, "noTask")
			: output.table<TaskRow>(
					[
						{ head: "STARTED", cell: ({ starttime }) => momentText(starttime * 1000) },
						{ head: "NODE", cell: ({ node: name }) => shown(name) },
						{ head: "TASK", cell: ({ type }) => shown(type) },
						{ head: "ABOUT", cell: ({ id }) => shown(id) },
						{ head: "BY", cell: ({ user }) => shown(user), drop: 2 },
						{ head: "OUTCOME", cell: ({ status }) => (status === undefined ? "not ended" : shown(status)) },
						{ head: "UPID", cell: ({ upid }) => shown(upid), drop: 1 },
					],
					tasks,
				),
	);
}

/** `task log UPID`: what it wrote, and its outcome. Exit code 0: OK, 1: it failed, or is not ended. */
export async function showTaskLog({ client, output }: Session, upid: string): Promise<number> {
	const node = nodeOf(upid);
	const status = await client.call(taskRoutes.taskStatus, { node, upid });
	const lines = await client.call(taskRoutes.taskLog, { node, upid, limit: 0 });
	output.document({ ...status, log: lines.map(({ t }) => t) }, () =>
		[
			...lines.map(({ t }) => `${shown(t)}\n`),
			`${outcomeOf(status)} (${counted(lines.length, "line")} of log)\n`,
		].join(""),
	);
	return status.exitstatus === "OK" ? 0 : 1;
}

/** `task stop UPID`. */
export async function stopTask({ client, output }: Session, upid: string): Promise<void> {
	await client.call(taskRoutes.stopTask, { node: nodeOf(upid), upid });
	output.document({ upid }, () => "it was asked to end; 'task log' shows when it has\n");
}

/** Throws PARAMETER_INVALID for what is no name of a task. */
function nodeOf(upid: string): string {
	const node = upid.split(":")[1] ?? "";
	if (upid.startsWith("UPID:") && node !== "") return node;
	throw new PathkeeperError("PARAMETER_INVALID", {
		fields: { upid: `'${upid}' is not the name of a task` },
	});
}

function outcomeOf({ waiting, exitstatus }: ResultOf<typeof taskRoutes.taskStatus>): string {
	if (exitstatus !== undefined) return `ended: ${shown(exitstatus)}`;
	return waiting === 1 ? "it is waiting for its node" : "it is running";
}

async function nodeNames(client: Session["client"]): Promise<string[]> {
	return (await client.call(nodeRoutes.listNodes, {})).map(({ node }) => node);
}
