import type { Candidate, KernelMap, Report } from "../report.ts";
import { type MultipathMap, pathsOf } from "../topology/map.ts";
import { configuredPaths, factsOfMap, type MapFacts } from "../verdict/map-facts.ts";
import { type FactPools, factPools } from "./fact-pools.ts";
import type { DeviceLooks, KernelFacts, LunFacts, LunLooks } from "./lun-facts.ts";
import { noPaths, pathRow } from "./path-ways.ts";

/** By WWID: facts of every LUN that the report mentions. With `pools`, what is equal elsewhere is kept once. */
export function factsOfReport(report: Report, pools: FactPools = factPools()): ReadonlyMap<string, LunFacts> {
	const maps = Map.groupBy(report.maps, ({ wwid }) => wwid);
	const kernel = new Map(report.kernelMaps.toReversed().map((map) => [map.wwid, map]));
	const bare = Map.groupBy(report.candidates, ({ wwid }) => wwid ?? "");
	bare.delete("");
	const highest = new Map(Object.entries(report.highestPaths));
	const wwids = new Set([...maps.keys(), ...kernel.keys(), ...bare.keys(), ...highest.keys()]);
	return new Map(
		[...wwids].map((wwid) => {
			const seen = {
				maps: maps.get(wwid) ?? [],
				kernel: kernel.get(wwid) ?? null,
				bare: bare.get(wwid) ?? [],
			};
			return [pools.text(wwid, () => wwid), factsOf(wwid, seen, highest.get(wwid) ?? 0, pools)];
		}),
	);
}

interface LunSources {
	readonly maps: readonly MultipathMap[];
	readonly kernel: KernelMap | null;
	readonly bare: readonly Candidate[];
}

function factsOf(wwid: string, seen: LunSources, highest: number, pools: FactPools): LunFacts {
	const { maps, kernel } = seen;
	const [first] = maps;
	const row = first === undefined ? noPaths : pathRow(first, pools.way);
	const map = first === undefined ? null : pools.map(wwid, factsOfMap(first));
	const name = nameOf(wwid, seen);
	let proven = highest;
	for (const one of maps) {
		if (one.whole)
			proven = Math.max(proven, one === first && map ? configuredPaths(map) : pathsOf(one).length);
	}
	return {
		ways: pools.ways(row.ways),
		states: pools.text(row.states, () => row.states),
		// Not pooled: V8 reads short texts of JSON as one and the same.
		devs: row.devs,
		maps: maps.length,
		map,
		name: name === null ? null : pools.text(name, () => name),
		kernel: kernel === null ? null : pools.kernel(wwid, kernelFacts(kernel, map, pools)),
		proven,
		looks: pools.looks(wwid, looksOf(seen, map)),
	};
}

function nameOf(wwid: string, { maps, kernel }: LunSources): string | null {
	for (const { name } of maps) if (name !== "" && name !== wwid) return name;
	return kernel !== null && kernel.name !== "" && kernel.name !== wwid ? kernel.name : null;
}

function kernelFacts({ dm, name, slaves }: KernelMap, map: MapFacts | null, pools: FactPools): KernelFacts {
	const isForgotten = map !== null && configuredPaths(map) === 0;
	return {
		dm,
		name: pools.text(name, () => name),
		slaveCount: slaves.length,
		slaves: isForgotten ? slaves : noNames,
	};
}

const noNames: readonly string[] = [];

function looksOf({ maps, kernel, bare }: LunSources, first: MapFacts | null): LunLooks {
	const sizes = new Set<number>();
	for (const { sizeBytes } of maps) if (sizeBytes !== null) sizes.add(sizeBytes);
	if (kernel !== null) sizes.add(kernel.sizeBytes);
	for (const { sizeBytes } of bare) sizes.add(sizeBytes);
	return {
		map: deviceLooks(maps),
		kernelSize: kernel?.sizeBytes ?? null,
		bare: deviceLooks(bare),
		queueing: firstOf(maps.map(({ queueing }) => queueing)),
		sizes: [...sizes],
		portals: maps.length < 2 ? (first?.portals ?? []) : portalsOf(maps),
	};
}

function portalsOf(maps: readonly MultipathMap[]): readonly string[] {
	const portals = maps.flatMap((map) => pathsOf(map).flatMap(({ path }) => path.transport?.portal ?? []));
	return [...new Set(portals)].sort();
}

const noDevice: DeviceLooks = { size: null, vendor: null, product: null };

function deviceLooks(devices: readonly (MultipathMap | Candidate)[]): DeviceLooks {
	const [first] = devices;
	if (first === undefined) return noDevice;
	if (devices.length === 1) return { size: first.sizeBytes, vendor: first.vendor, product: first.product };
	return {
		size: firstOf(devices.map(({ sizeBytes }) => sizeBytes)),
		vendor: firstOf(devices.map(({ vendor }) => vendor)),
		product: firstOf(devices.map(({ product }) => product)),
	};
}

/** The first that is told; null when none is. */
export function firstOf<T>(values: readonly (T | null)[]): T | null {
	return values.find((value) => value !== null) ?? null;
}
