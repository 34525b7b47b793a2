import { type LunState, type Picture, type PictureNode, unpackCell, urgency } from "@pathkeeper/model";

/**
 * The dot of a node: the worst of what it is itself and of its LUNs. One that is not heard, or that is only what was
 * last known, is unknown, however well it was.
 */
export function nodeLook(picture: Picture, column: number, isLost: boolean): LunState {
	const node = picture.nodes[column];
	if (node === undefined || isLost || picture.problem !== null) return "unknown";
	if (node.online === 0 || node.multipathd !== "running") return "unknown";
	let worst: LunState = node.applied === "failed" || node.errors > 0 ? "degraded" : "optimal";
	for (const state of statesOn(picture, column))
		if (state !== "unmanaged" && urgency(state) < urgency(worst)) worst = state;
	return worst;
}

/** Bytes of the cells on each node, by picture. */
const kinds = new WeakMap<Picture, readonly Uint8Array[]>();

/**
 * Which states LUNs have on a node. A million cells are gone through once a picture, without making anything of each:
 * many parts of the page ask this, and pictures come ten times a second.
 */
export function statesOn(picture: Picture, column: number): ReadonlySet<LunState> {
	let all = kinds.get(picture);
	if (all === undefined) {
		const { nodes, states } = picture;
		const seen = nodes.map(() => new Uint8Array(256));
		for (let at = 0, node = 0; at < states.length; at++) {
			const there = seen[node];
			if (there !== undefined) there[states[at] ?? 0] = 1;
			node = node + 1 === nodes.length ? 0 : node + 1;
		}
		all = seen;
		kinds.set(picture, all);
	}
	const found = new Set<LunState>();
	for (const [byte, isThere] of (all[column] ?? []).entries()) {
		const { state } = isThere === 1 ? unpackCell(byte) : { state: null };
		if (state !== null) found.add(state);
	}
	return found;
}

/** What is wrong with a node as a whole, in words; null: nothing. */
export function nodeTrouble({ online, problem, multipathd, applied, errors }: PictureNode): string | null {
	if (online === 0) return problem ?? "no sign of life from its agent";
	if (multipathd !== "running") return problem ?? `multipathd: ${multipathd}`;
	if (applied === "failed") return problem ?? "the configuration could not be applied";
	return errors > 0 ? `${errors} ${errors === 1 ? "finding" : "findings"} that need somebody` : problem;
}
