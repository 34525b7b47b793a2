import type { Path, Transport } from "../topology/path.ts";
import type { MapFacts } from "../verdict/map-facts.ts";
import type { KernelFacts, LunLooks } from "./lun-facts.ts";
import { newWay, type PathWay } from "./path-ways.ts";
import { createPool, type Pool } from "./pool.ts";
import { sameKernel, sameLooks, sameMapFacts, sameWays } from "./same-facts.ts";

/**
 * What the facts of many LUNs on many nodes have in common, kept once. Paths of different LUNs on a node take the same
 * ways, and a LUN looks the same on all nodes: so each is compared with the one that was last seen there.
 */
export interface FactPools {
	readonly text: Pool<string>;
	/** The way of a path at this place of its map. */
	readonly way: (path: Path, place: number) => PathWay;
	readonly ways: (ways: readonly PathWay[]) => readonly PathWay[];
	readonly map: (wwid: string, facts: MapFacts) => MapFacts;
	readonly looks: (wwid: string, looks: LunLooks) => LunLooks;
	readonly kernel: (wwid: string, kernel: KernelFacts) => KernelFacts;
}

export function factPools(): FactPools {
	let last: readonly PathWay[] = [];
	return {
		text: createPool<string>(),
		way: lastWays(),
		ways: (ways) => {
			if (!sameWays(ways, last)) last = ways;
			return last;
		},
		map: lastOfEach(sameMapFacts),
		looks: lastOfEach(sameLooks),
		kernel: lastOfEach(sameKernel),
	};
}

/** Paths at one place of their maps mostly take one way: its ends are compared with those of the last one. */
function lastWays(): (path: Path, place: number) => PathWay {
	const kept: { readonly transport: Transport; readonly way: PathWay }[] = [];
	return (path, place) => {
		const { transport } = path;
		if (transport === null || place >= mostPlaces) return newWay(path);
		const last = kept[place];
		if (last !== undefined && sameEnds(last.transport, transport)) return last.way;
		const way = newWay(path);
		if (way.port !== null) kept[place] = { transport, way };
		return way;
	};
}

const mostPlaces = 64;

function sameEnds(a: Transport, b: Transport): boolean {
	return a.portal === b.portal && a.target === b.target && a.initiator === b.initiator;
}

/** Keeps the last value of each key, and gives that one while what comes is the same. */
function lastOfEach<T>(same: (a: T, b: T) => boolean, limit = 50_000): (key: string, value: T) => T {
	const kept = new Map<string, T>();
	return (key, value) => {
		const last = kept.get(key);
		if (last !== undefined && same(last, value)) return last;
		if (kept.size >= limit) kept.clear();
		kept.set(key, value);
		return value;
	};
}
