import { PathkeeperError } from "@pathkeeper/model";
import type { FleetNode } from "@pathkeeper/store";
import type { Caller } from "../caller.ts";
import { runOnNode } from "../fleet/node-task.ts";
import type { HandlerContext } from "../routes/context.ts";

/**
 * Throws LUN_IN_USE, naming node and user, when a node of the fleet uses a LUN that is about to be written over, or
 * cannot say so. `force` skips nodes that cannot be asked, never one that uses it.
 */
export async function checkLunUnused(
	context: HandlerContext,
	wwid: string,
	{ caller, force }: { readonly caller: Caller; readonly force: boolean },
): Promise<void> {
	const onWait = () => Promise.resolve();
	const usersOn = async ({ node, member }: FleetNode): Promise<readonly string[]> => {
		if (member === null) return force ? [] : [`${node}: no sign of life from its agent, so it may use it`];
		const asked = { node, type: "lunguard", id: wwid, argument: { wwid }, caller };
		const outcome = await runOnNode({ ...context, onWait }, asked);
		if (outcome.kind === "done" || (outcome.kind === "unreachable" && force)) return [];
		if (outcome.kind === "refused") return [outcome.problem.replace(inUse(wwid, ""), "")];
		return [`${node}: it cannot say whether it uses it (${outcome.problem})`];
	};
	const nodes = await context.fleet.members();
	const found = (await Promise.all(nodes.map(usersOn))).flat();
	if (found.length > 0) throw new PathkeeperError("LUN_IN_USE", { wwid, users: found.join("; ") });
}

function inUse(wwid: string, users: string): string {
	return new PathkeeperError("LUN_IN_USE", { wwid, users }).message;
}
