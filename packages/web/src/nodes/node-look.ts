import { type LunState, type Picture, type PictureNode, unpackCell } from "@pathkeeper/model";
import { urgency } from "../ui/states.ts";

/**
 * The dot of a node: the worst of what it is itself and of its LUNs. One that is not heard, or that is only what was
 * last known, is unknown, however well it was.
 */
export function nodeLook(picture: Picture, column: number, isLost: boolean): LunState {
	const node = picture.nodes[column];
	if (node === undefined || isLost || picture.problem !== null) return "unknown";
	if (node.online === 0 || node.multipathd !== "running") return "unknown";
	const width = picture.nodes.length;
	let worst: LunState = node.applied === "failed" || node.errors > 0 ? "degraded" : "optimal";
	for (let at = column; at < picture.states.length; at += width) {
		const { state } = unpackCell(picture.states[at] ?? 0);
		if (state !== null && state !== "unmanaged" && urgency(state) < urgency(worst)) worst = state;
	}
	return worst;
}

/** What is wrong with a node as a whole, in words; null: nothing. */
export function nodeTrouble({ online, problem, multipathd, applied, errors }: PictureNode): string | null {
	if (online === 0) return problem ?? "no sign of life from its agent";
	if (multipathd !== "running") return problem ?? `multipathd: ${multipathd}`;
	if (applied === "failed") return problem ?? "the configuration could not be applied";
	return errors > 0 ? `${errors} ${errors === 1 ? "finding" : "findings"} that need somebody` : problem;
}
