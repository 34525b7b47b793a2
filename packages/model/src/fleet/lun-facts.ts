/**
 * What one report says of each LUN, boiled down to what verdicts and the log need. A report of 1,000 LUNs is two
 * megabytes of objects and its facts a few hundred kilobytes, of which equal nodes share most: so a server can keep
 * a whole fleet, and compare a node's new report with its last one LUN by LUN.
 */
import type { Queueing } from "../topology/map.ts";
import type { MapFacts } from "../verdict/map-facts.ts";
import type { PathRow } from "./path-ways.ts";

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
	/** How many paths it has there. */
	readonly slaveCount: number;
	/** Their kernel names, where multipathd shows none of them; else empty. */
	readonly slaves: readonly string[];
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

/** True when a node sees it now, as a map or as bare path devices; facts may also be of one that it saw once. */
export function isSeen({ maps, kernel, looks }: LunFacts): boolean {
	return maps > 0 || kernel !== null || looks.bare.size !== null;
}
