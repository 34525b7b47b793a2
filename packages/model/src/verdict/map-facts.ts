import { queuesIfNoPath } from "../multipathd-output/queueing.ts";
import type { MultipathMap, Queueing } from "../topology/map.ts";
import { pathReasons } from "./path-reasons.ts";
import { pathState } from "./path-state.ts";
import type { PathState } from "./states.ts";

/** How many paths of a map are in each state. */
export type PathCounts = Readonly<Record<PathState, number>>;

/**
 * All that a verdict needs of one map. It is a small part of the map, and nearly the same for all healthy ones: who
 * judges a whole fleet again and again keeps these and lets the maps go.
 */
export interface MapFacts {
	/** False when the source broke off inside the map. */
	readonly whole: boolean;
	readonly suspended: boolean;
	readonly counts: PathCounts;
	readonly queueing: Queueing;
	/** It queues, and its source does not show for how long. */
	readonly queuesUntold: boolean;
	/** One sentence for each path that is not as it should be. */
	readonly troubles: readonly string[];
	/** Portals of its paths, sorted; null where it has paths and none of their portals was looked up. */
	readonly portals: readonly string[] | null;
}

export function factsOfMap(map: MultipathMap): MapFacts {
	const counts = countPaths(map);
	const portals = new Set<string>();
	for (const { paths } of map.groups) {
		for (const { transport } of paths) if (transport?.portal) portals.add(transport.portal);
	}
	const configured = configuredPaths({ counts });
	const isCalm = counts.usable + counts.standby === configured;
	return {
		whole: map.whole,
		suspended: map.suspended,
		counts,
		queueing: map.queueing,
		queuesUntold: map.queueing === null && map.features !== null && queuesIfNoPath(map.features),
		troubles: isCalm ? noTroubles : pathReasons(map),
		portals: configured > 0 && portals.size === 0 ? null : [...portals].sort(),
	};
}

const noTroubles: readonly string[] = [];

/** How many paths a map has, whatever their state. */
export function configuredPaths({ counts }: Pick<MapFacts, "counts">): number {
	return counts.gone + counts.failed + counts.unknown + counts.impaired + counts.standby + counts.usable;
}

/** How many paths of a map are in each state. */
export function countPaths(map: MultipathMap): PathCounts {
	const counts = { gone: 0, failed: 0, unknown: 0, impaired: 0, standby: 0, usable: 0 };
	for (const { paths } of map.groups) for (const path of paths) counts[pathState(path)] += 1;
	return counts;
}
