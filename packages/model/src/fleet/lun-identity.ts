import type { Queueing } from "../topology/map.ts";
import { firstOf } from "./lun-facts.ts";
import type { NodeFacts } from "./node-facts.ts";
import { sizeText } from "./size-text.ts";

/** What a LUN is, by whichever node tells most. */
export interface LunIdentity {
	readonly wwid: string;
	readonly sizeBytes: number | null;
	readonly vendor: string | null;
	readonly product: string | null;
	readonly queueing: Queueing;
}

/** Maps come first, then bare path devices, each in the order of the nodes; nodes online before those that are not. */
export function identityOf(wwid: string, nodes: readonly NodeFacts[]): LunIdentity {
	const ordered = [...nodes.filter(({ online }) => online), ...nodes.filter(({ online }) => !online)];
	const looks = ordered.flatMap(({ luns }) => luns.get(wwid)?.looks ?? []);
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

/**
 * Says who sees which size, when not all see the same; null when they do. Either a resize did not reach everybody, or
 * two different LUNs answer to one WWID, and then writing to it destroys data.
 */
export function sizeConflict(wwid: string, nodes: readonly NodeFacts[]): string | null {
	const bySize = new Map<number, string[]>();
	for (const { node, online, luns } of nodes) {
		if (!online) continue;
		for (const size of luns.get(wwid)?.looks.sizes ?? []) {
			const names = bySize.get(size);
			if (names === undefined) bySize.set(size, [node]);
			else names.push(node);
		}
	}
	if (bySize.size < 2) return null;
	const words = [...bySize]
		.sort(([a], [b]) => a - b)
		.map(([size, names]) => `${sizeText(size)} (${size} bytes) on ${names.join(", ")}`);
	return `it is seen with different sizes: ${words.join("; ")}. Rescan every path and resize its maps; if that does not help, two LUNs share this WWID: stop using it`;
}
