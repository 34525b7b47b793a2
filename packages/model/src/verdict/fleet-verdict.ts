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
	const unknown = perNode.filter(({ verdict }) => verdict.state === "unknown");
	const state = WORST_FIRST.find((word) => perNode.some(({ verdict }) => verdict.state === word));
	const ordered = WORST_FIRST.flatMap((word) => perNode.filter(({ verdict }) => verdict.state === word));
	const reasons = [...ordered, ...unknown].flatMap(({ verdict }) => verdict.reasons);
	return {
		state: state ?? "unknown",
		reasons: perNode.length === 0 ? ["no node reports on it"] : reasons,
		unknownNodes: unknown.map(({ node }) => node),
	};
}
