import { randomInt } from "node:crypto";
import { PathkeeperError } from "@pathkeeper/model";
import {
	createTask,
	giveUpTask,
	isQuestion,
	readNodes,
	readTask,
	readTaskLog,
	type Store,
	type StoredTask,
	type Task,
	taskNotTaken,
} from "@pathkeeper/store";
import type { Caller } from "../caller.ts";
import type { Questions } from "./questions.ts";

/** A node that is there and does not begin its task within this time is busy. */
const takeWithinMs = 10_000;
/** A task that was taken and is not done by then is waited for no longer; its outcome will stand in the store. */
const doneWithinMs = 120_000;
const lookEveryMs = 100;
/** Whether the node's agent is still there is looked up once a second. */
const looksPerRollCall = 10;

export interface TaskContext {
	readonly store: Store;
	/** Learns of what is changed. */
	readonly questions: Pick<Questions, "changed" | "sawEnd">;
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
	| NotAnswered;

export interface NotAnswered {
	readonly node: string;
	readonly kind: "unreachable";
	/** `gone`: nobody is there. `busy`: its agent is there and did not begin. `unfinished`: it goes on. */
	readonly why: "gone" | "busy" | "unfinished";
	readonly problem: string;
}

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
	{ store, now, questions }: Pick<TaskContext, "store" | "now" | "questions">,
	{ node, type, id, argument, caller }: Asked,
): Promise<StoredTask> {
	if (!isQuestion(type)) questions.changed();
	return await createTask(store, {
		node,
		type,
		id,
		user: caller.user,
		from: caller.from,
		argument,
		at: now(),
		takeWithinMs,
		pid: process.pid,
		pstart: randomInt(2 ** 32),
	});
}

/** Waits until a task ended, or until nobody is there any more to end it. */
export async function outcomeOf(context: TaskContext, stored: StoredTask): Promise<TaskOutcome> {
	const { store, questions } = context;
	const { node, type, upid } = stored.task;
	const ended = await waitForEnd(context, stored);
	if (!isQuestion(type)) questions.sawEnd(upid);
	if ("why" in ended) return { node, kind: "unreachable", ...ended };
	const { exitStatus } = ended.task;
	if (exitStatus === "OK") {
		return { node, kind: "done", log: await readTaskLog(store, ended.task), task: ended.task };
	}
	if (exitStatus === taskNotTaken) {
		const problem = `its agent is there and did not begin the task within ${takeWithinMs / 1000} s`;
		return { node, kind: "unreachable", why: "busy", problem };
	}
	return { node, kind: "refused", problem: exitStatus ?? "it ended without an outcome" };
}

async function waitForEnd(
	{ store, now, sleep, onWait }: TaskContext,
	asked: StoredTask,
): Promise<{ readonly task: Task } | Pick<NotAnswered, "why" | "problem">> {
	const { upid, node } = asked.task;
	const begun = now();
	for (let looks = 1; ; looks++) {
		await onWait();
		const stored = (await readTask(store, upid)) ?? asked;
		if (stored.task.state === "stopped") return stored;
		const isGone = looks % looksPerRollCall === 0 && !(await isOnline(store, node));
		if (stored.task.state === "waiting" && (isGone || now() > stored.task.takeBefore)) {
			const givenUp = await giveUpTask(store, stored, taskNotTaken, now());
			if (givenUp && isGone) return { why: "gone", problem: "no sign of life from its agent any more" };
			continue;
		}
		if (isGone)
			return { why: "gone", problem: `its agent vanished while it worked on the task; see task ${upid}` };
		if (now() - begun > doneWithinMs) {
			const problem = `its task is still running after ${doneWithinMs / 1000} s: ${upid}`;
			return { why: "unfinished", problem };
		}
		await sleep(lookEveryMs);
	}
}

async function isOnline(store: Store, node: string): Promise<boolean> {
	const found = (await readNodes(store)).find((other) => other.node === node);
	return found !== undefined && found.member !== null;
}

/** The error for what a node did not answer, as a caller is told. */
export function notAnswered({
	node,
	why,
	problem,
}: Pick<NotAnswered, "node" | "why" | "problem">): PathkeeperError {
	const values = { node, problem };
	if (why === "busy") return new PathkeeperError("NODE_BUSY", values, { retryAfterS: 5 });
	return new PathkeeperError(why === "gone" ? "NODE_UNREACHABLE" : "NODE_NOT_DONE", values);
}
