import { randomInt } from "node:crypto";
import {
	createTask,
	giveUpTask,
	readNodes,
	readTask,
	readTaskLog,
	type Store,
	type StoredTask,
	type Task,
	taskNotTaken,
} from "@pathkeeper/store";
import type { Caller } from "../caller.ts";

/** A node that does not take its task within this time is not reachable. */
const takeWithinMs = 10_000;
/** A task that was taken and is not done by then is waited for no longer; its outcome will stand in the store. */
const doneWithinMs = 120_000;
const lookEveryMs = 100;
/** Whether the node's agent is still there is looked up once a second. */
const looksPerRollCall = 10;

export interface TaskContext {
	readonly store: Store;
	readonly now: () => number;
	readonly sleep: (ms: number) => Promise<void>;
	/** Called again and again while a task is waited for. */
	readonly onWait: () => Promise<void>;
}

/** What became of a task on one node. */
export type TaskOutcome =
	| { readonly node: string; readonly kind: "done"; readonly log: readonly string[]; readonly task: Task }
	/** The node's own words for why it did not do its part. */
	| { readonly node: string; readonly kind: "refused"; readonly problem: string }
	/** Nobody on the node says what became of it. */
	| { readonly node: string; readonly kind: "unreachable"; readonly problem: string };

/** A piece of work for one node. */
export interface Asked {
	readonly node: string;
	/** What is to be done; the agent knows the words. */
	readonly type: string;
	/** What it is done to, for people. */
	readonly id: string;
	readonly argument: object;
	readonly caller: Caller;
}

/** Leaves a task for a node and waits until it ended, or until nobody is there any more to end it. */
export async function runOnNode(context: TaskContext, asked: Asked): Promise<TaskOutcome> {
	return await outcomeOf(context, await leaveTask(context, asked));
}

/** Leaves a task for a node. */
export async function leaveTask(
	{ store, now }: Pick<TaskContext, "store" | "now">,
	{ node, type, id, argument, caller }: Asked,
): Promise<StoredTask> {
	return await createTask(store, {
		node,
		type,
		id,
		user: caller.user,
		argument,
		at: now(),
		takeWithinMs,
		pid: process.pid,
		pstart: randomInt(2 ** 32),
	});
}

/** Waits until a task ended, or until nobody is there any more to end it. */
export async function outcomeOf(context: TaskContext, stored: StoredTask): Promise<TaskOutcome> {
	const { store } = context;
	const { node } = stored.task;
	const ended = await waitForEnd(context, stored);
	if ("problem" in ended) return { node, kind: "unreachable", problem: ended.problem };
	const { exitStatus } = ended.task;
	if (exitStatus === "OK") {
		return { node, kind: "done", log: await readTaskLog(store, ended.task), task: ended.task };
	}
	if (exitStatus === taskNotTaken) {
		const problem = `its agent did not take the task within ${takeWithinMs / 1000} s`;
		return { node, kind: "unreachable", problem };
	}
	return { node, kind: "refused", problem: exitStatus ?? "it ended without an outcome" };
}

async function waitForEnd(
	{ store, now, sleep, onWait }: TaskContext,
	asked: StoredTask,
): Promise<{ readonly task: Task } | { readonly problem: string }> {
	const { upid, node } = asked.task;
	const begun = now();
	for (let looks = 1; ; looks++) {
		await onWait();
		const stored = (await readTask(store, upid)) ?? asked;
		if (stored.task.state === "stopped") return stored;
		const isGone = looks % looksPerRollCall === 0 && !(await isOnline(store, node));
		if (stored.task.state === "waiting" && (isGone || now() > stored.task.takeBefore)) {
			const givenUp = await giveUpTask(store, stored, taskNotTaken, now());
			if (givenUp && isGone) return { problem: "no sign of life from its agent any more" };
			continue;
		}
		if (isGone) return { problem: `its agent vanished while it worked on the task; see task ${upid}` };
		if (now() - begun > doneWithinMs) {
			return { problem: `its task is still running after ${doneWithinMs / 1000} s: ${upid}` };
		}
		await sleep(lookEveryMs);
	}
}

async function isOnline(store: Store, node: string): Promise<boolean> {
	const found = (await readNodes(store)).find((other) => other.node === node);
	return found !== undefined && found.member !== null;
}
