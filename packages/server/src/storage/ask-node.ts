import { PathkeeperError } from "@pathkeeper/model";
import { deleteTask, readNodes, readTaskResult } from "@pathkeeper/store";
import type { Static, TSchema } from "typebox";
import { Check } from "typebox/value";
import { type Asked, runOnNode, type TaskContext } from "../fleet/node-task.ts";

export type AskContext = Omit<TaskContext, "onWait">;

/**
 * Asks a node for something that changes nothing. The answer is checked: an agent of another version may say
 * something else. The task goes with its answer, so that questions do not push out the work that people look up.
 */
export async function question<S extends TSchema>(
	context: AskContext,
	asked: Asked,
	schema: S,
): Promise<Static<S>> {
	const outcome = await ask(context, asked);
	const result = await readTaskResult(context.store, outcome.task);
	await deleteTask(context.store, outcome.task);
	return checked(asked, schema, result);
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
	if (found === undefined) throw new PathkeeperError("NOT_FOUND", { values: { what: `node '${node}'` } });
	if (found.member !== null) return;
	const problem = "no sign of life from its agent";
	throw new PathkeeperError("NODE_UNREACHABLE", { values: { node, problem } });
}

async function ask(context: AskContext, asked: Asked) {
	await checkOnline(context, asked.node);
	const outcome = await runOnNode({ ...context, onWait: () => Promise.resolve() }, asked);
	if (outcome.kind === "done") return outcome;
	const { node, problem } = outcome;
	if (outcome.kind === "unreachable")
		throw new PathkeeperError("NODE_UNREACHABLE", { values: { node, problem } });
	throw new PathkeeperError("VOLUME_REFUSED", { values: { problem } });
}

function checked<S extends TSchema>({ node, type }: Asked, schema: S, result: unknown): Static<S> {
	if (Check(schema, result)) return result;
	const problem = `its agent answered ${type} in another form; is it of another version?`;
	throw new PathkeeperError("NODE_UNREACHABLE", { values: { node, problem } });
}
