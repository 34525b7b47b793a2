/** `/cluster/pathkeeper/nodes/N`: taking a node out of the fleet, and what that would leave behind. */
import { clusterRoutes } from "@pathkeeper/model";
import type { HandlerContext } from "../context/handler-context.ts";
import { type BoundRoute, bind } from "../http/bind.ts";
import { flag } from "../http/flag.ts";
import { readRemoval, removeFromFleet } from "./remove-node.ts";

export function removalHandlers(context: HandlerContext): BoundRoute[] {
	return [
		bind(clusterRoutes.getNodeRemoval, async ({ node }, caller) => {
			const { removable, uses, named } = await readRemoval(context, node, caller);
			const { member, lastJoinedAt, silentSince } = removable.node;
			return {
				node,
				online: flag(member !== null),
				"last-joined": lastJoinedAt,
				"silent-since": silentSince,
				reported: removable.report?.at ?? null,
				uses: [...uses],
				named: [...named],
			};
		}),
		bind(clusterRoutes.removeNode, async ({ node, confirm }, caller) => {
			const { uses, named } = await removeFromFleet(context, { node, confirm, caller });
			return { node, uses: [...uses], named: [...named] };
		}),
	];
}
