import type { Picture } from "@pathkeeper/model";

/** True when no node is real: then the page as a whole is marked. */
export function isAllSimulated({ nodes }: Pick<Picture, "nodes">): boolean {
	return nodes.length > 0 && nodes.every(({ simulated }) => simulated === 1);
}

/** The nodes to mark one by one: those that are simulated beside real ones. */
export function simulatedAmongReal(picture: Pick<Picture, "nodes">): ReadonlySet<string> {
	if (isAllSimulated(picture)) return new Set();
	return new Set(picture.nodes.flatMap(({ node, simulated }) => (simulated === 1 ? [node] : [])));
}
