import {
	type ArgumentOf,
	argumentSchema,
	exitStatusOf,
	lostInRestart,
	messageOf,
	notTaken,
	outcomeOfText,
	outcomeSchema,
	PathkeeperError,
	storedArgument,
	subjectOf,
	type TaskArgument,
	type TaskOutcome,
	type TaskType,
} from "@pathkeeper/model";
import { Type } from "typebox";
import { Check } from "typebox/value";
import type { Entry, Store, Write } from "../store.ts";
import { audited } from "./audited.ts";
import { deleteAll } from "./delete-all.ts";
import { jsonDocument, unreadable } from "./json-document.ts";
import { below, layout } from "./layout.ts";
import { isRecorded, taskRecord } from "./task-record.ts";
import { formatUpid, parseUpid } from "./upid.ts";

const document = jsonDocument(
	Type.Object({
		upid: Type.String(),
		node: Type.String(),
		type: Type.String(),
		id: Type.String(),
		user: Type.String(),
		reference: Type.Optional(Type.String()),
		startedAt: Type.Number(),
		takeBefore: Type.Number(),
		state: Type.Union([Type.Literal("waiting"), Type.Literal("running"), Type.Literal("stopped")]),
		claimedBy: Type.Union([Type.String(), Type.Null()]),
		exitStatus: Type.Union([Type.String(), Type.Null()]),
		/** Absent: it has not ended, or was ended by version 0.1.0. One of a later version may have another form. */
		outcome: Type.Optional(Type.Union([outcomeSchema, Type.Object({ kind: Type.String() })])),
		endedAt: Type.Union([Type.Number(), Type.Null()]),
		argument: Type.Union([argumentSchema, Type.Null()]),
	}),
);

/**
 * One piece of work for one node. It waits until the node's agent claims it, or until whoever made it gives up on
 * that; whichever comes first in the store holds, so a task is run once or not at all.
 */
export interface Task {
	readonly upid: string;
	readonly node: string;
	/** `type` of the table of tasks; one of another version may not be in it. */
	readonly type: string;
	/** What it is done to: WWID, storage or volume; may be empty. */
	readonly id: string;
	readonly user: string;
	/** A text by which whoever asked finds the task; null: none was given. */
	readonly reference: string | null;
	/** When it was asked for, milliseconds since the epoch. */
	readonly startedAt: number;
	/** After this moment no agent begins it any more, milliseconds since the epoch. */
	readonly takeBefore: number;
	readonly state: "waiting" | "running" | "stopped";
	/** Which run of which agent claimed it; null before. */
	readonly claimedBy: string | null;
	/** Null until stopped. */
	readonly outcome: TaskOutcome | null;
	/** The outcome as Proxmox VE's API has it: null until stopped, then `OK` or what came of it in words. */
	readonly exitStatus: string | null;
	readonly endedAt: number | null;
	/** What the work needs to know; its agent checks it against the table. */
	readonly argument: TaskArgument | null;
}

/** A task as it stood at a revision: what a claim or an end is based on. */
export interface StoredTask {
	readonly task: Task;
	readonly revision: bigint;
}

/** Outcome of a task of a node that was removed before it began. */
const notRunOnRemoved: TaskOutcome = { kind: "not-run", why: "node-removed" };
/** Outcome of a task whose node was removed while it ran; what it did is not known. */
const lostInRemoval: TaskOutcome = { kind: "lost", why: "node-removed" };

const longestExitStatus = 4000;

export interface NewTask<T extends TaskType = TaskType> {
	readonly node: string;
	/** Entry of the table of tasks. */
	readonly task: T;
	readonly argument: ArgumentOf<T>;
	readonly user: string;
	/** Address of the client; null or absent for the local socket. */
	readonly from?: string | null;
	/** A text by which whoever asks finds the task. */
	readonly reference?: string | undefined;
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
export async function createTask<T extends TaskType>(store: Store, asked: NewTask<T>): Promise<StoredTask> {
	const { node, user, at, pid, pstart } = asked;
	const { type } = asked.task;
	const argument = storedArgument(asked.task, asked.argument);
	const id = subjectOf(asked.task, argument);
	const upid = formatUpid({ node, pid, pstart, startedAtS: Math.floor(at / 1000), type, id, user });
	const task: Task = {
		upid,
		node,
		type,
		id,
		user,
		reference: asked.reference ?? null,
		startedAt: at,
		takeBefore: at + asked.takeWithinMs,
		state: "waiting",
		claimedBy: null,
		outcome: null,
		exitStatus: null,
		endedAt: null,
		argument,
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
		await replace(store, stoppedTask(task, notTaken, now), revision);
		return null;
	}
	return await replace(store, { ...task, state: "running", claimedBy: claim }, revision);
}

/** Stops a running task that this claim holds. False: it is not held any more, and its outcome stands already. */
export async function finishTask(
	store: Store,
	{ task, revision }: StoredTask,
	outcome: TaskOutcome,
	now: number,
): Promise<boolean> {
	if (task.state !== "running") return false;
	return (await replace(store, stoppedTask(task, outcome, now), revision)) !== null;
}

/** Stops a task that still waits. False: an agent was quicker, or it was stopped before. */
export async function giveUpTask(
	store: Store,
	{ task, revision }: StoredTask,
	outcome: TaskOutcome,
	now: number,
): Promise<boolean> {
	if (task.state !== "waiting") return false;
	return (await replace(store, stoppedTask(task, outcome, now), revision)) !== null;
}

/** For an agent that starts: stops what other runs of it had claimed, as lost. Gives those tasks. */
export async function stopLostTasks(
	store: Store,
	node: string,
	claim: string,
	now: number,
): Promise<readonly Task[]> {
	const lost: Task[] = [];
	for (const stored of (await readTasks(store, node)).tasks) {
		if (stored.task.state !== "running" || stored.task.claimedBy === claim) continue;
		if (await finishTask(store, stored, lostInRestart, now)) lost.push(stored.task);
	}
	return lost;
}

/** Ends all tasks of a node that was removed, so that nobody waits for them. */
export async function endTasks(store: Store, node: string, now: number): Promise<void> {
	for (const stored of (await readTasks(store, node)).tasks) {
		// What was asked of a node that joined again since is its own.
		if (stored.task.startedAt > now) continue;
		// An agent that came back and took it meanwhile ends it itself.
		if (stored.task.state === "waiting") await giveUpTask(store, stored, notRunOnRemoved, now);
		else if (stored.task.state === "running") await finishTask(store, stored, lostInRemoval, now);
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

/** What to watch for one task. */
export function taskKey({ node, upid }: Pick<Task, "node" | "upid">): string {
	return layout.task(node, upid);
}

/** Reads the entries of a listing or snapshot of `taskPrefix` or `taskKey`. */
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
export function stoppedTask(task: Task, outcome: TaskOutcome, now: number): Task {
	const exitStatus = exitStatusOf(outcome).slice(0, longestExitStatus);
	return { ...task, state: "stopped", outcome, exitStatus, endedAt: now };
}

/** Null when the task was changed since `revision`. */
async function replace(store: Store, task: Task, revision: bigint | null): Promise<StoredTask | null> {
	const write = taskWrite(task);
	const result = await store.txn({ compare: [{ key: write.key, revision }], writes: [write] });
	return result.succeeded ? { task, revision: result.revision } : null;
}

/** The write that puts a task in the place of what it was. */
export function taskWrite({ reference, outcome, ...task }: Task): Write & { readonly op: "put" } {
	const value = document.encode({
		...task,
		...(reference === null ? {} : { reference }),
		...(outcome === null ? {} : { outcome }),
	});
	return { op: "put", key: layout.task(task.node, task.upid), value };
}

function taskOf({ key, value, revision }: Entry): StoredTask {
	const { reference = null, outcome, ...task } = document.decode(key, value);
	const upid = parseUpid(task.upid);
	if (upid === null || below(layout.task(upid.node, task.upid), key) !== "" || upid.node !== task.node)
		throw unreadable(key, `it is task '${task.upid}' of node '${task.node}'`);
	return { task: { ...task, reference, outcome: outcomeOf(outcome, task.exitStatus) }, revision };
}

/** What another version wrote is known by its exit status. */
function outcomeOf(
	outcome: TaskOutcome | { readonly kind: string } | undefined,
	exitStatus: string | null,
): TaskOutcome | null {
	if (outcome !== undefined && Check(outcomeSchema, outcome)) return outcome;
	return exitStatus === null ? null : outcomeOfText(exitStatus);
}
