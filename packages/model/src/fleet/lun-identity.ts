import type { Queueing } from "../topology/map.ts";
import { kernelMapOf, mapsOf, type NodeView } from "./node-view.ts";
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
export function identityOf(wwid: string, nodes: readonly NodeView[]): LunIdentity {
	const ordered = [...nodes.filter(({ online }) => online), ...nodes.filter(({ online }) => !online)];
	const maps = ordered.flatMap((view) => mapsOf(wwid, view));
	const kernel = ordered.flatMap((view) => kernelMapOf(wwid, view) ?? []);
	const candidates = ordered.flatMap((view) => candidatesOf(wwid, view));
	return {
		wwid,
		sizeBytes: firstOf([...maps, ...kernel, ...candidates].map(({ sizeBytes }) => sizeBytes)),
		vendor: firstOf([...maps, ...candidates].map(({ vendor }) => vendor)),
		product: firstOf([...maps, ...candidates].map(({ product }) => product)),
		queueing: firstOf(maps.map(({ queueing }) => queueing)),
	};
}

/**
 * Says who sees which size, when not all see the same; null when they do. Either a resize did not reach everybody, or
 * two different LUNs answer to one WWID, and then writing to it destroys data.
 */
export function sizeConflict(wwid: string, nodes: readonly NodeView[]): string | null {
	const seen = nodes
		.filter(({ online }) => online)
		.flatMap((view) => {
			const devices = [...mapsOf(wwid, view), kernelMapOf(wwid, view), ...candidatesOf(wwid, view)];
			const sizes = new Set(devices.flatMap((device) => device?.sizeBytes ?? []));
			return [...sizes].map((size) => ({ node: view.node, size }));
		});
	const bySize = [...Map.groupBy(seen, ({ size }) => size)].sort(([a], [b]) => a - b);
	if (bySize.length < 2) return null;
	const words = bySize.map(([size, who]) => {
		const names = who.map(({ node }) => node).join(", ");
		return `${sizeText(size)} (${size} bytes) on ${names}`;
	});
	return `it is seen with different sizes: ${words.join("; ")}. Rescan every path and resize its maps; if that does not help, two LUNs share this WWID: stop using it`;
}

function candidatesOf(wwid: string, { report }: NodeView) {
	return report?.candidates.filter((disk) => disk.wwid === wwid) ?? [];
}

function firstOf<T>(values: readonly (T | null)[]): T | null {
	return values.find((value) => value !== null) ?? null;
}
