import type { Disk } from "../san/fabric.ts";
import { accessOf } from "../san/fabric.ts";
import type { SimulatedNode } from "../san/node.ts";
import { builtInBlacklist } from "./built-in.ts";
import { type DaemonConf, emptyConf, pathValue, pollingInterval } from "./conf.ts";
import { Filter } from "./filter.ts";
import { type Release, type ReleaseTraits, releaseTraits } from "./release.ts";
import type { DaemonMap, DaemonPath } from "./state.ts";

/** Everything that one simulated multipathd knows: its `vectors`. The functions beside this file change it. */
export interface World {
	readonly node: SimulatedNode;
	readonly release: Release;
	readonly traits: ReleaseTraits;
	readonly wwids: NameFiles;
	/** Seconds since the daemon started. */
	second(): number;
	conf: DaemonConf;
	filter: Filter;
	/** Which WWID each alias belongs to; null until somebody asks. */
	aliasOwners: ReadonlyMap<string, string> | null;
	/** In the order in which they were found. */
	readonly paths: Map<string, DaemonPath>;
	/** By WWID, in the order of listings. */
	maps: Map<string, DaemonMap>;
	/** Paths whose condition may not be what the checker last saw. */
	readonly dirty: Set<DaemonPath>;
	/** Goes up with everything that a listing would show. */
	revision: number;
}

/** The daemon's files of names: `/etc/multipath/wwids` (what `strict` lets become maps) and `/etc/multipath/bindings`. */
export interface NameFiles {
	listed(): ReadonlySet<string>;
	add(wwid: string): void;
	/** The user-friendly name of a WWID, made up and remembered when it has none. */
	binding(wwid: string, prefix: string): string;
}

export function newWorld(options: {
	readonly node: SimulatedNode;
	readonly release: Release;
	readonly wwids: NameFiles;
	readonly second: () => number;
}): World {
	return {
		...options,
		traits: releaseTraits[options.release],
		conf: emptyConf,
		filter: new Filter(emptyConf, builtInBlacklist(options.release)),
		aliasOwners: null,
		paths: new Map(),
		maps: new Map(),
		dirty: new Set(),
		revision: 0,
	};
}

export function useConf(world: World, conf: DaemonConf): void {
	world.conf = conf;
	world.aliasOwners = null;
	world.filter = new Filter(conf, builtInBlacklist(world.release));
}

/** Takes a disk in as a path; null when a rule forbids it. */
export function adopt(world: World, disk: Disk): DaemonPath | null {
	if (world.filter.refusal(disk) !== null) return null;
	const path: DaemonPath = {
		disk,
		wwid: disk.wwid,
		checker: "undef",
		priority: priorityOf(world, disk),
		map: null,
		marginal: false,
		checked: true,
		failures: 0,
		lastCheck: world.second(),
		interval: pollingInterval(world.conf),
	};
	world.paths.set(disk.dev, path);
	world.revision++;
	return path;
}

const aluaPriority = { optimized: 50, "non-optimized": 10, standby: 1, unavailable: 0 } as const;

/** What the prioritizer answers: ALUA states where the array tells them, else the constant 1. */
export function priorityOf(world: World, disk: Disk): number {
	const access = accessOf(disk);
	const { array } = disk.lun;
	const wanted = pathValue(world.conf, array, "prio");
	const detects = (pathValue(world.conf, array, "detect_prio") ?? "yes") === "yes";
	if (access === null || !(detects || wanted === "alua" || wanted === "sysfs")) return 1;
	return aluaPriority[access];
}

export function pathsOfWwid(world: World, wwid: string): readonly DaemonPath[] {
	return [...world.paths.values()].filter((path) => path.wwid === wwid);
}
