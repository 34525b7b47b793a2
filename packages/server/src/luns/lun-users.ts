import { PathkeeperError, tasks } from "@pathkeeper/model";
import type { HandlerContext } from "../context/handler-context.ts";
import type { Caller } from "../http/caller.ts";
import { lunUsersIn, notSaid, onEveryNode } from "../tasks/every-node.ts";

/**
 * Throws LUN_IN_USE, naming node and user, when a node of the fleet uses a LUN that is about to be written over, or
 * cannot say so. `force` skips nodes that cannot be asked, never one that uses it.
 */
export async function checkLunUnused(
	context: HandlerContext,
	wwid: string,
	{ caller, force }: { readonly caller: Caller; readonly force: boolean },
): Promise<void> {
	const asked = { task: tasks.lunGuard, argument: { wwid }, caller };
	const outcomes = await onEveryNode(context, await context.fleet.members(), asked);
	const users = outcomes.flatMap((outcome) => {
		if (outcome.kind === "unreachable" && force) return [];
		const found = lunUsersIn(outcome) ?? notSaid(outcome);
		return found === null ? [] : [found];
	});
	if (users.length === 0) return;
	throw new PathkeeperError("LUN_IN_USE", { wwid, users: users.join("; ") });
}
