import { type LunState, type Picture, type PictureNode, unpackCell, urgency } from "@pathkeeper/model";
import { counted } from "../ui/counted.ts";

/**
 * The state of a node: the worst of its own and those of its LUNs. Unknown for one that does not report, or of which
 * only the last known state is left (`isLost`), however good that was.
 */
export function nodeState(picture: Picture, column: number, isLost: boolean): LunState {
	const node = picture.nodes[column];
	if (node === undefined || isLost || picture.problem !== null) return "unknown";
	if (node.online === 0 || node.multipathd !== "running") return "unknown";
	let worst: LunState = node.applied === "failed" || node.errors > 0 ? "degraded" : "optimal";
	for (const state of statesOn(picture, column))
		if (state !== "unmanaged" && urgency(state) < urgency(worst)) worst = state;
	return worst;
}

/** Which bytes the cells of each node have, by picture. */
const kinds = new WeakMap<Picture, readonly Uint8Array[]>();

/**
 * Which states LUNs have on a node. A million cells are read once a picture, without creating an object for each: many
 * parts of the page ask this, and pictures come ten times a second.
 */
export function statesOn(picture: Picture, column: number): ReadonlySet<LunState> {
	let all = kinds.get(picture);
	if (all === undefined) {
		const { nodes, states } = picture;
		const found = nodes.map(() => new Uint8Array(256));
		for (let at = 0, node = 0; at < states.length; at++) {
			const bytes = found[node];
			if (bytes !== undefined) bytes[states[at] ?? 0] = 1;
			node = node + 1 === nodes.length ? 0 : node + 1;
		}
		all = found;
		kinds.set(picture, all);
	}
	const found = new Set<LunState>();
	for (const [byte, isThere] of (all[column] ?? []).entries()) {
		const { state } = isThere === 1 ? unpackCell(byte) : { state: null };
		if (state !== null) found.add(state);
	}
	return found;
}

/** What is wrong with a node as a whole; null: nothing. */
export function nodeProblem({ online, problem, multipathd, applied, errors }: PictureNode): string | null {
	if (online === 0) return problem ?? "no sign of life from its agent";
	if (multipathd !== "running") return problem ?? `multipathd: ${multipathd}`;
	if (applied === "failed") return problem ?? "the configuration could not be applied";
	return errors > 0 ? `${counted(errors, "finding")} ${errors === 1 ? "needs" : "need"} attention` : problem;
}
