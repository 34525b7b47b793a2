import type { MapFacts } from "../verdict/map-facts.ts";
import type { LunLooks } from "./lun-facts.ts";
import type { PathWay } from "./path-ways.ts";
import { createPool, type Pool } from "./pool.ts";

/** What the facts of many LUNs on many nodes have in common, kept once. */
export interface FactPools {
	readonly text: Pool<string>;
	readonly ways: (ways: readonly PathWay[]) => readonly PathWay[];
	readonly map: (facts: MapFacts) => MapFacts;
	readonly looks: (looks: LunLooks) => LunLooks;
}

export function factPools(): FactPools {
	const ways = createPool<readonly PathWay[]>();
	const maps = createPool<MapFacts>();
	const looks = createPool<LunLooks>();
	return {
		text: createPool<string>(),
		ways: (value) => ways(JSON.stringify(value), () => value),
		// A map in trouble names its own devices: nobody else has the same.
		map: (value) => (value.troubles.length > 0 ? value : maps(JSON.stringify(value), () => value)),
		looks: (value) => looks(JSON.stringify(value), () => value),
	};
}
