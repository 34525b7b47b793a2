import type { TaskResultOf, TaskType } from "@pathkeeper/model";
import type { FleetNode } from "@pathkeeper/store";
import type { NodeOutcome } from "./node-outcome.ts";
import { type Asked, runOnNode, type TaskContext } from "./run-on-node.ts";

/** Gives every node the same task and waits for all of them. One without an agent is not asked. */
export async function onEveryNode<T extends TaskType>(
	context: TaskContext,
	nodes: readonly Pick<FleetNode, "node" | "member">[],
	asked: Omit<Asked<T>, "node">,
): Promise<readonly NodeOutcome<TaskResultOf<T>>[]> {
	return await Promise.all(
		nodes.map(async ({ node, member }): Promise<NodeOutcome<TaskResultOf<T>>> => {
			if (member !== null) return await runOnNode(context, { ...asked, node });
			return { node, kind: "unreachable", why: "offline", text: "no sign of life from its agent" };
		}),
	);
}

/**
 * Why a node that does not say whether it uses a thing counts as one that does, in words. Null for one that says so:
 * that it does not, or who does.
 */
export function notSaid<R>(outcome: NodeOutcome<R>): string | null {
	if (outcome.kind === "done") return null;
	const { node, text } = outcome;
	return outcome.kind === "unreachable" && outcome.why === "offline"
		? `${node}: ${text}, so it may use it`
		: `${node}: it cannot say whether it uses it (${text})`;
}

/** The users of a LUN that a node refused to give up, `NODE: USER; …`; null when that is not why it refused. */
export function lunUsersIn<R>(outcome: NodeOutcome<R>): string | null {
	const isRefusal = outcome.kind === "refused" || outcome.kind === "failed";
	return isRefusal && outcome.code === "LUN_IN_USE" ? String(outcome.values["users"] ?? outcome.text) : null;
}
