import {
	type ArgumentOf,
	PathkeeperError,
	type TaskResultOf,
	type Tasks,
	type TaskType,
	tasks,
} from "@pathkeeper/model";
import { readNodes } from "@pathkeeper/store";
import type { Caller } from "../http/caller.ts";
import type { Questions, SharedQuestion } from "../questions/questions.ts";
import { errorOf } from "./node-outcome.ts";
import { type Asked, runOnNode, type TaskContext } from "./run-on-node.ts";

export interface AskContext extends TaskContext {
	readonly questions: Questions;
}

/** Where a question goes, what it is about and who asks. */
export interface AskedQuestion<T extends TaskType> {
	readonly node: string;
	readonly argument: ArgumentOf<T>;
	readonly caller: Caller;
}

/**
 * Asks a node for something that changes nothing; the answer may be a second old, and shared. Throws NODE_BUSY when the
 * caller, or everybody together, asks too much, and what `ask` throws.
 */
export async function question<N extends SharedQuestion>(
	context: AskContext,
	name: N,
	asked: AskedQuestion<Tasks[N]>,
): Promise<TaskResultOf<Tasks[N]>> {
	await checkOnline(context, asked.node);
	const task: Tasks[N] = tasks[name];
	return await context.questions.answer(name, asked, () => askNow<Tasks[N]>(context, { ...asked, task }));
}

/**
 * Asks a node now, or has it do something, waits for it and gives its result. Throws the node's own refusal,
 * NODE_UNREACHABLE, NODE_BUSY, NODE_NOT_DONE, NODE_ANSWER_UNREADABLE or TASK_LOST.
 */
export async function ask<T extends TaskType>(
	context: TaskContext,
	asked: Asked<T>,
): Promise<TaskResultOf<T>> {
	await checkOnline(context, asked.node);
	return await askNow(context, asked);
}

async function askNow<T extends TaskType>(context: TaskContext, asked: Asked<T>): Promise<TaskResultOf<T>> {
	const outcome = await runOnNode(context, asked);
	if (outcome.kind === "done") return outcome.result;
	throw errorOf(outcome);
}

/** Throws NODE_UNREACHABLE when nobody there takes tasks, NOT_FOUND for a node that is not of the fleet. */
export async function checkOnline({ store }: Pick<TaskContext, "store">, node: string): Promise<void> {
	const found = (await readNodes(store)).find((other) => other.node === node);
	if (found === undefined) throw new PathkeeperError("NOT_FOUND", { what: `node '${node}'` });
	if (found.member !== null) return;
	const problem = "no sign of life from its agent";
	throw new PathkeeperError("NODE_UNREACHABLE", { node, problem });
}
