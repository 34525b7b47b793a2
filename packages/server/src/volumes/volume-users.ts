import { baseOf, PathkeeperError, type Storage, tasks } from "@pathkeeper/model";
import type { HandlerContext } from "../context/handler-context.ts";
import type { Caller } from "../http/caller.ts";
import { notSaid, onEveryNode } from "../tasks/every-node.ts";

export interface Guarded {
	readonly volname: string;
	/** A node that looks itself, when it does the work, whether anybody holds the volume; null: none. */
	readonly except: string | null;
	readonly caller: Caller;
	/** Skips nodes that cannot say whether they use it, never one that does. */
	readonly force: boolean;
}

/**
 * Throws VOLUME_IN_USE when a node has a volume of a group that all of them see active, or cannot say so. Every node is
 * asked now: what it reported lags, and does not name every user.
 */
export async function checkUnused(
	context: HandlerContext,
	storage: Storage,
	guarded: Guarded,
): Promise<void> {
	const isOnOneNode = !storage.shared && baseOf(storage) === null;
	if (storage.values["vgname"] === undefined || isOnOneNode) return;
	const { caller, force } = guarded;
	const volume = `${storage.id}:${guarded.volname}`;
	const nodes = (await context.fleet.members()).filter(({ node }) => mayUse(storage, node, guarded));
	const outcomes = await onEveryNode(context, nodes, {
		task: tasks.imgGuard,
		argument: { volume },
		caller,
	});
	const users = outcomes.flatMap((outcome) => {
		if (outcome.kind === "done") return outcome.result.users.map((user) => `${outcome.node}: ${user}`);
		const unknown = notSaid(outcome);
		return force || unknown === null ? [] : [unknown];
	});
	if (users.length === 0) return;
	throw new PathkeeperError("VOLUME_IN_USE", { volume, users: users.join("; ") });
}

function mayUse(storage: Storage, node: string, { except }: Guarded): boolean {
	return node !== except && (storage.nodes === null || storage.nodes.includes(node));
}
