import type { Verdict } from "./lun-verdict.ts";
import type { LunState } from "./states.ts";

/** What one node says of a LUN that it should carry. */
export interface NodeVerdict {
	readonly node: string;
	readonly verdict: Verdict;
}

/** A LUN over all its nodes. */
export interface FleetVerdict extends Verdict {
	/** Nodes of which nothing is known: counted beside the state, never in it. */
	readonly unknownNodes: readonly string[];
}

const WORST_FIRST: readonly LunState[] = ["failed", "missing", "degraded", "optimal"];

/**
 * The worst state over the nodes that tell one; the reasons are those of the nodes in that order, and last those of
 * the nodes of which nothing is known. Unknown only when no node tells a state. Maps that nobody allowed do not count.
 */
export function fleetVerdict(perNode: readonly NodeVerdict[]): FleetVerdict {
	return verdictOverNodes(perNode.map(({ node, verdict }) => [node, verdict] as const));
}

/** As `fleetVerdict`. */
export function verdictOverNodes(perNode: Iterable<readonly [node: string, verdict: Verdict]>): FleetVerdict {
	const told = new Set<LunState>();
	const reasons = new Map<LunState, string[]>();
	const unknownNodes: string[] = [];
	for (const [node, verdict] of perNode) {
		told.add(verdict.state);
		if (verdict.state === "unknown") unknownNodes.push(node);
		if (verdict.reasons.length === 0) continue;
		const known = reasons.get(verdict.state);
		if (known === undefined) reasons.set(verdict.state, [...verdict.reasons]);
		else known.push(...verdict.reasons);
	}
	if (told.size === 0) return { state: "unknown", reasons: ["no node reports on it"], unknownNodes };
	return {
		state: WORST_FIRST.find((state) => told.has(state)) ?? "unknown",
		reasons: [...WORST_FIRST, "unknown" as const].flatMap((state) => reasons.get(state) ?? []),
		unknownNodes,
	};
}
