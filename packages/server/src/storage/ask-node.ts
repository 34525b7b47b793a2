import { PathkeeperError } from "@pathkeeper/model";
import {
	askToCancel,
	deleteTask,
	type GuardType,
	type LookType,
	readNodes,
	readTaskResult,
} from "@pathkeeper/store";
import type { Static, TSchema } from "typebox";
import { Check } from "typebox/value";
import {
	type Asked,
	leaveTask,
	notAnswered,
	outcomeOf,
	runOnNode,
	type TaskContext,
	type TaskOutcome,
} from "../fleet/node-task.ts";
import type { Questions } from "../fleet/questions.ts";

export interface AskContext extends Omit<TaskContext, "onWait"> {
	readonly questions: Questions;
}

/**
 * Asks a node for something that changes nothing; the answer may be a second old, and shared. It is checked: an agent
 * of another version may say something else. Throws NODE_BUSY when the caller, or everybody together, asks too much.
 */
export async function question<S extends TSchema>(
	context: AskContext,
	asked: Asked & { readonly type: LookType },
	schema: S,
): Promise<Static<S>> {
	await checkOnline(context, asked.node);
	return checked(asked, schema, await context.questions.answer(asked, () => askNow(context, asked)));
}

/** Asks a node, before something is changed, for what must not be older than the asking. */
export async function guard<S extends TSchema>(
	context: AskContext,
	asked: Asked & { readonly type: GuardType },
	schema: S,
): Promise<Static<S>> {
	await checkOnline(context, asked.node);
	return checked(asked, schema, await askNow(context, asked));
}

/** Has a node do something, waits for it and gives what it made. The task stays, with its log. */
export async function order<S extends TSchema>(
	context: AskContext,
	asked: Asked,
	schema: S,
): Promise<Static<S>> {
	const outcome = await ask(context, asked);
	return checked(asked, schema, await readTaskResult(context.store, outcome.task));
}

/** Throws NODE_UNREACHABLE when nobody there takes tasks. */
export async function checkOnline({ store }: Pick<AskContext, "store">, node: string): Promise<void> {
	const found = (await readNodes(store)).find((other) => other.node === node);
	if (found === undefined) throw new PathkeeperError("NOT_FOUND", { what: `node '${node}'` });
	if (found.member !== null) return;
	const problem = "no sign of life from its agent";
	throw new PathkeeperError("NODE_UNREACHABLE", { node, problem });
}

/** The task goes with its answer, so that questions do not push out the work that people look up. */
async function askNow(context: AskContext, asked: Asked): Promise<unknown> {
	const { store, now } = context;
	const stored = await leaveTask(context, asked);
	const outcome = await outcomeOf({ ...context, onWait: noWait }, stored);
	if (outcome.kind === "done") {
		const result = await readTaskResult(store, outcome.task);
		await deleteTask(store, outcome.task);
		return result;
	}
	// Nobody waits for it any more. What ended goes; what still runs ends, and the agent removes it.
	const isRunning = outcome.kind === "unreachable" && outcome.why !== "busy";
	if (isRunning)
		await askToCancel(store, stored.task.upid, {
			by: asked.caller.user,
			from: asked.caller.from,
			at: now(),
		});
	else await deleteTask(store, stored.task);
	throw problemOf(outcome);
}

async function ask(context: AskContext, asked: Asked) {
	await checkOnline(context, asked.node);
	const outcome = await runOnNode({ ...context, onWait: noWait }, asked);
	if (outcome.kind === "done") return outcome;
	throw problemOf(outcome);
}

function problemOf(outcome: Exclude<TaskOutcome, { readonly kind: "done" }>): PathkeeperError {
	return outcome.kind === "unreachable"
		? notAnswered(outcome)
		: new PathkeeperError("VOLUME_REFUSED", { problem: outcome.problem });
}

const noWait = () => Promise.resolve();

function checked<S extends TSchema>({ node, type }: Asked, schema: S, result: unknown): Static<S> {
	if (Check(schema, result)) return result;
	const problem = `its agent answered ${type} in another form; is it of another version?`;
	throw new PathkeeperError("NODE_ANSWER_UNREADABLE", { node, problem });
}
