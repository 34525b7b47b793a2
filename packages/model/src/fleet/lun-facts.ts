/**
 * What one report says of each LUN, boiled down to what verdicts and the log need. A report of 1,000 LUNs is two
 * megabytes of objects and its facts a few hundred kilobytes, of which equal nodes share most: so a server can keep
 * a whole fleet, and compare a node's new report with its last one LUN by LUN.
 */
import type { Candidate, KernelMap, Report } from "../report.ts";
import { type MultipathMap, pathsOf, type Queueing } from "../topology/map.ts";
import { factsOfMap, type MapFacts } from "../verdict/map-facts.ts";
import { type FactPools, factPools } from "./fact-pools.ts";
import { noPaths, type PathRow, pathRow } from "./path-ways.ts";

export interface LunFacts extends PathRow {
	/** How many maps multipathd lists of it; with more than one it cannot be judged. */
	readonly maps: number;
	/** The first of them; null where there is none. */
	readonly map: MapFacts | null;
	/** A name of its map that is not its WWID; null: none. */
	readonly name: string | null;
	readonly kernel: KernelFacts | null;
	/** How many paths the node proves that the LUN has, now or since its map was made; 0: it proves nothing. */
	readonly proven: number;
	readonly looks: LunLooks;
}

/** The map as the kernel holds it, whether multipathd knows it or not. */
export interface KernelFacts {
	readonly dm: string;
	readonly name: string;
	/** Kernel names of the paths, joined by a comma and a blank. */
	readonly slaves: string;
	readonly slaveCount: number;
}

/** What the node's devices say that the LUN is; equal on every node of a sound fleet. */
export interface LunLooks {
	readonly map: DeviceLooks;
	/** Size of the kernel's map; null: none. */
	readonly kernelSize: number | null;
	/** Bare path devices that stand in no map. */
	readonly bare: DeviceLooks;
	readonly queueing: Queueing;
	/** All different sizes that any of its devices has, in bytes. */
	readonly sizes: readonly number[];
	/** Portals of its paths in maps, sorted. */
	readonly portals: readonly string[];
}

export interface DeviceLooks {
	readonly size: number | null;
	readonly vendor: string | null;
	readonly product: string | null;
}

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

interface Seen {
	readonly maps: readonly MultipathMap[];
	readonly kernel: KernelMap | null;
	readonly bare: readonly Candidate[];
}

function factsOf(wwid: string, seen: Seen, highest: number, pools: FactPools): LunFacts {
	const { maps, kernel } = seen;
	const [first] = maps;
	const row = first === undefined ? noPaths : pathRow(first);
	const names = [...maps.map(({ name }) => name), kernel?.name];
	const name = names.find((text) => text !== undefined && text !== "" && text !== wwid) ?? null;
	const counted = maps.map((map) => (map.whole ? pathsOf(map).length : 0));
	return {
		ways: pools.ways(row.ways),
		states: pools.text(row.states, () => row.states),
		devs: row.devs,
		maps: maps.length,
		map: first === undefined ? null : pools.map(factsOfMap(first)),
		name: name === null ? null : pools.text(name, () => name),
		kernel: kernel === null ? null : kernelFacts(kernel, pools),
		proven: Math.max(0, highest, ...counted),
		looks: pools.looks(looksOf(seen)),
	};
}

function kernelFacts({ dm, name, slaves }: KernelMap, pools: FactPools): KernelFacts {
	return { dm, name: pools.text(name, () => name), slaves: slaves.join(", "), slaveCount: slaves.length };
}

function looksOf({ maps, kernel, bare }: Seen): LunLooks {
	const devices = [...maps, ...(kernel === null ? [] : [kernel]), ...bare];
	const portals = maps.flatMap((map) => pathsOf(map).flatMap(({ path }) => path.transport?.portal ?? []));
	return {
		map: deviceLooks(maps),
		kernelSize: kernel?.sizeBytes ?? null,
		bare: deviceLooks(bare),
		queueing: firstOf(maps.map(({ queueing }) => queueing)),
		sizes: [...new Set(devices.flatMap(({ sizeBytes }) => sizeBytes ?? []))],
		portals: [...new Set(portals)].sort(),
	};
}

function deviceLooks(devices: readonly (MultipathMap | Candidate)[]): DeviceLooks {
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

/** True when nothing that a verdict or the log says of the LUN can differ. */
export function sameFacts(a: LunFacts | undefined, b: LunFacts | undefined): boolean {
	if (a === b) return true;
	if (a === undefined || b === undefined) return false;
	return (
		a.maps === b.maps &&
		a.states === b.states &&
		a.devs === b.devs &&
		a.name === b.name &&
		a.proven === b.proven &&
		sameKernel(a.kernel, b.kernel) &&
		sameData(a.map, b.map) &&
		sameData(a.ways, b.ways) &&
		sameData(a.looks, b.looks)
	);
}

function sameKernel(a: KernelFacts | null, b: KernelFacts | null): boolean {
	if (a === null || b === null) return a === b;
	return a.dm === b.dm && a.name === b.name && a.slaves === b.slaves && a.slaveCount === b.slaveCount;
}

/** Pooled values are the same object; where they are not, their texts tell. */
function sameData(a: object | null, b: object | null): boolean {
	return a === b || JSON.stringify(a) === JSON.stringify(b);
}
