import type { Queueing } from "../topology/map.ts";
import type { LunFacts, LunLooks } from "./lun-facts.ts";
import type { NodeFacts } from "./node-facts.ts";
import { firstOf } from "./report-lun-facts.ts";
import { sizeText } from "./size-text.ts";

/** What each of some nodes tells of one LUN, in their order; undefined: nothing. */
export type FactsOfNodes = readonly (LunFacts | undefined)[];

/** What a LUN is, by whichever node tells most. */
export interface LunIdentity {
	readonly wwid: string;
	readonly sizeBytes: number | null;
	readonly vendor: string | null;
	readonly product: string | null;
	readonly queueing: Queueing;
}

/** Maps come first, then bare path devices, each in the order of the nodes; what nodes tell now before what they told. */
export function identityOf(wwid: string, nodes: readonly NodeFacts[], seen: FactsOfNodes): LunIdentity {
	const first = seen.find((lun) => lun !== undefined);
	if (first === undefined) return { wwid, sizeBytes: null, vendor: null, product: null, queueing: null };
	// Nearly always all nodes see the same.
	const looks = seen.every((lun) => lun === undefined || lun.looks === first.looks)
		? [first.looks]
		: [...looksWhere(nodes, seen, true), ...looksWhere(nodes, seen, false)];
	const maps = looks.map(({ map }) => map);
	const bare = looks.map((look) => look.bare);
	const kernelSizes = looks.map(({ kernelSize }) => kernelSize);
	return {
		wwid,
		sizeBytes: firstOf([...maps.map(({ size }) => size), ...kernelSizes, ...bare.map(({ size }) => size)]),
		vendor: firstOf([...maps, ...bare].map(({ vendor }) => vendor)),
		product: firstOf([...maps, ...bare].map(({ product }) => product)),
		queueing: firstOf(looks.map(({ queueing }) => queueing)),
	};
}

function looksWhere(nodes: readonly NodeFacts[], seen: FactsOfNodes, isHeard: boolean): LunLooks[] {
	return nodes.flatMap(({ head }, at) => ((head !== null) === isHeard ? (seen[at]?.looks ?? []) : []));
}

/**
 * Says who sees which size, when not all see the same; null when they do. Either a resize did not reach everybody, or
 * two different LUNs answer to one WWID, and then writing to it destroys data. What a silent node saw last still counts.
 */
export function sizeConflict(nodes: readonly NodeFacts[], seen: FactsOfNodes): string | null {
	const all = new Set<number>();
	let last: LunLooks | undefined;
	for (const lun of seen) {
		const looks = lun?.looks;
		if (looks === undefined || looks === last) continue;
		for (const size of looks.sizes) all.add(size);
		last = looks;
	}
	if (all.size < 2) return null;
	const words = [...all]
		.sort((a, b) => a - b)
		.map((size) => {
			const who = nodes.flatMap(({ node, head }, at) => {
				if (seen[at]?.looks.sizes.includes(size) !== true) return [];
				return [head === null ? `${node} (last known)` : node];
			});
			return `${sizeText(size)} (${size} bytes) on ${who.join(", ")}`;
		});
	return `it is seen with different sizes: ${words.join("; ")}. Rescan every path and resize its maps; if that does not help, two LUNs share this WWID: stop using it`;
}
