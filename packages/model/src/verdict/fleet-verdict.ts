import type { Verdict } from "./lun-verdict.ts";
import { type LunState, worstFirst, worstOf } from "./states.ts";

/** What is said of a LUN on one node that should carry it. */
export interface NodeVerdict extends Verdict {
	/** On a node that is silent: the state that was last known there. Absent: the node tells, or nothing was known. */
	readonly last?: LunState;
}

/** What a node counts as: a silent one as `unknown`, or as what was last known there where that is worse. */
export function countedState({ state, last }: Pick<NodeVerdict, "state" | "last">): LunState {
	return last === undefined || state === "unmanaged" ? state : (worstOf([state, last]) ?? state);
}

/**
 * The worst state over all nodes that should carry a LUN, in the order of `worstFirst`, and the reasons of the nodes
 * in that order. A silent node never makes it better: with one, the LUN is at best `unknown`. Without any node it is
 * unknown, too. Maps that nobody allowed do not count.
 */
export function verdictOverNodes(perNode: Iterable<readonly [node: string, verdict: NodeVerdict]>): Verdict {
	const reasons = new Map<LunState, string[]>();
	let worst: LunState | null = null;
	let isTold = false;
	for (const [, verdict] of perNode) {
		isTold = true;
		const state = countedState(verdict);
		if (state === "unmanaged") continue;
		if (state !== worst) worst = worst === null ? state : worstOf([worst, state]);
		if (verdict.reasons.length === 0) continue;
		const known = reasons.get(state);
		if (known === undefined) reasons.set(state, [...verdict.reasons]);
		else known.push(...verdict.reasons);
	}
	if (!isTold) return { state: "unknown", reasons: ["no node reports on it"] };
	return { state: worst ?? "unknown", reasons: worstFirst.flatMap((state) => reasons.get(state) ?? []) };
}
