/** `/nodes/N/tasks`: work that was given to a node, and what became of it. */
import { isQuestion, PathkeeperError, taskRoutes } from "@pathkeeper/model";
import {
	askToCancel,
	type Entry,
	parseUpid,
	readNodes,
	readTask,
	readTaskLog,
	type Store,
	type Task,
	taskPrefix,
	tasksFrom,
} from "@pathkeeper/store";
import { permissionDenied } from "../access/refusals.ts";
import type { HandlerContext } from "../context/handler-context.ts";
import { type BoundRoute, bind } from "../http/bind.ts";
import type { Caller } from "../http/caller.ts";
import { flag } from "../http/flag.ts";
import { lackedForTask } from "./task-storage.ts";

export function taskHandlers({ store, runtime, questions }: HandlerContext): BoundRoute[] {
	return [
		bind(taskRoutes.listTasks, async ({ node, start = 0, limit = 50, reference, ...wanted }, caller) => {
			await checkNode(store, node);
			const { entries } = await store.list(taskPrefix(node));
			const found = entries
				.map(rowOf)
				.filter(
					({ row, reference: own }) =>
						!isQuestion(row.type) &&
						(reference === undefined || own === reference) &&
						lackedForTask(row, caller) === null &&
						isWanted(row, wanted),
				);
			found.sort((one, other) => other.at - one.at);
			return found.slice(start, limit === 0 ? undefined : start + limit).map(({ row }) => row);
		}),
		bind(taskRoutes.taskStatus, async ({ node, upid }, caller) => {
			const task = await taskOf(store, node, upid, caller);
			if (task.state === "stopped" && !isQuestion(task.type)) questions.sawEnd(task.upid);
			return {
				...entryOf(task),
				...endOf(task),
				status: task.state === "stopped" ? ("stopped" as const) : ("running" as const),
				waiting: flag(task.state === "waiting"),
				...(task.exitStatus === null ? {} : { exitstatus: task.exitStatus }),
				...(task.outcome === null ? {} : { outcome: task.outcome }),
			};
		}),
		bind(taskRoutes.taskLog, async ({ node, upid, start = 0, limit = 50 }, caller) => {
			const lines = await readTaskLog(store, await taskOf(store, node, upid, caller));
			return lines.map((t, at) => ({ n: at + 1, t })).slice(start, limit === 0 ? undefined : start + limit);
		}),
		bind(taskRoutes.stopTask, async ({ node, upid }, caller) => {
			const { upid: known } = await taskOf(store, node, upid, caller);
			await askToCancel(store, known, { by: caller.user, from: caller.from, at: runtime.now() });
			return null;
		}),
	];
}

interface TaskFilter {
	readonly source?: "all" | "active" | "archive";
	readonly typefilter?: string;
	readonly userfilter?: string;
	readonly errors?: 0 | 1 | boolean;
	readonly since?: number;
	readonly until?: number;
}

type Row = ReturnType<typeof entryOf> & { readonly endtime?: number; readonly status?: string };

interface Listed {
	/** When it was asked for, in milliseconds since the epoch. */
	readonly at: number;
	readonly reference: string | null;
	readonly row: Row;
}

/** A task of the list; one that cannot be read is shown as such and never left out. */
function rowOf(entry: Entry): Listed {
	const { tasks, problems } = tasksFrom([entry]);
	const [stored] = tasks;
	if (stored !== undefined) {
		const { task } = stored;
		const status = task.exitStatus === null ? {} : { status: task.exitStatus };
		return {
			at: task.startedAt,
			reference: task.reference,
			row: { ...entryOf(task), ...endOf(task), ...status },
		};
	}
	const upid = entry.key.split("/").at(-1) ?? "";
	const {
		node = "",
		pid = 0,
		pstart = 0,
		startedAtS = 0,
		type = "?",
		id = "",
		user = "?",
	} = parseUpid(upid) ?? {};
	const status = problems[0] ?? "it cannot be read";
	return {
		at: startedAtS * 1000,
		reference: null,
		row: { upid, node, pid, pstart, starttime: startedAtS, type, id, user, status },
	};
}

function isWanted(row: Row, wanted: TaskFilter): boolean {
	const { source = "all", typefilter, userfilter, errors, since, until } = wanted;
	const { status, starttime } = row;
	return (
		(source === "all" || (source === "archive") === (status !== undefined)) &&
		(typefilter === undefined || row.type === typefilter) &&
		(userfilter === undefined || row.user.includes(userfilter)) &&
		(!errors || (status !== undefined && status !== "OK")) &&
		(since === undefined || starttime >= since) &&
		(until === undefined || starttime <= until)
	);
}

function entryOf({ upid, node, type, id, user, startedAt }: Task) {
	const parsed = parseUpid(upid);
	return {
		upid,
		node,
		pid: parsed?.pid ?? 0,
		pstart: parsed?.pstart ?? 0,
		starttime: Math.floor(startedAt / 1000),
		type,
		id,
		user,
	};
}

function endOf({ endedAt }: Task) {
	return endedAt === null ? {} : { endtime: Math.floor(endedAt / 1000) };
}

/** A task of that very node: who may look at one node may not look at another's this way. */
async function taskOf(store: Store, node: string, upid: string, caller: Caller): Promise<Task> {
	const parsed = parseUpid(upid);
	// Whether there is such a task is not told either.
	const lacked = parsed === null ? null : lackedForTask(parsed, caller);
	if (lacked !== null) throw permissionDenied(lacked);
	const stored = parsed?.node === node ? await readTask(store, upid) : null;
	if (stored !== null) return stored.task;
	throw new PathkeeperError("NOT_FOUND", { what: `task '${upid}' of node '${node}'` });
}

async function checkNode(store: Store, name: string): Promise<void> {
	if ((await readNodes(store)).some(({ node }) => node === name)) return;
	throw new PathkeeperError("NOT_FOUND", { what: `node '${name}'` });
}
