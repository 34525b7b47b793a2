/** The state of a LUN in one sentence, with the nodes that have it in each state, and those whose state is unknown. */
import { type LunState, worstFirst } from "@pathkeeper/model";
import type { LunAnswer } from "../api/answers.ts";
import { counted, namesOf } from "../ui/counted.ts";
import { meaning } from "../ui/states.ts";

type LunStates = Pick<LunAnswer, "state" | "nodes" | "problem">;

/** True when it is optimal now on every node that should have it. */
export function isWell({ state, nodes, problem }: LunStates): boolean {
	const carriers = carriersOf(nodes);
	return (
		problem === null &&
		state === "optimal" &&
		carriers.length > 0 &&
		carriers.every(([, here]) => here.state === "optimal")
	);
}

/** `failed on n1, optimal on 1 of 3 nodes, n3 unknown`. */
export function lunHeadline(lun: LunStates): string {
	const carriers = carriersOf(lun.nodes);
	if (lun.state === "unmanaged" || carriers.length === 0) return meaning[lun.state];
	const on = (state: LunState) => carriers.flatMap(([node, here]) => (here.state === state ? [node] : []));
	const unknown = on("unknown");
	if (unknown.length === carriers.length)
		return carriers.length === 1
			? `${namesOf(unknown)} does not report`
			: "no node that should have it reports";
	const parts = worstFirst.flatMap((state) => {
		const nodes = state === "unknown" ? [] : on(state);
		if (nodes.length === 0) return [];
		if (nodes.length === carriers.length) return [`${state} on ${everyNode(nodes)}`];
		const isShort = state !== "optimal" && nodes.length <= 3;
		return [
			`${state} on ${isShort ? namesOf(nodes) : `${nodes.length} of ${counted(carriers.length, "node")}`}`,
		];
	});
	const unsaid = unknown.length === 0 ? [] : [`${namesOf(unknown)} unknown`];
	// What only the nodes together show: they see two sizes, say.
	const together = lun.state !== "unknown" && on(lun.state).length === 0 ? [`${lun.state} as a whole`] : [];
	return [...together, ...parts, ...unsaid].join(", ");
}

function everyNode(nodes: readonly string[]): string {
	return nodes.length === 1 ? namesOf(nodes) : `all ${counted(nodes.length, "node")}`;
}

function carriersOf(nodes: LunStates["nodes"]) {
	return Object.entries(nodes).filter(([, here]) => here.state !== "unmanaged");
}
