import type { NodeVerdict } from "../verdict/fleet-verdict.ts";
import type { LunState } from "../verdict/states.ts";
import { countText, namesText } from "./log/entry.ts";

/** A LUN that is well wherever it is known, and the nodes of which nothing is known. */
export interface HiddenLun<T> {
	readonly lun: T;
	/** The nodes that are silent. */
	readonly nodes: readonly string[];
	/** On how many nodes it is optimal. */
	readonly wellOn: number;
}

/** LUNs that have no trouble but the same silent nodes. */
export interface HiddenLuns<T> {
	readonly nodes: readonly string[];
	readonly luns: readonly T[];
	/** On how many nodes each is optimal; null: not all on as many. */
	readonly wellOn: number | null;
}

/** What is looked at of a LUN. */
export interface SeenLun {
	readonly state: LunState;
	/** Null where all nodes see one size. */
	readonly conflict: string | null;
	/** By node. */
	readonly nodes: Iterable<readonly [node: string, here: Pick<NodeVerdict, "state" | "last">]>;
}

/** Null for a LUN that has another trouble, or had one on a silent node when that was last heard. */
export function hiddenLun<T>(
	lun: T,
	{ state, conflict, nodes }: SeenLun,
	isSilent: (node: string) => boolean,
): HiddenLun<T> | null {
	if (state !== "unknown" || conflict !== null) return null;
	const silent: string[] = [];
	let wellOn = 0;
	for (const [node, here] of nodes) {
		if (here.state === "unmanaged") continue;
		if (here.state === "optimal") wellOn += 1;
		else if (here.state === "unknown" && isSilent(node) && wasWell(here.last)) silent.push(node);
		else return null;
	}
	return silent.length === 0 ? null : { lun, nodes: silent, wellOn };
}

function wasWell(last: LunState | undefined): boolean {
	return last === undefined || last === "optimal" || last === "unknown";
}

/** What is said once of all LUNs that have the same cause, largest group first. */
export function bySilentNodes<T>(hidden: Iterable<HiddenLun<T>>): HiddenLuns<T>[] {
	const groups = Map.groupBy(hidden, ({ nodes }) => nodes.join());
	return [...groups.values()]
		.flatMap((group) => {
			const [first] = group;
			if (first === undefined) return [];
			const isAlike = group.every(({ wellOn }) => wellOn === first.wellOn);
			return [
				{ nodes: first.nodes, luns: group.map(({ lun }) => lun), wellOn: isAlike ? first.wellOn : null },
			];
		})
		.sort((a, b) => b.luns.length - a.luns.length);
}

/** `128 LUNs are optimal on 2 nodes and not known on n3`. `nameOf`: what the only LUN of a group is called. */
export function silenceText<T>({ nodes, luns, wellOn }: HiddenLuns<T>, nameOf: (lun: T) => string): string {
	const [first] = luns;
	const who =
		luns.length === 1 && first !== undefined
			? `LUN ${nameOf(first)} is`
			: `${countText(luns.length, "LUN")} are`;
	const where = namesText(nodes, "nodes");
	if (wellOn === 0) return `${who} not known on ${where}`;
	const well = wellOn === null ? "the other nodes" : countText(wellOn, "node");
	return `${who} optimal on ${well} and not known on ${where}`;
}
