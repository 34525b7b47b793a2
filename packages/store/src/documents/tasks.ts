import { messageOf, PathkeeperError } from "@pathkeeper/model";
import { Type } from "typebox";
import type { Entry, Store, Write } from "../store.ts";
import { audited } from "./audited.ts";
import { deleteAll } from "./delete-all.ts";
import { jsonDocument, unreadable } from "./json-document.ts";
import { below, layout } from "./layout.ts";
import { isRecorded, taskRecord } from "./task-record.ts";
import { formatUpid, parseUpid } from "./upid.ts";

/**
 * One piece of work for one node. It waits until the node's agent claims it, or until whoever made it gives up on
 * that; whichever comes first in the store holds, so a task is run once or not at all.
 */
export interface Task {
	readonly upid: string;
	readonly node: string;
	/** What is to be done, as `lun-forget`; the agent knows the words. */
	readonly type: string;
	/** What it is done to: WWID, volume; may be empty. */
	readonly id: string;
	readonly user: string;
	/** When it was asked for, milliseconds since the epoch. */
	readonly startedAt: number;
	/** After this moment no agent begins it any more, milliseconds since the epoch. */
	readonly takeBefore: number;
	readonly state: "waiting" | "running" | "stopped";
	/** Which run of which agent claimed it; null before. */
	readonly claimedBy: string | null;
	/** Null until stopped: `OK`, the error in words, or `taskLostInRestart`. */
	readonly exitStatus: string | null;
	readonly endedAt: number | null;
	/** What the work needs to know; its agent checks the shape again. */
	readonly argument: unknown;
}

/** A task as it stood at a revision: what a claim or an end is based on. */
export interface StoredTask {
	readonly task: Task;
	readonly revision: bigint;
}

/** Outcome of a task whose agent ended while it ran: what it did is not known. */
export const taskLostInRestart = "unknown (node restarted while it ran)";
/** Outcome of a task that no agent took in time; nothing was done. */
export const taskNotTaken = "not run: no agent took it in time";

/** Outcome of a task of a node that was removed before it began. */
const taskOfRemovedNode = "not run: the node was removed from the fleet";
/** Outcome of a task whose node was removed while it ran; what it did is not known. */
const taskLostInRemoval = "unknown (node removed while it ran)";

const longestExitStatus = 4000;

const document = jsonDocument(
	Type.Object({
		upid: Type.String(),
		node: Type.String(),
		type: Type.String(),
		id: Type.String(),
		user: Type.String(),
		startedAt: Type.Number(),
		takeBefore: Type.Number(),
		state: Type.Union([Type.Literal("waiting"), Type.Literal("running"), Type.Literal("stopped")]),
		claimedBy: Type.Union([Type.String(), Type.Null()]),
		exitStatus: Type.Union([Type.String(), Type.Null()]),
		endedAt: Type.Union([Type.Number(), Type.Null()]),
		argument: Type.Unknown(),
	}),
);

export interface NewTask {
	readonly node: string;
	readonly type: string;
	readonly id: string;
	readonly user: string;
	/** Address of the client; null or absent for the local socket. */
	readonly from?: string | null;
	/** JSON data. */
	readonly argument: unknown;
	/** Now, milliseconds since the epoch. */
	readonly at: number;
	/** How long it may wait for its agent, in milliseconds. */
	readonly takeWithinMs: number;
	/** Two numbers of 32 bits that no other task of this second has: process id and a random or counted one. */
	readonly pid: number;
	readonly pstart: number;
}

/**
 * Leaves a task for a node, with an audit record in the same transaction unless it only looks (`isRecorded`). Throws
 * ALREADY_EXISTS when pid and pstart did not tell it from another one.
 */
export async function createTask(store: Store, asked: NewTask): Promise<StoredTask> {
	const { node, type, id, user, argument, at } = asked;
	const upid = formatUpid({ ...asked, startedAtS: Math.floor(at / 1000) });
	const task: Task = {
		upid,
		node,
		type,
		id,
		user,
		startedAt: at,
		takeBefore: at + asked.takeWithinMs,
		state: "waiting",
		claimedBy: null,
		exitStatus: null,
		endedAt: null,
		argument: argument ?? null,
	};
	const write = taskWrite(task);
	const change = { compare: [{ key: write.key, revision: null }], writes: [write] };
	const act = { what: "task.create", by: user, from: asked.from ?? null, at } as const;
	const { succeeded, revision } = isRecorded(type)
		? await audited(store, { ...change, records: [taskRecord(task, act)] })
		: await store.txn(change);
	if (!succeeded) throw new PathkeeperError("ALREADY_EXISTS", { what: `task ${upid}` });
	return { task, revision };
}

/**
 * Takes a waiting task for one run of an agent (`claim`: a text that no other run has). Null: somebody else has it,
 * or it waited too long and is stopped instead.
 */
export async function claimTask(
	store: Store,
	{ task, revision }: StoredTask,
	claim: string,
	now: number,
): Promise<StoredTask | null> {
	if (task.state !== "waiting") return null;
	if (now > task.takeBefore) {
		await replace(store, stoppedTask(task, taskNotTaken, now), revision);
		return null;
	}
	return await replace(store, { ...task, state: "running", claimedBy: claim }, revision);
}

/** Stops a running task that this claim holds. False: it is not held any more, and its outcome stands already. */
export async function finishTask(
	store: Store,
	{ task, revision }: StoredTask,
	exitStatus: string,
	now: number,
): Promise<boolean> {
	if (task.state !== "running") return false;
	return (await replace(store, stoppedTask(task, exitStatus, now), revision)) !== null;
}

/** Stops a task that still waits. False: an agent was quicker, or it was stopped before. */
export async function giveUpTask(
	store: Store,
	{ task, revision }: StoredTask,
	exitStatus: string,
	now: number,
): Promise<boolean> {
	if (task.state !== "waiting") return false;
	return (await replace(store, stoppedTask(task, exitStatus, now), revision)) !== null;
}

/** For an agent that starts: stops what other runs of it had claimed, as `taskLostInRestart`. Gives those tasks. */
export async function stopLostTasks(
	store: Store,
	node: string,
	claim: string,
	now: number,
): Promise<readonly Task[]> {
	const lost: Task[] = [];
	for (const stored of (await readTasks(store, node)).tasks) {
		if (stored.task.state !== "running" || stored.task.claimedBy === claim) continue;
		if (await finishTask(store, stored, taskLostInRestart, now)) lost.push(stored.task);
	}
	return lost;
}

/** Ends all tasks of a node that was removed, so that nobody waits for them. */
export async function endTasks(store: Store, node: string, now: number): Promise<void> {
	for (const stored of (await readTasks(store, node)).tasks) {
		// What was asked of a node that joined again since is its own.
		if (stored.task.startedAt > now) continue;
		// An agent that came back and took it meanwhile ends it itself.
		if (stored.task.state === "waiting") await giveUpTask(store, stored, taskOfRemovedNode, now);
		else if (stored.task.state === "running") await finishTask(store, stored, taskLostInRemoval, now);
	}
}

/** Null: there is no such task. Throws DOCUMENT_UNREADABLE for a damaged one. */
export async function readTask(store: Store, upid: string): Promise<StoredTask | null> {
	const node = parseUpid(upid)?.node;
	if (node === undefined) return null;
	const entry = await store.get(layout.task(node, upid));
	return entry === null ? null : taskOf(entry);
}

/** Tasks of a node, newest first, and what below its prefix is none. */
export interface TaskListing {
	readonly tasks: readonly StoredTask[];
	readonly problems: readonly string[];
}

export async function readTasks(store: Store, node: string): Promise<TaskListing> {
	return tasksFrom((await store.list(taskPrefix(node))).entries);
}

/** What to list or watch for the tasks of a node. */
export function taskPrefix(node: string): string {
	return layout.tasksOf(node);
}

/** Reads the entries of a listing or snapshot of `taskPrefix`. */
export function tasksFrom(entries: readonly Entry[]): TaskListing {
	const tasks: StoredTask[] = [];
	const problems: string[] = [];
	for (const entry of entries) {
		try {
			tasks.push(taskOf(entry));
		} catch (error) {
			problems.push(messageOf(error));
		}
	}
	tasks.sort((a, b) => b.task.startedAt - a.task.startedAt);
	return { tasks, problems };
}

/** Removes a stopped task with all that belongs to it: one that was only a question, or is old. */
export async function deleteTask(store: Store, { node, upid }: Pick<Task, "node" | "upid">): Promise<void> {
	const { entries } = await store.list(layout.taskLog(node, upid));
	const others = [layout.taskResult(node, upid), layout.taskCancel(node, upid)];
	// The task goes last: a log without a task would never be found again.
	await deleteAll(store, [...entries.map(({ key }) => key), ...others, layout.task(node, upid)]);
}

/** The task as it is when it has ended. */
export function stoppedTask(task: Task, exitStatus: string, now: number): Task {
	return { ...task, state: "stopped", exitStatus: exitStatus.slice(0, longestExitStatus), endedAt: now };
}

/** Null when the task was changed since `revision`. */
async function replace(store: Store, task: Task, revision: bigint | null): Promise<StoredTask | null> {
	const write = taskWrite(task);
	const result = await store.txn({ compare: [{ key: write.key, revision }], writes: [write] });
	return result.succeeded ? { task, revision: result.revision } : null;
}

/** The write that puts a task in the place of what it was. */
export function taskWrite(task: Task): Write & { readonly op: "put" } {
	return { op: "put", key: layout.task(task.node, task.upid), value: document.encode(task) };
}

function taskOf({ key, value, revision }: Entry): StoredTask {
	const { argument, ...task } = document.decode(key, value);
	const upid = parseUpid(task.upid);
	if (upid === null || below(layout.task(upid.node, task.upid), key) !== "" || upid.node !== task.node)
		throw unreadable(key, `it is task '${task.upid}' of node '${task.node}'`);
	return { task: { ...task, argument }, revision };
}
