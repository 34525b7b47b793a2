import { type Acknowledgement, type NodeFacts, nodeFacts, withAcknowledgements } from "@pathkeeper/model";
import type { FleetNode } from "@pathkeeper/store";

/** A report in the store, boiled down. */
export interface KnownReport {
	/** Of its last write. */
	readonly revision: bigint;
	readonly facts: NodeFacts;
}

/** True when the agent that runs now wrote a report of this revision; else it is of an earlier run, and history. */
export function isCurrent(
	{ joinedRevision }: FleetNode,
	{ revision }: { readonly revision: bigint },
): boolean {
	return joinedRevision !== null && revision > joinedRevision;
}

/** A node is what its membership and its report say together; a report without membership is what was last known. */
export function factsOfNode(
	node: FleetNode,
	report: KnownReport | undefined,
	acknowledgements: readonly Acknowledgement[],
): NodeFacts {
	const { node: name, member, problem, silentSince } = node;
	const online = member !== null;
	if (report === undefined || !isCurrent(node, report)) {
		const facts = report?.facts ?? null;
		const last = facts === null || facts.head !== null ? facts : facts.last;
		const why = problem ?? (online ? null : (facts?.problem ?? null));
		return { ...nodeFacts({ node: name, online, report: null, problem: why, silentSince }), last };
	}
	const facts = { ...report.facts, online, problem: report.facts.problem ?? problem };
	return withAcknowledgements(facts, acknowledgements);
}
