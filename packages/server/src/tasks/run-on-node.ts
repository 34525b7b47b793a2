import {
	type ArgumentOf,
	isQuestion,
	messageOf,
	PathkeeperError,
	randomBelow,
	type TaskResultOf,
	type TaskType,
} from "@pathkeeper/model";
import {
	askToCancel,
	createTask,
	deleteTask,
	readTaskResult,
	type Store,
	type StoredTask,
	type Task,
} from "@pathkeeper/store";
import type { Caller } from "../http/caller.ts";
import type { Questions } from "../questions/questions.ts";
import type { NodeOutcome, Unreachable } from "./node-outcome.ts";
import { type WaitContext, waitForEnd } from "./wait-for-end.ts";

/** A node that is there and does not begin its task within this time is busy. */
const takeWithinMs = 10_000;

export interface TaskContext extends WaitContext {
	/** Learns of what is changed. */
	readonly questions: Pick<Questions, "changed" | "sawEnd">;
}

/** A piece of work for one node. */
export interface Asked<T extends TaskType> {
	readonly node: string;
	/** Entry of the table of tasks. */
	readonly task: T;
	readonly argument: ArgumentOf<T>;
	readonly caller: Caller;
	/** A text by which the caller finds the task while it runs. */
	readonly reference?: string | undefined;
}

/**
 * Leaves a task for a node and waits until it has ended, or until nobody is there any more to end it. A question goes
 * from the store with its answer, so that questions do not push out the work that people look up.
 */
export async function runOnNode<T extends TaskType>(
	context: TaskContext,
	asked: Asked<T>,
): Promise<NodeOutcome<TaskResultOf<T>>> {
	const stored = await leaveTask(context, asked);
	const outcome = await outcomeOf(context, asked.task, stored);
	if (isQuestion(asked.task.type)) await endQuestion(context, asked, stored.task, outcome);
	return outcome;
}

/** Leaves a task for a node. */
export async function leaveTask<T extends TaskType>(
	{ store, runtime, questions }: Pick<TaskContext, "store" | "runtime" | "questions">,
	{ node, task, argument, caller, reference }: Asked<T>,
): Promise<StoredTask> {
	if (!isQuestion(task.type)) questions.changed();
	return await createTask(store, {
		node,
		task,
		argument,
		user: caller.user,
		from: caller.from,
		reference,
		at: runtime.now(),
		takeWithinMs,
		pid: runtime.pid,
		pstart: randomBelow(2 ** 32, runtime),
	});
}

/** Waits until a task that was left ended, or until nobody is there any more to end it. */
export async function outcomeOf<T extends TaskType>(
	context: TaskContext,
	task: T,
	stored: StoredTask,
): Promise<NodeOutcome<TaskResultOf<T>>> {
	const { node, upid } = stored.task;
	const ended = await waitForEnd(context, stored);
	if (!isQuestion(task.type)) context.questions.sawEnd(upid);
	if ("why" in ended) return { node, ...ended };
	const { outcome } = ended;
	switch (outcome?.kind) {
		case "done":
			return await doneOutcome(context.store, task, ended);
		case "refused":
		case "failed":
			return { node, ...outcome };
		case "not-run":
			return { node, ...notRun(outcome.why) };
		case "lost":
		case undefined:
			return { node, kind: "lost", text: ended.exitStatus ?? "it ended without an outcome" };
	}
}

async function doneOutcome<T extends TaskType>(
	store: Store,
	task: T,
	{ node, upid }: Task,
): Promise<NodeOutcome<TaskResultOf<T>>> {
	try {
		return { node, kind: "done", upid, result: await readTaskResult(store, task, { node, upid }) };
	} catch (error) {
		if (!(error instanceof PathkeeperError) || error.code !== "DOCUMENT_UNREADABLE") throw error;
		const text = `its agent answered ${task.type} in another form (${messageOf(error)}); is it of another version?`;
		return { node, kind: "unreachable", why: "unreadable", text };
	}
}

function notRun(why: "not-taken" | "node-removed"): Unreachable {
	if (why === "node-removed")
		return { kind: "unreachable", why: "gone", text: "it was removed from the fleet meanwhile" };
	const text = `its agent is there and did not begin the task within ${takeWithinMs / 1000} s`;
	return { kind: "unreachable", why: "busy", text };
}

/** Nobody waits for it any more. What ended goes; what still runs is to end, and then the agent removes it. */
async function endQuestion<R>(
	{ store, runtime }: TaskContext,
	{ caller }: Pick<Asked<TaskType>, "caller">,
	task: Task,
	outcome: NodeOutcome<R>,
): Promise<void> {
	const isRunning =
		outcome.kind === "unreachable" && (outcome.why === "unfinished" || outcome.why === "gone");
	if (!isRunning) return await deleteTask(store, task);
	await askToCancel(store, task.upid, { by: caller.user, from: caller.from, at: runtime.now() });
}
