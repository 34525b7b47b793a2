import type { LunAnswer } from "../api/answers.ts";
import type { LunMap } from "./lun-map.ts";

/** What uses it on which nodes, and which nodes have not reported. */
export function usersOf({ nodes }: Pick<LunAnswer, "nodes">, maps: readonly LunMap[]) {
	const pending = maps.flatMap(({ node, isPending }) => (isPending ? [node] : []));
	// A node whose multipathd reports no map may still have it open in the kernel.
	const unknown = maps.flatMap(({ node, map, error, isPending }) =>
		!isPending && (error !== null || (map === null && nodes[node]?.state === "unknown")) ? [node] : [],
	);
	const found = maps.flatMap(({ node, map }) => (map?.users ?? []).map((user) => ({ node, user })));
	const users = [...Map.groupBy(found, ({ user }) => user)].map(([user, uses]) => ({
		user,
		nodes: uses.map(({ node }) => node),
	}));
	return { users, answered: maps.length - pending.length - unknown.length, pending, unknown };
}
