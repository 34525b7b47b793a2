import type { MultipathMap } from "../topology/map.ts";
import { configuredPaths, factsOfMap, type MapFacts, type PathCounts } from "./map-facts.ts";
import { queueingHint, whatIoDoes } from "./map-reasons.ts";
import { missingPortals } from "./missing-portals.ts";
import type { LunState } from "./states.ts";

/** A state and why, in words that name node, LUN and path. */
export interface Verdict {
	readonly state: LunState;
	readonly reasons: readonly string[];
}

/** What is asked of one LUN on one node. */
export interface LunQuestion {
	/** Null: the node has no map for the LUN. */
	readonly map: MultipathMap | null;
	/** How many paths there should be; null: as many as the map has configured. */
	readonly expectedPaths: number | null;
	/** Put in front of reasons when several nodes are told apart. */
	readonly node: string | null;
	/** Portals through which any node reaches the LUN; one without a path here is named when paths are fewer. */
	readonly portals?: readonly string[];
	/** A node that has as many paths as are expected, for the reason why they are; null: none is named. */
	readonly example?: string | null;
}

/**
 * State of one LUN on one node that should carry it, from its map alone. An optimal map has no reasons unless it
 * queues for a time that its source does not show.
 */
export function lunVerdict({ map, ...question }: LunQuestion): Verdict {
	return verdictFrom({ ...question, map: map === null ? null : factsOfMap(map) });
}

/** As `lunVerdict`, from what was kept of the map. */
export function verdictFrom({
	map,
	expectedPaths,
	node,
	portals = [],
	example = null,
}: Omit<LunQuestion, "map"> & { readonly map: MapFacts | null }): Verdict {
	const verdict =
		map === null
			? { state: "missing" as const, reasons: ["there is no multipath map for it"] }
			: mapVerdict(map, { expectedPaths, portals, example });
	if (node === null) return verdict;
	return { state: verdict.state, reasons: verdict.reasons.map((reason) => `${node}: ${reason}`) };
}

function mapVerdict(
	map: MapFacts,
	{ expectedPaths, portals, example }: Required<Pick<LunQuestion, "expectedPaths" | "portals" | "example">>,
): Verdict {
	const hint = queueingHint(map);
	if (!map.whole) {
		return {
			state: "unknown",
			reasons: ["its listing is incomplete or damaged: its state cannot be determined", ...hint],
		};
	}
	const { counts, troubles: pathTroubles } = map;
	const configured = configuredPaths(map);
	const expected = expectedPaths ?? configured;
	const alive = counts.usable + counts.impaired + counts.standby;
	const held = map.suspended ? ["the map is suspended: I/O is held"] : [];
	if (alive === 0 && counts.unknown === 0) {
		const count = configured === 0 ? "the map has no path" : noneLeft(configured, counts);
		const wanted = configured < expected ? ` (${expected} expected)` : "";
		const detail = [...held, ...pathTroubles, ...missingPortals(map, portals)];
		return { state: "failed", reasons: [`${count}${wanted}`, whatIoDoes(map), ...detail] };
	}
	const troubles = [
		...missingPaths(configured, alive, expected, example),
		...held,
		...(counts.standby === alive && alive > 0 ? ["only standby paths: I/O needs a controller switch"] : []),
		...pathTroubles,
		...(configured < expected ? missingPortals(map, portals) : []),
	];
	if (alive === 0) return { state: "unknown", reasons: ["no path is known to work", ...troubles, ...hint] };
	return { state: troubles.length === 0 ? "optimal" : "degraded", reasons: [...troubles, ...hint] };
}

function missingPaths(configured: number, alive: number, expected: number, example: string | null): string[] {
	const some = alive > 0 && alive < configured ? `, ${alive} of them working` : "";
	const why = example === null ? "" : ` (${example} has ${expected})`;
	if (configured < expected) return [`${configured} of ${expected} expected paths are there${some}${why}`];
	return alive > 0 && alive < configured ? [`${alive} of ${configured} paths work`] : [];
}

function noneLeft(configured: number, { failed, gone }: PathCounts): string {
	const are = configured === 1 ? "is" : "are";
	const how = failed === 0 ? `${are} gone` : gone === 0 ? "failed" : `failed or ${are} gone`;
	return `${configured === 1 ? "its only path" : `all ${configured} paths`} ${how}`;
}
